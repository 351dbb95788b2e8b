"""Changing a bibliography: each function gives the edits of the source that make one change and touch nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from citeman.bib.blocks import Block
from citeman.bib.draft import Draft
from citeman.bib.habits import HOUSE, Habits, measure
from citeman.bib.months import MONTHS
from citeman.bib.order import FieldOrder
from citeman.bib.places import Place, end_of_line_comment, places
from citeman.bib.scan import Scan, readings
from citeman.bib.writing import delimited, write_entry, write_field, write_value
from citeman.errors import CitemanError
from citeman.model import Entry
from citeman.named import NamedTuple
from citeman.text import Edit, newline_of

_KEY = re.compile(r"[^\s\"#%'(),={}\\~@\x00-\x1f\x7f]+")
_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+:.*-]*")
_MARKS = re.compile(r"[{}]")
_UNESCAPED_MARKS = re.compile(r"(?<!\\)[{}]")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_DAMAGED = "the entry is too damaged to be changed safely: mend it by hand first"
_SAMPLE = 30
POINTERS = frozenset({"crossref", "xref", "xdata", "related", "entryset"})
"""The fields whose value names other entries."""


class Style(NamedTuple):
    """A file's habits: of its entries, of the order of their fields, of the space between entries."""

    habits: Habits
    order: FieldOrder
    gap: str
    newline: str


