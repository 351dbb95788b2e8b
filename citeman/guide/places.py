"""Which section or question box an offset belongs to."""

from __future__ import annotations

import bisect
from collections.abc import Iterable

from citeman.guide.values import GuideSection, Question


class Places:
    """The innermost place of every offset, prepared once and then found by bisection."""

    def __init__(self, places: Iterable[GuideSection | Question], length: int) -> None:
        self.starts: list[int] = [0]
        self.places: list[GuideSection | Question | None] = [None]
        self.open: list[GuideSection | Question] = []
        for place in sorted(places, key=lambda place: (place.start, -place.end)):
            self._close(place.start)
            self.open.append(place)
            self._mark(place.start)
        self._close(length)

    def at(self, offset: int) -> GuideSection | Question | None:
        """Return the innermost place that holds the offset; None before the first."""
        return self.places[bisect.bisect_right(self.starts, offset) - 1]

    def anchor(self, offset: int) -> str:
        """Return the anchor of that place, empty where there is none."""
        place = self.at(offset)
        return place.anchor if place else ""

    def _close(self, offset: int) -> None:
        """Leave the places that end before or at the offset; the last one keeps the end of the guide."""
        while self.open and self.open[-1].end <= offset:
            end = self.open.pop().end
            self._mark(end)

    def _mark(self, offset: int) -> None:
        self.starts.append(max(offset, self.starts[-1]))
        self.places.append(self.open[-1] if self.open else None)
