"""What to read before what: a section's papers that ask for others first, from left to right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from citeman.render.pictures.svg import element, listed, picture, shortened, text, title
from citeman.render.view import Paper, Section

BOX, GAP_X, HEIGHT, GAP_Y = 180.0, 40.0, 30.0, 12.0


def order(section: Section, described_by: str) -> str:
    """Return the picture, empty where no paper asks for another of the section first."""
    befores = befores_of(section)
    if not befores:
        return ""
    papers = {paper.work.key: paper for paper in section.papers}
    columns = _columns(befores)
    places = {
        key: (column * (BOX + GAP_X), 4 + row * (HEIGHT + GAP_Y))
        for column, keys in enumerate(columns)
        for row, key in enumerate(keys)
    }
    arrows = [_arrow(places[first], places[then]) for first, then in _steps(befores)]
    boxes = [_box(papers[key], *place) for key, place in places.items()]
    width = len(columns) * (BOX + GAP_X) - GAP_X + 2
    height = max(map(len, columns)) * (HEIGHT + GAP_Y) - GAP_Y + 8
    return picture(width, height, f"What to read first: {section.title}", described_by, *arrows, *boxes)


def description(section: Section) -> str:
    """Return in words what the picture shows."""
    papers = {paper.work.key: paper for paper in section.papers}
    steps = [
        f"{papers[then].short} after {listed([papers[first].short for first in firsts])}"
        for then, firsts in befores_of(section).items()
        if firsts
    ]
    return "; ".join(steps) + "." if steps else ""


def befores_of(section: Section) -> Mapping[str, Sequence[str]]:
    """Key -> the keys to be read before it, for all papers of the section that have to do with such an order."""
    known = {paper.work.key for paper in section.papers}
    asked = {
        reading.paper.work.key: [key for key in reading.after_keys if key in known and key != reading.paper.work.key]
        for reading in section.readings
        if reading.paper
    }
    named = {key for firsts in asked.values() for key in firsts}
    return {key: firsts for key, firsts in asked.items() if firsts or key in named}


def _steps(befores: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """The steps from one paper to the next, without those that go without saying because others lead there."""
    above = {key: _above(key, befores) for key in befores}
    return [
        (first, then)
        for then, firsts in befores.items()
        for first in firsts
        if not any(first in above[other] for other in firsts if other != first)
    ]


def _above(key: str, befores: Mapping[str, Sequence[str]]) -> set[str]:
    """All keys that come before a key, near or far; itself too in a circle only."""
    found: set[str] = set()
    waiting = list(befores.get(key, ()))
    while waiting:
        first = waiting.pop()
        if first not in found:
            found.add(first)
            waiting += befores.get(first, ())
    return found


def _columns(befores: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Each key in the first column that is right of all it comes after; a circle, which `check` reports, is cut."""
    levels: dict[str, int] = {}

    def level(key: str, trail: frozenset[str]) -> int:
        if key not in levels:
            firsts = [first for first in befores.get(key, ()) if first not in trail]
            levels[key] = max((level(first, trail | {key}) + 1 for first in firsts), default=0)
        return levels[key]

    for key in befores:
        level(key, frozenset({key}))
    return [[key for key in befores if levels[key] == column] for column in range(max(levels.values()) + 1)]


def _box(paper: Paper, x: float, y: float) -> str:
    hint = title(paper.work.title)
    frame = element("rect", hint, x=x + 1, y=y, width=BOX, height=HEIGHT, rx=6, class_="box", data_ref=f"ref-{paper.name}")
    return frame + text(shortened(paper.short, 28), x=x + 1 + BOX / 2, y=y + HEIGHT / 2 + 4.5, class_="label middle")


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    x1, y1 = start[0] + BOX + 1, start[1] + HEIGHT / 2
    x2, y2 = end[0] - 4, end[1] + HEIGHT / 2
    bend = (x2 - x1) / 2
    line = f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    head = f"M{x2 - 5:.1f} {y2 - 4:.1f}L{x2 + 2:.1f} {y2:.1f}L{x2 - 5:.1f} {y2 + 4:.1f}"
    return element("path", d=line, class_="arrow") + element("path", d=head, class_="arrow")
