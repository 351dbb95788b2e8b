"""Where the services are and how they want to be treated, and what a question to them comes back with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from citeman.errors import SourceError
from citeman.model import Record
from citeman.named import NamedTuple

HOUR = 3600.0
DAY = 24 * HOUR


class Upstream(NamedTuple):
    """The services' addresses and the manners to keep towards them."""

    arxiv_url: str = "https://export.arxiv.org/api/query"
    arxiv_oai_url: str = "https://oaipmh.arxiv.org/oai"
    crossref_url: str = "https://api.crossref.org"
    datacite_url: str = "https://api.datacite.org"
    arxiv_interval: float = 3.0
    """Seconds between two requests to arXiv, over all processes of this machine; 0 (a server of one's own) waits for nothing."""
    crossref_interval: float = 0.0
    """Seconds between two requests to Crossref; 0: what its headers ask for."""
    mailto: str = ""
    """Whom the services may write to; Crossref treats those who say so better."""
    timeout: float = 30.0
    """Seconds of silence after which a request is given up."""
    patience: float = 60.0
    """Seconds that a command waits at most when a service asks it to come back later."""
    cache_dir: Path | None = None
    """Folder of the response cache and of the turns that all commands share; None keeps both in memory."""

    @property
    def backoff(self) -> float:
        """Seconds to wait after the first refusal; doubled after each further one."""
        return min(1.0, self.arxiv_interval)


class Service(NamedTuple):
    """One upstream service as the session treats it."""

    name: str
    """Short name in reports and counts: `arxiv`, `arxiv-oai`, `crossref`, `datacite`, `web`."""
    title: str
    """Its name for people."""
    accept: str
    turn: str
    """Services of one turn share their pace and their cool-down."""
    busy: frozenset[int]
    """Statuses that mean: not now."""
    reads: bool = True
    """Whether answers are read; else it only matters that there is one."""
    hasty: bool = False
    """Whether it is asked once and briefly, for what is not worth a wait."""


BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
ARXIV = Service("arxiv", "arXiv", "application/atom+xml, application/xml;q=0.9, */*;q=0.1", "arxiv", BUSY | {403, 406})
OAI = Service("arxiv-oai", "arXiv's OAI-PMH", "text/xml, application/xml;q=0.9, */*;q=0.1", "arxiv", BUSY | {403, 406})
CROSSREF = Service("crossref", "Crossref", "application/json", "crossref", BUSY)
DATACITE = Service("datacite", "DataCite", "application/vnd.api+json, application/json;q=0.9", "datacite", BUSY)
WEB = Service("web", "the web", "text/html, application/xhtml+xml, */*;q=0.5", "web", BUSY)


class Unreachable(SourceError):
    """A service gave no usable answer: an outage, which says nothing of any paper."""

    def __init__(self, service: Service, reason: str) -> None:
        super().__init__(f"{service.title} cannot be reached: {reason}; try again later")
        self.service = service.name
        self.reason = reason


class Answer(NamedTuple):
    """One HTTP answer that says something."""

    status: int
    body: bytes
    url: str
    """Where it came from, after redirects."""
    etag: str = ""


class Answers(NamedTuple):
    """What came back for a list of identifiers; each of them is in just one of the three."""

    records: tuple[Record, ...] = ()
    missing: tuple[str, ...] = ()
    """Canonical identifiers that the service does not know."""
    unreachable: tuple[str, ...] = ()
    """Canonical identifiers that nobody could be asked about."""
    outages: Mapping[str, str] = MappingProxyType({})
    """Service name -> why it could not be reached; also when another service answered in its place."""

    def of(self, identifier: object) -> Record | None:
        """Return the first record that answers to an identifier, by its own name or an alias."""
        name = str(identifier)
        return next((record for record in self.records if name == record.identifier or name in record.aliases), None)

    @classmethod
    def collect(cls, found: Iterable[tuple[str, Record | None]]) -> Answers:
        """Make answers of identifiers and what a service said of each; None: it knows no such work."""
        pairs = list(found)
        return cls(tuple(record for _, record in pairs if record), tuple(name for name, record in pairs if not record))

    def and_(self, *others: Answers) -> Answers:
        """Put answers together; what one of them knows is missing and unreachable in none."""
        parts = (self, *others)
        records = tuple(
            {(one.source, one.identifier): one for part in reversed(parts) for one in reversed(part.records)}.values()
        )[::-1]
        known = {name for record in records for name in (record.identifier, *record.aliases)}
        missing = _rest((part.missing for part in parts), known)
        unreachable = _rest((part.unreachable for part in parts), known | set(missing))
        outages = {name: reason for part in parts for name, reason in part.outages.items()}
        return Answers(records, missing, unreachable, outages)


def _rest(parts: Iterable[tuple[str, ...]], known: set[str]) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(name for part in parts for name in part) if name not in known)


def host_of(url: str) -> str:
    """Return the host and port of an address, lower-case."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()
