"""How far pandoc's inline constructs reach: what starts in a line and runs on below hides block marks there.

Code spans, TeX commands with their arguments and comments count. All look-ups are prepared once, so that text full of opening
marks is read in linear time.
"""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING

from citeman.guide.html import BLOCK_TAGS, PANDOC_NAMES, tag_at
from citeman.guide.lines import line_at
from citeman.named import NamedTuple

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

_OPENERS = re.compile(r"`+|\$\$?|\\(?:begin\{(?P<environment>[^{}\n]+)\}|[A-Za-z]+\*?|.)|<(?=[A-Za-z/!?])", re.S)
_MARKS = re.compile(r"`+|\$\$?|\\[^`]")
_LONGEST_RUN = 100
_BRACES = re.compile(r"\\.|[{}]", re.S)
_OPTION = re.compile(r"[ \t]*\n?[ \t]*\[")
_ENVIRONMENT = re.compile(r"\\(begin|end)\{([^{}\n]+)\}")
_LINE_END = re.compile(r"[ \t]*\n")


class Reach(NamedTuple):
    """How far the text that starts in a line goes before a block mark can end it."""

    end: int
    """The end of the line, or of a later line that an inline construct runs on into."""
    tag: int
    """Where a block tag stands in the middle of that text; -1 when none does."""


def inline_end(state: StateBlock, line: int) -> Reach:
    """Return where the text of a line ends, taken with the inline constructs that start in it."""
    position, limit = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    while match := _OPENERS.search(state.src, position, limit):
        if match[0] == "<":
            tag = tag_at(state.src, match.start(), len(state.src), state.env.setdefault("absent", {}), PANDOC_NAMES)
            if tag and tag.name in BLOCK_TAGS and match.start() > position_of_text(state, line):
                return Reach(limit, match.start())
            position = tag.end if tag else match.end()
        else:
            position = _construct_end(state, line, match)
        if position > limit:
            line = line_at(state, position)
            limit = state.eMarks[line]
    return Reach(limit, -1)


def position_of_text(state: StateBlock, line: int) -> int:
    """Return where a line's text starts, behind its indent and container marks."""
    return state.bMarks[line] + state.tShift[line]


def _construct_end(state: StateBlock, line: int, match: re.Match[str]) -> int:
    mark = match[0]
    if mark[0] == "`":
        return _code_end(state, line, match.start(), len(mark))
    if mark[0] == "$":
        return _math_end(state, line, match.start(), mark)
    if match["environment"]:
        end = environment_end(state, match.start())
        return end if end >= 0 else match.end()
    if mark[1].isalpha():
        return command_end(state, match.end())
    return match.end()


def _code_end(state: StateBlock, line: int, offset: int, length: int) -> int:
    """Return just after the code span: a run that nothing closes is text, but a shorter run inside it may open one."""
    runs = _marks(state, line)
    for size in range(min(length, _LONGEST_RUN), 0, -1):
        end = _following(runs.get("`" * size, []), offset + length + size)
        if end >= 0:
            return end
    return offset + length


def _math_end(state: StateBlock, line: int, offset: int, mark: str) -> int:
    """Return just after the math: a dollar closes it that has no space before and no digit behind."""
    marks = _marks(state, line)
    after = offset + len(mark)
    if mark == "$$":
        end = _following(marks.get("$$", []), after + 2)
        return end if end >= 0 else after
    end = _following(marks.get("$", []), after + 1)
    if end < 0 or state.src[after].isspace() or state.src[end - 2].isspace() or state.src[end : end + 1].isdigit():
        return after
    return end


def _following(ends: list[int], offset: int) -> int:
    index = bisect.bisect_left(ends, offset)
    return ends[index] if index < len(ends) else -1


def _marks(state: StateBlock, line: int) -> dict[str, list[int]]:
    """Return where the runs of backticks, dollars and double dollars end, between a line and the next blank one."""
    first, last, marks = state.env.get("marks", (0, 0, {}))
    if first <= line < last:
        return marks  # type: ignore[no-any-return]
    last = next((other for other in range(line, state.lineMax) if state.isEmpty(other)), state.lineMax)
    marks = {}
    for match in _MARKS.finditer(state.src, state.bMarks[line], state.eMarks[last - 1]):
        marks.setdefault(match[0], []).append(match.end())
        if match[0] == "$$":
            marks.setdefault("$", []).append(match.end() - 1)
    state.env["marks"] = line, last, marks
    return marks


def command_end(state: StateBlock, offset: int) -> int:
    """Return just after a TeX command's arguments; an optional argument swallows the line end after it."""
    braces = _matching_braces(state)
    option = _OPTION.match(state.src, offset)
    closed = _option_end(state, option.end(), braces) if option else -1
    if closed >= 0:
        offset = closed
        if state.src[offset : offset + 1] != "{":
            line_end = _LINE_END.match(state.src, offset)
            return line_end.end() if line_end and not _blank_follows(state, line_end.end()) else offset
    while state.src[offset : offset + 1] == "{" and offset in braces:
        offset = braces[offset] + 1
    return offset


def _blank_follows(state: StateBlock, offset: int) -> bool:
    return bool(_LINE_END.match(state.src, offset)) or offset >= len(state.src)


def _option_end(state: StateBlock, offset: int, braces: dict[int, int]) -> int:
    absent: dict[str, int] = state.env.setdefault("absent", {})
    start = offset
    while offset < absent.get("]", len(state.src)):
        char = state.src[offset]
        if char == "]":
            return offset + 1
        offset = braces.get(offset, offset) + 1 if char == "{" else _next(state.src, offset + 1)
    absent["]"] = min(start, absent.get("]", start))
    return -1


_BRACKET_OR_BRACE = re.compile(r"[\]{]")


def _next(source: str, offset: int) -> int:
    match = _BRACKET_OR_BRACE.search(source, offset)
    return match.start() if match else len(source)


def _matching_braces(state: StateBlock) -> dict[int, int]:
    if "braces" not in state.env:
        state.env["braces"] = found = {}
        open_braces: list[int] = []
        for match in _BRACES.finditer(state.src):
            if match[0] == "{":
                open_braces.append(match.start())
            elif match[0] == "}" and open_braces:
                found[open_braces.pop()] = match.start()
    return state.env["braces"]  # type: ignore[no-any-return]


def environment_end(state: StateBlock, offset: int) -> int:
    """Return just after the `\\end` that closes the environment which begins at the offset, or -1."""
    if "environments" not in state.env:
        state.env["environments"] = found = {}
        begun: dict[str, list[int]] = {}
        for match in _ENVIRONMENT.finditer(state.src):
            if match[1] == "begin":
                begun.setdefault(match[2], []).append(match.start())
            elif begun.get(match[2]):
                found[begun[match[2]].pop()] = match.end()
    return state.env["environments"].get(offset, -1)  # type: ignore[no-any-return]
