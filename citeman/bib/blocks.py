"""The blocks of a source, in order: what bibtexparser finds, read, and repaired where bibtexparser is wrong.

`read` knows nothing but the position it starts at, so reading can be taken up again at the end of any block: that is what lets
`update` read only what changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from citeman.bib.scan import BLOCK_START, Fault, Note, Scan, Use, escaped, readings, scan
from citeman.bib.split import START, Found, Kind, split
from citeman.named import NamedTuple

UNPARSABLE = "bib-unparsable-block"
"""The rule of a note on a block that could not be read."""
_SMALL, _LARGE = 1 << 13, 1 << 18
_WINDOW, _CROSSED = 1 << 15, 16
_COMMENT = re.compile(r"@comment\b", re.IGNORECASE)
_KINDS: dict[str, Kind] = {"string": "string", "preamble": "preamble", "comment": "comment"}
_LINE_BLOCK = re.compile(r"[\r\n][ \t]*" + BLOCK_START.pattern)


class Block(NamedTuple):
    """A block, where it stands, and what is needed of it without reading it again."""

    kind: Kind
    start: int
    end: int
    reach: int
    """The block reads the same whatever stands from here on; past the end of the source when its end was met."""
    type: str = ""
    key: str = ""
    notes: tuple[Note, ...] = ()
    uses: tuple[Use, ...] = ()


Reading = tuple[Block, Scan | None]
"""A block and, where it is one that has fields, what was read in it."""


def read(source: str, position: int = 0) -> Iterator[Reading]:
    """Read the blocks from a position that lies outside of any block."""
    size = _SMALL
    while position < len(source):
        stop, at_line = _cut(source, position, size)
        blocks, resume, clean = _read_piece(source, position, stop)
        yield from blocks
        if clean and stop == len(source):
            return
        if clean:
            resume = stop if at_line else _last_start(source, resume, stop)
        if resume == position:
            size *= 4
        else:
            size = min(size * 2, _LARGE) if clean else _SMALL
        position = resume


def reread(source: str, block: Block) -> Scan:
    """Read an entry, `@string` or `@preamble` again: its fields and their places."""
    scans = readings(source, block.start, block.end)
    return next(scan for scan in scans if scan.end == block.end)


def _cut(source: str, position: int, size: int) -> tuple[int, bool]:
    """Choose where a piece of about that size ends, at the start of a line that starts a block if there is one near."""
    target = position + size
    if target >= len(source):
        return len(source), True
    line = source.find("\n@", target, target + 4 * size)
    return (line + 1, True) if line >= 0 else (target, False)


def _last_start(source: str, position: int, stop: int) -> int:
    """Go back to what may be a block's start that the end of the piece cut."""
    last = source.rfind("@", position, stop)
    return last if last >= 0 else stop


def _read_piece(source: str, position: int, stop: int) -> tuple[list[Reading], int, bool]:
    """Read the blocks of a piece: they, where to go on, and whether the piece was read through.

    It is not when its end cuts a block, and when a block ends elsewhere than bibtexparser thought: then the rest is split anew.
    """
    blocks: list[Reading] = []
    resume = position
    for found in split(source, position, stop):
        if found.open and stop < len(source):
            return blocks, found.start, False
        reading = _interpret(source, found)
        blocks.append(reading)
        resume = reading[0].end
        if resume != found.end:
            return blocks, resume, False
    return blocks, resume, True


def _interpret(source: str, found: Found) -> Reading:
    if found.kind == "comment" and _COMMENT.match(source, found.start):
        return Block("comment", found.start, found.end, found.end), None
    if found.kind != "broken":
        scans = [scan for scan in readings(source, found.start, found.end) if scan.end == found.end]
        if scans:
            return as_block(source, found.start, scans[0], found.end), scans[0]
    return _repair(source, found)


def _repair(source: str, found: Found) -> Reading:
    """Read a block that bibtexparser gave up, looking a little past the place where it did."""
    limit, reach = _window(source, found.end)
    plain = scan(source, found.start, limit)
    reading = plain if isinstance(plain, Scan) else scan(source, found.start, limit, escaped())
    if isinstance(reading, Scan):
        reading = readings(source, found.start, reading.end)[0]
        reading.notes.extend(_entries_in_values(source, reading))
        return as_block(source, found.start, reading, reach), reading
    assert isinstance(plain, Fault)
    if _is_commented(source, found.start):
        return Block("comment", found.start, found.end, reach, notes=(("bib-commented-entry", 0, ""),)), None
    if plain.missing == "type" and not _begins_line(source, found.start):
        return Block("comment", found.start, found.end, reach), None
    note = (UNPARSABLE, plain.offset - found.start, plain.missing)
    return Block("broken", found.start, found.end, reach, notes=(note,)), None


def _window(source: str, position: int) -> tuple[int, int]:
    """Say how far a repair may look past a position, and how far the text matters for it.

    A bound on the text and on the block starts in it keeps the reading of a wholly broken file linear.
    """
    mark = START.search(source, position)
    limit = position + _WINDOW
    if not mark or limit >= len(source):
        limit, reach = len(source), len(source) + 1
    else:
        reach = max(limit, mark.end()) + 1
    for crossed, match in enumerate(START.finditer(source, position, limit)):
        if crossed == _CROSSED:
            return match.start(), match.end() + 1
    return limit, reach


def _entries_in_values(source: str, reading: Scan) -> Iterator[Note]:
    for _, _, start, end, _ in reading.fields:
        match = _LINE_BLOCK.search(source, start, end)
        if match:
            yield "bib-entry-in-value", match.start() + 1, match[0].strip()


def _begins_line(source: str, position: int) -> bool:
    before = source[max(0, position - 100) : position].rstrip(" \t")
    return not before or before[-1] in "\r\n\ufeff"


def _is_commented(source: str, position: int) -> bool:
    """Tell whether only `%` stands before a block on its line: then a person meant it, and its broken rest, to be a comment."""
    before = source[max(0, position - 100) : position]
    lead = before.rstrip(" \t%")
    return "%" in before[len(lead) :] and (not lead or lead[-1] in "\r\n\ufeff")


def as_block(source: str, start: int, reading: Scan, reach: int) -> Block:
    """Return what was read from a start on as a block, which matters up to `reach`."""
    type = reading.type
    kind = _KINDS.get(type, "entry")
    key = source[reading.key_start : reading.key_end]
    notes: tuple[Note, ...] = ()
    if reading.notes or len({field[0] for field in reading.fields}) < len(reading.fields):
        found = [*reading.notes, *_duplicate_fields(reading)]
        notes = tuple((rule, offset - start, word) for rule, offset, word in found)
    uses = tuple([(name, offset - start) for name, offset in reading.uses]) if reading.uses else ()
    return Block(kind, start, reading.end, max(reach, reading.end), type, key, notes, uses)


def _duplicate_fields(reading: Scan) -> Iterator[Note]:
    seen: set[str] = set()
    for name, offset, *_ in reading.fields:
        if name in seen:
            yield "bib-duplicate-field", offset, name
        seen.add(name)
