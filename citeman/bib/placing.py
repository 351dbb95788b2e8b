"""Adding and removing whole entries: where a new one goes, and what goes with one that leaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice, pairwise

from citeman.bib.blocks import Block
from citeman.bib.edits import Style
from citeman.model import Entry
from citeman.text import Edit

_REST_OF_LINE = re.compile(r"[ \t]*+(?:%[^\r\n]*+)?+(?=[\r\n]|\Z)")
_BLANK, _BOM = " \t\r\n", "\ufeff"


def remove_entry(source: str, entry: Entry) -> list[Edit]:
    """Remove an entry with its line and the blank lines that set it off; comments stay and come to stand over no other entry."""
    before, after = _blank_around(source, entry.start, entry.end)
    lead, tail = source[before : entry.start], source[entry.end : after]
    opens_line = "\n" in lead or before == 0 or source[:before] == _BOM
    if not opens_line or ("\n" not in tail and after < len(source)):
        return [Edit(entry.start, entry.end, "")]
    if after == len(source):
        kept = lead.find("\n") + 1 if "\n" in tail else 0
        return [Edit(before + kept, after, "")]
    start = before + lead.rfind("\n") + 1
    end = entry.end + tail.rfind("\n") + 1
    if lead.count("\n") == 1:
        end = entry.end + tail.find("\n") + 1
    return [Edit(start, end, "")]


def _blank_around(source: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and source[start - 1] in _BLANK:
        start -= 1
    while end < len(source) and source[end] in _BLANK:
        end += 1
    return start, end


def add_entries(source: str, blocks: Sequence[Block], texts: Mapping[str, str], style: Style) -> list[Edit]:
    """Add written entries, each in its place where the file is sorted by key, else after the last one."""
    entries = [block for block in blocks if block.kind == "entry"]
    by_key = _sorting(entries)
    if not by_key:
        return [_append(source, blocks, list(texts.values()), style)]
    edits: list[Edit] = []
    late: list[str] = []
    for key in sorted(texts, key=by_key):
        follower = _follower(entries, key, by_key)
        if follower is None:
            late.append(texts[key])
        elif follower is entries[0]:
            edits.append(Edit(follower.start, follower.start, texts[key] + style.gap))
        else:
            position = _line_end(source, entries[entries.index(follower) - 1].end)
            edits.append(Edit(position, position, style.gap + texts[key]))
    return [*edits, _append(source, blocks, late, style)] if late else edits


def _sorting(entries: Sequence[Block]) -> Callable[[str], str] | None:
    """Say by which reading of the key the entries are sorted; None when they are not (one slip in fifty apart) or are too few."""
    keys = [block.key for block in entries if block.key]
    if len(keys) < 3:
        return None
    slips = len(keys) // 50
    for reading in (str.lower, str):
        wrong = (None for a, b in pairwise(map(reading, keys)) if a > b)
        if sum(1 for _ in islice(wrong, slips + 1)) <= slips:
            return reading
    return None


def _follower(entries: Sequence[Block], key: str, by_key: Callable[[str], str]) -> Block | None:
    """Find the entry before which a key belongs: with the fewest larger keys before and smaller ones after."""
    wanted = by_key(key)
    cost = best = 0
    place = len(entries)
    for index in range(len(entries) - 1, -1, -1):
        cost += 1 if by_key(entries[index].key) <= wanted else -1
        if cost < best:
            best, place = cost, index
    return entries[place] if place < len(entries) else None


def _append(source: str, blocks: Sequence[Block], texts: Sequence[str], style: Style) -> Edit:
    """Add entries at the end: of the file, or of the entries where a program keeps its own `@comment` after them."""
    written = style.gap.join(texts)
    last = max((index for index, block in enumerate(blocks) if block.kind == "entry"), default=-1)
    if last >= 0 and any(block.kind == "comment" for block in blocks[last + 1 :]):
        position = _line_end(source, blocks[last].end)
        return Edit(position, position, style.gap + written)
    end = len(source)
    if last < 0 and not source.removeprefix(_BOM).strip():
        return Edit(end, end, written + style.newline)
    closing = end
    while closing and source[closing - 1] in "\r\n":
        closing -= 1
    if closing == end:
        return Edit(end, end, style.gap + written)
    missing = max(0, style.gap.count("\n") - source.count("\n", closing))
    return Edit(end, end, style.newline * missing + written + style.newline)


def _line_end(source: str, position: int) -> int:
    """Return the end of the line when only a comment stands behind the position, else the position."""
    match = _REST_OF_LINE.match(source, position)
    return match.end() if match else position
