"""The version of record of a preprint that nobody names: searched for at Crossref, believed only beyond doubt."""

from __future__ import annotations

from citeman import names, tex
from citeman.merge import Verdict, same_work
from citeman.merge.combine import role
from citeman.model import Record
from citeman.sources import crossref
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
