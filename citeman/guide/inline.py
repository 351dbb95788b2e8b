"""The inline constructs of prose that point somewhere: links, keys, notes, tags, each with its place in the source.

One pass from left to right with a stack of open brackets. Code, math, comments and escaped characters are stepped over; where
something is never closed, that is remembered, so that any text is read in linear time.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping
from html import unescape

from citeman.guide import html
from citeman.guide.attributes import ATTRIBUTES
from citeman.named import NamedTuple

_TOKEN = re.compile(
    r"\\cite[a-zA-Z]*\*?(?=[\[{])|\\.|`+|\$\$?|<|[!^]?\[|\]|@|https?://|\{cite[a-z:]*\}(?=`)|:cite[a-z]*:(?=`)|\{% *cite ", re.S
)
_ANGLE = re.compile(r"<(https?://[^\s<>]+)>|<[\w.+-]+@[\w.-]+>", re.I)
_DESTINATION = re.compile(
    r"""\(\s*+(?:<(?P<angle>[^<>\n]*+)>|(?P<plain>(?:\\[^\s\w]|[^\s()\\]|\\(?=\w)|\((?:[^\s()]|\((?:[^\s()]|\([^\s()]*+\))*+\))*+\))*+))"""
    r"""(?:\s++(?:"(?:\\.|[^"\\])*+"|'(?:\\.|[^'\\])*+'|\([^()]*+\)))?\s*+\)""",
    re.S,
)
_LABEL = re.compile(r"\[([^\[\]]{0,999})\]")
_NOTE_LABEL = re.compile(r"\^[^\s\[\]^]+")
_BARE = re.compile(r"https?://(?:[^\s<>\"`\[\](){}|\\]|\((?:[^\s<>()\[\]]*)\))+")
_KEY = re.compile(r"@(?:\{(?P<braced>[^{}\s]+)\}|(?P<bare>\w(?:\w|[:.#$%&\-+?<>~/]+(?=\w))*))")
_LOCATOR = re.compile(r"[ \t]*\n?[ \t]*\[(?!\^|@|-@)(?=[^\[\]\n]*\])([^\[\]]*)\](?![(\[{:])")
_TEX_CITE = re.compile(r"\\cite[a-zA-Z]*\*?(?:\[[^\[\]\n]*\]){0,2}\{([^{}]*)\}")
_LIQUID_CITE = re.compile(r"\{% *cite ([^%]*)%\}")
_BEFORE_KEY = re.compile(r"[\s\[({;,\"'*_—–-]")
_VERBATIM = frozenset(["code", "pre", "script", "style", "textarea", "svg", "math", "kbd"])
_MOST_IN_A_GROUP = 200
_MARKS = re.compile(r"`+|\$\$?|\\[^`]")


class Node(NamedTuple):
    """One construct. `text_start` and `text_end` span its label, or the keys of a citation."""

    kind: str
    """link reference image anchor autolink bare tag note noteref cite key role tex liquid span"""
    start: int
    end: int
    text_start: int
    text_end: int
    target: str = ""
    """An address; for a tag its name; for a span its attributes."""
    attributes: str = ""


class _Open(NamedTuple):
    kind: str
    start: int
    text_start: int
    nodes: int
    """How many nodes there were when it opened."""
    keys: int
    """How many of them were keys."""
    target: str = ""


def scan(source: str, start: int, end: int, references: Mapping[str, str], only_tags: bool = False) -> list[Node]:
    """Return the constructs between two offsets, in the order in which they end.

    `references` maps normalised labels to addresses; `only_tags` is for blocks of raw HTML in which Markdown does not count.
    """
    return _Scanner(source, end, references, only_tags).run(start)


def normalise(label: str) -> str:
    """Return the form under which CommonMark compares reference labels."""
    return " ".join(label.split()).lower().upper()


