"""DataCite: DOIs of data, software, theses and reports, and arXiv's papers when arXiv itself is down."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from citeman import ids
from citeman.ids import Identifier
from citeman.model import Record
from citeman.sources import wording
from citeman.sources.http import Session
from citeman.sources.preprints import batches, preprint_fields
from citeman.sources.upstream import DATACITE, Answer, Answers, Unreachable

BATCH = 50
ARXIV_PREFIX = "10.48550"
FIELDS = (
    "doi,titles,creators,contributors,publisher,publicationYear,container,dates,types,relatedIdentifiers,version,subjects,"
    "descriptions,identifiers"
)

TYPES: Mapping[str, str] = {
    "journalarticle": "article",
    "conferencepaper": "inproceedings",
    "conferenceproceeding": "proceedings",
    "bookchapter": "incollection",
    "book": "book",
    "dissertation": "phdthesis",
    "report": "techreport",
}
"""DataCite's general resource type -> BibTeX entry type; everything else is `misc`."""

_RIS_TYPES = {"THES": "phdthesis", "JOUR": "article", "CPAPER": "inproceedings", "BOOK": "book", "CHAP": "incollection"}


class Refused(ValueError):
    """The bytes are no DOIs of DataCite's, but say why."""


def parse(content: bytes) -> tuple[Record, ...]:
    """Read one DOI or a list of them; raises Refused for error messages and what is no JSON."""
    return tuple(record for one in _resources(content) if (record := _record(one)))


def fetch(session: Session, identifiers: Iterable[Identifier | str]) -> Answers:
    """Fetch DOIs and arXiv papers (`10.48550/arXiv.ID`), 50 a request."""
    found = (ids.parse(str(identifier)) for identifier in identifiers)
    wanted = list(dict.fromkeys(one for one in found if one and one.kind in {"arxiv", "doi"}))
    kept = {one: session.cache.get(_key(one), session.cache_age) for one in wanted}
    answers = Answers.collect(
        (str(one), _record(json.loads(said.body)) if said.status == 200 else None) for one, said in kept.items() if said
    )
    unknown = [one for one, said in kept.items() if not said]
    for batch in batches(unknown, BATCH):
        answers = answers.and_(_fetch_batch(session, batch))
    return answers


def preprints(session: Session, dois: Iterable[str], titles: Iterable[str] = ()) -> tuple[Record, ...]:
    """Return arXiv's papers that are versions of these DOIs, as their authors said, or that bear one of these titles.

    Asked once and briefly; raises Unreachable. The papers of a title are candidates, never an answer.
    """
    clauses = [_any("relatedIdentifiers.relatedIdentifier", dois), _any("titles.title", titles)]
    parameters: dict[str, str | int] = {
        "query": " OR ".join(filter(None, clauses)),
        "prefix": ARXIV_PREFIX,
        "page[size]": 100,
        "fields[dois]": FIELDS,
    }
    url = session.upstream.datacite_url.rstrip("/") + "/dois"
    answer = session.get(DATACITE._replace(hasty=True), url, parameters, check=_no_json, keep=True)
    if answer.status not in {200, 404}:
        raise Unreachable(DATACITE, f"HTTP {answer.status}")
    try:
        found = parse(answer.body) if answer.status == 200 else ()
    except Refused as refusal:
        raise Unreachable(DATACITE, str(refusal)) from None
    return tuple(record for record in found if record.identifier.startswith("arXiv:"))


def _any(name: str, values: Iterable[str]) -> str:
    """Return a query for the records in which a field has one of these values, each as a phrase."""
    phrases = [f'"{text}"' for value in values if (text := re.sub(r'["\\\s]+', " ", value).strip())]
    return f"{name}:({' OR '.join(phrases)})" if phrases else ""


def doi_of(identifier: Identifier) -> str:
    """Return the DOI under which DataCite has an arXiv paper or another work, in lower case."""
    return f"10.48550/arxiv.{identifier.value}" if identifier.kind == "arxiv" else identifier.value


def _fetch_batch(session: Session, batch: Sequence[Identifier]) -> Answers:
    parameters: dict[str, str | int] = {
        "ids": ",".join(map(doi_of, batch)),
        "page[size]": len(batch),
        "fields[dois]": FIELDS,
    }
    url = session.upstream.datacite_url.rstrip("/") + "/dois"
    try:
        answer = session.get(DATACITE, url, parameters, check=_no_json)
        resources = {_doi(one): one for one in _resources(answer.body)} if answer.status == 200 else {}
        if answer.status not in {200, 404}:
            raise Unreachable(DATACITE, f"HTTP {answer.status}")
    except (Unreachable, Refused) as outage:
        return Answers(unreachable=tuple(map(str, batch)), outages={"datacite": getattr(outage, "reason", str(outage))})
    return Answers.collect((str(one), _taken(session, one, resources.get(doi_of(one)))) for one in batch)


def _taken(session: Session, identifier: Identifier, resource: Mapping[str, Any] | None) -> Record | None:
    session.cache.put(_key(identifier), 200 if resource else 404, json.dumps(resource).encode() if resource else b"")
    return _record(resource) if resource else None


def _key(identifier: Identifier) -> str:
    return f"datacite {identifier}"


def _no_json(answer: Answer) -> str:
    try:
        return "" if isinstance(json.loads(answer.body), dict) else "an answer of another kind"
    except ValueError:
        return "an answer that is no JSON"


def _resources(content: bytes) -> list[dict[str, Any]]:
    try:
        document = json.loads(content)
    except ValueError:
        raise Refused("an answer that is no JSON") from None
    if not isinstance(document, dict) or "data" not in document:
        errors = document.get("errors") if isinstance(document, dict) else None
        first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
        raise Refused(str(first.get("title") or "an answer without DOIs"))
    data = document["data"]
    return [one for one in (data if isinstance(data, list) else [data]) if isinstance(one, dict)]


