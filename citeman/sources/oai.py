"""arXiv's OAI-PMH: the one place that tells a withdrawn paper beyond doubt, and a second way to a paper when the API is down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from citeman import ids
from citeman.ids import Identifier
from citeman.model import Record
from citeman.sources import wording, xml
from citeman.sources.http import Session
from citeman.sources.preprints import preprint_fields
from citeman.sources.upstream import OAI, Answer, Unreachable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

WITHDRAWN = "I"
"""`source_type` of a version without content."""


def parse(content: bytes) -> tuple[Record, ...]:
    """Read GetRecord or ListRecords in any of arXiv's formats; an OAI error is no records; raises NotXml for other bytes."""
    root = xml.parse(content)
    if xml.name_of(root) not in {"OAI-PMH", "record", *_READERS}:
        raise xml.NotXml("an answer that is no OAI-PMH")
    found = (_record(element) for element in root.iter() if xml.name_of(element) in _READERS)
    return tuple(record for record in found if record)


def error(content: bytes) -> str:
    """Return the code of an OAI error (`idDoesNotExist`), or nothing; raises NotXml."""
    found = next(xml.children(xml.parse(content), "error"), None)
    return found.get("code", "unknown") if found is not None else ""


def get(session: Session, identifier: Identifier | str) -> Record | None:
    """Fetch one paper with its versions; None when arXiv has none by that id; raises Unreachable."""
    found = ids.parse(str(identifier))
    if not found or found.kind != "arxiv":
        return None
    parameters = {"verb": "GetRecord", "metadataPrefix": "arXivRaw", "identifier": f"oai:arXiv.org:{found.value}"}
    answer = session.get(OAI, session.upstream.arxiv_oai_url, parameters, check=_no_oai, keep=True)
    if answer.status == 404:
        raise Unreachable(OAI, "it is not where it used to be")
    return next(iter(parse(answer.body)), None)


def _no_oai(answer: Answer) -> str:
    try:
        root = xml.parse(answer.body)
        return "" if xml.name_of(root) == "OAI-PMH" else "an answer that is no OAI-PMH"
    except xml.NotXml as reason:
        return str(reason)


def _record(metadata: Element) -> Record | None:
    """Read one paper's metadata by its format."""
    return _READERS[xml.name_of(metadata)](metadata)


def _raw(metadata: Element) -> Record | None:
    """Read arXivRaw, the format that lists the versions."""
    versions = list(xml.children(metadata, "version"))
    authors = wording.people(wording.authors_line(xml.text_of(metadata, "authors")))
    published = wording.day(xml.text_of(versions[0], "date")) if versions else ""
    last = versions[-1] if versions else None
    version = last.get("version", "").removeprefix("v") if last is not None else ""
    return _made(
        metadata,
        authors,
        published,
        updated=wording.day(xml.text_of(last, "date")) if last is not None else published,
        version=int(version) if version.isdigit() else len(versions),
        withdrawn=last is not None and _is_withdrawn(last),
    )


def _is_withdrawn(version: Element) -> bool:
    return xml.text_of(version, "source_type") == WITHDRAWN and xml.text_of(version, "size").lower() in {"0kb", "0", "1kb"}


def _arxiv(metadata: Element) -> Record | None:
    """Read the format `arXiv`; its `created` is the latest version's date, so it dates nothing but that version."""
    people = next(xml.children(metadata, "authors"), None)
    parts = [
        {
            "family": xml.text_of(author, "keyname"),
            "given": xml.text_of(author, "forenames"),
            "suffix": xml.text_of(author, "suffix"),
        }
        for author in (xml.children(people, "author") if people is not None else ())
    ]
    return _made(metadata, wording.people(wording.split(parts)), "", updated=xml.text_of(metadata, "created"))


def _dublin_core(metadata: Element) -> Record | None:
    """Read Dublin Core: the first date is the first version's."""
    found = (ids.parse("".join(child.itertext()).strip()) for child in xml.children(metadata, "identifier"))
    identifiers = [identifier for identifier in found if identifier]
    arxiv = next((identifier for identifier in identifiers if identifier.kind == "arxiv"), None)
    doi = next((identifier.value for identifier in identifiers if identifier.kind == "doi"), "")
    if not arxiv:
        return None
    creators = ["".join(child.itertext()) for child in xml.children(metadata, "creator")]
    authors = wording.people(wording.split([{"family": creator} for creator in creators]))
    published = xml.text_of(metadata, "date")
    return Record(
        source="arxiv-oai",
        identifier=str(arxiv),
        type="misc",
        fields=preprint_fields(arxiv, xml.text_of(metadata, "title"), authors, published, ""),
        published=published,
        abstract=xml.text_of(metadata, "description"),
        published_doi=doi,
        hash=xml.digest(metadata),
    )


def _made(
    metadata: Element, authors: str, published: str, updated: str = "", version: int = 0, withdrawn: bool = False
) -> Record | None:
    identifier = ids.parse(xml.text_of(metadata, "id"))
    if not identifier or identifier.kind != "arxiv":
        return None
    comment = xml.text_of(metadata, "comments")
    category = xml.text_of(metadata, "categories").partition(" ")[0]
    return Record(
        source="arxiv-oai",
        identifier=str(identifier),
        type="misc",
        fields=preprint_fields(identifier, xml.text_of(metadata, "title"), authors, published, category),
        version=version,
        published=published,
        updated=updated,
        abstract=xml.text_of(metadata, "abstract"),
        comment=comment,
        journal_ref=xml.text_of(metadata, "journal-ref"),
        published_doi=wording.first_doi(xml.text_of(metadata, "doi")),
        withdrawn=(comment or "withdrawn at arXiv, without a reason") if withdrawn else "",
        hash=xml.digest(metadata),
    )


_READERS: Mapping[str, Callable[[Element], Record | None]] = {"arXivRaw": _raw, "arXiv": _arxiv, "dc": _dublin_core}
"""Name of the metadata's element -> its reader."""
