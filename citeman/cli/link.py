"""`citeman link`."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from citeman.cli.console import Console, add_dry_run, add_json
from citeman.config import did_you_mean
from citeman.errors import UsageError

if TYPE_CHECKING:
    from citeman.lists import Item

DESCRIPTION = (
    "List a paper of the bibliography in sections of a guide and say why; or a page on the web, or a pointer to another section."
)
EXAMPLES = """examples:
  citeman link cohen2021gradient --section eos --role foundation --why "Named the edge of stability."
  citeman link --url https://example.org/demo --title "A demo" --kind widget --section deep-linear
  citeman link --see ntk --section eos --why "The same story for wide nets." """


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("key", metavar="KEY", nargs="?", default="", help="citation key of the paper")
    parser.add_argument("--url", default="", help="list this page instead of a paper; needs --title and --kind")
    parser.add_argument("--title", default="", help="the page's title")
    parser.add_argument("--kind", default="", metavar="KIND", help="what the page is: widget, talk, code, notes or chapter")
    parser.add_argument(
        "--see",
        default="",
        metavar="SECTION",
        help="list a pointer to another section, named as for --section, or to GUIDE#ANCHOR",
    )
    parser.add_argument(
        "-s", "--section", action="append", required=True, metavar="S", help="anchor, alias, title or part of one; repeatable"
    )
    add_item_options(parser)
    add_dry_run(parser)
    add_json(parser)


def add_item_options(parser: argparse.ArgumentParser) -> None:
    """Declare what can be said of a new item: its role, why, level and place in the list."""
    parser.add_argument(
        "--role", default="", metavar="ROLE", help="foundation, result, survey, textbook, empirical, critique, background"
    )
    parser.add_argument("--why", default="", metavar="TEXT", help="why to read it there, in a sentence")
    parser.add_argument("--level", default="", metavar="LEVEL", help="intro, core or advanced")
    parser.add_argument("--further", action="store_true", help="list it as further reading, not as core")
    parser.add_argument("--read-after", action="append", default=[], metavar="KEY", help="a paper to read before it; repeatable")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--before", default="", metavar="KEY", help="put it before this item of the list")
    where.add_argument("--after", default="", metavar="KEY", help="put it after this item of the list")
    where.add_argument("--first", action="store_true", help="put it first in the list")
    parser.add_argument("--settles", default="", metavar="TEXT", help="the cue of the section that it settles, or a part of it")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Link and tell where."""
    from citeman.commands.link import Where, link
    from citeman.project import Project

    item = item_of(arguments)
    where = Where(arguments.before, arguments.after, arguments.first)
    project = Project.open(arguments.directory)
    result = link(project, item, arguments.section, where, arguments.settles, arguments.dry_run)
    if console.as_json:
        console.json({"item": result.identity, "linked": result.places, "existing": result.unchanged})
    elif arguments.dry_run:
        console.diff(result.changes)
    else:
        for place in result.places:
            console.print(f"listed {result.identity} in {place}")
        for place in result.unchanged:
            console.print(f"{place} lists {result.identity} already")
    return 0


def item_of(arguments: argparse.Namespace) -> Item:
    """Return the item that the arguments describe; raises UsageError where they do not fit together."""
    from citeman.lists import ADDRESS, KINDS

    if sum(map(bool, (arguments.key, arguments.url, arguments.see))) != 1:
        raise UsageError("give just one of KEY, --url and --see")
    if arguments.url and not (arguments.title and arguments.kind):
        raise UsageError("--url needs --title and --kind")
    if arguments.url and not ADDRESS.fullmatch(arguments.url):
        raise UsageError(f"--url {arguments.url!r} is no address that a page can lead to; begin it with https://")
    chosen("--kind", arguments.kind, KINDS)
    return described(arguments)._replace(
        key=arguments.key, url=arguments.url, see=arguments.see, title=arguments.title, kind=arguments.kind
    )


def described(arguments: argparse.Namespace) -> Item:
    """Return an item with what `add_item_options` declared, still without its key; dated today."""
    from citeman.lists import LEVELS, ROLES, Item

    chosen("--role", arguments.role, ROLES)
    chosen("--level", arguments.level, LEVELS)
    return Item(
        role=arguments.role,
        why=arguments.why,
        level=arguments.level,
        tier="further" if arguments.further else "core",
        after=tuple(arguments.read_after),
        added=date.today().isoformat(),
    )


def chosen(option: str, value: str, known: tuple[str, ...]) -> None:
    """Raise UsageError where a value is none of the known ones."""
    if value and value not in known:
        raise UsageError(f"{option} {value!r} is none of {', '.join(known)}{did_you_mean(value, known)}")
