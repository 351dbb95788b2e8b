"""Pandoc's tables, as a rule for markdown-it: what matters here is which lines belong to one.

Follows `table` in pandoc's `Text.Pandoc.Readers.Markdown`, without looking into the columns.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

_DASHES = re.compile(r" {0,3}-+(?:[ \t]+-+)*[ \t]*$")
_PIPE_BREAK = re.compile(r" {0,3}(\|?)[ \t]*:?-+:?[ \t]*(?:[|+][ \t]*:?-+:?[ \t]*)*(\|?)[ \t]*$")
_GRID_RULE = re.compile(r"\+(?:[-=:]+\+)+[ \t]*$")


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take the lines of a pipe, multiline, simple or grid table."""
    if silent or state.sCount[start] - state.blkIndent > 3:
        return False
    lines = _Lines(state, end)
    last = _pipe(lines, start) or _dashed(lines, start) or _simple(lines, start) or _grid(lines, start)
    if not last:
        return False
    state.line = last
    for line in range(start, last):
        token = state.push("table_row", "", 0)
        token.map = [line, line + 1]
    return True


class _Lines:
    """The lines a table may use, read as the rules of pandoc see them."""

    def __init__(self, state: StateBlock, end: int) -> None:
        self.state, self.end = state, end

    def text(self, line: int) -> str:
        if line >= self.end or self.state.sCount[line] < self.state.blkIndent:
            return ""
        return self.state.getLines(line, line + 1, self.state.blkIndent, False)

    def blank(self, line: int) -> bool:
        return not self.text(line).strip()

    def dashes(self, line: int) -> bool:
        return bool(_DASHES.match(self.text(line)))

    def next_dashes(self, line: int) -> int:
        """Return the next line of dashes from the line on, 0 when there is none (and remember that)."""
        absent: dict[str, int] = self.state.env.setdefault("absent", {})
        memo = f"dashes:{self.end}"
        if line >= absent.get(memo, self.end):
            return 0
        for candidate in range(line, self.end):
            if self.dashes(candidate):
                return candidate
        absent[memo] = line
        return 0


def _pipe(lines: _Lines, start: int) -> int:
    head = lines.text(start)
    if "|" not in head or not (match := _PIPE_BREAK.match(lines.text(start + 1))):
        return 0
    if "|" not in match[0] and "+" not in match[0]:
        return 0
    line = start + 2
    while "|" in lines.text(line):
        line += 1
    return line


def _dashed(lines: _Lines, start: int) -> int:
    """A table that begins with a line of dashes: multiline, or simple or multiline without a head."""
    if not lines.dashes(start) or lines.blank(start + 1):
        return 0
    rule = lines.next_dashes(start + 1)
    if rule <= start + 1:
        return 0
    if not lines.blank(rule + 1):
        footer = lines.next_dashes(rule + 1)
        if footer > rule + 1:
            return footer + 1
    return rule + 1


def _simple(lines: _Lines, start: int) -> int:
    """A head, a line of dashes, rows up to a blank line or another line of dashes."""
    if not lines.dashes(start + 1) or lines.blank(start + 2) or lines.dashes(start + 2):
        return 0
    line = start + 3
    while not lines.blank(line):
        line += 1
        if lines.dashes(line - 1):
            break
    return line


def _grid(lines: _Lines, start: int) -> int:
    if not _GRID_RULE.match(lines.text(start)):
        return 0
    line = start + 1
    while lines.text(line)[:1] in ("+", "|"):
        line += 1
    return line if line > start + 1 and _GRID_RULE.match(lines.text(line - 1)) else 0
