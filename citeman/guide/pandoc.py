"""Pandoc's block grammar, where it differs from CommonMark, as rules for markdown-it.

Each rule follows the parser of the same name in pandoc's `Text.Pandoc.Readers.Markdown`. A rule that looks for a closing mark far
below notes in the parser's environment that there is none, so that a file full of opening marks is still read in linear time.
Not followed: headings inside definition lists, lists marked by letters, grid tables and the values of YAML metadata.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from citeman.guide.attributes import ATTRIBUTES
from citeman.guide.flow import follows_tag, html_block, paragraph, pieces
from citeman.guide.html import BLOCK_TAGS
from citeman.guide.lines import indent_of, line_at, push, push_heading, text_of
from citeman.guide.reach import command_end, environment_end, inline_end
from citeman.guide.tables import table

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

_FENCE = re.compile(
    r"(?P<mark>`{3,}|~{3,})[ \t]*(?:\{[ \t]*=[\w-]+[ \t]*\}|[^`{}\s]*[ \t]*(?P<attributes>\{.*\})?)[ \t]*$",
)
_ATX = re.compile(r"#+(?![#.)])(?=[ \t]|$)")
_SETEXT = re.compile(r"(?:=+|-+)[ \t]*$")
_BLOCK_TAG = re.compile(r"</?([A-Za-z][\w:-]*)")
_DIV_OPEN = re.compile(r":{3,}[ \t]*(?:(?P<attributes>\{.*\})|[^\s{]\S*)[ \t]*:*[ \t]*$")
_DIV_CLOSE = re.compile(r":{3,}[ \t]*$")
_TEX = re.compile(r"\\(?:begin\{(?P<environment>[^{}\n]+)\}|(?!end\b|begin\b)[A-Za-z]+\*?)")
_BAR = re.compile(r"\|(?:[ \t]|$)")
_YAML_STOP = re.compile(r"(?:---|\.\.\.)[ \t]*$")
_INTERRUPTS = ["paragraph", "reference", "blockquote", "list"]


def install(md: MarkdownIt) -> None:
    """Replace the block rules of a CommonMark parser by pandoc's, in pandoc's order."""
    from markdown_it.ruler import Ruler
    from markdown_it.rules_block import blockquote, hr, reference

    md.block.ruler = Ruler()
    for name, rule, interrupts in (
        ("fence", _fence, _INTERRUPTS),
        ("yaml", _yaml, []),
        ("list", _bullet_list, _INTERRUPTS),
        ("div_close", _div_close, _INTERRUPTS),
        ("div_open", _div_open, []),
        ("lheading", _setext, []),
        ("heading", _atx, []),
        ("html_block", html_block, _INTERRUPTS),
        ("table", table, []),
        ("code", _code, []),
        ("raw_tex", _raw_tex, ["paragraph"]),
        ("line_block", _line_block, []),
        ("blockquote", blockquote, ["blockquote"]),
        ("hr", hr, []),
        ("ordered", _ordered_list, _INTERRUPTS),
        ("footnote_def", _note, ["paragraph"]),
        ("reference", reference, []),
        ("paragraph", paragraph, []),
    ):
        md.block.ruler.push(name, rule, {"alt": interrupts})


def _absent(state: StateBlock, mark: str, offset: int) -> bool:
    """Whether an earlier search has shown that the mark does not come after the offset."""
    absent: dict[str, int] = state.env.setdefault("absent", {})
    return offset >= absent.get(mark, len(state.src) + 1)


def _note_absent(state: StateBlock, mark: str, offset: int) -> None:
    absent: dict[str, int] = state.env.setdefault("absent", {})
    absent[mark] = min(offset, absent.get(mark, offset))


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`codeBlockFenced`: the info must be a word, attributes or both, and the block must be closed."""
    from markdown_it.rules_block import fence

    if indent_of(state, start) > 3 or not (match := _FENCE.match(text_of(state, start))):
        return False
    if match["attributes"] and not ATTRIBUTES.fullmatch(match["attributes"]):
        return False
    if silent and state.parentType == "paragraph" and match["mark"][0] == "~":
        return False
    return _fence_closes(state, match["mark"], start, end) and (silent or bool(fence(state, start, end, False)))


def _fence_closes(state: StateBlock, mark: str, start: int, end: int) -> bool:
    memo = f"{mark}:{end}"
    if _absent(state, memo, start):
        return False
    closer = re.compile(rf"{mark[0]}{{{len(mark)},}}[ \t]*$")
    margin = min(state.blkIndent, state.sCount[start])
    for line in range(start + 1, end):
        if state.sCount[line] < margin and not state.isEmpty(line):
            break
        if indent_of(state, line) <= 3 and closer.match(text_of(state, line)):
            return True
    else:
        _note_absent(state, memo, start)
    return False