def style_of(source: str, blocks: Sequence[Block]) -> Style:
    """Measure the habits of a source from a sample of its entries."""
    newline = newline_of(source)
    entries = [index for index, block in enumerate(blocks) if block.kind == "entry" and block.key and not block.notes]
    sample = entries[:: len(entries) // _SAMPLE + 1]
    texts = [source[blocks[index].start : blocks[index].end] for index in sample]
    scans = [(text, _read(text)) for text in texts]
    gaps = Counter(
        gap
        for index in sample
        if index and blocks[index - 1].kind == "entry" and _is_gap(gap := source[blocks[index - 1].end : blocks[index].start])
    )
    return Style(
        measure(scans, HOUSE.with_newline(newline)),
        FieldOrder([field[0] for field in reading.fields] for _, reading in scans),
        gaps.most_common(1)[0][0] if gaps else newline * 2,
        newline,
    )


def _is_gap(text: str) -> bool:
    return "\n" in text and not text.strip()


def check_key(key: str) -> None:
    """Refuse a citation key that BibTeX, a Markdown citation or this file could not hold."""
    if not _KEY.fullmatch(key):
        raise CitemanError(f"{key!r} is no citation key: use letters, digits and any of : . _ / + -")


def check_type(kind: str) -> None:
    """Refuse what is no name of an entry type."""
    if not _TYPE.fullmatch(kind) or kind.lower() in ("string", "preamble", "comment"):
        raise CitemanError(f"{kind!r} is no entry type: use a word such as article, inproceedings or misc")


def check_name(name: str) -> None:
    """Refuse what is no name of a field."""
    if not _NAME.fullmatch(name):
        raise CitemanError(f"{name!r} is no field name: use letters, digits and -")


def check_value(name: str, value: str) -> None:
    """Refuse a value that would break its entry: unbalanced braces, a line break, a backslash at the end."""
    if _CONTROL.search(value):
        raise CitemanError(f"the value of {name} holds a line break or control character: write it on one line")
    if not _is_balanced(_MARKS.findall(value)):
        raise CitemanError(f"the braces of {name} do not balance: {value!r}")
    if "\\" in value and not _is_balanced(_UNESCAPED_MARKS.findall(value)):
        raise CitemanError(f"the braces of {name} do not balance for programs that take \\{{ and \\}} for text: {value!r}")
    if value.endswith("\\"):
        raise CitemanError(f"the value of {name} ends in a backslash, which would hide the closing brace")


def _is_balanced(marks: Iterable[str]) -> bool:
    depth = 0
    for mark in marks:
        depth += 1 if mark == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def edit_entry(
    source: str,
    entry: Entry,
    style: Style,
    set: Mapping[str, str],
    remove: Iterable[str],
    type: str | None,
    key: str | None,
) -> list[Edit]:
    """Change several things of one entry: first its type and key, then remove fields, then set the others."""
    removed = {name.lower() for name in remove}
    draft = Draft(source, entry.start, entry.end)
    if type is not None and type.lower() != entry.type:
        check_type(type)
        draft.apply(_retype(draft.text, type))
    if key is not None and key != entry.key:
        check_key(key)
        draft.apply(_rekey(draft.text, key))
    for name in sorted(removed):
        draft.apply(_remove_field(draft.text, name))
    for name, value in set.items():
        found = entry.field(name.lower())
        if not found:
            check_name(name)
        check_value(name, value)
        if name.lower() in removed or not found or found.value != value:
            draft.apply(_set_field(draft.text, name.lower(), value, style))
    names = {field.name for field in entry.fields} - removed | {name.lower() for name in set}
    _prove(draft.text, names, entry.key if key is None else key)
    return draft.edits()


def _prove(text: str, names: AbstractSet[str], key: str) -> None:
    """Read the changed entry again, since a damaged one may turn out otherwise than was meant."""
    reading = _read(text)
    if {field[0] for field in reading.fields} != names or text[reading.key_start : reading.key_end] != key:
        raise CitemanError(_DAMAGED)


def _read(text: str) -> Scan:
    scans = readings(text, 0, len(text))
    if not scans or scans[0].end != len(text):
        raise CitemanError(_DAMAGED)
    return scans[0]


def _retype(text: str, kind: str) -> list[Edit]:
    reading = _read(text)
    old = text[reading.type_start : reading.type_end]
    written = kind.upper() if old.isupper() else kind.title() if old.istitle() else kind
    return [Edit(reading.type_start, reading.type_end, written)]


def _rekey(text: str, key: str) -> list[Edit]:
    reading = _read(text)
    comma = "" if reading.key_end > reading.key_start or text[reading.key_end :].lstrip()[:1] in (",", "}", ")") else ","
    return [Edit(reading.key_start, reading.key_end, key + comma)]


def _set_field(text: str, name: str, value: str, style: Style) -> list[Edit]:
    reading = _read(text)
    habits = measure([(text, reading)], style.habits)
    for found, _, start, end, plain in reading.fields:
        if found == name:
            return [Edit(start, end, _replacement(text[start:end], plain, name, value, habits))]
    return _add_field(text, reading, name, write_field(name, write_value(name, value, habits), habits), habits, style)


def _replacement(old: str, plain: bool, name: str, value: str, habits: Habits) -> str:
    """Write a new value the way the old one was written."""
    if plain and old[:1] in ("{", '"'):
        return delimited(value, old[0])
    if old.isdigit() and value.isascii() and value.isdigit():
        return value
    if name == "month" and old.lower() in MONTHS and value.lower() in MONTHS:
        return value.lower()
    return delimited(value, habits.delimiter)


def _add_field(text: str, reading: Scan, name: str, field: str, habits: Habits, style: Style) -> list[Edit]:
    stands = places(text, reading)
    if not stands:
        return _add_first_field(text, reading, field, habits)
    index = style.order.place(name, [found[0] for found in reading.fields])
    if index == 0:
        return [Edit(stands[0].start, stands[0].start, field + habits.lead)]
    before = stands[index - 1]
    if "\n" in habits.lead.partition(",")[0]:
        return [Edit(before.value_end, before.value_end, habits.lead + field)]
    return _add_after(text, before, habits.lead.replace(",", "", 1) + field, index == len(stands), style)


def _add_after(text: str, before: Place, added: str, last: bool, style: Style) -> list[Edit]:
    """Add a field after another one and after the comment on its line, with the comma that is wanted."""
    position = before.comma + 1 or before.value_end
    after = end_of_line_comment(text, position)
    if after > position and "\n" not in added:
        added = style.newline + added.lstrip(" ")
    comma = "," if before.comma >= 0 or not last else ""
    if before.comma >= 0:
        return [Edit(after, after, added + comma)]
    return [Edit(before.value_end, before.value_end, ","), Edit(after, after, added + comma)]


def _add_first_field(text: str, reading: Scan, field: str, habits: Habits) -> list[Edit]:
    comma = text.find(",", reading.key_end)
    close = reading.end - 1
    if comma < 0:
        return [Edit(reading.key_end, close, habits.first_lead + field + habits.ending)]
    start = comma + 1
    ending = habits.ending if "\n" not in text[start:close] else "," if "," in habits.ending else ""
    return [Edit(start, start, habits.first_lead.replace(",", "", 1) + field + ending)]


def _remove_field(text: str, name: str) -> list[Edit]:
    reading = _read(text)
    stands = places(text, reading)
    chosen = [index for index, field in enumerate(reading.fields) if field[0] == name]
    if not chosen:
        return []
    draft = Draft(text, 0, len(text))
    for index in reversed(chosen):
        draft.apply(_remove_place(text, stands, index))
        text = draft.text
        stands = places(text, _read(text))
    return draft.edits()


def remove_repetition(source: str, start: int, end: int, offset: int) -> list[Edit]:
    """Remove the field at an offset if the first field of its name, in the entry at `source[start:end]`, says the very same."""
    draft = Draft(source, start, end)
    text = draft.text
    reading = _read(text)
    written = [(name, text[value_start:value_end]) for name, _, value_start, value_end, _ in reading.fields]
    index = next(index for index, field in enumerate(reading.fields) if field[1] == offset - start)
    first = next(field for field in written if field[0] == written[index][0])
    if first == written[index]:
        draft.apply(_remove_place(text, places(text, reading), index))
    return draft.edits()


def _remove_place(text: str, stands: Sequence[Place], index: int) -> list[Edit]:
    place = stands[index]
    ahead = text[place.boundary : place.start]
    start = place.boundary + len(ahead.rstrip()) if "%" in ahead else place.boundary
    if place.comma < 0:
        return _remove_last(text, stands, index, start)
    if end_of_line_comment(text, place.comma + 1) > place.comma + 1:
        start = place.start
    if text[place.value_end : place.comma].strip():
        return [Edit(start, place.value_end, ""), Edit(place.comma, place.comma + 1, "")]
    return [Edit(start, place.comma + 1, "")]


def _remove_last(text: str, stands: Sequence[Place], index: int, start: int) -> list[Edit]:
    """Remove a field that no comma follows; the comma before it goes too."""
    place = stands[index]
    if index == 0:
        return [Edit(start, place.value_end, "")]
    before = stands[index - 1]
    if before.comma < 0:
        return [Edit(start, place.value_end, "")]
    if text[before.value_end : place.start].strip() == ",":
        return [Edit(before.value_end, place.value_end, "")]
    return [Edit(before.comma, before.comma + 1, ""), Edit(start, place.value_end, "")]


def new_entry(type: str, key: str, fields: Mapping[str, str], style: Style) -> str:
    """Write a new entry as the file would have it."""
    check_type(type)
    check_key(key)
    lowered = {name.lower(): value for name, value in fields.items()}
    for name, value in lowered.items():
        check_name(name)
        check_value(name, value)
    ordered = {name: lowered[name] for name in style.order.sort(lowered)}
    return write_entry(type.lower(), key, ordered, style.habits)


def references_to(source: str, entries: Iterable[Entry], old: str, new: str, is_meant: Callable[[str], bool]) -> list[Edit]:
    """Let the fields by which entries point to another one follow its new key; `is_meant` tells whether a word names that one."""
    pattern = re.compile(rf"(?<![^\s,{{\"]){re.escape(old)}(?![^\s,}}\"])", re.IGNORECASE)
    return [
        Edit(match.start(), match.end(), new)
        for entry in entries
        for field in entry.fields
        if field.name in POINTERS
        for match in pattern.finditer(source, field.value_start, field.value_end)
        if is_meant(match[0])
    ]
