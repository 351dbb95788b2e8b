"""What a build begins before it is loaded itself: another process reads the papers, as long as that takes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from citeman import stamp
from citeman.project import Project

if TYPE_CHECKING:
    from citeman.bib import Bibliography
    from citeman.lock import Lock
    from citeman.render.entries import Read


def begin(project: Project, out: str = "", fragment: bool = False) -> None:
    """Begin to read what a build of this output folder will ask for: where it is the first, all that pages show of papers."""
    import citeman.render.entries  # noqa: F401 (what both processes need is loaded once)

    is_first = not os.path.exists(stamp.made_path(str(project.root), out, fragment))
    project.begin(_all if is_first and not project.config.csl else _none)


def _all(bibliography: Bibliography, lock: Lock | None) -> Read:
    from citeman import render

    return render.read(bibliography, lock)


def _none(_: Bibliography, __: Lock | None) -> None:
    """Of a bibliography that has been built before, few papers need to be read."""
