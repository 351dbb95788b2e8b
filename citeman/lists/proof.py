"""What an edit must leave as it is: the lists as they read, without what the edit is about and without places."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from citeman.lists.values import Section


def outside(sections: Iterable[Section], anchors: Collection[str], identities: Collection[str]) -> list[Section]:
    """Return the sections without the items of those identities in those anchors; with no identities, without the anchors."""
    kept = [section for section in sections if identities or section.anchor not in anchors]
    return [_bare(section, identities if section.anchor in anchors else ()) for section in kept]


def _bare(section: Section, without: Collection[str]) -> Section:
    items = (item for item in section.reading if item.identity not in without)
    reading = tuple(item._replace(line=0, start=0, end=0) for item in items)
    return section._replace(reading=reading, cues=tuple(cue._replace(line=0) for cue in section.cues), line=0)
