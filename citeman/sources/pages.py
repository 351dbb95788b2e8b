"""Pages of proceedings and publishers: the facts in their `citation_*` meta tags, or in the BibTeX that lies beside them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser

from citeman import ids
from citeman.ids import Identifier
from citeman.model import Name, Record
from citeman.sources import wording
from citeman.sources.http import Session
from citeman.sources.upstream import WEB, Answer, Answers, Unreachable, host_of

MOST = 50
"""Pages that one question may ask for: each is a request of its own."""


TALKATIVE = frozenset({"openreview", "pmlr", "jmlr", "acl", "neurips", "neurips-old", "neurips-datasets", "iclr", "mlsys", "cvf"})
"""Kinds whose pages always tell the facts; one that does not is no page of theirs."""


def fetch(session: Session, identifiers: Iterable[Identifier | str]) -> Answers:
    """Fetch works that have a page and no other name; a page that tells no title is no work."""
    found = (one if isinstance(one, Identifier) else ids.parse(one) for one in identifiers)
    wanted = list(dict.fromkeys(one for one in found if one))
    answers = Answers(
        unreachable=tuple(map(str, wanted[MOST:])), outages={"web": "too many pages at once"} if wanted[MOST:] else {}
    )
    for identifier in wanted[:MOST]:
        answers = answers.and_(_fetch_one(session, identifier))
    return answers


def _fetch_one(session: Session, identifier: Identifier) -> Answers:
    name = str(identifier)
    kept = session.cache.get(name, session.cache_age)
    if kept:
        return Answers.collect([(name, parse(kept.body, identifier) if kept.status == 200 else None)])
    try:
        status, body = _page(session, identifier, ids.url_of(identifier))
        record = parse(body, identifier) if status == 200 else None
        if status == 200 and not record and identifier.kind == "acl":
            record = _beside(session, identifier)
        if status == 200 and not record and identifier.kind in TALKATIVE:
            raise Unreachable(
                WEB, f"{host_of(ids.url_of(identifier))} shows a page without the paper's facts, perhaps to robots only"
            )
    except Unreachable as outage:
        return Answers(unreachable=(name,), outages={outage.service: outage.reason})
    session.cache.put(name, 200 if record else 404, body)
    return Answers.collect([(name, record)])


def _page(session: Session, identifier: Identifier, url: str) -> tuple[int, bytes]:
    """Return a page, or the fact that it is gone; raises Unreachable for anything else."""
    answer = session.get(WEB, url, check=_empty, hosts=(host_of(url).removeprefix("www."),))
    if answer.status not in {200, 404, 410}:
        raise Unreachable(WEB, f"{host_of(url)} answers HTTP {answer.status}")
    return answer.status, answer.body


def _beside(session: Session, identifier: Identifier) -> Record | None:
    """Read the BibTeX that the ACL Anthology keeps beside each page."""
    from citeman.sources import files

    status, body = _page(session, identifier, ids.url_of(identifier).rstrip("/") + ".bib")
    if status != 200 or files.kind_of(body.decode("utf-8", "replace")) != "bibtex":
        return None
    found = files.read(body.decode("utf-8", "replace")).found
    return found[0].record._replace(source="web", identifier=str(identifier)) if found else None


def _empty(answer: Answer) -> str:
    return "" if answer.body.strip() else "an empty answer"


def parse(content: bytes, identifier: Identifier) -> Record | None:
    """Read a page's meta tags (Highwire's `citation_title` …, or for a plain page its title); None when it names no work."""
    reader = _Reader()
    reader.feed(content.decode("utf-8", "replace"))
    meta = reader.meta
    title = next(iter(meta.get("citation_title", [])), "") or ("" if identifier.scholarly else _page_title(reader))
    if not title:
        return None
    people = meta.get("citation_author", []) or _listed(meta.get("citation_authors", []))
    dated = _first(meta, "citation_publication_date", "citation_online_date", "citation_date", "citation_conference_date")
    date = _date(dated or _first(meta, "article:published_time", "date", "dc.date"))
    doi = wording.first_doi(_first(meta, "citation_doi", "dc.identifier"))
    arxiv = next((str(one) for one in map(ids.parse, meta.get("citation_arxiv_id", [])) if one), "")
    kind = _type(meta, identifier)
    return Record(
        source="web",
        identifier=str(identifier),
        type=kind,
        fields=_fields(meta, kind, title, people or meta.get("author", []), date, doi, identifier),
        published=date,
        updated=date,
        abstract=wording.tidy(_first(meta, "citation_abstract", "og:description")),
        preprint=arxiv,
        hash=hashlib.sha256(repr(sorted(meta.items())).encode()).hexdigest(),
    )


def _fields(
    meta: Mapping[str, list[str]], kind: str, title: str, people: list[str], date: str, doi: str, identifier: Identifier
) -> dict[str, str]:
    where = {"article": _first(meta, "citation_journal_title"), "inproceedings": _venue(meta)}
    first, last = _first(meta, "citation_firstpage"), _first(meta, "citation_lastpage")
    return wording.filled(
        {
            "title": wording.title(title),
            "author": wording.people(_names(people)),
            "year": date[:4],
            "date": date,
            {"article": "journal", "inproceedings": "booktitle"}.get(kind, "howpublished"): wording.plain(where.get(kind, "")),
            "volume": wording.plain(_first(meta, "citation_volume")),
            "number": wording.plain(_first(meta, "citation_issue")),
            "pages": wording.pages(f"{first}-{last}" if last else first) if first else "",
            "publisher": "" if kind == "article" else wording.plain(_first(meta, "citation_publisher")),
            "doi": doi,
            "isbn": _first(meta, "citation_isbn"),
            "url": ids.url_of(identifier),
        }
    )


def _names(people: Iterable[str]) -> Iterator[Name]:
    for person in people:
        if "," in person:
            yield from wording.split([{"family": person}])
        else:
            yield from wording.displayed([person])


def _venue(meta: Mapping[str, list[str]]) -> str:
    """Return the proceedings' name; OpenReview puts it into the conference's title."""
    return _first(meta, "citation_conference_title", "citation_inbook_title", "citation_book_title", "citation_journal_title")


def _type(meta: Mapping[str, list[str]], identifier: Identifier) -> str:
    if meta.get("citation_conference_title") or identifier.kind in {"pmlr", "neurips", "neurips-old", "iclr", "mlsys", "cvf"}:
        return "inproceedings"
    if meta.get("citation_journal_title") or identifier.kind == "jmlr":
        return "article"
    return "inproceedings" if identifier.kind == "acl" else "misc"


def _listed(values: Iterable[str]) -> list[str]:
    """Split one tag that holds all authors."""
    return [name.strip() for value in values for name in re.split(r";|\s+and\s+", value) if name.strip()]


def _page_title(reader: _Reader) -> str:
    return _first(reader.meta, "og:title", "dc.title", "twitter:title") or " ".join(reader.title.split())


def _first(meta: Mapping[str, list[str]], *names: str) -> str:
    return next((value for name in names for value in meta.get(name, []) if value.strip()), "")


def _date(text: str) -> str:
    """Return an ISO date of `2019/05/24`, `2019-05`, `24 May 2019` …"""
    text = text.strip()
    if found := re.match(r"([12]\d{3})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?!\d)", text):
        return "-".join([found[1], *(f"{int(part):02}" for part in found.groups()[1:] if part)])
    year = re.search(r"\b([12]\d{3})\b", text)
    return year[1] if year else ""


class _Reader(HTMLParser):
    """Collects meta tags (names in lower case) and the title."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.meta: dict[str, list[str]] = {}
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a meta tag's content."""
        values = {name: value or "" for name, value in attrs}
        self._in_title = tag == "title" and not self.title
        if tag == "meta" and (name := (values.get("name") or values.get("property") or "").strip().lower()):
            self.meta.setdefault(name, []).append(" ".join(values.get("content", "").split()))

    def handle_endtag(self, tag: str) -> None:
        """End the title."""
        self._in_title = self._in_title and tag != "title"

    def handle_data(self, data: str) -> None:
        """Take the title's text."""
        if self._in_title:
            self.title += data
