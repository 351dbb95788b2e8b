"""Whether two records speak of one work: titles, first authors and years agree beyond doubt, perhaps, or not."""

from __future__ import annotations

import re
from typing import Literal

from citeman import names, tex
from citeman.merge.meaning import family, same_person
from citeman.model import Record
from citeman.named import NamedTuple

Decision = Literal["same", "doubtful", "different"]

FAKE_PREFIXES = ("10.65215/",)
"""DOI prefixes whose records are copies of other people's papers."""
YEARS_EARLIER, YEARS_LATER = 1, 4
"""A version of record may be this much older (posted afterwards) or younger than its preprint and be so beyond doubt."""
ARTICLES = frozenset(["a", "an", "the"])
LINKING = ARTICLES | {"and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "over", "to", "towards", "via", "with"}
SPELLING = 0.88
"""From this likeness on two long words are one word in two spellings."""


class Verdict(NamedTuple):
    """Whether two records are one work, and what was compared to say so."""

    decision: Decision
    title: Literal["equal", "close", "far", "unknown"]
    authors: Literal["first", "some", "none", "unknown"]
    """`first`: the first authors agree; `some`: at least half of the shorter list stands in the longer one, in another order."""
    years: Literal["agree", "apart", "unknown"]

    @property
    def reason(self) -> str:
        """What agrees and what does not, for a person to read."""
        return ", ".join((TITLES[self.title], AUTHORS[self.authors], YEARS[self.years]))

    @property
    def contradicts(self) -> bool:
        """Whether the records cannot be one work even where a source (or a person) asserts that they are."""
        if self.title in {"equal", "close"}:
            return self.title == "close" and self.authors == "none"
        if self.authors in {"first", "some"}:
            return self.title == "far" and self.years == "apart"
        return self.title == "far"


TITLES = {
    "equal": "the titles agree",
    "close": "the titles are alike",
    "far": "the titles differ",
    "unknown": "a title is missing",
}
AUTHORS = {
    "first": "the first authors agree",
    "some": "authors agree in another order",
    "none": "the authors differ",
    "unknown": "authors are missing",
}
YEARS = {"agree": "the years agree", "apart": "the years lie far apart", "unknown": "a year is missing"}


def same_work(one: Record, other: Record) -> Verdict:
    """Compare a paper with what may be its version of record (or any two records), by title, first author and years.

    Identifiers play no part: who holds an assertion of a source asks `Verdict.contradicts` instead of the decision.
    """
    title = compare_titles(one.fields.get("title", ""), other.fields.get("title", ""))
    authors = compare_authors(one.fields.get("author", ""), other.fields.get("author", ""))
    years = _years(one, other)
    return Verdict(_decide(title, authors, years, is_fake(one) or is_fake(other)), title, authors, years)


def is_fake(record: Record) -> bool:
    """Whether a record stands under a DOI prefix known for copies of other people's papers."""
    identifiers = (record.identifier.removeprefix("doi:"), record.fields.get("doi", ""))
    return any(identifier.casefold().startswith(FAKE_PREFIXES) for identifier in identifiers)


def compare_titles(one: str, other: str) -> Literal["equal", "close", "far", "unknown"]:
    """Compare two titles: `close` ones differ in spelling, small words or a subtitle, never in a word that carries meaning."""
    if not tex.fold(one).strip() or not tex.fold(other).strip():
        return "unknown"
    if "".join(_words(one, ARTICLES)) == "".join(_words(other, ARTICLES)):
        return "equal"
    if _aligned(_words(one, LINKING), _words(other, LINKING)) or _subtitled(one, other) or _subtitled(other, one):
        return "close"
    return "far"


def compare_authors(one: str, other: str) -> Literal["first", "some", "none", "unknown"]:
    """Compare two author fields."""
    left = [name for name in names.parse(one) if family(name) != "others"]
    right = [name for name in names.parse(other) if family(name) != "others"]
    if not left or not right:
        return "unknown"
    if same_person(left[0], right[0]):
        return "first"
    shorter, longer = sorted((left, right), key=len)
    shared = sum(any(same_person(name, candidate) for candidate in longer) for name in shorter)
    return "some" if shared * 2 >= len(shorter) else "none"


def _words(title: str, small: frozenset[str]) -> list[str]:
    """The words of a title but for the small ones; all of them where it has no others."""
    words = tex.fold(title).split()
    return [word for word in words if word not in small] or words


def _aligned(left: list[str], right: list[str]) -> bool:
    """Whether the words stand one to one, each the same or in another spelling."""
    return len(left) == len(right) and all(map(_spelled_alike, left, right))


def _spelled_alike(one: str, other: str) -> bool:
    import difflib

    if one == other:
        return True
    long = min(len(one), len(other)) >= 5 and one[:2] == other[:2] and one.isalpha() and other.isalpha()
    return long and difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= SPELLING


def _subtitled(title: str, longer: str) -> bool:
    """Whether `longer` is the title with a subtitle behind a colon or a dash; a title of three words or fewer says too little."""
    head = re.split(r":\s|\s[-\u2013\u2014]+\s|[?!]\s", longer, maxsplit=1)
    words = _words(title, ARTICLES)
    return len(head) == 2 and len(words) > 3 and _words(head[0], ARTICLES) == words


def _years(one: Record, other: Record) -> Literal["agree", "apart", "unknown"]:
    left, right = sorted((one, other), key=lambda record: not record.identifier.startswith("arXiv:"))
    preprint, published = _year(left), _year(right)
    if not preprint or not published:
        return "unknown"
    return "agree" if -YEARS_EARLIER <= published - preprint <= YEARS_LATER else "apart"


def _year(record: Record) -> int:
    texts = (record.published, record.fields.get("year", ""), record.fields.get("date", ""))
    years = [re.match(r"\D*(\d{4})(?!\d)", text) for text in texts]
    return next((int(year[1]) for year in years if year), 0)


def _decide(title: str, authors: str, years: str, fake: bool) -> Decision:
    if fake or title == "far" or authors == "none":
        return "different"
    beyond_doubt = title == "equal" and authors == "first" and years == "agree"
    return "same" if beyond_doubt else "doubtful"
