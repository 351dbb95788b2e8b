"""`search` and `list`: the papers that a query finds, from the index alone where it knows the files as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from citeman.index.find import find_fresh
from citeman.index.query import Query, misspelt, parse
from citeman.index.read import Hit, Index
from citeman.named import NamedTuple

if TYPE_CHECKING:
    from citeman.bib import Bibliography


class Found(NamedTuple):
    """The papers that were found; `total` counts those over the limit too."""

    hits: list[Hit]
    total: int
    instead: tuple[tuple[str, str], ...] = ()
    """When nothing was found as asked: words that were asked for, and the likely ones that were searched for instead."""
    remark: str = ""
    """Why nothing was found, where that can be said."""
    hint: str = ""
    """A filter that is none was taken for words: the one that was probably meant."""


def open_index(directory: str) -> Index:
    """Open the index of the project that a folder lies in, up to date; raises CitemanError where there is no project."""
    index = find_fresh(directory)
    if index:
        return index
    from citeman.project import Project

    return Project.open(directory).open_index()


def search(index: Index, query: str, sort: str = "relevance", limit: int = 0) -> Found:
    """Find papers; where none is as asked, those of the nearest query that finds some. UsageError for a wrong `year:`."""
    asked = parse(query)
    found = _found(index, asked, sort, limit)
    return (found if found.hits else _found_instead(index, asked, sort, limit))._replace(hint=misspelt(asked))


def bibtex(bibliography: Bibliography, keys: Iterable[str]) -> str:
    """Return entries as they stand, with the macros and the parents that they need, as a file of their own."""
    from citeman.render.formats.bibtex import join, source_of

    entries = filter(None, map(bibliography.get, keys))
    return join((entry.key, source_of(bibliography, entry)) for entry in entries)


def _found(index: Index, query: Query, sort: str, limit: int) -> Found:
    hits = index.search(query, sort, limit)
    return Found(hits, index.count(query) if limit and len(hits) == limit else len(hits))


def _found_instead(index: Index, query: Query, sort: str, limit: int) -> Found:
    from citeman.index.nearby import guess, unknown_name

    remark = unknown_name(index, query)
    likely = None if remark else guess(index, query)
    if likely is None:
        return Found([], 0, remark=remark)
    return _found(index, likely.query, sort, limit)._replace(instead=likely.exchanged)
