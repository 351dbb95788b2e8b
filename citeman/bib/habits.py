"""How a file writes its entries: indent, alignment, delimiters, commas; measured, so that what is added looks at home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

from citeman.bib.months import MONTHS
from citeman.bib.places import Place, places
from citeman.bib.scan import Scan
from citeman.named import NamedTuple

Alignment = Literal["none", "equals", "value", "right"]
Case = Literal["lower", "upper", "title"]
Months = Literal["macro", "name", "short", "number"]


class Habits(NamedTuple):
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
    """From the start of the name (`right`: of the line) to what is aligned; 0 where each entry's longest name decides."""
    before: str = " "
    after: str = " "
    delimiter: str = "{"
    bare_numbers: bool = False
    months: Months = "macro"
    type_case: Case = "lower"
    name_case: Case = "lower"

    def with_newline(self, newline: str) -> Habits:
        """Return the same habits with another line ending."""
        return self._replace(
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
    aligned = votes.pop("aligned", None)
    chosen = {habit: counter.most_common(1)[0][0] for habit, counter in votes.items()}
    if aligned:
        chosen |= _common_alignment([vote for vote in aligned.elements() if isinstance(vote, _Aligned)])
    if chosen.get("alignment") == "right":
        chosen |= {habit: str(chosen[habit]).rstrip(" ") for habit in ("first_lead", "lead") if habit in chosen}
    return default._replace(**chosen)  # type: ignore[arg-type]


class _Aligned(NamedTuple):
    """What the fields of one entry are aligned on, and the white space around their `=`."""

    alignment: Alignment
    before: str
    after: str
    width: int = 0
    snug: bool = False
    """Whether the longest name decides the width."""


def _common_alignment(votes: Sequence[_Aligned]) -> dict[str, object]:
    alignment, before, after = Counter(vote[:3] for vote in votes).most_common(1)[0][0]
    like = [vote for vote in votes if vote[:3] == (alignment, before, after)]
    width, count = Counter(vote.width for vote in like).most_common(1)[0]
    if count < 0.6 * len(like) and sum(vote.snug for vote in like) > 0.6 * len(like):
        width = 0
    return {"alignment": alignment, "before": before, "after": after, "width": width}


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


def _aligned(text: str, stands: Sequence[Place], names: Sequence[str]) -> _Aligned | None:
    """Tell how one entry is aligned; None when it cannot show it, its names being of one length."""
    equals = [text.find("=", place.start + len(name)) for place, name in zip(stands, names, strict=True)]
    before = Counter(text[p.start + len(n) : e] for p, n, e in zip(stands, names, equals, strict=True)).most_common(1)[0][0]
    after = Counter(text[e + 1 : p.value_start] for p, e in zip(stands, equals, strict=True)).most_common(1)[0][0]
    if before.strip() or after.strip() or "\n" in before + after:
        return None
    lengths = [len(name) for name in names]
    if len(set(lengths)) < 2:
        return None if before else _Aligned("none", before, after)
    if "\t" in before + after:
        return _Aligned("none", before, after)
    candidates: list[tuple[Alignment, list[int]]] = [
        ("equals", [e - p.start for p, e in zip(stands, equals, strict=True)]),
        ("value", [p.value_start - p.start for p in stands]),
        ("right", [p.start - text.rfind("\n", 0, p.start) - 1 + length for p, length in zip(stands, lengths, strict=True)]),
    ]
    for alignment, widths in candidates:
        width, count = Counter(widths).most_common(1)[0]
        if count >= max(2, 0.6 * len(widths)) and len({n for n, w in zip(lengths, widths, strict=True) if w == width}) > 1:
            snug = width == max(lengths) + (1 if alignment == "equals" else len(before) + 2)
            padded = {"equals": (before[:1], after), "value": (before, after[:1])}
            return _Aligned(alignment, *padded.get(alignment, (before, after)), width, snug)
    return _Aligned("none", before, after)


def _month_style(word: str) -> Months:
    if word.lower() in MONTHS:
        return "macro"
    text = word.strip('{}"').strip()
    return "number" if text[:1].isdigit() else "name" if len(text) > 3 or text.lower() == "may" else "short"


def _case(word: str) -> Case:
    if word.isupper():
        return "upper"
    return "title" if word[:1].isupper() else "lower"
