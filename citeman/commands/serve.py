"""`serve`: the pages on this machine, built anew and loaded anew at every save."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from citeman import render
from citeman.commands.build import SETTINGS, cues_of, references_of, theme_files
from citeman.errors import CitemanError
from citeman.library import Library, guide_path
from citeman.preview import Board, server
from citeman.project import Project
from citeman.stamp import listing

LOOK = 0.05
"""Seconds between two looks at the files: a save is seen at once, and looking at a few names costs nothing."""

Report = Callable[[str], None]
Seen = dict[str, tuple[int, int] | None]


class Watcher:
    """Builds a project's pages onto a board, and again whenever one of its files changes."""

    def __init__(self, root: Path, report: Report) -> None:
        self.root = root
        self.board = Board()
        self._report = report
        self._project: Project | None = None
        self._names: tuple[str, ...] = SETTINGS
        self._lists = "refs"
        self._seen: Seen = {}

    def build(self) -> None:
        """Read the project and show it; what cannot be read is shown as a problem over the pages as they were."""
        try:
            project = self._read()
            plan = render.plan(project.library, theme_files(project), references_of(project), cues_of(project))
            files = {page.path: page.text for page in plan.pages}
            files["index.html"]()
            self.board.put(files, tuple(_problems(project.library)))
        except CitemanError as error:
            self._report(str(error))
            self.board.complain((str(error),))

    def _read(self) -> Project:
        """Read the project; the look at its files comes before the reading, so that a save in between is seen as one."""
        while True:
            self._seen = self._look()
            project = self._opened()
            watched = project.config.lists, (*_names(project), *_guides(project.library))
            if watched == (self._lists, self._names):
                return project
            # Files that were not known to be looked at may have changed since they were read: look, and read again.
            self._lists, self._names = watched

    def _opened(self) -> Project:
        """Open the project anew; with the same settings as before it is the one that remembers what it has read."""
        project = Project.open(self.root)
        if self._project is None or self._project.config != project.config:
            self._project = project
        self._project.forget()
        return self._project

    def changed(self) -> list[str]:
        """Return the files that are not as they were at the last build."""
        now = self._look()
        return sorted(name for name in {*now, *self._seen} if now.get(name) != self._seen.get(name))

    def watch(self, stop: threading.Event) -> None:
        """Build again at every change until told to stop."""
        while not stop.wait(LOOK):
            changed = self.changed()
            if changed:
                self._report(f"changed: {', '.join(changed)}")
                self.build()

    def _look(self) -> Seen:
        lists = (f"{self._lists}/{name}" for name in listing(str(self.root / self._lists)) if name.endswith(".yaml"))
        return {name: _state(self.root / name) for name in (*self._names, *lists)}


def serve(root: Path, port: int, report: Report, started: Callable[[str], None]) -> None:
    """Show the project's pages on loopback until interrupted; `started` is told the address.

    `report` is told what changed and what is wrong. Raises CitemanError when the port is in use or there is no project.
    """
    watcher = Watcher(Project.open(root).root, report)
    stop = threading.Event()
    with server(watcher.board, port) as running:
        watcher.build()
        thread = threading.Thread(target=watcher.watch, args=(stop,), daemon=True)
        thread.start()
        started(f"http://127.0.0.1:{running.server_address[1]}/")
        try:
            running.serve_forever()
        finally:
            stop.set()
            watcher.board.close()
            thread.join()


def _names(project: Project) -> Iterator[str]:
    yield from SETTINGS
    yield project.config.bibliography
    yield project.lock_file
    yield from project.list_files
    if project.config.theme:
        yield from (f"{project.config.theme}/{name}" for name in theme_files(project))


def _guides(library: Library) -> Iterator[str]:
    for volume in library.volumes:
        if guide := guide_path(volume.lists):
            yield guide


def _problems(library: Library) -> Iterator[str]:
    """What is wrong with the form of the files, as a person reads it."""
    findings = [*library.bibliography.findings]
    for volume in library.volumes:
        findings += [*volume.lists.findings, *(volume.guide.findings if volume.guide else ())]
    yield from (f"{one.path}:{one.line}: {one.message}" for one in findings if one.severity == "error")


def _state(path: Path) -> tuple[int, int] | None:
    try:
        state = os.stat(path)
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size
