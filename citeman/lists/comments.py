"""The comments in a reading list's YAML: where they stand, and how they are put above a section."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence

from citeman.lists import layout
from citeman.lists.edits import section_pairs
from citeman.lists.splice import insert_lines
from citeman.lists.tree import Node
from citeman.text import Edit, newline_of

_COMMENT = re.compile(r"(?:^|(?<=[ \t\n\r\ufeff]))#[^\n\r]*")


def comments(source: str, root: Node) -> Iterator[tuple[int, str]]:
    """Yield each comment with its offset, from its `#` to the end of its line."""
    scalars = sorted({(node.start, node.end) for node in _scalars(root)})
    starts = [start for start, _ in scalars]
    position = 0
    while match := _COMMENT.search(source, position):
        index = bisect.bisect_right(starts, match.start()) - 1
        if index >= 0 and match.start() < scalars[index][1]:
            position = scalars[index][1]
            continue
        yield match.start(), match[0].rstrip()
        position = match.end()


def put_above(source: str, root: Node, anchor: str, lines: Sequence[str]) -> list[Edit]:
    """Write comments above a section, or at the end of a file whose sections stand in braces."""
    key, _ = section_pairs(root, anchor)[0]
    newline = newline_of(source)
    start = layout.line_start(source, key.start)
    indent = source[start : key.start]
    if indent.strip(" "):
        start, indent = len(source), ""
    return [insert_lines(source, start, "".join(f"{indent}{line}{newline}" for line in lines), newline)]


def _scalars(node: Node) -> Iterator[Node]:
    if node.kind == "scalar":
        yield node
    for item in node.items:
        yield from _scalars(item)
    for pair in node.pairs:
        for part in pair:
            yield from _scalars(part)
