"""Places in the prose that ask for a citation: what authors write when they mean to cite later."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence

from citeman.guide import prose
from citeman.guide.citations import DISTILL_TAGS, Context, Region
from citeman.guide.values import GuideCue, GuideSection, Question
from citeman.named import NamedTuple


class Pattern(NamedTuple):
    """One way of asking for a citation."""

    name: str
    example: str
    expression: str
    cited: bool = False
    """Counts also where the sentence has a citation already."""
    outline: bool = False
    """Counts only in a section that is still a list of notes."""


_START = (
    r"(?:^|[.:;!?]\s+|\n\s*(?:[-*+]|\d+[.)])\s+"
    r"|\b(?:should|must|need to|to do:?|todo:?|let's|also|maybe|perhaps|and|then|please)\s+)"
)
_THING = r"(?:citations?|references?|refs?|cites?)"
_WORK = r"(?:papers?|work|works|thesis|preprints?|articles?|notes|talks?|blog ?posts?|results?)"
_ELSEWHERE = r"(?:previous|earlier|last|next|following|preceding)(?: \w+)? (?:chapters?|sections?|posts?|parts?)"

PATTERNS = (
    Pattern("todo", "TODO cite the original paper", r"\b(?:TODO|FIXME|TBD|XXX|TKTK)\b", cited=True),
    Pattern("question-marks", "Muon??? comes from where?", r"\?{2,}", cited=True),
    Pattern(
        "cite",
        "Cite Nikhil's recent paper here",
        rf"(?im){_START}cite\b(?! (?:this|us|our|it|as|the (?:book|tutorial|package))\b)",
    ),
    Pattern(
        "cite-mark",
        "as is well known (cite) [citation needed]",
        rf"(?i)(?<!\w)[\[(](?:\w+ )?{_THING}(?: \w+)?\??[\])]|\b{_THING} (?:needed|missing|wanted)\b",
    ),
    Pattern(
        "give-citations",
        "be sure to give citations to earlier works",
        rf"(?i)\b(?:give|add|insert|find|include|put in|look up)(?: \w+){{0,2}} {_THING}\b",
    ),
    Pattern("whose-papers", "Jeremy's papers, Alex's papers", rf"\b(?!Let\b)[A-Z][a-z]+(?:'s|’s) (?:\w+ )?{_WORK}\b"),
    Pattern("someone", "that Japanese guy", r"(?i)\b(?:that|this|some|the) (?:\w+ )?(?:guy|gal|dude|folks)\b"),
    Pattern(
        "discuss",
        "Greedy dynamics: discuss s2s, AGF, etc.",
        r"(?im)(?:^|:\s)(?:briefly |then |also )?(?:discuss|mention|explain|describe|link to)\b",
        outline=True,
    ),
    Pattern("elsewhere", "the HP story from the previous chapter", rf"(?i)\b{_ELSEWHERE}\b", outline=True),
    Pattern("claim", '"Adam works by being block-adaptive"', r'^[“"][^"”\n]{12,}["”]\.?$', outline=True),
    Pattern("topic", "Sharpening: progressive sharpening", r"^[\w$][^:.?!\n]{1,40}: \S[^\n]{3,}$", outline=True),
)
"""Every pattern, the most telling first; a note or sentence is reported once, for the first that fits."""

_HIDDEN = re.compile(r"`+[^`\n]*`+|\]\([^()\s]*\)|https?://\S+|<[^<>\n]*>|\{[^{}\n]*\}|\$[^$\n]*\$")
_ITEM = re.compile(r"[ \t>]*(?:[-+*]|\d+[.)])[ \t]+")
_SENTENCE = re.compile(r"[^.!?]*(?:[.!?]+(?!\s|$)[^.!?]*)*[.!?]*\s*")
_LONGEST_NOTE = 240
_POINTING = {"link", "reference", "anchor", "autolink", "bare", "cite", "key", "role", "tex", "liquid"}


def find(regions: Sequence[Region], sections: Iterable[GuideSection], context: Context) -> Iterator[GuideCue]:
    """Yield the cues of a guide in order."""
    outlines = _outlines(regions, sections, context)
    for region in regions:
        item = _ITEM.match(context.source, region.start, region.end)
        offset = item.end() if item else region.start
        outlined = _within(outlines, offset)
        shown = _HIDDEN.sub(lambda match: "\x00" * len(match[0]), context.source[offset : region.end])
        pointers = sorted(node.start for node in region.nodes if node.kind in _POINTING or node.target in DISTILL_TAGS)
        whole = item and len(shown) <= _LONGEST_NOTE
        spans = [(0, len(shown))] if whole else [match.span() for match in _SENTENCE.finditer(shown)]
        for start, end in spans:
            start += len(shown[start:end]) - len(shown[start:end].lstrip())
            text = shown[start:end].rstrip()
            cited = bisect.bisect_left(pointers, offset + start) < bisect.bisect_left(pointers, offset + end)
            if name := _pattern(text, outlined, cited):
                yield _cue(name, offset + start, offset + start + len(text), context)


def _pattern(text: str, outlined: bool, cited: bool) -> str:
    """Return the name of the first pattern that fits, empty when none does."""
    for pattern in PATTERNS:
        if (outlined or not pattern.outline) and (pattern.cited or not cited) and re.search(pattern.expression, text):
            return pattern.name
    return ""


def _cue(pattern: str, start: int, end: int, context: Context) -> GuideCue:
    text = prose.plain(context.source[start:end])
    return GuideCue(pattern, text, context.places.anchor(start), context.lines.line(start), start, end)


def _outlines(regions: Sequence[Region], sections: Iterable[GuideSection], context: Context) -> list[tuple[int, int]]:
    """Return the extents of the sections whose text is nothing but a list of notes, with no link in it."""
    starts = [region.start for region in regions]
    found = []
    for section in sections:
        if section.nested:
            continue
        inside = regions[bisect.bisect_left(starts, section.heading_end) : bisect.bisect_left(starts, section.body_end)]
        kinds = {_kind(region, context) for region in inside}
        if "note" in kinds and not kinds & {"prose", "linked"}:
            found.append((section.heading_end, section.body_end))
    return found


def _kind(region: Region, context: Context) -> str:
    """Say what a region is: a note in a list, one with links in it, a box beside the text, or prose."""
    if _ITEM.match(context.source, region.start, region.end):
        return "linked" if any(node.kind in _POINTING for node in region.nodes) else "note"
    place = context.places.at(region.start)
    boxed = isinstance(place, Question) or context.source[region.start : region.end].lstrip().startswith("<")
    return "box" if boxed else "prose"


def _within(extents: list[tuple[int, int]], offset: int) -> bool:
    index = bisect.bisect_right(extents, offset, key=lambda extent: extent[0]) - 1
    return index >= 0 and offset < extents[index][1]
