"""Edits to items, keys, cues and the guide's facts, as spans of the YAML text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from citeman.errors import CitemanError
from citeman.lists import layout, pairs, scalars, splice, write
from citeman.lists.habits import Habits, item_gaps, observe
from citeman.lists.read import CUE_FIELDS, GUIDE_FIELDS, ITEM_FIELDS, SECTION_FIELDS, TOP_FIELDS, close
from citeman.lists.tree import Node
from citeman.lists.values import Cue, Item
from citeman.text import Edit


class Missing(CitemanError):
    """A section or an item that the lists do not have."""


def section_pairs(root: Node, anchor: str, part: str = "sections") -> list[tuple[Node, Node]]:
    """Return the pairs of that anchor (more than one where a section is doubled). Raises Missing where there is none."""
    sections = root.get(part)
    found = [pair for pair in sections.pairs if pair[0].value == anchor] if sections else []
    if not found:
        near = close(anchor, [key.value for key, _ in sections.pairs]) if sections else ""
        raise Missing(f"no section {anchor!r} under `{part}`" + (f"; did you mean {near!r}?" if near else ""))
    return found


def add_items(
    source: str, root: Node, anchor: str, items: Sequence[Item], *, before: str = "", after: str = "", first: bool = False
) -> list[Edit]:
    """Add items to a section's reading; without a wanted place, core items go after the last core one."""
    habits = observe(source, root)
    found = section_pairs(root, anchor)
    section = found[0][1]
    fields = [write.item_fields(item) for item in items]
    if pairs.is_void(section):
        sections = root.get("sections")
        assert sections is not None
        return pairs.put(source, sections, anchor, {"reading": list(fields)}, (), habits)
    reading = pairs.own(section, "reading")
    if reading is None or pairs.is_void(reading[1]):
        return pairs.put(source, section, "reading", list(fields), SECTION_FIELDS, habits)
    sequence = _sequence(reading)
    place = _place(sequence, items, before, after, first)
    if sequence.flow:
        spans = layout.item_spans(source, sequence)
        return splice.insert_flow(source, sequence, spans, place, [write.braces(item, habits) for item in fields])
    return [_insert_items(source, reading, place, fields, habits, before=bool(before))]


def remove_item(source: str, root: Node, anchor: str, identity: str) -> list[Edit]:
    """Take an item out of a section's reading; with the last item `reading:` goes too, unless it holds a comment."""
    for _, section in section_pairs(root, anchor):
        for place, item in enumerate(_items(section)):
            if _identity(item) == identity:
                return take_out(source, section, place)
    raise _no_item(root, anchor, identity)


def set_item(source: str, root: Node, anchor: str, identity: str, name: str, value: str | Sequence[str] | None) -> list[Edit]:
    """Set a field of an item, or take it out with None."""
    item = _find_item(root, anchor, identity)
    habits = observe(source, root)
    if item.kind == "scalar":
        raise CitemanError(f"write the item as `key: {item.value}` first")
    if not value:
        return pairs.remove(source, item, name) if pairs.own(item, name) else []
    written = value if isinstance(value, str) else tuple(value)
    return pairs.put(source, item, name, written, ITEM_FIELDS, habits)


def rename_key(source: str, root: Node, old: str, new: str) -> list[Edit]:
    """Write another citation key wherever the lists name the old one: items, `after`, `settled-by`."""
    nodes = {node.start: node for node in _key_nodes(root) if node.value == old and source[node.start] != "*"}
    return [
        Edit(node.start, node.end, scalars.scalar(new, node.style if node.style in ("'", '"') else "", True))
        for node in nodes.values()
    ]


def set_guide(source: str, root: Node, name: str, value: str | None) -> list[Edit]:
    """Set a fact about the guide, or take it out with None."""
    habits = observe(source, root)
    guide = root.get("guide")
    if guide is None or pairs.is_void(guide):
        return pairs.put(source, root, "guide", {name: value}, TOP_FIELDS, habits) if value else []
    if value:
        return pairs.put(source, guide, name, value, GUIDE_FIELDS, habits)
    if not pairs.own(guide, name):
        return []
    return pairs.remove(source, root if len(guide.pairs) == 1 else guide, "guide" if len(guide.pairs) == 1 else name)


def add_cue(source: str, root: Node, anchor: str, cue: Cue) -> list[Edit]:
    """Add a cue to a section, after its other cues."""
    habits = observe(source, root)
    section = section_pairs(root, anchor)[0][1]
    fields = write.cue_fields(cue)
    if pairs.is_void(section):
        sections = root.get("sections")
        assert sections is not None
        return pairs.put(source, sections, anchor, {"cues": [fields]}, (), habits)
    cues = pairs.own(section, "cues")
    if cues is None or pairs.is_void(cues[1]):
        return pairs.put(source, section, "cues", [fields], SECTION_FIELDS, habits)
    sequence = _sequence(cues)
    if sequence.flow:
        spans = layout.item_spans(source, sequence)
        return splice.insert_flow(source, sequence, spans, len(spans), [write.braces(fields, habits)])
    return [_insert_items(source, cues, len(sequence.items), [fields], habits)]


def settle_cue(source: str, root: Node, anchor: str, wanted: str, key: str) -> list[Edit]:
    """Record that a key settles a cue, adding the cue where the section does not have it."""
    for _, section in section_pairs(root, anchor):
        cues = section.get("cues")
        for cue in cues.items if cues else ():
            held = cue.get("text") if cue.kind == "mapping" else cue
            if held is not None and held.kind == "scalar" and held.value.split() == wanted.split():
                return _settle(source, root, cue, key, flow=bool(cues and cues.flow))
    return add_cue(source, root, anchor, Cue(wanted, (key,)))


