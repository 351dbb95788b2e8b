"""Rules on entries as a whole: keys, identifiers and titles that two of them share, types, and who lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from citeman import ids, names, tex
from citeman.checks import Problem, Rule
from citeman.checks.agreement import is_preprint
from citeman.checks.near import Near
from citeman.checks.required import TYPES
from citeman.library import Library
from citeman.model import Entry
from citeman.named import NamedTuple

POINTERS = ("crossref", "xref", "xdata", "related", "entryset")
EDITIONS = ("edition", "volume", "number", "part", "version")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_NUMBER = re.compile(r"\d+")
_BREAKING = re.compile(r"[\s\"#%'(),={}~\\@\x00-\x1f\x7f]")
_USE = "use ASCII letters, digits and single _ - : . + / inside it"
MOST_ALIKE = 20
"""With so many entries of its title an entry is compared: there may be thousands called `Editorial`."""
YEARS_APART = 5
"""Entries of one title and first author whose years lie further apart are editions, not the same work twice."""
OF_THEIR_OWN = ("thesis", "patent", "software", "dataset")
"""Works that may bear the title of a paper by the same people and are another work all the same."""


def bad_key(library: Library) -> Iterator[Problem]:
    """Yield every citation key that BibTeX or LaTeX would not take."""
    for entry in library.bibliography.entries:
        if found := _BREAKING.search(entry.key):
            yield _at(library, entry, f"the citation key {entry.key!r} holds {found[0]!r}, which LaTeX does not take; {_USE}")


def awkward_key(library: Library) -> Iterator[Problem]:
    """Yield every citation key that works in LaTeX but not in an address or, without braces, in Markdown."""
    for entry in library.bibliography.entries:
        if entry.key and not ids.is_citation_key(entry.key) and not _BREAKING.search(entry.key):
            yield _at(library, entry, f"the citation key {entry.key!r} does not work everywhere; {_USE}")


def duplicate_identifier(library: Library) -> Iterator[Problem]:
    """Yield every entry that names the same work by the same identifier as one above it."""
    first: dict[ids.Identifier, Entry] = {}
    for entry in library.bibliography.entries:
        shared: dict[str, list[str]] = {}
        for identifier in ids.of_entry(entry):
            if identifier.scholarly:
                other = first.setdefault(identifier, entry)
                if other.key != entry.key:
                    shared.setdefault(other.key, []).append(str(identifier))
        for key, identifiers in shared.items():
            other = first[next(found for found in ids.of_entry(entry) if str(found) == identifiers[0])]
            message = f"{key} in line {other.line} has {identifiers[0]} too; keep one of the two, or correct an identifier"
            yield _at(library, entry, message)


def duplicate_title(library: Library) -> Iterator[Problem]:
    """Yield every entry that has the title and the first author of one above it, and is evidently the same work."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in library.bibliography.entries:
        title = tex.fold(entry.get("title"))
        if len(title) > 8:
            groups.setdefault((title, _first_author(entry)), []).append(entry)
    for group in groups.values():
        if len(group) > 1:
            yield from _twice(library, group)


def _twice(library: Library, group: list[Entry]) -> Iterator[Problem]:
    above: list[_Work] = []
    for work in map(_Work.of, group):
        entry = work.entry
        if one := next((one.entry for one in above if _are_one(one, work)), None):
            message = (
                f"{one.key} in line {one.line} has the same title and first author; keep one of the two, "
                f"with `ids = {{{entry.key}}}` in it where the other key is in use"
            )
            yield _at(library, entry, message)
        if len(above) < MOST_ALIKE:
            above.append(work)


class _Work(NamedTuple):
    """An entry with what tells whether it is the same work as another one of its title."""

    entry: Entry
    year: int
    preprint: bool
    identifiers: frozenset[ids.Identifier]

    @classmethod
    def of(cls, entry: Entry) -> _Work:
        year = _YEAR.search(tex.to_text(entry.get("year") or entry.get("date")))
        return cls(entry, int(year[0]) if year else 0, is_preprint(entry), frozenset(ids.of_entry(entry)))


