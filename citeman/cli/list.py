"""`citeman list`: search with no words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from citeman.cli.console import Console
from citeman.cli.search import add_output, find, prepare

if TYPE_CHECKING:
    import argparse

__all__ = ["DESCRIPTION", "EXAMPLES", "configure", "prepare", "run"]

DESCRIPTION = "List the papers of the project: by default in reading order, what no section lists at the end."
EXAMPLES = """examples:
  citeman list section:eos
  citeman list --sort year -n 10
  citeman list -has:section --keys"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("query", metavar="FILTER", nargs="*", help="list only these, as `citeman search` understands it")
    add_output(parser, "section", "list at most N papers")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """List the papers."""
    return find(arguments, console, " ".join(arguments.query), 0)
