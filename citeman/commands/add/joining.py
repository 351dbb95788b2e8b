"""A work that is in the store under another name: what its records could bring into the entry, proposed and not done unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from citeman import ids, merge
from citeman.commands.add.identity import is_bare
from citeman.commands.add.works import Work
from citeman.draft import Draft
from citeman.library import Library
from citeman.merge.meaning import same
from citeman.merge.view import VENUES, ours
from citeman.model import Entry

if TYPE_CHECKING:
    from citeman.merge import Plan
    from citeman.sources.http import Session


def republished(entry: Entry, work: Work) -> bool:
    """Whether a work is a second publication of what an entry stands for: both are published, elsewhere."""
    if not (merge.is_published(entry) and work.combined.formal):
        return False
    mine, fields = ours(entry), work.combined.fields
    if mine.get("doi") and fields.get("doi"):
        return not same("doi", mine["doi"], fields["doi"])
    return not any(mine.get(name) and fields.get(name) and same(name, mine[name], fields[name]) for name in VENUES)


def unknown_names(entry: Entry, work: Work) -> list[str]:
    """The identifiers of a work that the entry does not carry."""
    own = {str(identifier) for identifier in ids.of_entry(entry)}
    return [name for name in work.identifiers if name not in own and ids.parse(name)]


def plan_of(draft: Draft, key: str, work: Work, now: str) -> Plan | None:
    """What the records of a work would bring into an entry, a person's words kept; None where they bring nothing new."""
    entry = draft.library.entry(key)
    if not (is_bare(entry) or unknown_names(entry, work)) or republished(entry, work):
        return None
    records = {key: [record for record in work.records if record.source != "file"]}
    plan = merge.plan({key: entry}, draft.lock, records, merge.Clock(now), path=draft.bibliography.path)
    return plan if plan.operations else None


def completed(session: Session, library: Library, work: Work, key: str) -> Work:
    """Return a work that goes into an entry with what the sources say of the entry's own names, to measure its words by."""
    entry = library.bibliography.get(key)
    missing = [one for one in ids.of_entry(entry) if str(one) not in work.identifiers] if entry else []
    if not missing:
        return work
    from citeman.sources import look_up

    found = [record for record in look_up(session, missing).records if record not in work.records]
    return work.with_records(record for record in found if not merge.same_work(work.records[0], record).contradicts)


def join(draft: Draft, key: str, plan: Plan) -> None:
    """Do what the plan says."""
    own = [one for one in plan.operations if one.key == key]
    edits = draft.bibliography.edit_entry(
        key,
        set={one.field: one.value for one in own if one.action == "set"},
        remove=[one.field for one in own if one.action == "remove"],
        type=next((one.value for one in own if one.action == "type"), None),
    )
    draft.edit_bibliography(edits)
    draft.set_lock(plan.lock)


def described(entry: Entry, work: Work, reason: str) -> str:
    """Say what a work is to an entry, and on what ground."""
    name = next(iter(unknown_names(entry, work)), work.identifiers[0] if work.identifiers else "this")
    if republished(entry, work):
        what = "another publication of"
    elif work.combined.formal and not merge.is_published(entry):
        what = "the version of record of"
    else:
        what = "the preprint of" if merge.is_published(entry) and name.startswith("arXiv:") else "the same work as"
    return f"{name} is {what} {entry.key}: {reason or 'an identifier says so'}"
