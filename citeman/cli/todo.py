"""`citeman todo`."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from citeman.cli.console import Console, add_json

if TYPE_CHECKING:
    from citeman.commands.todo import Todo

DESCRIPTION = (
    "Show what is left to cite: places in the text that ask for a citation, how well each section is covered,\n"
    "and papers that no section lists."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("-a", "--all", action="store_true", help="show settled cues too, and every paper without a why")
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Show the list; exit code 0, for debts are no mistakes."""
    from citeman.commands.todo import todo
    from citeman.project import Project

    project = Project.open(arguments.directory)
    result = todo(project)
    unread = project.library.bibliography.unread
    console.unread([(finding.path, finding.line) for finding in unread])
    if console.as_json:
        console.json(
            {
                "cues": [asdict(cue) for cue in result.cues],
                "sections": [asdict(section) for section in result.sections],
                "unplaced": result.unplaced,
                "without_why": [asdict(one) for one in result.without_why],
                "unread": [{"path": finding.path, "line": finding.line, "message": finding.message} for finding in unread],
            }
        )
    else:
        _print(result, console, arguments.all)
    return 0


def _print(result: Todo, console: Console, with_settled: bool) -> None:
    shown = result.cues if with_settled else result.open_cues
    settled = len(result.cues) - len(result.open_cues)
    console.print(console.style(f"cues: {len(result.open_cues)} open, {settled} settled", "bold"))
    for cue in shown:
        by = f"  (settled by {', '.join(cue.settled_by)})" if cue.settled_by else ""
        console.print(f"  {cue.path}:{cue.line}: {cue.text}{by}")
    console.print()
    several = len({section.guide for section in result.sections}) > 1
    rows = [
        (
            f"{section.guide}#{section.anchor}" if several else section.anchor,
            str(section.papers),
            "–".join(dict.fromkeys((section.oldest, section.newest))) or "–",
            str(section.preprints),
            str(section.without_why),
            str(section.without_role),
        )
        for section in result.sections
    ]
    console.table(rows, ("section", "papers", "years", "preprints", "no why", "no role"))
    if with_settled and result.without_why:
        console.print(f"\n{console.style(f'without a why: {len(result.without_why)}', 'bold')}")
        for one in result.without_why:
            console.print(f"  {one.path}:{one.line}: {one.key}")
    if result.unplaced:
        console.print(f"\n{console.style(f'in no section: {len(result.unplaced)}', 'bold')}")
        for key in result.unplaced:
            console.print(f"  {key}")