class _Scanner:
    """The state of one pass."""

    def __init__(self, source: str, end: int, references: Mapping[str, str], only_tags: bool) -> None:
        self.source, self.end, self.references, self.only_tags = source, end, references, only_tags
        self.nodes: list[Node] = []
        self.brackets: list[_Open] = []
        self.anchor: _Open | None = None
        self.keys = 0
        self.dead = 0
        """Brackets below this depth hold a link and can be none themselves."""
        self.absent: dict[str, int] = {}
        self.marks: dict[str, list[int]] | None = None

    def run(self, position: int) -> list[Node]:
        self.first = position
        token = re.compile("<") if self.only_tags else _TOKEN
        while match := token.search(self.source, position, self.end):
            position = self._step(match)
        return self.nodes

    def _step(self, match: re.Match[str]) -> int:
        """Take one token; return where to go on."""
        mark, start = match[0], match.start()
        match mark[0]:
            case "`":
                return self._code(start, len(mark))
            case "$":
                return self._math(start, mark)
            case "<":
                return self._angle(start)
            case "]":
                return self._close(start)
            case "@":
                return self._key(start)
            case "h":
                return self._bare(start)
            case "\\" if len(mark) > 2:
                return self._keys("tex", _TEX_CITE, match)
            case "\\":
                return match.end()
            case "{" if mark[1] == "%":
                return self._keys("liquid", _LIQUID_CITE, match)
            case "{" | ":":
                return self._role(match)
        self.brackets.append(_Open(mark[0], start, match.end(), len(self.nodes), self.keys))
        return match.end()

    def _add(self, kind: str, start: int, end: int, text: tuple[int, int], target: str = "", attributes: str = "") -> int:
        self.nodes.append(Node(kind, start, end, *text, target, attributes))
        return end

    def _following(self, mark: str, offset: int) -> int:
        """Return where the first such mark at or behind the offset ends, -1 when none does."""
        if self.marks is None:
            self.marks = {}
            for match in _MARKS.finditer(self.source, self.first, self.end):
                self.marks.setdefault(match[0], []).append(match.end())
        ends = self.marks.get(mark, [])
        index = bisect.bisect_left(ends, offset + len(mark))
        return ends[index] if index < len(ends) else -1

    def _code(self, start: int, length: int) -> int:
        end = self._following("`" * length, start + length)
        return end if end >= 0 else start + length

    def _math(self, start: int, mark: str) -> int:
        after = start + len(mark)
        end = self._following(mark, after)
        if end < 0 or mark == "$$":
            return end if end >= 0 else after
        source = self.source
        if source[after].isspace() or source[end - 2].isspace() or source[end : end + 1].isdigit() or end - start > 500:
            return after
        return end

    def _angle(self, start: int) -> int:
        if match := _ANGLE.match(self.source, start, self.end):
            if match[1]:
                self._add("autolink", start, match.end(), match.span(1), match[1])
            return match.end()
        tag = html.tag_at(self.source, start, self.end, self.absent, html.COMMONMARK_NAMES)
        if not tag:
            return start + 1
        if tag.name == "a":
            self._anchor(tag)
        elif tag.name in _VERBATIM and not tag.closing:
            closed = html.closing_tag(self.source, tag.name, tag.end, self.end, self.absent)
            return closed if closed >= 0 else tag.end
        if tag.name and not tag.closing:
            self._add("tag", start, tag.end, (tag.end, tag.end), tag.name, tag.attributes)
        return tag.end

    def _anchor(self, tag: html.Tag) -> None:
        if not tag.closing:
            target = html.attributes(tag.attributes).get("href", "")
            self.anchor = _Open("a", tag.start, tag.end, len(self.nodes), self.keys, target)
        elif self.anchor:
            opened, self.anchor = self.anchor, None
            self._own_text(opened)
            self._add("anchor", opened.start, tag.end, (opened.text_start, tag.start), opened.target)

    def _own_text(self, opened: _Open) -> None:
        """Forget the addresses and names that are only the text of a link."""
        self.nodes[opened.nodes :] = [node for node in self.nodes[opened.nodes :] if node.kind not in {"bare", "key"}]
        self.keys = opened.keys

    def _bare(self, start: int) -> int:
        match = _BARE.match(self.source, start, self.end)
        if not match:
            return start + 4
        text = match[0].rstrip(".,;:!?*_'")
        return self._add("bare", start, start + len(text), (start, start + len(text)), text)

    def _key(self, start: int) -> int:
        match = _KEY.match(self.source, start, self.end)
        if not match or (start > self.first and not _BEFORE_KEY.match(self.source, start - 1)):
            return start + 1
        end = match.end()
        if not self.brackets and (locator := _LOCATOR.match(self.source, end, self.end)):
            end = locator.end()
        begin = start - (self.source[start - 1 : start] == "-" and start > self.first)
        self.keys += 1
        return self._add("key", begin, end, match.span("braced") if match["braced"] else match.span("bare"))

    def _keys(self, kind: str, pattern: re.Pattern[str], match: re.Match[str]) -> int:
        found = pattern.match(self.source, match.start(), self.end)
        return self._add(kind, match.start(), found.end(), found.span(1)) if found else match.end()

    def _role(self, match: re.Match[str]) -> int:
        """A MyST or reStructuredText role: the code span behind it holds the keys."""
        end = self._code(match.end(), 1)
        return (
            self._add("role", match.start(), end, (match.end() + 1, end - 1), match[0]) if end > match.end() + 1 else match.end()
        )

    def _close(self, start: int) -> int:
        after = start + 1
        if not self.brackets:
            return after
        opened = self.brackets.pop()
        dead = len(self.brackets) < self.dead
        self.dead = min(self.dead, len(self.brackets))
        text = opened.text_start, start
        if opened.kind == "^":
            return self._add("note", opened.start, after, text)
        if opened.kind == "[" and _NOTE_LABEL.fullmatch(self.source, *text):
            return self._add("noteref", opened.start, after, text)
        if opened.kind == "[" and self.source[after : after + 1] not in ("(", "[", "{") and self._group(opened, text):
            return after
        end, target = self._target(text, after)
        if end < 0 or (dead and opened.kind == "["):
            return self._span(opened, text)
        if opened.kind == "[":
            self.dead = len(self.brackets)
            self._own_text(opened)
        attributes = ATTRIBUTES.match(self.source, end, self.end)
        end = attributes.end() if attributes else end
        kind = "image" if opened.kind != "[" else "link" if self.source[start + 1 : start + 2] == "(" else "reference"
        return self._add(kind, opened.start, end, text, target, attributes[0] if attributes else "")

    def _group(self, opened: _Open, text: tuple[int, int]) -> bool:
        """Make a citation of a bracket that holds keys."""
        if self.keys == opened.keys or len(self.nodes) - opened.nodes > _MOST_IN_A_GROUP:
            return False
        self.keys = opened.keys
        self.nodes[opened.nodes :] = [node for node in self.nodes[opened.nodes :] if node.kind != "key"]
        self._add("cite", opened.start, text[1] + 1, text)
        return True

    def _target(self, text: tuple[int, int], after: int) -> tuple[int, str]:
        """Read what follows a closing bracket: (end, address), or (-1, "") when it makes no link."""
        source = self.source
        if match := _DESTINATION.match(source, after, self.end):
            return match.end(), _clean(match["angle"] or match["plain"] or "")
        if not self.references or text[1] - text[0] > 999:
            return -1, ""
        full = _LABEL.match(source, after, self.end)
        label = normalise((full[1] if full else "") or source[slice(*text)])
        if label not in self.references:
            return -1, ""
        return full.end() if full else after, self.references[label]

    def _span(self, opened: _Open, text: tuple[int, int]) -> int:
        after = text[1] + 1
        attributes = ATTRIBUTES.match(self.source, after, self.end)
        if attributes and opened.kind == "[":
            return self._add("span", opened.start, attributes.end(), text, "", attributes[0])
        return after


def _clean(address: str) -> str:
    """Resolve the escapes and entities of a Markdown address."""
    return unescape(re.sub(r"\\([^\w\s])", r"\1", address)).strip()
