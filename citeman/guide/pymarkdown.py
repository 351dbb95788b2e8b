"""Python-Markdown's block grammar, where it differs from CommonMark, as rules for markdown-it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from citeman.guide.html import BLOCK_TAGS, attributes, closing_tag, tag_at
from citeman.guide.lines import indent_of, line_at, push, push_heading, text_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock

_FENCE = re.compile(
    r"(?P<fence>~{3,}|`{3,})[ ]*(?:\{[^\n]*\}|(?:\.?[\w#.+-]*[ ]*)?(?:hl_lines=(?P<quote>[\"']).*?(?P=quote)[ ]*)?)$"
)
_ATX = re.compile(r"(#{1,6})(.*?)#*$")
_SETEXT = re.compile(r"([=-])\1*[ ]*$")
_IS_MARKDOWN = ("", "1", "block")
"""The values of the attribute by which the `md_in_html` extension reads what is in an element."""


def install(md: MarkdownIt) -> None:
    """Replace the rules for fences, headings and raw HTML."""
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote"]}
    md.block.ruler.at("fence", _fence, interrupts)
    md.block.ruler.at("heading", _heading, interrupts)
    md.block.ruler.at("lheading", _setext)
    md.block.ruler.at("html_block", _html, interrupts)


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The `fenced_code` extension: from the first column, closed by the very same fence."""
    if state.level or state.sCount[start] or not (match := _FENCE.match(text_of(state, start))):
        return False
    closed = _closing_line(state, match["fence"], start, end)
    return closed > 0 and (silent or push(state, "fence", start, closed + 1))


def _closing_line(state: StateBlock, fence: str, start: int, end: int) -> int:
    absent: dict[str, int] = state.env.setdefault("absent", {})
    if start >= absent.get(fence, end):
        return 0
    for line in range(start + 1, end):
        if not state.sCount[line] and text_of(state, line).rstrip(" ") == fence:
            return line
    absent[fence] = start
    return 0


def _heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Hashes at the start of a line, also under text, also with no space behind them."""
    if indent_of(state, start) or not (match := _ATX.match(text_of(state, start))):
        return False
    return silent or push_heading(state, len(match[1]), match[2].strip(), start, start + 1)


def _setext(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if start + 1 >= end or indent_of(state, start + 1) or not (match := _SETEXT.match(text_of(state, start + 1))):
        return False
    return silent or push_heading(state, 1 if match[1] == "=" else 2, text_of(state, start).strip(), start, start + 2)


def _html(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block-level element is raw from its opening to its closing tag, blank lines and all, but for one with `markdown`."""
    offset = state.bMarks[start] + state.tShift[start]
    if indent_of(state, start) > 3 or not state.src.startswith("<", offset):
        return False
    absent: dict[str, int] = state.env.setdefault("absent", {})
    limit = state.eMarks[end - 1]
    tag = tag_at(state.src, offset, limit, absent)
    if not tag or (tag.name and tag.name not in BLOCK_TAGS):
        return False
    is_raw = tag.name and not tag.closing and attributes(tag.attributes).get("markdown", "0") not in _IS_MARKDOWN
    closed = closing_tag(state.src, tag.name, tag.end, limit, absent, nested=True) if is_raw else tag.end
    return silent or push(state, "html_block", start, line_at(state, closed if closed >= 0 else tag.end) + 1)
