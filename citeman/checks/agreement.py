"""Whether what a label says and what the bibliography says of a paper agree: people, years, titles."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from citeman import ids, names, tex
from citeman.checks.called import Called, is_odd
from citeman.lock import Locked
from citeman.model import Entry, Name

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_TRANSLITERATED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Ø": "Oe"}
)
_LIKE = 0.75
_PREPRINT = re.compile(r"\b(?:arxiv|corr|biorxiv|medrxiv|e prints?|preprints?)\b")
LATE = 3
"""Years after which a preprint may still come out elsewhere."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What a label gets wrong. `doubtful`: the name may be a method's; `incomplete`: right as far as it goes."""

    kind: Literal["author", "year", "incomplete", "doubtful"]
    reason: str


def people(entry: Entry) -> list[Name]:
    """Who a label may name: authors, else editors; `and others` left out."""
    found = names.parse(entry.get("author")) or names.parse(entry.get("editor"))
    return [name for name in found if name != names.OTHERS]


def is_preprint(entry: Entry) -> bool:
    """Whether an entry stands for a preprint: nothing in it says where else the work came out."""
    if entry.type in {"misc", "online", "unpublished", "preprint"}:
        return any(identifier.kind == "arxiv" for identifier in ids.of_entry(entry))
    journal = tex.fold(entry.get("journal") or entry.get("journaltitle"))
    return entry.type == "article" and (bool(_PREPRINT.search(journal)) or not journal)


def compare(called: Called, entry: Entry, surnames: Callable[[], Container[str]]) -> Disagreement | None:
    """Compare the people of a label with those of the paper; `surnames` gives all that are known, folded, where it matters."""
    authors = people(entry)
    if not authors or (not called.more and is_of_title(" ".join(called.names), entry)):
        return None
    where = [_position(name, authors) for name in called.names]
    wrong = [name for name, place in zip(called.names, where, strict=True) if place < 0]
    if wrong and (_is_house(wrong, entry) or (not called.more and any(map(is_odd, wrong)))):
        return None
    if wrong:
        return _stranger(called, wrong[0], authors, surnames)
    if where[0]:
        return Disagreement("author", f"its first author is {names.family(authors[0])}")
    return _number(called, entry, authors)


def _number(called: Called, entry: Entry, authors: Sequence[Name]) -> Disagreement | None:
    """Compare how many people a label claims."""
    whole = names.OTHERS not in names.parse(entry.get("author") or entry.get("editor"))
    if called.more:
        alone = whole and len(authors) == 1 and not authors[0].literal and len(called.names) == 1
        return Disagreement("author", f"it has one author, {names.display(authors[0])}") if alone else None
    if 1 < len(called.names) < len(authors):
        return Disagreement("incomplete", f"it has {len(authors)} authors; write {names.short(authors)}")
    return None


def _stranger(called: Called, wrong: str, authors: Sequence[Name], surnames: Callable[[], Container[str]]) -> Disagreement:
    """A name that is no author's: an error where it is a person's beyond doubt, else perhaps the name of a method."""
    reason = f"it is by {names.short(authors)}"
    families = [form for author in authors for form in _forms(author)]
    last, short = tex.fold(wrong).split()[-1:], len(wrong.split()) < 3
    person = short and (len(authors) == 1 or _is_misspelt(last, families))
    certain = called.more or person or any(word in surnames() for word in last)
    return Disagreement("author" if certain else "doubtful", reason)


def _is_misspelt(words: Sequence[str], families: Iterable[str]) -> bool:
    import difflib

    return bool(words) and bool(
        difflib.get_close_matches(words[0], [family for family in families if len(family) < 60], 1, _LIKE)
    )


def _position(written: str, authors: Sequence[Name]) -> int:
    """Where among the authors a name of the label stands; -1 where nowhere."""
    return next((index for index, author in enumerate(authors) if _is_called(written, author)), -1)


def _is_called(written: str, author: Name) -> bool:
    """Whether a label may call an author so: by family name, with or without particle and given name, accents folded."""
    spellings = {tex.fold(written), tex.fold(written.translate(_TRANSLITERATED))}
    return any(_holds(spelling, form) for spelling in spellings for form in _forms(author))


def _holds(written: str, form: str) -> bool:
    return f" {form} " in f" {written} " or written.replace(" ", "") == form.replace(" ", "")


def _forms(author: Name) -> Iterator[str]:
    """The ways to call an author; the given name too, for names whose order somebody got wrong."""
    if author.literal:
        literal = tex.fold(author.literal)
        yield from (literal, *(word for word in literal.split() if len(word) > 3))
        return
    for family in (author.family, names.family(author)):
        yield tex.fold(family)
        yield tex.fold(tex.to_unicode(family).translate(_TRANSLITERATED))
    parts = tex.fold(author.family).split()
    yield from (parts[-1:] if len(parts) > 1 else ())
    if len(tex.fold(author.given)) > 2:
        yield tex.fold(author.given)


def _is_house(words: Sequence[str], entry: Entry) -> bool:
    """Whether a label names who published a work instead of who wrote it."""
    fields = (
        "organization",
        "institution",
        "publisher",
        "school",
        "howpublished",
        "url",
        "journal",
        "series",
        "note",
        "shorttitle",
    )
    houses = " ".join(tex.fold(entry.get(name)) for name in fields)
    return all(tex.fold(word) in houses for word in words)


def is_of_title(label: str, entry: Entry) -> bool:
    """Whether a label is the title, a part of it, or mostly words of it."""
    written, title = tex.fold(label), tex.fold(f"{entry.get('title')} {entry.get('subtitle')} {entry.get('shorttitle')}")
    if not written or not title:
        return False
    if written in title or title in written:
        return True
    words = [word for word in written.split() if len(word) > 2]
    stems = {word[:5] for word in title.split()}
    return bool(words) and sum(word[:5] in stems for word in words) >= 0.8 * len(words)


def years(entry: Entry, locked: Locked) -> tuple[int, ...]:
    """The first and the last year in which a version of a paper came out, as far as is known; empty when nothing is."""
    texts = [tex.to_text(entry.get("year")), tex.to_text(entry.get("date")), tex.to_text(entry.get("origdate"))]
    for said in locked.said.values():
        texts += [said.published, said.updated, said.fields.get("year", ""), said.fields.get("date", "")]
    found = [int(year) for text in texts for year in _YEAR.findall(text)]
    found += [_year_of_arxiv(identifier.value) for identifier in ids.of_entry(entry) if identifier.kind == "arxiv"]
    return (min(found), max(found)) if found else ()


def _year_of_arxiv(value: str) -> int:
    digits = int(value.rpartition("/")[2][:2])
    return 1900 + digits if digits > 90 else 2000 + digits


def wrong_year(called: Called, entry: Entry, locked: Locked) -> Disagreement | None:
    """Compare the years of a label with those of the paper; a year between preprint and publication passes.

    The store may know the preprint only: a few years later it may have been published.
    """
    known = years(entry, locked)
    wanted = [year for text in called.years for year in _meant(text)]
    if not known or not wanted or any(known[0] <= year <= known[1] for year in wanted):
        return None
    first, last = known
    reason = f"is of {first}" if first == last else f"is of {first} (first version) or {last}"
    only_preprint = is_preprint(entry) and "crossref" not in locked.said
    if only_preprint and any(last < year <= last + LATE for year in wanted):
        return Disagreement("doubtful", f"the store knows only the preprint of {last}")
    return Disagreement("year", reason)


def _meant(text: str) -> tuple[int, ...]:
    return (int(text),) if len(text) == 4 else (1900 + int(text), 2000 + int(text))
