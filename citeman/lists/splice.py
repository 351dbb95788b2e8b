"""Put things into the sequences and mappings of a YAML text and take them out, touching no other line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from citeman.lists import layout
from citeman.lists.layout import Span
from citeman.lists.tree import Node
from citeman.text import Edit

_COMMA = re.compile(r"(?:[ \t\r\n]+|(?<=[ \t\n])#[^\n]*)*,")
_REST = re.compile(r"[ \t]*(?:(?<=[ \t])#[^\n]*)?\r?(?:\n|\Z)")


def insert_lines(source: str, position: int, lines: str, newline: str) -> Edit:
    """Insert whole lines at a line's start, also after a last line that has no newline."""
    if position == len(source) and position and source[position - 1] != "\n":
        return Edit(position, position, newline + lines.removesuffix(newline))
    return Edit(position, position, lines)


def insert_block(
    source: str,
    spans: Sequence[Span],
    place: int,
    texts: Sequence[str],
    newline: str,
    *,
    gap: bool,
    floor: int,
    before: bool = False,
) -> Edit:
    """Insert lines as the parts `place`, `place + 1` … of a block whose parts are whole lines.

    `gap` asks for blank lines between parts, and gets them where the neighbours have one too; `floor` is where the block starts.
    With `before` the new part goes right before the old part of that place (above its comment), else right after the one above.
    """
    blank = newline if gap else ""
    if place == len(spans):
        return insert_lines(source, spans[-1].end, "".join(blank + part for part in texts), newline)
    if before or place == 0:
        position = layout.comment_above(source, spans[place].start, spans[place - 1].end if place else floor)
        set_off = place > 0 and layout.blank_line_before(source, position) < position
        if set_off and not gap:
            # In a list without blank lines, a comment below one heads a group: the new part belongs to it.
            position = spans[place].start
        trail = blank if place == 0 or set_off else ""
        return Edit(position, position, "".join(part + trail for part in texts))
    position = spans[place - 1].end
    lead = blank if layout.is_blank_line(source, position) else ""
    return Edit(position, position, "".join(lead + part for part in texts))


def remove_block(source: str, spans: Sequence[Span], place: int) -> Edit:
    """Take out one part of a block, with the one blank line that set it off from its neighbour."""
    start, end = spans[place]
    last = place == len(spans) - 1
    if place and (last or layout.is_blank_line(source, end)):
        start = layout.blank_line_before(source, start)
    elif not place and not last and layout.is_blank_line(source, end):
        end = layout.line_end(source, end)
    if end == len(source) and not source.endswith("\n") and start:
        start -= 2 if source.endswith("\r\n", 0, start) else 1
    return Edit(start, end, "")


def insert_flow(source: str, node: Node, spans: Sequence[Span], place: int, texts: Sequence[str]) -> list[Edit]:
    """Insert parts into a collection in brackets: on lines of their own where its parts have such, else in the line."""
    if not spans:
        return [Edit(node.end - 1, node.end - 1, ", ".join(texts))]
    if place == 0:
        return [_insert_first(source, spans[0], texts)]
    previous = spans[place - 1]
    own_lines = _insert_own_lines(source, previous, texts) if _starts_line(source, previous) else []
    return own_lines or [Edit(previous.end, previous.end, "".join(f", {part}" for part in texts))]


def remove_flow(source: str, spans: Sequence[Span], place: int) -> list[Edit]:
    """Take one part out of a collection in brackets, with one comma."""
    start, end = spans[place]
    comma = _COMMA.match(source, end)
    after = comma.end() if comma else end
    if _starts_line(source, spans[place]) and _REST.match(source, after):
        lines = Edit(layout.line_start(source, start), layout.line_end(source, after), "")
        return [lines] if comma or not place else [_comma_before(source, spans[place - 1].end), lines]
    if place == 0:
        only_space = len(spans) > 1 and not source[after : spans[1].start].strip()
        return [Edit(start, spans[1].start if only_space else after, "")]
    between = source[spans[place - 1].end : start]
    if between.strip() == ",":
        return [Edit(spans[place - 1].end, end, "")]
    return [_comma_before(source, spans[place - 1].end), Edit(start, end, "")]


def _insert_first(source: str, first: Span, texts: Sequence[str]) -> Edit:
    if not _starts_line(source, first):
        return Edit(first.start, first.start, "".join(f"{part}, " for part in texts))
    start = layout.line_start(source, first.start)
    indent = source[start : first.start]
    newline = "\r\n" if source.endswith("\r\n", 0, start) else "\n"
    return Edit(start, start, "".join(f"{indent}{part},{newline}" for part in texts))


def _insert_own_lines(source: str, previous: Span, texts: Sequence[str]) -> list[Edit]:
    comma = _COMMA.match(source, previous.end)
    after = comma.end() if comma else previous.end
    rest = _REST.match(source, after)
    if not rest or not rest[0].endswith("\n"):
        return []
    newline = "\r\n" if rest[0].endswith("\r\n") else "\n"
    indent = source[layout.line_start(source, previous.start) : previous.start]
    lines = "".join(f"{indent}{part},{newline}" for part in texts)
    if comma:
        return [Edit(rest.end(), rest.end(), lines)]
    return [Edit(after, after, ","), Edit(rest.end(), rest.end(), lines.removesuffix("," + newline) + newline)]


def _starts_line(source: str, span: Span) -> bool:
    start = layout.line_start(source, span.start)
    return start > 0 and not source[start : span.start].strip()


def _comma_before(source: str, position: int) -> Edit:
    comma = _COMMA.match(source, position)
    return Edit(comma.end() - 1, comma.end(), "") if comma else Edit(position, position, "")
