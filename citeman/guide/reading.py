"""Puts a guide together from its blocks: sections with extents, question boxes, notes, links, findings."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from citeman.guide import blocks, cues, encoding, html, inline, prose
from citeman.guide.anchors import Anchors
from citeman.guide.attributes import identifier
from citeman.guide.citations import Context, Region, citations
from citeman.guide.places import Places
from citeman.guide.titles import Titles
from citeman.guide.values import Citation, Footnote, GuideSection, PageLink, Question
from citeman.model import Finding
from citeman.named import NamedTuple
from citeman.text import Lines

_QUESTION = re.compile(r"<div\b[^>]*\bquestion-box\b[^>]*>", re.I)
_DIV = re.compile(r"<(/?)div\b[^>]*>", re.I)
_BOLD = re.compile(r"\*\*((?:[^*]|\*(?!\*))+)\*\*|__((?:[^_]|_(?!_))+)__|<(?:b|strong)>([^<]+)</(?:b|strong)>", re.I)
_ATTRIBUTE_ID = re.compile(r"\{[^{}\n]*#[\w\-:.]+[^{}\n]*\}")
_LABEL = re.compile(r"^\(([^()\s]+)\)=[ \t]*\r?$", re.M)
_LONGEST_TITLE = 2000


class _Outline(NamedTuple):
    """A guide's headings and the constructs of its prose, what they mean still unread."""

    structure: blocks.Blocks
    lines: Lines
    anchors: Anchors
    sections: tuple[GuideSection, ...]
    regions: list[Region]
    findings: list[Finding]


def read(source: str, path: str, rule: str) -> dict[str, Any]:
    """Return the fields of a `Guide`."""
    structure, lines, anchors, sections, regions, findings = _outline(source, path, rule)
    dividing = [section for section in sections if not section.nested]
    places = Places(dividing, len(source))
    questions = tuple(_questions(source, places, anchors, lines))
    innermost = Places((*dividing, *questions), len(source))
    context = Context(source, rule, lines, innermost, _note_places(source, structure, regions), prose.Sentences(source))
    cited = tuple(citations(regions, context))
    meta, trouble = front_matter(source, structure.front_matter, path)
    return {
        "front_matter": meta,
        "sections": sections,
        "questions": questions,
        "footnotes": tuple(_footnotes(source, structure, regions, lines)),
        "links": tuple(_links(regions, lines)),
        "targets": frozenset(_targets(source, sections, regions, rule)),
        "code": tuple((span.start, span.end) for span in structure.spans if span.kind == "code"),
        "citations": tuple(one for one in cited if not _is_page(one)),
        "pages": tuple(one for one in cited if _is_page(one)),
        "cues": tuple(cues.find(regions, sections, context)),
        "findings": tuple(sorted(findings + trouble, key=lambda finding: finding.line)),
    }


def resolved(source: str, rule: str) -> int:
    """Return how many links of a guide to places in itself lead somewhere by that rule."""
    outline = _outline(source, "", rule)
    targets = _targets(source, outline.sections, outline.regions, rule)
    return sum(link.target in targets for link in _links(outline.regions, outline.lines))


def _outline(source: str, path: str, rule: str) -> _Outline:
    structure = blocks.parse(source, rule)
    lines = Lines(source)
    findings = [*encoding.findings(source, path)]
    anchors = Anchors(rule)
    sections = tuple(_sections(source, rule, structure, anchors, lines, path, findings))
    regions = [
        Region(span.start, span.end, tuple(inline.scan(source, span.start, span.end, structure.references, span.kind == "html")))
        for span in structure.spans
        if span.kind != "code"
    ]
    return _Outline(structure, lines, anchors, sections, regions, findings)


def _is_page(cited: Citation) -> bool:
    return not cited.keys and cited.identifier is not None and not cited.identifier.scholarly


def front_matter(source: str, span: tuple[int, int], path: str) -> tuple[dict[str, str], list[Finding]]:
    """Return the top-level scalars of the front matter, and what is wrong with it."""
    text = source[slice(*span)]
    body = "\n".join(text.splitlines()[1:-1])
    try:
        table = _toml(body) if text.startswith("+++") else _yaml(body)
    except ValueError as error:
        message = f"the front matter cannot be read ({error}); quote the value or mend the indentation"
        return {}, [Finding("guide-bad-front-matter", "warning", message, path, 1)]
    return {str(key): value for key, value in table.items() if isinstance(value, str)}, []


