"""The order of fields in an entry: the file's own, and one for where it shows none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

ORDER = (
    "author",
    "editor",
    "title",
    "subtitle",
    "titleaddon",
    "booktitle",
    "booksubtitle",
    "maintitle",
    "journal",
    "journaltitle",
    "series",
    "edition",
    "volume",
    "number",
    "issue",
    "chapter",
    "pages",
    "pagetotal",
    "articleno",
    "institution",
    "school",
    "organization",
    "publisher",
    "address",
    "location",
    "year",
    "month",
    "date",
    "eventdate",
    "venue",
    "eprint",
    "eprinttype",
    "archiveprefix",
    "eprintclass",
    "primaryclass",
    "doi",
    "isbn",
    "issn",
    "url",
    "urldate",
    "howpublished",
    "note",
    "keywords",
    "abstract",
    "crossref",
)
"""The order of fields where the file shows none."""
_RANK = {name: rank for rank, name in enumerate(ORDER)}


class FieldOrder:
    """Which field comes before which, by what the entries do and, where they are silent, by `ORDER`."""

    def __init__(self, orders: Iterable[Sequence[str]] = ()) -> None:
        self._before: Counter[tuple[str, str]] = Counter()
        self._sorted: dict[tuple[str, ...], tuple[str, ...]] = {}
        for names in orders:
            unique = list(dict.fromkeys(names))
            self._before.update((a, b) for i, a in enumerate(unique) for b in unique[i + 1 :])

    def place(self, name: str, others: Sequence[str]) -> int:
        """Return the index at which a name fits best among the others; the last such."""
        costs = [
            sum(self._precedes(name, other) for other in others[:index])
            + sum(self._precedes(other, name) for other in others[index:])
            for index in range(len(others) + 1)
        ]
        return len(costs) - 1 - costs[::-1].index(min(costs))

    def sort(self, names: Iterable[str]) -> list[str]:
        """Bring names into the file's order."""
        given = tuple(names)
        if given not in self._sorted:
            found: list[str] = []
            for name in given:
                found.insert(self.place(name, found), name)
            self._sorted[given] = tuple(found)
        return list(self._sorted[given])

    def _precedes(self, a: str, b: str) -> bool:
        ahead, behind = self._before[a, b], self._before[b, a]
        if ahead != behind:
            return ahead > behind
        return _RANK.get(a, len(ORDER)) < _RANK.get(b, len(ORDER))
