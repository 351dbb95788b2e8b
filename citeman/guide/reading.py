"""Puts a guide together from its blocks: sections with extents, question boxes, notes, links, findings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from citeman.guide import blocks, encoding, html
from citeman.guide.anchors import Anchors
from citeman.guide.attributes import identifier
from citeman.guide.titles import Titles
from citeman.guide.values import Footnote, GuideSection, PageLink, Question
from citeman.model import Finding
from citeman.text import Lines

_QUESTION = re.compile(r"<div\b[^>]*\bquestion-box\b[^>]*>", re.I)
_DIV = re.compile(r"<(/?)div\b[^>]*>", re.I)
_BOLD = re.compile(r"\*\*(.+?)\*\*|__(.+?)__|<(?:b|strong)>(.+?)</(?:b|strong)>", re.S)
_PAGE_LINK = re.compile(r"\]\(\s*<?#([^\s)>]+)>?[^)\n]*\)|<a\s[^>]*?\bhref\s*=\s*[\"']?#([^\"'\s>]+)[^>]*>", re.I)
_HTML_ID = re.compile(r"<[A-Za-z][^<>]*?\s(?:id|name)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)
_ATTRIBUTE_ID = re.compile(r"\{[^{}\n]*#[\w\-:.]+[^{}\n]*\}")
_LABEL = re.compile(r"^\(([^()\s]+)\)=[ \t]*\r?$", re.M)
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s^\[]+)\]:[ \t]*(.*(?:\n(?:[ \t]{2,}.*|[ \t]*(?=\n[ \t]{4})))*)", re.M)


def read(source: str, path: str, rule: str) -> dict[str, Any]:
    """Return the fields of a `Guide`."""
    structure = blocks.parse(source, rule)
    lines = Lines(source)
    findings = [*encoding.findings(source, path)]
    anchors = Anchors(rule)
    sections = tuple(_sections(source, rule, structure, anchors, lines, path, findings))
    questions = tuple(_questions(source, sections, anchors, lines))
    meta, trouble = front_matter(source, structure.front_matter, path)
    return {
        "front_matter": meta,
        "sections": sections,
        "questions": questions,
        "footnotes": tuple(_footnotes(source, structure, lines)),
        "links": tuple(_links(source, structure, lines)),
        "targets": frozenset({section.anchor for section in sections} | _targets(source, structure, rule)),
        "findings": tuple(sorted(findings + trouble, key=lambda finding: finding.line)),
    }


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


def _questions(source: str, sections: tuple[GuideSection, ...], anchors: Anchors, lines: Lines) -> Iterator[Question]:
    taken = {section.anchor for section in sections}
    for match in _QUESTION.finditer(source):
        end = _div_end(source, match.start())
        box = source[match.end() : end]
        bold = _BOLD.search(box)
        title = " ".join((next(filter(None, bold.groups())) if bold else "").split()).rstrip(".:")
        written = html.attributes(match[0][4:-1]).get("id", "")
        base = written or f"question-{anchors.slug(title) or 'untitled'}"
        anchor = next(name for name in _numbered(base) if name not in taken)
        taken.add(anchor)
        section = next((s.anchor for s in reversed(sections) if s.start <= match.start() < s.end), "")
        yield Question(title, anchor, section, lines.line(match.start()), match.start(), end)


def _numbered(base: str) -> Iterator[str]:
    yield base
    number = 1
    while True:
        yield f"{base}-{number}"
        number += 1


def _div_end(source: str, start: int) -> int:
    depth = 0
    for match in _DIV.finditer(source, start):
        depth += -1 if match[1] else 1
        if not depth:
            return match.end()
    return len(source)


def _footnotes(source: str, structure: blocks.Blocks, lines: Lines) -> Iterator[Footnote]:
    for match in _NOTE.finditer(source):
        yield Footnote(match[1], match[2].strip(), lines.line(match.start()), match.start(), match.end())


def _links(source: str, structure: blocks.Blocks, lines: Lines) -> Iterator[PageLink]:
    for span in structure.spans:
        if span.kind == "code":
            continue
        for match in _PAGE_LINK.finditer(source, span.start, span.end):
            target = unquote(match[1] or match[2])
            yield PageLink(target, lines.line(match.start()), match.start(), match.end())


def _targets(source: str, structure: blocks.Blocks, rule: str) -> set[str]:
    found: set[str] = set()
    for span in structure.spans:
        if span.kind == "code":
            continue
        text = source[span.start : span.end]
        found |= {next(filter(None, groups), "") for groups in _HTML_ID.findall(text)}
        found |= {identifier(attributes) for attributes in _ATTRIBUTE_ID.findall(text)}
        if rule == "myst":
            found |= {label.lower() for label in _LABEL.findall(text)}
    return found - {""}
