"""CSL-JSON, as Zotero, pandoc and doi.org write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from citeman.sources import wording
from citeman.sources.crossref.works import TYPES as CROSSREF_TYPES
from citeman.sources.files.found import Found, made, preprint_or

TYPES: Mapping[str, str] = {
    **CROSSREF_TYPES,
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "paper-conference": "inproceedings",
    "chapter": "incollection",
    "entry-encyclopedia": "incollection",
    "entry-dictionary": "incollection",
    "entry": "incollection",
    "book": "book",
    "thesis": "phdthesis",
    "report": "techreport",
    "manuscript": "unpublished",
}
"""CSL type -> BibTeX entry type; everything else (`article`, which is a preprint, `webpage`, `software` …) is `misc`."""

_PLACES = {"article": "journal", "inproceedings": "booktitle", "incollection": "booktitle"}
_MAKERS = {"phdthesis": "school", "mastersthesis": "school", "techreport": "institution"}


def read(document: object) -> tuple[list[Found], list[tuple[int, str]]]:
    """Read one item, a list of them, or `{"items": […]}`."""
    items = document.get("items", document) if isinstance(document, dict) else document
    found: list[Found] = []
    problems: list[tuple[int, str]] = []
    for number, item in enumerate(items if isinstance(items, list) else [items], 1):
        if isinstance(item, dict) and _text(item, "title"):
            found.append(_found(item))
        else:
            problems.append((0, f"item {number} has no title"))
    return found, problems


def _found(item: Mapping[str, Any]) -> Found:
    kind = _type(item)
    date = _date(item.get("issued"))
    fields = {
        "title": wording.title(_text(item, "title")),
        "author": wording.people(wording.split(_people(item.get("author")))),
        "editor": wording.people(wording.split(_people(item.get("editor")))),
        "year": date[:4],
        "date": date,
        _PLACES.get(kind, "series"): wording.plain(_text(item, "container-title")),
        "volume": wording.plain(_text(item, "volume")),
        "number": wording.plain(_text(item, "issue") or _text(item, "number")),
        "pages": wording.pages(wording.plain(_text(item, "page"))),
        _MAKERS.get(kind, "publisher"): wording.plain(_text(item, "publisher")),
        "address": wording.plain(_text(item, "publisher-place")),
        "edition": wording.plain(_text(item, "edition")),
        "doi": wording.first_doi(_text(item, "DOI")) or _text(item, "DOI"),
        "issn": _text(item, "ISSN") if kind == "article" else "",
        "isbn": _text(item, "ISBN"),
        "url": "" if item.get("DOI") else _text(item, "URL"),
    }
    if _PLACES.get(kind):
        fields["series"] = wording.plain(_text(item, "collection-title"))
    key = _text(item, "citation-key") or _text(item, "id")
    return made(kind, preprint_or(fields), "" if "/" in key else key, wording.tidy(_text(item, "abstract")))


def _type(item: Mapping[str, Any]) -> str:
    kind = TYPES.get(_text(item, "type"), "misc")
    genre = _text(item, "genre").lower()
    return "mastersthesis" if kind == "phdthesis" and "master" in genre else kind


def _people(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _date(value: object) -> str:
    """Return the ISO date of date-parts, or of a text that starts with a year."""
    if exact := wording.iso_date(value):
        return exact
    texts = (value.get(name) for name in ("raw", "literal")) if isinstance(value, dict) else iter([value])
    return next(_years(texts), "")


def _years(texts: Iterator[object]) -> Iterator[str]:
    for text in texts:
        if isinstance(text, str) and (found := re.match(r"\d{4}(-\d\d(-\d\d)?)?(?!\d)", text.strip())):
            yield found[0]


def _text(item: Mapping[str, Any], name: str) -> str:
    """Return a text, the first of a list, or a number as text."""
    value = item.get(name)
    value = value[0] if isinstance(value, list) and value else value
    return str(value).strip() if isinstance(value, str | int | float) else ""
