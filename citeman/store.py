"""The project's files on disk: found, read as they are, written all together or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from citeman.errors import CitemanError
from citeman.text import Decoded, decode, encode

STATE = ".citeman"
"""The project's disposable folder: lock of the process, journal, index, cache."""
_JOURNAL = "journal.json"
_MARKDOWN = (".md", ".markdown", ".qmd", ".rmd", ".mdx")
_LIMIT = 512 * 1024 * 1024


class Change(NamedTuple):
    """One file of a write: its text before (None: there was none) and after (None: remove it)."""

    path: str
    before: str | None
    after: str | None


class Store:
    """The files of one project; paths are POSIX and relative to its root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._encodings: dict[str, str] = {}

    def path(self, name: str) -> Path:
        """Return where a file of the project lies on disk."""
        return self.root / name

    def exists(self, name: str) -> bool:
        """Tell whether the file is there."""
        return self.path(name).is_file()

    def read(self, name: str) -> str:
        """Return a file's text without loss (see `text.decode`); raises CitemanError that says why it cannot be read."""
        decoded = self._decoded(name)
        self._encodings[name] = decoded.encoding
        return decoded.text

    def read_if_there(self, name: str) -> str | None:
        """Return a file's text, None when there is no such file."""
        return self.read(name) if os.path.lexists(self.path(name)) else None

    def write(self, changes: Mapping[str, str | None], read: Mapping[str, str | None]) -> tuple[Change, ...]:
        """Write the new texts (None removes a file) all together or not at all, and return what changed.

        `read` holds the texts that the changes were computed from: a file that differs from it by now was changed by
        somebody else, and nothing is written. The caller holds `locked()`. Raises CitemanError and leaves every file as
        it was when the disk refuses.
        """
        changed = tuple(Change(name, read.get(name), text) for name, text in changes.items() if text != read.get(name))
        for change in changed:
            self._refuse_outside_change(change)
        if changed:
            with _plainly("write", ", ".join(change.path for change in changed)):
                self._commit(changed)
        return changed

    @contextlib.contextmanager
    def locked(self, timeout: float = 30.0) -> Iterator[None]:
        """Hold the project against other writers; first finishes a write that was interrupted.

        Waits up to `timeout` seconds; then raises CitemanError that says who holds it.
        """
        state = self.state_folder()
        holder = state / "holder"
        with _acquired(state / "lock", timeout, holder):
            holder.write_text(f"process {os.getpid()}", encoding="utf-8")
            try:
                self.recover()
                yield
            finally:
                holder.unlink(missing_ok=True)

    def state_folder(self) -> Path:
        """Return `.citeman/`, made when it is missing and hidden from git by a .gitignore of its own."""
        folder = self.root / STATE
        with _plainly("create", STATE):
            folder.mkdir(exist_ok=True)
            ignore = folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
        return folder

    @property
    def interrupted(self) -> bool:
        """Tell whether a killed process left a write unfinished."""
        return (self.root / STATE / _JOURNAL).exists()

    def recover(self) -> None:
        """Finish the write that a killed process had decided on, or clean up after one that it had not."""
        journal = self.root / STATE / _JOURNAL
        if not journal.exists():
            return
        with _plainly("finish the interrupted write of", STATE):
            decided, steps = _read_journal(journal)
            for step in steps:
                _finish(self.root, step) if decided else _discard(self.root, step)
            journal.unlink()

    def history(self, name: str, most: int) -> Iterator[str]:
        """Yield a file's texts in git, newest first, at most so many; nothing where git does not know the file."""
        revisions = self._git("log", f"--max-count={most}", "--format=%H", "--", name)
        for revision in revisions.decode("ascii", "replace").split():
            data = self._git("show", f"{revision}:./{name}")
            if data:
                yield decode(data).text

    def markdown_files(self, most: int, under: str = ".", output: str = "site") -> list[str]:
        """Return the Markdown files of a folder, at most so many; hidden folders and the project's own output are left out."""
        found: list[str] = []
        for folder, folders, names in os.walk(self.root / under):
            inside = {name: self.relative(os.path.join(folder, name)) for name in sorted((*folders, *names))}
            folders[:] = [name for name, path in inside.items() if name in folders and not _is_skipped(name, path, output)]
            found += (path for name, path in inside.items() if name in names and is_markdown(path))
            if len(found) >= most:
                break
        return found[:most]

    def relative(self, path: str) -> str:
        """Return an absolute path as the project names it: POSIX and relative to its root."""
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def _git(self, *arguments: str) -> bytes:
        import subprocess

        try:
            result = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, timeout=20, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return b""
        return result.stdout if result.returncode == 0 else b""

    def _decoded(self, name: str) -> Decoded:
        path = self.path(name)
        with _plainly("read", name):
            if path.is_dir():
                raise CitemanError("is a folder, not a file", name)
            if path.stat().st_size > _LIMIT:
                raise CitemanError("is over 512 MB; split it", name)
            return decode(path.read_bytes())

    def _refuse_outside_change(self, change: Change) -> None:
        there = self._decoded(change.path).text if os.path.lexists(self.path(change.path)) else None
        if there != change.before:
            raise CitemanError("was changed by somebody else meanwhile; nothing was written, run again", change.path)

    def _commit(self, changes: tuple[Change, ...]) -> None:
        """Stage every new text beside its target, note the decision in the journal (no return from there), then rename."""
        journal = self.state_folder() / _JOURNAL
        steps = [self._step(change) for change in changes]
        try:
            _write_durably(journal, _journal(steps, decided=False))
            for step, change in zip(steps, changes, strict=True):
                if change.after is not None:
                    self._stage(step, change.after)
            _replace_durably(journal, _journal(steps, decided=True))
        except BaseException:
            for step in steps:
                _discard(self.root, step)
            journal.unlink(missing_ok=True)
            raise
        self.recover()

    def _step(self, change: Change) -> _Step:
        real = Path(os.path.realpath(self.path(change.path)))
        staged = real.with_name(f".{real.name}.citeman-new") if change.after is not None else None
        return _Step(change.path, os.path.relpath(staged, self.root) if staged else "", _digest(real))

    def _stage(self, step: _Step, text: str) -> None:
        staged, target = self.root / step.staged, self.path(step.target)
        with _plainly("write", step.target):
            staged.parent.mkdir(parents=True, exist_ok=True)
            if target.exists() and not os.access(target, os.W_OK):
                raise CitemanError("is read-only; nothing was written", step.target)
        with _plainly("write", step.target):
            _write_durably(staged, encode(text, self._encodings.get(step.target, "utf-8")))
            if target.exists():
                import shutil

                shutil.copymode(target, staged)


