"""What the block rules ask markdown-it's state about a line, and how they hand it a block."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock


def text_of(state: StateBlock, line: int) -> str:
    """Return a line without its indent and container marks."""
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def indent_of(state: StateBlock, line: int) -> int:
    """Return how many columns a line is indented inside its container; negative when it stands outside."""
    return state.sCount[line] - state.blkIndent


def line_at(state: StateBlock, offset: int) -> int:
    """Return the line that holds the offset."""
    return bisect.bisect_left(state.eMarks, offset)


def push(state: StateBlock, kind: str, first: int, last: int) -> bool:
    """Hand over a leaf block of the lines from `first` to before `last`."""
    state.line = last
    token = state.push(kind, "", 0)
    token.map = [first, last]
    return True


def push_heading(state: StateBlock, level: int, content: str, first: int, last: int) -> bool:
    """Hand over a heading of the lines from `first` to before `last`."""
    state.line = last
    for kind, nesting in (("heading_open", 1), ("inline", 0), ("heading_close", -1)):
        token = state.push(kind, "" if kind == "inline" else f"h{level}", nesting)  # type: ignore[arg-type]
        token.map = [first, last]
        token.content = content if kind == "inline" else ""
    return True
