"""What is asked further about works that are found: the version of record or preprint that they do not name, a withdrawal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from citeman import merge, tex
from citeman.commands.add.works import Work, joined, told_published
from citeman.lock import Locked
from citeman.merge import is_withdrawal_suspected
from citeman.merge.changes import KINDS
from citeman.merge.news import news
from citeman.model import Record

if TYPE_CHECKING:
    from citeman.sources.http import Session

SEARCHED = 5
"""For at most so many preprints of one run a published version is searched for; `sync` does it for the rest, in its own time."""
CONFIRMED = 5
"""Suspected withdrawals of one run that are looked up, one request each."""


def followed(session: Session, works: Sequence[Work]) -> tuple[list[Work], dict[str, str]]:
    """Complete works by what is to be asked about them one by one, and say what a person should know; the outages come second."""
    outages: dict[str, str] = {}
    if not session.offline:
        works = _published(session, works, outages)
        works = joined(_preprinted(session, works, outages))
        works = _withdrawn(session, works, outages)
    return [work.with_records((), *_life(work)) for work in works], outages


def _published(session: Session, works: Sequence[Work], outages: dict[str, str]) -> list[Work]:
    """Search a version of record for preprints that assert none; taken when title, first author and years agree beyond doubt."""
    from citeman.sources import published
    from citeman.sources.upstream import Unreachable

    searched = {id(work) for work in works if _is_unpublished(work)}
    found: list[Work] = []
    for work in works:
        if len(searched) <= SEARCHED and id(work) in searched and not outages:
            try:
                work = _with_version_of_record(work, published.search(session, work.records[0]))
            except Unreachable as outage:
                outages[outage.service] = outage.reason
        found.append(work)
    return found


def _is_unpublished(work: Work) -> bool:
    """Whether a work is a preprint at arXiv of which no source names a version of record."""
    preprint = bool(work.combined.fields.get("eprint") and work.combined.fields.get("title"))
    return preprint and not work.combined.formal and not any(record.published_doi for record in work.records)


def _with_version_of_record(work: Work, judged: Sequence[tuple[Record, merge.Verdict]]) -> Work:
    certain = [(record, verdict) for record, verdict in judged if verdict.decision == "same"]
    if len(certain) == 1:
        record, verdict = certain[0]
        return work.with_records([record], *told_published(work.records[0], record, f"found by a search, {verdict.reason}"))
    if not judged:
        return work
    likely = certain or judged[:1]
    names = " or ".join(_shown(record) for record, _ in likely)
    return work.with_records((), f"perhaps published as {names}, not beyond doubt ({likely[0][1].reason}); not taken")


def _preprinted(session: Session, works: Sequence[Work], outages: dict[str, str]) -> list[Work]:
    """Look for the arXiv paper of published works that name none: named by its authors, or alike beyond doubt."""
    from citeman.sources import published
    from citeman.sources.upstream import Unreachable

    wanted = {
        id(work): record for work in works if (record := _version_of_record(work)) and not work.combined.fields.get("eprint")
    }
    if not wanted:
        return list(works)
    try:
        found = published.preprints(session, list(wanted.values()), len(wanted) <= SEARCHED)
    except Unreachable as outage:
        outages[outage.service] = outage.reason
        return list(works)
    return [_with_preprint(work, wanted[id(work)], found) if id(work) in wanted else work for work in works]


def _version_of_record(work: Work) -> Record | None:
    records = (record for record in work.records if record.source == "crossref" and merge.role(record) != "preprint")
    return next((record for record in records if record.fields.get("doi") and not record.preprint), None)


def _with_preprint(work: Work, record: Record, found: Sequence[Record]) -> Work:
    named = [one for one in found if one.published_doi == record.fields["doi"]]
    for one in named:
        verdict = merge.same_work(one, record)
        if verdict.contradicts:
            return work.with_records(
                (), f"DataCite calls {_shown(one)} its preprint, another paper ({verdict.reason}); not taken"
            )
    judged = [(one, merge.same_work(one, record)) for one in found if not one.published_doi]
    certain = [(one, f"found by a search, {verdict.reason}") for one, verdict in judged if verdict.decision == "same"]
    taken = [(one, "DataCite says so") for one in named] or certain
    if len(taken) != 1:
        return work
    preprint, ground = taken[0]
    return work.with_records([preprint], *told_published(preprint, record, ground))


def _shown(record: Record) -> str:
    return f"{record.identifier} (“{tex.to_text(record.fields.get('title', ''))}”)"


def _withdrawn(session: Session, works: Sequence[Work], outages: dict[str, str]) -> list[Work]:
    """Have suspected withdrawals confirmed by the only record that arXiv marks them in."""
    from citeman.sources import arxiv
    from citeman.sources.upstream import Unreachable

    found: list[Work] = []
    left = CONFIRMED
    for work in works:
        suspect = next((record for record in work.records if record.source == "arxiv" and is_withdrawal_suspected(record)), None)
        if suspect and left and not outages:
            left -= 1
            try:
                raw = arxiv.withdrawal(session, suspect.identifier)
            except Unreachable as outage:
                outages[outage.service], raw = outage.reason, None
            work = work.with_records([raw]) if raw else work
        found.append(work)
    return found


def _life(work: Work) -> Iterator[str]:
    """What has become of the paper: withdrawn, retracted, corrected, said to be published."""
    if not any(record.withdrawn or record.updates or record.comment or record.journal_ref for record in work.records):
        return
    found = sorted(news(work.entry("new"), Locked(), work.records), key=lambda change: KINDS.index(change.kind))
    for change in found:
        if change.kind in {"withdrawn", "retracted"}:
            yield f"BEWARE: {change.note}" + (f": “{change.theirs}”" if change.field == "comment" else "")
        elif change.kind == "corrected":
            yield f"corrected: {change.note}"
        elif change.kind == "published" and change.field != "doi" and not work.combined.formal:
            yield f"{change.note}: “{change.theirs}”"
