"""Text as it is searched: folded, and CJK characters each a word of its own, since those scripts put no blanks between words."""

from __future__ import annotations

import re

_NOT_WORD = re.compile(r"[^0-9a-z]+")
_CJK = r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff])"


def searchable(text: str) -> str:
    """Return a text, which may hold TeX, as words between single blanks."""
    if text.isascii() and not any(mark in text for mark in "\\{}$"):
        return _NOT_WORD.sub(" ", text.lower()).strip()
    from citeman.tex import fold

    folded = fold(text)
    return folded if folded.isascii() else " ".join(re.sub(_CJK, r" \1 ", folded).split())
