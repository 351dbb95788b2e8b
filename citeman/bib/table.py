"""What is kept of a source's blocks: column by column, so that ten thousand of them are written and taken up in a moment."""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, repeat
from operator import add
from typing import Any

from citeman.bib.blocks import Block
from citeman.bib.scan import Use
from citeman.bib.split import KINDS
from citeman.named import NamedTuple

VERSION = 2
NUMBER = "q"
_WIDTH = 8


class Table(NamedTuple):
    """The blocks of one source; small, since an entry's fields are read again from the source when wanted."""

    source: str
    """Which source, by `fingerprint`."""
    inherits: bool
    """Whether some entry may take over fields of others, see `may_inherit`."""
    starts: array[int]
    """Where each block starts in the source as UTF-8."""
    lengths: array[int]
    """Its bytes."""
    types: array[int]
    """Each block's place in `names`."""
    kinds: bytes
    """Each block's place in `KINDS`."""
    names: list[str]
    keys: list[str]
    uses: list[str]
    """Each block's macros and where it uses them, between blanks."""
    odd: dict[int, dict[str, Any]]
    """What few blocks have: a `reach` of so many characters past their end, `notes`."""


def table_of(source: str, blocks: Sequence[Block]) -> Table:
    """Return the blocks of a source as columns."""
    data = encoded(source)
    names = list(dict.fromkeys(block.type for block in blocks))
    number = {name: index for index, name in enumerate(names)}
    spans = list(_in_bytes(source, blocks))
    return Table(
        fingerprint(data),
        may_inherit(data),
        array(NUMBER, [start for start, _ in spans]),
        array(NUMBER, [length for _, length in spans]),
        array(NUMBER, [number[block.type] for block in blocks]),
        bytes([KINDS.index(block.kind) for block in blocks]),
        names,
        [block.key for block in blocks],
        [uses_text(block.uses) if block.uses else "" for block in blocks],
        {index: odd for index, block in enumerate(blocks) if (odd := _oddities(block))},
    )


def blocks_of(table: Table, source: str, data: bytes | None = None) -> list[Block]:
    """Return the blocks that a table of this source holds; `data` is the source as UTF-8, where that is at hand."""
    starts, ends = _in_characters(source, data, table)
    kinds, types = map(KINDS.__getitem__, table.kinds), map(table.names.__getitem__, table.types)
    uses = (_uses_of(text) if text else () for text in table.uses)
    blocks = list(map(Block, kinds, starts, ends, ends, types, table.keys, repeat(()), uses))
    for index, odd in table.odd.items():
        blocks[index] = blocks[index]._replace(
            reach=ends[index] + odd.get("reach", 0),
            notes=tuple((rule, offset, word) for rule, offset, word in odd.get("notes", ())),
        )
    return blocks


def dumps(table: Table) -> bytes:
    """Write a table: a line of JSON, which says how many bytes of columns come behind it, and those."""
    texts = encoded("\n".join((*table.keys, *table.uses)))
    columns = b"".join((table.starts.tobytes(), table.lengths.tobytes(), table.types.tobytes(), table.kinds, texts))
    head = {
        "version": VERSION,
        "order": sys.byteorder,
        "source": table.source,
        "inherits": table.inherits,
        "blocks": len(table.starts),
        "bytes": len(columns),
        "check": zlib.crc32(columns),
        "names": table.names,
        "odd": table.odd,
    }
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + columns


def size_of(head: bytes) -> int:
    """Return how many bytes of columns belong to the line that `dumps` wrote first; 0 for another line."""
    try:
        return int(json.loads(head)["bytes"])
    except (ValueError, LookupError, TypeError):
        return 0


def loads(line: bytes, columns: bytes) -> Table | None:
    """Return the table that `dumps` wrote, given as its first line and all else; None for what this version did not write."""
    try:
        head = json.loads(line)
        if (head["version"], head["order"], head["check"]) != (VERSION, sys.byteorder, zlib.crc32(columns)):
            return None
        count = head["blocks"]
        cuts = [_WIDTH * count * number for number in range(4)]
        starts, lengths, types = [array(NUMBER, columns[start:end]) for start, end in pairwise(cuts)]
        kinds, texts = columns[cuts[3] : cuts[3] + count], decoded(columns[cuts[3] + count :]).split("\n")
        odd = {int(index): value for index, value in head["odd"].items()}
        if len(texts) != max(1, 2 * count):
            return None
        return Table(
            head["source"],
            head["inherits"],
            starts,
            lengths,
            types,
            kinds,
            head["names"],
            texts[:count],
            texts[count : 2 * count],
            odd,
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def uses_text(uses: Iterable[Use]) -> str:
    """Return a block's uses of macros as the table holds them."""
    return " ".join(f"{name} {offset}" for name, offset in uses)


def fingerprint(data: bytes) -> str:
    """Tell one source, given as UTF-8, from another: enough against mistakes, not against malice."""
    return f"{len(data)}-{zlib.crc32(data):08x}"


def may_inherit(data: bytes) -> bool:
    """Tell whether an entry, or any entry of a source, may take over fields of others."""
    lower = data.lower()  # several times as fast as a string's
    return b"crossref" in lower or b"xdata" in lower


def encoded(source: str) -> bytes:
    """Return a source as UTF-8, whatever stands in it."""
    try:
        return source.encode()  # half the time of what copes with lone surrogates
    except UnicodeEncodeError:
        return source.encode("utf-8", "surrogatepass")


def decoded(data: bytes) -> str:
    """Return the source that `encoded` gave the bytes of; raises UnicodeDecodeError for others."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("utf-8", "surrogatepass")


def _oddities(block: Block) -> dict[str, Any]:
    odd: dict[str, Any] = {"reach": block.reach - block.end} if block.reach != block.end else {}
    if block.notes:
        odd["notes"] = block.notes
    return odd


def _uses_of(text: str) -> tuple[Use, ...]:
    words = text.split(" ")
    return tuple(zip(words[::2], map(int, words[1::2]), strict=True))


def _in_bytes(source: str, blocks: Iterable[Block]) -> Iterator[tuple[int, int]]:
    """Give the start and the length in bytes of blocks, which stand one behind the other."""
    plain = source.isascii()
    position = counted = 0
    for _, start, end, *_ in blocks:
        counted += start - position if plain else len(encoded(source[position:start]))
        length = end - start if plain else len(encoded(source[start:end]))
        yield counted, length
        counted += length
        position = end


def _in_characters(source: str, data: bytes | None, table: Table) -> tuple[list[int], list[int]]:
    """Where the blocks of a table start and end in its source."""
    if source.isascii():
        return list(table.starts), list(map(add, table.starts, table.lengths))
    data, starts, ends = data or encoded(source), [], []
    position = counted = 0
    for start, length in zip(table.starts, table.lengths, strict=True):
        gap = data[position:start]
        counted += len(gap) if gap.isascii() else len(decoded(gap))
        starts.append(counted)
        position = start + length
        block = data[start:position]
        counted += length if block.isascii() else len(decoded(block))
        ends.append(counted)
    return starts, ends
