"""`scan`: the citations that guides make already, taken into the store and tied to their sections; rewritten on request."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from citeman import ids
from citeman.commands.add import Addition, Placing, add
from citeman.commands.cite import all_labels
from citeman.commands.init import init
from citeman.draft import Draft
from citeman.guide import Citation, Guide, to_keys, to_links
from citeman.ids import Identifier
from citeman.library import Library, Place
from citeman.lists import Item
from citeman.project import Project
from citeman.store import Change

if TYPE_CHECKING:
    from citeman.sources.http import Session

CONTEXT = 300
"""Characters of the citing sentence that are kept with a reading item."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation of one work in one guide."""

    guide: str
    path: str
    line: int
    section: str
    label: str
    url: str
    identifier: str
    key: str | None
    """The citation key; None when the store lacks the work."""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the guides cite, and what `--write` did about it."""

    citations: tuple[Cited, ...]
    addition: Addition | None = None
    linked: int = 0
    changes: tuple[Change, ...] = ()


def scan(project: Project, paths: Sequence[str] = (), *, pages: bool = False) -> Scanned:
    """Find every citation of the project's guides, or of the files given; with `pages` links to plain web pages too."""
    return Scanned(tuple(_citations(project, paths, pages)))


def scan_into(
    project: Project, paths: Sequence[str], session: Session, *, now: str, today: str, pages: bool = False, dry_run: bool = False
) -> Scanned:
    """Add what the store lacks (in batches) and list each work in the section that cites it, its sentence as context.

    Files that are no guides of the project yet become guides. Run twice, it changes nothing.
    """
    _make_guides(project, paths)
    before = scan(project, paths, pages=pages)
    missing = list(dict.fromkeys(one.identifier for one in before.citations if one.key is None and one.identifier))
    addition = None
    if missing:
        addition = add(project, missing, [], Placing(), session, now=now, dry_run=dry_run)
    if dry_run:
        return Scanned(before.citations, addition, 0, addition.changes if addition else ())
    with project.locked():
        draft = Draft(project.library, project.lock_file)
        linked = _link(draft, tuple(_citations(project, paths, pages)), today)
        changes = project.apply(draft.changes)
    return Scanned(tuple(_citations(project, paths, pages)), addition, linked, changes)


def rewrite(project: Project, form: str, dry_run: bool = False) -> tuple[Change, ...]:
    """Write the guides' own citations as `keys` or as `links`; only works that the store has are touched."""
    with project.locked():
        draft = Draft(project.library, project.lock_file)
        library = draft.library
        names = all_labels(library) if form == "links" else {}
        links = {key: (label.text, _url(library, key)) for key, label in names.items()}
        for volume in library.volumes:
            if volume.guide:
                edits = (
                    to_keys(volume.guide, _keys_of(library, volume.guide)) if form == "keys" else to_links(volume.guide, links)
                )
                draft.edit_guide(volume.name, edits, project.config.slug_rule)
        return project.apply(draft.changes, dry_run)


def _citations(project: Project, paths: Sequence[str], pages: bool) -> Iterator[Cited]:
    library = project.library
    wanted = {_relative(project, path) for path in paths}
    known = {volume.guide.path: (volume.name, volume.guide) for volume in library.volumes if volume.guide}
    for path in wanted - known.keys():
        known[path] = (Path(path).stem, Guide.parse(project.text(path), path, project.config.slug_rule))
    for path, (name, guide) in known.items():
        if not wanted or path in wanted:
            cited = (*guide.citations, *(guide.pages if pages else ()))
            for citation in sorted(cited, key=lambda one: one.start):
                yield from _cited(library, name, guide, citation)


def _cited(library: Library, name: str, guide: Guide, citation: Citation) -> Iterator[Cited]:
    place = (name, guide.path, citation.line, citation.section, citation.label, citation.url)
    if citation.keys:
        for key in citation.keys:
            entry = library.bibliography.get(key)
            identifier = next(map(str, ids.of_entry(entry)), "") if entry else ""
            yield Cited(*place, identifier, key if entry else None, citation.sentence)
    else:
        identifier = str(citation.identifier) if citation.identifier else citation.url
        yield Cited(*place, identifier, library.by_identifier.get(identifier), citation.sentence)


def _link(draft: Draft, citations: Iterable[Cited], today: str) -> int:
    places = {place.name: place for place in draft.library.places}
    linked = 0
    for cited in citations:
        place = places.get(f"{cited.guide}#{cited.section}")
        if place and cited.key:
            linked += draft.list_item(place, Item(key=cited.key, added=today, context=_context(cited.sentence)))
    return linked


def _context(sentence: str) -> str:
    text = " ".join(sentence.split())
    return text if len(text) <= CONTEXT else f"{text[:CONTEXT].rsplit(' ', 1)[0]} …"


def _make_guides(project: Project, paths: Sequence[str]) -> None:
    """Start reading lists for files that have none yet."""
    known = {volume.guide.path for volume in project.library.volumes if volume.guide}
    new = [Path(path) for path in paths if _relative(project, path) not in known]
    if new:
        init(project.root, new)
        project.forget()


def _relative(project: Project, path: str) -> str:
    return os.path.relpath(Path(path).resolve(), project.root).replace(os.sep, "/")


def _keys_of(library: Library, guide: Guide) -> dict[Identifier, str]:
    found = {citation.identifier for citation in guide.citations if citation.identifier}
    return {one: library.by_identifier[str(one)] for one in found if str(one) in library.by_identifier}


def _url(library: Library, key: str) -> str:
    found = ids.of_entry(library.entry(key))
    best = next((one for one in found if one.kind == "arxiv"), next(iter(found), None))
    return ids.url_of(best) if best else ""


def citing(library: Library, place: Place) -> tuple[str, ...]:
    """Return the identifiers that a place's own text cites."""
    guide = place.volume.guide
    found = (one for one in guide.citations if one.section == place.section.anchor) if guide else ()
    return tuple(dict.fromkeys(str(one.identifier) for one in found if one.identifier))
