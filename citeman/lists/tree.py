"""A YAML text as a tree of nodes that know their place in it: all scalars strings, aliases and merge keys followed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from functools import lru_cache
from typing import Any, Literal

from citeman import text
from citeman.errors import CitemanError

Kind = Literal["scalar", "mapping", "sequence"]

DEEPEST = 40
"""Levels of nesting that are followed; reading lists need six."""

# What YAML 1.1 allows in a text; everything else PyYAML refuses with the whole file.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")
_HINTS = {
    "mapping values are not allowed": "put quotes round a text that holds `: `",
    "cannot start any token": "indent with spaces, and put quotes round a text that starts with @, ` or %",
    "unexpected end of stream": "a quote or bracket is not closed",
    "did not find expected key": "look for a wrong indent or a missing quote here or just above",
    "could not find expected ':'": "every line of a mapping is `name: value`",
    "did not find expected ',' or": "a bracket is not closed",
    "nesting depth": "brackets are nested too deeply",
}


class Node:
    """One value of the YAML text, never changed; offsets are into the text as given.

    `start` is where the value starts (after `&anchor` and `!tag`, for a scalar), `end` where its last scalar or bracket ends:
    no trailing comment, blank line or newline is part. `style` is a scalar's: empty for plain, else its quote, `|` or `>`.
    `flow` is a collection's: written in brackets. `inherited` are the pairs that a merge key `<<` brings in.
    """

    __slots__ = ("end", "flow", "inherited", "items", "kind", "pairs", "start", "style", "value")

    def __init__(
        self,
        kind: Kind,
        start: int,
        end: int,
        *,
        value: str = "",
        style: str = "",
        flow: bool = False,
        items: tuple[Node, ...] = (),
        pairs: tuple[tuple[Node, Node], ...] = (),
        inherited: tuple[tuple[Node, Node], ...] = (),
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.value = value
        self.style = style
        self.flow = flow
        self.items = items
        self.pairs = pairs
        self.inherited = inherited

    def at(self, start: int, end: int) -> Node:
        """Return the same value standing elsewhere, as an alias says it again."""
        moved = copy(self)
        moved.start, moved.end = start, end
        return moved

    def get(self, name: str) -> Node | None:
        """Return the value of the first pair of that name, also of an inherited one."""
        for pairs in (self.pairs, self.inherited):
            for key, value in pairs:
                if key.value == name:
                    return value
        return None

    def pair(self, name: str) -> tuple[Node, Node] | None:
        """Return the first pair of that name, own pairs before inherited ones."""
        return next((pair for pair in (*self.pairs, *self.inherited) if pair[0].value == name), None)

    @property
    def empty(self) -> bool:
        """Tell whether nothing is written here, or YAML's null."""
        return self.kind == "scalar" and not self.style and self.value in ("", "~", "null", "Null", "NULL")


@lru_cache(maxsize=8)
def compose(source: str, path: str) -> Node | None:
    """Read the one YAML document of a text; None when it holds none. Raises CitemanError where it is no YAML.

    Characters that YAML forbids (undecodable bytes, control characters) are read as `readable` shows them.
    """
    import yaml

    if "\0" in source:
        raise CitemanError(
            "this is no text (it holds NUL bytes); restore the file", path, text.line_of(source, source.index("\0"))
        )
    offset = 1 if source.startswith("\ufeff") else 0
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return _Composer(source, path, offset, yaml.parse(readable(source)[offset:], Loader=loader)).document()
    except yaml.YAMLError as error:
        raise _unreadable(error, source, path, offset) from None


def readable(source: str) -> str:
    """Return the text, character for character as long, with what YAML forbids made readable to it.

    An undecodable byte becomes the Windows-1252 character it most likely is, a control character U+FFFD.
    """
    shown = text.display(source)
    return shown if not _FORBIDDEN.search(shown, 1) else shown[:1] + _FORBIDDEN.sub("\ufffd", shown[1:])


def forbidden(source: str) -> Iterator[int]:
    """Yield the offset of the first character in each line that is not UTF-8 or that YAML forbids."""
    lines = text.Lines(source)
    last = 0
    for match in _FORBIDDEN.finditer(source, 1 if source.startswith("\ufeff") else 0):
        line = lines.line(match.start())
        if line > last:
            yield match.start()
        last = line


