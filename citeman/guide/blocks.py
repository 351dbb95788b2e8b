"""The block structure of a guide: front matter, headings, and which lines are prose, HTML or code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from citeman.text import Lines

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MOST_NESTING = 60
_FRONT_MATTER = re.compile(
    r"\ufeff?(?P<open>---|\+\+\+)[ \t]*\r?\n(?!\s*\n)(?P<text>(?:.*\n)*?)(?P<close>---|\.\.\.|\+\+\+)[ \t]*(?:\r?\n|$)"
)


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


@dataclass(frozen=True, slots=True)
class Blocks:
    """What the block parser found, in source order."""

    headings: tuple[Heading, ...]
    spans: tuple[Span, ...]
    front_matter: tuple[int, int]
    """Span of the front matter, delimiters included; empty when there is none."""
    references: dict[str, str]
    """Normalised label -> URL of the reference definitions."""
    parser: MarkdownIt
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
    return Blocks(tuple(_headings(tokens, lines)), tuple(_spans(tokens, lines)), front, references, md, environment)


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
    "html_block": "html",
    "fence": "code",
    "code_block": "code",
    "yaml": "code",
    "raw_tex": "code",
}


def _spans(tokens: list[Token], lines: Lines) -> list[Span]:
    return [
        Span(_KINDS[token.type], lines.start(token.map[0] + 1), lines.start(token.map[1] + 1))
        for token in tokens
        if token.map and token.type in _KINDS
    ]
