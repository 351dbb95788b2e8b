"""Keeping what was read: blocks as JSON and back, and reading anew only the part of a source that changed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from operator import add

from citeman.bib.blocks import Block, read
from citeman.bib.split import KINDS

VERSION = 1
_STRIDE = 1 << 14


def dump(source: str, blocks: Sequence[Block]) -> str:
    """Write the blocks of a source as JSON; small, since an entry's fields are read again from the source when wanted."""
    types = list(dict.fromkeys(block.type for block in blocks))
    number = {name: index for index, name in enumerate(types)}
    table = {
        "version": VERSION,
        "source": fingerprint(source),
        "types": types,
        "kind": [KINDS.index(block.kind) for block in blocks],
        "start": [block.start for block in blocks],
        "length": [block.end - block.start for block in blocks],
        "type": [number[block.type] for block in blocks],
        "key": [block.key for block in blocks],
        "reach": {index: block.reach for index, block in enumerate(blocks) if block.reach != block.end},
        "notes": {index: block.notes for index, block in enumerate(blocks) if block.notes},
        "uses": {index: block.uses for index, block in enumerate(blocks) if block.uses},
    }
    return json.dumps(table, separators=(",", ":"))


def load(source: str, dumped: str) -> list[Block] | None:
    """Return the blocks that `dump` wrote; None when they are another version's or another source's."""
    try:
        table = json.loads(dumped)
        if table["version"] != VERSION or table["source"] != fingerprint(source):
            return None
        kinds, types = map(KINDS.__getitem__, table["kind"]), map(table["types"].__getitem__, table["type"])
        ends = list(map(add, table["start"], table["length"]))
        columns = (kinds, table["start"], ends, ends, types, table["key"])
        blocks = [Block(*row) for row in zip(*columns, strict=True)]
        for index in {int(index) for name in ("reach", "notes", "uses") for index in table[name]}:
            block, place = blocks[index], str(index)
            blocks[index] = block._replace(
                reach=table["reach"].get(place, block.reach),
                notes=tuple((rule, offset, word) for rule, offset, word in table["notes"].get(place, ())),
                uses=tuple((name, offset) for name, offset in table["uses"].get(place, ())),
            )
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return blocks


def fingerprint(source: str) -> str:
    """Tell one source from another: enough against mistakes, not against malice."""
    return f"{len(source)}-{zlib.crc32(source.encode('utf-8', 'surrogatepass')):08x}"


def changed_span(source: str, old: str) -> int:
    """Count the characters of a source between what it begins and what it ends with as an older one does."""
    prefix = _common_start(source, old)
    return len(source) - prefix - _common_end(source, old, min(len(source), len(old)) - prefix)


def update(source: str, old: str, blocks: list[Block]) -> list[Block]:
    """Return the blocks of a source, given those of an older one, by reading from the first change until all is as before.

    The blocks before the change are kept when nothing they looked at has changed. Reading stops behind the first block that
    stands where an old one stood in the text that both sources end with, since `read` depends on nothing but where it starts.
    """
    if source == old:
        return blocks
    prefix = _common_start(source, old)
    suffix = _common_end(source, old, min(len(source), len(old)) - prefix)
    kept = next((index for index, block in enumerate(blocks) if block.reach > prefix), len(blocks))
    shift, tail = len(source) - len(old), len(old) - suffix
    after = next((index for index in range(kept, len(blocks)) if blocks[index].start >= tail), len(blocks))
    found = blocks[:kept]
    for block, _ in read(source, found[-1].end if found else 0):
        while after < len(blocks) and blocks[after].start + shift < block.start:
            after += 1
        if after < len(blocks) and blocks[after].start + shift == block.start:
            same = block.end == blocks[after].end + shift
            after += 1
            if same:
                return [*found, block, *(_shifted(old_block, shift) for old_block in blocks[after:])]
        found.append(block)
    return found


def _shifted(block: Block, shift: int) -> Block:
    kind, start, end, reach, type, key, notes, uses = block
    return Block(kind, start + shift, end + shift, reach + shift, type, key, notes, uses)


def _common_start(a: str, b: str) -> int:
    length, position = min(len(a), len(b)), 0
    while position < length and a[position : position + _STRIDE] == b[position : position + _STRIDE]:
        position += _STRIDE
    while position < length and a[position] == b[position]:
        position += 1
    return min(position, length)


def _common_end(a: str, b: str, most: int) -> int:
    """Count the characters, `most` at the most, that two texts end with in common."""
    count = 0
    ends = len(a), len(b)
    while (
        count + _STRIDE <= most
        and a[ends[0] - count - _STRIDE : ends[0] - count] == b[ends[1] - count - _STRIDE : ends[1] - count]
    ):
        count += _STRIDE
    while count < most and a[ends[0] - count - 1] == b[ends[1] - count - 1]:
        count += 1
    return count
