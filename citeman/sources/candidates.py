"""Works that a free text (a title, perhaps with authors and year) may mean: offered with a score, never decided here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from citeman import names, tex
from citeman.likeness import SMALL_WORDS
from citeman.model import Record
from citeman.sources import arxiv, crossref
from citeman.sources.http import Session
from citeman.sources.upstream import Unreachable

MOST = 10
LONGEST_QUERY = 16
"""Words of the text that arXiv is asked for."""
LONG_TITLE = 4
"""Words from which on a whole title is hardly another paper's by chance."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A work that may be meant."""

    record: Record
    score: float
    """From 0 to 1: how much of the text its title, authors and year explain, and how much of its title the text holds."""
    exact: bool
    """Whether the text is its whole title, of some length or with an author of it, and nothing that it does not explain."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was found, the best first, and who could not be asked."""

    found: tuple[Candidate, ...] = ()
    outages: Mapping[str, str] = field(default_factory=dict)


def find(session: Session, text: str) -> Candidates:
    """Ask arXiv and Crossref which works a text may mean; one of them being down is told, not raised."""
    records: list[Record] = []
    outages: dict[str, str] = {}
    for ask in (_ask_arxiv, _ask_crossref):
        try:
            records.extend(ask(session, text))
        except Unreachable as outage:
            outages[outage.service] = outage.reason
        except (arxiv.Refused, crossref.Refused):
            continue
    return Candidates(tuple(rank(text, records)[:MOST]), outages)


def rank(text: str, records: Iterable[Record]) -> list[Candidate]:
    """Order records by how well they fit a text; what shares hardly a word with it is left out."""
    distinct = {record.identifier: record for record in records}
    scored = [_scored(tex.fold(text).split(), record) for record in distinct.values()]
    return sorted((one for one in scored if one.score >= 0.3), key=lambda one: (not one.exact, -one.score))


def _ask_arxiv(session: Session, text: str) -> tuple[Record, ...]:
    """Ask for papers with all words of the text; where there are none (a slip of the pen), for those whose title has most."""
    found = [word for word in tex.fold(text).split() if word.isascii() and len(word) > 1 and word not in SMALL_WORDS]
    words = [word for word in found if not re.fullmatch(r"(19|20)\d\d", word)][:LONGEST_QUERY]
    for form, joint in (("all:{}", " AND "), ("ti:{}", " OR ")):
        query = joint.join(form.format(word) for word in words)
        records = arxiv.search(session, query, limit=MOST, page=MOST) if query else ()
        if records or len(words) < 2:
            return records
    return ()


def _ask_crossref(session: Session, text: str) -> tuple[Record, ...]:
    return crossref.search_bibliographic(session, tex.to_text(text), rows=MOST)


def _scored(wanted: list[str], record: Record) -> Candidate:
    title = tex.fold(record.fields.get("title", "")).split()
    people = [tex.fold(f"{one.family} {one.literal}").split() for one in names.parse(record.fields.get("author", ""))]
    known = {word for words in people for word in words} | {record.fields.get("year", ""), record.published[:4]}
    rest = [word for word in wanted if word not in title]
    unexplained = [word for word in rest if word not in known and word not in {"and", "et", "al"}]
    if not wanted or not title:
        return Candidate(record, 0.0, False)
    held = sum(word in wanted for word in title) / len(title)
    explained = 1 - len(unexplained) / len(wanted)
    whole = _contains(wanted, title) and not unexplained
    score = 2 * held * explained / (held + explained) if held + explained else 0.0
    exact = whole and (len(title) >= LONG_TITLE or bool(rest))
    return Candidate(record, round(score if whole else score * 0.97, 3), exact)


def _contains(words: list[str], part: list[str]) -> bool:
    return any(words[start : start + len(part)] == part for start in range(len(words) - len(part) + 1))
