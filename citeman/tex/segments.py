"""TeX as a flat list of segments (text, math, opening and closing styles), read in one linear pass."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from citeman.named import NamedTuple
from citeman.tex import math, tables

Kind = Literal["text", "math", "open", "close", "link"]

MAX_DEPTH = 24
"""Styles nested deeper are read as plain text: no title needs more, and a page must survive any input."""

_RUN = re.compile(r"[^\\{}$~]+")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?\s*|\\(.?)", re.S)
_OPTIONS = re.compile(r"\[[^][{}\\]{0,80}\](?=\s*\{)")
_SPACE = re.compile(r"\s*")
_LIGATURE = re.compile(r"---|--|``|''|`|\?`|!`")
_LIGATURES = {"---": "—", "--": "–", "``": "“", "''": "”", "`": "‘", "?`": "¿", "!`": "¡"}
_CLOSING_QUOTE = re.compile(r"(?:(?<=\S)|\A)'(?!\w)")
_ESCAPED = re.compile(r"\\([#$%&_{}~^\\])|\\textasciitilde(?:\{\}|\b)")
_DIMENSION = re.compile(r"\s*=?\s*-?[\d.]*\s*(?:pt|em|ex|mm|cm|in|sp|bp)?")
_CHARACTER = re.compile(r"\"([0-9A-Fa-f]{1,5})\s?|'([0-7]{1,6})\s?|(\d{1,6})\s?|`\\?([!-~])")
_TAKES_DIMENSION = frozenset({"kern", "hskip", "raise", "lower", "vskip", "penalty"})
_CASES = {"lowercase": str.lower, "MakeLowercase": str.lower, "uppercase": str.upper, "MakeUppercase": str.upper}


class Segment(NamedTuple):
    """A piece of what TeX shows; `value` is the text, the math's source, the style's name or the link's target."""

    kind: Kind
    value: str


class _Group:
    """An open brace: where its segments start, and what to do when it closes."""

    __slots__ = ("accent", "case", "start", "styles")

    def __init__(self, start: int, accent: str = "", case: str = "") -> None:
        self.start = start
        self.accent = accent
        self.case = case
        self.styles: list[str] = []


def read(source: str, groups: bool = False) -> list[Segment]:
    """Return the segments of a TeX value; any text is accepted, and every `open` or `link` has its `close`.

    With `groups` a brace group that only protects its text (`{NTK}`) is told too, as a style `group`.
    """
    return _Reader(source, groups).read()


