"""A file of the site and a digest of all that it shows: what shows the same as before need not be written again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from citeman.named import NamedTuple

if TYPE_CHECKING:
    from citeman.render.entries import Card


class Piece(NamedTuple):
    """One of many like stretches of a page, and how to write it."""

    seen: str
    """A digest of all that it shows."""
    write: Callable[[], str]


class Page(NamedTuple):
    """A file of the site; who shows one page need not write the others."""

    path: str
    """Relative and POSIX."""
    seen: str
    """A digest of all that it shows; empty where nobody can tell."""
    frame: Callable[[], tuple[str, str]]
    """How to write what stands before and behind its pieces."""
    pieces: Callable[[], Sequence[Piece]] = tuple
    separator: str = ""
    """What stands between two pieces."""

    def text(self) -> str:
        """Write it whole."""
        head, tail = self.frame()
        return joined(head, [piece.write() for piece in self.pieces()], self.separator, tail)


class Plan(NamedTuple):
    """The files of a site, not yet written."""

    pages: Iterator[Page]
    """In a fixed order."""
    cards: Mapping[str, Card]
    """What a later plan takes up, so that it need not read what has not changed."""


def page(path: str, seen: str, write: Callable[[], str]) -> Page:
    """Return a page without pieces."""
    return Page(path, seen, lambda: (write(), ""))


def joined(head: str, pieces: Sequence[str], separator: str, tail: str) -> str:
    """Return a page's text, joined at once: that of a great library is nothing to hold twice."""
    parts = [separator] * (2 * len(pieces) + 1)
    parts[0], parts[1::2], parts[-1] = head, pieces, tail
    return "".join(parts) if pieces else head + tail


def seen_of(*values: object) -> str:
    """Return a digest of values: texts, numbers, tuples of such, and what names itself by what it shows, as a paper does."""
    return blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
