"""The block structure of a guide: front matter, headings, and which lines are prose, HTML or code."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from citeman.named import NamedTuple
from citeman.text import Lines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_BLIND_TO_CHUNKS = {"pandoc", "python-markdown"}
"""Dialects to which a fence is none when other tools' chunk options stand behind it."""
_MOST_NESTING = 60


class Heading(NamedTuple):
    """A heading as it stands in the source."""

    level: int
    markdown: str
    start: int
    end: int
    container_end: int
    """Where the outermost list, block quote, note or piece of code that it stands in ends; -1 at the top level."""


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
    head = front[1] or (_title_block_end(source) if rule == "pandoc" else 0)
    tokens = md.parse(_text(source, head), environment)
    references = {label: str(value["href"]) for label, value in environment.get("references", {}).items()}
    headings = list(_headings(tokens, lines))
    spans = list(_merged(_spans(tokens, lines, rule)))
    if rule in _BLIND_TO_CHUNKS and (chunks := _chunks(source)):
        headings = [_in_chunk(heading, chunks) for heading in headings]
        read = md.parse(_text(_masked(source, chunks), head), {})
        code = (Span("code", start, end) for start, end in chunks)
        spans = sorted([*_merged(_spans(read, lines, rule)), *code], key=lambda span: span.start)
    return Blocks(tuple(headings), tuple(spans), tuple(_notes(tokens, lines)), front, references, environment)


def is_myst(source: str) -> bool:
    """Whether a text has what only MyST's Markdown knows: a label above a heading, or a cell of code."""
    return bool(_MYST.search(source))


def _text(source: str, head: int) -> str:
    """Return what the block parser gets: the source line by line, with nothing where the front matter is, which ends there."""
    text = "\n" * source.count("\n", 0, head) + source[head:]
    return re.sub(r"\r(?!\n)", "", text.lstrip("\ufeff"))


def front_matter_span(source: str) -> tuple[int, int]:
    """Return the span of the YAML or TOML front matter, delimiters included; (0, 0) when there is none."""
    opening = re.match(r"\ufeff?(---|\+\+\+)[ \t]*\r?\n(?![ \t]*\r?\n)", source)
    if not opening:
        return 0, 0
    stop = r"^(?:---|\.\.\.)[ \t]*\r?$" if opening[1] == "---" else r"^\+\+\+[ \t]*\r?$"
    closing = re.compile(stop, re.M).search(source, opening.end())
    return (opening.start(1), min(closing.end() + 1, len(source))) if closing else (0, 0)


def _title_block_end(source: str) -> int:
    """Return where pandoc's own front matter ends, the `%` lines for title, authors and date; 0 when there is none."""
    block = re.match(r"\ufeff?(?:%[^\n]*\n(?:[ \t]+\S[^\n]*\n)*+){1,3}", source)
    return block.end() if block else 0


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
_MYST = re.compile(r"^\([^()\s]+\)=[ \t]*\r?\n(?:[ \t]*+\r?\n)*+#|^`{3,}\{code-cell\}", re.M)
_FENCE = re.compile(r"^[ \t]{0,3}(?P<mark>`{3,}|~{3,})(?P<info>[^`\n]*)$", re.M)


def _spans(tokens: list[Token], lines: Lines, rule: str) -> Iterator[Span]:
    for token in tokens:
        kind = _KINDS.get(token.type, "")
        if not kind or not token.map:
            continue
        first, last = token.map
        if kind == "html" and rule == "pandoc":
            kind = "prose"
        elif rule == "myst" and _holds_prose(token.info):
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
    """Where code chunks and directives stand that only other tools read as such: of code all, of other directives the fences."""
    found: list[tuple[int, int]] = []
    opened: list[tuple[str, re.Match[str]]] = []
    for match in _FENCE.finditer(source):
        mark, info = match["mark"], match["info"].strip()
        if opened and not info and mark.startswith(opened[-1][0]):
            _, opening = opened.pop()
            if _holds_prose(opening["info"]):
                found += [opening.span(), match.span()]
            elif _CHUNK.match(opening["info"].strip()):
                found.append((opening.start(), match.end()))
        elif not opened or _holds_prose(opened[-1][1]["info"]):
            opened.append((mark, match))
    return sorted(found)


def _in_chunk(heading: Heading, chunks: list[tuple[int, int]]) -> Heading:
    """Say of a heading that is a comment of some code where the code ends, as of one in a list or a quotation."""
    index = bisect.bisect_right(chunks, (heading.start, len(chunks))) - 1
    inside = index >= 0 and heading.container_end < 0 and chunks[index][0] < heading.start < chunks[index][1]
    return heading._replace(container_end=chunks[index][1]) if inside else heading


def _holds_prose(info: str) -> bool:
    """Whether a fence is a directive whose body is Markdown, as a figure's or a note's is."""
    return bool(_DIRECTIVE.match(info.strip())) and not _CHUNK.match(info.strip())


def _masked(source: str, holes: list[tuple[int, int]]) -> str:
    """Blank the holes out, line ends excepted."""
    parts, position = [], 0
    for start, end in holes:
        parts += [source[position:start], re.sub(r"[^\n]", " ", source[start:end])]
        position = max(position, end)
    return "".join([*parts, source[position:]])


def _notes(tokens: list[Token], lines: Lines) -> Iterator[NoteSpan]:
    for token in tokens:
        if token.type == "footnote_reference_open" and token.map:
            yield NoteSpan(str(token.meta.get("label", "")), lines.start(token.map[0] + 1), lines.start(token.map[1] + 1))
