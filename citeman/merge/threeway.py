"""The three-way merge of an entry's fields: what upstream said last time, what stands in the file, what upstream says now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from citeman.merge.meaning import same

Outcome = Literal["", "taken", "kept", "conflict"]


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged fields (an absent one has no value), and what became of each field in which the sides differ."""

    fields: Mapping[str, str]
    outcomes: Mapping[str, Outcome]

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The fields that upstream and a person both changed; they stand as the person left them."""
        return tuple(name for name, outcome in self.outcomes.items() if outcome == "conflict")


def three_way(base: Mapping[str, str], ours: Mapping[str, str], theirs: Mapping[str, str]) -> Merge:
    """Merge two changes of the same fields; equality is of meaning, and a value that means the same is never rewritten."""
    fields, outcomes = {}, {}
    for name in dict.fromkeys([*ours, *theirs, *base]):
        left, mine, right = base.get(name, ""), ours.get(name, ""), theirs.get(name, "")
        outcome = decide(name, left, mine, right)
        value = right if outcome == "taken" else mine
        if outcome:
            outcomes[name] = outcome
        if value or (name in ours and outcome != "taken"):
            fields[name] = value
    return Merge(fields, outcomes)


def decide(name: str, base: str, ours: str, theirs: str) -> Outcome:
    """Say what becomes of one field: nothing, their value `taken`, ours `kept`, or a `conflict` (ours stays, too)."""
    if same(name, ours, theirs):
        return ""
    if same(name, base, theirs):
        return "kept"
    return "taken" if same(name, base, ours) else "conflict"
