"""`citeman scan`."""

from __future__ import annotations

import argparse
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from citeman.cli.console import Console, add_dry_run, add_json, counted
from citeman.errors import UsageError

if TYPE_CHECKING:
    from citeman.commands.scan import Cited, Scanned

DESCRIPTION = (
    "Find every citation that the guides make already: links to papers in Markdown and HTML, in footnotes and sidenotes, and\n"
    "pandoc's [@key]. With --write, add what the store lacks and list each paper in the section that cites it."
)
EXAMPLES = """examples:
  citeman scan                          what the project's guides cite
  citeman scan posts/*.md --write       take everything in, in one go
  citeman scan --to-keys --dry-run      how the guides would look with [@key] instead of links"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("paths", metavar="GUIDE.md", nargs="*", help="Markdown files (default: the project's guides)")
    parser.add_argument("--write", action="store_true", help="add missing papers and list each in its section")
    parser.add_argument("--pages", action="store_true", help="count links to plain web pages too")
    parser.add_argument("--missing", action="store_true", help="show only what the store lacks")
    parser.add_argument("--offline", action="store_true", help="with --write: ask nobody, leave the facts to sync")
    rewriting = parser.add_mutually_exclusive_group()
    rewriting.add_argument("--to-keys", action="store_true", help="rewrite the guides' own links to papers as [@key]")
    rewriting.add_argument("--to-links", action="store_true", help="rewrite [@key] as links")
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Scan, and write where that is asked for."""
    from citeman.commands.scan import rewrite, scan
    from citeman.project import Project

    project = Project.open(arguments.directory)
    if arguments.to_keys or arguments.to_links:
        if arguments.write or arguments.paths:
            raise UsageError("--to-keys and --to-links stand alone: they rewrite the project's guides")
        changes = rewrite(project, "keys" if arguments.to_keys else "links", arguments.dry_run)
        if arguments.dry_run:
            console.diff(changes)
        else:
            console.print(f"rewrote {', '.join(change.path for change in changes) or 'nothing'}")
        return 0
    result = _write(project, arguments, console) if arguments.write else scan(project, arguments.paths, pages=arguments.pages)
    _report(result, arguments, console)
    return _exit_code(result)


def _write(project: Any, arguments: argparse.Namespace, console: Console) -> Scanned:
    from datetime import UTC, datetime

    from citeman.cli.add import CACHE_AGE
    from citeman.commands.scan import scan_into
    from citeman.commands.session import open_session

    now = datetime.now(UTC)
    session = open_session(project, CACHE_AGE, offline=arguments.offline, notify=console.note)
    return scan_into(
        project,
        arguments.paths,
        session,
        now=now.isoformat(timespec="seconds"),
        today=now.date().isoformat(),
        pages=arguments.pages,
        dry_run=arguments.dry_run,
    )


def _report(result: Scanned, arguments: argparse.Namespace, console: Console) -> None:
    shown = [one for one in result.citations if not (arguments.missing and one.key)]
    if arguments.json:
        console.json({"citations": [_as_json(one) for one in shown], **_written(result)})
        return
    if arguments.dry_run:
        console.diff(result.changes)
    elif not arguments.write:
        for one in shown:
            console.print(f"{one.path}:{one.line}: {one.label or one.url}  {one.identifier}  {one.key or '(not in the store)'}")
    for failed in result.addition.failed if result.addition else ():
        console.error(f"{failed.input}: {failed.reason}")
    console.note(_summary(result))


def _summary(result: Scanned) -> str:
    works = {one.identifier or one.key for one in result.citations}
    lacking = {one.identifier for one in result.citations if one.key is None}
    cited = f"{counted(len(result.citations), 'citation')} of {counted(len(works), 'work')}"
    told = f"{cited}, {len(lacking)} of them not in the store"
    if result.addition is not None or result.linked:
        added = len(result.addition.added) if result.addition else 0
        told += f"; added {added}, listed {counted(result.linked, 'time')}"
    return told


def _written(result: Scanned) -> dict[str, Any]:
    if result.addition is None:
        return {}
    failed = [{"input": one.input, "reason": one.reason} for one in result.addition.failed]
    return {"added": [one.key for one in result.addition.added], "linked": result.linked, "failed": failed}


def _as_json(cited: Cited) -> dict[str, Any]:
    return {field.name: getattr(cited, field.name) for field in fields(cited)}


def _exit_code(result: Scanned) -> int:
    failed = result.addition.failed if result.addition else ()
    if any(not one.unreachable for one in failed):
        return 1
    return 3 if failed else 0