def _yaml(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`yamlMetaBlock`: a mapping between `---` and `---` or `...`, anywhere."""
    if state.level or state.sCount[start] or text_of(state, start).rstrip() != "---" or silent:
        return False
    if start + 1 >= end or state.isEmpty(start + 1):
        return False
    for line in range(start + 1, end):
        if not state.sCount[line] and _YAML_STOP.match(text_of(state, line)):
            return _is_mapping(state.getLines(start + 1, line, 0, True)) and push(state, "yaml", start, line + 1)
    return False


def _is_mapping(text: str) -> bool:
    import yaml

    try:
        return isinstance(yaml.load(text, Loader=yaml.CBaseLoader), dict)
    except (yaml.YAMLError, ValueError):
        return False


def _bullet_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    from markdown_it.rules_block import hr, list_block

    if text_of(state, start)[:1] not in ("-", "+", "*") or not _may_interrupt(state, silent):
        return False
    return not hr(state, start, end, True) and list_block(state, start, end, silent)


def _ordered_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    from markdown_it.rules_block import list_block

    if text_of(state, start)[:1] in ("-", "+", "*") or not _may_interrupt(state, silent):
        return False
    return list_block(state, start, end, silent)


def _may_interrupt(state: StateBlock, silent: bool) -> bool:
    """A list interrupts a paragraph only inside another list."""
    return not silent or state.parentType != "paragraph" or state.listIndent >= 0


def _div_open(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if indent_of(state, start) or not (match := _DIV_OPEN.match(text_of(state, start))):
        return False
    if match["attributes"] and not ATTRIBUTES.fullmatch(match["attributes"]):
        return False
    if not silent:
        state.env["divs"] = state.env.get("divs", 0) + 1
    return silent or push(state, "div_open", start, start + 1)


def _div_close(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if not state.env.get("divs") or not _DIV_CLOSE.match(text_of(state, start)) or indent_of(state, start) > 0:
        return False
    if not silent:
        state.env["divs"] -= 1
    return silent or push(state, "div_close", start, start + 1)


def _setext(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`setextHeader`: one line of text, underlined from the first column, whatever block the text might start."""
    if start + 1 >= state.lineMax or indent_of(state, start) < 0 or not _may_underline(state, start + 1):
        return False
    underline = _SETEXT.match(text_of(state, start + 1))
    text = text_of(state, start).strip()
    if not underline or any(name.lower() in BLOCK_TAGS for name in _BLOCK_TAG.findall(text)):
        return False
    if inline_end(state, start).end > state.eMarks[start]:
        return False
    return silent or push_heading(state, 1 if underline[0][0] == "=" else 2, text, start, start + 2)


def _may_underline(state: StateBlock, line: int) -> bool:
    """Whether a line starts where its block does; in a list item, whose text may go on unindented, also at the margin."""
    if not indent_of(state, line):
        return True
    return state.listIndent >= 0 and not state.sCount[line] and text_of(state, line).rstrip() != "-"


def _atx(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`atxHeader`: from the first column, a space after the hashes, never directly under a line of text."""
    if indent_of(state, start) or not (match := _ATX.match(text_of(state, start))):
        return False
    if silent:
        return True
    last = line_at(state, inline_end(state, start).end)
    text = state.getLines(start, last + 1, state.blkIndent, False)
    return push_heading(state, match.end(), text[match.end() :].strip(), start, last + 1)


def _code(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`codeBlockIndented`, but not for the indented text inside a tag that the line above opened."""
    from markdown_it.rules_block import code

    return not follows_tag(state, start) and code(state, start, end, silent)


def _raw_tex(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`rawTeXBlock`: an environment, whatever it holds, or a line of nothing but a command and its arguments."""
    offset = state.bMarks[start] + state.tShift[start]
    match = _TEX.match(state.src, offset)
    if not match:
        return False
    closed = environment_end(state, offset) if match["environment"] else -1
    if silent:
        return closed >= 0
    if closed < 0 and not match["environment"]:
        closed = command_end(state, match.end())
        if state.src[closed : state.eMarks[line_at(state, closed)]].strip():
            return False
    if closed < 0:
        return False
    line = line_at(state, closed - 1)
    push(state, "raw_tex", start, line + 1)
    rest = state.src[closed : state.eMarks[line]]
    return not rest.strip() or pieces(state, line, state.eMarks[line] - len(rest.lstrip()), end)


def _line_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`lineBlock`: lines that start with a bar and a space, and the indented ones that continue them."""
    if silent or not _BAR.match(text_of(state, start)) or indent_of(state, start):
        return False
    line = start + 1
    while line < end and (
        _BAR.match(text_of(state, line)) if not indent_of(state, line) else indent_of(state, line) > 0 and not state.isEmpty(line)
    ):
        line += 1
    return push(state, "line_block", start, line)


def _note(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`noteBlock`: a definition interrupts a paragraph only inside another definition."""
    from mdit_py_plugins.footnote.index import footnote_def

    depth = state.env.get("notes", 0)
    if silent and not depth:
        return False
    state.env["notes"] = depth + 1
    found = bool(footnote_def(state, start, end, silent))
    state.env["notes"] = depth
    return found
