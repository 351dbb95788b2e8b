"""A citation key taken out of the lists: its items, what is to be read after it, the cues that it settles."""

from __future__ import annotations

from collections.abc import Iterable

from citeman.lists import pairs
from citeman.lists.edits import take_out
from citeman.lists.tree import Node
from citeman.lists.values import Section
from citeman.text import Edit


def forget_key(source: str, root: Node, key: str) -> list[Edit]:
    """Take a key out of the first place that names it; no edits where none does."""
    for part in ("sections", "orphaned"):
        mapping = root.get(part)
        for _, section in mapping.pairs if mapping else ():
            if edits := _in_section(source, section, key):
                return edits
    return []


def without_key(sections: Iterable[Section], key: str) -> list[Section]:
    """Return sections as they read once a key is forgotten, places aside."""
    return [
        section._replace(
            line=0,
            reading=tuple(
                item._replace(after=_others(item.after, key), line=0, start=0, end=0)
                for item in section.reading
                if item.key != key
            ),
            cues=tuple(cue._replace(settled_by=_others(cue.settled_by, key), line=0) for cue in section.cues),
        )
        for section in sections
    ]


def _in_section(source: str, section: Node, key: str) -> list[Edit]:
    reading = section.get("reading")
    for place, item in enumerate(reading.items if reading else ()):
        if _value(item if item.kind == "scalar" else item.get("key")) == key:
            return take_out(source, section, place)
        if _names(item.get("after"), key):
            return pairs.remove_word(source, item, "after", key)
    cues = section.get("cues")
    for cue in cues.items if cues else ():
        if _names(cue.get("settled-by"), key):
            return pairs.remove_word(source, cue, "settled-by", key)
    return []


def _names(node: Node | None, key: str) -> bool:
    return node is not None and key in (_value(node), *map(_value, node.items))


def _value(node: Node | None) -> str:
    return node.value.strip() if node is not None and node.kind == "scalar" else ""


def _others(keys: Iterable[str], key: str) -> tuple[str, ...]:
    return tuple(other for other in keys if other != key)
