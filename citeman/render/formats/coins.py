"""COinS: an OpenURL context object in a span's title, by which Zotero and others import a page's works as a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote

from citeman.render.works import Work

_GENRES = {"inproceedings": "proceeding", "conference": "proceeding", "article": "article"}
_BOOKISH = {"book": "book", "incollection": "bookitem", "inbook": "bookitem"}
_UNSAFE = re.compile(r"[^A-Za-z0-9_.~ -]")


def title(work: Work) -> str:
    """Return the value of the `title` of `<span class="Z3988">` (not yet escaped as HTML)."""
    return "&".join(f"{name}={_quoted(value)}" for name, value in _pairs(work) if value)


def _quoted(value: str) -> str:
    """Percent-encode a value as `quote_plus` does, which goes through it byte by byte; few characters need it."""
    return _UNSAFE.sub(_code, value).replace(" ", "+")


def _code(match: re.Match[str]) -> str:
    return _code_of(match[0])


@cache
def _code_of(char: str) -> str:
    return quote(char, safe="")


def _pairs(work: Work) -> Iterator[tuple[str, str]]:
    book = work.type in _BOOKISH
    yield "ctx_ver", "Z39.88-2004"
    yield "rft_val_fmt", f"info:ofi/fmt:kev:mtx:{'book' if book else 'journal'}"
    yield "rft.genre", _BOOKISH.get(work.type) or ("preprint" if work.is_preprint else _GENRES.get(work.type, "unknown"))
    yield ("rft.btitle" if work.type == "book" else "rft.atitle"), work.title
    yield ("rft.btitle" if book else "rft.jtitle"), work.container
    if work.authors and not work.authors[0].literal:
        yield "rft.aulast", work.authors[0].surname
        yield "rft.aufirst", work.authors[0].given
    yield from (("rft.au", person.display) for person in (work.authors[1:] if len(work.authors) > 1 else ()))
    if work.authors and work.authors[0].literal:
        yield "rft.aucorp", work.authors[0].literal
    yield "rft.date", work.date
    yield "rft.volume", work.volume
    yield "rft.issue", work.number
    yield "rft.pages", work.pages.replace("–", "-")
    yield "rft.spage", work.first_page if work.last_page else ""
    yield "rft.epage", work.last_page
    yield "rft.pub", work.publisher
    yield "rft.edition", work.edition
    yield "rft.isbn", work.isbn
    yield "rft.issn", work.issn
    yield "rft_id", f"info:doi/{work.doi}" if work.doi else ""
    yield "rft_id", f"info:arxiv/{work.arxiv}" if work.arxiv else ""
    yield "rft_id", work.home if not work.doi else ""
