"""The folder of generated pages on disk: only what changed is written, and nothing of a person's is touched."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, BinaryIO

from citeman import copies
from citeman.errors import CitemanError
from citeman.named import NamedTuple
from citeman.output.made import Joints, Known, Made
from citeman.render.page import Page, joined
from citeman.stamp import digest

MANIFEST = ".citeman-pages.json"
"""In the output folder: path -> digest of every file that citeman wrote there."""
UNFINISHED = ".citeman-pages.part"
"""Beside it while a build runs: the paths that are new."""
Done = tuple[str, bool, tuple[Any, ...], tuple[Any, ...] | None]
"""A page's path, whether it was written, and what is to be kept of it: its `Known` and its `Joints`, as plain values."""
SHARED = range(50, 30_000)
"""How many pages several processes share: to start one takes as long as to write ten, and each takes memory for all of them."""
SHARES = 32
"""Into so many parts they are cut, of which each process takes one after another: a section takes as long as ten papers."""


class Written(NamedTuple):
    """What a build did to the folder."""

    written: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    kept: tuple[str, ...]
    """What nobody wants any more but a person changed, so it stays."""


class Difference(NamedTuple):
    """A file that is not what a build would leave."""

    path: str
    state: str
    """`missing`, `changed` or `stale`."""


class Output:
    """One folder of generated pages; `shown` is how messages call it, `made` what an earlier build kept of it."""

    def __init__(self, folder: str, shown: str = "", made: Made | None = None) -> None:
        self.folder = folder
        self.shown = shown or folder
        self.made = made or Made("")
        self._known: dict[str, Known] = {}
        self._joints: dict[str, Joints] = {}
        self._real = os.path.realpath(folder)
        self._folders: set[str] = set()

    def write(self, pages: Iterable[Page]) -> Written:
        """Bring the folder to these pages: write what differs, remove what citeman wrote and nobody wants any more.

        What shows the same as before, and whose file is as it was left, is not even made. Many pages are made and written by
        several processes at once. `made` then tells what is there now.
        Raises CitemanError for a file in the way that citeman did not write, and when the disk refuses.
        """
        try:
            return self._write(list(pages), self.manifest())
        except (FileExistsError, NotADirectoryError) as error:
            wanted = "stands where a folder of pages belongs; move it or build elsewhere (`--out DIR`)"
            raise CitemanError(wanted, self._name(error.filename)) from None
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CitemanError(f"cannot write the pages: {reason}", self._name(error.filename)) from None

    def compare(self, pages: Iterable[Page]) -> list[Difference]:
        """Return what `write` would change; touches nothing. Raises CitemanError for a page that cannot be read."""
        try:
            return self._compare(pages)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CitemanError(f"cannot read the pages: {reason}", self._name(error.filename)) from None

    def _compare(self, pages: Iterable[Page]) -> list[Difference]:
        old, wanted, found = self.manifest(), set(), []
        for page in pages:
            wanted.add(page.path)
            if not self._is_as_made(page):
                there = self._read(page.path)
                if there != self._made(page)[0]:
                    found.append(Difference(page.path, "missing" if there is None else "changed"))
        stale = (path for path in sorted(old) if path not in wanted and self._read(path) is not None)
        return [*found, *(Difference(path, "stale") for path in stale)]

    def manifest(self) -> dict[str, str]:
        """Return path -> digest of what citeman wrote here; empty where it never did."""
        try:
            with open(os.path.join(self.folder, MANIFEST), "rb") as file:
                files = json.load(file)["files"]
            return {path: digest for path, digest in files.items() if is_inside(path)}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def _write(self, pages: Sequence[Page], old: Mapping[str, str]) -> Written:
        os.makedirs(self.folder, exist_ok=True)
        stale = [page for page in pages if not self._is_as_made(page)]
        processes = copies.processors() if len(stale) in SHARED else 1
        count = SHARES if processes > 1 else 1
        shares = copies.each([partial(self._write_some, stale[start::count], old) for start in range(count)], processes)
        changed = {path for share in shares for path in self._take(share)}
        new = {page.path: self._known[page.path].digest for page in pages}
        removed, kept = self._remove(old, new)
        lines = json.dumps({"files": new}, sort_keys=True, separators=(",\n", ": "))
        self._put(MANIFEST, lines.encode() + b"\n", new=False)
        os.unlink(os.path.join(self.folder, UNFINISHED))
        self._keep()
        written = tuple(page.path for page in stale if page.path in changed)
        return Written(written, tuple(removed), len(new) - len(written), tuple(kept))

    def _write_some(self, pages: Iterable[Page], old: Mapping[str, str]) -> list[Done]:
        """Bring some pages up to date, and tell of each what came of it."""
        ours = {*old, *self._unfinished()}
        done: list[Done] = []
        with open(os.path.join(self.folder, UNFINISHED), "ab", buffering=0) as unfinished:
            for page in pages:
                data, joints = self._made(page)
                written = self._bring(page.path, data, page.path in old, ours, unfinished)
                known = page.seen, digest(data), *(self._state(page.path) or (0, 0))
                done.append((page.path, written, known, tuple(joints) if joints else None))
                del data  # the next one is made before this name is taken again, and two may be too much to hold
        return done

    def _take(self, share: Iterable[Done]) -> Iterator[str]:
        """Take in what came of some pages, in this process or another; give the paths of those that were written."""
        for path, written, known, joints in share:
            self._known[path] = Known(*known)
            if joints:
                self._joints[path] = Joints(*joints)
            if written:
                yield path

    def _is_as_made(self, page: Page) -> bool:
        """Tell whether a page shows what it showed when it was last made, and its file is as it was left then."""
        known = self.made.pages.get(page.path)
        if known is None or not page.seen or known.seen != page.seen:
            return False
        state = self._state(page.path)
        if state != (known.size, known.time):
            there = self._read(page.path)
            if state is None or there is None or digest(there) != known.digest:
                return False
            known = known._replace(time=state[1])
        self._known[page.path] = known
        if page.path in self.made.joints:
            self._joints[page.path] = self.made.joints[page.path]
        return True

    def _made(self, page: Page) -> tuple[bytes, Joints | None]:
        """Make a page: what of its pieces is as before is cut from its file, where that is as it was left."""
        pieces = page.pieces()
        kept = self._kept(page) if pieces else {}
        texts = [kept[seen] if seen in kept else write() for seen, write in pieces]
        head, tail = page.frame()
        joints = Joints(len(head), [piece.seen for piece in pieces], [len(text) for text in texts]) if pieces else None
        text = joined(head, texts, page.separator, tail)
        del kept, texts  # of a great library they take as much again as the page
        return encoded(text), joints

    def _kept(self, page: Page) -> dict[str, str]:
        known, joints = self.made.pages.get(page.path), self.made.joints.get(page.path)
        if not (page.seen and known and joints):
            return {}
        there = self._read(page.path)
        if there is None or digest(there) != known.digest:
            return {}
        return joints.cut(there.decode("utf-8"), page.separator)

    @property
    def states(self) -> dict[str, list[int]]:
        """Size and time of each page's file, as it was left."""
        return {path: [one.size, one.time] for path, one in self._known.items()}

    def _keep(self) -> None:
        """Keep what is there now; a file that is no older than the manifest may be edited without a trace in its time."""
        _, now = self._state(MANIFEST) or (0, 0)
        self.made.pages = {path: one if one.time < now else one._replace(time=0) for path, one in self._known.items()}
        self.made.joints = self._joints

    def _state(self, path: str) -> tuple[int, int] | None:
        try:
            state = os.stat(os.path.join(self.folder, path))
        except OSError:
            return None
        return state.st_size, state.st_mtime_ns

    def _bring(self, path: str, data: bytes, known: bool, ours: set[str], unfinished: BinaryIO) -> bool:
        """Write one file where it is not so already; returns whether it was written."""
        there = self._read(path) if self._state(path) else None
        if there == data:
            return False
        if not known:
            self._refuse_foreign(path, there, ours)
            unfinished.write(f"{path}\n".encode())
        self._put(path, data, there is None)
        return True

    def _refuse_foreign(self, path: str, there: bytes | None, ours: set[str]) -> None:
        if there is not None and path not in ours:
            raise CitemanError(
                "is in the way, and citeman did not write it; move it or build elsewhere (`--out DIR`)", f"{self.shown}/{path}"
            )

    def _put(self, path: str, data: bytes, new: bool) -> None:
        """Write one file, beside its place first where there is one already, so that a reader never meets half a page."""
        target = self._place(path)
        staged = target if new else f"{target}.citeman-new"
        with open(staged, "wb", buffering=0) as file:  # a page is written at once, and a buffer takes as long to make
            left = memoryview(data)
            while left:
                left = left[file.write(left) :]
        if not new:
            os.replace(staged, target)

    def _place(self, path: str) -> str:
        """Return where a file lies, its folder made; refuses to leave the output folder, by name or through a link."""
        if not is_inside(path):
            raise CitemanError(f"page {path!r} would lie outside of the output folder", self.shown)
        folder = os.path.dirname(path)
        if folder not in self._folders:
            whole = os.path.join(self.folder, folder)
            os.makedirs(whole, exist_ok=True)
            if os.path.commonpath([os.path.realpath(whole), self._real]) != self._real:
                raise CitemanError("is a link that leads out of the output folder; remove it", f"{self.shown}/{folder}")
            self._folders.add(folder)
        return os.path.join(self.folder, path)

    def _read(self, path: str) -> bytes | None:
        try:
            with open(os.path.join(self.folder, path), "rb") as file:
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _remove(self, old: Mapping[str, str], new: Mapping[str, str]) -> tuple[list[str], list[str]]:
        removed, kept = [], []
        for path in sorted(set(old) - set(new)):
            there = self._read(path)
            if there is not None and digest(there) != old[path]:
                kept.append(path)
            elif there is not None:
                os.unlink(self._place(path))
                removed.append(path)
        for folder in sorted({os.path.dirname(path) for path in removed} - {""}, key=len, reverse=True):
            _remove_if_empty(os.path.join(self.folder, folder))
        return removed, kept

    def _unfinished(self) -> list[str]:
        """The new paths of a build that was killed: citeman wrote them, though no manifest says so."""
        there = self._read(UNFINISHED)
        return there.decode("utf-8", "replace").splitlines() if there else []

    def _name(self, filename: object) -> str:
        inside = str(filename or "").removeprefix(self.folder).lstrip(os.sep).removesuffix(".citeman-new")
        return f"{self.shown}/{inside}" if inside else self.shown


def encoded(text: str) -> bytes:
    """Return a page's bytes: UTF-8, what cannot be written as such replaced."""
    return text.encode("utf-8", "replace")


def is_inside(path: str) -> bool:
    """Tell whether a relative POSIX path stays in its folder."""
    return bool(path) and not path.startswith("/") and "\\" not in path and not {"", ".", ".."} & set(path.split("/"))


def _remove_if_empty(folder: str) -> None:
    try:
        os.rmdir(folder)
    except OSError:
        return