def _settle(source: str, root: Node, cue: Node, key: str, flow: bool) -> list[Edit]:
    habits = observe(source, root)
    if cue.kind == "mapping":
        settled = cue.get("settled-by")
        if settled and key in (settled.value, *(item.value for item in settled.items)):
            return []
        return pairs.add_word(source, cue, "settled-by", key, CUE_FIELDS, habits)
    fields = write.cue_fields(Cue(cue.value.strip(), (key,)))
    if flow:
        return [Edit(cue.start, cue.end, write.braces(fields, habits))]
    column = layout.column(source, cue.start) - habits.body
    text = write.dashed(fields, column, habits)[habits.body :]
    return [Edit(cue.start, cue.end, text)]


def _insert_items(
    source: str, named: tuple[Node, Node], place: int, fields: Sequence[write.Fields], habits: Habits, before: bool = False
) -> Edit:
    key, sequence = named
    spans = layout.item_spans(source, sequence)
    column = layout.dash_after(source, spans[0].start) - spans[0].start
    texts = [" " * column + write.dashed(item, column, habits) + habits.newline for item in fields]
    gaps = list(item_gaps(source, sequence))
    gap = gaps.count(True) * 2 > len(gaps) if gaps else habits.item_gap and key.value == "reading"
    floor = layout.line_end(source, key.end)
    return splice.insert_block(source, spans, place, texts, habits.newline, gap=gap, floor=floor, before=before)


def take_out(source: str, section: Node, place: int) -> list[Edit]:
    """Take an item out of a section by its place."""
    reading = pairs.own(section, "reading")
    if reading is None:
        raise CitemanError("these items come in by a YAML merge key `<<`; change them where they are written")
    key, sequence = reading
    spans = layout.item_spans(source, sequence)
    if len(spans) > 1 or not _is_bare(source, key, sequence):
        return splice.remove_flow(source, spans, place) if sequence.flow else [splice.remove_block(source, spans, place)]
    if len(section.pairs) > 1:
        return pairs.remove(source, section, "reading")
    if section.flow:
        return [Edit(key.start, sequence.end, "")]
    # `reading:` is all the section has: the section stays, with nothing in it.
    lines = layout.Span(layout.line_start(source, key.start), layout.line_end(source, sequence.end))
    return [splice.remove_block(source, [lines], 0)]


def _is_bare(source: str, key: Node, sequence: Node) -> bool:
    """Tell whether a sequence's name and brackets hold nothing but its one item, no comment above all."""
    item = sequence.items[0]
    if sequence.flow:
        return source[key.end : item.start].split() in ([":", "["], [":["]) and not source[item.end : sequence.end].strip(
            " ,]\r\n"
        )
    return source[key.end : layout.item_spans(source, sequence)[0].start].strip() == ":"


def _place(sequence: Node, items: Sequence[Item], before: str, after: str, first: bool) -> int:
    identities = [_identity(item) for item in sequence.items]
    for wanted, step in ((before, 0), (after, 1)):
        if wanted:
            if wanted not in identities:
                near = close(wanted, identities)
                raise Missing(f"no item {wanted!r} in this section" + (f"; did you mean {near!r}?" if near else ""))
            return identities.index(wanted) + step
    if first:
        return 0
    further = [place for place, item in enumerate(sequence.items) if (tier := item.get("tier")) and tier.value == "further"]
    if any(item.tier == "further" for item in items) or len(further) == 0:
        return len(identities)
    return max((place + 1 for place in range(len(identities)) if place not in further), default=0)


def _sequence(pair: tuple[Node, Node]) -> Node:
    if pair[1].kind != "sequence":
        raise CitemanError(f"`{pair[0].value}` is no list; make it one first")
    return pair[1]


def _items(section: Node) -> tuple[Node, ...]:
    reading = section.get("reading")
    return reading.items if reading else ()


def _identity(item: Node) -> str:
    if item.kind == "scalar":
        return item.value
    for name in ("key", "url", "see"):
        value = item.get(name)
        if value and value.value and not value.empty:
            word = value.value.strip()
            return f"see:{word.removeprefix('#')}" if name == "see" else word
    return ""


def _find_item(root: Node, anchor: str, identity: str) -> Node:
    for _, section in section_pairs(root, anchor):
        for item in _items(section):
            if _identity(item) == identity:
                return item
    raise _no_item(root, anchor, identity)


def _no_item(root: Node, anchor: str, identity: str) -> Missing:
    identities = [_identity(item) for _, section in section_pairs(root, anchor) for item in _items(section)]
    near = close(identity, identities)
    return Missing(f"no item {identity!r} in section {anchor!r}" + (f"; did you mean {near!r}?" if near else ""))


def _key_nodes(root: Node) -> Iterator[Node]:
    for part in ("sections", "orphaned"):
        node = root.get(part)
        for _, section in node.pairs if node else ():
            for item in _items(section):
                yield from _words(item.get("key") if item.kind == "mapping" else item)
                yield from _words(item.get("after"))
            cues = section.get("cues")
            for cue in cues.items if cues else ():
                yield from _words(cue.get("settled-by"))


def _words(node: Node | None) -> Iterator[Node]:
    if node is not None:
        yield from (item for item in node.items if item.kind == "scalar")
        yield from (node,) if node.kind == "scalar" else ()
