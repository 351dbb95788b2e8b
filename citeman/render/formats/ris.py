"""RIS: what EndNote, Mendeley, Zotero and RefWorks import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from citeman.render.works import Person, Work

TYPES = {
    "article": "JOUR",
    "inproceedings": "CPAPER",
    "conference": "CPAPER",
    "incollection": "CHAP",
    "inbook": "CHAP",
    "book": "BOOK",
    "proceedings": "CONF",
    "phdthesis": "THES",
    "mastersthesis": "THES",
    "thesis": "THES",
    "techreport": "RPRT",
    "report": "RPRT",
    "online": "ELEC",
    "software": "COMP",
    "dataset": "DATA",
    "unpublished": "UNPB",
}


@lru_cache(maxsize=4096)
def record(work: Work) -> str:
    """Return a work as one RIS record."""
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in _lines(work) if value) + "ER  - \r\n"


def dump(works: Iterable[Work]) -> str:
    """Return works as a RIS file; its lines end with CR LF, as the format asks."""
    return "\r\n".join(record(work) for work in works)


def _lines(work: Work) -> Iterator[tuple[str, str]]:
    yield "TY", "UNPB" if work.is_preprint else TYPES.get(work.type, "JOUR" if work.container else "GEN")
    yield "ID", work.key
    yield "TI", work.title
    yield from (("AU", _name(person)) for person in work.authors)
    yield from (("ED" if work.type == "book" else "A2", _name(person)) for person in work.editors)
    yield "PY", work.year
    yield "DA", "/".join([*work.date.split("-"), "", "", ""][:3]) + "/" if "-" in work.date else ""
    yield "T2", work.container
    yield "T3", work.series
    yield "VL", work.volume
    yield "IS", work.number
    yield "SP", work.first_page
    yield "EP", work.last_page
    yield "PB", work.publisher or ("arXiv" if work.is_preprint and work.arxiv else "")
    yield "ET", work.edition
    yield "SN", work.isbn or work.issn
    yield "DO", work.doi
    yield "UR", work.home
    yield "M1", f"arXiv:{work.arxiv}" if work.arxiv else ""
    yield "AB", work.abstract
    yield from (("KW", word) for word in work.keywords)


def _name(person: Person) -> str:
    return person.literal or ", ".join(part for part in (person.surname, person.given, person.suffix) if part)
