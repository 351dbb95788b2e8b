"""SVG elements as text, and the measures that the pictures share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

from citeman.named import NamedTuple

GAP = 4
"""A stretch of years without papers is drawn no longer than this many years."""


def element(name: str, *children: str, **attributes: str | float) -> str:
    """Return one element; `class_` is `class`, `view_box` `viewBox`, other underscores are hyphens; children are markup."""
    written = "".join(f' {_name(key)}="{_value(value)}"' for key, value in attributes.items() if value != "")
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


def text(content: str, **attributes: str | float) -> str:
    """Return a text element."""
    return element("text", escape(content, quote=False), **attributes)


def title(content: str) -> str:
    """Return what a pointer is told that rests on the parent."""
    return element("title", escape(content, quote=False))


def picture(width: float, height: float, label: str, described_by: str, *children: str, class_: str = "") -> str:
    """Return a whole picture, to assistive technology one image with a name and a description."""
    return element(
        "svg",
        *children,
        view_box=f"0 0 {_number(width)} {_number(height)}",
        width=width,
        height=height,
        class_=class_,
        role="img",
        aria_label=label,
        aria_describedby=described_by,
    )


def shortened(content: str, limit: int) -> str:
    """Return a text cut at a blank where it has more than `limit` characters."""
    if len(content) <= limit:
        return content
    cut = content[: limit - 1]
    return f"{(cut[: cut.rfind(' ')] if ' ' in cut[limit // 2 :] else cut).rstrip(' ,:;–-')}…"


class Years(NamedTuple):
    """An axis of years: to scale, but long stretches without papers are shortened."""

    places: tuple[tuple[int, float], ...]
    """Each year that has papers, and where it stands, from 0 to 1."""
    breaks: tuple[float, ...]
    """The middles of the stretches that were shortened."""

    @classmethod
    def of(cls, years: Iterable[int]) -> Years:
        """Return the axis for these years."""
        known = sorted(set(years))
        steps = [min(later - earlier, GAP) for earlier, later in pairwise(known)]
        units = [sum(steps[:index]) for index in range(len(known))]
        length = units[-1] if known and units[-1] else 1
        places = tuple((year, unit / length) for year, unit in zip(known, units, strict=True))
        middles = [(a[1] + b[1]) / 2 for a, b in pairwise(places) if b[0] - a[0] > GAP]
        return cls(places, tuple(middles))

    def labels(self, room: float, width: float) -> list[tuple[int, float]]:
        """Return the years to be written, with their places, so that none of `width` comes nearer to another than it may.

        The first and the last are always among them; `room` is the length of the axis.
        """
        kept: list[tuple[int, float]] = []
        for year, place in self.places[:-1]:
            if not kept or (place - kept[-1][1]) * room >= width:
                kept.append((year, place))
        last = list(self.places[-1:])
        while len(kept) > 1 and last and (last[0][1] - kept[-1][1]) * room < width:
            kept.pop()
        return kept + last


def listed(parts: Sequence[str]) -> str:
    """Return `a`, `a and b` or `a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def counted(number: int, one: str, many: str = "") -> str:
    """Return `1 paper` or `3 papers`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _name(key: str) -> str:
    return {"class_": "class", "view_box": "viewBox"}.get(key) or key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