def is_markdown(path: str) -> bool:
    """Tell whether a file is Markdown by its name."""
    return path.lower().endswith(_MARKDOWN)


def _is_skipped(name: str, path: str, output: str) -> bool:
    return name.startswith(".") or name == "node_modules" or path == output


class _Step(NamedTuple):
    """One rename of a write: which file, its staged new text (empty: remove it), and what the file was when it was decided."""

    target: str
    staged: str
    before: str


@contextlib.contextmanager
def _acquired(path: Path, timeout: float, holder: Path) -> Iterator[None]:
    try:
        release = _acquire(path, timeout)
    except TimeoutError:
        raise CitemanError(f"{_holder(holder)} is at work on this project; wait for it and run again") from None
    except OSError as error:
        raise CitemanError(f"cannot lock the project: {(error.strerror or str(error)).lower()}", STATE) from None
    try:
        yield
    finally:
        release()


def _acquire(path: Path, timeout: float) -> Callable[[], object]:
    """Take a lock file within so many seconds and return how to release it; raises TimeoutError, and OSError as the disk does.

    filelock is asked only where the system has no `flock`: it takes as long to load as many a command to run.
    """
    try:
        import fcntl
    except ImportError:
        from filelock import FileLock

        lock = FileLock(path, timeout=timeout)
        lock.acquire()
        return lock.release
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(open(path, "ab"))
        end = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return stack.pop_all().close
            except BlockingIOError:
                if time.monotonic() > end:
                    raise TimeoutError from None
                time.sleep(0.05)


def find_root(start: Path) -> Path | None:
    """Return the nearest folder from `start` upward that is a project: a config table, `refs/` or `references.bib`."""
    for folder in (start, *start.parents):
        if (folder / "citeman.toml").is_file() or (folder / "references.bib").is_file() or _has_table(folder / "pyproject.toml"):
            return folder
        if any((folder / "refs").glob("*.yaml")):
            return folder
    return None


def read_table(root: Path) -> tuple[dict[str, object], str]:
    """Return the config table of the project and the name of its file; an empty table when there is none.

    Raises CitemanError with the line of a mistake in the TOML.
    """
    for name in ("citeman.toml", "pyproject.toml"):
        path = root / name
        if not path.is_file():
            continue
        table = _toml(path, name)
        tool = table.get("tool", {}).get("citeman")
        if tool is None and name == "citeman.toml":
            tool = table
        if isinstance(tool, dict):
            return tool, name
    return {}, ""


def _toml(path: Path, name: str) -> dict[str, dict[str, object]]:
    import tomllib

    with _plainly("read", name):
        data = path.read_bytes()
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise CitemanError("is not UTF-8; save it as UTF-8", name) from None
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        line = message.rpartition("(at line ")[2].partition(",")[0]
        raise CitemanError(f"is no valid TOML: {message}", name, int(line) if line.isdigit() else 0) from None


def _has_table(path: Path) -> bool:
    try:
        return b"[tool.citeman" in path.read_bytes()
    except OSError:
        return False


@contextlib.contextmanager
def _plainly(verb: str, name: str) -> Iterator[None]:
    """Turn the system's refusals into one line that a person can act on."""
    try:
        yield
    except FileNotFoundError:
        raise CitemanError("does not exist", name) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CitemanError(f"cannot {verb} this: {reason}; nothing was changed", name) from None


def _write_durably(path: Path, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _replace_durably(path: Path, data: bytes) -> None:
    staged = path.with_suffix(".new")
    _write_durably(staged, data)
    os.replace(staged, path)
    _sync_folder(path.parent)


def _journal(steps: list[_Step], decided: bool) -> bytes:
    return json.dumps({"decided": decided, "steps": steps}).encode()


def _read_journal(path: Path) -> tuple[bool, list[_Step]]:
    """A journal's steps and whether they were decided; one that was never finished holds nothing."""
    try:
        journal = json.loads(path.read_bytes())
        return bool(journal["decided"]), [_Step(*step) for step in journal["steps"]]
    except (ValueError, KeyError, TypeError):
        return False, []


def _finish(root: Path, step: _Step) -> None:
    """Rename one staged text over its target, unless a person changed the target since: a person's text stays."""
    real = Path(os.path.realpath(root / step.target))
    if _digest(real) != step.before:
        _discard(root, step)
    elif not step.staged:
        real.unlink(missing_ok=True)
    elif (root / step.staged).exists():
        os.replace(root / step.staged, real)
        _sync_folder(real.parent)


def _discard(root: Path, step: _Step) -> None:
    if step.staged:
        (root / step.staged).unlink(missing_ok=True)


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where the system can (POSIX)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _holder(path: Path) -> str:
    try:
        return f"another citeman ({path.read_text(encoding='utf-8')})"
    except OSError:
        return "another citeman"
