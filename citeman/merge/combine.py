"""The facts of one work from all that its sources say, by a written table of precedence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from citeman import ids
from citeman.merge.authors import fullest
from citeman.merge.meaning import PREPRINT_TYPES
from citeman.merge.titles import mended
from citeman.model import Record, SourceName
from citeman.named import NamedTuple

Role = Literal["version-of-record", "snippet", "deposit", "preprint"]
"""What a record speaks for. `version-of-record`: Crossref, or the venue's own page, on a published work; `snippet`: a person's
file on one; `deposit`: another agency's DOI (a thesis, a report, software); `preprint`: arXiv, by whichever source, and the
like."""

PUBLISHED_FIRST: tuple[Role, ...] = ("version-of-record", "snippet", "deposit", "preprint")
PREPRINT_FIRST: tuple[Role, ...] = ("preprint", "snippet", "deposit", "version-of-record")
NOT_THE_PREPRINT: tuple[Role, ...] = ("version-of-record", "snippet", "deposit")

PRECEDENCE: Mapping[str, tuple[Role, ...]] = {
    "eprint": PREPRINT_FIRST,
    "eprinttype": PREPRINT_FIRST,
    "eprintclass": PREPRINT_FIRST,
    "title": PUBLISHED_FIRST,
    "author": PUBLISHED_FIRST,
}
"""Field -> who is believed first, of a work that has a version of record. Two fields are then looked at again: the title takes
from the preprint's what it evidently lost (case, protected words, its end), and the authors come from the source with the
fullest names when the sources name the same people."""
DEFAULT = NOT_THE_PREPRINT
"""Everything else (type, venue, volume, pages, publisher, DOI, year, address) of a published work: never from the preprint."""

SOURCES: tuple[SourceName, ...] = ("crossref", "web", "arxiv", "arxiv-oai", "datacite", "file")
"""Order within a role; of the sources that speak for a preprint, one that knows a later version comes first."""


class Combined(NamedTuple):
    """The facts of one work, and where each comes from."""

    type: str = ""
    fields: Mapping[str, str] = MappingProxyType({})
    origins: Mapping[str, SourceName] = MappingProxyType({})
    """Field (and `type`) -> the source it was taken from."""
    version: int = 0
    """The latest arXiv version."""
    published: str = ""
    """ISO date of the preprint's first version."""
    formal: bool = False
    """Whether a version of record is among the sources."""

    @property
    def preprint_year(self) -> str:
        """The year of the preprint's first version; empty when there is none."""
        return self.published[:4]

    @property
    def published_year(self) -> str:
        """The year of the version of record; empty when there is none."""
        return self.fields.get("year", "") or self.fields.get("date", "")[:4] if self.formal else ""


def combine(records: Sequence[Record]) -> Combined:
    """Merge what several sources say of one work. They must be known to speak of one work: see `same_work`."""
    ranked = sorted(records, key=_rank)
    if not ranked:
        return Combined()
    formal = role(ranked[0]) != "preprint"
    fields, origins = _chosen(ranked, formal)
    origins["type"] = ranked[0].source
    _mend(ranked, fields, origins)
    preprints = [record for record in ranked if role(record) == "preprint"]
    return Combined(
        ranked[0].type,
        fields,
        origins,
        max((record.version for record in ranked), default=0),
        min((record.published for record in preprints if record.published), default=""),
        formal,
    )


def role(record: Record) -> Role:
    """Say what a record speaks for."""
    if record.identifier.startswith("arXiv:") or record.type in PREPRINT_TYPES:
        return "preprint"
    if record.source in {"crossref", "web"}:
        return "version-of-record"
    return "snippet" if record.source == "file" else "deposit"


def facts(record: Record) -> Iterator[tuple[str, str]]:
    """The fields that a record states; a preprint's DOI is no `doi` but an eprint."""
    for name, value in record.fields.items():
        identifier = ids.parse(value) if name == "doi" else None
        if identifier and identifier.kind == "arxiv":
            if not record.fields.get("eprint"):
                yield from (("eprint", identifier.value), ("eprinttype", "arxiv"))
        elif value.strip():
            yield name, value


def _rank(record: Record) -> tuple[int, int, int]:
    return PUBLISHED_FIRST.index(role(record)), -record.version, SOURCES.index(record.source)


def _chosen(ranked: Sequence[Record], formal: bool) -> tuple[dict[str, str], dict[str, SourceName]]:
    said = [(record, dict(facts(record))) for record in ranked]
    fields: dict[str, str] = {}
    origins: dict[str, SourceName] = {}
    for name in dict.fromkeys(name for _, statements in said for name in statements):
        speakers = PRECEDENCE.get(name, DEFAULT if formal else PUBLISHED_FIRST)
        found = next(_values(name, speakers, said), None)
        if found:
            origins[name], fields[name] = found
    return fields, origins


def _values(
    name: str, speakers: Iterable[Role], said: Sequence[tuple[Record, Mapping[str, str]]]
) -> Iterator[tuple[SourceName, str]]:
    for speaker in speakers:
        yield from (
            (record.source, statements[name]) for record, statements in said if role(record) == speaker and name in statements
        )


def _mend(ranked: Sequence[Record], fields: dict[str, str], origins: dict[str, SourceName]) -> None:
    """Look at the title and the authors of a published work again, in the light of its preprint's."""
    for record in ranked:
        title, author = record.fields.get("title", ""), record.fields.get("author", "")
        if title and record.source != origins["title"]:
            fields["title"] = mended(fields["title"], title)
        if author and fullest(fields["author"], author) != fields["author"]:
            fields["author"], origins["author"] = author, record.source
