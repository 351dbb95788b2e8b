"""`citeman unlink`."""

from __future__ import annotations

import argparse

from citeman.cli.console import Console, add_dry_run, add_json

DESCRIPTION = (
    "Take a paper (or a page's URL, or see:ANCHOR) out of a section's reading list; out of every list without --section."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("key", metavar="KEY", help="citation key, URL, or see:ANCHOR")
    parser.add_argument(
        "-s", "--section", action="append", default=[], metavar="S", help="where from; repeatable (default: everywhere)"
    )
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Unlink and tell where."""
    from citeman.commands.link import unlink
    from citeman.project import Project

    result = unlink(Project.open(arguments.directory), arguments.key, arguments.section, arguments.dry_run)
    if console.as_json:
        console.json({"item": result.identity, "unlinked": result.places, "absent": result.unchanged})
    elif arguments.dry_run:
        console.diff(result.changes)
    else:
        for place in result.places:
            console.print(f"took {result.identity} out of {place}")
        for place in result.unchanged:
            console.print(f"{place} does not list {result.identity}")
    return 0