def _are_one(one: _Work, other: _Work) -> bool:
    """Whether two entries of one title are one work: both the same publication, or one the preprint of the other."""
    apart = abs(one.year - other.year) if one.year and other.year else 0
    if one.preprint != other.preprint:
        separate = any(kind in work.entry.type for kind in OF_THEIR_OWN for work in (one, other))
        alike = apart <= YEARS_APART and not separate
    else:
        alike = apart == 0 and one.entry.type == other.entry.type and not _differ_in_pages(one.entry, other.entry)
    return alike and one.entry.key != other.entry.key and not _are_told_apart(one, other)


def _are_told_apart(one: _Work, other: _Work) -> bool:
    """Whether a volume, an edition or a pointer says that the two are two; shared identifiers are another rule's."""
    pairs = ((one.entry.get(name), other.entry.get(name)) for name in EDITIONS)
    return (
        any(a and b and a != b for a, b in pairs)
        or _are_related(one.entry, other.entry)
        or bool(one.identifiers & other.identifiers)
    )


def _differ_in_pages(one: Entry, other: Entry) -> bool:
    first, second = (_NUMBER.search(entry.get("pages")) for entry in (one, other))
    return bool(first and second and first[0] != second[0])


def _first_author(entry: Entry) -> str:
    people = names.parse(entry.get("author") or entry.get("editor"))
    return tex.fold(people[0].family or people[0].literal) if people else ""


def _are_related(one: Entry, other: Entry) -> bool:
    return any(a.key in listed(b.get(name)) for a, b in ((one, other), (other, one)) for name in POINTERS if a.key)


def unknown_type(library: Library) -> Iterator[Problem]:
    """Yield every entry whose type is a known one misspelt; types of people's own are theirs."""
    near = Near(TYPES, 0.85)
    for entry in library.bibliography.entries:
        if entry.type not in near and (hint := near.hint(entry.type)):
            yield _at(library, entry, f"no entry type @{entry.type}{hint}")


def unknown_pointer(library: Library) -> Iterator[Problem]:
    """Yield every `crossref` and the like to an entry that is not there."""
    pointing = [(entry, field) for entry in library.bibliography.entries for field in entry.fields if field.name in POINTERS]
    known = known_keys(library) if pointing else Near(())
    for entry, field in pointing:
        for key in listed(field.value):
            if key not in known:
                message = f"{field.name} names {key!r}, which is not in the file{known.hint(key) or '; add it or take it out'}"
                yield Problem(message, library.bibliography.path, field.line, entry.key)


def known_keys(library: Library) -> Near:
    """Return all citation keys, and those that entries had before (`ids`)."""
    aliases = (alias for entry in library.bibliography.entries for alias in listed(entry.get("ids")))
    return Near((*library.bibliography.keys, *aliases))


def listed(value: str) -> list[str]:
    """Return the parts of a list that commas separate."""
    return [part.strip() for part in value.split(",") if part.strip()] if value else []


def unlisted(library: Library) -> Iterator[Problem]:
    """Yield every entry that no section lists and no other entry points to."""
    entries = library.bibliography.entries
    unplaced = set(library.unplaced) - {key for entry in entries for name in POINTERS for key in listed(entry.get(name))}
    for entry in entries:
        if entry.key in unplaced:
            yield _at(library, entry, f"no section lists {entry.key}; `citeman link {entry.key} --section …`")


def _at(library: Library, entry: Entry, message: str) -> Problem:
    return Problem(message, library.bibliography.path, entry.line, entry.key)


RULES = (
    Rule("entry-bad-key", "warning", "a citation key that LaTeX does not take", bad_key),
    Rule("entry-awkward-key", "hint", "a citation key that addresses or Markdown do not take", awkward_key),
    Rule("entry-duplicate-identifier", "error", "a DOI, arXiv id or page that an entry above has too", duplicate_identifier),
    Rule("entry-duplicate-title", "warning", "an entry of the same title and first author as one above", duplicate_title),
    Rule("entry-unknown-type", "warning", "an entry type that is a known one misspelt", unknown_type),
    Rule("entry-unknown-pointer", "error", "a `crossref`, `xdata` … to an entry that is not there", unknown_pointer),
    Rule("entry-unlisted", "hint", "an entry that no section lists", unlisted),
)
