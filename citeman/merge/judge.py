"""Which records may speak of an entry: one that speaks of another paper is a finding and is never merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from citeman import ids, names, tex
from citeman.lock import Locked
from citeman.merge.changes import Change
from citeman.merge.combine import role
from citeman.merge.view import as_record, is_published, ours
from citeman.merge.works import is_fake, same_work
from citeman.model import Entry, Finding, Record

RULE = "another-paper"
NOBODY: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Judged:
    """The records that speak of the entry's work, and what is to be said of the others."""

    records: tuple[Record, ...] = ()
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    how: str = ""
    """For a version of record that is new to an entry: on what ground it is believed to be one."""


def judge(entry: Entry, locked: Locked, records: Iterable[Record], path: str, owners: Mapping[str, str] = NOBODY) -> Judged:
    """Let through the records that speak of the entry's own work.

    A record under an identifier of the entry, or one that a source asserts, is believed unless title, authors and years
    contradict; one that was found by a search is believed only beyond doubt; one that is another entry's (`owners`:
    identifier -> citation key) is told of and not believed, or the store would hold one work twice.
    """
    own = {str(identifier) for identifier in ids.of_entry(entry)}
    believed: list[Record] = []
    changes: list[Change] = []
    findings: list[Finding] = []
    how = ""
    for record in sorted(records, key=lambda record: role(record) != "preprint"):
        owner = owners.get(record.identifier, entry.key)
        if owner != entry.key and record.identifier not in own:
            changes.append(_elsewhere(entry, record, owner))
            continue
        ground = _asserted(record, own, [*believed, *locked.records])
        verdict = same_work(_witness(entry, believed), record)
        if ground and not verdict.contradicts and not _moved_away(locked, record):
            believed.append(record)
            how = how or (ground if role(record) != "preprint" else "")
        elif ground:
            findings.append(_another_paper(entry, record, verdict.reason, path))
        elif verdict.decision == "same":
            believed.append(record)
            how = how or verdict.reason
        elif verdict.decision == "doubtful":
            changes.append(_perhaps(entry, record, verdict.reason))
    return Judged(tuple(believed), tuple(changes), tuple(findings), how if not is_published(entry) else "")


def _witness(entry: Entry, believed: list[Record]) -> Record:
    """What a record is compared with: the entry; for want of a title there, what was believed of it already."""
    mine = as_record(entry)
    return mine if mine.fields.get("title") or not believed else believed[0]


def _asserted(record: Record, own: set[str], others: Iterable[Record]) -> str:
    """On what ground a record belongs to the entry by identifier; empty when nobody says so."""
    named = {record.identifier, *record.aliases}
    if named & own:
        return "the entry names it"
    for other in others:
        if is_fake(record):
            break
        if other.published_doi and f"doi:{other.published_doi.casefold()}" in named:
            return f"{other.source} names it as the published version of {other.identifier}"
        if record.preprint and record.preprint == other.identifier:
            return f"{record.source} names {other.identifier} as its preprint"
    if record.published_doi and f"doi:{record.published_doi.casefold()}" in own:
        return f"{record.source} names the entry's DOI as its published version"
    return f"{record.source} names {record.preprint} as its preprint" if record.preprint in own else ""


def _moved_away(locked: Locked, record: Record) -> bool:
    """Whether the same identifier at the same source was another paper the last time."""
    before = locked.said.get(record.source)
    if before is None or before.identifier != record.identifier:
        return False
    return same_work(before.record, record).contradicts


def _another_paper(entry: Entry, record: Record, reason: str, path: str) -> Finding:
    year = record.fields.get("year") or record.published[:4]
    authors = names.short(names.parse(record.fields.get("author", "")))
    found = f"“{tex.to_unicode(record.fields.get('title', '?'))}” ({' '.join(filter(None, (authors, year)))})"
    field = entry.field("eprint" if record.identifier.startswith("arXiv:") else "doi")
    message = f"{record.identifier} is another paper: {found}; {reason}; correct the identifier or the entry"
    return Finding(RULE, "error", message, path, field.line if field else entry.line, entry.key)


def _elsewhere(entry: Entry, record: Record, owner: str) -> Change:
    note = f"published as {record.identifier}, which is in the store as {owner}: one of the two entries is enough"
    return Change(
        entry.key, "published", "doi", ours=ours(entry).get("doi", ""), theirs=record.identifier, action="kept", note=note
    )


def _perhaps(entry: Entry, record: Record, reason: str) -> Change:
    note = f"perhaps published as {record.identifier}, not beyond doubt: {reason}"
    return Change(
        entry.key, "published", "doi", ours=ours(entry).get("doi", ""), theirs=record.identifier, action="kept", note=note
    )
