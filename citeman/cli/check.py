"""`citeman check`."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from citeman.cli.console import Console, add_dry_run, add_json, counted
from citeman.text import display

if TYPE_CHECKING:
    from citeman.checks import Rule
    from citeman.commands.check import Ask, Checked
    from citeman.model import Finding
    from citeman.project import Project

DESCRIPTION = (
    "Check the bibliography, the reading lists and the guides against each other, offline unless --online is given.\n"
    "Exit code 1 when anything is found."
)
EXAMPLES = """Findings read `path:line: severity: rule: what is wrong; what to do`. Hints change the exit code only with --strict.
A finding can be waived in the config table; rule, target (key, section or path; * matches) and reason are all needed:
  [[tool.citeman.waivers]]
  rule = "entry-unlisted"
  target = "knuth1984literate"
  reason = "cited by the style guide, read by nobody" """
A_DAY = 86_400.0
MOST_HINTS = 20
"""Hints of one rule that are printed for people."""
_SARIF_LEVELS = {"error": "error", "warning": "warning", "hint": "note"}
_COLOURS = {"error": "red", "warning": "yellow", "hint": "cyan"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("paths", metavar="PATH", nargs="*", help="report only what is in these files or folders")
    parser.add_argument("-s", "--section", default="", metavar="S", help="report only what concerns this section")
    parser.add_argument("--list-rules", action="store_true", help="print the table of rules and exit")
    parser.add_argument("--fix", action="store_true", help="mend what can be mended safely")
    parser.add_argument(
        "--online", action="store_true", help="also ask the sources: unknown identifiers, other papers, dead addresses"
    )
    parser.add_argument("--strict", action="store_true", help="let hints count for the exit code too")
    parser.add_argument("--format", choices=("text", "json", "github", "sarif"), default="text", help="how to print the findings")
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Check and report."""
    style = "json" if arguments.json else arguments.format
    if arguments.list_rules:
        return _list_rules(console, style)
    from citeman.commands.check import check
    from citeman.project import Project

    project = Project.open(arguments.directory)
    ask = _ask(project, console) if arguments.online else None
    result = check(project, arguments.paths, arguments.section, arguments.fix, arguments.dry_run, ask)
    if arguments.fix and arguments.dry_run:
        console.diff(result.changes)
    else:
        _FORMATS[style](result, console)
    _tell_unreachable(result, console)
    if any(arguments.strict or finding.severity != "hint" for finding in result.findings):
        return 1
    return 3 if result.unreachable else 0


def _ask(project: Project, console: Console) -> Ask:
    from citeman.commands.check import online
    from citeman.commands.session import open_session

    session = open_session(project, A_DAY, notify=console.note)
    return online(session, lambda total: console.progress("asking the sources", total))


def _tell_unreachable(result: Checked, console: Console) -> None:
    for name, reason in result.unreachable.items():
        console.note(f"{name} could not be reached ({reason}); nothing was judged by silence")
    if result.unseen:
        console.note(f"{result.unseen} addresses could not be looked at")
    if result.left:
        console.note(f"{result.left} addresses were left for another run")


def _list_rules(console: Console, style: str) -> int:
    from citeman.checks import rules

    if style == "json":
        console.json(
            [{"rule": rule.id, "severity": rule.severity, "summary": rule.summary, "fix": rule.fix or None} for rule in rules()]
        )
    else:
        rows = [(rule.id, rule.severity, "yes" if rule.fix else "", rule.summary) for rule in rules()]
        console.table(rows, ("rule", "severity", "--fix", "finds"))
    return 0


def _text(result: Checked, console: Console) -> None:
    shown, cut = _shown(result.findings, console.verbose > 0)
    for finding in shown:
        severity = console.style(finding.severity, _COLOURS[finding.severity])
        mend = f" [--fix: {finding.fix.description}]" if finding.fix else ""
        console.print(f"{_place(finding)}: {severity}: {finding.rule}: {finding.message}{mend}")
    counts = [counted(sum(finding.severity == name for finding in result.findings), name) for name in _COLOURS]
    told = ", ".join(count for count in counts if not count.startswith("0 ")) or "nothing found"
    fixed = f"; {result.fixed} fixed" if result.fixed else ""
    waived = f"; {result.waived} waived" if result.waived else ""
    console.note(f"{told}{fixed}{waived}")
    for rule, count in cut.items():
        console.note(f"{count} more hints of {rule} (-v shows them)")


def _shown(findings: Sequence[Finding], all_of_them: bool) -> tuple[list[Finding], Counter[str]]:
    """The findings to print for people, and how many hints of each rule are left out."""
    shown: list[Finding] = []
    hints: Counter[str] = Counter()
    for finding in findings:
        hints[finding.rule] += finding.severity == "hint"
        if all_of_them or hints[finding.rule] <= MOST_HINTS:
            shown.append(finding)
    return shown, Counter({rule: count - MOST_HINTS for rule, count in hints.items() if count > MOST_HINTS and not all_of_them})


def _json(result: Checked, console: Console) -> None:
    findings = [as_json(finding) for finding in result.findings]
    more = {"waived": result.waived, "fixed": result.fixed, "unreachable": sorted(result.unreachable)}
    console.json({"findings": findings, **more})


def as_json(finding: Finding) -> dict[str, Any]:
    """Return a finding in the shape of `check --json`."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "path": finding.path,
        "line": finding.line,
        "key": finding.key,
        "section": finding.section,
        "message": finding.message,
        "fix": finding.fix.description if finding.fix else None,
    }


def _github(result: Checked, console: Console) -> None:
    """Print workflow commands (https://docs.github.com/actions/reference/workflow-commands-for-github-actions)."""
    levels = {"error": "error", "warning": "warning", "hint": "notice"}
    for finding in result.findings:
        place = f"file={_property(finding.path)}" + (f",line={finding.line}" if finding.line else "")
        message = finding.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        console.print(f"::{levels[finding.severity]} {place},title={_property(finding.rule)}::{message}")


def _sarif(result: Checked, console: Console) -> None:
    """Print a SARIF 2.1.0 log (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""
    from citeman import __version__
    from citeman.checks import rules

    driver = {
        "name": "citeman",
        "version": __version__,
        "rules": [_sarif_rule(rule) for rule in rules()],
    }
    results = [_sarif_result(finding) for finding in result.findings]
    schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    console.json({"version": "2.1.0", "$schema": schema, "runs": [{"tool": {"driver": driver}, "results": results}]})


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    level = {"level": _SARIF_LEVELS[rule.severity]}
    return {"id": rule.id, "shortDescription": {"text": rule.summary}, "defaultConfiguration": level}


def _sarif_result(finding: Finding) -> dict[str, Any]:
    from urllib.parse import quote

    location: dict[str, Any] = {"artifactLocation": {"uri": quote(display(finding.path)) or "."}}
    if finding.line:
        location["region"] = {"startLine": finding.line}
    return {
        "ruleId": finding.rule,
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": location}],
    }


def _place(finding: Finding) -> str:
    return f"{finding.path}:{finding.line}" if finding.line else finding.path


def _property(text: str) -> str:
    for char, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        text = text.replace(char, code)
    return text


_FORMATS = {"text": _text, "json": _json, "github": _github, "sarif": _sarif}
