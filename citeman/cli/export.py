"""`citeman export`."""

from __future__ import annotations

import argparse
import os

from citeman.cli.console import Console

DESCRIPTION = "Write papers as BibTeX, CSL-JSON, RIS, Markdown or references: all, those of sections, or those of some keys."
EXAMPLES = """examples:
  citeman export > everything.bib
  citeman export --section eos -o eos.ris
  citeman export --section eos --csl apa
  citeman export cohen2021gradient jacot2018neural --format csl-json"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("keys", metavar="KEY", nargs="*", help="citation key")
    parser.add_argument("-s", "--section", action="append", default=[], metavar="S", help="a section's papers; repeatable")
    parser.add_argument(
        "-f", "--format", default="", metavar="FORM", help="bib, csl-json, ris, markdown or references (default: by FILE)"
    )
    parser.add_argument("--csl", default="", metavar="STYLE", help="CSL style of the references: a name or a .csl file")
    parser.add_argument("-o", "--out", default="", metavar="FILE", help="write into a file instead of to stdout")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Export."""
    from citeman.commands.export import export, form_of
    from citeman.project import Project
    from citeman.store import write_file

    form = arguments.format or ("references" if arguments.csl else form_of(arguments.out))
    project = Project.open(arguments.directory)
    text = export(project, form, arguments.keys, arguments.section, arguments.csl)
    if arguments.out:
        write_file(os.path.normpath(os.path.join(arguments.directory, arguments.out)), text)
    else:
        console.print(text.rstrip("\r\n"))
    unread = project.library.bibliography.unread
    console.lacking(unread)
    return 1 if unread else 0
