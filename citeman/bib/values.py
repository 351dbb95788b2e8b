"""What a value says: macros expanded, concatenation done, delimiters gone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from citeman.bib.months import MONTHS
from citeman.bib.scan import end_of_piece

_WHITE = re.compile(r"[ \t\r\n\f\v]+")
_LONGEST = 20_000
"""From so many characters on, which are all that BibTeX has room for, no macro is taken in: each may double the one before."""


class Macros:
    """The `@string` macros of a source, each with the place from which it holds."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self.known = {name.lower(): value for name, value in (known or {}).items()}
        self.defined: dict[str, list[tuple[int, str]]] = {}

    def define(self, name: str, value: str, offset: int) -> None:
        """Let a macro have a value from an offset on; definitions come in the order of the source."""
        self.defined.setdefault(name, []).append((offset, value))

    def get(self, name: str, offset: int) -> str | None:
        """Return what a lower-case name means at an offset; a definition further down counts when there is none above."""
        definitions = self.defined.get(name)
        if definitions:
            return next((value for start, value in reversed(definitions) if start < offset), definitions[0][1])
        return self.known.get(name, MONTHS.get(name))

    def is_defined(self, name: str, offset: int) -> bool:
        """Tell whether the macro is known where it is used, as BibTeX wants it."""
        if name in self.known or name in MONTHS:
            return True
        return any(start < offset for start, _ in self.defined.get(name, ()))


def text_of(source: str, start: int, end: int, plain: bool, macros: Macros) -> str:
    """Return what a field's value says, with white space as BibTeX sees it: runs are one space, none at the ends.

    `plain` tells that the span is one delimited text or word. A macro that nobody defined stands for its own name.
    """
    return macro_text_of(source, start, end, plain, macros).strip(" ")


def macro_text_of(source: str, start: int, end: int, plain: bool, macros: Macros) -> str:
    """Return what the value of an `@string` says: as `text_of`, but a space at the ends counts where the macro is joined."""
    if plain and source[start : start + 1] in ("{", '"'):
        joined = source[start + 1 : end - 1]
    elif not plain:
        joined = "".join(_pieces(source, start, end, macros))
    else:
        joined = _expand(source[start:end], start, macros)
    if not joined.isprintable() or "  " in joined:  # the pattern is slow on the many values that need nothing
        joined = _WHITE.sub(" ", joined)
    return joined


def _pieces(source: str, start: int, end: int, macros: Macros) -> Iterable[str]:
    position, room = start, _LONGEST
    while position < end:
        after = end_of_piece(source, position, end)
        if after > position:
            piece = source[position:after]
            says = piece[1:-1] if piece[0] in '{"' else _expand(piece, position, macros) if room > 0 else piece
            room -= len(says)
            yield says
        position = max(after, position + 1)


def _expand(word: str, offset: int, macros: Macros) -> str:
    if word.isdigit():
        return word
    value = macros.get(word.lower(), offset)
    return word if value is None else value
