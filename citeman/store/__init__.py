"""The project's files on disk: found, read as they are, written all together or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from citeman.errors import CitemanError
from citeman.named import NamedTuple
from citeman.store import journal
from citeman.store.files import NOWHERE, plainly, refuse_unreadable, write_file
from citeman.store.locking import acquired
from citeman.store.settings import find_root, read_table
from citeman.text import NO_TEXT, Decoded, binary_line, decode, encode

__all__ = ["STATE", "Change", "Store", "find_root", "is_markdown", "read_table", "write_file"]

STATE = ".citeman"
"""The project's disposable folder: lock of the process, journal, index, cache."""
_MARKDOWN = (".md", ".markdown", ".qmd", ".rmd", ".mdx")


class Change(NamedTuple):
    """One file of a write: its text before (None: there was none) and after (None: remove it)."""

    path: str
    before: str | None
    after: str | None


class Store:
    """The files of one project; paths are POSIX and relative to its root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._read: dict[str, Decoded] = {}
        self._decodings: dict[str, tuple[bytes, Decoded]] = {}
        """A file's bytes as they were last, and what they are decoded: the same bytes are not decoded again."""

    def path(self, name: str) -> Path:
        """Return where a file of the project lies on disk."""
        return self.root / name

    def exists(self, name: str) -> bool:
        """Tell whether the file is there."""
        return os.path.isfile(self.path(name))

    def read(self, name: str) -> str:
        """Return a file's text without loss (see `text.decode`); raises CitemanError that says why it cannot be read."""
        decoded = self._decoded(name)
        if self._read.get(name) is not decoded and (line := binary_line(decoded.text)):
            raise CitemanError(NO_TEXT, name, line)
        self._read[name] = decoded
        return decoded.text

    def read_if_there(self, name: str) -> str | None:
        """Return a file's text, None when there is no such file."""
        return self.read(name) if os.path.lexists(self.path(name)) else None

    def refuse_unreadable(self, name: str) -> None:
        """Raise CitemanError where the file is there and cannot be read; its content is not looked at."""
        if os.path.lexists(self.path(name)):
            refuse_unreadable(self.path(name), name)

    def names(self, folder: str, suffix: str) -> list[str]:
        """Return the sorted names with a suffix in a folder, none where it is missing; raises CitemanError where it is none."""
        path = self.path(folder)
        if not os.path.lexists(path):
            return []
        with plainly("read", folder):
            if path.is_symlink() and not os.path.exists(path):
                raise CitemanError(NOWHERE, folder)
            return sorted(name for name in os.listdir(path) if name.endswith(suffix))

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
            with plainly("write", ", ".join(change.path for change in changed)):
                journal.commit(self.root, self.state_folder() / journal.NAME, {one.path: self._encoded(one) for one in changed})
        return changed

    @contextlib.contextmanager
    def locked(self, timeout: float = 30.0) -> Iterator[None]:
        """Hold the project against other writers; first finishes a write that was interrupted.

        Waits up to `timeout` seconds; then raises CitemanError that says who holds it.
        """
        state = self.state_folder()
        holder = state / "holder"
        with acquired(state / "lock", timeout, holder):
            with plainly("write", f"{STATE}/{holder.name}"):
                holder.write_text(f"process {os.getpid()}", encoding="utf-8")
            try:
                self.recover()
                yield
            finally:
                holder.unlink(missing_ok=True)

    def state_folder(self) -> Path:
        """Return `.citeman/`, made when it is missing and hidden from git by a .gitignore of its own."""
        folder = self.root / STATE
        with plainly("create", STATE):
            folder.mkdir(exist_ok=True)
            ignore = folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
        return folder

    @property
    def interrupted(self) -> bool:
        """Tell whether a killed process left a write unfinished."""
        return os.path.exists(self.root / STATE / journal.NAME)

    def recover(self) -> None:
        """Finish the write that a killed process had decided on, or clean up after one that it had not."""
        if self.interrupted:
            with plainly("finish the interrupted write of", STATE):
                journal.recover(self.root, self.root / STATE / journal.NAME)

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
        refuse_unreadable(path, name)
        with plainly("read", name):
            data = path.read_bytes()
        known = self._decodings.get(name)
        if known is None or known[0] != data:
            known = self._decodings[name] = data, decode(data)
        return known[1]

    def _encoded(self, change: Change) -> bytes | None:
        read = self._read.get(change.path)
        return None if change.after is None else encode(change.after, read.encoding if read else "utf-8")

    def _refuse_outside_change(self, change: Change) -> None:
        there = self._decoded(change.path).text if os.path.lexists(self.path(change.path)) else None
        if there != change.before:
            raise CitemanError("was changed by somebody else meanwhile; nothing was written, run again", change.path)


def is_markdown(path: str) -> bool:
    """Tell whether a file is Markdown by its name."""
    return path.lower().endswith(_MARKDOWN)


def _is_skipped(name: str, path: str, output: str) -> bool:
    return name.startswith(".") or name == "node_modules" or path == output
