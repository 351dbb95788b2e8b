"""Crossref's JSON to records: every field that publishers fill in their own way, in the bibliography's terms."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from citeman import ids
from citeman.model import Record, Update
from citeman.sources import wording

TYPES: Mapping[str, str] = {
    "journal-article": "article",
    "proceedings-article": "inproceedings",
    "book-chapter": "incollection",
    "book-section": "incollection",
    "book-part": "incollection",
    "book-track": "incollection",
    "reference-entry": "incollection",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "book-set": "book",
    "book-series": "book",
    "proceedings": "proceedings",
    "proceedings-series": "proceedings",
    "dissertation": "phdthesis",
    "report": "techreport",
    "report-component": "techreport",
    "report-series": "techreport",
    "standard": "techreport",
}
"""Crossref type -> BibTeX entry type; everything else (preprints, data sets, blog posts, unknown types) is `misc`."""

NO_ARTICLES = frozenset(
    {"posted-content", "dataset", "component", "journal-issue", "journal-volume", "journal", "peer-review", "grant", "database"}
)

SELECT = (
    "DOI,type,title,subtitle,author,editor,issued,published-print,published-online,posted,container-title,volume,issue,page,"
    "article-number,publisher,publisher-location,ISSN,ISBN,relation,updated-by,abstract,event,degree,group-title"
)
"""What a list of works is asked for: else 100 works come with megabytes of references. All of it is valid on that route."""

_SERIES = re.compile(
    r"lecture notes|series|proceedings in|advances in intelligent|communications in computer|studies in|\bSPIE\b", re.I
)
_NOTICE = re.compile(r"^\W*(RETRACTED|RETRACTION|WITHDRAWN)(?:\s+(?:ARTICLE|PAPER|CHAPTER))?\s*[:\]\)]\s*", re.IGNORECASE)


class Refused(ValueError):
    """The bytes are no work or list of works, but say why."""


def parse(content: bytes) -> tuple[Record, ...]:
    """Read a work, a list of works or a bare work; raises Refused for error messages, other messages and what is no JSON."""
    return tuple(record for work in works(content) if (record := record_of(work)))


def works(content: bytes) -> Iterator[dict[str, Any]]:
    """Yield the raw works of an answer; raises Refused."""
    try:
        document = json.loads(content)
    except ValueError:
        raise Refused("an answer that is no JSON") from None
    message = document.get("message", document) if isinstance(document, dict) else document
    kind = document.get("message-type", "") if isinstance(document, dict) else ""
    if kind not in {"", "work", "work-list"}:
        raise Refused(_complaint(message) or f"an answer about {kind}")
    found = message.get("items", [message]) if isinstance(message, dict) else message
    if not isinstance(found, list):
        raise Refused("an answer without works")
    yield from (work for work in found if isinstance(work, dict) and isinstance(work.get("DOI"), str))


def _complaint(message: object) -> str:
    """Return the words of a validation failure."""
    found = message if isinstance(message, list) else [message]
    said = (one.get("message", "") if isinstance(one, dict) else str(one) for one in found)
    return "; ".join(str(one).strip() for one in said if one)


def record_of(work: Mapping[str, Any]) -> Record | None:
    """Read one work; None when it has no title of any kind (a component, an empty deposit)."""
    identifier = ids.parse(f"doi:{work['DOI']}")
    kind = _type(work)
    title, notice = _title(work)
    if not identifier or not title:
        return None
    dates = [wording.iso_date(work.get(name)) for name in ("published-print", "issued", "published-online", "posted")]
    issued = next(filter(None, dates), "")
    published, preprint = _relations(work)
    return Record(
        source="crossref",
        identifier=str(identifier),
        type=_degree_type(work) if kind == "phdthesis" else kind,
        fields=_fields(work, kind, title, issued, identifier.value),
        published=wording.earliest(dates),
        updated=issued,
        abstract=wording.tidy(work.get("abstract")),
        published_doi=published,
        preprint=preprint,
        updates=_updates(work, notice, identifier.value),
        aliases=tuple(f"doi:{alias.lower()}" for alias in _strings(work.get("aliases"))),
        hash=hashlib.sha256(json.dumps(work, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
    )


def _type(work: Mapping[str, Any]) -> str:
    """Return the entry type; a type that Crossref has newly thought of is an article when it stands in a volume of a journal."""
    known = str(work.get("type"))
    in_journal = known not in TYPES and known not in NO_ARTICLES and work.get("volume") and _strings(work.get("container-title"))
    return "article" if in_journal else TYPES.get(known, "misc")


def _fields(work: Mapping[str, Any], kind: str, title: str, date: str, doi: str) -> dict[str, str]:
    pages = _text(work, "page") or _text(work, "article-number")
    fields = {
        "title": wording.title(title),
        "author": wording.people(wording.split(_people(work.get("author")))),
        "editor": wording.people(wording.split(_people(work.get("editor")))) if kind not in {"article", "misc"} else "",
        "year": date[:4],
        "date": date,
        **_container(work, kind),
        "volume": wording.plain(_text(work, "volume")),
        "number": wording.plain(_text(work, "issue")),
        "pages": wording.pages(wording.plain(pages)) if kind not in {"book", "proceedings"} else "",
        **_publisher(work, kind),
        "edition": wording.plain(_text(work, "edition-number")),
        "doi": doi,
        "issn": next(iter(_strings(work.get("ISSN"))), "").strip() if kind == "article" else "",
        "isbn": _isbn(work) if kind not in {"article", "misc"} else "",
    }
    return wording.filled(fields)


def _title(work: Mapping[str, Any]) -> tuple[str, str]:
    """Return the title with its subtitle, and the notice (`RETRACTED`) that the publisher put before it."""
    titles = _strings(work.get("title")) or (_strings(work.get("container-title")) if "issue" in str(work.get("type")) else [])
    title = titles[0] if titles else ""
    found = _NOTICE.match(title)
    title = title[found.end() :] if found else title
    subtitle = next(iter(_strings(work.get("subtitle"))), "")
    if subtitle and _plain(subtitle) not in _plain(title):
        title = f"{title}{' ' if title.rstrip().endswith(('?', '!', ':', '.')) else ': '}{subtitle}"
    return title, found[1].lower() if found else ""


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", wording.tidy(text)).casefold()


def _container(work: Mapping[str, Any], kind: str) -> dict[str, str]:
    """Return journal, or booktitle and series; of two container titles the first is usually the series."""
    titles = list(dict.fromkeys(filter(None, map(wording.plain, _strings(work.get("container-title"))))))
    if kind == "article":
        return {"journal": titles[0] if titles else ""}
    if kind == "misc":
        return {}
    if kind in {"book", "proceedings", "phdthesis", "techreport"}:
        return {"series": titles[0] if titles else ""}
    event = work.get("event")
    if not titles and isinstance(event, dict):
        titles = [wording.plain(str(event.get("name") or ""))]
    if len(titles) < 2:
        return {"booktitle": titles[0] if titles else ""}
    series, book = titles[:2]
    if _SERIES.search(book) and not _SERIES.search(series):
        series, book = book, series
    return {"booktitle": book, "series": series}


def _publisher(work: Mapping[str, Any], kind: str) -> dict[str, str]:
    """Return who made it public, under the name that the entry type has for it; an article's journal says enough."""
    found = work.get("institution")
    places = [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]
    institution = wording.plain(str(places[0].get("name") or "")) if places else ""
    publisher = wording.plain(_text(work, "publisher"))
    if kind == "article":
        return {}
    if kind == "phdthesis":
        return {"school": institution or publisher}
    if kind == "techreport":
        return {"institution": institution or publisher}
    if kind == "misc":
        return {"publisher": institution or wording.plain(_text(work, "group-title")) or publisher}
    return {"publisher": publisher, "address": wording.plain(_text(work, "publisher-location"))}


