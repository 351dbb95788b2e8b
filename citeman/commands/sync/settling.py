"""The second half of a sync: the plan, on the files as they are now, and its writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC

from citeman import merge
from citeman.bib import Bibliography
from citeman.commands.letters import pin_all
from citeman.commands.sync.citing import Cited, citing
from citeman.commands.sync.syncing import A_DAY, Sync, entries_of, known_lock
from citeman.config import did_you_mean
from citeman.draft import Draft
from citeman.errors import CitemanError, UsageError
from citeman.merge import Change as Told
from citeman.merge import Choice, Operation, Plan
from citeman.model import Entry, Finding, Record
from citeman.project import Project
from citeman.store import Change
from citeman.text import Edit

Choices = Mapping[tuple[str, str], Choice]


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync came to."""

    changes: tuple[Told, ...] = ()
    findings: tuple[Finding, ...] = ()
    unreachable: Mapping[str, str] = field(default_factory=dict)
    """Service -> why it could not be reached."""
    unanswered: tuple[str, ...] = ()
    """Keys that nothing, or not everything, could be asked about."""
    requests: Mapping[str, int] = field(default_factory=dict)
    cited: Mapping[str, tuple[Cited, ...]] = field(default_factory=dict)
    """Key -> the guide's sentences that cite it, for papers of which more than fields changed."""
    files: tuple[Change, ...] = ()

    @property
    def pending(self) -> bool:
        """Whether anything is new: a change that is taken, a conflict, or another text of the bibliography."""
        return any(told.action != "kept" for told in self.changes) or any(change.path.endswith(".bib") for change in self.files)


def settle(project: Project, sync: Sync, choices: Choices, dry_run: bool = False) -> Synced:
    """Merge what was heard into the project's files, all of them or none.

    The files are read anew: what was edited while the sources were asked is a person's edit like any other. Raises UsageError
    for a choice where there is nothing to choose.
    """
    if not dry_run:
        project.keep_abstracts(record for records in sync.heard.records.values() for record in records)
    with project.locked(dry_run):
        draft = Draft(project.library, project.lock_file)
        cited = draft.library
        entries = entries_of(draft.library)
        silent = draft.lock.damage and not sync.heard.records
        if not silent:
            pin_all(draft)
        plan = _plan(draft, entries, sync, choices)
        if plan.operations or not silent:  # who heard nothing can rebuild nothing: a damaged lock stays for a person to see
            draft.set_lock(plan.lock._replace(damage=""))
        files = project.apply(draft.changes, dry_run)
    grave = {told.key for told in plan.changes if told.kind != "field" and told.action == "taken"}
    return Synced(
        plan.changes,
        (*plan.findings, *sync.heard.findings(entries, draft.bibliography.path)),
        dict(sync.heard.outages),
        tuple(sorted(sync.heard.unanswered)),
        sync.requests,
        {key: found for key in sorted(grave) if (found := citing(cited, key))},
        files,
    )


def choices_of(project: Project, accept: Iterable[str], keep: Iterable[str]) -> dict[tuple[str, str], Choice]:
    """Read `KEY` or `KEY.FIELD` of `--accept` and `--keep`; raises UsageError for a key that is not there."""
    found = {_target(project, text): Choice("accept") for text in accept}
    for text in keep:
        target = _target(project, text)
        if target in found:
            raise UsageError(f"{text} is both accepted and kept; choose one")
        found[target] = Choice("keep")
    return found


def _target(project: Project, text: str) -> tuple[str, str]:
    keys = project.library.bibliography.keys
    if text in keys:
        return text, ""
    key, _, name = text.rpartition(".")
    if key in keys and name:
        return key, name.lower()
    raise UsageError(f"no entry {key or text!r} in {project.config.bibliography}{did_you_mean(key or text, keys)}")


def _plan(draft: Draft, entries: Mapping[str, Entry], sync: Sync, choices: Choices) -> Plan:
    """Plan, and edit the draft; an answer that cannot be written into the file is a finding and changes nothing."""
    lock = known_lock(draft.library, entries)
    clock = merge.Clock(sync.now.astimezone(UTC).isoformat(timespec="seconds"), max(A_DAY, sync.scope.max_age))
    records: dict[str, list[Record]] = {key: said for key, said in sync.heard.records.items() if said}
    waiting = [key for key in sync.keys if lock.get(key).open]
    findings: list[Finding] = []
    while True:
        plan = merge.plan(entries, lock, records, clock, choices, draft.bibliography.path, waiting)
        edits, refused = _edits(draft.bibliography, plan.operations)
        if not refused:
            break
        findings += [_unwritable(entries[key], message, draft.bibliography.path) for key, message in refused.items()]
        records = {key: said for key, said in records.items() if key not in refused}
        choices = {target: choice for target, choice in choices.items() if target[0] not in refused}
    draft.edit_bibliography(edits)
    return plan._replace(findings=(*plan.findings, *findings))


def _edits(bibliography: Bibliography, operations: Iterable[Operation]) -> tuple[list[Edit], dict[str, str]]:
    """The edits of the operations, and by key why an entry cannot be edited so."""
    by_key: dict[str, list[Operation]] = {}
    for operation in operations:
        by_key.setdefault(operation.key, []).append(operation)
    edits: list[Edit] = []
    refused: dict[str, str] = {}
    for key, own in by_key.items():
        try:
            edits += bibliography.edit_entry(
                key,
                set={one.field: one.value for one in own if one.action == "set"},
                remove=[one.field for one in own if one.action == "remove"],
                type=next((one.value for one in own if one.action == "type"), None),
            )
        except CitemanError as error:
            refused[key] = error.message
    return edits, refused


def _unwritable(entry: Entry, message: str, path: str) -> Finding:
    return Finding("unwritable-answer", "error", f"what upstream says cannot be written: {message}", path, entry.line, entry.key)
