"""Encoding accidents in prose: UTF-8 that was read as Windows-1252, and bytes that are no text at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from citeman.model import Finding, Fix
from citeman.text import Edit, Lines, display

_TRAILING = "\u0080-\u00bf" + "".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0))
"""What the second and later bytes of a UTF-8 character look like in Windows-1252 or Latin-1."""
_MOJIBAKE = re.compile(rf"(?:[\u00c2-\u00df][{_TRAILING}]|[\u00e0-\u00ef][{_TRAILING}]{{2}}|[\u00f0-\u00f4][{_TRAILING}]{{3}})+")
_SURROGATES = re.compile(r"[\udc80-\udcff]+")


def findings(source: str, path: str) -> Iterator[Finding]:
    """Report each place whose characters are the trace of a wrong encoding, with the text it should be."""
    if source.isascii():
        return
    lines = Lines(source)
    for match in _MOJIBAKE.finditer(source):
        meant = mend(match[0])
        if meant:
            word = _word(source, match.start(), match.end())
            message = f"encoding accident: {word!r} should read {word.replace(match[0], meant)!r}"
            fix = Fix(f"write {meant!r}", (Edit(match.start(), match.end(), meant),))
            yield Finding("guide-encoding", "warning", message, path, lines.line(match.start()), fix=fix)
    for match in _SURROGATES.finditer(source):
        shown = display(match[0])
        message = f"bytes that are no UTF-8, probably meant as {shown!r}; save the file as UTF-8"
        fix = Fix(f"write {shown!r}", (Edit(match.start(), match.end(), shown),))
        yield Finding("guide-encoding", "warning", message, path, lines.line(match.start()), fix=fix)


def mend(text: str) -> str:
    """Return what a piece of mojibake should read, empty when it is none."""
    try:
        return b"".join(_byte(char) for char in text).decode("utf-8")
    except UnicodeError:
        return ""


def _byte(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")


def _word(source: str, start: int, end: int) -> str:
    """Return the word around a span, to show where it stands."""
    left = max(source.rfind(space, max(0, start - 40), start) for space in " \n\t") + 1
    rights = [place for space in " \n\t" if (place := source.find(space, end, end + 40)) >= 0]
    return source[left or start : min(rights, default=end)]
