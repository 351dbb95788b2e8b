"""What was meant when a query finds nothing: its words exchanged for the likest that the index knows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from citeman.config import did_you_mean
from citeman.index.condition import sections_of
from citeman.index.query import Query, Word
from citeman.index.read import Index
from citeman.index.text import searchable
from citeman.named import NamedTuple

LIKE = 0.7
"""How like (1: the same) two words must be for one to be a typing mistake of the other."""
_CHOICES = 4
_TRIES = 24


class Guess(NamedTuple):
    """A query that finds something, for one that does not."""

    query: Query
    exchanged: tuple[tuple[str, str], ...]
    """What was typed and what was taken instead."""


def guess(index: Index, query: Query) -> Guess | None:
    """Return the query that was probably meant, None where none like it finds a paper."""
    wanted = [word for word in query.words if not word.negated and searchable(word.text)]
    if not wanted:
        return None
    vocabulary = dict(index.vocabulary())
    choices = [[word, *islice(_likely(word, vocabulary), _CHOICES)] for word in wanted]
    others = tuple(word for word in query.words if word not in wanted)
    for chosen in islice(sorted(product(*choices), key=lambda chosen: _distance(chosen, wanted)), 1, _TRIES):
        candidate = query._replace(words=(*chosen, *others))
        if index.count(candidate):
            return Guess(candidate, tuple((old.text, new.text) for old, new in zip(wanted, chosen, strict=True) if old != new))
    return None


def unknown_name(index: Index, query: Query) -> str:
    """Return which section, role, type or guide a query names that does not exist, with the nearest that does; or nothing."""
    for one in query.filters:
        known = _known(index, one.name)
        if known and one.value.lower() not in known and not (one.name == "section" and sections_of(one.value, index.sections())):
            return f"no {one.name} {one.value!r}{did_you_mean(one.value.lower(), known)}"
    return ""


def _known(index: Index, name: str) -> list[str]:
    if name == "section":
        return [known for row in index.sections() for known in (row[2], *row[4].split())]
    if name == "role":
        from citeman.lists import ROLES

        return list(ROLES)
    return index.values(name) if name in ("type", "guide") else []


def _likely(word: Word, vocabulary: dict[str, int]) -> Iterator[Word]:
    """The ways to exchange one part of a word or phrase for a likely one, the likeliest first."""
    parts = searchable(word.text).split()
    for place, part in sorted(enumerate(parts), key=lambda pair: vocabulary.get(pair[1], 0)):
        for other in _alike(part, vocabulary):
            yield word._replace(text=" ".join((*parts[:place], other, *parts[place + 1 :])))


def _alike(part: str, vocabulary: dict[str, int]) -> list[str]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if len(part) < 3 or part.isdigit():
        return []
    found = process.extract(part, vocabulary.keys(), scorer=OSA.normalized_similarity, score_cutoff=LIKE, limit=20)
    ranked = sorted(found, key=lambda one: (-round(one[1], 1), -vocabulary[one[0]], one[0]))
    return [other for other, _, _ in ranked if other != part]


def _distance(chosen: tuple[Word, ...], wanted: list[Word]) -> int:
    return sum(one != other for one, other in zip(chosen, wanted, strict=True))
