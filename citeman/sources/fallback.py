"""Where to ask about arXiv's papers when its API is down: OAI-PMH for a few, DataCite for many."""

from __future__ import annotations

from collections.abc import Sequence

from citeman.ids import Identifier
from citeman.sources import datacite, oai
from citeman.sources.http import Session
from citeman.sources.upstream import Answers, Unreachable

FEW = 5
"""Papers for which OAI-PMH, one request each at arXiv's pace, is worth the wait; it knows versions and withdrawals."""


def fetch(session: Session, identifiers: Sequence[Identifier]) -> Answers:
    """Ask the other sources about arXiv's papers; what DataCite does not have may be too new for it and stays unreachable."""
    answers = _from_oai(session, identifiers) if len(identifiers) <= FEW else Answers(unreachable=tuple(map(str, identifiers)))
    if not answers.unreachable:
        return answers
    rest = [identifier for identifier in identifiers if str(identifier) in answers.unreachable]
    found = datacite.fetch(session, rest)
    unsure = (*found.missing, *found.unreachable)
    return answers.and_(Answers(found.records, (), unsure, found.outages))


def _from_oai(session: Session, identifiers: Sequence[Identifier]) -> Answers:
    records, missing, unreachable = [], [], []
    outages: dict[str, str] = {}
    for identifier in identifiers:
        try:
            record = oai.get(session, identifier)
        except Unreachable as outage:
            outages[outage.service] = outage.reason
            unreachable.append(str(identifier))
            continue
        if record:
            records.append(record)
        else:
            missing.append(str(identifier))
    return Answers(tuple(records), tuple(missing), tuple(unreachable), outages)
