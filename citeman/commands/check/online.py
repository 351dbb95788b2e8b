"""`check --online`: ask the sources whether identifiers and addresses still mean what the store says. An outage is no finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from citeman import ids
from citeman.commands.sync.asking import Heard
from citeman.ids import Identifier
from citeman.library import Library
from citeman.lock import NOTHING
from citeman.merge.judge import judge
from citeman.model import Entry, Finding

if TYPE_CHECKING:
    from citeman.sources.http import Session
    from citeman.sources.upstream import Answers

BATCH = 100
ASKED_IN_BATCHES = ("arxiv", "doi")

T = TypeVar("T")
Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the sources made known."""

    findings: tuple[Finding, ...] = ()
    unreachable: Mapping[str, str] = field(default_factory=dict)
    """Service -> why it could not be reached."""
    unseen: int = 0
    """Addresses whose server did not answer, or answered nothing that tells; one page is no outage."""
    left: int = 0
    """Addresses there was no time for; the next run remembers the others and goes on."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An identifier or address and where it stands."""

    path: str
    line: int
    key: str = ""
    section: str = ""


def ask(library: Library, session: Session, progress: Progress, keys: frozenset[str] | None = None) -> Asked:
    """Ask for all works and pages of the library, or only for those of some keys."""
    entries = {entry.key: entry for entry in library.bibliography.entries if keys is None or entry.key in keys}
    cited = _cited(library) if keys is None else {}
    pages = _pages(library, entries, keys is None)
    with progress(2 * len(entries) + len(cited) + len(pages)) as step:
        works = _works(library, session, entries, step)
        strangers = _strangers(session, cited, step)
        looked = _addresses(session, pages, step)
    parts = (works, strangers, looked)
    findings = tuple(finding for part in parts for finding in part.findings)
    unreachable = {name: reason for part in parts for name, reason in part.unreachable.items()}
    return Asked(findings, unreachable, looked.unseen, looked.left)


def _works(library: Library, session: Session, entries: Mapping[str, Entry], step: Callable[[int], None]) -> Asked:
    """Ask for the papers of the store, and hold what is said against what the entries say."""
    heard = Heard()
    for kind in ASKED_IN_BATCHES:
        wanted = {key: found for key, entry in entries.items() if (found := _identifier(entry, kind))}
        for batch in _batches(list(wanted.items())):
            heard.take(dict(batch), _look_up(session, [identifier for _, identifier in batch]))
            step(len(batch))
    path, lock = library.bibliography.path, library.lock
    judged = (
        finding
        for key, records in heard.records.items()
        for finding in judge(entries[key], lock.get(key) if lock else NOTHING, records, path).findings
    )
    return Asked((*heard.findings(entries, path), *judged), heard.outages)


def _identifier(entry: Entry, kind: str) -> Identifier | None:
    """What an entry itself names, in `doi`, `eprint` and `url`; a note may speak of another work."""
    own = tuple(field for field in entry.fields if field.name not in {"note", "howpublished", "annote", "addendum"})
    found = ids.of_entry(Entry(entry.type, entry.key, own))
    return next((identifier for identifier in found if identifier.kind == kind), None)


def _strangers(session: Session, cited: Mapping[Identifier, Mention], step: Callable[[int], None]) -> Asked:
    """Ask for what the guides cite and the store lacks: a mistyped address is known to nobody."""
    findings: list[Finding] = []
    outages: dict[str, str] = {}
    for batch in _batches(list(cited)):
        answers = _look_up(session, batch)
        outages |= answers.outages
        for identifier in batch:
            if str(identifier) in answers.missing:
                where = cited[identifier]
                message = f"nobody knows {identifier}; correct the link"
                findings.append(Finding("unknown-identifier", "error", message, where.path, where.line, section=where.section))
        step(len(batch))
    return Asked(tuple(findings), outages)


def _cited(library: Library) -> dict[Identifier, Mention]:
    found: dict[Identifier, Mention] = {}
    for volume in library.volumes:
        for citation in volume.guide.citations if volume.guide else ():
            identifier = citation.identifier
            if identifier and identifier.kind in ASKED_IN_BATCHES and str(identifier) not in library.by_identifier:
                assert volume.guide
                found.setdefault(identifier, Mention(volume.guide.path, citation.line, "", citation.section))
    return found


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))


def _look_up(session: Session, identifiers: Sequence[Identifier]) -> Answers:
    from citeman.sources.lookup import look_up

    return look_up(session, identifiers)


def _addresses(session: Session, pages: Mapping[str, Mention], step: Callable[[int], None]) -> Asked:
    """Look whether the pages are there."""
    from citeman.sources.links import look

    looked = look(session, pages, step)
    findings = tuple(
        Finding("dead-url", "warning", f"{url} is gone (HTTP {status}); correct it or take it out", *_place(pages[url]))
        for url, status in looked.dead.items()
    )
    silence = next(iter(looked.unknown.values()), "") if len(looked.unknown) == looked.asked else ""
    return Asked(findings, {"web": silence} if silence else {}, len(looked.unknown), looked.left)


def _place(where: Mention) -> tuple[str, int, str, str]:
    return where.path, where.line, where.key, where.section


def _pages(library: Library, entries: Mapping[str, Entry], whole: bool) -> dict[str, Mention]:
    """Address -> where it stands first: in an entry, in a reading list, in a guide."""
    found: dict[str, Mention] = {}
    for url, where in (*_of_entries(library, entries), *(_of_texts(library) if whole else ())):
        found.setdefault(url, where)
    return found


def _of_entries(library: Library, entries: Mapping[str, Entry]) -> Iterator[tuple[str, Mention]]:
    for entry in entries.values():
        field = entry.field("url")
        url = field.value.strip().replace("\\", "") if field else ""
        if field and _is_page(ids.parse(url)):
            yield url, Mention(library.bibliography.path, field.line, entry.key)


def _of_texts(library: Library) -> Iterator[tuple[str, Mention]]:
    for place in library.places:
        for item in place.section.reading:
            if item.url:
                yield item.url, Mention(place.volume.lists.path, item.line, "", place.section.anchor)
    for volume in library.volumes:
        for link in (*volume.guide.pages, *volume.guide.citations) if volume.guide else ():
            if link.url and _is_page(link.identifier):
                assert volume.guide
                yield link.url, Mention(volume.guide.path, link.line, "", link.section)


def _is_page(identifier: Identifier | None) -> bool:
    """Whether an address is one to look at: the papers of arXiv and DOIs are asked for in batches."""
    return identifier is not None and identifier.kind not in ASKED_IN_BATCHES
