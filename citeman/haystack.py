"""Entries found by what they say: of a great bibliography the text is searched, and only the few that this points to are read.

A value that is put together of macros stands nowhere in the text and is not found.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from citeman import ids, tex
from citeman.bib import Bibliography
from citeman.ids import Identifier
from citeman.model import Entry

FEW_ENTRIES = 1_000
"""A bibliography of so many entries is read as a whole faster than it is searched."""
MANY_LOOKUPS = 20
"""Look-ups from which on reading all entries is faster than searching for each."""
RAREST = 3
"""Words of a title that are looked for; an entry that holds all but one of them is read."""
_RUN = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_WORD = re.compile(r"[a-z]{2,}")
_NUMBER = re.compile(r"\d{5,}")


class Haystack:
    """One bibliography, ready to be searched; nothing is read or made ready before it is needed."""

    def __init__(self, bibliography: Bibliography) -> None:
        self._bibliography = bibliography
        self._answers: dict[str, str] = {}
        self._titled: dict[str, list[str]] = {}
        self.is_read = len(bibliography) <= FEW_ENTRIES

    def prepare(self, lookups: int) -> None:
        """Have all entries read where so many will be looked for that this is faster."""
        self.is_read = self.is_read or lookups > MANY_LOOKUPS

    @cached_property
    def identifiers(self) -> dict[str, str]:
        """Canonical identifier -> the citation key of the first entry that has it."""
        found: dict[str, str] = {}
        for entry in self._bibliography.entries:
            for identifier in ids.of_entry(entry):
                found.setdefault(str(identifier), entry.key)
        return found

    @cached_property
    def titles(self) -> dict[str, list[str]]:
        """Folded title -> the citation keys of the entries that bear it."""
        found: dict[str, list[str]] = {}
        for entry in self._bibliography.entries:
            found.setdefault(tex.fold(entry.get("title")), []).append(entry.key)
        return found

    def by_identifier(self, name: str) -> str:
        """Return the key of the first entry that carries an identifier, given in its canonical form; empty where none does."""
        if self.is_read:
            return self.identifiers.get(name, "")
        if name not in self._answers:
            wanted = ids.parse(name)
            holding = sorted({index for needle in _needles(wanted) for index in self._holding(needle)}) if wanted else []
            found = (entry.key for entry in self._bibliography.at(holding) if wanted in ids.of_entry(entry))
            self._answers[name] = next(found, "")
        return self._answers[name]

    def by_title(self, title: str) -> list[str]:
        """Return the keys of the entries that bear a title, given as plain text or TeX."""
        folded = tex.fold(title)
        if self.is_read:
            return self.titles.get(folded, [])
        if title not in self._titled:
            likely = self._bibliography.at(self._likely(_telling(tex.to_text(title))))
            self._titled[title] = [entry.key for entry in likely if tex.fold(entry.get("title")) == folded]
        return self._titled[title]

    def _likely(self, words: list[str]) -> list[int]:
        """The entries that hold all of these words but one; all entries where there is no word to look for."""
        counts = Counter(index for word in words for index in self._holding(word))
        return sorted(index for index, count in counts.items() if count >= max(1, len(words) - 1)) if words else self._indices

    def about(self, labels: Collection[tuple[str, str]]) -> Iterable[Entry]:
        """Return entries, few of many, among which are all that have one of these names and years."""
        if self.is_read or len(labels) > MANY_LOOKUPS:
            return self._bibliography.entries
        found = (entry for name, year in labels for entry in self._of_name_and_year(name, year))
        return {entry.start: entry for entry in found}.values()

    def _of_name_and_year(self, name: str, year: str) -> Iterator[Entry]:
        """Yield the entries whose text holds the longest part of a name, and the year."""
        part = max(_WORD.findall(tex.to_text(name).lower()), key=len, default="")
        likely = self._holding(_tail(part)) if part else iter(self._indices)
        wanted = year.encode() if year.isdigit() else b""
        return self._bibliography.at(index for index in likely if self._stands_in(wanted, index))

    @cached_property
    def _indices(self) -> list[int]:
        return [index for index, block in enumerate(self._bibliography.blocks) if block.kind == "entry"]

    @cached_property
    def _starts(self) -> list[int]:
        return [self._bibliography.blocks[index].start for index in self._indices]

    @cached_property
    def _text(self) -> bytes:
        """The source without capitals, one byte a letter: whatever is not Latin becomes a question mark, which no needle has."""
        return self._bibliography.source.encode("latin-1", "replace").lower()

    def _stands_in(self, needle: bytes, index: int) -> bool:
        block = self._bibliography.blocks[index]
        return self._text.find(needle, block.start, block.end) >= 0

    def _holding(self, needle: str) -> Iterator[int]:
        """Yield the entries whose text holds a needle, in the order of the file."""
        wanted = needle.encode()
        position = self._text.find(wanted)
        while position >= 0:
            place = bisect_right(self._starts, position) - 1
            end = self._bibliography.blocks[self._indices[place]].end if place >= 0 else 0
            if position < end:
                yield self._indices[place]
            position = self._text.find(wanted, max(position + 1, end))


def _telling(title: str) -> list[str]:
    """The longest pieces of a title's words that every way of writing it has: no accents, no acronyms where others are left."""
    words = title.split()
    plain = [word for word in words if not any(letter.isupper() for letter in word[1:])] or words
    pieces = {piece for word in plain for piece in _WORD.findall(word.lower())}
    long = {piece for piece in pieces if len(piece) > 4}
    pieces = long if len(long) > 1 else pieces
    return [_tail(piece) for piece in sorted(pieces, key=lambda piece: (-len(piece), piece))[:RAREST]]


def _tail(word: str) -> str:
    """A word without its first letter, which may stand in braces of its own."""
    return word[1:] if len(word) > 3 else word


def _needles(identifier: Identifier) -> list[str]:
    """Texts one of which stands in every entry that carries an identifier, in whatever field and form."""
    value = identifier.value.lower()
    if identifier.kind == "arxiv":
        # Between month and number stands a dot, in DBLP's addresses a dash, in ADS's nothing: the number alone says enough.
        return [value.rpartition("." if "." in value else "/")[2]]
    if identifier.kind == "url":
        value = value.partition("://")[2].partition("/")[2] or value.partition("://")[2]
    named = value.partition("/")[2] if identifier.kind == "doi" else value
    runs = _RUN.findall(named) or [value]
    # Some publishers' addresses hold only the number of a DOI.
    return list(dict.fromkeys([max(runs, key=len), *_NUMBER.findall(named)[-1:]]))
