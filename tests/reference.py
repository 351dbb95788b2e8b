"""Writes docs/commands.md from the commands' own argument parsers: `python -m tests.reference`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from citeman.cli import VERBS, parser_of

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"
HEAD = """# Commands

This page is written from the commands' own help (`make docs`); a test holds the two together.

Global options, before or after the command: `-C DIR` works on the project of another folder, `-q` prints results and errors only,
`-v` tells more, `NO_COLOR` turns colours off. The project is the nearest folder upward with a config table, `refs/` or
`references.bib`. Results go to stdout, progress and errors to stderr.

Exit codes: **0** fine · **1** findings, conflicts, `--check` differs, or some inputs failed · **2** wrong usage, such as a key or section
that is not there · **3** a service could not be reached (nothing else wrong) · **130** interrupted.
"""


def page() -> str:
    """Return the whole page."""
    listing = "\n".join(f"- [`{verb}`](#citeman-{verb}): {summary}" for verb, summary in VERBS.items())
    return "\n".join([HEAD, listing, *("\n".join(section(verb)) for verb in VERBS)]) + "\n"


def section(verb: str) -> Iterator[str]:
    """Yield the lines of one command's section."""
    parser = parser_of(verb)
    yield f"\n## citeman {verb}\n\n{parser.description}\n"
    for action in parser._actions:
        is_global = {"--help", "--directory", "--quiet", "--verbose"} & set(action.option_strings)
        if not is_global and action.help != argparse.SUPPRESS:
            yield f"- `{form(action)}`: {(action.help or '') % vars(action)}"
    if parser.epilog:
        yield f"\n```text\n{parser.epilog.strip()}\n```"


def form(action: argparse.Action) -> str:
    """Return how one argument is written."""
    value = (
        ""
        if action.nargs == 0
        else str(action.metavar or ("{" + ",".join(action.choices) + "}" if action.choices else action.dest.upper()))
    )
    many = {"*": " …", "+": " …"}.get(str(action.nargs), "")
    if not action.option_strings:
        return f"[{value}{many}]" if action.nargs in {"*", "?"} else f"{value}{many}"
    return f"{', '.join(action.option_strings)} {value}".strip()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
