"""One question for many works of any kind: each service gets its share in batches, and what they point to is asked next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from citeman import ids
from citeman.ids import Identifier
from citeman.sources.http import Session
from citeman.sources.preprints import batches
from citeman.sources.upstream import Answers

Step = Callable[[int], None]
"""Called with the number of works that were asked for since the last call."""
BATCH = 100
"""Works between two steps: what arXiv and Crossref take in one request."""
MOST = 12
"""Requests to Crossref after which DOIs that nobody knows are no longer asked for one by one, because they may have moved."""


def look_up(session: Session, identifiers: Iterable[Identifier | str], step: Step = lambda _: None) -> Answers:
    """Ask what is known of works, and of their preprints and versions of record that a source asserts.

    arXiv papers go to arXiv (then OAI-PMH and DataCite), DOIs to Crossref (then DataCite), pages of proceedings to these pages.
    What is not asked for by name but pointed to is added when found; when it is not found or not reachable it does not count
    as missing.
    """
    wanted = _parsed(identifiers)
    answers = _first(session, wanted, step)
    known = {name for record in answers.records for name in (record.identifier, *record.aliases)}
    further = [one for one in pointed_to(answers) if str(one) not in known and one not in wanted]
    if not further:
        return answers
    more = _first(session, further, lambda _: None)
    return answers.and_(more._replace(missing=(), unreachable=()))


def pointed_to(answers: Answers) -> list[Identifier]:
    """Return the versions of record and preprints that records assert."""
    named = (name for record in answers.records for name in (record.published_doi, record.preprint))
    return _parsed(name for name in named if name)


def _first(session: Session, wanted: Sequence[Identifier], step: Step) -> Answers:
    from citeman.sources import arxiv

    parts = [Answers()]
    for batch in batches([one for one in wanted if one.kind == "arxiv"], BATCH):
        parts.append(arxiv.fetch(session, batch))
        step(len(batch))
    dois = [one for one in wanted if one.kind == "doi"]
    parts.append(_dois(session, dois, step) if dois else Answers())
    others = [one for one in wanted if one.kind not in {"arxiv", "doi"}]
    if others:
        from citeman.sources import pages

        parts.append(pages.fetch(session, others))
        step(len(others))
    return parts[0].and_(*parts[1:])


def _dois(session: Session, dois: Sequence[Identifier], step: Step) -> Answers:
    """Ask Crossref, then DataCite for what Crossref does not have, then Crossref again for DOIs that may have moved."""
    from citeman.sources import crossref, datacite

    answers = Answers()
    for batch in batches(dois, BATCH):
        answers = answers.and_(crossref.fetch(session, batch, aliases=False))
        step(len(batch))
    unknown = _parsed(answers.missing)
    if not unknown:
        return answers
    found = datacite.fetch(session, unknown)
    left = [one for one in unknown if str(one) not in {record.identifier for record in found.records}]
    moved = crossref.fetch_moved(session, left, max(0, MOST - session.requests["crossref"]))
    known = answers._replace(missing=()).and_(found._replace(missing=(), unreachable=()), moved)
    unsure = tuple(str(one) for one in left if found.outages and not known.of(one))
    return known._replace(
        missing=tuple(name for name in known.missing if name not in unsure),
        unreachable=tuple(dict.fromkeys([*known.unreachable, *unsure])),
    )


def _parsed(names: Iterable[Identifier | str]) -> list[Identifier]:
    found = (name if isinstance(name, Identifier) else ids.parse(name) for name in names)
    return list(dict.fromkeys(one for one in found if one))
