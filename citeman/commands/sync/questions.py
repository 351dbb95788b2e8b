"""What a sync asks: which keys are due, under which identifiers, and whose published version is to be searched for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from citeman import ids
from citeman.ids import Identifier
from citeman.lock import Lock, Locked
from citeman.merge import is_published
from citeman.model import Entry, SourceName

PREPRINT_SOURCES: tuple[SourceName, ...] = ("arxiv", "arxiv-oai", "datacite")
DOI_SOURCES: tuple[SourceName, ...] = ("crossref", "datacite")


@dataclass(frozen=True, slots=True)
class Due:
    """How old what the lock says may be before it is asked for again, and what time it is."""

    now: datetime
    max_age: timedelta


@dataclass(frozen=True, slots=True)
class Questions:
    """What to ask whom, by citation key."""

    arxiv: Mapping[str, Identifier] = field(default_factory=dict)
    dois: Mapping[str, Identifier] = field(default_factory=dict)

    @property
    def keys(self) -> frozenset[str]:
        """The keys that anything is asked for."""
        return frozenset([*self.arxiv, *self.dois])


def questions(entries: Iterable[Entry], lock: Lock, due: Due) -> Questions:
    """Gather the identifiers of the entries that are due, for each source by itself."""
    arxiv: dict[str, Identifier] = {}
    dois: dict[str, Identifier] = {}
    for entry in entries:
        preprint, doi = arxiv_of(entry), doi_of(entry, lock.get(entry.key))
        if preprint and lock.due(entry.key, due.now, due.max_age, *PREPRINT_SOURCES):
            arxiv[entry.key] = preprint
        if doi and _doi_is_due(entry.key, doi, lock, due):
            dois[entry.key] = doi
    return Questions(arxiv, dois)


def arxiv_of(entry: Entry) -> Identifier | None:
    """Return the arXiv id that an entry carries."""
    return next((identifier for identifier in ids.of_entry(entry) if identifier.kind == "arxiv"), None)


def doi_of(entry: Entry, locked: Locked) -> Identifier | None:
    """Return the DOI of the published work: the entry's own, else the one that a source named."""
    own = next((identifier for identifier in ids.of_entry(entry) if identifier.kind == "doi"), None)
    if own:
        return own
    said = [one.identifier for one in locked.said.values() if one.identifier.startswith("doi:")]
    named = [ids.parse(text) for text in (*said, *(one.published_doi for one in locked.said.values()))]
    return next((identifier for identifier in named if identifier and identifier.kind == "doi"), None)


def searches(entries: Iterable[Entry], lock: Lock, asked: Questions, due: Due, number: int) -> list[str]:
    """Which preprints, among those that are asked for, to search a published version of: so many that nobody named one for.

    The turn moves on with every period of `max_age`, so that each has its turn and a second sync searches for the same ones.
    """
    wanted = [
        entry.key
        for entry in entries
        if entry.key in asked.arxiv and not is_published(entry) and not doi_of(entry, lock.get(entry.key))
    ]
    if len(wanted) <= number or number <= 0:
        return wanted[: max(0, number)]
    period = int(due.now.timestamp() // max(86_400.0, due.max_age.total_seconds()))
    start = period * number % len(wanted)
    return [*wanted[start:], *wanted[:start]][:number]


def _doi_is_due(key: str, doi: Identifier, lock: Lock, due: Due) -> bool:
    """Whether a DOI is to be asked for: it is another than the one that answered, or that was long ago."""
    named = {
        name for source in DOI_SOURCES if (said := lock.get(key).said.get(source)) for name in (said.identifier, *said.aliases)
    }
    return str(doi) not in named or lock.due(key, due.now, due.max_age, *DOI_SOURCES)
