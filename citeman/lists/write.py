"""New YAML text for reading lists, written by a file's habits: fields, items, sections, whole fresh files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from citeman.lists import scalars
from citeman.lists.habits import Habits
from citeman.lists.values import Cue, Item, Section

Value: TypeAlias = "str | tuple[str, ...] | list[Fields] | Fields"
Fields: TypeAlias = "Mapping[str, Value]"


def item_fields(item: Item) -> Fields:
    """Return an item's fields in the order in which they are written; what is the default is left out."""
    fields: Fields = {
        "key": item.key,
        "url": item.url,
        "see": item.see,
        "title": item.title,
        "kind": item.kind,
        "role": item.role,
        "why": item.why,
        "tier": "" if item.tier == "core" else item.tier,
        "level": item.level,
        "after": item.after,
        "added": item.added,
        "context": item.context,
    }
    return {name: value for name, value in fields.items() if value}


def cue_fields(cue: Cue) -> Fields:
    """Return a cue's fields."""
    return {"text": cue.text} | ({"settled-by": cue.settled_by} if cue.settled_by else {})


def section_fields(section: Section) -> Fields:
    """Return a section's fields in the order in which they are written."""
    fields: Fields = {
        "title": section.title,
        "kind": "" if section.kind == "section" else section.kind,
        "parent": section.parent,
        "aliases": section.aliases,
        "reading": [item_fields(item) for item in section.reading],
        "cues": [cue_fields(cue) for cue in section.cues],
        "watch": section.watch,
    }
    return {name: value for name, value in fields.items() if value}


def pair(name: str, value: Value, column: int, flow: bool, habits: Habits) -> str:
    """Return `name: value`, its first line without indent and its last without newline.

    In a block, what is nested goes on lines of its own, indented from `column`; with `flow` all stays in one line.
    """
    written = scalars.scalar(name, flow=flow)
    match value:
        case str():
            return f"{written}: {text_value(name, value, flow, habits)}" if value else f"{written}:"
        case tuple():
            return f"{written}: {scalars.strings(value, habits.quotes.get(name, ''))}"
        case list() if flow:
            return f"{written}: [{', '.join(braces(fields, habits) for fields in value)}]"
        case list():
            start = habits.newline + " " * (column + habits.dash)
            return f"{written}:" + "".join(start + dashed(fields, column + habits.dash, habits) for fields in value)
        case _ if flow:
            return f"{written}: {braces(value, habits)}"
        case _:
            inner = column + habits.indent
            start = habits.newline + " " * inner
            return f"{written}:" + "".join(start + pair(*field, inner, False, habits) for field in value.items())


def text_value(name: str, value: str, flow: bool, habits: Habits) -> str:
    """Return one text as a scalar in the quotes that this field has in this file."""
    quote = habits.quotes.get(name, "")
    if not quote and not scalars.is_plain(value, flow) and habits.quote == "'":
        quote = "'"
    return scalars.typed(name, value, quote, flow)


def dashed(fields: Mapping[str, Value], column: int, habits: Habits) -> str:
    """Return an item of a block sequence from its dash on; `column` is the dash's."""
    start = "-" + " " * (habits.body - 1)
    if habits.flow_items:
        return start + braces(fields, habits)
    inner = column + habits.body
    lines = [pair(name, value, inner, False, habits) for name, value in fields.items()]
    return start + (habits.newline + " " * inner).join(lines)


def braces(fields: Mapping[str, Value], habits: Habits) -> str:
    """Return a mapping in braces."""
    return "{" + ", ".join(pair(name, value, 0, True, habits) for name, value in fields.items()) + "}"


def fresh(guide: Mapping[str, str], sections: Iterable[Section], comment: str = "") -> str:
    """Return the text of a new file; `comment` goes on top, `# ` before each of its lines."""
    habits = Habits()
    top = "".join(f"# {line}".rstrip() + "\n" for line in comment.splitlines())
    meta = {name: value for name, value in guide.items() if value}
    parts = [pair("guide", dict(meta), 0, False, habits) + "\n"] if meta else []
    bodies = [f"  {pair(section.anchor, section_fields(section), 2, False, habits)}\n" for section in sections]
    parts.append("sections:\n" + "\n".join(bodies) if bodies else "sections: {}\n")
    return top + "\n".join(parts)