class _Composer:
    """Turns PyYAML's events into nodes; events, for only they tell where an alias itself stands."""

    def __init__(self, source: str, path: str, offset: int, events: Iterator[Any]) -> None:
        self.source, self.path, self.offset, self.events = source, path, offset, events
        self.anchors: dict[str, Node | None] = {}

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self.events:
            match type(event).__name__:
                case "DocumentStartEvent" if root is not None:
                    raise self.error("a second YAML document starts here; keep one", event)
                case "DocumentStartEvent":
                    root = self.node(next(self.events), 0)
        return root

    def node(self, event: Any, depth: int) -> Node:
        if depth > DEEPEST:
            raise self.error("YAML is nested too deeply here", event)
        name = type(event).__name__
        if name == "AliasEvent":
            return self.alias(event)
        if event.anchor:
            self.anchors[event.anchor] = None
        if name == "ScalarEvent":
            node = self.scalar(event)
        else:
            node = self.mapping(event, depth) if name == "MappingStartEvent" else self.sequence(event, depth)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def alias(self, event: Any) -> Node:
        target = self.anchors.get(event.anchor)
        if target is None:
            what = (
                "inside what it names"
                if event.anchor in self.anchors
                else "for nothing; put quotes round a text that starts with *"
            )
            raise self.error(f"the alias *{event.anchor} stands {what}", event)
        start, end = self.span(event)
        return target.at(start, end)

    def scalar(self, event: Any) -> Node:
        start, end = self.span(event)
        if event.anchor or event.tag:
            properties = _PROPERTIES.match(self.source, start, end)
            start = properties.end() if properties else end
        if event.style in ("|", ">"):
            end = self.block_end(start, end)
        return Node("scalar", start, end, value=event.value, style=event.style or "")

    def block_end(self, start: int, end: int) -> int:
        block = self.source[start:end]
        keeps_blank_lines = "+" in block.split("\n", 1)[0].split("#")[0]
        kept = block.removesuffix("\n").removesuffix("\r") if keeps_blank_lines else block.rstrip(" \t\r\n")
        return start + len(kept)

    def sequence(self, event: Any, depth: int) -> Node:
        start, end = self.span(event)
        items: list[Node] = []
        while type(item := next(self.events)).__name__ != "SequenceEndEvent":
            items.append(self.node(item, depth + 1))
        end = self.span(item)[1] if event.flow_style or not items else items[-1].end
        return Node("sequence", start, end, flow=bool(event.flow_style), items=tuple(items))

    def mapping(self, event: Any, depth: int) -> Node:
        start, end = self.span(event)
        pairs: list[tuple[Node, Node]] = []
        while type(key := next(self.events)).__name__ != "MappingEndEvent":
            pairs.append((self.node(key, depth + 1), self.node(next(self.events), depth + 1)))
        end = self.span(key)[1] if event.flow_style or not pairs else pairs[-1][1].end
        return Node("mapping", start, end, flow=bool(event.flow_style), pairs=tuple(pairs), inherited=tuple(_inherited(pairs)))

    def span(self, event: Any) -> tuple[int, int]:
        return event.start_mark.index + self.offset, event.end_mark.index + self.offset

    def error(self, message: str, event: Any) -> CitemanError:
        return CitemanError(message, self.path, text.line_of(self.source, self.span(event)[0]))


def _inherited(pairs: list[tuple[Node, Node]]) -> Iterator[tuple[Node, Node]]:
    seen = {key.value for key, _ in pairs}
    for key, value in pairs:
        if key.value == "<<" and not key.style:
            for source in value.items if value.kind == "sequence" else (value,):
                for pair in (*source.pairs, *source.inherited):
                    if pair[0].value not in seen:
                        seen.add(pair[0].value)
                        yield pair


def _unreadable(error: Any, source: str, path: str, offset: int) -> CitemanError:
    mark = getattr(error, "problem_mark", None)
    position = mark.index + offset if mark else getattr(error, "position", 0)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    hint = next((hint for phrase, hint in _HINTS.items() if phrase in problem), "mend the YAML here or just above")
    return CitemanError(f"{problem}: {hint}", path, text.line_of(source, min(position, len(source))))
