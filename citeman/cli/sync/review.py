"""`sync --review`: one change at a time on a terminal; what is not decided comes again next time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from citeman.cli.console import Console
from citeman.tex import to_text

if TYPE_CHECKING:
    from citeman.commands.sync import Synced
    from citeman.merge import Change, Choice

ANSWERS = {"t": "accept", "a": "accept", "k": "keep", "l": "later", "e": "edit", "q": "later"}
QUESTION = "[t]ake, take [a]ll of this paper, [k]eep, [e]dit, [l]ater, [q]uit? "


def review(synced: Synced, console: Console) -> dict[tuple[str, str], Choice]:
    """Ask for each change what becomes of it. Quitting leaves this one and all that follow for later."""

    choices: dict[tuple[str, str], Choice] = {}
    asked = list(_asked(synced.changes))
    told: set[str] = set()
    for number, change in enumerate(asked, 1):
        if (change.key, change.field) in choices:
            continue
        if change.key not in told:
            told.add(change.key)
            _introduce(change.key, synced, console)
        _show(change, number, len(asked), console)
        choice, letter = _answer(change)
        choices[change.key, change.field] = choice
        following = [other for other in asked[number:] if letter == "q" or (letter == "a" and other.key == change.key)]
        choices |= {(other.key, other.field): choice for other in following}
        if letter == "q":
            break
    return _whole_papers(synced.changes, choices)


def _introduce(key: str, synced: Synced, console: Console) -> None:
    """Say what is new of a paper beyond its fields, and where the guides cite it."""
    for change in synced.changes:
        if change.key == key and change.kind != "field" and change.note:
            console.print(f"{key}: {change.kind}: {change.note}")
    for one in synced.cited.get(key, ()):
        console.print(f"{key}: cited at {one.path}:{one.line}: {one.sentence}")


def _asked(changes: Iterable[Change]) -> Iterator[Change]:
    return (change for change in changes if change.kind == "field" and change.action != "kept")


def _whole_papers(changes: Iterable[Change], choices: dict[tuple[str, str], Choice]) -> dict[tuple[str, str], Choice]:
    """A paper of which every change is left for later is left as if nobody had asked for it."""
    from citeman.merge import Choice

    later = Choice("later")
    keys = {key for key, _ in choices}
    untouched = {key for key in keys if all(choice == later for (own, _), choice in choices.items() if own == key)}
    fresh = untouched - {change.key for change in changes if change.action == "conflict"}
    kept = {target: choice for target, choice in choices.items() if target[0] not in fresh}
    return kept | {(key, ""): later for key in fresh}


def _show(change: Change, number: int, total: int, console: Console) -> None:
    console.print(console.style(f"{number}/{total}  {change.key}  {change.field}", "bold"))
    if change.action == "conflict":
        console.print(f"  was       {to_text(change.base)}")
    console.print(f"  yours     {to_text(change.ours) or '(nothing)'}")
    console.print(f"  upstream  {to_text(change.theirs) or '(nothing)'}")


def _answer(change: Change) -> tuple[Choice, str]:
    """Ask until the answer is one of the letters; the end of the input quits."""
    from citeman.merge import Choice

    while True:
        try:
            letter = input(QUESTION).strip().lower()[:1]
            if letter == "e":
                value = input(f"  {change.field} = ").strip()
                return (Choice("edit", value) if value else Choice("later")), letter
        except EOFError:
            return Choice("later"), "q"
        if letter in ANSWERS:
            return Choice(ANSWERS[letter]), letter  # type: ignore[arg-type]
