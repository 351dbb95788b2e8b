"""What to read before what: a section's papers that ask for others first, from left to right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from citeman.render.pictures.svg import element, listed, picture, shortened, text, title
from citeman.render.view import Paper, Section

BOX, GAP_X, HEIGHT, GAP_Y = 200.0, 40.0, 28.0, 9.0
ROW = HEIGHT + GAP_Y
SWEEPS = 6
"""So often are the columns sorted by where their neighbours stand; more changes nothing for lists of a section's size."""


def order(section: Section, described_by: str) -> str:
    """Return the picture, empty where no paper asks for another of the section first."""
    befores = befores_of(section)
    if not befores:
        return ""
    papers = {paper.key: paper for paper in section.papers}
    steps = _steps(befores)
    columns = _untangled(_columns(befores), steps)
    places = _placed(columns, steps)
    arrows = [_arrow(places[first], places[then]) for first, then in steps]
    boxes = [_box(papers[key], *place) for key, place in places.items()]
    width = len(columns) * (BOX + GAP_X) - GAP_X + 2
    height = max(y for _, y in places.values()) + HEIGHT + 4
    return picture(width, height, f"What to read first: {section.title}", described_by, *arrows, *boxes)


def description(section: Section) -> str:
    """Return in words what the picture shows."""
    papers = {paper.key: paper for paper in section.papers}
    steps = [
        f"{papers[then].short} after {listed([papers[first].short for first in firsts])}"
        for then, firsts in befores_of(section).items()
        if firsts
    ]
    return "; ".join(steps) + "." if steps else ""


def befores_of(section: Section) -> Mapping[str, Sequence[str]]:
    """Key -> the keys to be read before it, for all papers of the section that have to do with such an order."""
    known = {paper.key for paper in section.papers}
    asked = {
        reading.paper.key: [key for key in reading.after_keys if key in known and key != reading.paper.key]
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


def _untangled(columns: Sequence[Sequence[str]], steps: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Sort each column by where the neighbours of its papers stand, so that few arrows cross."""
    sorted_columns = [list(column) for column in columns]
    neighbours = _neighbours(steps)
    for _ in range(SWEEPS):
        rows = {key: row / len(column) for column in sorted_columns for row, key in enumerate(column)}
        for column in sorted_columns:
            wanted = {key: _mean([rows[other] for other in neighbours[key]], rows[key]) for key in column}
            column.sort(key=wanted.__getitem__)
            rows |= {key: row / len(column) for row, key in enumerate(column)}
    return sorted_columns


def _placed(columns: Sequence[Sequence[str]], steps: Sequence[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """Give each paper its place: the longest column is filled row by row, the others stand beside their neighbours."""
    longest = max(columns, key=len)
    heights = {key: row * ROW for row, key in enumerate(longest)}
    neighbours = _neighbours(steps)
    for column in sorted(columns, key=lambda one: abs(columns.index(one) - columns.index(longest))):
        if column is not longest:
            heights |= _beside(column, neighbours, heights, ROW * (len(longest) - 1))
    return {key: (number * (BOX + GAP_X), 2 + heights[key]) for number, column in enumerate(columns) for key in column}


def _beside(
    column: Sequence[str], neighbours: Mapping[str, Sequence[str]], heights: Mapping[str, float], lowest: float
) -> dict[str, float]:
    """Heights for a column: near the neighbours that stand already, in order, none on another, none below the lowest."""
    found: dict[str, float] = {}
    free = 0.0
    for number, key in enumerate(column):
        wanted = _mean([heights[other] for other in neighbours[key] if other in heights], free)
        last = lowest - ROW * (len(column) - 1 - number)
        found[key] = max(free, min(wanted, last))
        free = found[key] + ROW
    return found


def _neighbours(steps: Sequence[tuple[str, str]]) -> Mapping[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for first, then in steps:
        found[first].append(then)
        found[then].append(first)
    return found


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _box(paper: Paper, x: float, y: float) -> str:
    hint = title(paper.work.title)
    frame = element("rect", hint, x=x + 1, y=y, width=BOX, height=HEIGHT, rx=6, class_="box", data_ref=f"ref-{paper.name}")
    return frame + text(
        shortened(paper.short.replace(" and ", " & "), 30), x=x + 1 + BOX / 2, y=y + HEIGHT / 2 + 4.5, class_="label middle"
    )


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    x1, y1 = start[0] + BOX + 1, start[1] + HEIGHT / 2
    x2, y2 = end[0] - 4, end[1] + HEIGHT / 2
    bend = (x2 - x1) / 2
    line = f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    head = f"M{x2 - 5:.1f} {y2 - 4:.1f}L{x2 + 2:.1f} {y2:.1f}L{x2 - 5:.1f} {y2 + 4:.1f}"
    return element("path", d=line, class_="arrow") + element("path", d=head, class_="arrow")
