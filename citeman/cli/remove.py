"""`citeman remove`."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from citeman.cli.console import Console, add_dry_run, add_json

DESCRIPTION = (
    "Remove a paper from the bibliography. Where it is used, that is told, and it goes only with --force:\n"
    "then from the lists too."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("key", metavar="KEY", help="citation key")
    parser.add_argument(
        "--force", action="store_true", help="remove it although it is used, from every list too (the guide's text stays)"
    )
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Remove, or tell what needs the paper."""
    from citeman.commands.remove import remove
    from citeman.project import Project

    result = remove(Project.open(arguments.directory), arguments.key, arguments.force, arguments.dry_run)
    if console.as_json:
        console.json({"key": result.key, "removed": result.done, "uses": [asdict(use) for use in result.uses]})
    elif arguments.dry_run and result.done:
        console.diff(result.changes)
    else:
        for use in result.uses:
            console.print(f"{use.path}:{use.line}: {use.how}")
        if result.done:
            console.print(f"removed {result.key}")
        else:
            console.error(f"citeman: {result.key} is in use; nothing was changed, remove it with --force")
    return 0 if result.done else 1
