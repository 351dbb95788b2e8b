"""The plan of a sync: what becomes of each entry when its sources have spoken, and what the lock remembers of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from citeman import ids, tex
from citeman.errors import UsageError
from citeman.lock import A_DAY, NOTHING, Lock, Locked, Said
from citeman.merge.changes import Change, Choice, Operation, Plan, in_order
from citeman.merge.combine import role
from citeman.merge.judge import Judged, judge
from citeman.merge.news import news
from citeman.merge.settle import remembered, settle
from citeman.merge.sides import Sides, sides
from citeman.model import Entry, Finding, Record

Choices = Mapping[tuple[str, str], Choice]
"""(citation key, field) -> what a person decided; an empty field stands for everything of the key that is in conflict."""
NO_CHOICES: Choices = {}


@dataclass(frozen=True, slots=True)
class Clock:
    """The ISO time of the answers, and how old a time in the lock must be to be renewed by an answer that says nothing new."""

    now: str
    renew: timedelta = A_DAY


@dataclass(frozen=True, slots=True)
class Outlook:
    """The plan of one entry."""

    locked: Locked
    changes: tuple[Change, ...] = ()
    operations: tuple[Operation, ...] = ()
    findings: tuple[Finding, ...] = ()


def plan(
    entries: Mapping[str, Entry],
    lock: Lock,
    records: Mapping[str, Sequence[Record]],
    clock: Clock,
    choices: Choices = NO_CHOICES,
    path: str = "references.bib",
    again: Collection[str] = (),
) -> Plan:
    """Say what a sync would do with these answers, which stand under the citation keys they were asked for.

    A key without an answer is never judged, but for those in `again`: what their sources said last is looked at again, as for
    a conflict that still waits. Entries may hold inherited fields (their offsets lie outside of the entry): these
    count as the entry's values and are never edited. `path` is the bibliography's, for findings. Raises UsageError for a
    choice where there is nothing to choose.
    """
    for key, _ in choices:
        if key not in entries:
            raise UsageError(f"no entry {key!r} to settle anything for")
    asked = sorted(entries.keys() & {*records, *again, *(key for key, _ in choices)})
    if not asked:
        return Plan(lock)
    owners = {str(identifier): entry.key for entry in reversed(tuple(entries.values())) for identifier in ids.of_entry(entry)}
    judged = {key: judge(entries[key], lock.get(key), records.get(key, ()), path, owners) for key in asked}
    outlooks = {key: _outlook(entries[key], lock, judged[key], clock, _of_key(choices, key)) for key in asked}
    for key, outlook in outlooks.items():
        lock = lock if outlook.locked == lock.get(key) else lock.with_paper(key, outlook.locked)
    return Plan(
        lock,
        in_order(change for outlook in outlooks.values() for change in outlook.changes),
        tuple(operation for outlook in outlooks.values() for operation in outlook.operations),
        tuple(finding for outlook in outlooks.values() for finding in outlook.findings),
    )


def adopted(lock: Lock, entries: Mapping[str, Entry], forget: bool = True) -> Lock:
    """Return the lock with keys that a person renamed by hand under their new names, and keys that are gone forgotten.

    `forget` is to be false while a part of the bibliography cannot be read: its keys only seem to be gone.
    """
    gone = sorted(lock.papers.keys() - entries.keys())
    old_keys = {said.identifier: key for key in gone for said in lock.get(key).said.values()}
    for key in sorted(entries.keys() - lock.papers.keys()) if gone else ():
        names = [str(identifier) for identifier in ids.of_entry(entries[key])]
        old = next((old_keys[name] for name in names if name in old_keys), "")
        lock = lock.renamed(old, key)
    for key in gone if forget else ():
        lock = lock.without(key)
    return lock


def _of_key(choices: Choices, key: str) -> dict[str, Choice]:
    return {name: choice for (owner, name), choice in choices.items() if owner == key}


def _outlook(entry: Entry, lock: Lock, judged: Judged, clock: Clock, choices: Mapping[str, Choice]) -> Outlook:
    locked = lock.get(entry.key)
    if choices.get("") == Choice("later") or ((judged.changes or judged.findings) and not (judged.records or choices)):
        return Outlook(locked, judged.changes, (), judged.findings)
    before = judge(entry, NOTHING, locked.records, "").records
    after = _remember(entry.key, lock, before, judged.records, clock)
    view = sides(entry, locked, before, after.records)
    settled = settle(entry, locked, view, choices)
    changes = (
        *_not_answered(news(entry, locked, judged.records), view, judged),
        *judged.changes,
        *_upgrade(entry, view, judged),
        *(one.change for one in settled),
    )
    operations = tuple(operation for one in settled for operation in one.operations)
    return Outlook(remembered(after, view, settled), changes, operations, judged.findings)


def _remember(key: str, lock: Lock, before: Collection[Record], records: Iterable[Record], clock: Clock) -> Locked:
    """What is locked for a key when these records were heard; what was said of another paper than the entry's is forgotten."""
    locked = lock.get(key)
    said: dict[str, Said] = {record.source: locked.said[record.source] for record in before}
    lock = lock.with_paper(key, locked._replace(said=said))
    for record in records:
        known = said.get(record.source)
        names = known.aliases if known and known.identifier == record.identifier else ()
        aliases = tuple(sorted({*names, *record.aliases}))
        lock = lock.with_record(key, record._replace(aliases=aliases), clock.now, clock.renew)
    return lock.get(key)


def _not_answered(changes: Iterable[Change], view: Sides, judged: Judged) -> Iterator[Change]:
    """Hints of a publication are left out where the version of record itself has spoken, or more is to be said of it."""
    told = {change.theirs for change in judged.changes}
    for change in changes:
        is_hint = change.kind == "published" and change.action == "kept"
        if not (is_hint and (view.after.formal or f"doi:{change.theirs}" in told)):
            yield change


def _upgrade(entry: Entry, view: Sides, judged: Judged) -> Iterator[Change]:
    if not (view.upgrade and view.news):
        return
    record = next(record for record in judged.records if role(record) != "preprint")
    fields = view.after.fields
    venue = tex.to_unicode(fields.get("journal") or fields.get("booktitle") or fields.get("publisher", ""))
    where = " ".join(filter(None, (venue, view.after.published_year)))
    preprint = next((str(one) for one in ids.of_entry(entry) if one.kind == "arxiv"), "")
    note = "; ".join(filter(None, (where, judged.how)))
    yield Change(entry.key, "published", "", preprint, entry.type, record.identifier, "taken", note)
