"""`citeman cite`."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from citeman.cli.console import Console, add_json

DESCRIPTION = "Print the citation of a paper, to paste into the guide. Several papers that fit are listed for you to choose from."
EXAMPLES = """examples:
  citeman cite "jacot 18"
  citeman cite arXiv:2103.00065 --as key
  citeman cite edge of stability --as reference"""
FORMS = ("link", "key", "bibtex", "reference")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "query", metavar="QUERY", nargs="+", help="a citation key, an identifier, an author and a year, or words of the title"
    )
    parser.add_argument("--as", dest="form", choices=FORMS, default="link", help="the form to print (default: link)")
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print one citation, or the candidates."""
    from citeman.commands.cite import cite
    from citeman.project import Project

    query = " ".join(arguments.query)
    hits = cite(Project.open(arguments.directory), query)
    if console.as_json:
        console.json([asdict(hit) for hit in hits])
    elif len(hits) == 1:
        hit = hits[0]
        console.print(
            {"link": hit.markdown, "key": f"[@{hit.key}]", "bibtex": hit.bibtex, "reference": hit.reference}[arguments.form]
        )
    elif hits:
        console.error(f"citeman: {len(hits)} papers fit {query!r}; say more")
        console.table([(hit.key, hit.label, hit.title) for hit in hits])
    else:
        console.error(f"citeman: no paper fits {query!r}; `citeman search` looks further")
    return 0 if len(hits) == 1 or (hits and console.as_json) else 1
