"""How a person writes her YAML: indents, quotes, blank lines, brackets; new lines are written the same way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from citeman import text
from citeman.lists import layout
from citeman.lists.scalars import is_plain
from citeman.lists.tree import Node

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Habits:
    """What the lines already there have in common; the defaults are those of a fresh file."""

    newline: str = "\n"
    indent: int = 2
    """Columns by which a mapping inside a mapping is indented."""
    dash: int = 2
    """Columns from a name to the dashes of its sequence."""
    body: int = 2
    """Columns from a dash to its item."""
    item_gap: bool = False
    """A blank line between items."""
    section_gap: bool = True
    flow_items: bool = False
    """Items are written in braces."""
    quotes: Mapping[str, str] = field(default_factory=dict)
    """Field name -> the quotes its values get though they need none."""
    quote: str = '"'
    """The quotes of a value that needs some."""


def observe(source: str, root: Node) -> Habits:
    """Return the habits of a file."""
    sections = [
        node for name in ("sections", "orphaned") if (node := root.get(name)) and node.kind == "mapping" and not node.flow
    ]
    sequences = list(_sequences(sections))
    items = [item for _, sequence in sequences for item in sequence.items]
    quotes = list(_quotes(source, root))
    return Habits(
        newline=text.newline_of(source),
        indent=_most(_indents(source, sections), 2),
        dash=_most(_dashes(source, sequences), 2),
        body=_most(_bodies(source, sequences), 2),
        item_gap=_most((gap for _, sequence in sequences for gap in item_gaps(source, sequence)), False),
        section_gap=_most((gap for node in sections for gap in _pair_gaps(source, node)), True),
        flow_items=_most((item.flow for item in items if item.kind == "mapping"), False),
        quotes={
            name: _most((quote for other, quote, _ in quotes if other == name), "")
            for name in {name for name, _, needed in quotes if not needed}
        },
        quote=_most((quote for _, quote, _ in quotes if quote), '"'),
    )


def item_gaps(source: str, sequence: Node) -> Iterator[bool]:
    """Yield for each two neighbours of a block sequence whether a blank line follows the first."""
    yield from (layout.is_blank_line(source, span.end) for span in layout.item_spans(source, sequence)[:-1])


def _pair_gaps(source: str, node: Node) -> Iterator[bool]:
    yield from (layout.is_blank_line(source, span.end) for span in layout.pair_spans(source, node)[:-1])


def _sequences(sections: Iterable[Node]) -> Iterator[tuple[Node, Node]]:
    """Yield the block sequences of readings with their names."""
    for node in sections:
        for _, section in node.pairs:
            pair = section.pair("reading")
            if pair and pair[1].kind == "sequence" and pair[1].items and not pair[1].flow:
                yield pair


def _indents(source: str, sections: Iterable[Node]) -> Iterator[int]:
    for node in sections:
        for key, value in node.pairs:
            if value.kind == "mapping" and value.pairs and not value.flow:
                yield layout.column(source, value.pairs[0][0].start) - layout.column(source, key.start)
        yield from [layout.column(source, node.pairs[0][0].start)] if node.pairs else []


def _dashes(source: str, sequences: Iterable[tuple[Node, Node]]) -> Iterator[int]:
    for name, sequence in sequences:
        yield layout.column(source, layout.dash_after(source, sequence.start)) - layout.column(source, name.start)


def _bodies(source: str, sequences: Iterable[tuple[Node, Node]]) -> Iterator[int]:
    for _, sequence in sequences:
        for span, item in zip(layout.item_spans(source, sequence), sequence.items, strict=True):
            dash = layout.dash_after(source, span.start)
            if "\n" not in source[dash : item.start] and item.start - dash > 1:
                yield item.start - dash


def _quotes(source: str, node: Node, name: str = "") -> Iterator[tuple[str, str, bool]]:
    """Yield for each scalar written under the node its field's name, its quotes, and whether it needs any."""
    if source.startswith("*", node.start):
        return  # an alias; aliases of aliases can say a line again a billion times
    if node.kind == "scalar" and node.style in ("", '"', "'") and node.value:
        needed = not is_plain(node.value)
        if node.style or not needed:
            yield name, node.style, needed
    for item in node.items:
        yield from _quotes(source, item, name)
    for key, value in node.pairs:
        yield from _quotes(source, value, key.value)


def _most(seen: Iterable[T], default: T) -> T:
    counted = Counter(seen).most_common(1)
    return counted[0][0] if counted else default
