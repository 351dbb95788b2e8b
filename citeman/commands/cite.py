"""`cite`: the citation of a paper, found by key, identifier, author and year, or words of its title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from citeman import ids, labels, names, tex
from citeman.commands.letters import labels_of
from citeman.labels import Label
from citeman.library import Library
from citeman.model import Entry
from citeman.project import Project

_YEAR = re.compile(r"'?(\d{4}|\d{2})([a-z]?)")


@dataclass(frozen=True, slots=True)
class Hit:
    """One paper that a query means or may mean, in every form in which it can be cited."""

    key: str
    label: str
    """`Jacot et al. (2018)`, with the letter that the whole store gives it."""
    title: str
    markdown: str
    """`[[Jacot et al. (2018)]](https://arxiv.org/abs/1806.07572)`."""
    reference: str
    bibtex: str


def cite(project: Project, query: str) -> list[Hit]:
    """Return the papers that a query means: one where it is clear, several to choose from, none where nothing fits."""
    library = project.library
    entries = find(library, query)
    if not entries:
        return []
    found = labels_of(library, entries)
    if letter := _letter(query):
        entries = [entry for entry in entries if found[entry.key].suffix == letter] or entries
    return [_hit(library, entry, found[entry.key]) for entry in entries]


def _letter(query: str) -> str:
    """The letter that a query gives a year: `cohen 2021a`."""
    found = (_YEAR.fullmatch(part.strip("(),")) for part in query.split())
    return next((match[2] for match in found if match), "")


def find(library: Library, query: str) -> list[Entry]:
    """Return the entries that a query means, by the surest reading that fits: key, identifier, author and year, title words."""
    bibliography = library.bibliography
    exact = bibliography.get(query.removeprefix("@")) or bibliography.get(_by_identifier(library, query))
    if exact:
        return [exact]
    words = tex.fold(query).split()
    entries = bibliography.entries
    by_key = [entry for entry in entries if query.casefold() in entry.key.casefold()] if query.strip() else []
    return _by_author_and_year(entries, query) or by_key or [entry for entry in entries if _has_words(entry, words)]


def _by_identifier(library: Library, query: str) -> str:
    identifier = ids.parse(query)
    return library.by_identifier.get(str(identifier), "") if identifier else ""


def _by_author_and_year(entries: Sequence[Entry], query: str) -> list[Entry]:
    """Read `jacot 18`, `cohen damian 2023`, `cohen et al. (2021a)`: every name is an author's, the year fits."""
    parts = query.replace("(", " ").replace(")", " ").replace(",", " ").split()
    years = [match for part in parts if (match := _YEAR.fullmatch(part))]
    people = [tex.fold(part) for part in parts if not _YEAR.fullmatch(part)]
    people = [person for person in people if person and person not in {"et", "al", "and"}]
    if len(years) != 1 or not people:
        return []
    return [entry for entry in entries if _fits(labels.year(entry), years[0]) and set(people) <= set(_families(entry))]


def _fits(year: str, wanted: re.Match[str]) -> bool:
    return year.endswith(wanted[1])


def _families(entry: Entry) -> Iterator[str]:
    for name in names.parse(entry.get("author") or entry.get("editor")):
        yield from tex.fold(names.family(name)).split()


def _has_words(entry: Entry, words: Sequence[str]) -> bool:
    text = tex.fold(f"{entry.get('title')} {entry.get('author')}")
    return bool(words) and all(word in text for word in words)


def _hit(library: Library, entry: Entry, label: Label) -> Hit:
    found = ids.of_entry(entry)
    best = next((one for one in found if one.kind == "arxiv"), next(iter(found), None))
    return Hit(
        entry.key,
        label.text,
        tex.to_text(entry.get("title")),
        labels.markdown(label, ids.url_of(best) if best else ""),
        labels.reference(library.bibliography.resolved(entry), label.suffix),
        library.bibliography.source[entry.start : entry.end],
    )