class _Reader:
    def __init__(self, source: str, told_groups: bool) -> None:
        self.source = source
        self.told_groups = told_groups
        self.position = 0
        self.segments: list[Segment] = []
        self.groups = [_Group(0)]
        self.depth = 0
        self.math = math.MathSpans(source)
        self._pairs: dict[int, int] | None = None

    def read(self) -> list[Segment]:
        source, length = self.source, len(self.source)
        while self.position < length:
            run = _RUN.match(source, self.position)
            if run:
                self.position = run.end()
                self.text(ligatures(run.group()))
            else:
                self.special(source[self.position])
        while self.groups:
            self.close()
        return _closed_quotes(self.segments) if "`" in source else self.segments

    def special(self, char: str) -> None:
        if char == "\\":
            self.backslash()
            return
        if char == "$" and (end := self.math.end(self.position)):
            self.segments.append(Segment("math", math.content(self.source[self.position : end])))
            self.position = end
            return
        self.position += 1
        if char == "{":
            self.groups.append(_Group(len(self.segments)))
            if self.told_groups and not self.special_character_follows():
                self.open(self.groups[-1], Segment("open", "group"))
        elif char == "}" and len(self.groups) > 1:
            self.close()
        elif char == "~":
            self.text("~" if self.source[self.position - 2 : self.position - 1] == "/" else "\u00a0")
        elif char == "$":
            self.text("$")

    def text(self, text: str) -> None:
        if text:
            self.segments.append(Segment("text", text))

    def close(self) -> None:
        group = self.groups.pop()
        self.segments += (Segment("close", style) for style in reversed(group.styles))
        self.depth -= len(group.styles)
        if group.accent:
            self.accent_from(group.start, group.accent)
        if group.case:
            self.case_from(group.start, group.case)

    def backslash(self) -> None:
        end = self.math.end(self.position)
        if end:
            self.segments.append(Segment("math", math.content(self.source[self.position : end])))
            self.position = end
            return
        match = _COMMAND.match(self.source, self.position)
        assert match is not None
        self.position = match.end()
        self.command(match[1] or match[2] or "\\")

    def command(self, name: str) -> None:
        accent = tables.ACCENTS.get(name)
        if accent and (not name.isalpha() or self.argument_follows(name)):
            self.accent(accent)
        elif (text := tables.symbol(name)) is not None:
            self.text(text)
        elif name in tables.SWITCHES:
            self.open(self.groups[-1], Segment("open", tables.SWITCHES[name]))
        elif name in tables.STYLES:
            self.styled(Segment("open", tables.STYLES[name]))
        else:
            self.other_command(name)

    def other_command(self, name: str) -> None:
        if name in {"url", "nolinkurl", "path"}:
            self.url()
        elif name == "href":
            self.styled(Segment("link", unescape_url(self.argument())))
        elif name in _CASES:
            self.argument_group(_Group(len(self.segments), case=name))
        elif name == "verb":
            self.verbatim()
        elif name in {"char", "symbol"}:
            self.character()
        elif name in _TAKES_DIMENSION:
            self.skip(_DIMENSION)
        elif name in tables.HIDDEN:
            for _ in range(tables.HIDDEN[name]):
                self.argument()
        else:
            self.unknown(name)

    def unknown(self, name: str) -> None:
        """Degrade to the argument; a macro without one is most often a name (`\\VAX`), or a switch that shows nothing."""
        self.skip(_OPTIONS)
        empty = self.source.startswith("{}", self.position)
        if name[:1].isupper() and (empty or self.peek() != "{"):
            self.text(name)

    def url(self) -> None:
        target = unescape_url(self.argument())
        if target:
            self.segments += (Segment("link", target), Segment("text", target), Segment("close", "link"))

    def styled(self, segment: Segment) -> None:
        group = _Group(len(self.segments))
        self.open(group, segment)
        self.argument_group(group)

    def open(self, group: _Group, segment: Segment) -> None:
        if self.depth < MAX_DEPTH:
            self.depth += 1
            group.styles.append("link" if segment.kind == "link" else segment.value)
            self.segments.append(segment)

    def accent(self, accent: str) -> None:
        self.skip(_SPACE)
        self.argument_group(_Group(len(self.segments), accent=accent))

    def argument_group(self, group: _Group) -> None:
        """Read the next argument into a group: braces stay open for `read` to close, a single token closes at once."""
        self.skip(_SPACE)
        self.groups.append(group)
        char = self.peek()
        if char == "{":
            self.position += 1
            return
        if char == "\\":
            self.token()
        elif char and char not in "}$~":
            self.position += 1
            self.text(char)
        self.close()

    def token(self) -> None:
        """Read a command as an argument: only one that prints a letter or a symbol counts (`\\'\\i`)."""
        match = _COMMAND.match(self.source, self.position)
        text = tables.symbol(match[1] or match[2] or "") if match else None
        if match and text:
            self.position = match.end()
            self.text(text)

    def accent_from(self, start: int, accent: str) -> None:
        for index in range(start, min(start + 8, len(self.segments))):
            segment = self.segments[index]
            if segment.kind == "text" and (stripped := segment.value.lstrip()):
                first = segment.value[: len(segment.value) - len(stripped)]
                base, rest = stripped[0], stripped[1:]
                while rest and unicodedata.combining(rest[0]) and len(base) < 5:
                    base, rest = base + rest[0], rest[1:]
                self.segments[index : index + 1] = [Segment("text", first + compose(base, accent)), Segment("text", rest)]
                return
        self.text(tables.BARE_ACCENTS.get(accent, ""))

    def case_from(self, start: int, case: str) -> None:
        for index in range(start, len(self.segments)):
            segment = self.segments[index]
            if segment.kind == "text":
                self.segments[index] = Segment("text", _CASES[case](segment.value))

    def verbatim(self) -> None:
        """Show what stands between two like characters, as code."""
        end = self.source.find(self.peek(), self.position + 1, self.position + 200) if self.peek() else -1
        if end > 0:
            self.segments.append(Segment("open", "code"))
            self.text(self.source[self.position + 1 : end])
            self.segments.append(Segment("close", "code"))
            self.position = end + 1

    def character(self) -> None:
        braced = self.peek() == "{"
        match = _CHARACTER.match(self.source, self.position + braced)
        if not match:
            return
        self.position = match.end() + (braced and self.source[match.end() : match.end() + 1] == "}")
        code = ord(match[4]) if match[4] else int(next(filter(None, match.groups())), {1: 16, 2: 8}.get(match.lastindex or 3, 10))
        if 32 <= code < 0x11000 and chr(code).isprintable():
            self.text(chr(code))

    def special_character_follows(self) -> bool:
        """Say whether a group starts with an accent, a letter or a switch: its braces then protect nothing."""
        match = _COMMAND.match(self.source, self.position)
        name = (match[1] or match[2]) if match else ""
        return name in tables.ACCENTS or name in tables.SWITCHES or tables.symbol(name) is not None

    def argument_follows(self, name: str) -> bool:
        """Say whether `\\c`, `\\v` … stand before something to put an accent on."""
        char = self.peek()
        return bool(char) and (char in "{\\" or char.isalpha())

    def argument(self) -> str:
        """Skip the next argument and return its source: a group, a command, or nothing."""
        self.skip(_OPTIONS)
        self.skip(_SPACE)
        if self.peek() != "{":
            if self.peek() == "\\":
                self.skip(_COMMAND)
            return ""
        start, end = self.position + 1, self.pairs.get(self.position, len(self.source))
        self.position = end + 1
        return self.source[start:end]

    @property
    def pairs(self) -> dict[int, int]:
        if self._pairs is None:
            self._pairs = math.brace_pairs(self.source)
        return self._pairs

    def peek(self) -> str:
        return self.source[self.position : self.position + 1]

    def skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.source, self.position)
        if match:
            self.position = match.end()


def ligatures(text: str) -> str:
    """Return text with TeX's dashes and quotes as the characters they print."""
    if "--" not in text and "`" not in text and "''" not in text:
        return text
    return _LIGATURE.sub(lambda match: _LIGATURES[match.group()], text)


def _closed_quotes(segments: list[Segment]) -> list[Segment]:
    """Turn the closing quote of each `…' too; an apostrophe inside a word stays."""
    return [
        Segment("text", _CLOSING_QUOTE.sub("’", value)) if kind == "text" else Segment(kind, value) for kind, value in segments
    ]


def compose(base: str, accent: str) -> str:
    """Return a character with a combining accent, as one character where Unicode has it."""
    if len(base) > 4:
        return base
    base = {"ı": "i", "ȷ": "j"}.get(base, base) if accent > "\u0302" or accent in "\u0300\u0301\u0302" else base
    return unicodedata.normalize("NFC", base + accent)


def unescape_url(source: str) -> str:
    """Return a URL as TeX source without its escapes (`\\_`, `\\%`, `\\textasciitilde`)."""
    return "".join(_ESCAPED.sub(lambda match: match[1] or "~", source).split())
