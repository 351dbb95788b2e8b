"""arXiv's query API: its Atom feed to records, papers by id in batches, searches page by page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from citeman import ids
from citeman.ids import Identifier
from citeman.model import Record
from citeman.sources import wording, xml
from citeman.sources.http import Session
from citeman.sources.preprints import batches, preprint_fields
from citeman.sources.upstream import ARXIV, Answer, Answers, Unreachable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

BATCH = 100
"""Ids in one request; more would make the address too long."""
PAGE = 200
"""Results in one page of a search."""
DEEPEST = 10_000
"""Result at which the API stops paging."""


class Refused(ValueError):
    """arXiv says why it will not answer this question."""


def parse(content: bytes) -> tuple[Record, ...]:
    """Read a feed, or one entry of it; raises NotXml when the bytes are neither and Refused when they are an error feed."""
    return tuple(record for entry in _entries(content) if (record := _record(entry)))


def fetch(session: Session, identifiers: Iterable[Identifier | str]) -> Answers:
    """Fetch the current version of papers, ≤ 100 a request; what arXiv cannot say now, OAI-PMH or DataCite may say."""
    wanted = list(dict.fromkeys(identifier for identifier in map(_arxiv, identifiers) if identifier))
    records, missing, unknown = _kept(session, wanted)
    asked = Answers(tuple(records), tuple(map(str, missing)))
    for batch in batches(unknown, BATCH):
        asked = asked.and_(_fetch_batch(session, batch))
    if not asked.unreachable:
        return asked
    from citeman.sources import fallback

    return asked.and_(fallback.fetch(session, [_known(name) for name in asked.unreachable]))


def search(
    session: Session,
    query: str,
    *,
    limit: int = 50,
    since: str = "",
    until: str = "",
    newest_first: bool = False,
    page: int = PAGE,
) -> tuple[Record, ...]:
    """Return up to `limit` records for a query in arXiv's syntax, submitted between ISO dates; raises Unreachable, Refused.

    An empty page before the promised end is asked once more and then skipped: arXiv sends such pages.
    """
    found: dict[str, Record] = {}
    start, total, empty = 0, 1, 0
    while start < min(total, DEEPEST) and len(found) < limit and empty < 3:
        size = min(page, DEEPEST - start)
        total, records = _page(session, _windowed(query, since, until), start, size, newest_first)
        found.update((record.identifier, record) for record in records)
        empty = 0 if records else empty + 1
        start += size if records or empty == 2 else 0
    return tuple(islice(found.values(), limit))


def withdrawal(session: Session, identifier: Identifier | str) -> Record | None:
    """Return what OAI-PMH says of a paper, `withdrawn` filled in beyond doubt; None for an unknown one; raises Unreachable."""
    from citeman.sources import oai

    return oai.get(session, identifier)


def _arxiv(identifier: Identifier | str) -> Identifier | None:
    """Return an arXiv identifier; anything else is another source's matter, or would make the API refuse the whole list."""
    found = ids.parse(str(identifier))
    return found if found and found.kind == "arxiv" else None


def _known(name: str) -> Identifier:
    found = _arxiv(name)
    assert found
    return found


def _kept(session: Session, wanted: Sequence[Identifier]) -> tuple[list[Record], list[Identifier], list[Identifier]]:
    """Look papers up in the cache: their records, those known to be missing, and those not known."""
    records: list[Record] = []
    missing: list[Identifier] = []
    unknown: list[Identifier] = []
    for identifier in wanted:
        kept = session.cache.get(str(identifier), session.cache_age)
        if kept is None:
            unknown.append(identifier)
        elif kept.status == 404:
            missing.append(identifier)
        else:
            records.extend(parse(kept.body))
    return records, missing, unknown


def _fetch_batch(session: Session, batch: Sequence[Identifier]) -> Answers:
    parameters: dict[str, str | int] = {"id_list": ",".join(one.value for one in batch), "start": 0, "max_results": len(batch)}
    try:
        answer = session.get(ARXIV, session.upstream.arxiv_url, parameters, check=_no_list)
        entries = {record.identifier: (entry, record) for entry in _entries(answer.body) if (record := _record(entry))}
    except Unreachable as outage:
        return Answers(unreachable=tuple(map(str, batch)), outages={outage.service: outage.reason})
    except Refused as refusal:
        return _without_refused(session, batch, str(refusal))
    for name in map(str, batch):
        found = entries.get(name)
        session.cache.put(name, 200 if found else 404, xml.to_bytes(found[0]) if found else b"")
    return Answers.collect((name, entries[name][1] if name in entries else None) for name in map(str, batch))


