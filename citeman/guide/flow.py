"""Pandoc's paragraphs and raw HTML: both may end in the middle of a line, where the other goes on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from citeman.guide.html import BLOCK_TAGS, EITHER_TAGS, PANDOC_NAMES, VOID_TAGS, Tag, closing_tag, tag_at
from citeman.guide.lines import indent_of, line_at, push
from citeman.guide.reach import inline_end

if TYPE_CHECKING:
    from markdown_it.parser_block import RuleFuncBlockType
    from markdown_it.rules_block import StateBlock

_TEXT = re.compile(r"\S")
_LONG_LINE = 20_000
"""In a longer line no block is looked for behind a tag: each look would cost the length of the line."""
_VERBATIM = ("pre", "script", "style", "textarea")


def html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`htmlBlock`: a block is one tag (or a verbatim element); what follows it is Markdown again, on the same line too."""
    if indent_of(state, start) > 3 and not follows_tag(state, start):
        return False
    offset = state.bMarks[start] + state.tShift[start]
    tag = _block_tag(state, offset, end)
    if silent or not tag:
        return bool(tag and tag.name in BLOCK_TAGS)
    return pieces(state, start, offset, end)


def paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`para`: up to a blank line, or to a block that may interrupt it."""
    tag = _paragraph_piece(state, start)
    return tag < 0 or pieces(state, line_at(state, tag), tag, end)


def follows_tag(state: StateBlock, line: int) -> bool:
    """Whether the line above ended with a raw HTML tag."""
    token = state.tokens[-1] if state.tokens else None
    return bool(token and token.type == "html_block" and token.map and token.map[1] == line)


def pieces(state: StateBlock, line: int, offset: int, end: int) -> bool:
    """Read tags and the text between them, from the offset to the end of the line where the last of them ends."""
    while True:
        tag = _block_tag(state, offset, end)
        if tag:
            offset = _element_end(state, tag, end)
            last = line_at(state, offset)
            push(state, "html_block", line, last + 1)
            line = last
            text = _TEXT.search(state.src, offset, state.eMarks[line])
            if not text:
                _outdent(state, tag, line + 1, end)
                return True
            offset = text.start()
            continue
        state.bMarks[line], state.tShift[line], state.sCount[line] = offset, 0, state.blkIndent
        short = state.eMarks[line] - offset < _LONG_LINE
        if short and any(rule(state, line, end, False) for rule in state.md.block.ruler.getRules("") if rule is not paragraph):
            return True
        offset = _paragraph_piece(state, line)
        if offset < 0:
            return True
        line = line_at(state, offset)


def _outdent(state: StateBlock, tag: Tag, line: int, end: int) -> None:
    """Take the indent away from what stands under an opening tag, as `rawHtmlBlocks` does."""
    if (
        tag.name
        and not tag.closing
        and tag.name != "div"
        and tag.name not in VOID_TAGS
        and line < end
        and not state.isEmpty(line)
    ):
        state.bMarks[line] += state.tShift[line]
        state.tShift[line], state.sCount[line] = 0, state.blkIndent


def _block_tag(state: StateBlock, offset: int, end: int) -> Tag | None:
    if not state.src.startswith("<", offset):
        return None
    tag = tag_at(state.src, offset, state.eMarks[end - 1], state.env.setdefault("absent", {}), PANDOC_NAMES)
    return tag if tag and (not tag.name or tag.name in BLOCK_TAGS or tag.name in EITHER_TAGS) else None


def _element_end(state: StateBlock, tag: Tag, end: int) -> int:
    if tag.name in _VERBATIM and not tag.closing:
        closed = closing_tag(state.src, tag.name, tag.end, state.eMarks[end - 1], state.env.setdefault("absent", {}))
        return closed if closed >= 0 else tag.end
    return tag.end


def _paragraph_piece(state: StateBlock, start: int) -> int:
    """Push a paragraph; return where a tag in the middle of a line ends it, or -1."""
    parent, state.parentType = state.parentType, "paragraph"
    terminators = state.md.block.ruler.getRules("paragraph")
    line, reach = start, inline_end(state, start)
    while reach.tag < 0:
        line = line_at(state, reach.end) + 1
        if line >= state.lineMax or state.isEmpty(line) or _interrupts(state, line, terminators):
            line -= 1
            break
        reach = inline_end(state, line)
    if reach.tag >= 0:
        line = line_at(state, reach.tag)
    state.parentType, state.line = parent, line + 1
    for kind, nesting in (("paragraph_open", 1), ("inline", 0), ("paragraph_close", -1)):
        token = state.push(kind, "" if kind == "inline" else "p", nesting)  # type: ignore[arg-type]
        token.map = [start, line + 1]
    return reach.tag


def _interrupts(state: StateBlock, line: int, terminators: list[RuleFuncBlockType]) -> bool:
    if state.sCount[line] < 0 or indent_of(state, line) > 3:
        return False
    return any(rule(state, line, state.lineMax, True) for rule in terminators)
