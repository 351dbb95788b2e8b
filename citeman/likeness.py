"""How alike texts are: which sections a paper belongs to, which new papers a section would want."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from citeman import tex

_SMALL = """
    a about all also an and are as at be been between both but by can do does for from has have here how however if in into is
    it its may more most not of on one only or our over paper show shows such than that the their them then there these they
    this those through to two under up upon use used using via was we were what when where which while who why will with
    without you your
"""
SMALL_WORDS = frozenset(_SMALL.split())


def words(text: str) -> list[str]:
    """Split TeX or plain text into the words that carry its topic: folded, plurals made singular, small words left out."""
    return [_singular(word) for word in tex.fold(text).split() if len(word) > 1 and word not in SMALL_WORDS]


def rank(text: str, documents: Mapping[str, str]) -> list[tuple[str, float]]:
    """Order documents by likeness to a text: (name, score from 0 to 1), best first, ties in the order given.

    The score is the cosine of tf-idf vectors; it is 0 for a document that shares no word with the text.
    """
    counts = {name: Counter(words(document)) for name, document in documents.items()}
    weights = _rarity(counts.values())
    query = _vector(Counter(words(text)), weights)
    scores = {name: _cosine(query, _vector(count, weights)) for name, count in counts.items()}
    return sorted(scores.items(), key=lambda item: -item[1])


def held(text: str, documents: Mapping[str, str]) -> dict[str, float]:
    """Return by document which share of a text stands in it word for word, from 0 to 1, counted in runs of three words."""
    wanted = _runs(text)
    return {name: len(wanted & _runs(document)) / len(wanted) if wanted else 0.0 for name, document in documents.items()}


def _runs(text: str) -> set[tuple[str, ...]]:
    found = tex.fold(text).split()
    return set(zip(found, found[1:], found[2:], strict=False))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _rarity(counts: Iterable[Counter[str]]) -> dict[str, float]:
    """Word -> inverse document frequency, never below zero and above it even where there is one document."""
    found = list(counts)
    frequency = Counter(word for count in found for word in count)
    return {word: math.log((len(found) + 1) / number) for word, number in frequency.items()}


def _vector(count: Counter[str], weights: Mapping[str, float]) -> dict[str, float]:
    """A unit vector; words that no document has stand for nothing."""
    vector = {word: (1 + math.log(number)) * weights[word] for word, number in count.items() if word in weights}
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {word: weight / length for word, weight in vector.items()} if length else {}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    small, large = sorted((one, other), key=len)
    return min(1.0, sum(weight * large.get(word, 0.0) for word, weight in small.items()))
