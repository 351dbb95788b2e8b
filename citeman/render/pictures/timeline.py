"""A section's papers on a line of years, one lane for each role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from citeman.render.pictures.svg import Years, counted, element, listed, picture, text, title
from citeman.render.view import ROLE_TITLES, Reading, Section

WIDTH = 704.0
LEFT, RIGHT, TOP = 128.0, 16.0, 8.0
STEP = 13.0
LANE = 26.0
AXIS = 30.0


def timeline(section: Section, described_by: str) -> str:
    """Return the picture, empty for fewer than three dated papers."""
    readings = dated(section)
    if len(readings) < 3:
        return ""
    years = Years.of(year_of(one) for one in readings)
    roles = [role for role in ROLE_TITLES if any(one.role == role for one in readings)]
    bottom, parts = TOP, []
    for role in roles:
        lane = [one for one in readings if one.role == role]
        height = max(LANE, STEP * max(Counter(map(year_of, lane)).values()) + 8)
        parts += _lane(role, bottom, height)
        parts += _dots(lane, years, bottom + height / 2)
        bottom += height
    parts += _axis(years, bottom)
    return picture(WIDTH, bottom + AXIS, f"Timeline of {section.title}", described_by, *parts, class_="timeline")


def description(section: Section) -> str:
    """Return in words what the picture shows."""
    readings = dated(section)
    if len(readings) < 3:
        return ""
    spans = [
        f"{counted(len(of_role), 'paper')} as {ROLE_TITLES[role].lower()} ({_span(of_role)})"
        for role in ROLE_TITLES
        if (of_role := [one for one in readings if one.role == role])
    ]
    return f"{counted(len(readings), 'paper')} from {_span(readings)}: {listed(spans)}."


def dated(section: Section) -> list[Reading]:
    """Return the section's papers that have a year, the open questions' too, each once."""
    found: dict[str, Reading] = {}
    for group in (section, *section.questions):
        for one in group.readings:
            if one.paper and one.paper.year.isdigit():
                found.setdefault(one.paper.name, one)
    return list(found.values())


def year_of(reading: Reading) -> int:
    """Return the year of a reading's paper."""
    return int(reading.paper.year) if reading.paper else 0


def _span(readings: Sequence[Reading]) -> str:
    first, last = min(map(year_of, readings)), max(map(year_of, readings))
    return str(first) if first == last else f"{first} to {last}"


def _x(place: float) -> float:
    return LEFT + 14 + place * (WIDTH - LEFT - RIGHT - 28)


def _lane(role: str, top: float, height: float) -> list[str]:
    return [
        element("line", x1=0, x2=WIDTH, y1=top + height, y2=top + height, class_="rule"),
        text(ROLE_TITLES[role], x=0, y=top + height / 2 + 4, class_="lane"),
    ]


def _dots(lane: Sequence[Reading], years: Years, middle: float) -> list[str]:
    dots = []
    for year, place in years.places:
        stack = [one for one in lane if year_of(one) == year]
        start = middle - STEP * (len(stack) - 1) / 2
        dots += [_dot(one, _x(place), start + STEP * number) for number, one in enumerate(stack)]
    return dots


def _dot(reading: Reading, x: float, y: float) -> str:
    paper = reading.paper
    assert paper is not None
    marks = " ".join(filter(None, [f"dot role-{reading.role or 'none'}", "preprint" if paper.is_preprint else ""]))
    return element(
        "circle",
        title(f"{paper.short}: {paper.work.title}"),
        cx=x,
        cy=y,
        r=5.2 if reading.tier == "core" else 3.6,
        class_=marks,
        data_ref=f"ref-{paper.name}",
    )


def _axis(years: Years, top: float) -> list[str]:
    room = _x(1) - _x(0)
    ticks = [text(str(year), x=_x(place), y=top + 20, class_="year") for year, place in years.labels(room, 40)]
    return ticks + [text("⋯", x=_x(place), y=top + 20, class_="break") for place in years.breaks]
