"""Several files written all or none: staged beside their places, decided in a journal, renamed; finished after a kill."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from citeman.errors import CitemanError
from citeman.named import NamedTuple
from citeman.stamp import digest
from citeman.store import files

NAME = "journal.json"


class Step(NamedTuple):
    """One rename of a write: which file, its staged new text (empty: remove it), and what the file was when it was decided."""

    target: str
    staged: str
    before: str


def commit(root: Path, journal: Path, changes: Mapping[str, bytes | None]) -> None:
    """Stage all new bytes (None removes a file), note the decision in the journal (no return from there), then rename.

    Raises CitemanError or OSError, and leaves every file as it was, when the disk refuses.
    """
    steps = {name: _step(root, name, data) for name, data in changes.items()}
    try:
        files.write_durably(journal, _dumped(steps.values(), decided=False))
        for name, data in changes.items():
            if data is not None:
                _stage(root, steps[name], data)
        files.replace_durably(journal, _dumped(steps.values(), decided=True))
    except BaseException:
        for step in steps.values():
            _discard(root, step)
        journal.unlink(missing_ok=True)
        raise
    recover(root, journal)


def recover(root: Path, journal: Path) -> None:
    """Finish the write that was decided on, or clean up after one that was not; raises OSError as the disk does."""
    decided, steps = _loaded(journal)
    for step in steps:
        _finish(root, step) if decided else _discard(root, step)
    journal.unlink()


def _step(root: Path, name: str, data: bytes | None) -> Step:
    real = Path(os.path.realpath(root / name))
    staged = os.path.relpath(real.with_name(f".{real.name}.citeman-new"), root) if data is not None else ""
    return Step(name, staged, _digest(real))


def _stage(root: Path, step: Step, data: bytes) -> None:
    staged, target = root / step.staged, root / step.target
    with files.plainly("write", step.target):
        if target.parent.is_symlink() and not os.path.exists(target.parent):
            raise CitemanError(files.NOWHERE, os.path.dirname(step.target))
        staged.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not os.access(target, os.W_OK):
            raise CitemanError("is read-only; nothing was written", step.target)
        files.write_durably(staged, data)
        files.copy_mode(target, staged)


def _dumped(steps: Iterable[Step], decided: bool) -> bytes:
    import json

    return json.dumps({"decided": decided, "steps": [*steps]}).encode()


def _loaded(path: Path) -> tuple[bool, list[Step]]:
    """A journal's steps and whether they were decided; one that was never finished holds nothing."""
    import json

    try:
        journal = json.loads(path.read_bytes())
        return bool(journal["decided"]), [Step(*step) for step in journal["steps"]]
    except (ValueError, KeyError, TypeError):
        return False, []


def _finish(root: Path, step: Step) -> None:
    """Rename one staged text over its target, unless a person changed the target since: a person's text stays."""
    real = Path(os.path.realpath(root / step.target))
    if _digest(real) != step.before:
        _discard(root, step)
    elif not step.staged:
        real.unlink(missing_ok=True)
    elif (root / step.staged).exists():
        os.replace(root / step.staged, real)
        files.sync_folder(real.parent)


def _discard(root: Path, step: Step) -> None:
    if step.staged:
        (root / step.staged).unlink(missing_ok=True)


def _digest(path: Path) -> str:
    try:
        return digest(path.read_bytes())
    except FileNotFoundError:
        return ""
