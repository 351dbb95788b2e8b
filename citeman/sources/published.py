"""The version of record of a preprint, and the preprint of a work, that nobody names: searched for, never decided here."""

from __future__ import annotations

from collections.abc import Sequence

from citeman import names, tex
from citeman.merge import Verdict, same_work
from citeman.merge.combine import role
from citeman.model import Record
from citeman.sources import crossref, datacite
from citeman.sources.http import Session


def search(session: Session, preprint: Record) -> list[tuple[Record, Verdict]]:
    """Return the works that may be a preprint's version of record with what was compared, those beyond doubt first.

    Raises Unreachable. A caller may take one only where it is the only one whose decision is `same`.
    """
    authors = names.short(names.parse(preprint.fields.get("author", "")))
    text = f"{tex.to_text(preprint.fields.get('title', ''))} {authors}"
    try:
        found = crossref.search_bibliographic(session, text)
    except crossref.Refused:
        return []
    judged = [(record, same_work(preprint, record)) for record in found if role(record) != "preprint"]
    return [one for decision in ("same", "doubtful") for one in judged if one[1].decision == decision]


def preprints(session: Session, works: Sequence[Record], by_title: bool) -> tuple[Record, ...]:
    """Return arXiv's papers whose authors name one of these works as their version of record, or that bear its title.

    Asks DataCite, which has every paper of arXiv's, 50 works a request; raises Unreachable.
    """
    found: list[Record] = []
    for start in range(0, len(works), datacite.BATCH):
        part = works[start : start + datacite.BATCH]
        titles = [tex.to_text(work.fields.get("title", "")) for work in part] if by_title else []
        found += datacite.preprints(session, [work.fields["doi"] for work in part], titles)
    return tuple(found)
