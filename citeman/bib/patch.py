"""An edit inside one entry, as it changes what is kept of a source: told without bibtexparser and the other blocks.

Only what is plain is told so; with everything else `patched` gives up, and the source is read as `Bibliography.update` does.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right

from citeman.bib.blocks import Block, as_block
from citeman.bib.changes import common_end, common_start
from citeman.bib.scan import BLOCK_START, Scan, escaped, scan
from citeman.bib.split import KINDS
from citeman.bib.table import NUMBER, Table, fingerprint, may_inherit, uses_text
from citeman.named import NamedTuple

_ENTRY, _STRING, _BROKEN = (KINDS.index(kind) for kind in ("entry", "string", "broken"))


class Patched(NamedTuple):
    """What is kept of the source as it is now, and what the entry that changed is read from."""

    table: Table
    excerpt: str
    """The entry and the definitions of macros, in the order of the source."""
    macros: str
    """The definitions alone."""
    blocks: list[Block]
    """The blocks of the excerpt."""
    place: int
    """Which of them is the entry."""


def patched(data: bytes, old: bytes, table: Table) -> Patched | None:
    """Return what is to be kept of a source, given what was of the old one, both as UTF-8.

    None where another thing than one plain entry changed, or other entries depend on what changed.
    """
    first = common_start(data, old)
    last, shift = len(old) - common_end(data, old, min(len(data), len(old)) - first), len(data) - len(old)
    place = bisect_right(table.starts, first) - 1
    if place < 0 or table.kinds[place] != _ENTRY or _BROKEN in table.kinds or _is_odd(table, place, first):
        return None
    start, end = table.starts[place], table.starts[place] + table.lengths[place]
    if not (start < first and last < end):
        return None
    text = _text(data[start : end + shift])
    block = _plain(text)
    key = table.keys[place]
    if block is None or not key or block.key != key or table.keys.count(key) > 1 or may_inherit(text.encode()):
        return None
    if table.inherits and data.lower().count(key.lower().encode()) > text.lower().count(key.lower()):
        return None
    return _excerpt(_with(table, place, block, shift, fingerprint(data)), data, place, block)


def _is_odd(table: Table, place: int, first: int) -> bool:
    """Tell whether an entry is not plain, or a block before it looked as far as that byte."""
    for index, value in table.odd.items():
        reach = table.starts[index] + table.lengths[index] + 4 * value.get("reach", 0)
        if index == place or (index < place and reach > first):
            return True
    return False


def _text(data: bytes) -> str:
    """An entry's text; empty where it is no UTF-8, or the file no text."""
    try:
        return "" if b"\0" in data else data.decode()
    except UnicodeDecodeError:
        return ""


def _plain(text: str) -> Block | None:
    """Read an entry, if whatever reads BibTeX must see the same in it."""
    alone = BLOCK_START.match(text) and text.endswith("}") and text.rfind("@") == 0
    found = scan(text, 0, len(text)) if alone else None
    if not isinstance(found, Scan) or found.end != len(text) or found.notes or not all(plain for *_, plain in found.fields):
        return None
    if "\\" in text and scan(text, 0, len(text), escaped()) != found:
        return None
    edges = [0, *(edge for _, _, *value, _ in found.fields for edge in value), len(text)]
    between = (text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    values = (text[start:end] for start, end in zip(edges[1::2], edges[2::2], strict=False))
    if any("\\" in piece for piece in between) or any(value[0] == '"' and ("\\" in value or "{" in value) for value in values):
        return None
    block = as_block(text, 0, found, len(text))
    return None if block.kind != "entry" or block.notes else block


def _with(table: Table, place: int, block: Block, shift: int, source: str) -> Table:
    """The table with that block in its place, and all behind it moved."""
    names = table.names if block.type in table.names else [*table.names, block.type]
    starts, lengths, types, uses = table.starts[: place + 1], table.lengths[:], table.types[:], table.uses[:]
    starts.extend(array(NUMBER, [start + shift for start in table.starts[place + 1 :]]))
    lengths[place] += shift
    types[place] = names.index(block.type)
    uses[place] = uses_text(block.uses)
    return table._replace(source=source, starts=starts, lengths=lengths, types=types, names=names, uses=uses)


def _excerpt(table: Table, data: bytes, place: int, changed: Block) -> Patched | None:
    """Cut out the entry and the definitions of macros."""
    blocks: list[Block] = []
    pieces: list[str] = []
    length = entry = 0
    for index in (index for index, kind in enumerate(table.kinds) if kind == _STRING or index == place):
        start = table.starts[index]
        piece = _text(data[start : start + table.lengths[index]])
        end = length + len(piece)
        entry = len(blocks) if index == place else entry
        block = changed if index == place else Block("string", 0, 0, 0, "string")
        blocks.append(block._replace(start=length, end=end, reach=end))
        pieces.append(piece)
        length = end
    macros = "".join(pieces[:entry] + pieces[entry + 1 :])
    return Patched(table, "".join(pieces), macros, blocks, entry) if all(pieces) else None
