"""Text in memory and its bytes on disk: decode without loss, edit by spans, count lines."""

from __future__ import annotations

import bisect
import codecs
from collections.abc import Iterable

from citeman.named import NamedTuple

NO_TEXT = "is no text (it holds NUL bytes); restore the file, or save it as UTF-8"
"""What to say of a file that `binary_line` found a NUL in."""
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Edit(NamedTuple):
    """Replace `source[start:end]` by `text`; an insertion has `start == end`."""

    start: int
    end: int
    text: str


class Decoded(NamedTuple):
    """A file's text (a BOM stays its first character, CRLF stays CRLF) and the codec that gives its bytes back."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """Decode a file so that `encode` gives back every byte, whatever the bytes are.

    UTF-8, or UTF-16 with a BOM. Bytes that are neither become lone surrogates (PEP 383); `display` shows them as Windows-1252.
    """
    encoding = _UTF16.get(data[:2])
    if encoding:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            pass
        else:
            return Decoded(text, encoding)
    return Decoded(data.decode("utf-8", "surrogateescape"), "utf-8")


def encode(text: str, encoding: str = "utf-8") -> bytes:
    """Encode a text that `decode` gave, or an edit of it; the inverse of `decode`."""
    return text.encode(encoding, "surrogateescape" if encoding == "utf-8" else "strict")


def display(text: str) -> str:
    """Return the text with undecodable bytes read as Windows-1252, which is what they nearly always are."""
    if text.isascii() or not any("\udc80" <= char <= "\udcff" for char in text):
        return text
    return "".join(_windows_1252(char) for char in text)


def apply(source: str, edits: Iterable[Edit]) -> str:
    """Return the source with the edits made; every character that no edit owns stays.

    Insertions at one place keep the order in which they were given. Raises ValueError when edits overlap or leave the source.
    """
    parts: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if not position <= edit.start <= edit.end <= len(source):
            raise ValueError(f"{edit} overlaps another edit or leaves the source")
        parts += (source[position : edit.start], edit.text)
        position = edit.end
    parts.append(source[position:])
    return "".join(parts)


def line_of(source: str, offset: int) -> int:
    """Return the 1-based line of an offset; for many offsets in one source use `Lines`."""
    return source.count("\n", 0, offset) + 1


def binary_line(source: str) -> int:
    """Return the 1-based line of the first NUL, which no text file has; 0 where there is none."""
    first = source.find("\0")
    return 0 if first < 0 else line_of(source, first)


def newline_of(source: str) -> str:
    """Return the line ending of the source's first line, LF where it has none."""
    end = source.find("\n")
    return "\r\n" if end > 0 and source[end - 1] == "\r" else "\n"


class Lines:
    """Where each line of a source starts, to turn offsets into lines and back in logarithmic time."""

    def __init__(self, source: str) -> None:
        self.starts = [0]
        end = source.find("\n")
        while end >= 0:
            self.starts.append(end + 1)
            end = source.find("\n", end + 1)
        self.length = len(source)

    def line(self, offset: int) -> int:
        """Return the 1-based line that holds the offset."""
        return bisect.bisect_right(self.starts, offset)

    def start(self, line: int) -> int:
        """Return the offset where the 1-based line starts; the end of the source for a line past the last."""
        return self.starts[line - 1] if line <= len(self.starts) else self.length


def _windows_1252(char: str) -> str:
    if not "\udc80" <= char <= "\udcff":
        return char
    byte = bytes([ord(char) - 0xDC00])
    try:
        return byte.decode("cp1252")
    except UnicodeDecodeError:
        return byte.decode("latin-1")
