"""Asking arXiv, Crossref and their stand-ins what is due, in few requests, and sorting the answers by citation key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from citeman import ids
from citeman.commands.sync.questions import Due, Questions, doi_of, searches
from citeman.ids import Identifier
from citeman.lock import Lock
from citeman.merge import as_record, is_withdrawal_suspected
from citeman.merge.combine import role
from citeman.model import Entry, Finding, Record

if TYPE_CHECKING:
    from citeman.sources.http import Session
    from citeman.sources.upstream import Answers

ARXIV_BATCH = 100
CROSSREF_REQUESTS = 24
"""Requests to Crossref in one sync; what the DOIs leave over goes into searches for published versions."""
WITHDRAWALS = 10
"""Suspected withdrawals that one sync has confirmed, one request each; the others wait for the next one."""

Step = Callable[[int], None]


@dataclass(slots=True)
class Heard:
    """What the sources said, by citation key, and what they could not say."""

    records: dict[str, list[Record]] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)
    """Keys that somebody could not be asked about."""
    outages: dict[str, str] = field(default_factory=dict)
    """Service -> why it could not be reached."""
    unknown: list[tuple[str, Identifier]] = field(default_factory=list)
    """(key, identifier) that the sources do not know."""

    def take(self, asked: Mapping[str, Identifier], answers: Answers) -> None:
        """Sort answers by key."""
        self.outages.update(answers.outages)
        for key, identifier in asked.items():
            record = answers.of(identifier)
            if record:
                self.records.setdefault(key, []).append(record)
            elif str(identifier) in answers.unreachable:
                self.unanswered.add(key)
            else:
                self.unknown.append((key, identifier))

    def preprint(self, key: str) -> Record | None:
        """What was heard of a key's preprint."""
        return next((record for record in self.records.get(key, ()) if role(record) == "preprint"), None)

    def findings(self, entries: Mapping[str, Entry], path: str) -> tuple[Finding, ...]:
        """What is to be said of identifiers that nobody knows; a young DOI may be unknown for some days."""
        return tuple(_unknown(entries[key], identifier, path) for key, identifier in self.unknown if key in entries)


def ask(session: Session, entries: Mapping[str, Entry], lock: Lock, due: Due, wanted: Questions, step: Step) -> Heard:
    """Ask the sources what is wanted of these entries, and what follows from it. An outage is noted and never raised."""
    heard = Heard()
    _ask_arxiv(session, heard, wanted, step)
    _ask_withdrawals(session, heard, entries, lock, due)
    _ask_dois(session, heard, {**_newly_named(heard, entries, lock), **wanted.dois}, step)
    _search(session, heard, entries, lock, wanted, due)
    return heard


def _ask_arxiv(session: Session, heard: Heard, wanted: Questions, step: Step) -> None:
    from citeman.sources import arxiv

    for batch in _batches(list(wanted.arxiv.items()), ARXIV_BATCH):
        heard.take(dict(batch), arxiv.fetch(session, [identifier for _, identifier in batch]))
        step(len(batch))


def _ask_withdrawals(session: Session, heard: Heard, entries: Mapping[str, Entry], lock: Lock, due: Due) -> None:
    """Have suspected withdrawals confirmed, by the only record that arXiv marks them in."""
    from citeman.sources import arxiv
    from citeman.sources.upstream import Unreachable

    suspected = [(key, record) for key in entries if (record := heard.preprint(key)) and is_withdrawal_suspected(record)]
    wanted = [(key, record) for key, record in suspected if _is_unconfirmed(key, record, lock, due)]
    for key, record in wanted[:WITHDRAWALS]:
        try:
            raw = arxiv.withdrawal(session, record.identifier)
        except Unreachable as outage:
            heard.outages[outage.service] = outage.reason
            return
        heard.records[key] += [raw] if raw else []


def _is_unconfirmed(key: str, record: Record, lock: Lock, due: Due) -> bool:
    raw = lock.get(key).said.get("arxiv-oai")
    fresh = raw and raw.version >= record.version and not lock.due(key, due.now, due.max_age, "arxiv-oai")
    return record.source != "arxiv-oai" and not fresh


def _newly_named(heard: Heard, entries: Mapping[str, Entry], lock: Lock) -> dict[str, Identifier]:
    """The DOIs that preprints now name, of entries that have none."""
    named = {}
    for key, entry in entries.items():
        preprint = heard.preprint(key)
        doi = ids.parse(preprint.published_doi) if preprint else None
        if doi and doi.kind == "doi" and doi_of(entry, lock.get(key)) is None:
            named[key] = doi
    return named


def _ask_dois(session: Session, heard: Heard, dois: Mapping[str, Identifier], step: Step) -> None:
    """Ask Crossref, and DataCite for what Crossref does not know."""
    from citeman.sources import crossref, datacite

    if not dois:
        return
    answers = crossref.fetch(session, dois.values())
    elsewhere = [identifier for identifier in dois.values() if str(identifier) in answers.missing]
    if elsewhere:
        answers = answers.and_(datacite.fetch(session, elsewhere))
    heard.take(dois, answers)
    step(len(dois))


def _search(session: Session, heard: Heard, entries: Mapping[str, Entry], lock: Lock, wanted: Questions, due: Due) -> None:
    """Search for published versions that nobody names, as many as the sync's share of requests allows."""
    from citeman.sources.upstream import Unreachable

    unnamed = [entry for entry in entries.values() if not _is_named(heard, entry.key)]
    for key in searches(unnamed, lock, wanted, due, CROSSREF_REQUESTS - session.requests["crossref"]):
        try:
            found = _published_version(session, heard.preprint(key) or as_record(entries[key]))
        except Unreachable as outage:
            heard.outages[outage.service] = outage.reason
            return
        if found:
            heard.records.setdefault(key, []).extend(found)


def _is_named(heard: Heard, key: str) -> bool:
    return any(record.published_doi or role(record) != "preprint" for record in heard.records.get(key, ()))


def _published_version(session: Session, preprint: Record) -> list[Record]:
    """What alone is the preprint's version of record beyond doubt, else the first that may be one."""
    from citeman.sources import published

    judged = published.search(session, preprint)
    certain = [record for record, verdict in judged if verdict.decision == "same"]
    return certain if len(certain) == 1 else [record for record, verdict in judged if verdict.decision == "doubtful"][:1]


def _batches(values: Sequence[tuple[str, Identifier]], size: int) -> Iterable[Sequence[tuple[str, Identifier]]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _unknown(entry: Entry, identifier: Identifier, path: str) -> Finding:
    if identifier.kind == "arxiv":
        field = entry.field("eprint")
        message = f"arXiv has no paper {identifier.value}; correct the identifier"
        return Finding("unknown-identifier", "error", message, path, field.line if field else entry.line, entry.key)
    field = entry.field("doi")
    message = f"neither Crossref nor DataCite knows {identifier}; correct it, or wait some days if it is new"
    return Finding("unknown-identifier", "hint", message, path, field.line if field else entry.line, entry.key)
