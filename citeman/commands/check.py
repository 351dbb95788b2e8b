"""`check`: apply the rules to the project and mend what can be mended safely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from citeman import checks
from citeman.library import Place
from citeman.model import Finding
from citeman.project import Project
from citeman.store import Change
from citeman.text import Edit, apply


@dataclass(frozen=True, slots=True)
class Checked:
    """The findings that stand (after the fixes, where any were made), how many were waived, and what the fixes changed."""

    findings: tuple[Finding, ...]
    waived: int
    fixed: int = 0
    changes: tuple[Change, ...] = ()


def check(project: Project, paths: Iterable[str] = (), section: str = "", fix: bool = False, dry_run: bool = False) -> Checked:
    """Apply every rule; with `fix` mend what is safe and report what is left; with `dry_run` only show the mending.

    `paths` and `section` narrow the report; the rules always see the whole project. Raises UsageError for an unknown section.
    """
    if not fix:
        return _report(project, paths, section)
    with project.locked():
        before = _report(project, paths, section)
        changes = project.apply(_mended(project, before.findings), dry_run)
    after = before if dry_run else _report(project, paths, section)
    fixed = len(before.findings) - len(after.findings)
    return Checked(after.findings, after.waived, fixed, changes)


def _report(project: Project, paths: Iterable[str], section: str) -> Checked:
    library = project.library
    place = library.place(section) if section else None
    report = checks.run(library)
    wanted = tuple(paths)
    kept = (finding for finding in report.findings if _wanted(finding, wanted, place))
    return Checked(tuple(kept), report.waived)


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
