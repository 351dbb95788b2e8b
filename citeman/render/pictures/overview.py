"""The guide at a glance: a strip of years for each section, stacked by role, all on one axis; and what a section lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from citeman.render.pictures.svg import Years, counted, element, picture, text
from citeman.render.pictures.timeline import dated, description, year_of
from citeman.render.view import ROLE_TITLES, Section

WIDTH, HEIGHT = 300.0, 40.0
THIN = 5
"""A section with fewer papers than this is called thin."""
BEHIND = 4
"""A section whose newest paper is this many years older than the guide's newest is called old."""


def axis_of(sections: Sequence[Section]) -> Years:
    """Return the axis that all strips share."""
    return Years.of(year_of(one) for section in sections for one in dated(section))


def strip(section: Section, years: Years, tallest: int, described_by: str) -> str:
    """Return one section's strip; `tallest` is the greatest number of papers that any section has in one year."""
    counts = Counter((year_of(one), one.role) for one in dated(section))
    if not counts:
        return ""
    unit = min(8.0, (HEIGHT - 4) / max(1, tallest))
    width = _bar_width(years)
    bars = []
    for year, place in years.places:
        bottom = HEIGHT - 2
        for role in ROLE_TITLES:
            height = counts[year, role] * unit
            bottom -= height
            if height:
                x = place * (WIDTH - width)
                bars.append(element("rect", x=x, y=bottom, width=width, height=height - 0.5, class_=f"bar role-{role or 'none'}"))
    base = element("line", x1=0, x2=WIDTH, y1=HEIGHT - 1, y2=HEIGHT - 1, class_="rule")
    return picture(WIDTH, HEIGHT, f"Papers by year: {section.title}", described_by, base, *bars)


def scale(years: Years) -> str:
    """Return the axis's first, middle and last years as one row of text for sighted readers."""
    width = _bar_width(years)
    labels = years.labels(WIDTH - width, 62)
    marks = [text(str(year), x=_inside(place * (WIDTH - width) + width / 2), y=12, class_="year") for year, place in labels]
    return element("svg", *marks, view_box=f"0 0 {WIDTH:.0f} 16", width=WIDTH, height=16, aria_hidden="true")


def tallest_stack(sections: Sequence[Section]) -> int:
    """Return the greatest number of papers that any of the sections has in one year."""
    return max((count for section in sections for count in Counter(map(year_of, dated(section))).values()), default=0)


def words(section: Section) -> str:
    """Return in words what a section's strip shows."""
    return description(section) or counted(len(section.papers), "paper") + "."


def gaps(section: Section, of_guide: int) -> list[str]:
    """Return what a section lacks, in a few words each; `of_guide` is the year of the guide's newest paper."""
    return list(_gaps(section, of_guide)) if section.papers else ["no papers yet"]


def _gaps(section: Section, of_guide: int) -> Iterator[str]:
    papers = section.papers
    if len(papers) < THIN:
        yield f"only {counted(len(papers), 'paper')}"
    roles = {one.role for group in (section, *section.questions) for one in group.readings if one.paper}
    if not roles & {"survey", "textbook"}:
        yield "no survey or textbook"
    newest = newest_of(section)
    if newest and of_guide - newest >= BEHIND:
        yield f"nothing after {newest}"
    preprints = sum(paper.is_preprint for paper in papers)
    if preprints * 2 > len(papers):
        yield "mostly preprints"


def newest_of(section: Section) -> int:
    """Return the year of a section's newest paper, 0 where none has a year."""
    return max(map(year_of, dated(section)), default=0)


def _bar_width(years: Years) -> float:
    steps = [later[1] - earlier[1] for earlier, later in zip(years.places, years.places[1:], strict=False)]
    return max(3.0, min(12.0, min(steps, default=1) * WIDTH * 0.85))


def _inside(x: float) -> float:
    return min(max(x, 16), WIDTH - 16)
