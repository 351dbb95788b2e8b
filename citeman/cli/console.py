"""What a person sees: results on stdout, notes and errors on stderr, tables, colours, diffs, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from citeman.named import NamedTuple
from citeman.text import display

if TYPE_CHECKING:
    import argparse
    from types import SimpleNamespace
    from typing import Protocol

    from citeman.model import Finding

    class Step(Protocol):
        """Call it when one more part of a long work is done."""

        def __call__(self, done: int = 1, /) -> None:
            """Note that `done` more parts are done."""

    class DiffOf(Protocol):
        """A changed file: its path, its text before and after (None: no file)."""

        @property
        def path(self) -> str: ...  # noqa: D102
        @property
        def before(self) -> str | None: ...  # noqa: D102
        @property
        def after(self) -> str | None: ...  # noqa: D102


_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


class Console(NamedTuple):
    """How this run talks to its user. No dataclass: the instant commands cannot wait for that module."""

    quiet: bool = False
    verbose: int = 0
    as_json: bool = False

    @classmethod
    def of(cls, arguments: argparse.Namespace | SimpleNamespace) -> Console:
        """Return the console that the arguments ask for."""
        return cls(arguments.quiet, arguments.verbose, getattr(arguments, "json", False))

    def print(self, text: str = "") -> None:
        """Print a result."""
        print(display(text))

    def json(self, value: Any) -> None:
        """Print a result that a program reads."""
        import json

        print(display(json.dumps(value, ensure_ascii=False, indent=2)))

    def note(self, text: str) -> None:
        """Say on stderr what was done, unless the run is quiet."""
        if not self.quiet:
            print(display(text), file=sys.stderr)

    def detail(self, text: str) -> None:
        """Say on stderr what only a curious user wants (`-v`)."""
        if self.verbose:
            print(display(text), file=sys.stderr)

    def error(self, text: str) -> None:
        """Say on stderr what went wrong; the command goes on."""
        print(display(text), file=sys.stderr)

    def lacking(self, unread: Iterable[Finding]) -> None:
        """Say what of the bibliography could not be read, so that the result lacks it."""
        for finding in unread:
            self.error(f"{finding.path}:{finding.line}: {finding.message}; the result lacks it")

    def unread(self, places: Sequence[tuple[str, int]]) -> None:
        """Say in one line which parts of the bibliography (path, line) could not be read, so that they are missing."""
        if places:
            path, line = places[0]
            what = f"this entry and {len(places) - 1} more are" if len(places) > 1 else "this entry is"
            self.error(f"{path}:{line}: {what} not read; `citeman check` says more")

    def style(self, text: str, *styles: str) -> str:
        """Return the text in these styles where stdout is a terminal with colours."""
        if not text or not colours():
            return text
        codes = ";".join(_STYLES[style] for style in styles)
        return f"\x1b[{codes}m{text}\x1b[0m"

    def table(self, rows: Sequence[Sequence[str]], headers: Sequence[str] = ()) -> None:
        """Print rows in aligned columns, the last one cut to the terminal's width."""
        cells = [[display(cell) for cell in row] for row in (*([headers] if headers else []), *rows)]
        if not cells:
            return
        widths = [max(width_of(row[column]) for row in cells) for column in range(len(cells[0]))]
        limit = terminal_width()
        for number, row in enumerate(cells):
            line = "  ".join(pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
            line = cut(line, limit) if limit else line
            print(self.style(line, "bold") if headers and number == 0 else line)

    def diff(self, changes: Iterable[DiffOf]) -> None:
        """Print what would change in each file, as a unified diff."""
        for change in changes:
            for line in diff_lines(change):
                colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
                print(self.style(display(line), colour) if colour else display(line))

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Step]:
        """Show a bar on a terminal while long work goes on; yields the function to call for each part done."""
        if self.quiet or total < 2 or not sys.stderr.isatty():
            yield lambda done=1, /: None
            return
        from rich.console import Console as Terminal
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Terminal(stderr=True), transient=True) as bar:
            task = bar.add_task(label, total=total)
            yield lambda done=1, /: bar.advance(task, done)


def settle_streams() -> None:
    """Let neither a closed stream (`>&-`) nor a character that the terminal's encoding lacks end the program."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def colours() -> bool:
    """Tell whether stdout shows colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_width() -> int:
    """Return the terminal's width in columns; 0 where stdout is no terminal."""
    if not sys.stdout.isatty():
        return 0
    import shutil

    return shutil.get_terminal_size().columns


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 paper`, `2 papers`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def width_of(text: str) -> int:
    """Return how many terminal columns a text takes."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF") for char in text)


def pad(text: str, width: int) -> str:
    """Return the text with blanks up to a width in columns."""
    return text + " " * (width - width_of(text))


def cut(text: str, width: int) -> str:
    """Return the text, shortened with `…` where it is wider than `width` columns."""
    if width_of(text) <= width:
        return text
    kept = text[: width - 1]
    while width_of(kept) > width - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def diff_lines(change: DiffOf) -> Iterator[str]:
    """Return a unified diff of one changed file, without line ends."""
    import difflib

    before, after = (change.before or "").splitlines(), (change.after or "").splitlines()
    old = "/dev/null" if change.before is None else f"a/{change.path}"
    new = "/dev/null" if change.after is None else f"b/{change.path}"
    start, end = _differing(before, after)
    lines = difflib.unified_diff(before[start : len(before) - end], after[start : len(after) - end], old, new, lineterm="")
    for line in lines:
        yield _moved(line, start) if line.startswith("@@") else line


_CONTEXT = 3
"""Lines that a diff shows around each change."""


def _differing(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """Count the lines at the beginning and at the end that no diff has to look at: in a great file all but a few."""
    shorter = min(len(before), len(after))
    start = next((place for place in range(shorter) if before[place] != after[place]), shorter)
    end = next((place for place in range(shorter - start) if before[-1 - place] != after[-1 - place]), shorter - start)
    return max(0, start - _CONTEXT), max(0, end - _CONTEXT)


def _moved(hunk: str, lines: int) -> str:
    """Number a hunk's header (`@@ -1,3 +1,4 @@`) as what it is of the whole file."""
    import re

    return re.sub(r"([-+])(\d+)", lambda match: f"{match[1]}{int(match[2]) + lines}", hunk) if lines else hunk


def add_json(parser: argparse._ActionsContainer) -> None:
    """Give a command the `--json` option."""
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def add_dry_run(parser: argparse.ArgumentParser) -> None:
    """Give a command the `--dry-run` option."""
    parser.add_argument("--dry-run", action="store_true", help="show what would change in each file and write nothing")
