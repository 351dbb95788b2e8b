"""Pandoc's block grammar, where it differs from CommonMark, as rules for markdown-it.

Each rule follows the parser of the same name in pandoc's `Text.Pandoc.Readers.Markdown`. A rule that looks for a closing mark far
below notes in the parser's environment that there is none, so that a file full of opening marks is still read in linear time.
"""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING

from citeman.guide.attributes import ATTRIBUTES
from citeman.guide.html import BLOCK_TAGS, EITHER_TAGS, Tag, closing_tag, tag_at

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
_ENVIRONMENT = re.compile(r"\\(begin|end)\{([^{}\n]+)\}")
_YAML_STOP = re.compile(r"(?:---|\.\.\.)[ \t]*$")
_VERBATIM = ("pre", "script", "style", "textarea")
_BACKTICKS = re.compile(r"`+")
_LONGEST_RUN = 1000
_INTERRUPTS = ["paragraph", "reference", "blockquote", "list"]


def install(md: MarkdownIt) -> None:
    """Replace the block rules of a CommonMark parser by pandoc's, in pandoc's order."""
    from markdown_it.ruler import Ruler
    from markdown_it.rules_block import blockquote, hr, reference
    from mdit_py_plugins.footnote.index import footnote_def

    md.block.ruler = Ruler()
    for name, rule, interrupts in (
        ("fence", _fence, _INTERRUPTS),
        ("yaml", _yaml, []),
        ("list", _bullet_list, _INTERRUPTS),
        ("div_close", _div_close, _INTERRUPTS),
        ("div_open", _div_open, []),
        ("lheading", _setext, []),
        ("heading", _atx, []),
        ("html_block", _html, _INTERRUPTS),
        ("code", _code, []),
        ("raw_tex", _raw_tex, []),
        ("blockquote", blockquote, ["blockquote"]),
        ("hr", hr, ["list"]),
        ("ordered", _ordered_list, _INTERRUPTS),
        ("footnote_def", footnote_def, []),
        ("reference", reference, []),
        ("paragraph", _paragraph, []),
    ):
        md.block.ruler.push(name, rule, {"alt": interrupts})


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _indent(state: StateBlock, line: int) -> int:
    return state.sCount[line] - state.blkIndent


def _push(state: StateBlock, kind: str, first: int, last: int) -> bool:
    state.line = last
    token = state.push(kind, "", 0)
    token.map = [first, last]
    return True


def _line_at(state: StateBlock, offset: int) -> int:
    return bisect.bisect_left(state.eMarks, offset)


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

    if _indent(state, start) > 3 or not (match := _FENCE.match(_text(state, start))):
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
    for line in range(start + 1, end):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            break
        if _indent(state, line) <= 3 and closer.match(_text(state, line)):
            return True
    else:
        _note_absent(state, memo, start)
    return False


