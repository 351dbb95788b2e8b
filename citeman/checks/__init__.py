"""The rules: what may be wrong in a bibliography, its lists and its guides, each with a stable id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from citeman.config import Waiver, did_you_mean
from citeman.library import Library
from citeman.model import Finding, Fix, Severity
from citeman.named import NamedTuple


class Problem(NamedTuple):
    """One thing that a rule found; the rule gives it its id and severity."""

    message: str
    path: str
    line: int = 0
    key: str = ""
    section: str = ""
    fix: Fix | None = None


class Rule(NamedTuple):
    """One rule; `check` is None where the finding is made while the file is read."""

    id: str
    severity: Severity
    summary: str
    check: Callable[[Library], Iterable[Problem]] | None = None
    fix: str = ""
    """What `--fix` does where it is safe; empty where a person has to."""


@dataclass(frozen=True, slots=True)
class Report:
    """The findings that stand, in the order of files and lines, and how many were waived."""

    findings: tuple[Finding, ...]
    waived: int = 0


def rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of the documentation."""
    from citeman.checks import entries, fields, guides, labels, life, lists, locked, reading, required, wording

    return (
        *reading.BIBLIOGRAPHY,
        *entries.RULES,
        *required.RULES,
        *fields.RULES,
        *wording.RULES,
        *reading.LISTS,
        *lists.RULES,
        *reading.GUIDES,
        *guides.RULES,
        *labels.RULES,
        *life.RULES,
        *locked.RULES,
        *reading.UPSTREAM,
        UNUSED_WAIVER,
    )


UNUSED_WAIVER = Rule("waiver-unused", "warning", "a waiver that matches no finding, or names no rule")


def run(library: Library, extra: Iterable[Finding] = ()) -> Report:
    """Apply every rule to a library; `extra` findings (an online check's) are waived and sorted with the rest."""
    table = rules()
    found = [*_read_findings(library), *extra]
    for rule in table:
        if rule.check:
            found += (_finding(rule, problem) for problem in rule.check(library))
    severities = library.config.severities
    kept = [_with_severity(finding, severities.get(finding.rule)) for finding in found if severities.get(finding.rule) != "off"]
    standing, used = _waive(kept, library.config.waivers)
    unused = [waiver for waiver in library.config.waivers if waiver not in used]
    standing += (_unused(library, waiver, table) for waiver in unused)
    return Report(tuple(sorted(set(standing), key=_place)), len(kept) - len(standing) + len(unused))


def _read_findings(library: Library) -> Iterator[Finding]:
    """What the rooms that read the files had to say."""
    yield from library.bibliography.findings
    for volume in library.volumes:
        yield from volume.lists.findings
        if volume.guide:
            yield from volume.guide.findings


def _finding(rule: Rule, problem: Problem) -> Finding:
    return Finding(rule.id, rule.severity, *problem)


def _with_severity(finding: Finding, severity: str | None) -> Finding:
    return finding._replace(severity=severity) if severity else finding  # type: ignore[arg-type]


def _waive(findings: list[Finding], waivers: tuple[Waiver, ...]) -> tuple[list[Finding], set[Waiver]]:
    standing: list[Finding] = []
    used: set[Waiver] = set()
    for finding in findings:
        waiver = next((waiver for waiver in waivers if _matches(waiver, finding)), None)
        if waiver:
            used.add(waiver)
        else:
            standing.append(finding)
    return standing, used


def _matches(waiver: Waiver, finding: Finding) -> bool:
    return waiver.rule == finding.rule and any(
        fnmatchcase(target, waiver.target) for target in (finding.key, finding.section, finding.path) if target
    )


def _unused(library: Library, waiver: Waiver, table: tuple[Rule, ...]) -> Finding:
    known = [rule.id for rule in table]
    if waiver.rule in known:
        message = f"the waiver of {waiver.rule!r} for {waiver.target!r} matches no finding; remove it"
    else:
        message = f"a waiver names the unknown rule {waiver.rule!r}{did_you_mean(waiver.rule, known)}"
    return Finding(UNUSED_WAIVER.id, UNUSED_WAIVER.severity, message, library.config.path)


def _place(finding: Finding) -> tuple[str, int, str, str]:
    return finding.path, finding.line, finding.rule, finding.message
