"""`citeman build`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from citeman.cli.console import Console, add_json, counted

if TYPE_CHECKING:
    import argparse
    from types import SimpleNamespace

    from citeman.commands.build import Built

DESCRIPTION = "Write the reading-list pages: the guide's sections, a page for each, all papers, exports and feeds."
EXAMPLES = """examples:
  citeman build                   write the pages into site/ (setting `output`)
  citeman build --out public      write them somewhere else
  citeman build --fragment        write pieces for another generator into fragments/
  citeman build --check           write nothing; exit 1 when the pages are not up to date"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "-o", "--out", metavar="DIR", default="", help="folder to write into (default: the setting `output`, site)"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the pages are not as they would be")
    parser.add_argument(
        "--fragment", action="store_true", help="write bare HTML fragments for other generators (into fragments/)"
    )
    add_json(parser)


def run(arguments: argparse.Namespace | SimpleNamespace, console: Console) -> int:
    """Build and tell where the pages are."""
    from citeman.commands import ahead
    from citeman.project import Project

    project = Project.open(arguments.directory)
    out = os.path.join(arguments.directory, arguments.out) if arguments.out else ""
    ahead.begin(project, out, arguments.fragment)
    from citeman.commands.build import build

    built = build(project, out, arguments.check, arguments.fragment)
    if console.as_json:
        console.json(_as_json(built))
    elif arguments.check:
        _print_differences(built, console)
    else:
        _print_written(built, console, built.folder if arguments.fragment else f"{built.folder}/index.html")
    console.lacking(built.unread)
    return 1 if built.differences or built.unread else 0


def _print_written(built: Built, console: Console, where: str) -> None:
    done = f"{len(built.written)} written, {built.unchanged} unchanged, {len(built.removed)} removed"
    console.note(f"{counted(built.papers, 'paper')}, {counted(built.sections, 'section')}: {done}")
    for path in built.kept:
        console.note(f"{built.folder}/{path}: is no longer wanted, but somebody changed it; it stays")
    console.print(where)


def _print_differences(built: Built, console: Console) -> None:
    for path, state in built.differences:
        console.print(f"{built.folder}/{path}: {state}")
    if built.differences:
        count = len(built.differences)
        console.error(f"citeman: {counted(count, 'file')} {'is' if count == 1 else 'are'} not up to date; run `citeman build`")


def _as_json(built: Built) -> dict[str, object]:
    return {
        "folder": built.folder,
        "sections": built.sections,
        "papers": built.papers,
        "written": built.written,
        "removed": built.removed,
        "unchanged": built.unchanged,
        "unread": [{"path": finding.path, "line": finding.line, "message": finding.message} for finding in built.unread],
        "differences": [{"path": path, "state": state} for path, state in built.differences],
    }
