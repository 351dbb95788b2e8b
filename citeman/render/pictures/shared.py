"""Which sections read the same papers, and which point to another: arcs between the sections' names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from citeman.named import NamedTuple
from citeman.render.pictures.svg import counted, element, listed, picture, shortened, text, title
from citeman.render.view import Paper, Section

WIDTH, ROW, LABEL = 520.0, 26.0, 400.0


class Tie(NamedTuple):
    """Two sections that share papers, or of which one points to the other."""

    one: Section
    other: Section
    papers: tuple[Paper, ...] = ()
    """The shared papers; none for a pointer."""


def ties(sections: Sequence[Section]) -> list[Tie]:
    """Return every tie between two of the sections, in their order."""
    keys = {section.number: {paper.key for paper in section.papers} for section in sections}
    found = [
        Tie(one, other, tuple(paper for paper in one.papers if paper.key in keys[other.number]))
        for one, other in combinations(sections, 2)
        if keys[one.number] & keys[other.number]
    ]
    by_href = {section.href: section for section in sections if section.href}
    for section in sections:
        pointed = {reading.href: None for reading in section.readings if reading.kind == "see"}
        found += [Tie(section, by_href[href]) for href in pointed if href in by_href and by_href[href] is not section]
    return found


def shared(sections: Sequence[Section], described_by: str) -> str:
    """Return the picture, empty where no section has to do with another."""
    found = ties(sections)
    if not found:
        return ""
    rows = {section.number: 18 + ROW * index for index, section in enumerate(sections)}
    labels = [
        text(shortened(section.title, 52), x=LABEL - 14, y=rows[section.number] + 4.5, class_="label end") for section in sections
    ]
    nodes = [element("circle", cx=LABEL, cy=row, r=3.5, class_="node") for row in rows.values()]
    arcs = [_arc(tie, rows[tie.one.number], rows[tie.other.number]) for tie in found]
    return picture(WIDTH, 18 + ROW * len(rows), "Sections that share papers", described_by, *labels, *arcs, *nodes)


def description(tie: Tie) -> str:
    """Return one tie in words, without the sections' names."""
    if not tie.papers:
        return "points there"
    names = [paper.short for paper in tie.papers[:4]]
    more = len(tie.papers) - len(names)
    return f"{counted(len(tie.papers), 'paper')}: {listed([*names, *([f'{more} more'] if more else [])])}"


def _arc(tie: Tie, start: float, end: float) -> str:
    reach = min(WIDTH - LABEL - 12, 24 + abs(end - start) * 0.9)
    x = LABEL + 5
    path = f"M{x:.0f} {start:.1f}C{x + reach:.1f} {start:.1f} {x + reach:.1f} {end:.1f} {x:.0f} {end:.1f}"
    hint = title(f"{tie.one.title} – {tie.other.title}: {description(tie)}")
    return element("path", hint, d=path, stroke_width=min(8, 1.2 + len(tie.papers)), class_="arc" if tie.papers else "arc see")
