"""Fields of a mapping in a YAML text: set one, take one out, add a word to a list of words."""

from __future__ import annotations

from collections.abc import Sequence

from citeman.errors import CitemanError
from citeman.lists import layout, scalars, splice, write
from citeman.lists.habits import Habits
from citeman.lists.tree import Node
from citeman.text import Edit


def own(mapping: Node, name: str) -> tuple[Node, Node] | None:
    """Return the pair of that name which stands in the mapping itself."""
    return next((pair for pair in mapping.pairs if pair[0].value == name), None)


def is_void(node: Node) -> bool:
    """Tell whether there is nothing in a value: null, `[]` or `{}`."""
    return node.empty or (node.kind != "scalar" and not node.items and not node.pairs)


def expect_mapping(node: Node) -> None:
    """Refuse a value that has no fields. Raises CitemanError."""
    if node.kind != "mapping":
        raise CitemanError("there are no `name: value` lines here to add to; mend the file first")


def put(source: str, mapping: Node, name: str, value: write.Value, order: Sequence[str], habits: Habits) -> list[Edit]:
    """Set a field of a mapping that has at least one, or of one in braces. Raises CitemanError for what is no mapping."""
    expect_mapping(mapping)
    pair = own(mapping, name)
    if pair is None:
        return [_insert(source, mapping, name, value, order, habits)]
    key, old = pair
    written = write.pair(name, value, layout.column(source, key.start), mapping.flow, habits)
    written = written[len(scalars.scalar(name, flow=mapping.flow)) + 1 :]
    if not written.startswith(habits.newline):
        return [replace(source, key, old, _requoted(old, value, mapping.flow) or written.lstrip(" "))]
    position = layout.line_end(source, max(old.end, key.end))
    lines = splice.insert_lines(source, position, written[len(habits.newline) :] + habits.newline, habits.newline)
    return [*_emptied(source, key, old), lines]


def replace(source: str, key: Node, value: Node, written: str) -> Edit:
    """Put another text in a value's place."""
    colon = source.find(":", key.end, max(value.end, key.end + 1))
    if value.start == value.end:
        return Edit(value.end, value.end, f" {written}" if colon >= 0 else f": {written}")
    if value.kind != "scalar" and not value.flow:
        return Edit(colon + 1, value.end, f" {written}")
    return Edit(value.start, value.end, written)


def remove(source: str, mapping: Node, name: str) -> list[Edit]:
    """Take out a field of a mapping that has others."""
    place = next(place for place, (key, _) in enumerate(mapping.pairs) if key.value == name)
    if mapping.flow:
        return splice.remove_flow(source, layout.pair_spans(source, mapping), place)
    key, value = mapping.pairs[place]
    start, end = layout.line_start(source, key.start), layout.line_end(source, max(value.end, key.end))
    if not source[start : key.start].strip():
        return [splice.remove_block(source, [layout.Span(start, end)], 0)]
    # The field stands in the line of the item's dash, which stays.
    following = mapping.pairs[place + 1][0].start
    if not source[end:following].strip():
        return [Edit(key.start, following, "")]
    return [Edit(key.start, max(value.end, key.end + 1), "")]


def add_word(source: str, mapping: Node, name: str, word: str, order: Sequence[str], habits: Habits) -> list[Edit]:
    """Add a word to a field that lists words, in the way the list is written."""
    pair = own(mapping, name)
    if pair is None or is_void(pair[1]):
        return put(source, mapping, name, (word,), order, habits)
    key, value = pair
    if value.kind == "scalar":
        return [replace(source, key, value, scalars.strings((value.value, word), habits.quotes.get(name, "")))]
    spans = layout.item_spans(source, value)
    if value.flow:
        return splice.insert_flow(source, value, spans, len(spans), [scalars.scalar(word, habits.quotes.get(name, ""), True)])
    dash = layout.dash_after(source, spans[-1].start)
    line = source[spans[-1].start : dash] + f"- {write.text_value(name, word, False, habits)}{habits.newline}"
    gap = len(spans) > 1 and layout.is_blank_line(source, spans[0].end)
    return [splice.insert_block(source, spans, len(spans), [line], habits.newline, gap=gap, floor=0)]


def remove_word(source: str, mapping: Node, name: str, word: str) -> list[Edit]:
    """Take a word out of a field that lists words; with the last word the field goes too."""
    value = mapping.get(name)
    assert value is not None
    places = [place for place, item in enumerate(value.items) if item.value == word]
    if value.kind == "scalar" or len(value.items) == 1:
        return remove(source, mapping, name)
    spans = layout.item_spans(source, value)
    if value.flow:
        return splice.remove_flow(source, spans, places[0])
    return [splice.remove_block(source, spans, places[0])]


def _insert(source: str, mapping: Node, name: str, value: write.Value, order: Sequence[str], habits: Habits) -> Edit:
    """Insert a new field where the order of fields wants it."""
    earlier = set(order[: order.index(name)] if name in order else order)
    place = max((n for n, (key, _) in enumerate(mapping.pairs, 1) if key.value in earlier), default=0)
    column = layout.column(source, mapping.pairs[0][0].start) if mapping.pairs else 0
    written = write.pair(name, value, column, mapping.flow, habits)
    spans = layout.pair_spans(source, mapping)
    if mapping.flow:
        return _insert_in_braces(mapping, spans, place, written)
    if place == 0:
        first = mapping.pairs[0][0].start
        return Edit(first, first, written + habits.newline + " " * column)
    line = " " * column + written + habits.newline
    return splice.insert_lines(source, spans[place - 1].end, line, habits.newline)


def _insert_in_braces(mapping: Node, spans: Sequence[layout.Span], place: int, written: str) -> Edit:
    if not spans:
        return Edit(mapping.end - 1, mapping.end - 1, written)
    if place == 0:
        return Edit(spans[0].start, spans[0].start, f"{written}, ")
    return Edit(spans[place - 1].end, spans[place - 1].end, f", {written}")


def _emptied(source: str, key: Node, value: Node) -> list[Edit]:
    colon = source.find(":", key.end, max(value.end, key.end + 1))
    return [Edit(colon + 1, value.end, "")] if value.end > colon + 1 else []


def _requoted(old: Node, value: write.Value, flow: bool) -> str:
    """Return a new text in the quotes that the old one had."""
    return scalars.scalar(value, old.style, flow) if isinstance(value, str) and old.style in ("'", '"') else ""
