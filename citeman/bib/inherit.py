"""What an entry takes over from others: `crossref` as BibTeX and biblatex do it, and `xdata`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from citeman.model import Entry, Field

Get = Callable[[str], Entry | None]

_DEEPEST = 12
_SEPARATOR = re.compile(r"\s*,\s*")
_TITLES = ("title", "subtitle", "titleaddon")
_PARTS = frozenset(
    {"inbook", "bookinbook", "suppbook", "incollection", "suppcollection", "inproceedings", "conference", "inreference"}
)
_WHOLES = frozenset({"book", "collection", "proceedings", "reference"})

_OWN = frozenset(
    {
        "abstract",
        "annotation",
        "archiveprefix",
        "author+an",
        "crossref",
        "doi",
        "entryset",
        "entrysubtype",
        "eprint",
        "eprintclass",
        "eprinttype",
        "execute",
        "file",
        "ids",
        "indexsorttitle",
        "indextitle",
        "key",
        "keywords",
        "label",
        "options",
        "pages",
        "pagetotal",
        "presort",
        "primaryclass",
        "related",
        "relatedoptions",
        "relatedstring",
        "relatedtype",
        "shorthand",
        "shorthandintro",
        "shorttitle",
        "sortkey",
        "sorttitle",
        "url",
        "urldate",
        "xdata",
        "xref",
    }
)
"""Fields of one work only: biblatex's own list, and what identifies a work, since a chapter has not its book's DOI."""


def resolve(entry: Entry, get: Get) -> Entry:
    """Append the fields that an entry inherits, in turn from what its parents inherit; each ancestor counts once."""
    inherits = any(field.name in ("crossref", "xdata") for field in entry.fields)
    return _resolve(entry, get, {entry.start}, 0) if inherits else entry


def _resolve(entry: Entry, get: Get, seen: set[int], depth: int) -> Entry:
    fields = {field.name: field for field in entry.fields}
    own = set(fields)
    for parent in _parents(entry, "xdata", get, seen):
        for field in _resolve(parent, get, seen, depth + 1).fields if depth < _DEEPEST else parent.fields:
            if field.name not in ("xdata", "ids"):
                fields.setdefault(field.name, field)
    for parent in _parents(entry, "crossref", get, seen):
        for field in _inherited(entry.type, _resolve(parent, get, seen, depth + 1) if depth < _DEEPEST else parent):
            fields.setdefault(field.name, field)
    new = tuple(field for name, field in fields.items() if name not in own)
    return entry._replace(fields=entry.fields + new) if new else entry


def _parents(entry: Entry, name: str, get: Get, seen: set[int]) -> Iterator[Entry]:
    value = entry.get(name)
    for key in _SEPARATOR.split(value) if value else ():
        parent = get(key)
        if parent and parent.start not in seen:
            seen.add(parent.start)
            yield parent


def _inherited(child: str, parent: Entry) -> Iterator[Field]:
    """Give the parent's fields as the child has them; a name that the parent itself uses comes before one that is made."""
    prefix = _title_prefix(child, parent.type)
    for field in parent.fields:
        if field.name not in _OWN and not (prefix and field.name in _TITLES):
            yield field
    for field in parent.fields if prefix else ():
        if field.name in _TITLES:
            yield field._replace(name=prefix + field.name)
        elif field.name == "author" and prefix == "book" and parent.type == "book":
            yield field._replace(name="bookauthor")


def _title_prefix(child: str, parent: str) -> str:
    """Say what a parent's title is for the child: its book's, its journal's, its work's in many volumes, or its own."""
    if parent.startswith("mv") and child in _PARTS | _WHOLES:
        return "main"
    if child in _PARTS:
        return "book"
    return "journal" if child == "article" and parent == "periodical" else ""
