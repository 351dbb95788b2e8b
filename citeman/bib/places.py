"""Where the fields of an entry stand among its commas and comments."""

from __future__ import annotations

import re

from citeman.bib.scan import Scan
from citeman.named import NamedTuple

_FILLER = re.compile(r"(?:\s++|%[^\r\n]*+)*+")
_LINE_COMMENT = re.compile(r"[ \t]*+%[^\r\n]*+")


class Place(NamedTuple):
    """Where a field stands among its commas; `comma` is negative when none follows it."""

    start: int
    value_start: int
    value_end: int
    comma: int
    boundary: int
    """Just after the comma before it, or after what opens the entry."""


def places(text: str, reading: Scan) -> list[Place]:
    """Give the place of each field of an entry's text."""
    found: list[Place] = []
    boundary = comma_after(text, reading.key_end) + 1 or reading.key_end
    for _, start, value_start, value_end, _ in reading.fields:
        comma = comma_after(text, value_end)
        found.append(Place(start, value_start, value_end, comma, boundary))
        boundary = comma + 1 or value_end
    return found


def comma_after(text: str, position: int) -> int:
    """Return where the next comma stands when only white space and comments come before it, else -1."""
    match = _FILLER.match(text, position)
    after = match.end() if match else position
    return after if text.startswith(",", after) else -1


def end_of_line_comment(text: str, position: int) -> int:
    """Return the end of a comment that stands on the same line after a position, or the position."""
    match = _LINE_COMMENT.match(text, position)
    return match.end() if match else position
