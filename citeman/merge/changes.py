"""What a sync comes to: changes to report, operations on the bibliography, a new lock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from citeman.lock import Lock
from citeman.model import Finding
from citeman.named import NamedTuple

Kind = Literal["new-version", "published", "withdrawn", "retracted", "corrected", "field"]
Action = Literal["taken", "kept", "conflict"]
KINDS: tuple[Kind, ...] = ("withdrawn", "retracted", "corrected", "published", "new-version", "field")
"""In the order in which they are reported: what a reader must know first."""


class Change(NamedTuple):
    """One thing that upstream says and that is not in the store yet, or not as upstream says it."""

    key: str
    kind: Kind
    field: str = ""
    """The entry's field (or `type`); `version` for a new version; the notice's type for a retraction or correction."""
    base: str = ""
    ours: str = ""
    theirs: str = ""
    action: Action = "taken"
    """`taken`: the store follows. `kept`: it does not, because a person decided otherwise or because it is only a hint.
    `conflict`: it waits for a person."""
    note: str = ""
    """What a person should know beyond the values."""
    source: str = ""
    """For a field: the source whose value `theirs` is."""


class Operation(NamedTuple):
    """One edit of the bibliography: set a field, remove it, or give the entry another type."""

    action: Literal["set", "remove", "type"]
    key: str
    field: str = ""
    value: str = ""


class Choice(NamedTuple):
    """What a person decided for one field, or for all that is in conflict of a key."""

    action: Literal["accept", "keep", "later", "edit"]
    value: str = ""
    """For `edit`: the value that the field is to have."""


class Plan(NamedTuple):
    """What a sync would do. Nothing is done yet."""

    lock: Lock
    changes: tuple[Change, ...] = ()
    operations: tuple[Operation, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """The changes that wait for a person."""
        return tuple(change for change in self.changes if change.action == "conflict")


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Sort changes by key, then the gravest kind first; fields stay in the order given."""
    return tuple(sorted(changes, key=lambda change: (change.key, KINDS.index(change.kind))))
