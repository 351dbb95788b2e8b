"""Reading lists woven into a guide's Markdown: marked regions that only citeman writes, put in, renewed and taken out again.

A region stands between `<!-- citeman:reading-list ANCHOR sha256=… -->` and `<!-- /citeman:reading-list -->`. The checksum tells
when a person has edited it; `pad` counts the line ends that came with it, so that it can be taken out without a trace. An author
chooses the place with `<!-- citeman:reading-list -->` (or `… ANCHOR -->`) alone on a line; the region then stands below it.
"""

from __future__ import annotations

import bisect
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from citeman.errors import CitemanError
from citeman.guide import Guide, GuideSection, Question
from citeman.text import Edit, Lines, apply, line_of, newline_of

CLOSE = "<!-- /citeman:reading-list -->"

_MARK = re.compile(r"^[ \t]*(?P<mark><!--[ \t]*(?P<slash>/?)citeman:reading-list\b(?P<rest>[^\n]*?)-->)[ \t]*\r?$", re.M)
_ANY_MARK = re.compile(r"<!--[ \t]*/?citeman:reading-list\b")
_STRUCTURE = re.compile(
    r"^[ \t]*:{3,}[ \t]*(?P<fence>[^\s:].*)?$"
    r"|<(?P<slash>/?)(?:div|section|article|main|aside|details|blockquote|figure|table)\b[^>]*>",
    re.M | re.I,
)
_BELONGS_BELOW = re.compile(
    r"(?:\([\w:.-]+\)=|<a\s[^>]*>[ \t]*(?:</a>)?|<!--(?![ \t]*/?citeman)(?:(?!-->)[^\n])*-->|\{%.*%\}"
    r"|(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})[ \t]*\r?\n?"
)
"""A line that goes with the heading below it: a label, an anchor, a comment, a rule."""
_FENCE = r"[ \t>*+\d.)-]*(`{3,}|~{3,})"


