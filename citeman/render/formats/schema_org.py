"""schema.org as JSON-LD: what search engines read of a page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from citeman.render.works import Work

_TYPES = {"book": "Book", "incollection": "Chapter", "inbook": "Chapter", "phdthesis": "Thesis", "mastersthesis": "Thesis"}


def article(work: Work) -> dict[str, Any]:
    """Return a work as a schema.org object."""
    values: dict[str, Any] = {
        "@type": _TYPES.get(work.type, "ScholarlyArticle"),
        "name": work.title,
        "author": [{"@type": "Organization" if one.literal else "Person", "name": one.display} for one in work.authors],
        "datePublished": work.date,
        "isPartOf": {"@type": "Periodical" if work.type == "article" else "PublicationVolume", "name": work.container}
        if work.container
        else None,
        "pagination": work.pages,
        "publisher": {"@type": "Organization", "name": work.publisher} if work.publisher else None,
        "identifier": _identifiers(work),
        "isbn": work.isbn,
        "abstract": work.abstract,
        "url": work.home,
        "sameAs": [url for url in work.addresses.values() if url != work.home],
    }
    return {name: value for name, value in values.items() if value}


def paper_page(work: Work) -> str:
    """Return the JSON-LD of a paper's page."""
    return script({"@context": "https://schema.org", **article(work)})


def list_page(title: str, works: Sequence[Work]) -> str:
    """Return the JSON-LD of a page that lists works in order."""
    elements = [{"@type": "ListItem", "position": number, "item": _short(work)} for number, work in enumerate(works, 1)]
    return script({"@context": "https://schema.org", "@type": "ItemList", "name": title, "itemListElement": elements})


def script(value: Any) -> str:
    """Return JSON that can stand inside a `<script>` element: nothing in it ends the element or opens a comment."""
    return escaped(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def escaped(text: str) -> str:
    """Return JSON with every character written as `\\u…` that could mean something to HTML or to JavaScript."""
    for char, code in _ESCAPES.items():
        text = text.replace(char, code)
    return text


_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def _short(work: Work) -> dict[str, Any]:
    return {name: value for name, value in article(work).items() if name in {"@type", "name", "url"}}


def _identifiers(work: Work) -> list[dict[str, str]]:
    pairs = (("DOI", work.doi), ("arXiv", work.arxiv))
    return [{"@type": "PropertyValue", "propertyID": kind, "value": value} for kind, value in pairs if value]
