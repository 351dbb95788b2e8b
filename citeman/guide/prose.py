"""Markdown made plain: the words of a label, and the sentence around a place."""

from __future__ import annotations

import bisect
import re
from functools import cached_property
from html import unescape

_LINK = re.compile(
    r"""!?\[((?:[^\[\]]|\[[^\[\]]*+\])*+)\](?:\(\s*(?:<[^<>\n]*>|(?:[^()\s]|\([^()\s]*+\))*+)(?:\s+["'][^"'\n]*["'])?\s*\)(?:\{[^{}\n]*\})?"""
    r"""|\[[^\[\]]*\])"""
)
_NOTE = re.compile(r"\[\^[^\s\[\]]+\]:?")
_ADDRESS = re.compile(r"<(https?://[^\s<>]+)>")
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.S)
_EMPHASIS = re.compile(r"(?<![\\\w])(\*{1,3}|_{1,3})(?=\S)|(?<=[^\s\\])(\*{1,3}|_{1,3})(?!\w)|`+|~~")
_ESCAPE = re.compile(r"\\([^\w\s])")
_MARGIN = re.compile(r"\n[ \t]*(?:>[ \t]*)+")
_END = re.compile(r"[.!?][\"'”’)\]*_]*(?=\s)|\n[ \t]*(?:[-+*]|\d+[.)])[ \t]|\n[ \t]*\n|\|")
_ABBREVIATION = re.compile(
    r"(?:\b(?:al|e\.g|i\.e|cf|vs|fig|figs|sec|eq|eqs|resp|etc|st|dr|prof|mr|ms|no|vol|pp|p|ch|et)|\b[A-Z]|\bw\.r\.t)\.$", re.I
)
_LONGEST = 400
_WINDOW = 1200
"""Further away than one to two of these no end of a sentence is looked for; the places of a long sentence share such steps."""


def plain(markdown: str) -> str:
    """Return a piece of Markdown as the words a reader sees, on one line."""
    text = _ADDRESS.sub(r"\1", _NOTE.sub("", _MARGIN.sub("\n", markdown)))
    for _ in range(3):
        text, count = _LINK.subn(r"\1", text)
        if not count:
            break
    text = _EMPHASIS.sub("", _TAG.sub("", text))
    return " ".join(unescape(_ESCAPE.sub(r"\1", text)).split())


def label(markdown: str) -> str:
    """Return a link's text as plain words, without the brackets that some guides put inside it."""
    text = plain(markdown)
    while len(text) > 1 and text[0] == "[" and text[-1] == "]" and "]" not in text[1:-1]:
        text = text[1:-1].strip()
    return text


class Sentences:
    """The sentences of a source; where each of them ends is looked up once for all places in it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.known: dict[tuple[int, int], str] = {}

    def around(self, start: int, end: int, first: int, last: int) -> str:
        """Return the sentence around `source[start:end]` inside the block from `first` to `last`, as plain text."""
        begins, ends = self._ends
        left = max(first, (start // _WINDOW - 1) * _WINDOW)
        right = min(last, (end // _WINDOW + 2) * _WINDOW)
        above = bisect.bisect_right(ends, start) - 1
        below = bisect.bisect_left(begins, end)
        begin = max(left, ends[above]) if above >= 0 else left
        stop = min(right, ends[below]) if below < len(ends) else right
        if (begin, stop) not in self.known:
            text = plain(self.source[begin:stop]).strip(" |#>-*+")
            self.known[begin, stop] = text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
        return self.known[begin, stop]

    @cached_property
    def _ends(self) -> tuple[list[int], list[int]]:
        """Where the marks that end a sentence start and end."""
        spans = [m.span() for m in _END.finditer(self.source) if not _is_abbreviated(self.source, m.start())]
        return [start for start, _ in spans], [end for _, end in spans]


def _is_abbreviated(source: str, offset: int) -> bool:
    return bool(_ABBREVIATION.search(source, max(0, offset - 12), offset + 1))
