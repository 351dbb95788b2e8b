"""What becomes of one field: the merge's own decision, a person's new one, or one that is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from citeman.errors import UsageError
from citeman.lock import Decision, Locked
from citeman.merge.changes import Action, Change, Choice, Operation
from citeman.merge.meaning import same
from citeman.merge.sides import Sides
from citeman.merge.threeway import decide
from citeman.merge.view import names_of
from citeman.model import Entry


@dataclass(frozen=True, slots=True)
class Settled:
    """One field in which the entry and upstream differ, and what is done about it."""

    change: Change
    operations: tuple[Operation, ...] = ()
    open: bool = False
    """It waits for a person: the base stays what it was."""
    decision: Decision | None = None
    """A new decision of a person, to be remembered."""


def settle(entry: Entry, locked: Locked, sides: Sides, choices: Mapping[str, Choice]) -> tuple[Settled, ...]:
    """Decide every field of an entry. `choices` by field, or under the empty name for all that is in conflict.

    Raises UsageError for a choice where there is nothing to choose.
    """
    found = tuple(_differing(entry, locked, sides))
    chosen = _spread(entry.key, found, choices)
    return tuple(_choose(entry, sides, one, chosen.get(one.change.field)) for one in found)


def remembered(locked: Locked, sides: Sides, settled: Iterable[Settled]) -> Locked:
    """Return what is locked for a key with the open conflicts and the decisions as they are now."""
    settled = tuple(settled)
    decisions = {
        name: decision
        for name, decision in locked.settled.items()
        if name not in sides.theirs or same(name, decision.theirs, sides.theirs[name])
    }
    decisions |= {one.change.field: one.decision for one in settled if one.decision}
    still_open = {one.change.field: one.change.base for one in settled if one.open}
    return locked._replace(open=still_open, settled=decisions)


def _differing(entry: Entry, locked: Locked, sides: Sides) -> Iterator[Settled]:
    names = names_of(entry)
    for name, theirs in sides.theirs.items():
        base, ours = sides.base.get(name, ""), sides.ours.get(name, "")
        outcome = decide(name, base, ours, theirs)
        if not outcome:
            continue
        if outcome == "conflict" and (sides.deferential or _was_kept(locked, name, theirs)):
            outcome = "kept"
        if outcome == "taken" and _is_inherited(entry, names.get(name, name)):
            outcome = "kept"
        source = sides.after.origins.get(name, "")
        change = Change(entry.key, "field", name, base, ours, theirs, outcome, source=source)
        operations = (_operation(entry, name, theirs),) if outcome == "taken" else ()
        yield Settled(change, operations, outcome == "conflict")


def _was_kept(locked: Locked, name: str, theirs: str) -> bool:
    decision = locked.settled.get(name)
    return decision is not None and decision.choice == "keep" and same(name, decision.theirs, theirs)


def _is_inherited(entry: Entry, name: str) -> bool:
    """Whether the value comes from another entry, by `crossref` or `xdata`."""
    field = entry.field(name)
    return field is not None and entry.end > 0 and not entry.start <= field.start <= entry.end


def _operation(entry: Entry, name: str, value: str) -> Operation:
    if name == "type":
        return Operation("type", entry.key, "", value)
    own = names_of(entry).get(name, name)
    return Operation("set", entry.key, own, value) if value else Operation("remove", entry.key, own)


def _spread(key: str, found: Iterable[Settled], choices: Mapping[str, Choice]) -> dict[str, Choice]:
    """Choices by field, one for the whole key spread over the fields in conflict."""
    differing = {one.change.field: one.open for one in found}
    spread = {name: choices[""] for name, is_open in differing.items() if is_open} if "" in choices else {}
    if "" in choices and not spread:
        raise UsageError(f"{key}: nothing is in conflict{_differing_fields(key, differing)}")
    for name, choice in choices.items():
        if name and name not in differing:
            raise UsageError(f"{key}.{name}: nothing to settle, upstream says no other{_differing_fields(key, differing)}")
        if name:
            spread[name] = choice
    return spread


def _differing_fields(key: str, differing: Iterable[str]) -> str:
    names = ", ".join(f"{key}.{name}" for name in differing)
    return f"; upstream differs in {names}" if names else ""


def _choose(entry: Entry, sides: Sides, one: Settled, choice: Choice | None) -> Settled:
    if choice is None:
        return one
    name, theirs = one.change.field, one.change.theirs
    if choice.action == "later":
        return Settled(_as(one, "conflict" if one.open else "kept", "left for later"), open=True)
    if choice.action == "accept":
        return Settled(_as(one, "taken", "accepted"), (_operation(entry, name, theirs),), decision=Decision("accept", theirs))
    if choice.action == "edit":
        operations = (_operation(entry, name, choice.value),)
        return Settled(_as(one, "kept", f"edited to {choice.value}"), operations, decision=Decision("keep", theirs))
    return Settled(_as(one, "kept", "kept for good"), decision=Decision("keep", theirs))


def _as(one: Settled, action: Action, note: str) -> Change:
    return one.change._replace(action=action, note=note)