def _without_refused(session: Session, batch: Sequence[Identifier], reason: str) -> Answers:
    """Ask again without the id that arXiv would not take, should our grammar let one through."""
    refused = [one for one in batch if one.value in reason] or list(batch if len(batch) == 1 else ())
    rest = [one for one in batch if one not in refused]
    if len(rest) == len(batch):
        middle = len(batch) // 2
        return _fetch_batch(session, batch[:middle]).and_(_fetch_batch(session, batch[middle:]))
    answers = Answers(missing=tuple(map(str, refused)))
    return answers.and_(_fetch_batch(session, rest)) if rest else answers


def _page(session: Session, query: str, start: int, size: int, newest_first: bool) -> tuple[int, tuple[Record, ...]]:
    parameters: dict[str, str | int] = {"search_query": query, "start": start, "max_results": size}
    if newest_first:
        parameters |= {"sortBy": "submittedDate", "sortOrder": "descending"}
    answer = session.get(ARXIV, session.upstream.arxiv_url, parameters, check=_no_feed)
    records = parse(answer.body)
    total = xml.text_of(xml.parse(answer.body), "totalResults")
    return int(total) if total.isdigit() else start + len(records), records


def _windowed(query: str, since: str, until: str) -> str:
    """Add a window of submission dates; the API wants minutes, in GMT."""
    if not since and not until:
        return query
    first = date.fromisoformat(since).strftime("%Y%m%d") if since else "19910801"
    last = date.fromisoformat(until).strftime("%Y%m%d") if until else "29991231"
    return f"({query}) AND submittedDate:[{first}0000 TO {last}2359]"


def _no_feed(answer: Answer) -> str:
    """Say why a 200 is no answer: empty, HTML, bare text, broken off."""
    try:
        return "" if xml.name_of(xml.parse(answer.body)) in {"feed", "entry"} else "an answer that is no feed"
    except xml.NotXml as reason:
        return str(reason)


def _no_list(answer: Answer) -> str:
    """Say why a 200 is no answer to a list of ids: also a feed that counts papers and shows none."""
    reason = _no_feed(answer)
    if reason:
        return reason
    feed = xml.parse(answer.body)
    shown = any(True for _ in xml.children(feed, "entry"))
    return "an empty page" if not shown and xml.text_of(feed, "totalResults") not in {"", "0"} else ""


def _entries(content: bytes) -> list[Element]:
    root = xml.parse(content)
    entries = [root] if xml.name_of(root) == "entry" else list(xml.children(root, "entry"))
    if xml.name_of(root) not in {"feed", "entry"}:
        raise xml.NotXml("an answer that is no feed")
    for entry in entries:
        if "/api/errors" in xml.text_of(entry, "id"):
            raise Refused(xml.text_of(entry, "summary") or "arXiv refuses the question")
    return entries


def _record(entry: Element) -> Record | None:
    """Read one entry; None for one that names no paper or was sent broken (its title is "0")."""
    identifier = ids.parse(xml.text_of(entry, "id"))
    title = xml.text_of(entry, "title")
    authors = wording.displayed(xml.text_of(author, "name") for author in xml.children(entry, "author"))
    if not identifier or identifier.kind != "arxiv" or title in {"", "0"}:
        return None
    published = wording.day(xml.text_of(entry, "published"))
    primary = next(xml.children(entry, "primary_category"), None)
    category = primary.get("term", "") if primary is not None else ""
    return Record(
        source="arxiv",
        identifier=str(identifier),
        type="misc",
        fields=preprint_fields(identifier, title, wording.people(authors), published, category),
        version=identifier.version,
        published=published,
        updated=wording.day(xml.text_of(entry, "updated")),
        abstract=xml.text_of(entry, "summary"),
        comment=xml.text_of(entry, "comment"),
        journal_ref=xml.text_of(entry, "journal_ref"),
        published_doi=wording.first_doi(xml.text_of(entry, "doi")),
        hash=xml.digest(entry),
    )
