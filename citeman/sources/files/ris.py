"""RIS, as publishers' sites and reference managers export it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from citeman.errors import CitemanError
from citeman.sources import wording
from citeman.sources.files.found import Found, made, preprint_or

_TAG = re.compile(r"\ufeff?(TY|ER)\s{0,2}-")

TYPES: Mapping[str, str] = {
    "JOUR": "article",
    "JFULL": "article",
    "EJOUR": "article",
    "MGZN": "article",
    "NEWS": "article",
    "CPAPER": "inproceedings",
    "CONF": "inproceedings",
    "CHAP": "incollection",
    "ECHAP": "incollection",
    "ENCYC": "incollection",
    "BOOK": "book",
    "EBOOK": "book",
    "EDBOOK": "book",
    "THES": "phdthesis",
    "RPRT": "techreport",
    "UNPB": "unpublished",
}
"""RIS type -> BibTeX entry type; everything else is `misc`."""


def read(text: str, path: str) -> tuple[list[Found], list[tuple[int, str]]]:
    """Read all references of a RIS text; raises CitemanError when rispy cannot."""
    import rispy

    whole, broken = _ended(text)
    try:
        references = rispy.loads(whole, skip_unknown_tags=True)
    except (rispy.parser.ParseError, ValueError, KeyError, IndexError, OSError, NotImplementedError) as error:
        raise CitemanError(f"this is no RIS: {' '.join(str(error).split()) or type(error).__name__}", path) from None
    found: list[Found] = []
    problems = [(broken, "this reference breaks off: its `ER  -` is missing")] if broken else []
    for number, reference in enumerate(references, 1):
        if _first(reference, "primary_title", "title"):
            found.append(_found(reference))
        else:
            problems.append((0, f"reference {number} has no title"))
    return found, problems


def _ended(text: str) -> tuple[str, int]:
    """Return a text whose references all end before the next one starts, and the line of one at its end that breaks off."""
    start, lines = 0, []
    for number, line in enumerate(text.splitlines(), 1):
        tag = _TAG.match(line)
        if tag and tag[1] == "TY" and start:
            lines.append("ER  - ")
        start = number if tag and tag[1] == "TY" else 0 if tag else start
        lines.append(line)
    return "\n".join(lines), start


def _found(reference: Mapping[str, Any]) -> Found:
    kind = TYPES.get(_first(reference, "type_of_reference").strip().upper(), "misc")
    date = _date(_first(reference, "date", "publication_year", "year"))
    first, last = _first(reference, "start_page"), _first(reference, "end_page")
    venue = _first(reference, "journal_name", "secondary_title", "alternate_title3", "alternate_title2", "alternate_title1")
    code = _first(reference, "issn")
    maker = {"phdthesis": "school", "techreport": "institution"}.get(kind, "publisher")
    fields = {
        "title": wording.title(_first(reference, "primary_title", "title")),
        "author": wording.people(_names(reference, "first_authors", "authors")),
        "editor": wording.people(_names(reference, "editors", "secondary_authors")) if kind != "article" else "",
        "year": date[:4],
        "date": date,
        {"article": "journal", "inproceedings": "booktitle", "incollection": "booktitle"}.get(kind, "series"): wording.plain(
            venue
        ),
        "volume": wording.plain(_first(reference, "volume")),
        "number": wording.plain(_first(reference, "number")),
        "pages": wording.pages(f"{first}-{last}" if last and "-" not in first else first),
        maker: "" if kind == "article" else wording.plain(_first(reference, "publisher")),
        "address": "" if kind == "article" else wording.plain(_first(reference, "place_published")),
        "edition": wording.plain(_first(reference, "edition")),
        "doi": wording.first_doi(_first(reference, "doi")) or _first(reference, "doi"),
        "issn" if kind == "article" else "isbn": code.split(" ")[0],
        "url": "" if reference.get("doi") else _first(reference, "urls", "url", "link_to_pdf"),
    }
    return made(kind, preprint_or(fields), abstract=wording.tidy(_first(reference, "abstract", "notes_abstract")))


def _names(reference: Mapping[str, Any], *names: str) -> Any:
    values = next((value for name in names if isinstance(value := reference.get(name), list) and value), [])
    return wording.split([{"family": str(one)} for one in values])


def _date(text: str) -> str:
    """Return the ISO date of `2019/05/24/`, `2019///`, `2019-05`, `24 May 2019`."""
    found = re.match(r"\s*(\d{4})(?:[/-](\d{1,2})(?:[/-](\d{1,2}))?)?(?!\d)", text)
    if found:
        return "-".join([found[1], *(f"{int(part):02}" for part in found.groups()[1:] if part)])
    year = re.search(r"\b([12]\d{3})\b", text)
    return year[1] if year else ""


def _first(reference: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = reference.get(name)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""
