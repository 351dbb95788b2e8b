"""How a file writes its entries: indent, alignment, delimiters, commas, order; measured, so that what is added looks at home."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from citeman.bib.months import MONTHS
from citeman.bib.scan import Scan

Alignment = Literal["none", "equals", "value", "right"]
Case = Literal["lower", "upper", "title"]
Months = Literal["macro", "name", "short", "number"]

ORDER = (
    "author",
    "editor",
    "title",
    "subtitle",
    "titleaddon",
    "booktitle",
    "booksubtitle",
    "maintitle",
    "journal",
    "journaltitle",
    "series",
    "edition",
    "volume",
    "number",
    "issue",
    "chapter",
    "pages",
    "pagetotal",
    "articleno",
    "institution",
    "school",
    "organization",
    "publisher",
    "address",
    "location",
    "year",
    "month",
    "date",
    "eventdate",
    "venue",
    "eprint",
    "eprinttype",
    "archiveprefix",
    "eprintclass",
    "primaryclass",
    "doi",
    "isbn",
    "issn",
    "url",
    "urldate",
    "howpublished",
    "note",
    "keywords",
    "abstract",
    "crossref",
)
"""The order of fields where the file shows none."""
_RANK = {name: rank for rank, name in enumerate(ORDER)}

_FILLER = re.compile(r"(?:\s++|%[^\r\n]*+)*+")
_LINE_COMMENT = re.compile(r"[ \t]*+%[^\r\n]*+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands among its commas; `comma` is negative when none follows it."""

    start: int
    value_start: int
    value_end: int
    comma: int
    boundary: int
    """Just after the comma before it, or after what opens the entry."""


def places(text: str, reading: Scan) -> list[Place]:
    """Give the place of each field of an entry's text."""
    found: list[Place] = []
    boundary = comma_after(text, reading.key_end) + 1 or reading.key_end
    for _, start, value_start, value_end, _ in reading.fields:
        comma = comma_after(text, value_end)
        found.append(Place(start, value_start, value_end, comma, boundary))
        boundary = comma + 1 or value_end
    return found


def comma_after(text: str, position: int) -> int:
    """Return where the next comma stands when only white space and comments come before it, else -1."""
    match = _FILLER.match(text, position)
    after = match.end() if match else position
    return after if text.startswith(",", after) else -1


def end_of_line_comment(text: str, position: int) -> int:
    """Return the end of a comment that stands on the same line after a position, or the position."""
    match = _LINE_COMMENT.match(text, position)
    return match.end() if match else position


@dataclass(frozen=True, slots=True)
class Habits:
    """How entries are written; the values here are the house style, for a file that shows nothing."""

    head: str = "{"
    """Between the type and the key."""
    first_lead: str = ",\n  "
    """Between the key and the first field, the comma included."""
    lead: str = ",\n  "
    """Between a value and the next field, the comma included."""
    ending: str = ",\n"
    """Between the last value and the closing delimiter, the comma included where there is one."""
    alignment: Alignment = "none"
    width: int = 0
    """From the start of the name (`right`: of the line) to what is aligned."""
    before: str = " "
    after: str = " "
    delimiter: str = "{"
    bare_numbers: bool = False
    months: Months = "macro"
    type_case: Case = "lower"
    name_case: Case = "lower"

    def with_newline(self, newline: str) -> Habits:
        """Return the same habits with another line ending."""
        return replace(
            self,
            first_lead=self.first_lead.replace("\n", newline),
            lead=self.lead.replace("\n", newline),
            ending=self.ending.replace("\n", newline),
        )


HOUSE = Habits()


def measure(samples: Iterable[tuple[str, Scan]], default: Habits) -> Habits:
    """Return what most of the entries do; where they do not show a habit, the default's."""
    votes: dict[str, Counter[object]] = {}
    for text, reading in samples:
        for habit, value in _votes(text, reading).items():
            votes.setdefault(habit, Counter())[value] += 1
    chosen = {habit: counter.most_common(1)[0][0] for habit, counter in votes.items()}
    aligned = chosen.pop("aligned", None)
    if isinstance(aligned, tuple):
        chosen |= dict(zip(("alignment", "width", "before", "after"), aligned, strict=True))
        if aligned[0] == "right":
            chosen |= {habit: str(chosen[habit]).rstrip(" ") for habit in ("first_lead", "lead") if habit in chosen}
    return replace(default, **chosen)  # type: ignore[arg-type]


def _votes(text: str, reading: Scan) -> dict[str, object]:
    """Say what one entry does; a habit that it cannot show is left out."""
    found: dict[str, object] = {"head": text[reading.type_end : reading.key_start]}
    found["type_case"] = _case(text[reading.type_start : reading.type_end])
    stands = places(text, reading)
    if not stands:
        return found
    found |= _layout_votes(text, reading, stands)
    names = [text[place.start : place.start + len(field[0])] for place, field in zip(stands, reading.fields, strict=True)]
    found["name_case"] = Counter(_case(name) for name in names).most_common(1)[0][0]
    if aligned := _aligned(text, stands, names):
        found["aligned"] = aligned
    openers = Counter(
        text[place.value_start] for place in stands if text[place.value_start : place.value_start + 1] in ("{", '"')
    )
    if openers:
        found["delimiter"] = openers.most_common(1)[0][0]
    for place, name in zip(stands, names, strict=True):
        word = text[place.value_start : place.value_end]
        if name.lower() == "month":
            found["months"] = _month_style(word)
        elif word.strip('{}"').isdigit():
            found["bare_numbers"] = word.isdigit()
    return found


