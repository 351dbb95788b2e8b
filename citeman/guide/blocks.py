"""The block structure of a guide: front matter, headings, and which lines are prose, HTML or code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from citeman.text import Lines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MOST_NESTING = 60


class Heading(NamedTuple):
    """A heading as it stands in the source."""

    level: int
    markdown: str
    start: int
    end: int
    container_end: int
    """Where the outermost list, block quote or note that it stands in ends; -1 at the top level."""


class Span(NamedTuple):
    """A leaf block: prose (its inline Markdown counts), html (only its tags count) or code."""

    kind: str
    start: int
    end: int


class NoteSpan(NamedTuple):
    """The definition of a footnote, `[^label]: text`."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Blocks:
    """What the block parser found, in source order."""

    headings: tuple[Heading, ...]
    spans: tuple[Span, ...]
    notes: tuple[NoteSpan, ...]
    front_matter: tuple[int, int]
    """Span of the front matter, delimiters included; empty when there is none."""
    references: dict[str, str]
    """Normalised label -> URL of the reference definitions."""
    environment: dict[str, Any]


def parse(source: str, rule: str) -> Blocks:
    """Read the block structure as the site generator behind the slug rule would."""
    lines = Lines(source)
    front = front_matter_span(source)
    md = parser(rule)
    environment: dict[str, Any] = {}
    text = "\n" * source.count("\n", 0, front[1]) + source[front[1] :]
    tokens = md.parse(re.sub(r"\r(?!\n)", "", text.lstrip("\ufeff")), environment)
    references = {label: str(value["href"]) for label, value in environment.get("references", {}).items()}
    spans = _without(_merged(_spans(tokens, lines, rule)), _chunks(source))
    return Blocks(tuple(_headings(tokens, lines)), tuple(spans), tuple(_notes(tokens, lines)), front, references, environment)


def front_matter_span(source: str) -> tuple[int, int]:
    """Return the span of the YAML or TOML front matter, delimiters included; (0, 0) when there is none."""
    opening = re.match(r"\ufeff?(---|\+\+\+)[ \t]*\r?\n(?![ \t]*\r?\n)", source)
    if not opening:
        return 0, 0
    stop = r"^(?:---|\.\.\.)[ \t]*\r?$" if opening[1] == "---" else r"^\+\+\+[ \t]*\r?$"
    closing = re.compile(stop, re.M).search(source, opening.end())
    return (opening.start(1), min(closing.end() + 1, len(source))) if closing else (0, 0)


def parser(rule: str) -> MarkdownIt:
    """Return a block parser that follows the rule's Markdown dialect; inline text is left to who asks for it."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    from citeman.guide import pandoc, pymarkdown

    md = MarkdownIt("commonmark", {"maxNesting": _MOST_NESTING}).enable(["table", "strikethrough"])
    md.use(footnote_plugin)
    md.core.ruler.enableOnly(["normalize", "block"])
    if rule == "pandoc":
        pandoc.install(md)
    elif rule == "python-markdown":
        pymarkdown.install(md)
    return md


def _headings(tokens: list[Token], lines: Lines) -> list[Heading]:
    found = []
    container_end = -1
    for index, token in enumerate(tokens):
        if token.level == 0 and token.nesting == 1 and token.map and token.type != "heading_open":
            container_end = lines.start(token.map[1] + 1)
        if token.type == "heading_open" and token.map:
            first, last = token.map
            end = container_end if token.level else -1
            markdown = tokens[index + 1].content
            found.append(Heading(int(token.tag[1:]), markdown, lines.start(first + 1), lines.start(last + 1), end))
    return found


_KINDS = {
    "inline": "prose",
    "table_row": "prose",
    "line_block": "prose",
    "html_block": "html",
    "fence": "code",
    "code_block": "code",
    "yaml": "code",
    "raw_tex": "code",
}
_NO_PROSE = r"code|literalinclude|math|raw|eval-rst|mermaid|toctree|bibliography"
_LANGUAGES = "r|python|julia|bash|sh|zsh|sql|ojs|stan|rcpp|js|css|node|ruby|perl|dot|d3|awk|octave|haskell|embed|asis|cat|block"
_DIRECTIVE = re.compile(rf"\{{(?!{_NO_PROSE})[\w:-]+\}}")
_CHUNK = re.compile(rf"\{{(?:{_NO_PROSE}|[.=]|(?:{_LANGUAGES})[ ,}}])", re.I)
_FENCE = re.compile(r"^[ \t]{0,3}(?P<mark>`{3,}|~{3,})(?P<info>[^`\n]*)$", re.M)


def _spans(tokens: list[Token], lines: Lines, rule: str) -> Iterator[Span]:
    for token in tokens:
        kind = _KINDS.get(token.type, "")
        if not kind or not token.map:
            continue
        first, last = token.map
        if kind == "html" and rule == "pandoc":
            kind = "prose"
        elif rule == "myst" and _DIRECTIVE.match(token.info.strip()):
            kind, first, last = "prose", first + 1, max(first + 1, last - 1)
        yield Span(kind, lines.start(first + 1), lines.start(last + 1))


def _merged(spans: Iterator[Span]) -> Iterator[Span]:
    """Join the pieces of a line that was read as several blocks."""
    last: Span | None = None
    for span in sorted(spans, key=lambda span: span.start):
        if last and span.start < last.end:
            kind = "prose" if "prose" in (last.kind, span.kind) else last.kind
            last = Span(kind, last.start, max(last.end, span.end))
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def _chunks(source: str) -> list[tuple[int, int]]:
    """Where code chunks and directives of code stand, which a person reads as code even where the dialect does not."""
    found: list[tuple[int, int]] = []
    opened, start = "", -1
    for match in _FENCE.finditer(source):
        mark, info = match["mark"], match["info"]
        if not opened:
            opened, start = mark, match.start() if _CHUNK.match(info) else -1
        elif mark.startswith(opened) and not info.strip():
            if start >= 0:
                found.append((start, match.end()))
            opened = ""
    return found


def _without(spans: Iterator[Span], holes: list[tuple[int, int]]) -> Iterator[Span]:
    """Cut the holes out of the prose."""
    index = 0
    for span in spans:
        start = span.start
        while index < len(holes) and holes[index][1] <= start:
            index += 1
        other = index
        while span.kind == "prose" and other < len(holes) and holes[other][0] < span.end:
            if holes[other][0] > start:
                yield Span(span.kind, start, holes[other][0])
            start = max(start, holes[other][1])
            other += 1
        if start < span.end:
            yield Span(span.kind, start, span.end)


def _notes(tokens: list[Token], lines: Lines) -> Iterator[NoteSpan]:
    for token in tokens:
        if token.type == "footnote_reference_open" and token.map:
            yield NoteSpan(str(token.meta.get("label", "")), lines.start(token.map[0] + 1), lines.start(token.map[1] + 1))
