"""Which of two sources' name lists is the fuller one, where both name the same people."""

from __future__ import annotations

from citeman import names, tex
from citeman.model import Name


def fullest(author: str, other: str) -> str:
    """Return the author field with the fuller given names when both name the same people in the same order, else `author`."""
    if author == other or not names.same(author, other, loose=True):
        return author
    return other if _fullness(other) > _fullness(author) else author


def _fullness(author: str) -> tuple[int, int]:
    """How much a name list says: given names written out, then letters with their accents."""
    people = names.parse(author)
    return sum(map(_written_out, people)), sum(not letter.isascii() for letter in tex.to_unicode(author))


def _written_out(name: Name) -> int:
    return sum(len(word) > 1 for word in tex.fold(name.given).split())
