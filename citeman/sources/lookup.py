"""One question for many works of any kind: each service gets its share in batches, and what they point to is asked next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from citeman import ids
from citeman.ids import Identifier
from citeman.sources.http import Session
from citeman.sources.upstream import Answers


def look_up(session: Session, identifiers: Iterable[Identifier | str]) -> Answers:
    """Ask what is known of works, and of their preprints and versions of record that a source asserts.

    arXiv papers go to arXiv (then OAI-PMH and DataCite), DOIs to Crossref (then DataCite), pages of proceedings to these pages.
    What is not asked for by name but pointed to is added when found; when it is not found or not reachable it does not count
    as missing.
    """
    wanted = _parsed(identifiers)
    answers = _first(session, wanted)
    further = [one for one in pointed_to(answers) if not answers.of(one) and one not in wanted]
    if not further:
        return answers
    more = _first(session, further)
    return answers.and_(replace(more, missing=(), unreachable=()))


def pointed_to(answers: Answers) -> list[Identifier]:
    """Return the versions of record and preprints that records assert."""
    named = (name for record in answers.records for name in (record.published_doi, record.preprint))
    return _parsed(name for name in named if name)


def _first(session: Session, wanted: Sequence[Identifier]) -> Answers:
    from citeman.sources import arxiv, pages

    papers = [one for one in wanted if one.kind == "arxiv"]
    dois = [one for one in wanted if one.kind == "doi"]
    others = [one for one in wanted if one.kind not in {"arxiv", "doi"}]
    answers = arxiv.fetch(session, papers) if papers else Answers()
    if dois:
        answers = answers.and_(_dois(session, dois))
    return answers.and_(pages.fetch(session, others)) if others else answers


def _dois(session: Session, dois: Sequence[Identifier]) -> Answers:
    """Ask Crossref, then DataCite for what Crossref does not have, then Crossref again for DOIs that may have moved."""
    from citeman.sources import crossref, datacite

    answers = crossref.fetch(session, dois, aliases=False)
    unknown = _parsed(answers.missing)
    if not unknown:
        return answers
    found = datacite.fetch(session, unknown)
    left = [one for one in unknown if not found.of(one)]
    moved = crossref.fetch(session, left) if left else Answers()
    known = replace(answers, missing=()).and_(replace(found, missing=(), unreachable=()), moved)
    unsure = tuple(str(one) for one in left if found.outages and not known.of(one))
    return replace(
        known,
        missing=tuple(name for name in known.missing if name not in unsure),
        unreachable=tuple(dict.fromkeys([*known.unreachable, *unsure])),
    )


def _parsed(names: Iterable[Identifier | str]) -> list[Identifier]:
    found = (name if isinstance(name, Identifier) else ids.parse(name) for name in names)
    return list(dict.fromkeys(one for one in found if one))
