"""The text of a heading: as people read it, and as each slug rule sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from citeman.guide.attributes import identifier, trailing
from citeman.named import NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_LONGEST = 4000
"""Longer headings are taken as plain text."""
_BREAK = re.compile(r"<br\s*/?>", re.I)
_NOTE = re.compile(r"\[\^[^\]\s]+\]")
_TEX_MARKS = re.compile(r"\\[A-Za-z]+\*?(?=\{.)|[{}\\]")
_SMART = re.compile(r"---?|\.\.\.")
_RAW_TEX = re.compile(r"\\[A-Za-z]+\*?(?:\[[^\[\]\n]*\])?(?:\{(?:[^{}\n]|\{[^{}\n]*\})*\})*")
_HEADING_ATTRIBUTES = {"pandoc", "hugo", "python-markdown", "myst"}


class Title(NamedTuple):
    """A heading's text."""

    plain: str
    """Without markup and notes; math keeps its dollars."""
    slug: str
    """What the slug rule is applied to."""
    identifier: str
    """The anchor that the author wrote, or empty."""


class Titles:
    """Reads the headings of one guide."""

    def __init__(self, rule: str, references: dict[str, Any]) -> None:
        self.rule = rule
        self.references = references
        self.parser = _parser(rule)

    def read(self, markdown: str) -> Title:
        """Return the text of a heading given as Markdown."""
        text, written = self._split(markdown)
        if len(text) > _LONGEST:
            return Title(text, text, written)
        plain = _words("".join(_plain(self._inline(text, self.references))))
        return Title(plain, self._slug_text(text), written)

    def _split(self, markdown: str) -> tuple[str, str]:
        if self.rule not in _HEADING_ATTRIBUTES:
            return markdown, ""
        text, written = trailing(markdown)
        if self.rule == "hugo" and re.search(r"[{\s]-[\s}]", written):
            return markdown, ""
        if self.rule == "pandoc":
            text = re.sub(r"(?<!\\)#+$", "", text).rstrip()
        return text, identifier(written)

    def _slug_text(self, text: str) -> str:
        if self.rule == "hugo":
            return text
        if self.rule == "pandoc":
            # pandoc makes the anchor before it knows the document's references and notes
            return "".join(_pandoc(self._inline(text, {})))
        if self.rule == "python-markdown":
            text = _NOTE.sub("", text)
        tokens = self._inline(text, self.references)
        if self.rule == "python-markdown":
            tokens = [token for token in tokens if token.type != "image"]
        return "".join(_content(tokens))

    def _inline(self, text: str, references: dict[str, Any]) -> list[Token]:
        tokens: list[Token] = []
        self.parser.inline.parse(text, self.parser, {"references": references}, tokens)
        return tokens


def _parser(rule: str) -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.attrs import attrs_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote.index import footnote_inline
    from mdit_py_plugins.subscript import sub_plugin
    from mdit_py_plugins.superscript import superscript_plugin

    md = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    if rule in {"pandoc", "myst"}:
        md.use(dollarmath_plugin, allow_space=False, allow_digits=False)
    if rule == "pandoc":
        md.use(attrs_plugin, spans=True).use(superscript_plugin).use(sub_plugin)
        md.inline.ruler.after("image", "footnote_inline", footnote_inline)
        md.inline.ruler.before("escape", "raw_tex", _raw_tex)
    return md


def _raw_tex(state: StateInline, silent: bool) -> bool:
    match = _RAW_TEX.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        state.push("raw_tex", "", 0).content = match[0]
    state.pos = match.end()
    return True


def _words(text: str) -> str:
    return " ".join(text.split())


def _plain(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        match token.type:
            case "math_inline":
                yield f"${token.content}$"
            case "text":
                yield _NOTE.sub("", token.content)
            case "html_inline" if _BREAK.match(token.content):
                yield " "
            case "raw_tex":
                yield _TEX_MARKS.sub("", token.content)
            case _:
                yield from _content([token])


def _content(tokens: list[Token]) -> Iterator[str]:
    """What the reader sees of each token: no tags, no notes; math and code as written."""
    for token in tokens:
        match token.type:
            case "text" | "text_special" | "code_inline" | "math_inline" | "math_inline_double":
                yield token.content
            case "softbreak" | "hardbreak":
                yield " "
            case "image":
                yield from _content(token.children or [])


def _pandoc(tokens: list[Token]) -> Iterator[str]:
    """What pandoc's `stringify` sees: images by their text, smart dashes and dots gone."""
    for token in tokens:
        if token.type == "text":
            yield _SMART.sub("", token.content)
        elif token.type == "html_inline" and _BREAK.match(token.content):
            yield " "
        elif token.type == "image":
            yield from _pandoc(token.children or [])
        else:
            yield from _content([token])
