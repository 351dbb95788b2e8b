"""`check`: apply the rules to the project and mend what can be mended safely."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from citeman import checks
from citeman.commands.check.online import Asked
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
    for an unknown section.
    """
    wanted, fixed = tuple(paths), 0
    changes: tuple[Change, ...] = ()
    if fix:
        with project.locked():
            before = _report(project, wanted, section, ())
            changes = project.apply(_mended(project, before.findings), dry_run)
        fixed = 0 if dry_run else len(before.findings) - len(_report(project, wanted, section, ()).findings)
    place = project.library.place(section) if section else None
    asked = ask(project, place) if ask else Asked()
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


def _wanted(finding: Finding, paths: tuple[str, ...], place: Place | None) -> bool:
    inside = not paths or any(finding.path == path or finding.path.startswith(f"{path.rstrip('/')}/") for path in paths)
    if place is None:
        return inside
    keys = {item.key for item in place.section.reading if item.key}
    return inside and (finding.section == place.section.anchor or finding.key in keys)


def _mended(project: Project, findings: Iterable[Finding]) -> dict[str, str | None]:
    edits: dict[str, list[Edit]] = {}
    for finding in findings:
        if finding.fix and not _overlaps(finding.fix.edits, edits.get(finding.path, [])):
            edits.setdefault(finding.path, []).extend(finding.fix.edits)
    return {path: apply(project.text(path), own) for path, own in edits.items()}


def _overlaps(new: Iterable[Edit], taken: Iterable[Edit]) -> bool:
    """Tell whether two fixes touch the same text: the second then waits for the next run."""
    return any(one.start <= other.end and other.start <= one.end for one in new for other in taken)