def _yaml(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`yamlMetaBlock`: a mapping between `---` and `---` or `...`, anywhere."""
    if state.level or state.sCount[start] or _text(state, start).rstrip() != "---" or silent:
        return False
    if start + 1 >= end or state.isEmpty(start + 1):
        return False
    for line in range(start + 1, end):
        if not state.sCount[line] and _YAML_STOP.match(_text(state, line)):
            return _is_mapping(state.getLines(start + 1, line, 0, True)) and _push(state, "yaml", start, line + 1)
    return False


def _is_mapping(text: str) -> bool:
    import yaml

    try:
        return isinstance(yaml.load(text, Loader=yaml.CBaseLoader), dict)
    except (yaml.YAMLError, ValueError):
        return False


def _bullet_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    from markdown_it.rules_block import hr, list_block

    if _text(state, start)[:1] not in ("-", "+", "*") or not _may_interrupt(state, silent):
        return False
    return not hr(state, start, end, True) and list_block(state, start, end, silent)


def _ordered_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    from markdown_it.rules_block import list_block

    if _text(state, start)[:1] in ("-", "+", "*") or not _may_interrupt(state, silent):
        return False
    return list_block(state, start, end, silent)


def _may_interrupt(state: StateBlock, silent: bool) -> bool:
    """A list interrupts a paragraph only inside another list."""
    return not silent or state.parentType != "paragraph" or state.listIndent >= 0


def _div_open(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if _indent(state, start) or not (match := _DIV_OPEN.match(_text(state, start))):
        return False
    if match["attributes"] and not ATTRIBUTES.fullmatch(match["attributes"]):
        return False
    if not silent:
        state.env["divs"] = state.env.get("divs", 0) + 1
    return silent or _push(state, "div_open", start, start + 1)


def _div_close(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if not state.env.get("divs") or not _DIV_CLOSE.match(_text(state, start)) or _indent(state, start) > 0:
        return False
    if not silent:
        state.env["divs"] -= 1
    return silent or _push(state, "div_close", start, start + 1)


def _heading(state: StateBlock, level: int, content: str, first: int, last: int) -> bool:
    state.line = last
    for kind, nesting in (("heading_open", 1), ("inline", 0), ("heading_close", -1)):
        token = state.push(kind, "" if kind == "inline" else f"h{level}", nesting)  # type: ignore[arg-type]
        token.map = [first, last]
        token.content = content if kind == "inline" else ""
    return True


def _setext(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`setextHeader`: one line of text, underlined from the first column, whatever block the text might start."""
    if start + 1 >= end or _indent(state, start + 1) or _indent(state, start) < 0:
        return False
    underline = _SETEXT.match(_text(state, start + 1))
    text = _text(state, start).strip()
    if not underline or any(name.lower() in BLOCK_TAGS for name in _BLOCK_TAG.findall(text)):
        return False
    if _inline_end(state, start) > state.eMarks[start]:
        return False
    return silent or _heading(state, 1 if underline[0][0] == "=" else 2, text, start, start + 2)


def _atx(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`atxHeader`: from the first column, a space after the hashes, never directly under a line of text."""
    if _indent(state, start) or not (match := _ATX.match(_text(state, start))):
        return False
    if silent:
        return True
    last = _line_at(state, _inline_end(state, start))
    text = state.getLines(start, last + 1, state.blkIndent, False)
    return _heading(state, match.end(), text[match.end() :].strip(), start, last + 1)


def _paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`para`: up to a blank line, or to a block that may interrupt it outside of code spans."""
    parent, state.parentType = state.parentType, "paragraph"
    terminators = state.md.block.ruler.getRules("paragraph")
    line = _line_at(state, _inline_end(state, start)) + 1
    while line < state.lineMax and not state.isEmpty(line):
        if (
            state.sCount[line] >= 0
            and _indent(state, line) <= 3
            and any(rule(state, line, state.lineMax, True) for rule in terminators)
        ):
            break
        line = _line_at(state, _inline_end(state, line)) + 1
    state.parentType = parent
    state.line = line
    for kind, nesting in (("paragraph_open", 1), ("inline", 0), ("paragraph_close", -1)):
        token = state.push(kind, "" if kind == "inline" else "p", nesting)  # type: ignore[arg-type]
        token.map = [start, line]
    return True


def _inline_end(state: StateBlock, line: int) -> int:
    """Return where the code spans that start in a line end: the end of the line unless one runs on into the lines below."""
    offset, limit = state.bMarks[line], state.eMarks[line]
    offset = state.src.find("`", offset, limit)
    if offset < 0:
        return limit
    runs = _backtick_runs(state, line)
    while 0 <= offset < limit:
        if state.src[offset - 1 : offset] == "\\":
            offset = state.src.find("`", offset + 1, limit)
            continue
        end = _code_span_end(state.src, offset, runs)
        limit = max(limit, state.eMarks[_line_at(state, end)])
        offset = state.src.find("`", end, limit)
    return limit


def _code_span_end(source: str, offset: int, runs: dict[int, list[int]]) -> int:
    """Return just after the code span that starts at the offset; just after the backtick where none does."""
    length = len(source[offset : offset + _LONGEST_RUN]) - len(source[offset : offset + _LONGEST_RUN].lstrip("`"))
    ends = runs.get(length, [])
    index = bisect.bisect_left(ends, offset + 2 * length)
    return ends[index] if index < len(ends) else offset + 1


def _backtick_runs(state: StateBlock, line: int) -> dict[int, list[int]]:
    """Return the ends of the backtick runs between a line and the next blank one, by the runs' length."""
    first, last, runs = state.env.get("runs", (0, 0, {}))
    if first <= line < last:
        return runs  # type: ignore[no-any-return]
    last = next((other for other in range(line, state.lineMax) if state.isEmpty(other)), state.lineMax)
    runs = {}
    for match in _BACKTICKS.finditer(state.src, state.bMarks[line], state.eMarks[last - 1]):
        runs.setdefault(len(match[0]), []).append(match.end())
    state.env["runs"] = line, last, runs
    return runs


def _code(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`codeBlockIndented`, but not for the indented text inside a tag that the line above opened."""
    from markdown_it.rules_block import code

    return not _follows_tag(state, start) and code(state, start, end, silent)


def _follows_tag(state: StateBlock, line: int) -> bool:
    token = state.tokens[-1] if state.tokens else None
    return bool(token and token.type == "html_block" and token.map and token.map[1] == line)


def _html(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`htmlBlock`: a block is one tag (or a verbatim element); what follows it is Markdown again, on the same line too."""
    if _indent(state, start) > 3 and not _follows_tag(state, start):
        return False
    offset = state.bMarks[start] + state.tShift[start]
    tag = _block_tag(state, offset, end)
    if silent or not tag:
        return bool(tag and tag.name in BLOCK_TAGS)
    first = start
    while tag:
        offset = _element_end(state, tag, end)
        line = _line_at(state, offset)
        _push(state, "html_block", first, line + 1)
        rest = state.src[offset : state.eMarks[line]]
        if not rest.strip():
            return True
        first = line
        offset += len(rest) - len(rest.lstrip())
        tag = _block_tag(state, offset, end)
    return _rest_of_line(state, first, offset, end)


def _block_tag(state: StateBlock, offset: int, end: int) -> Tag | None:
    if not state.src.startswith("<", offset):
        return None
    tag = tag_at(state.src, offset, state.eMarks[end - 1], state.env.setdefault("absent", {}))
    return tag if tag and (not tag.name or tag.name in BLOCK_TAGS or tag.name in EITHER_TAGS) else None


def _element_end(state: StateBlock, tag: Tag, end: int) -> int:
    if tag.name in _VERBATIM and not tag.closing:
        closed = closing_tag(state.src, tag.name, tag.end, state.eMarks[end - 1], state.env.setdefault("absent", {}))
        return closed if closed >= 0 else tag.end
    return tag.end


def _rest_of_line(state: StateBlock, line: int, offset: int, end: int) -> bool:
    """Read the block that starts behind a tag."""
    state.bMarks[line], state.tShift[line], state.sCount[line] = offset, 0, state.blkIndent
    return any(rule(state, line, end, False) for rule in state.md.block.ruler.getRules(""))


def _raw_tex(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`rawTeXBlock`: an environment, whatever it holds."""
    offset = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("\\begin{", offset) or silent:
        return False
    match = _ENVIRONMENT.match(state.src, offset)
    closed = _environment_end(state, match[2], offset, end) if match else -1
    return closed >= 0 and _push(state, "raw_tex", start, _line_at(state, closed) + 1)


def _environment_end(state: StateBlock, name: str, offset: int, end: int) -> int:
    if _absent(state, name, offset):
        return -1
    depth = 0
    for match in _ENVIRONMENT.finditer(state.src, offset, state.eMarks[end - 1]):
        if match[2] == name:
            depth += 1 if match[1] == "begin" else -1
            if not depth:
                return match.end()
    _note_absent(state, name, offset)
    return -1