def _degree_type(work: Mapping[str, Any]) -> str:
    return "mastersthesis" if "master" in " ".join(_strings(work.get("degree"))).lower() else "phdthesis"


def _isbn(work: Mapping[str, Any]) -> str:
    typed = [one for one in work.get("isbn-type") or () if isinstance(one, dict)]
    first = sorted(typed, key=lambda one: one.get("type") != "print")
    values = [str(one.get("value")) for one in first] or _strings(work.get("ISBN"))
    return values[0].rpartition("/")[2] if values else ""


def _relations(work: Mapping[str, Any]) -> tuple[str, str]:
    """Return the DOI of the version of record and the identifier of the preprint that the record asserts."""
    relation = work.get("relation")
    relations = relation if isinstance(relation, dict) else {}
    published = next((one.value for one in _related(relations.get("is-preprint-of")) if one.kind == "doi"), "")
    preprint = next((str(one) for one in _related(relations.get("has-preprint"))), "")
    return published, preprint


def _related(values: object) -> Iterator[ids.Identifier]:
    for value in values if isinstance(values, list) else []:
        if isinstance(value, dict) and (found := ids.parse(str(value.get("id") or ""))):
            yield found


def _updates(work: Mapping[str, Any], notice: str, doi: str) -> tuple[Update, ...]:
    """Return the notices about this work, in order of time; a new version of it is no notice, a word in the title is one."""
    found = work.get("updated-by")
    updates = [_update(one) for one in (found if isinstance(found, list) else []) if isinstance(one, dict)]
    kept = sorted((one for one in updates if one.type not in {"", "new_version"}), key=lambda one: (one.date, one.type, one.doi))
    if notice and not any(one.type.startswith(("retract", "withdraw", "removal")) for one in kept):
        kept.append(Update("withdrawal" if notice == "withdrawn" else "retraction", doi, "", "title"))
    return tuple(dict.fromkeys(kept))


def _update(value: Mapping[str, Any]) -> Update:
    kind = re.sub(r"[\s-]+", "_", str(value.get("type") or "").strip().lower())
    when = value.get("updated")
    date = wording.iso_date(when) or (wording.day(str(when.get("date-time") or "")) if isinstance(when, dict) else "")
    return Update(kind, str(value.get("DOI") or "").lower(), date, str(value.get("source") or ""))


def _people(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _strings(value: object) -> list[str]:
    """Return the texts of a field that is a list, a text, None or missing."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str) and one.strip()]


def _text(work: Mapping[str, Any], name: str) -> str:
    return next(iter(_strings(work.get(name))), "")