@dataclass(frozen=True, slots=True)
class Region:
    """A reading list that stands in a guide."""

    anchor: str
    line: int
    start: int
    end: int
    """Just after the closing mark."""
    text: str
    checksum: str
    before: int
    after: int
    """How many line ends came with it."""

    @property
    def edited(self) -> bool:
        """Whether a person has changed the text since citeman wrote it."""
        return self.checksum != checksum_of(self.text)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that the author has chosen for a reading list."""

    anchor: str
    """Empty when the mark names none: it is for the section it stands in."""
    line: int
    start: int
    end: int


def weave(guide: Guide, texts: Mapping[str, str], force: bool = False, aliases: Mapping[str, str] | None = None) -> list[Edit]:
    """Return the edits that give each section or question box its text, and no other place one.

    `texts` maps anchors to Markdown or HTML for the whole guide: a region of an anchor that has no text in it is taken out.
    `aliases` maps former anchors, which regions may still bear, to present ones. Woven twice, it changes nothing.
    Raises CitemanError, with the line, for a mark that is broken, doubled or without its partner, for a region that a person has
    edited (unless `force`), and for an anchor where no list can stand.
    """
    wanted = {anchor: text.strip() for anchor, text in texts.items() if text.strip()}
    if any(_ANY_MARK.search(text) for text in wanted.values()):
        raise ValueError("a reading list must not hold citeman's own marks")
    regions, marks = read(guide)
    places = _places(guide, marks, wanted)
    edits: list[Edit] = []
    kept: dict[str, Region] = {}
    for region in regions:
        anchor = (aliases or {}).get(region.anchor, region.anchor)
        if anchor in kept:
            raise CitemanError(f"a second reading list of #{anchor}; delete one of the two", guide.path, region.line)
        if anchor in wanted and _stands_right(guide, region, places.get(anchor)):
            kept[anchor] = region
            edits += _renewed(guide, region, anchor, wanted[anchor], force)
        else:
            edits += _removed(guide, region, force)
    new = {anchor: text for anchor, text in wanted.items() if anchor not in kept}
    edits += _inserted(guide, new, places)
    _prove(guide, edits, wanted)
    return edits


def unweave(guide: Guide, force: bool = False) -> list[Edit]:
    """Return the edits that take every region out and give the guide back the bytes it had without them.

    Raises CitemanError as `weave` does.
    """
    return [edit for region in read(guide)[0] for edit in _removed(guide, region, force)]


def checksum_of(text: str) -> str:
    """Return what the mark of a region with that text carries; line ends and trailing blanks do not count."""
    lines = (line.rstrip() for line in text.strip().splitlines())
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def read(guide: Guide) -> tuple[tuple[Region, ...], tuple[Mark, ...]]:
    """Return the regions and the author's marks of a guide, in order; what stands in code does not count.

    Raises CitemanError, with the line, for a mark that is broken or has no partner.
    """
    lines = Lines(guide.source)
    regions: list[Region] = []
    marks: list[Mark] = []
    opened: re.Match[str] | None = None
    for match in _marks(guide, lines):
        line = lines.line(match.start("mark"))
        if match["slash"]:
            if not opened:
                raise CitemanError("the end of a reading list without its beginning; delete this mark", guide.path, line)
            regions.append(_region(guide.source, lines.line(opened.start("mark")), opened, match))
            opened = None
        elif opened:
            break
        elif "sha256=" in match["rest"]:
            opened = match
        else:
            marks.append(Mark(match["rest"].strip(), line, match.start("mark"), match.end("mark")))
    if opened:
        line = lines.line(opened.start("mark"))
        raise CitemanError(f"a reading list without its end; put {CLOSE} below it or delete this mark", guide.path, line)
    return tuple(regions), tuple(marks)


def _prove(guide: Guide, edits: list[Edit], wanted: Mapping[str, str]) -> None:
    """Read the woven guide again: every list must be found in it, and every heading must be what it was."""
    if not edits:
        return
    woven = Guide.parse(apply(guide.source, edits), guide.path, guide.rule)
    lost = set(wanted) - {region.anchor for region in read(woven)[0]}
    if _headings_outside(woven) != _headings_outside(guide):
        lost = lost or set(wanted)
    if lost:
        anchor = min(lost, key=lambda anchor: _line(guide, anchor))
        found = next(filter(None, (_left_open(guide, edit.start) for edit in edits)), None)
        what, line = found or ("something above its end (a fence, a comment, a tag)", _line(guide, anchor))
        raise CitemanError(f"no reading list can go into #{anchor}: {what} is left open; close it", guide.path, line)


def _left_open(guide: Guide, offset: int) -> tuple[str, int] | None:
    """Return the fence or the comment that begins above an offset and goes on below it for want of an end, and its line."""
    source = guide.source
    for start, end in guide.code:
        mark = re.compile(_FENCE).match(source, start, end)
        last = source[start:end].rstrip().rpartition("\n")[2].strip(" \t>")
        if mark and start < offset and not source[end:offset].strip() and (mark[1] not in last or last.strip(mark[1][0])):
            return f"this fence {mark[1]}, or one above it,", line_of(source, start)
    start = source.rfind("<!--", 0, offset)
    is_open = start >= 0 and source.find("-->", start, offset) < 0 and not guide.in_code(start)
    return ("this comment", line_of(source, start)) if is_open else None


def _headings_outside(guide: Guide) -> list[tuple[int, str]]:
    """Return the headings that stand in no region."""
    inside = [(region.start, region.end) for region in read(guide)[0]]
    starts = [start for start, _ in inside]
    found = []
    for section in guide.sections:
        index = bisect.bisect_right(starts, section.start) - 1
        if index < 0 or section.start >= inside[index][1]:
            found.append((section.level, section.title))
    return found


def _line(guide: Guide, anchor: str) -> int:
    place = guide.section(anchor) or guide.question(anchor)
    return place.line if place else 0


def _marks(guide: Guide, lines: Lines) -> list[re.Match[str]]:
    found = [match for match in _MARK.finditer(guide.source) if not guide.in_code(match.start("mark"))]
    whole = {match.start("mark") for match in found}
    for match in _ANY_MARK.finditer(guide.source):
        before = guide.source[guide.source.rfind("\n", 0, match.start()) + 1 : match.start()]
        if match.start() not in whole and "`" not in before and not guide.in_code(match.start()):
            line = lines.line(match.start())
            raise CitemanError("a broken citeman mark; it must end with --> and stand alone on its line", guide.path, line)
    return found


def _region(source: str, line: int, opening: re.Match[str], closing: re.Match[str]) -> Region:
    words = opening["rest"].split()
    values = dict(word.split("=", 1) for word in words if word.startswith(("sha256=", "pad=")))
    pad = re.fullmatch(r"([0-2]),([0-2])", values.get("pad", "0,2"))
    before, after = (int(pad[1]), int(pad[2])) if pad else (0, 0)
    text = source[opening.end("mark") : closing.start("mark")].strip()
    return Region(words[0], line, opening.start("mark"), closing.end("mark"), text, values["sha256"], before, after)


def _places(guide: Guide, marks: tuple[Mark, ...], wanted: Mapping[str, str]) -> dict[str, Mark]:
    """Anchor -> the author's mark for it."""
    found: dict[str, Mark] = {}
    with_lists: list[GuideSection | Question] = [box for box in guide.questions if box.anchor in wanted]
    with_lists += [section for section in reversed(guide.sections) if section.anchor in wanted]
    for mark in marks:
        anchor = mark.anchor or _surrounding(with_lists, mark.start, len(guide.source))
        if anchor in found:
            raise CitemanError(
                f"a second place for the reading list of #{anchor} (the first is in line {found[anchor].line}); delete one",
                guide.path,
                mark.line,
            )
        if anchor in wanted:
            found[anchor] = mark
    return found


def _surrounding(places: Iterable[GuideSection | Question], offset: int, length: int) -> str:
    """Return the anchor of the first place around the offset; the end of the source belongs to the last section."""
    around = (place for place in places if place.start <= offset < place.end or place.start <= offset == length)
    return next((place.anchor for place in around), "")


def _stands_right(guide: Guide, region: Region, mark: Mark | None) -> bool:
    """Whether a region stands where the author wants it."""
    return not mark or (mark.end <= region.start and not guide.source[mark.end : region.start].strip())


