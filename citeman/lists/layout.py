"""Where things stand in the YAML text: lines, columns, dashes of block sequences, blank lines and comments around them."""

from __future__ import annotations

import re

from citeman.lists.tree import Node
from citeman.named import NamedTuple

_DASH = re.compile(r"(?:[ \t\r\n]+|#[^\n]*|[&!]\S*)*-")
_BLANK_BEFORE = re.compile(r"(?:(?<=\n)|\A)[ \t]*\r?\n\Z")


class Span(NamedTuple):
    """A part of the source: whole lines for an item of a block sequence, the bare text for one in brackets."""

    start: int
    end: int


def item_spans(source: str, sequence: Node) -> list[Span]:
    """Return where each item stands: for a block sequence from its dash's line to the end of its last line."""
    if sequence.flow:
        return [Span(item.start, item.end) for item in sequence.items]
    spans = []
    position = sequence.start
    for item in sequence.items:
        dash = dash_after(source, position)
        spans.append(Span(line_start(source, dash), line_end(source, max(item.end, dash + 1))))
        position = max(item.end, dash + 1)
    return spans


def dash_after(source: str, position: int) -> int:
    """Return the offset of the next dash of a block sequence; only space, comments and properties stand before it."""
    match = _DASH.match(source, position)
    return match.end() - 1 if match else position


def line_start(source: str, position: int) -> int:
    """Return where the line that holds the position starts; a BOM is not part of the first line."""
    start = source.rfind("\n", 0, position) + 1
    return 1 if start == 0 and source.startswith("\ufeff") else start


def line_end(source: str, position: int) -> int:
    """Return the offset just after the newline that ends the position's line."""
    end = source.find("\n", position)
    return len(source) if end < 0 else end + 1


def column(source: str, position: int) -> int:
    """Return how many characters stand before the position in its line."""
    return position - line_start(source, position)


def blank_line_before(source: str, position: int) -> int:
    """Return where the blank line just above a line's start begins; the position itself when there is none."""
    if position and source[position - 1] == "\n":
        start = line_start(source, position - 1)
        if not source[start:position].strip():
            return start
    return position


def is_blank_line(source: str, position: int) -> bool:
    """Tell whether the line that starts here holds nothing but space; false at the end of the text."""
    return position < len(source) and not source[position : line_end(source, position)].strip()


def comment_above(source: str, position: int, floor: int) -> int:
    """Return where the comment lines that stand directly above a line start; they go with what is below them."""
    while position > floor:
        start = line_start(source, position - 1)
        if start < floor or not source[start:position].lstrip(" \t").startswith("#"):
            break
        position = start
    return position


def pair_spans(source: str, mapping: Node) -> list[Span]:
    """Return where each pair of a mapping stands: whole lines, or the bare text in braces."""
    if mapping.flow:
        return [Span(key.start, max(value.end, key.end)) for key, value in mapping.pairs]
    return [Span(line_start(source, key.start), line_end(source, max(value.end, key.end))) for key, value in mapping.pairs]
