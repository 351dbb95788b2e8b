"""The values that the rooms hand to each other: names, entries, records, findings. No behaviour beyond simple look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from citeman.named import NamedTuple
from citeman.text import Edit

Severity = Literal["error", "warning", "hint"]
SourceName = Literal["arxiv", "arxiv-oai", "crossref", "datacite", "web", "file"]


class Name(NamedTuple):
    """A person, or a collective when only `literal` is set. Values are TeX as written until `tex` makes them Unicode."""

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""


class Field(NamedTuple):
    """One field of an entry; offsets are into the bibliography's source."""

    name: str
    """Lower-cased name."""
    value: str
    """Value with macros expanded, concatenation done and the outer delimiters gone; TeX and inner braces kept."""
    line: int
    start: int
    """Where the field's name starts."""
    end: int
    """Where its value ends (the comma is not part)."""
    value_start: int
    value_end: int
    """The value's span, delimiters included: `source[value_start:value_end]` is `{…}`, `"…"`, a macro or a concatenation."""


class Entry(NamedTuple):
    """One `@type{key, …}` block; offsets are into the bibliography's source."""

    type: str
    """Lower-cased entry type."""
    key: str
    fields: tuple[Field, ...]
    line: int = 0
    start: int = 0
    """Where the `@` stands."""
    end: int = 0
    """Just after the closing delimiter."""
    type_start: int = 0
    type_end: int = 0
    key_start: int = 0
    key_end: int = 0

    def get(self, name: str, default: str = "") -> str:
        """Return the value of the first field of that (lower-case) name."""
        for own in self.fields:  # a loop, for it is the busiest line of all: a generator costs twice as much
            if own.name == name:
                return own.value
        return default

    def field(self, name: str) -> Field | None:
        """Return the first field of that (lower-case) name."""
        return next((field for field in self.fields if field.name == name), None)


class Update(NamedTuple):
    """A notice about a work (Crossref `updated-by`): retraction, expression_of_concern, correction …"""

    type: str
    doi: str
    date: str = ""
    source: str = ""


class Record(NamedTuple):
    """What one upstream source says of one work, already in the bibliography's own terms."""

    source: SourceName
    identifier: str
    """Canonical: `arXiv:2103.00065` (no version), `doi:10.1073/pnas.1820226116` (lower case) or a URL."""
    type: str
    """BibTeX entry type."""
    fields: Mapping[str, str]
    """BibTeX field name -> value as it would stand between braces in references.bib (UTF-8, acronyms protected, math kept):
    title, author (`Family, Given and …`), year, date (ISO), journal, booktitle, volume, number, pages (`1--9`), publisher,
    series, editor, doi, eprint, eprinttype, eprintclass, url, issn, isbn … Never the abstract."""
    version: int = 0
    """arXiv version, 0 when unknown."""
    published: str = ""
    """ISO date of the first version."""
    updated: str = ""
    """ISO date of this version."""
    abstract: str = ""
    comment: str = ""
    journal_ref: str = ""
    published_doi: str = ""
    """For a preprint: the DOI of the version of record that the source asserts."""
    preprint: str = ""
    """For a version of record: the canonical identifier of its preprint that the source asserts."""
    withdrawn: str = ""
    """The reason when the source says so beyond doubt."""
    updates: tuple[Update, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other canonical identifiers that answered with this record (a DOI that moved)."""
    hash: str = ""
    """SHA-256 hex of the part of the answer this record was read from."""


class Fix(NamedTuple):
    """A safe mending of a finding: what it does, and the edits to the file the finding is in."""

    description: str
    edits: tuple[Edit, ...] = ()


class Finding(NamedTuple):
    """Something a person should know about a file; the message says what is wrong and what to do.

    Two are equal when they say the same, however it could be mended.
    """

    rule: str
    severity: Severity
    message: str
    path: str = ""
    line: int = 0
    key: str = ""
    section: str = ""
    fix: Fix | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and self[:-1] == other[:-1]

    def __ne__(self, other: object) -> bool:  # a tuple's own would look at all of it
        return not self == other

    def __hash__(self) -> int:
        return hash(self[:-1])
