"""`citeman import`."""

from __future__ import annotations

import argparse

from citeman.cli import add
from citeman.cli.console import Console, add_dry_run, add_json
from citeman.cli.link import add_item_options

DESCRIPTION = (
    "Take in a whole bibliography (BibTeX, CSL-JSON or RIS) with the facts it gives, asking nobody; keys stay where they can.\n"
    "What is in the store already is not added twice. `citeman sync` then compares the facts with arXiv and Crossref."
)
EXAMPLES = """examples:
  citeman import zotero-export.bib
  citeman import library.json --section background"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="a bibliography; `-` reads standard input")
    parser.add_argument("-s", "--section", action="append", default=[], metavar="S", help="list its papers there; repeatable")
    add_item_options(parser)
    add_dry_run(parser)
    add_json(parser)
    parser.set_defaults(inputs=[], key="", yes=False, offline=True)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Import, as `add --from FILE --offline` does."""
    return add.run(arguments, console)
