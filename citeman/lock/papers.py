"""The papers of a lock's text, each read when it is asked for, and the text written again with only those changed that are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

T = TypeVar("T")

HEAD = '{\n "format": 1,\n "papers": {\n'
TAIL = "\n }\n}\n"
_ENTRY = '  "'
_CONFLICTS = ("\n<<<<<<<", "\n=======", "\n>>>>>>>", "\n|||||||")


class Papers(Mapping[str, T], Generic[T]):
    """Citation key -> what is locked for it, over a text in the lock's own form."""

    def __init__(
        self, text: str, spans: Mapping[str, tuple[int, int]], read: Callable[[str], T], write: Callable[[T], Any]
    ) -> None:
        self._text = text
        self._spans = spans
        """Citation key -> where its value stands."""
        self._read = read
        self._write = write
        self._known: dict[str, T] = {}
        self._new: dict[str, T] = {}

    def __getitem__(self, key: str) -> T:
        """Return what is locked for a key; raises what `read` raises for a value that is damaged."""
        if key in self._new:
            return self._new[key]
        if key not in self._known:
            start, end = self._spans[key]
            self._known[key] = self._read(self._text[start:end])
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        """Give the citation keys in the order of the file."""
        return iter(sorted({*self._spans, *self._new}) if self._new else self._spans)

    def __len__(self) -> int:
        """Return the number of papers."""
        return len(self._spans.keys() | self._new.keys())

    def __contains__(self, key: object) -> bool:
        """Tell whether anything is locked for a key."""
        return key in self._spans or key in self._new

    def __eq__(self, other: object) -> bool:
        """Tell whether two hold the same; at once where they come from one text."""
        if isinstance(other, Papers) and other._text == self._text:
            return self._new == other._new or dict(self) == dict(other)
        return isinstance(other, Mapping) and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]

    def with_papers(self, new: Mapping[str, T]) -> Papers[T]:
        """Return the papers with some of them new or changed."""
        found = Papers(self._text, self._spans, self._read, self._write)
        found._known = self._known
        found._new = {**self._new, **new}
        return found

    def dumps(self) -> str:
        """Return the lock's text with what is new in its place."""
        if not self._new:
            return self._text
        return HEAD + ",\n".join(self._entry(key) for key in self) + TAIL if len(self) else self._text

    def _entry(self, key: str) -> str:
        if key not in self._new:
            start, end = self._spans[key]
            value = self._text[start:end]
        else:
            written = json.dumps(self._write(self._new[key]), ensure_ascii=False, indent=1, sort_keys=True)
            value = written.replace("\n", "\n  ")
        return f"{_ENTRY}{json.dumps(key, ensure_ascii=False)[1:]}: {value}"


def spans(text: str) -> dict[str, tuple[int, int]] | None:
    """Find where each key's value stands, without reading any; None for a text that is not in the lock's own form.

    A line with just two blanks before its quote is a citation key's: what is deeper has more, and no string holds a line break.
    """
    if not text.startswith(HEAD + _ENTRY) or not text.endswith("}" + TAIL) or any(mark in text for mark in _CONFLICTS):
        return None
    found: dict[str, tuple[int, int]] = {}
    start, last = len(HEAD), ""
    while start >= 0:
        following = text.find("\n" + _ENTRY, start)
        end = following - 1 if following >= 0 else len(text) - len(TAIL)
        colon = text.find('": ', start, end)
        key = _key(text[start + 2 : colon + 1])
        if colon < 0 or key <= last or text[colon + 3] != "{" or text[end - 1] != "}" or (following >= 0 and text[end] != ","):
            return None
        found[key] = colon + 3, end
        start, last = following + 1 if following >= 0 else -1, key
    return found


def _key(quoted: str) -> str:
    if "\\" not in quoted:
        return quoted[1:-1]
    try:
        return str(json.loads(quoted))
    except ValueError:
        return ""
