"""`citeman inbox`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from citeman.cli.console import Console, add_dry_run, add_json
from citeman.errors import UsageError

if TYPE_CHECKING:
    from citeman.inbox import Found

DESCRIPTION = (
    "List the new papers that `citeman sync --watch` found for the sections' watch queries, the likest first; "
    "take them into the store, or dismiss them for good."
)
EXAMPLES = """examples:
  citeman inbox --section eos
  citeman inbox dismiss 2501.01234 2501.04321"""
ACTIONS = ("list", "dismiss")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("action", choices=ACTIONS, nargs="?", default="list", help="what to do (default: list)")
    parser.add_argument("papers", metavar="ID", nargs="*", help="arXiv ids of papers in the inbox")
    parser.add_argument("-s", "--section", default="", metavar="S", help="list only what was found for this section")
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """List or dismiss."""
    from citeman.commands.inbox import dismiss, waiting
    from citeman.project import Project

    project = Project.open(arguments.directory)
    if arguments.action == "list":
        if arguments.papers:
            raise UsageError("`citeman inbox list` takes no ids; did you mean `citeman inbox dismiss`?")
        _show(waiting(project, arguments.section).papers, console)
        return 0
    if not arguments.papers:
        raise UsageError("name the papers to dismiss by their arXiv ids; `citeman inbox` lists them")
    result = dismiss(project, arguments.papers, arguments.dry_run)
    if arguments.dry_run:
        console.diff(result.files)
    elif console.as_json:
        console.json({"dismissed": [found.identifier for found in result.papers]})
    else:
        for found in result.papers:
            console.print(f"dismissed {found.identifier}")
    return 0


def _show(papers: tuple[Found, ...], console: Console) -> None:
    from citeman import names
    from citeman.tex import to_text

    if console.as_json:
        console.json({"papers": [as_json(found) for found in papers]})
        return
    rows = []
    for found in papers:
        place, score = max(found.sections.items(), key=lambda item: item[1], default=("", 0.0))
        authors = names.short(names.parse(found.author))
        rows.append((f"{score:.2f}", found.identifier, found.published, place, f"{authors}: {to_text(found.title)}"))
    if rows:
        console.table(rows, ("like", "paper", "submitted", "section", "title"))
    else:
        console.note("nothing waits in the inbox")


def as_json(found: Found) -> dict[str, Any]:
    """Return a paper of the inbox as a program reads it."""
    return {
        "identifier": found.identifier,
        "title": found.title,
        "author": found.author,
        "published": found.published,
        "sections": dict(found.sections),
    }
