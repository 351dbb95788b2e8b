"""`citeman rename`."""

from __future__ import annotations

import argparse

from citeman.cli.console import Console, add_dry_run, add_json

DESCRIPTION = (
    "Give a paper another citation key: in the bibliography, the reading lists, the lock and every [@key] of the guides\n"
    "at once. The entry keeps the old key as an alias (`ids`)."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("old", metavar="OLD", help="the key it has")
    parser.add_argument("new", metavar="NEW", help="the key to give it")
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Rename and tell which files changed."""
    from citeman.commands.rename import rename
    from citeman.project import Project

    project = Project.open(arguments.directory)
    result = rename(project, arguments.old, arguments.new, arguments.dry_run)
    if console.as_json:
        console.json({"old": result.old, "new": result.new, "changed": [change.path for change in result.changes]})
    elif arguments.dry_run:
        console.diff(result.changes)
    else:
        console.print(f"renamed {result.old} to {result.new} in {', '.join(change.path for change in result.changes)}")
    for rule in result.waived:
        console.note(f"{project.config.path} waives {rule} for {result.old}; write {result.new} there")
    return 0
