"""`check`: apply the rules to the project and mend what can be mended safely."""

from __future__ import annotations

import os
import sys
from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from citeman import checks
from citeman.commands.check.online import Asked
from citeman.errors import UsageError
from citeman.library import Place
from citeman.model import Finding
from citeman.project import Project
from citeman.store import Change
from citeman.text import Edit, apply

if TYPE_CHECKING:
    from citeman.commands.check.online import Progress
    from citeman.sources.http import Session

Ask = Callable[[Project, Place | None], Asked]
"""Asks the sources about a project, or about the papers of one place of it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The findings that stand (after the fixes, where any were made), how many were waived, and what the fixes changed."""

    findings: tuple[Finding, ...]
    waived: int
    fixed: int = 0
    changes: tuple[Change, ...] = ()
    unreachable: Mapping[str, str] = field(default_factory=dict)
    """Service -> why it could not be asked."""
    unseen: int = 0
    """Addresses of which nothing is known, because their servers did not answer."""
    left: int = 0
    """Addresses there was no time for."""


def check(
    project: Project,
    paths: Iterable[str] = (),
    section: str = "",
    fix: bool = False,
    dry_run: bool = False,
    ask: Ask | None = None,
) -> Checked:
    """Apply every rule; with `fix` mend what is safe and report what is left; with `dry_run` only show the mending.

    `paths` and `section` narrow the report; the rules always see the whole project. `ask` asks the sources too. Raises UsageError
    for an unknown section and for a path that is not there, from here or from the project's root.
    """
    wanted = tuple(_named(project, path) for path in paths)
    changes: tuple[Change, ...] = ()
    before = None
    if fix:
        with project.locked(dry_run):
            before = _report(project, wanted, section, ())
            changes = project.apply(_mended(project, before.findings), dry_run)
    report = before if before and not changes else _report(project, wanted, section, ())
    fixed = len(before.findings) - len(report.findings) if before else 0
    asked = ask(project, project.library.place(section) if section else None) if ask else Asked()
    if asked.findings:
        report = _report(project, wanted, section, asked.findings)
    return Checked(report.findings, report.waived, fixed, changes, asked.unreachable, asked.unseen, asked.left)


def online(session: Session, progress: Progress) -> Ask:
    """Return what asks the sources through a session."""
    from citeman.commands.check.online import ask

    def of(project: Project, place: Place | None) -> Asked:
        keys = frozenset(item.key for item in place.section.reading if item.key) if place else None
        return ask(project.library, session, progress, keys)

    return of


def _report(project: Project, wanted: tuple[str, ...], section: str, extra: Iterable[Finding]) -> checks.Report:
    library = project.library
    place = library.place(section) if section else None
    report = checks.run(library, extra)
    kept = (finding for finding in report.findings if _wanted(finding, wanted, place))
    return checks.Report(tuple(kept), report.waived)


def _named(project: Project, path: str) -> str:
    """Return a path as findings name it."""
    found = next((full for full in (os.path.abspath(path), str(project.root / path)) if os.path.exists(full)), None)
    if found is None:
        raise UsageError(f"{path} does not exist; name a file or folder of the project")
    relative = project.store.relative(found)
    return project.store.relative(os.path.realpath(found)) if relative.startswith("..") else relative


def _wanted(finding: Finding, paths: tuple[str, ...], place: Place | None) -> bool:
    inside = not paths or any(path in (".", finding.path) or finding.path.startswith(f"{path}/") for path in paths)
    if place is None:
        return inside
    keys = {item.key for item in place.section.reading if item.key}
    return inside and (finding.section == place.section.anchor or finding.key in keys)


def _mended(project: Project, findings: Iterable[Finding]) -> dict[str, str | None]:
    edits: dict[str, list[Edit]] = {}
    taken: dict[str, list[tuple[int, int]]] = {}
    for finding in findings:
        if finding.fix and not _overlaps(finding.fix.edits, spans := taken.setdefault(finding.path, [])):
            edits.setdefault(finding.path, []).extend(finding.fix.edits)
            for edit in finding.fix.edits:
                insort(spans, (edit.start, edit.end))
    return {path: apply(project.text(path), own) for path, own in edits.items()}


def _overlaps(new: Iterable[Edit], taken: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a fix touches text that another one owns: it then waits for the next run."""
    for edit in new:
        place = bisect_right(taken, (edit.end, sys.maxsize))
        if place and taken[place - 1][1] >= edit.start:
            return True
    return False
