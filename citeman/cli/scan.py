"""`citeman scan`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from citeman.cli.console import Console, add_dry_run, add_json, counted
from citeman.errors import UsageError

if TYPE_CHECKING:
    from citeman.commands.scan import Cited, Scanned
    from citeman.project import Project

DESCRIPTION = (
    "Find every citation that the guides make already: links to papers in Markdown and HTML, in footnotes and sidenotes, and\n"
    "pandoc's [@key]. With --write, add what the store lacks and list each paper in the section that cites it."
)
EXAMPLES = """examples:
  citeman scan                          what the project's guides cite
  citeman scan posts/ --write           take in what the posts of a folder cite, in one go, also where there is no project yet
  citeman scan --to-keys --dry-run      how the guides would look with [@key] instead of links"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", help="Markdown files, folders or patterns (default: the project's guides)"
    )
    parser.add_argument("--write", action="store_true", help="add missing papers and list each in its section")
    parser.add_argument("--pages", action="store_true", help="count links to plain web pages too")
    parser.add_argument("--missing", action="store_true", help="show only what the store lacks")
    parser.add_argument("--offline", action="store_true", help="with --write: ask nobody, leave the facts to sync")
    parser.add_argument(
        "--yes", action="store_true", help="with --write: make the preprint and the published version of a work one entry"
    )
    rewriting = parser.add_mutually_exclusive_group()
    rewriting.add_argument("--to-keys", action="store_true", help="rewrite the guides' own links to papers as [@key]")
    rewriting.add_argument("--to-links", action="store_true", help="rewrite [@key] as links")
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Scan, and write where that is asked for."""
    if arguments.to_keys or arguments.to_links:
        if arguments.write:
            raise UsageError(
                "--to-keys and --to-links rewrite the guides, --write takes in what they cite; do one after the other"
            )
        return _rewrite(arguments, console)
    from citeman.commands.scan import scan

    project = _project(arguments)
    result = _write(project, arguments, console) if arguments.write else scan(project, arguments.paths, pages=arguments.pages)
    _report(result, arguments, console)
    return _exit_code(result, arguments.write)


def _project(arguments: argparse.Namespace) -> Project:
    """The project here or above; for texts that are named also a folder that is none yet."""
    from pathlib import Path

    from citeman.project import Project, load_config
    from citeman.store import find_root

    folder = Path(arguments.directory).resolve()
    is_new = bool(arguments.paths) and folder.is_dir() and find_root(folder) is None
    return Project(folder, load_config(folder)) if is_new else Project.open(arguments.directory)


def _rewrite(arguments: argparse.Namespace, console: Console) -> int:
    from citeman.commands.scan import rewrite
    from citeman.project import Project

    project = Project.open(arguments.directory)
    result = rewrite(project, "keys" if arguments.to_keys else "links", arguments.paths, arguments.dry_run)
    if console.as_json:
        console.json({"guides": [{"path": path, "rewritten": count} for path, count in result.guides]})
    elif arguments.dry_run:
        console.diff(result.changes)
    else:
        for path, count in result.guides:
            console.print(f"{path}: {counted(count, 'citation')} rewritten")
    return 0


def _write(project: Project, arguments: argparse.Namespace, console: Console) -> Scanned:
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
        progress=lambda number: console.progress("asking", number),
        yes=arguments.yes,
        dry_run=arguments.dry_run,
    )


def _report(result: Scanned, arguments: argparse.Namespace, console: Console) -> None:
    shown = [one for one in result.citations if not (arguments.missing and one.key)]
    if arguments.json:
        console.json({"citations": [_as_json(one) for one in shown], **_as_json_of_writing(result)})
    elif arguments.dry_run:
        console.diff(result.changes)
    elif not arguments.write:
        for one in shown:
            name = one.identifier or f"@{one.citekey}"
            console.print(f"{one.path}:{one.line}: {one.label or one.url}  {name}  {one.key or '(not in the store)'}")
    for problem in () if arguments.json else problems(result, arguments.write):
        console.error(problem)
    console.note(_summary(result, arguments.dry_run))


def problems(result: Scanned, is_written: bool) -> Iterator[str]:
    """Yield what could not be read, found, or listed, with its place and what to do."""
    for text in result.unread:
        yield f"{text.path}: {text.reason}"
    where: dict[str, Cited] = {}
    for one in result.citations:
        where.setdefault(one.identifier, one)
    for failed in result.addition.failed if result.addition else ():
        cited = where.get(failed.input)
        yield f"{cited.path}:{cited.line}: {failed.input}: {failed.reason}" if cited else f"{failed.input}: {failed.reason}"
    for filed in result.addition.filed if result.addition else ():
        if filed.proposal:
            cited = where.get(filed.input)
            yield f"{f'{cited.path}:{cited.line}: ' if cited else ''}{filed.proposal}; `--yes` makes them one entry"
    if is_written:
        told = "add it (`citeman add --from OTHER.bib`) or mend it"
        unknown = {one.citekey: one for one in reversed(result.lacking) if not one.identifier}
        for one in sorted(unknown.values(), key=lambda one: (one.path, one.line)):
            yield f"{one.path}:{one.line}: no entry has the key {one.citekey!r}; {told}"
    for one in {(one.path, one.key): one for one in reversed(result.loose)}.values():
        yield f"{one.path}:{one.line}: {one.key} is cited outside of every section; `citeman link {one.key} -s SECTION` lists it"


def _summary(result: Scanned, is_trial: bool) -> str:
    works = {one.work for one in result.citations}
    lacking = {one.work for one in result.lacking}
    told = (
        f"{counted(len(result.citations), 'citation')} of {counted(len(works), 'work')}, {len(lacking)} of them not in the store"
    )
    if result.addition is None:
        return told
    added, would = len(result.addition.added), "would have " if is_trial else ""
    started = f", started {counted(len(result.started), 'guide')}" if result.started else ""
    return f"{told}; {would}added {added}, listed {counted(result.linked, 'time')}{started}"


def _as_json_of_writing(result: Scanned) -> dict[str, Any]:
    unread = {"unread": [{"path": text.path, "reason": text.reason} for text in result.unread]}
    if result.addition is None:
        return unread
    filed = result.addition.filed
    return {
        **unread,
        "added": [one.key for one in result.addition.added],
        "linked": result.linked,
        "started": list(result.started),
        "loose": [_as_json(one) for one in result.loose],
        "proposals": [{"input": one.input, "key": one.key, "proposal": one.proposal} for one in filed if one.proposal],
        "failed": [{"input": one.input, "reason": one.reason, "unreachable": one.unreachable} for one in result.addition.failed],
        "requests": dict(result.addition.requests),
    }


def _as_json(cited: Cited) -> dict[str, Any]:
    return {field.name: getattr(cited, field.name) for field in fields(cited)}


def _exit_code(result: Scanned, is_written: bool) -> int:
    failed = result.addition.failed if result.addition else ()
    unknown = is_written and any(not one.identifier for one in result.lacking)
    if result.unread or unknown or any(not one.unreachable for one in failed):
        return 1
    return 3 if failed else 0
