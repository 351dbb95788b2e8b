"""Edits to whole sections: add, rename, set aside as orphaned, bring back, take out."""

from __future__ import annotations

from collections.abc import Iterator

from citeman.errors import CitemanError
from citeman.lists import layout, pairs, scalars, splice, write
from citeman.lists.edits import section_pairs
from citeman.lists.habits import Habits, observe
from citeman.lists.read import SECTION_FIELDS, TOP_FIELDS
from citeman.lists.tree import Node
from citeman.lists.values import Section
from citeman.text import Edit


def add_section(source: str, root: Node, section: Section, before_anchor: str = "") -> list[Edit]:
    """Add a section before another one, or as the last."""
    habits = observe(source, root)
    return _insert(source, root, "sections", section.anchor, write.section_fields(section), habits, before_anchor)


def rename_section(source: str, root: Node, name: str, old: str, new: str, title: str | None, keep_alias: bool) -> list[Edit]:
    """Give a section another anchor, and name the new one wherever this file points to the old."""
    habits = observe(source, root)
    (key, section), *_ = section_pairs(root, old)
    edits = [Edit(key.start, key.end, scalars.scalar(new, key.style, True))]
    edits += repoint(source, root, name, f"{name}#{old}", f"{name}#{new}")
    if section.kind != "mapping" or pairs.is_void(section):
        fields = write.section_fields(Section(new, title=title or "", aliases=(old,) if keep_alias else ()))
        sections = root.get("sections")
        assert sections is not None
        return edits + (pairs.put(source, sections, old, fields, (), habits) if fields else [])
    if title:
        edits += pairs.put(source, section, "title", title, SECTION_FIELDS, habits)
    return edits + _aliases(source, section, old, new, keep_alias, habits)


def repoint(source: str, root: Node, name: str, old: str, new: str) -> list[Edit]:
    """Lead what points to the section `old` (`guide#anchor`) to `new`; `name` is the guide of this file."""
    return [Edit(node.start, node.end, _repointed(node, name, new)) for node in _pointers(root, name, old, new)]


def add_alias(source: str, root: Node, anchor: str, alias: str) -> list[Edit]:
    """Add an alias to a section, unless it has it."""
    section = section_pairs(root, anchor)[0][1]
    if section.kind == "mapping" and not pairs.is_void(section):
        return _aliases(source, section, alias, "", True, observe(source, root))
    return _fill(source, root, Section(anchor, aliases=(alias,)))


def add_watch(source: str, root: Node, anchor: str, query: str) -> list[Edit]:
    """Add a watch query to a section, after its others."""
    section = section_pairs(root, anchor)[0][1]
    if section.kind == "mapping" and not pairs.is_void(section):
        return pairs.add_word(source, section, "watch", query, SECTION_FIELDS, observe(source, root))
    return _fill(source, root, Section(anchor, watch=(query,)))


def _fill(source: str, root: Node, section: Section) -> list[Edit]:
    """Write what a section that holds nothing yet is to hold."""
    sections = root.get("sections")
    assert sections is not None
    return pairs.put(source, sections, section.anchor, write.section_fields(section), (), observe(source, root))


def move_section(source: str, root: Node, anchor: str, origin: str, target: str, before_anchor: str = "") -> list[Edit]:
    """Move a section with all its lines between `sections` and `orphaned`."""
    habits = observe(source, root)
    place, mapping = _whereabouts(root, anchor, origin)
    key, value = mapping.pairs[place]
    goal = root.get(target)
    if goal is not None and any(other.value == anchor for other, _ in goal.pairs):
        raise CitemanError(f"{anchor!r} stands already under `{target}`; join the two by hand")
    column = layout.column(source, mapping.pairs[0][0].start)
    span = layout.pair_spans(source, mapping)[place]
    lines = source[key.start : value.end] if mapping.flow else source[span.start + column : span.end].rstrip("\r\n")
    return [
        *_take_out(source, mapping, place),
        *_settle_down(source, root, target, lines, 0 if mapping.flow else column, habits, before_anchor),
    ]


def remove_section(source: str, root: Node, anchor: str, part: str = "sections") -> list[Edit]:
    """Take out a section with all its lines."""
    place, mapping = _whereabouts(root, anchor, part)
    return _take_out(source, mapping, place)


def _insert(source: str, root: Node, part: str, anchor: str, fields: write.Fields, habits: Habits, before: str) -> list[Edit]:
    mapping = root.get(part)
    if mapping is None or pairs.is_void(mapping):
        return pairs.put(source, root, part, {anchor: fields}, TOP_FIELDS, habits)
    pairs.expect_mapping(mapping)
    column = layout.column(source, mapping.pairs[0][0].start)
    written = write.pair(anchor, fields, column, mapping.flow, habits)
    return _place(source, root, part, written, habits, before)