def _layout_votes(text: str, reading: Scan, stands: Sequence[Place]) -> dict[str, object]:
    found: dict[str, object] = {}
    first = text[reading.key_end : stands[0].start]
    if first.strip() == ",":
        found["first_lead"] = first
    else:
        first = ""
    leads = Counter(lead for a, b in pairwise(stands) if (lead := text[a.value_end : b.start]).strip() == ",")
    found["lead"] = leads.most_common(1)[0][0] if leads else first if "\n" in first else ", "
    ending = text[stands[-1].value_end : reading.end - 1]
    if ending.strip() in ("", ","):
        found["ending"] = ending
    return found


def _aligned(text: str, stands: Sequence[Place], names: Sequence[str]) -> tuple[Alignment, int, str, str] | None:
    """Tell what the fields are aligned on, and the white space around `=`; None when one field alone cannot show it."""
    equals = [text.find("=", place.start + len(name)) for place, name in zip(stands, names, strict=True)]
    before = Counter(text[p.start + len(n) : e] for p, n, e in zip(stands, names, equals, strict=True)).most_common(1)[0][0]
    after = Counter(text[e + 1 : p.value_start] for p, e in zip(stands, equals, strict=True)).most_common(1)[0][0]
    if before.strip() or after.strip() or "\n" in before + after:
        return None
    lengths = [len(name) for name in names]
    if len(set(lengths)) < 2:
        return None if before else ("none", 0, before, after)
    if "\t" in before + after:
        return "none", 0, before, after
    for alignment, widths in (
        ("equals", [e - p.start for p, e in zip(stands, equals, strict=True)]),
        ("value", [p.value_start - p.start for p in stands]),
        ("right", [p.start - text.rfind("\n", 0, p.start) - 1 + length for p, length in zip(stands, lengths, strict=True)]),
    ):
        width, count = Counter(widths).most_common(1)[0]
        if count >= max(2, 0.6 * len(widths)) and len({n for n, w in zip(lengths, widths, strict=True) if w == width}) > 1:
            return alignment, width, before, after  # type: ignore[return-value]
    return "none", 0, before, after


def _month_style(word: str) -> Months:
    if word.lower() in MONTHS:
        return "macro"
    text = word.strip('{}"').strip()
    return "number" if text[:1].isdigit() else "name" if len(text) > 3 or text.lower() == "may" else "short"


def _case(word: str) -> Case:
    if word.isupper():
        return "upper"
    return "title" if word[:1].isupper() else "lower"


def cased(word: str, case: Case) -> str:
    """Write a lower-case word as the file writes such words."""
    return word.upper() if case == "upper" else word.title() if case == "title" else word


class FieldOrder:
    """Which field comes before which, by what the entries do and, where they are silent, by `ORDER`."""

    def __init__(self, orders: Iterable[Sequence[str]] = ()) -> None:
        self._before: Counter[tuple[str, str]] = Counter()
        for names in orders:
            unique = list(dict.fromkeys(names))
            self._before.update((a, b) for i, a in enumerate(unique) for b in unique[i + 1 :])

    def place(self, name: str, others: Sequence[str]) -> int:
        """Return the index at which a name fits best among the others; the last such."""
        costs = [
            sum(self._precedes(name, other) for other in others[:index])
            + sum(self._precedes(other, name) for other in others[index:])
            for index in range(len(others) + 1)
        ]
        return len(costs) - 1 - costs[::-1].index(min(costs))

    def sort(self, names: Iterable[str]) -> list[str]:
        """Bring names into the file's order."""
        found: list[str] = []
        for name in names:
            found.insert(self.place(name, found), name)
        return found

    def _precedes(self, a: str, b: str) -> bool:
        ahead, behind = self._before[a, b], self._before[b, a]
        if ahead != behind:
            return ahead > behind
        return _RANK.get(a, len(ORDER)) < _RANK.get(b, len(ORDER))


def write_entry(kind: str, key: str, fields: Mapping[str, str], habits: Habits) -> str:
    """Write a whole entry; a field's value is what shall stand between its delimiters."""
    written = [write_field(name, write_value(name, value, habits), habits) for name, value in fields.items()]
    closer = ")" if "(" in habits.head else "}"
    start = f"@{cased(kind, habits.type_case)}{habits.head}{key}"
    if not written:
        return f"{start},{habits.ending.replace(',', '', 1)}{closer}"
    return f"{start}{habits.first_lead}{habits.lead.join(written)}{habits.ending}{closer}"


def write_field(name: str, value: str, habits: Habits) -> str:
    """Write `name = value`, aligned as the file is; the value has its delimiters already."""
    name = cased(name, habits.name_case)
    least = 1 if habits.before or habits.after else 0
    if habits.alignment == "equals":
        return f"{name}{' ' * max(habits.width - len(name), least)}={habits.after}{value}"
    if habits.alignment == "value":
        return f"{name}{habits.before}={' ' * max(habits.width - len(name) - len(habits.before) - 1, least)}{value}"
    if habits.alignment == "right":
        name = name.rjust(habits.width)
    return f"{name}{habits.before}={habits.after}{value}"


def write_value(name: str, value: str, habits: Habits) -> str:
    """Put a value between the file's delimiters, or leave it bare where the file does and it can be."""
    if name == "month" and value.lower() in MONTHS:
        if habits.months == "macro":
            return value.lower()
        value = _month(value.lower(), habits.months)
    if habits.bare_numbers and value.isascii() and value.isdigit():
        return value
    return delimited(value, habits.delimiter)


def _month(macro: str, style: Months) -> str:
    if style == "number":
        return str(list(MONTHS).index(macro) + 1)
    return macro.title() if style == "short" else MONTHS[macro]


def delimited(value: str, delimiter: str) -> str:
    """Put a value between `{}` or, where no quote of its own forbids it, between quotes."""
    return f'"{value}"' if delimiter == '"' and '"' not in value else f"{{{value}}}"
