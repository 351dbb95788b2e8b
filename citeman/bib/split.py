"""Finding blocks: asks bibtexparser where each `@type{…}` begins and ends, piece by piece; its only user."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, get_args

from citeman.named import NamedTuple

if TYPE_CHECKING:
    from bibtexparser.model import Block as Raw

Kind = Literal["entry", "string", "preamble", "comment", "broken"]
KINDS: tuple[Kind, ...] = get_args(Kind)

START = re.compile(r"@\w*[ \t]*(?=[{(])")
"""Where bibtexparser sees a block begin, wherever in a line it stands."""
_TAIL = re.compile(r"@\w*[ \t]*\Z")


class Found(NamedTuple):
    """A block as bibtexparser sees it; offsets are into the whole source."""

    kind: Kind
    start: int
    end: int
    open: bool
    """Whether the piece ended before the block did."""


def split(source: str, position: int, stop: int) -> Iterator[Found]:
    """Give the blocks of `source[position:stop]`, which must begin outside of any block."""
    piece = source[position:stop]
    cursor = 0
    for raw in _blocks(piece):
        kind = _kind(raw)
        text = raw.raw or ""
        if not kind or not text:
            continue
        start = _locate(piece, text, cursor)
        end = start + len(text)
        if kind == "broken" and (tail := _TAIL.search(text)) and tail.start() > 0:
            end = start + tail.start()  # bibtexparser counts the start of the next block in
        yield Found(kind, position + start, position + end, kind == "broken" and start + len(text) >= len(piece))
        cursor = max(end, start + 1)


def _blocks(piece: str) -> list[Raw]:
    import logging

    from bibtexparser.entrypoint import parse_string

    # Broken blocks become findings; bibtexparser's own words about them must not reach the terminal.
    log = logging.getLogger("bibtexparser")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        return parse_string(piece, parse_stack=[]).blocks
    finally:
        log.setLevel(level)


def _kind(raw: Raw) -> Kind | None:
    """Name the block's kind; None for the text between blocks. A duplicate is what it would be if it stood alone."""
    from bibtexparser import model

    if isinstance(raw, model.DuplicateBlockKeyBlock | model.DuplicateFieldKeyBlock) and raw.ignore_error_block:
        return _kind(raw.ignore_error_block)
    if isinstance(raw, model.ParsingFailedBlock):
        return "broken"
    kinds: dict[type[Raw], Kind] = {
        model.Entry: "entry",
        model.String: "string",
        model.Preamble: "preamble",
        model.ExplicitComment: "comment",
    }
    return kinds.get(type(raw))


def _locate(piece: str, text: str, cursor: int) -> int:
    """Find a block's text, which begins at the first block start from the cursor on."""
    match = START.search(piece, cursor)
    if match and piece.startswith(text, match.start()):
        return match.start()
    return piece.find(text, cursor)