def _renewed(guide: Guide, region: Region, anchor: str, text: str, force: bool) -> list[Edit]:
    checksum = checksum_of(text)
    same = checksum == checksum_of(region.text)
    if same and checksum == region.checksum and anchor == region.anchor:
        return []
    if not same:
        _refuse_edited(guide, region, force)
    return [Edit(region.start, region.end, _written(guide, anchor, text, region.before, region.after))]


def _removed(guide: Guide, region: Region, force: bool) -> list[Edit]:
    _refuse_edited(guide, region, force)
    start, end = region.start, region.end
    for _ in range(region.before):
        start -= 2 if guide.source[max(0, start - 2) : start] == "\r\n" else guide.source[start - 1 : start] == "\n"
    for _ in range(region.after):
        end += 2 if guide.source.startswith("\r\n", end) else guide.source.startswith("\n", end)
    return [Edit(start, end, "")]


def _refuse_edited(guide: Guide, region: Region, force: bool) -> None:
    if region.edited and not force:
        raise CitemanError(
            f"the reading list of #{region.anchor} was edited by hand; delete its two marks to keep the text, or use --force",
            guide.path,
            region.line,
        )


def _inserted(guide: Guide, texts: Mapping[str, str], places: Mapping[str, Mark]) -> list[Edit]:
    edits = []
    for anchor, text in texts.items():
        if anchor in places:
            offset, before, after = places[anchor].end, 2, 0
        else:
            offset = _end_of(guide, anchor)
            before, after = _missing_lines(guide.source, offset)
        newline = newline_of(guide.source)
        written = newline * before + _written(guide, anchor, text, before, after) + newline * after
        edits.append((offset, -_depth(guide, anchor), Edit(offset, offset, written)))
    return [edit for *_, edit in sorted(edits, key=lambda item: item[:2])]


def _written(guide: Guide, anchor: str, text: str, before: int, after: int) -> str:
    pad = "" if (before, after) == (0, 2) else f" pad={before},{after}"
    lines = [f"<!-- citeman:reading-list {anchor} sha256={checksum_of(text)}{pad} -->", "", *text.splitlines(), "", CLOSE]
    return newline_of(guide.source).join(lines)


def _missing_lines(source: str, offset: int) -> tuple[int, int]:
    """Return how many line ends are needed before and after a block that goes in here."""
    above = source[max(0, offset - 200) : offset]
    before = 0 if not above or re.search(r"(?:^|\n)[ \t]*\r?\n$", above) else 1 if above.endswith("\n") else 2
    if offset < len(source):
        return before, 2
    return before, 0 if before == 2 else 1


def _depth(guide: Guide, anchor: str) -> int:
    """Return the level of a heading: of two lists that end at one place, the inner comes first."""
    section = guide.section(anchor)
    return section.level if section else 0


def _end_of(guide: Guide, anchor: str) -> int:
    """Return where the list of a place goes when the author has not chosen: at its end."""
    if question := guide.question(anchor):
        closing = guide.source.rfind("<", question.start, question.end)
        return guide.source.rfind("\n", question.start, closing) + 1 or closing
    section = guide.section(anchor)
    if not section:
        raise CitemanError(f"the guide has no section #{anchor}; `citeman relink` finds where its list belongs", guide.path)
    if section.nested:
        raise CitemanError(
            f"the heading #{anchor} stands in a list or a quotation; mark a place for its reading list elsewhere with"
            f" <!-- citeman:reading-list {anchor} -->",
            guide.path,
            section.line,
        )
    return _above_heading(guide.source, section, _inside_container(guide, section))


def _inside_container(guide: Guide, section: GuideSection) -> int:
    """Return the end of a section, before what closes a container around it or opens one around the next heading."""
    opened: list[int] = []
    for match in _STRUCTURE.finditer(guide.source, section.heading_end, section.end):
        if guide.in_code(match.start()):
            continue
        if match["fence"] or (match[0].startswith("<") and not match["slash"]):
            opened.append(match.start())
        elif opened:
            opened.pop()
        else:
            return _line_start(guide.source, match.start(), section.heading_end)
    return _line_start(guide.source, opened[0], section.heading_end) if opened else section.end


def _line_start(source: str, offset: int, least: int) -> int:
    return max(source.rfind("\n", 0, offset) + 1, least)


def _above_heading(source: str, section: GuideSection, offset: int) -> int:
    """Step back over blank lines and lines that go with the heading below, if there are any of these."""
    if offset == len(source):
        return offset
    best = position = offset
    while position > section.heading_end:
        start = _line_start(source, position - 1, section.heading_end)
        line = source[start:position]
        if line.strip() and not _BELONGS_BELOW.fullmatch(line.lstrip()):
            break
        position = start
        best = start if line.strip() and (start == section.heading_end or _stands_alone(source, start)) else best
    return best


def _stands_alone(source: str, start: int) -> bool:
    """Whether a line does not go on with the text above it, from which it must not be cut off; MyST's labels never do."""
    above = source[source.rfind("\n", 0, start - 1) + 1 : start]
    return not above.strip() or source.startswith("(", start)
