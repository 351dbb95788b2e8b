"""TeX as plain text: for display, for sorting and search, and for the question whether two values say the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from citeman.tex import math
from citeman.tex.segments import Segment, read
from citeman.text import display

KEPT = 2048
"""So many values are known as they were read last: titles, names and years are asked for by labels, references and pages."""
_SPECIAL = re.compile(r"[\\{}$~`]|--|''")
_UNSHOWN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)
_MARKS = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ȷ": "j", "ħ": "h"})
_NO_WORD = re.compile(r"[^a-z0-9]+")
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+\s*")
_QUOTES = {ord(char): "'" for char in '"“”„‟‘’‚‛`´«»‹›″′'} | {0xAD: ""}


@lru_cache(maxsize=KEPT)
def to_unicode(tex: str) -> str:
    """Return what a value shows as plain text: accents composed, braces gone, blanks single; math stays as `$…$`."""
    if not _SPECIAL.search(tex):
        return tidy(tex)
    return tidy("".join(_with_dollars(segment) for segment in read(tex)))


@lru_cache(maxsize=KEPT)
def to_text(tex: str) -> str:
    """Return plain text as `to_unicode` does, with math in plain characters too: `O(1/k²)`, `ℓ_∞`."""
    if not _SPECIAL.search(tex):
        return tidy(tex)
    return tidy("".join(_with_plain_math(segment, flat=False) for segment in read(tex)))


def fold(tex: str) -> str:
    """Return the form in which two spellings compare equal: no accents, case, punctuation, dashes or math marks.

    Idempotent; empty for a value that shows no letter, digit or symbol.
    """
    shown = "".join(_with_plain_math(segment, flat=True) for segment in read(tex)) if _SPECIAL.search(tex) else tex
    if shown.isascii():
        return _NO_WORD.sub(" ", shown.lower()).strip()
    folded = _caseless(_MARKS.sub("", _caseless(tidy(shown))).translate(_LETTERS))
    words = "".join(_fold_char(char) for char in folded)
    return unicodedata.normalize("NFC", " ".join(words.split()))


def same(one: str, other: str) -> bool:
    """Say whether two TeX values mean the same, whatever their braces, accents' spelling, dashes, quotes and blanks."""
    return one == other or meaning(one) == meaning(other)


def meaning(tex: str) -> str:
    """Return the form by which `same` compares; case and accents count."""
    text = _DASHES.sub("-", to_text(tex).translate(_QUOTES))
    return " ".join(unicodedata.normalize("NFKC", text).split())


def tidy(text: str) -> str:
    """Return text that can be shown and encoded, with single blanks."""
    return " ".join(showable(text).split())


def showable(text: str) -> str:
    """Return text without control characters and writing-direction overrides.

    Bytes that were no UTF-8 are read as Windows-1252, other lone surrogates become U+FFFD.
    """
    if not _UNSHOWN.search(text):
        return text
    return _UNSHOWN.sub(lambda match: "\ufffd" if "\ud800" <= match.group() <= "\udfff" else "", display(text))


def _with_dollars(segment: Segment) -> str:
    if segment.kind == "math":
        return f"${segment.value.strip()}$"
    return segment.value if segment.kind == "text" else quote_mark(segment)


def _with_plain_math(segment: Segment, flat: bool) -> str:
    if segment.kind == "math":
        return math.plain(segment.value, flat)
    return segment.value if segment.kind == "text" else quote_mark(segment)


def quote_mark(segment: Segment) -> str:
    """Return the quotation mark that a segment prints when it opens or closes a quotation."""
    return {("open", "quote"): "“", ("close", "quote"): "”"}.get(segment, "")


def _caseless(text: str) -> str:
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())


def _fold_char(char: str) -> str:
    if char.isalnum():
        return char
    category = unicodedata.category(char)
    if category[0] == "M" or (category in {"Sm", "So", "Sc"} and not char.isascii() and char != "\u2212"):
        return char
    return "" if category == "Cf" else " "
