"""Arguments: the global options, the verbs, and errors of usage in one line with a near miss."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import NoReturn

from citeman import __version__
from citeman.errors import UsageError


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line and name a near miss."""

    def error(self, message: str) -> NoReturn:
        """Raise the mistake as a UsageError instead of printing the whole usage."""
        from citeman.config import did_you_mean

        unknown = message.partition("unrecognized arguments: ")[2].split()
        known = [option for action in self._actions for option in action.option_strings]
        near = did_you_mean(unknown[0].partition("=")[0], known) if unknown and unknown[0].startswith("-") else ""
        raise UsageError(f"{message}{near}; see `{self.prog} --help`")


class _Help(argparse.RawDescriptionHelpFormatter):
    """A help formatter that asks for the terminal's width without importing `shutil`, which costs a quarter of a `--version`."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def parse(given: list[str], verbs: Mapping[str, str]) -> tuple[ModuleType, argparse.Namespace]:
    """Parse a command line; returns the verb's module and its arguments. Raises UsageError; `--help` prints and exits."""
    head, verb, rest = _split(given)
    parser = _top(verbs)
    parsed = parser.parse_args(head)
    if verb is None and head:
        parser.error("which command?")
    if verb is None:
        parser.print_help()
        parser.exit()
    if verb not in verbs:
        from citeman.config import did_you_mean

        raise UsageError(f"no command {verb!r}{did_you_mean(verb, verbs)}; see `citeman --help`")
    module, verb_arguments = verb_parser(verb, verbs)
    prepare = getattr(module, "prepare", None)
    return module, verb_arguments.parse_args(prepare(rest) if prepare else rest, parsed)


RESERVED = ("import",)
"""Verbs that Python does not take as a module's name; a `_` follows there."""


def verb_parser(verb: str, verbs: Mapping[str, str]) -> tuple[ModuleType, Parser]:
    """Return a verb's module and its parser, the global options included."""
    module = importlib.import_module(f"citeman.cli.{verb}{'_' * (verb in RESERVED)}")
    summary = verbs[verb]
    parser = Parser(
        prog=f"citeman {verb}",
        description=getattr(module, "DESCRIPTION", f"{summary[0].upper()}{summary[1:]}."),
        epilog=getattr(module, "EXAMPLES", None),
        formatter_class=_Help,
        allow_abbrev=False,
    )
    module.configure(parser)
    _add_globals(parser, argparse.SUPPRESS)
    return module, parser


def _columns() -> int:
    try:
        return int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(sys.stdout.fileno()).columns
    except (ValueError, OSError):
        return 80


def _split(given: list[str]) -> tuple[list[str], str | None, list[str]]:
    """Cut a command line at its verb: the first word that is neither an option nor the value of `-C`."""
    position = 0
    while position < len(given):
        word = given[position]
        if word in {"-C", "--directory"}:
            position += 2
        elif word.startswith("-"):
            position += 1
        else:
            return given[:position], word, given[position + 1 :]
    return given, None, []


def _top(verbs: Mapping[str, str]) -> Parser:
    width = max(map(len, verbs))
    listing = "\n".join(f"  {verb:<{width}}  {summary}" for verb, summary in verbs.items())
    parser = Parser(
        prog="citeman",
        usage="citeman [-C DIR] [-q] [-v] COMMAND …",
        description="Citations and reading lists of a Markdown guide, section by section.",
        epilog=f"commands:\n{listing}\n\n`citeman COMMAND --help` tells more.",
        formatter_class=_Help,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"citeman {__version__}")
    _add_globals(parser, None)
    return parser


def _add_globals(parser: Parser, default: object) -> None:
    group = parser.add_argument_group("global options")
    group.add_argument(
        "-C", "--directory", metavar="DIR", default=default or ".", help="work on the project of this folder (default: here)"
    )
    group.add_argument("-q", "--quiet", action="store_true", default=default or False, help="print results and errors only")
    group.add_argument("-v", "--verbose", action="count", default=default or 0, help="tell more of what is done")
