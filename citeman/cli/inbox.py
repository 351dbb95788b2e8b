"""`citeman inbox`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from citeman.cli.console import Console, add_dry_run, add_json
from citeman.cli.link import add_item_options, described
from citeman.errors import UsageError

if TYPE_CHECKING:
    from citeman.inbox import Found
    from citeman.project import Project

DESCRIPTION = (
    "List the new papers that `citeman sync --watch` found for the sections' watch queries, the likest first;\n"
    "take them into the store, or dismiss them for good."
)
EXAMPLES = """examples:
  citeman inbox --section eos
  citeman inbox accept 2501.01234 --why "A sharper bound."
  citeman inbox dismiss 2501.01234 2501.04321"""
ACTIONS = ("list", "accept", "dismiss")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("action", choices=ACTIONS, nargs="?", default="list", help="what to do (default: list)")
    parser.add_argument("papers", metavar="ID", nargs="*", help="arXiv ids of papers in the inbox")
    parser.add_argument(
        "-s", "--section", action="append", default=[], metavar="S", help="list what was found for it; accept: list it there"
    )
    add_item_options(parser)
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """List, accept or dismiss."""
    from citeman.project import Project

    if arguments.action != "list" and not arguments.papers:
        raise UsageError(f"name the papers to {arguments.action} by their arXiv ids; `citeman inbox` lists them")
    if arguments.action == "list" and arguments.papers:
        raise UsageError("`citeman inbox list` takes no ids; did you mean `citeman inbox accept` or `dismiss`?")
    project = Project.open(arguments.directory)
    return {"list": _list, "accept": _accept, "dismiss": _dismiss}[arguments.action](project, arguments, console)


def _list(project: Project, arguments: argparse.Namespace, console: Console) -> int:
    from citeman.commands.inbox import waiting

    _show(waiting(project, arguments.section).papers, console)
    return 0


def _accept(project: Project, arguments: argparse.Namespace, console: Console) -> int:
    from datetime import UTC, datetime

    from citeman.cli.add import CACHE_AGE, exit_code, report
    from citeman.commands.add import Placing
    from citeman.commands.inbox import accept
    from citeman.commands.link import Where
    from citeman.commands.session import open_session

    where = Where(arguments.before, arguments.after, arguments.first)
    placing = Placing(tuple(arguments.section), described(arguments), where, arguments.settles)
    session = open_session(project, CACHE_AGE, notify=console.note)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    result = accept(project, arguments.papers, placing, session, now, arguments.dry_run)
    report(result, arguments, console)
    return exit_code(result)


def _dismiss(project: Project, arguments: argparse.Namespace, console: Console) -> int:
    from citeman.commands.inbox import dismiss

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