def _attributes(resource: Mapping[str, Any]) -> dict[str, Any]:
    found = resource.get("attributes")
    return found if isinstance(found, dict) else {}


def _doi(resource: Mapping[str, Any]) -> str:
    return str(_attributes(resource).get("doi") or resource.get("id") or "").lower()


def _record(resource: Mapping[str, Any]) -> Record | None:
    """Read one DOI; None when it has no title."""
    attributes = _attributes(resource)
    identifier = ids.parse(f"doi:{_doi(resource)}")
    title = _title(attributes)
    if not identifier or not title:
        return None
    author = wording.people(wording.split([_person(one) for one in _dicts(attributes, "creators")]))
    published = _date(attributes, "Submitted", "v1") or _date(attributes, "Issued")
    arxiv = identifier.kind == "arxiv"
    version = str(attributes.get("version") or "").removeprefix("v")
    kind = "misc" if arxiv else _type(attributes)
    return Record(
        source="datacite",
        identifier=str(identifier),
        type=kind,
        fields=preprint_fields(identifier, title, author, published, _category(attributes))
        if arxiv
        else _fields(attributes, identifier.value, title, author, published, kind),
        version=int(version) if arxiv and version.isdigit() else 0,
        published=published,
        updated=(_date(attributes, "Updated", f"v{version}") or published) if arxiv else _date(attributes, "Issued"),
        abstract=_described(attributes),
        published_doi=_version_of_record(attributes) if arxiv else "",
        hash=hashlib.sha256(json.dumps(attributes, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
    )


def _fields(attributes: Mapping[str, Any], doi: str, title: str, author: str, published: str, kind: str) -> dict[str, str]:
    year = str(attributes.get("publicationYear") or "")
    container = attributes.get("container") if isinstance(attributes.get("container"), dict) else {}
    assert isinstance(container, dict)
    where = wording.plain(str(container.get("title") or ""))
    publisher = attributes.get("publisher")
    by = wording.plain(str((publisher.get("name") if isinstance(publisher, dict) else publisher) or ""))
    name = {"article": "journal", "inproceedings": "booktitle", "incollection": "booktitle"}.get(kind, "series")
    pages = "-".join(filter(None, [str(container.get(part) or "") for part in ("firstPage", "lastPage")]))
    dated = published if published[:4] == year else year
    return wording.filled(
        {
            "title": wording.title(title),
            "author": author,
            "year": year if re.fullmatch(r"[12]\d{3}", year) else "",
            "date": dated if re.fullmatch(r"[12]\d{3}(-\d\d(-\d\d)?)?", dated) else "",
            name: where,
            "volume": wording.plain(str(container.get("volume") or "")),
            "number": wording.plain(str(container.get("issue") or "")),
            "pages": wording.pages(pages) if name != "series" and re.fullmatch(r"\w+(-\w+)?", pages) else "",
            {"phdthesis": "school", "techreport": "institution"}.get(kind, "publisher"): "" if kind == "article" else by,
            "doi": doi,
        }
    )


def _title(attributes: Mapping[str, Any]) -> str:
    """Return the title (not its translation) with its subtitle."""
    titles = [one for one in _dicts(attributes, "titles") if isinstance(one.get("title"), str)]
    main = [one["title"] for one in titles if one.get("titleType") not in {"Subtitle", "TranslatedTitle", "AlternativeTitle"}]
    subtitle = [one["title"] for one in titles if one.get("titleType") == "Subtitle"]
    return ": ".join([*main[:1], *subtitle[:1]]) if main else ""


def _person(creator: Mapping[str, Any]) -> dict[str, Any]:
    if creator.get("familyName") and creator.get("nameType") != "Organizational":
        return {"family": creator["familyName"], "given": creator.get("givenName")}
    name = creator.get("name")
    return {"name": name} if creator.get("nameType") == "Organizational" else {"family": name}


def _type(attributes: Mapping[str, Any]) -> str:
    types = attributes.get("types") if isinstance(attributes.get("types"), dict) else {}
    assert isinstance(types, dict)
    general = str(types.get("resourceTypeGeneral") or "").lower()
    return TYPES.get(general) or (_RIS_TYPES.get(str(types.get("ris")), "misc") if general == "text" else "misc")


def _date(attributes: Mapping[str, Any], kind: str, about: str = "") -> str:
    for one in _dicts(attributes, "dates"):
        if one.get("dateType") == kind and (not about or one.get("dateInformation") == about):
            value = str(one.get("date") or "")
            return wording.day(value) if "T" in value else value
    return ""


def _category(attributes: Mapping[str, Any]) -> str:
    """Return arXiv's primary category, the first of its subjects: `Machine Learning (cs.LG)`."""
    for one in _dicts(attributes, "subjects"):
        found = re.search(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)$", str(one.get("subject") or ""))
        if one.get("subjectScheme") == "arXiv" and found:
            return found[1]
    return ""


def _described(attributes: Mapping[str, Any]) -> str:
    found = (one.get("description") for one in _dicts(attributes, "descriptions") if one.get("descriptionType") == "Abstract")
    return next((wording.tidy(one) for one in found if one), "")


def _version_of_record(attributes: Mapping[str, Any]) -> str:
    """Return the DOI that the author gave arXiv: DataCite says the preprint is a version of it."""
    for one in _dicts(attributes, "relatedIdentifiers"):
        doi = wording.first_doi(str(one.get("relatedIdentifier") or ""))
        if doi and one.get("relationType") == "IsVersionOf" and one.get("relatedIdentifierType") == "DOI":
            return doi
    return ""


def _dicts(attributes: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    values = attributes.get(name)
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []
