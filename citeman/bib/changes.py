"""Reading anew only the part of a source that changed."""

from __future__ import annotations

from typing import AnyStr

from citeman.bib.blocks import Block, read

_STRIDE = 1 << 14


def changed_span(source: str, old: str) -> int:
    """Count the characters of a source between what it begins and what it ends with as an older one does."""
    prefix = common_start(source, old)
    return len(source) - prefix - common_end(source, old, min(len(source), len(old)) - prefix)


def update(source: str, old: str, blocks: list[Block]) -> list[Block]:
    """Return the blocks of a source, given those of an older one, by reading from the first change until all is as before.

    The blocks before the change are kept when nothing they looked at has changed. Reading stops behind the first block that
    stands where an old one stood in the text that both sources end with, since `read` depends on nothing but where it starts.
    """
    if source == old:
        return blocks
    prefix = common_start(source, old)
    suffix = common_end(source, old, min(len(source), len(old)) - prefix)
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


def common_start(a: AnyStr, b: AnyStr) -> int:
    """Count the characters, or bytes, that two texts begin with in common."""
    length, position = min(len(a), len(b)), 0
    while position < length and a[position : position + _STRIDE] == b[position : position + _STRIDE]:
        position += _STRIDE
    while position < length and a[position] == b[position]:
        position += 1
    return min(position, length)


def common_end(a: AnyStr, b: AnyStr, most: int) -> int:
    """Count the characters, or bytes, `most` at the most, that two texts end with in common."""
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
