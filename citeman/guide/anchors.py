"""The rules by which site generators turn a heading's text into its anchor."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from citeman.errors import UsageError

RULES = ("pandoc", "github", "hugo", "python-markdown", "myst")
"""The slug rules a guide can be read with; the first is the default."""


_NUMBERED = re.compile(r"(.*)_(\d+)$")


class Anchors:
    """Gives each heading of one guide its anchor, in reading order, so that no two share one."""

    def __init__(self, rule: str) -> None:
        if rule not in _RULES:
            raise UsageError(f"unknown slug rule {rule!r}; known are {', '.join(RULES)}")
        self.slug, self.fallback, self.separator = _RULES[rule]
        self.first = 1 if rule == "python-markdown" else 0
        self.used: set[str] = set()
        self.next: dict[str, int] = {}

    def reserve(self, anchor: str) -> bool:
        """Take an anchor that the author wrote; False when it was taken already."""
        fresh = anchor not in self.used
        self.used.add(anchor)
        return fresh

    def give_exactly(self, anchor: str) -> str:
        """Return a fresh anchor that is the given one, numbered where it is taken."""
        return self._fresh(anchor, 0)

    def give(self, text: str) -> str:
        """Return a fresh anchor for a heading's rendered text."""
        base = self.slug(text) or self.fallback
        number = self.next.get(base, 0 if base else self.first)
        if self.separator == "_" and base in self.used and (numbered := _NUMBERED.match(base)):
            base, number = numbered[1], int(numbered[2])
        return self._fresh(base, number)

    def _fresh(self, base: str, number: int) -> str:
        number = max(number, self.next.get(base, 0))
        anchor = f"{base}{self.separator}{number}" if number else base
        while anchor in self.used:
            number += 1
            anchor = f"{base}{self.separator}{number}"
        self.next[base] = number
        self.used.add(anchor)
        return anchor


def pandoc(text: str) -> str:
    """Return pandoc's `auto_identifiers` of a heading's rendered text (`inlineListToIdentifier` in its source)."""
    kept = "".join(char for char in text.lower() if char in "_-." or char.isspace() or _category(char) in "LN")
    words = "-".join(kept.split())
    start = next((index for index, char in enumerate(words) if _category(char) == "L"), len(words))
    return words[start:]


def github(text: str) -> str:
    """Return GitHub's anchor: letters, marks, numbers, connectors and hyphens stay, each space is a hyphen."""
    kept = (
        char for char in text.strip().lower() if char in " -" or _category(char) in "LMN" or unicodedata.category(char) == "Pc"
    )
    return "".join(kept).replace(" ", "-")


def hugo(text: str) -> str:
    """Return Hugo's default (`github`) anchor of the heading's Markdown as written, links and tags included."""
    kept = ("-" if char in " -" else char.lower() for char in text if char in " -_" or _is_letter_or_digit(char))
    return "".join(kept)


def python_markdown(text: str) -> str:
    """Return the anchor of Python-Markdown's `toc` extension: ASCII only."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^\w\s-]", "", ascii_only).strip().lower()
    return re.sub(r"[-\s]+", "-", kept)


def myst(text: str) -> str:
    """Return the anchor of MyST's `myst_heading_anchors`."""
    return re.sub(r"[^\w\u4e00-\u9fff\- ]", "", text.strip().lower().replace(" ", "-"))


_RULES: dict[str, tuple[Callable[[str], str], str, str]] = {
    "pandoc": (pandoc, "section", "-"),
    "github": (github, "", "-"),
    "hugo": (hugo, "heading", "-"),
    "python-markdown": (python_markdown, "", "_"),
    "myst": (myst, "", "-"),
}


def _category(char: str) -> str:
    return unicodedata.category(char)[0]


def _is_letter_or_digit(char: str) -> bool:
    return _category(char) == "L" or unicodedata.category(char) == "Nd"
