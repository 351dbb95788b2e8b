"""Markdown made plain: the words of a label, and the sentence around a place."""

from __future__ import annotations

import re
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
_LONGEST = 1200
_LONGEST_SENTENCE = 400


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


def sentence(source: str, start: int, end: int, first: int, last: int) -> str:
    """Return the sentence around `source[start:end]` inside the block from `first` to `last`, as plain text."""
    left = max(first, start - _LONGEST)
    right = min(last, end + _LONGEST)
    before = source[left:start]
    begin = 0
    for match in _END.finditer(before):
        if not _ABBREVIATION.search(before, max(0, match.start() - 12), match.start() + 1):
            begin = match.end()
    stop = next(
        (match.end() for match in _END.finditer(source, end, right) if not _abbreviated(source, match.start())),
        right,
    )
    text = plain(source[left + begin : stop]).strip(" |#>-*+")
    return text if len(text) <= _LONGEST_SENTENCE else text[: _LONGEST_SENTENCE - 1].rstrip() + "…"


def _abbreviated(source: str, offset: int) -> bool:
    return bool(_ABBREVIATION.search(source, max(0, offset - 12), offset + 1))