def _settle_down(source: str, root: Node, part: str, lines: str, column: int, habits: Habits, before: str) -> list[Edit]:
    """Put a section's own lines, whose first has no indent, under `part`."""
    mapping = root.get(part)
    if mapping is not None and not pairs.is_void(mapping):
        pairs.expect_mapping(mapping)
    if mapping is not None and mapping.flow and mapping.pairs:
        if "\n" in lines:
            raise CitemanError(f"`{part}` is written in braces; write it in lines first")
        return _place(source, root, part, lines, habits, before)
    if mapping is not None and mapping.pairs:
        goal = layout.column(source, mapping.pairs[0][0].start)
        return _place(source, root, part, _shifted(lines, goal - column), habits, before)
    head = habits.newline.join((f"{part}:", " " * habits.indent + _shifted(lines, habits.indent - column)))
    if root.flow:
        raise CitemanError("this file is written in braces; write it in lines first")
    if mapping is None:
        end = layout.pair_spans(source, root)[-1].end
        gap = habits.newline if habits.section_gap else ""
        return [splice.insert_lines(source, end, gap + head + habits.newline, habits.newline)]
    key, value = next(pair for pair in root.pairs if pair[0].value == part)
    position = layout.line_end(source, max(key.end, value.end))
    cleared = [Edit(source.index(":", key.end) + 1, value.end, "")] if value.end > value.start else []
    body = head[len(part) + 1 + len(habits.newline) :] + habits.newline
    return [*cleared, splice.insert_lines(source, position, body, habits.newline)]


def _place(source: str, root: Node, part: str, written: str, habits: Habits, before: str) -> list[Edit]:
    mapping = root.get(part)
    assert mapping is not None
    spans = layout.pair_spans(source, mapping)
    anchors = [key.value for key, _ in mapping.pairs]
    if before:
        section_pairs(root, before, part)
    place = anchors.index(before) if before else len(anchors)
    if mapping.flow:
        return splice.insert_flow(source, mapping, spans, place, [written])
    column = layout.column(source, mapping.pairs[0][0].start)
    line = " " * column + written + habits.newline
    floor = layout.line_start(source, spans[0].start) if place else 0
    return [
        splice.insert_block(
            source, spans, place, [line], habits.newline, gap=habits.section_gap, floor=floor, before=bool(before)
        )
    ]


def _take_out(source: str, mapping: Node, place: int) -> list[Edit]:
    spans = layout.pair_spans(source, mapping)
    return splice.remove_flow(source, spans, place) if mapping.flow else [splice.remove_block(source, spans, place)]


def _whereabouts(root: Node, anchor: str, part: str) -> tuple[int, Node]:
    section_pairs(root, anchor, part)
    mapping = root.get(part)
    assert mapping is not None
    return next(place for place, (key, _) in enumerate(mapping.pairs) if key.value == anchor), mapping


def _shifted(lines: str, by: int) -> str:
    """Indent all lines but the first by some columns more (or fewer, as far as they have them)."""
    first, *rest = lines.split("\n")
    if by >= 0:
        return "\n".join([first, *(" " * by + line if line.strip() else line for line in rest)])
    return "\n".join([first, *(line[min(-by, len(line) - len(line.lstrip(" "))) :] for line in rest)])


def _aliases(source: str, section: Node, old: str, new: str, keep: bool, habits: Habits) -> list[Edit]:
    listed = section.get("aliases")
    held = (listed,) if listed and listed.kind == "scalar" and not listed.empty else listed.items if listed else ()
    words = [node.value for node in held]
    if new in words:
        node = held[words.index(new)]
        if keep and old not in words:
            return [Edit(node.start, node.end, scalars.scalar(old, node.style if node.style in ("'", '"') else "", True))]
        return pairs.remove_word(source, section, "aliases", new) if len(section.pairs) > 1 or len(words) > 1 else []
    return pairs.add_word(source, section, "aliases", old, SECTION_FIELDS, habits) if keep and old not in words else []


def _pointers(root: Node, name: str, old: str, new: str) -> Iterator[Node]:
    """Yield what points to a section and can point to the new one: `parent` of questions and `see` of items."""
    guide, _, anchor = old.rpartition("#")
    own = (anchor, f"#{anchor}") if guide == name else ()
    stays = bool(own) and new.startswith(f"{name}#")
    for part in ("sections", "orphaned"):
        mapping = root.get(part)
        for _, section in mapping.pairs if mapping else ():
            parent = section.get("parent")
            if stays and parent and parent.value in own:
                yield parent
            reading = section.get("reading")
            for item in reading.items if reading else ():
                see = item.get("see")
                if see and see.value in (*own, old):
                    yield see


def _repointed(node: Node, name: str, new: str) -> str:
    """Write a pointer: with the guide's name where it is another guide, or where this guide's was written before."""
    guide, _, anchor = new.rpartition("#")
    before = "" if guide == name and not node.value.startswith(f"{name}#") else f"{guide}#"
    sign = "#" if not before and node.value.startswith("#") else before
    return scalars.scalar(f"{sign}{anchor}", node.style if node.style in ("'", '"') else "", True)
