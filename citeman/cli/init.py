"""`citeman init`."""

from __future__ import annotations

import argparse

from citeman.cli.console import Console, add_dry_run, add_json, counted

DESCRIPTION = (
    "Start a project: reading lists for each guide from its headings, an empty references.bib, a config table.\n"
    "What is there already is never overwritten; run it again to take in another guide."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("guides", metavar="GUIDE.md", nargs="*", help="the guide's Markdown files")
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Start the project and tell what was written."""
    from pathlib import Path

    from citeman.commands.init import init

    result = init(Path(arguments.directory).resolve(), [Path(guide) for guide in arguments.guides], arguments.dry_run)
    if console.as_json:
        console.json({"root": result.root, "slug_rule": result.slug_rule, "written": [change.path for change in result.changes]})
    elif arguments.dry_run:
        console.diff(result.changes)
    else:
        counts = dict(result.guides)
        for change in result.changes:
            sections = f"  {counted(counts[change.path], 'section')}" if change.path in counts else ""
            console.print(f"{'extended' if change.before is not None else 'wrote'} {change.path}{sections}")
        console.note("next: `citeman add arXiv:2103.00065 --section …`, or `citeman scan` for what the guide cites already")
    return 0
