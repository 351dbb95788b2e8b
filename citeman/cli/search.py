"""`citeman search`, and what it shares with `citeman list`."""

from __future__ import annotations

import re
import sys
from itertools import islice
from typing import TYPE_CHECKING

from citeman.cli.console import Console, add_json, cut, terminal_width, width_of
from citeman.commands.search import Found, bibtex, open_index, search
from citeman.index.condition import SORTS
from citeman.index.read import Hit, Index

if TYPE_CHECKING:
    import argparse

DESCRIPTION = (
    "Find papers by the words of their titles, authors, venues, abstracts and of what the reading lists say of them.\n"
    "The papers that a section lists come first; a mistyped word finds the nearest one."
)
EXAMPLES = """a query is made of:
  sharpness stab*               words, and words that go on
  "edge of stability"           words that stand together
  author:cohen title:edge       words of one part (title, author, venue, why, abstract, key)
  arXiv:2103.00065              an identifier, or its address
  year:2019..2021 type:article  properties (year, type, section, guide, role, level)
  section:eos role:foundation   where papers are read, and as what
  has:doi                       a field that is there (also has:section, has:why, has:abstract)
  -survey -has:doi              what must not be"""
SHOWN = 50
"""Papers in the table of a search, unless `--limit` says otherwise."""
_SHORT, _SECTION = 22, 26
_WITH_VALUE = ("-n", "--limit", "--sort", "-C", "--directory")
_FLAGS = re.compile(r"-(?:n\d+|[hiqv]+)")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("query", metavar="QUERY", nargs="*", help="what to find, see below")
    add_output(parser, "relevance", f"show at most N papers, 0: all (default: {SHOWN} in the table)")


def prepare(given: list[str]) -> list[str]:
    """Sort a command line into options and the query, whose words may begin with `-` and stand anywhere."""
    options: list[str] = []
    words: list[str] = []
    rest = iter(given)
    for word in rest:
        if word == "--":
            words.extend(rest)
        elif word in _WITH_VALUE:
            options += [word, *islice(rest, 1)]
        elif word.startswith("--") or _FLAGS.fullmatch(word):
            options.append(word)
        else:
            words.append(word)
    return [*options, "--", *words]


def add_output(parser: argparse.ArgumentParser, sort: str, limit: str) -> None:
    """Declare how papers are shown."""
    kind = parser.add_mutually_exclusive_group()
    add_json(kind)
    kind.add_argument("--keys", action="store_true", help="print citation keys only, one a line")
    kind.add_argument("--bib", action="store_true", help="print the BibTeX entries")
    kind.add_argument("-i", "--interactive", action="store_true", help="pick a paper while typing; Enter prints its citation")
    parser.add_argument("--sort", choices=SORTS, default=sort, help=f"order (default: {sort})")
    parser.add_argument("-n", "--limit", type=int, metavar="N", help=limit)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Search and print what was found."""
    return find(arguments, console, " ".join(arguments.query), 0 if arguments.json or arguments.keys or arguments.bib else SHOWN)


def find(arguments: argparse.Namespace, console: Console, query: str, limit: int) -> int:
    """Find papers and print them in the way that the arguments ask for."""
    with open_index(arguments.directory) as index:
        _tell_state(index, console)
        if arguments.interactive and sys.stdin.isatty() and sys.stderr.isatty():
            from citeman.cli.pick import pick

            return pick(index, query, arguments.sort)
        found = search(index, query, arguments.sort, limit if arguments.limit is None else arguments.limit)
    _tell_guess(found, console)
    _print(found, arguments, console)
    return 1 if index.problems else 0


def _tell_state(index: Index, console: Console) -> None:
    for problem in index.problems:
        console.error(f"{problem}; searched what was known of it before")
    console.unread(index.unread())
    if index.in_memory:
        console.detail(f"no index is kept, this search read every file: {index.in_memory}")


def _tell_guess(found: Found, console: Console) -> None:
    if found.hint:
        console.note(found.hint)
    for asked, taken in found.instead:
        console.note(f"nothing matches {asked!r}; did you mean {taken!r}?")
    if found.remark:
        console.note(found.remark)


def _print(found: Found, arguments: argparse.Namespace, console: Console) -> None:
    if arguments.json:
        console.json([as_json(hit) for hit in found.hits])
    elif arguments.keys:
        for hit in found.hits:
            console.print(hit.key)
    elif arguments.bib:
        _print_bib(found, arguments.directory, console)
    else:
        print_table(found.hits, console)
        if found.total > len(found.hits):
            console.note(f"{found.total - len(found.hits)} more; `--limit 0` shows all")
        elif not found.hits:
            console.note("no paper found")


def as_json(hit: Hit) -> dict[str, object]:
    """Return a paper as programs read it."""
    import json

    return {
        "key": hit.key,
        "title": hit.title,
        "authors": json.loads(hit.authors),
        "year": hit.year,
        "sections": [place.partition("#")[2] for place in hit.sections],
        "places": list(hit.sections),
        "type": hit.type,
        "venue": hit.venue,
        "doi": hit.doi,
        "arxiv": hit.arxiv,
        "url": hit.url,
    }


def print_table(hits: list[Hit], console: Console) -> None:
    """Print papers as rows of key, year, authors, sections and title, made to fit the terminal."""
    limit = terminal_width()
    rows = [_cells(hit) for hit in hits]
    widths = [max(map(width_of, column)) for column in zip(*(row[:4] for row in rows), strict=True)]
    for row in rows:
        line = "  ".join(f"{cell}{' ' * (width - width_of(cell))}" for cell, width in zip(row[:4], widths, strict=True))
        title = cut(row[4], max(20, limit - width_of(line) - 2)) if limit else row[4]
        console.print(f"{console.style(row[0], 'cyan')}{line[len(row[0]) :]}  {title}")


def _cells(hit: Hit) -> tuple[str, str, str, str, str]:
    section = hit.sections[0].partition("#")[2] if hit.sections else ""
    more = f" +{len(hit.sections) - 1}" if len(hit.sections) > 1 else ""
    return hit.key, str(hit.year or ""), cut(hit.short, _SHORT), f"{cut(section, _SECTION)}{more}", hit.title


def _print_bib(found: Found, directory: str, console: Console) -> None:
    from citeman.project import Project

    console.print(bibtex(Project.open(directory).bibliography, (hit.key for hit in found.hits)).rstrip("\n"))
