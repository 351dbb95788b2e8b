"""Asking Crossref: many DOIs in one request, single ones where that cannot be, and bibliographic searches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from citeman import ids
from citeman.ids import Identifier
from citeman.model import Record
from citeman.sources.crossref.works import SELECT, Refused, record_of, works
from citeman.sources.http import Session
from citeman.sources.upstream import CROSSREF, Answer, Answers, Unreachable

BATCH = 100
"""DOIs in one request at most."""
LONGEST_FILTER = 4_000
"""Characters of one request's list of DOIs, well below what servers take as an address."""
ALIASES = 10
"""Unknown DOIs that are asked for one by one, because they may have moved."""
FAKE_PREFIXES = ("10.65215/",)
"""Prefixes that hold copies of other people's papers; a search never returns them."""
NO_PAPERS = frozenset(
    {"component", "journal", "journal-issue", "journal-volume", "peer-review", "grant", "book-series", "database"}
)


def fetch(session: Session, identifiers: Iterable[Identifier | str], *, aliases: bool = True) -> Answers:
    """Fetch works by DOI, up to 100 a request. A DOI that moved is found under its old name too, unless `aliases` is false."""
    wanted = list(dict.fromkeys(identifier for identifier in map(_doi, identifiers) if identifier))
    answers, unknown = _kept(session, wanted)
    singles = [one for one in unknown if "," in one.value]
    for batch in _batches([one for one in unknown if one not in singles]):
        answers = answers.and_(_fetch_batch(session, batch))
    missing = [one for one in wanted if str(one) in answers.missing and one in unknown] if aliases else []
    for identifier in [*singles, *missing[:ALIASES]]:
        answers = answers._replace(missing=tuple(name for name in answers.missing if name != str(identifier)))
        answers = answers.and_(_fetch_one(session, identifier))
    return answers


def fetch_moved(session: Session, unknown: Iterable[Identifier], most: int) -> Answers:
    """Ask for DOIs one by one, at their own addresses, where those that moved redirect; those beyond `most` are missing."""
    wanted = list(unknown)
    answers, rest = _kept(session, wanted)
    for identifier in rest[:most]:
        answers = answers.and_(_fetch_one(session, identifier))
    return answers.and_(Answers(missing=tuple(map(str, rest[most:]))))


def search_bibliographic(session: Session, text: str, *, rows: int = 10) -> tuple[Record, ...]:
    """Return the works that Crossref ranks first for a free text: candidates, never an answer; raises Unreachable."""
    parameters: dict[str, str | int] = {"query.bibliographic": " ".join(text.split())[:500], "rows": rows, "select": SELECT}
    answer = _get(session, "/works", parameters, keep=True)
    found = [work for work in works(answer.body) if work.get("type") not in NO_PAPERS]
    records = (record_of(work) for work in found if not str(work["DOI"]).startswith(FAKE_PREFIXES))
    return tuple(record for record in records if record)


def _doi(identifier: Identifier | str) -> Identifier | None:
    """Return a DOI's identifier; arXiv's own DOIs are DataCite's, Crossref does not know them."""
    found = ids.parse(str(identifier))
    return found if found and found.kind == "doi" else None


def _kept(session: Session, wanted: Sequence[Identifier]) -> tuple[Answers, list[Identifier]]:
    records, missing, unknown = [], [], []
    for identifier in wanted:
        kept = session.cache.get(str(identifier), session.cache_age)
        if kept is None:
            unknown.append(identifier)
        elif kept.status == 404:
            missing.append(str(identifier))
        elif record := _aliased(json.loads(kept.body), identifier):
            records.append(record)
    return Answers(tuple(records), tuple(missing)), unknown


def _batches(identifiers: Sequence[Identifier]) -> Iterator[list[Identifier]]:
    """Cut a list into pieces that an address can hold."""
    batch: list[Identifier] = []
    length = 0
    for identifier in identifiers:
        size = len(_term(identifier)) + 1
        if batch and (len(batch) == BATCH or length + size > LONGEST_FILTER):
            yield batch
            batch, length = [], 0
        batch.append(identifier)
        length += size
    if batch:
        yield batch


def _term(identifier: Identifier) -> str:
    return f"doi:{quote(identifier.value, safe='/:()')}"


def _fetch_batch(session: Session, batch: Sequence[Identifier]) -> Answers:
    query = f"filter={','.join(map(_term, batch))}&rows={len(batch)}&select={SELECT}"
    try:
        found = {str(work["DOI"]).lower(): work for work in works(_get(session, f"/works?{query}").body)}
    except Unreachable as outage:
        return _outage(batch, outage)
    except Refused:
        return _halves(session, batch)
    return Answers.collect((str(one), _taken(session, one, found.get(one.value))) for one in batch)


def _halves(session: Session, batch: Sequence[Identifier]) -> Answers:
    """Ask again in smaller pieces for what Crossref would not take as a whole."""
    if len(batch) == 1:
        return _fetch_one(session, batch[0])
    middle = len(batch) // 2
    return _fetch_batch(session, batch[:middle]).and_(_fetch_batch(session, batch[middle:]))


def _fetch_one(session: Session, identifier: Identifier) -> Answers:
    """Ask for one DOI by its own address, where one that moved redirects."""
    try:
        answer = _get(session, f"/works/{quote(identifier.value, safe='')}")
        work = next(works(answer.body), None) if answer.status == 200 else None
    except Unreachable as outage:
        return _outage([identifier], outage)
    except Refused:
        work = None
    if work is None:
        session.cache.put(str(identifier), 404, b"")
    return Answers.collect([(str(identifier), _taken(session, identifier, work))])


def _taken(session: Session, identifier: Identifier, work: dict[str, Any] | None) -> Record | None:
    """Keep a work and read it; one without a title is no paper. That a list lacks it is not kept: it may have moved."""
    if work is None:
        return None
    session.cache.put(str(identifier), 200, json.dumps(work, ensure_ascii=False).encode())
    return _aliased(work, identifier)


def _aliased(work: dict[str, Any], asked: Identifier) -> Record | None:
    """Read a work; when it answers to another DOI than its own, say so."""
    record = record_of(work)
    if not record or record.identifier == str(asked):
        return record
    return record._replace(aliases=tuple(dict.fromkeys([*record.aliases, str(asked)])))


def _outage(batch: Sequence[Identifier], outage: Unreachable) -> Answers:
    return Answers(unreachable=tuple(map(str, batch)), outages={outage.service: outage.reason})


def _get(session: Session, path: str, parameters: dict[str, str | int] | None = None, *, keep: bool = False) -> Answer:
    """Ask Crossref; lists and single works have limits of their own. Raises Refused for a 400."""
    route = "array" if path.startswith("/works?") or path == "/works" else "single"
    url = session.upstream.crossref_url.rstrip("/") + path
    if session.upstream.mailto and "?" not in path:
        parameters = {**(parameters or {}), "mailto": session.upstream.mailto}
    answer = session.get(CROSSREF, url, parameters, check=_no_json, route=route, keep=keep)
    if answer.status in {400, 413, 414, 431}:
        raise Refused(f"HTTP {answer.status}")
    if answer.status not in {200, 404}:
        raise Unreachable(CROSSREF, f"HTTP {answer.status}")
    return answer


def _no_json(answer: Answer) -> str:
    try:
        return "" if isinstance(json.loads(answer.body), dict) else "an answer of another kind"
    except ValueError:
        return "an answer that is no JSON"
