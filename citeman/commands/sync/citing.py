"""The sentences of the guides that cite a paper: what a person looks at when the paper has changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from citeman import ids
from citeman.library import Library
from citeman.text import line_of

LINK = re.compile(
    r"\]\(\s*<?([^)\s>]+(?:\([^)\s]*\)[^)\s>]*)?)>?[^)]*\)|href\s*=\s*[\"']([^\"']+)[\"']|@([A-Za-z0-9][\w:.#$%&+?<>~/-]*)"
)
SENTENCE_END = re.compile(r"(?<=[.?!])[\"')\]]*\s+(?=[A-Z\[(])|\n\s*\n")


@dataclass(frozen=True, slots=True)
class Cited:
    """One place that cites a paper."""

    path: str
    line: int
    section: str
    sentence: str


def citing(library: Library, key: str) -> tuple[Cited, ...]:
    """Find the sentences that link to one of a paper's identifiers or name its key, in every guide."""
    entry = library.bibliography.get(key)
    names = {*ids.of_entry(entry)} if entry else set()
    return tuple(dict.fromkeys(_found(library, key, names)))


def _found(library: Library, key: str, names: set[ids.Identifier]) -> Iterator[Cited]:
    for volume in library.volumes:
        guide = volume.guide
        for match in LINK.finditer(guide.source) if guide else ():
            target, mention = match[1] or match[2], match[3]
            if (target and ids.parse(target) in names) or (mention and mention.rstrip(".:,;") == key):
                assert guide is not None
                section = guide.place_at(match.start())
                sentence = _sentence(guide.source, match.start())
                yield Cited(guide.path, line_of(guide.source, match.start()), section.anchor if section else "", sentence)


def _sentence(source: str, offset: int) -> str:
    """The sentence around an offset, on one line."""
    start, end = 0, len(source)
    for match in SENTENCE_END.finditer(source, max(0, offset - 2000), min(len(source), offset + 2000)):
        if match.end() <= offset:
            start = match.end()
        elif match.start() > offset:
            end = match.start()
            break
    return " ".join(source[start:end].split())