def _yaml(text: str) -> dict[Any, Any]:
    import yaml

    try:
        table = yaml.load(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise ValueError(f"line {line}: {error.problem}") from None
    except (yaml.YAMLError, UnicodeError) as error:
        raise ValueError(" ".join(str(error).split())) from None
    if table and not isinstance(table, dict):
        raise ValueError("it is no mapping of names to values")
    return table or {}


def _toml(text: str) -> dict[str, Any]:
    import tomllib

    table = tomllib.loads(text)
    return {key: value if isinstance(value, str) else str(value) for key, value in table.items() if not isinstance(value, dict)}


def _sections(
    source: str, rule: str, structure: blocks.Blocks, anchors: Anchors, lines: Lines, path: str, findings: list[Finding]
) -> Iterator[GuideSection]:
    titles = Titles(rule, structure.environment.get("references", {}))
    ends = _extents(structure.headings, len(source))
    first: dict[str, int] = {}
    for heading, (end, body_end) in zip(structure.headings, ends, strict=True):
        title = titles.read(heading.markdown)
        line = lines.line(heading.start)
        if title.identifier and not anchors.reserve(title.identifier):
            message = (
                f"two headings have the anchor #{title.identifier} (the other is in line {first[title.identifier]}); rename one"
            )
            findings.append(Finding("guide-duplicate-anchor", "error", message, path, line, section=title.identifier))
        anchor = title.identifier or anchors.give(title.slug)
        first.setdefault(anchor, line)
        yield GuideSection(
            heading.level, title.plain, anchor, line, heading.start, heading.end, end, body_end,
            bool(title.identifier), heading.container_end >= 0,
        )  # fmt: skip


def _extents(headings: tuple[blocks.Heading, ...], length: int) -> list[tuple[int, int]]:
    """For each heading: where its section ends, and where the text directly under it ends."""
    ends: list[tuple[int, int]] = [(length, length)] * len(headings)
    starts: list[tuple[int, int]] = []
    """Level and start of the headings below that can still end a section, the nearest last."""
    for index in range(len(headings) - 1, -1, -1):
        heading = headings[index]
        if heading.container_end >= 0:
            ends[index] = _nested_extent(headings, index)
            continue
        body_end = starts[-1][1] if starts else length
        while starts and starts[-1][0] > heading.level:
            starts.pop()
        ends[index] = starts[-1][1] if starts else length, body_end
        starts.append((heading.level, heading.start))
    return ends


def _nested_extent(headings: tuple[blocks.Heading, ...], index: int) -> tuple[int, int]:
    heading = headings[index]
    inside = [other for other in headings[index + 1 : index + 2] if other.start < heading.container_end]
    end = inside[0].start if inside else heading.container_end
    return end, end


def _questions(source: str, places: Places, anchors: Anchors, lines: Lines) -> Iterator[Question]:
    ends = _div_ends(source) if "question-box" in source else {}
    for match in _QUESTION.finditer(source):
        end = ends.get(match.start(), len(source))
        bold = _BOLD.search(source, match.end(), min(end, match.end() + _LONGEST_TITLE))
        title = " ".join((next(filter(None, bold.groups())) if bold else "").split()).rstrip(".:")
        written = html.attributes(match[0][4:-1]).get("id", "")
        anchor = anchors.give_exactly(written or f"question-{anchors.slug(title) or 'untitled'}")
        yield Question(title, anchor, places.anchor(match.start()), lines.line(match.start()), match.start(), end)


def _div_ends(source: str) -> dict[int, int]:
    """Where each `<div>` is closed, by where it starts."""
    found, open_divs = {}, []
    for match in _DIV.finditer(source):
        if not match[1]:
            open_divs.append(match.start())
        elif open_divs:
            found[open_divs.pop()] = match.end()
    return found


def _note_places(source: str, structure: blocks.Blocks, regions: list[Region]) -> dict[int, int]:
    """Start of a region inside a footnote's definition -> where the guide first refers to that note."""
    defined = [note.start for note in structure.notes]
    first: dict[str, int] = {}
    for region in regions:
        for node in region.nodes:
            if node.kind == "noteref" and source[node.end : node.end + 1] != ":":
                first.setdefault(source[node.text_start + 1 : node.text_end], node.start)
    found = {}
    for region in regions:
        index = bisect.bisect_right(defined, region.start) - 1
        if index >= 0 and region.start < structure.notes[index].end and structure.notes[index].label in first:
            found[region.start] = first[structure.notes[index].label]
    return found


def _footnotes(source: str, structure: blocks.Blocks, regions: list[Region], lines: Lines) -> Iterator[Footnote]:
    for note in structure.notes:
        text = source[note.start : note.end].partition("]:")[2].strip()
        yield Footnote(note.label, text, lines.line(note.start), note.start, note.end)
    for region in regions:
        for node in _outermost([node for node in region.nodes if node.kind == "note"]):
            text = source[node.text_start : node.text_end].strip()
            yield Footnote("", text, lines.line(node.start), node.start, node.end)


def _outermost(notes: list[inline.Node]) -> list[inline.Node]:
    """Leave out what stands inside another note: pandoc takes it for text, and each level would hold all deeper ones again."""
    kept: list[inline.Node] = []
    for note in reversed(notes):
        if not kept or note.end <= kept[-1].start:
            kept.append(note)
    return kept[::-1]


def _links(regions: list[Region], lines: Lines) -> Iterator[PageLink]:
    for region in regions:
        for node in region.nodes:
            if node.kind in {"link", "reference", "anchor"} and node.target.startswith("#") and len(node.target) > 1:
                yield PageLink(unquote(node.target[1:]), lines.line(node.start), node.start, node.end)


def _targets(source: str, sections: Iterable[GuideSection], regions: list[Region], rule: str) -> set[str]:
    found = {section.anchor for section in sections}
    for region in regions:
        for node in region.nodes:
            if node.kind == "tag":
                attributes = html.attributes(node.attributes)
                found |= {attributes.get("id", ""), attributes.get("name", "")}
        text = source[region.start : region.end]
        found |= {identifier(attributes) for attributes in _ATTRIBUTE_ID.findall(text)}
        if rule == "myst":
            found |= {label.lower() for label in _LABEL.findall(text)}
    return found - {""}
