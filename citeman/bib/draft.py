"""Several changes of one stretch of text, made one after the other, as edits that own nothing but what changed."""

from __future__ import annotations

from collections.abc import Iterable

from citeman.text import Edit

_Kept = tuple[int, int]


class Draft:
    """A stretch `source[start:end]` that is being changed; later changes see the earlier ones."""

    def __init__(self, source: str, start: int, end: int) -> None:
        self._source = source
        self._start, self._end = start, end
        self._pieces: list[_Kept | str] = [(start, end)]

    @property
    def text(self) -> str:
        """The stretch as it now reads."""
        return "".join(self._text(piece) for piece in self._pieces)

    def apply(self, edits: Iterable[Edit]) -> None:
        """Make edits whose offsets are into `text`; they must not overlap."""
        ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
        for edit in ordered[::-1]:
            before, rest = self._split(edit.start)
            self._pieces = rest
            _, after = self._split(edit.end - edit.start)
            self._pieces = [*before, edit.text, *after]

    def edits(self) -> list[Edit]:
        """Return the edits of the source that all the changes come to."""
        found: list[Edit] = []
        position, inserted = self._start, ""
        for piece in [*self._pieces, (self._end, self._end)]:
            if isinstance(piece, str):
                inserted += piece
                continue
            if piece[0] > position or inserted:
                found.append(Edit(position, piece[0], inserted))
            position, inserted = piece[1], ""
        return found

    def _text(self, piece: _Kept | str) -> str:
        return piece if isinstance(piece, str) else self._source[piece[0] : piece[1]]

    def _split(self, offset: int) -> tuple[list[_Kept | str], list[_Kept | str]]:
        before: list[_Kept | str] = []
        for index, piece in enumerate(self._pieces):
            length = len(piece) if isinstance(piece, str) else piece[1] - piece[0]
            if offset < length:
                if isinstance(piece, str):
                    halves: tuple[_Kept | str, _Kept | str] = (piece[:offset], piece[offset:])
                else:
                    halves = ((piece[0], piece[0] + offset), (piece[0] + offset, piece[1]))
                return [*before, halves[0]] if offset else before, [halves[1], *self._pieces[index + 1 :]]
            before.append(piece)
            offset -= length
        return before, []
