"""CSL-JSON: the items that Zotero, pandoc and every CSL processor read (https://citeproc-js.readthedocs.io/en/latest/csl-json)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from citeman.render.works import Person, Work

TYPES = {
    "article": "article-journal",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "proceedings": "book",
    "incollection": "chapter",
    "inbook": "chapter",
    "book": "book",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "techreport": "report",
    "report": "report",
    "software": "software",
    "dataset": "dataset",
    "online": "webpage",
    "unpublished": "manuscript",
}


def item(work: Work) -> dict[str, Any]:
    """Return a work as a CSL-JSON item; what is not known is left out."""
    kind = "article" if work.is_preprint else TYPES.get(work.type, "article-journal" if work.container else "document")
    values: dict[str, Any] = {
        "id": work.key,
        "type": kind,
        "title": work.title,
        "author": _people(work.authors),
        "editor": _people(work.editors),
        "issued": {"date-parts": [[int(part) for part in work.date.split("-")]]} if work.date else None,
        "container-title": work.container,
        "collection-title": work.series,
        "volume": work.volume,
        "issue": work.number if kind != "chapter" else "",
        "page": work.pages.replace("–", "-"),
        "publisher": work.publisher or ("arXiv" if work.is_preprint and work.arxiv else ""),
        "edition": work.edition,
        "number": f"arXiv:{work.arxiv}" if work.is_preprint and work.arxiv else "",
        "DOI": work.doi,
        "URL": work.home,
        "ISBN": work.isbn,
        "ISSN": work.issn,
        "abstract": work.abstract,
        "note": f"arXiv:{work.arxiv}" if work.arxiv and not work.is_preprint else "",
        "keyword": ", ".join(work.keywords),
    }
    return {name: value for name, value in values.items() if value}


def dump(works: Iterable[Work]) -> str:
    """Return works as a CSL-JSON document."""
    return f"{_list([line(work) for work in works])}\n"


def lines(items: Iterable[Any]) -> str:
    """Return a JSON list with one item a line: half as slow to write as indented JSON, and as easy to compare."""
    return _list([json.dumps(one, ensure_ascii=False) for one in items])


@lru_cache(maxsize=4096)
def line(work: Work) -> str:
    """Return a work as a line of a list: on its own page, in its sections' lists and in that of all papers."""
    return json.dumps(item(work), ensure_ascii=False)


def frame(items: Sequence[object]) -> tuple[str, str]:
    """Return what stands before and behind the lines of a list, between which stand commas."""
    return ("[\n", "\n]") if items else ("[", "]")


def _list(lines: Sequence[str]) -> str:
    before, behind = frame(lines)
    return ",\n".join(lines).join((before, behind))


def _people(people: Iterable[Person]) -> list[dict[str, str]]:
    return [_person(person) for person in people]


def _person(person: Person) -> dict[str, str]:
    if person.literal:
        return {"literal": person.literal}
    parts = {
        "family": person.family,
        "given": person.given,
        "non-dropping-particle": person.particle,
        "suffix": person.suffix,
    }
    return {name: value for name, value in parts.items() if value}
