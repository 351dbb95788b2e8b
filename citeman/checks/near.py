"""Near misses among many names, found without comparing with each of them."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

_FEW = 60
"""So many names are compared one by one."""
_CANDIDATES = 24
_LONGEST = 200
"""Characters of what may be a name; comparing takes time by the square."""


class Near:
    """Known names, and which of them a person may have meant by an unknown one."""

    def __init__(self, names: Iterable[str], likeness: float = 0.7) -> None:
        self.likeness = likeness
        self.names = tuple(dict.fromkeys(names))
        self._known = frozenset(self.names)
        self._with: dict[str, list[int]] = {}
        self._hints: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def hint(self, name: str) -> str:
        """Return `; did you mean 'x'?` for the known name that is this one in other capitals or most like it, or nothing."""
        if len(name) > _LONGEST:
            return ""
        if name not in self._hints:
            same = self._by_folded.get(name.casefold())
            close = [same] if same else difflib.get_close_matches(name, self._candidates(name), 1, self.likeness)
            self._hints[name] = f"; did you mean {close[0]!r}?" if close else ""
        return self._hints[name]

    @cached_property
    def _by_folded(self) -> dict[str, str]:
        return {name.casefold(): name for name in reversed(self.names)}

    def _candidates(self, name: str) -> Sequence[str]:
        """The names that share most with this one, so that a thousand misses in ten thousand keys still take no time."""
        if len(self.names) <= _FEW:
            return self.names
        if not self._with:
            for index, known in enumerate(self.names):
                for piece in _pieces(known):
                    self._with.setdefault(piece, []).append(index)
        shared: Counter[int] = Counter()
        for piece in _pieces(name):
            shared.update(self._with.get(piece, ()))
        return [self.names[index] for index, _ in shared.most_common(_CANDIDATES)]


def _pieces(name: str) -> set[str]:
    text = f"^{name.casefold()}$"
    return {text[start : start + 3] for start in range(len(text) - 2)}
