"""References in the built-in style: one entry as a line of text or HTML, for every entry type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from citeman import ids, names, tex
from citeman.labels.assign import NO_YEAR, year
from citeman.model import Entry, Name

MOST_AUTHORS = 10
"""A longer list of names is cut to its first `SHOWN_AUTHORS` and `et al.`."""
SHOWN_AUTHORS = 8

_ENDED = re.compile(r"[.?!…](?:[”’]|</?[a-z]+>)*\Z")
_RANGE = re.compile(r"(?<=\d)\s*-{1,3}\s*(?=[A-Za-z]?\d)")
_ARXIV_VENUE = re.compile(r"\s*(?:arxiv|corr)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+")
_THESES = {
    "phdthesis": "PhD thesis",
    "mastersthesis": "Master’s thesis",
    "mathesis": "Master’s thesis",
    "bathesis": "Bachelor’s thesis",
    "thesis": "Thesis",
}
_REPORTS = {"techreport": "Technical report", "report": "Report", "resreport": "Research report"}
_WORKS = frozenset(
    {*_THESES, "book", "mvbook", "collection", "mvcollection", "proceedings", "mvproceedings", "booklet", "manual"}
)
"""Types whose title is the name of a whole work."""


class _Writer(Protocol):
    def show(self, value: str) -> str: ...
    def work(self, value: str) -> str: ...
    def plain(self, text: str) -> str: ...
    def link(self, text: str, url: str) -> str: ...


class _Text:
    """Writes a reference as plain text."""

    def show(self, value: str) -> str:
        return tex.to_text(value)

    work = show

    def plain(self, text: str) -> str:
        return text

    def link(self, text: str, url: str) -> str:
        return text


class _Html:
    """Writes a reference as an HTML fragment: names of works in `<cite>`, identifiers as links."""

    def show(self, value: str) -> str:
        return tex.to_html(value, links=False)

    def work(self, value: str) -> str:
        return f"<cite>{self.show(value)}</cite>"

    def plain(self, text: str) -> str:
        return tex.escape_html(text)

    def link(self, text: str, url: str) -> str:
        target = tex.link_target(url)
        return f'<a href="{tex.escape_html(target)}">{tex.escape_html(text)}</a>' if target else self.plain(text)


def reference(entry: Entry, suffix: str = "") -> str:
    """Return an entry, its cross-references resolved, as one line of plain text; `suffix` is the letter of its label."""
    return _reference(entry, suffix, _Text())


def reference_html(entry: Entry, suffix: str = "") -> str:
    """Return the same line as a safe HTML fragment, names of works in `<cite>`, identifiers as links."""
    return _reference(entry, suffix, _Html())


def venue(entry: Entry) -> str:
    """Return where a work came out, as plain text: journal, proceedings, publisher, school; empty for a bare preprint."""
    for field in ("journal", "journaltitle", "booktitle", "school", "institution", "publisher", "howpublished", "organization"):
        value = entry.get(field)
        if value and not _ARXIV_VENUE.match(value) and "\\url" not in value and "://" not in value:
            return tex.to_text(value)
    return ""


def _reference(entry: Entry, suffix: str, writer: _Writer) -> str:
    sentences = [_who_and_when(entry, suffix, writer), _title(entry, writer), *_details(entry, writer)]
    closed = [part if _ENDED.search(part) else f"{part}." for part in sentences if part]
    return " ".join([*closed, *_links(entry, writer)])


def _who_and_when(entry: Entry, suffix: str, writer: _Writer) -> str:
    when = f"({writer.plain(year(entry))}{suffix})"
    authors = people(names.parse(entry.get("author")))
    editors = people(names.parse(entry.get("editor"))) if entry.type in _WORKS else ""
    if authors:
        return f"{writer.plain(authors)} {when}"
    if editors:
        return f"{writer.plain(editors)} ({_role(entry)}) {when}"
    return "" if year(entry) == NO_YEAR else when


def people(authors: tuple[Name, ...]) -> str:
    """Return names in reading order: `A, B, and C`; a long list is cut."""
    shown = [names.display(name) for name in authors if name != names.OTHERS]
    if len(shown) > MOST_AUTHORS:
        shown, more = shown[:SHOWN_AUTHORS], True
    else:
        more = names.OTHERS in authors
    if more:
        return ", ".join([*shown, "et al."])
    return ", and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 2 else " and ".join(shown)


def _role(entry: Entry) -> str:
    return "eds." if len(names.parse(entry.get("editor"))) > 1 else "ed."


def _title(entry: Entry, writer: _Writer) -> str:
    title = entry.get("title")
    if not title:
        return ""
    is_work = entry.type in _WORKS or (entry.type == "inbook" and not entry.get("booktitle"))
    shown = writer.work(title) if is_work else writer.show(title)
    edition = entry.get("edition")
    return f"{shown} ({writer.plain(_edition(edition))})" if edition and entry.type in _WORKS else shown


def _edition(value: str) -> str:
    shown = tex.to_text(value).removesuffix(" edition").removesuffix(" Edition").removesuffix(" ed.")
    if not shown.isdigit():
        return f"{shown} ed."
    ending = "th" if shown[-2:-1] == "1" else {"1": "st", "2": "nd", "3": "rd"}.get(shown[-1], "th")
    return f"{shown}{ending} ed."


def _details(entry: Entry, writer: _Writer) -> Iterator[str]:
    """Yield the sentences after the title: where the work came out, by its type."""
    kind = entry.type
    if kind in _THESES:
        yield _listed(writer, [_thesis(entry), *_values(entry, "school", "institution")])
    elif kind in _REPORTS:
        yield _listed(writer, [_report(entry), *_values(entry, "institution", "organization")])
    elif kind in _WORKS:
        yield _series(entry, writer)
        yield _publisher(entry, writer)
    elif entry.get("journal") or entry.get("journaltitle"):
        yield _journal(entry, writer)
    elif entry.get("booktitle") or kind in {"incollection", "inbook"}:
        yield _container(entry, writer)
        yield _publisher(entry, writer)
    else:
        yield from _loose(entry, writer)


def _values(entry: Entry, *fields: str) -> list[str]:
    """Return the first of these fields that has a value, if any."""
    return [value for value in (entry.get(field) for field in fields) if value][:1]


def _listed(writer: _Writer, values: Iterable[str]) -> str:
    return ", ".join(writer.show(value) for value in values if value)


def _thesis(entry: Entry) -> str:
    kind = entry.get("type")
    return _THESES.get(kind.lower(), kind) or _THESES[entry.type]


def _report(entry: Entry) -> str:
    kind = entry.get("type")
    return " ".join(filter(None, [_REPORTS.get(kind.lower(), kind) or _REPORTS[entry.type], entry.get("number")]))


def _journal(entry: Entry, writer: _Writer) -> str:
    """Return `Journal, 22(3):400–407`; nothing for arXiv, whose id stands among the links."""
    name = (_values(entry, "journal", "journaltitle") or [""])[0]
    if _ARXIV_VENUE.match(name):
        return ""
    number = _values(entry, "number", "issue")
    issue = writer.show(entry.get("volume")) + (f"({writer.show(number[0])})" if number else "")
    pages = _pages(entry, writer)
    place = f"{issue}:{pages}" if issue and pages else issue or (f"p. {pages}" if pages.isdigit() else pages)
    return ", ".join(filter(None, [writer.work(name), place]))


def _pages(entry: Entry, writer: _Writer) -> str:
    pages = entry.get("pages")
    return writer.show(_RANGE.sub("--", pages) if pages else (_values(entry, "eid", "articleno") or [""])[0])


def _container(entry: Entry, writer: _Writer) -> str:
    """Return `In Editor (ed.), Book, Series 42, pp. 1–9`."""
    editors = people(names.parse(entry.get("editor")))
    book = entry.get("booktitle")
    pages = _pages(entry, writer)
    many = "–" in pages or "," in pages
    parts = [
        f"{writer.plain(editors)} ({_role(entry)})" if editors else "",
        writer.work(book) if book else "",
        writer.plain(_edition(entry.get("edition"))) if entry.get("edition") else "",
        _series(entry, writer),
        f"chapter {writer.show(entry.get('chapter'))}" if entry.get("chapter") else "",
        f"{'pp.' if many else 'p.'} {pages}" if pages else "",
    ]
    listed = ", ".join(filter(None, parts))
    return f"In {listed}" if editors or book else listed[:1].upper() + listed[1:]


def _series(entry: Entry, writer: _Writer) -> str:
    series, volume = writer.show(entry.get("series")), writer.show(entry.get("volume") or entry.get("number"))
    if series and volume:
        return f"{series} {volume}"
    return series or (f"volume {volume}" if volume else "")


def _publisher(entry: Entry, writer: _Writer) -> str:
    houses = [value for value in _values(entry, "publisher", "organization") if not _ARXIV_VENUE.match(value)]
    return _listed(writer, [*houses, *_values(entry, "address", "location")])


def _loose(entry: Entry, writer: _Writer) -> Iterator[str]:
    """Yield what a web page, a piece of software or an unpublished note says of itself, but no bare address: that is a link."""
    if entry.get("version"):
        yield f"Version {writer.show(entry.get('version'))}"
    for fields in (("howpublished", "type"), ("organization", "institution", "publisher"), ("note",)):
        for value in _values(entry, *fields):
            if not _ADDRESS.fullmatch(tex.to_text(value)) and not _ARXIV_VENUE.match(value):
                yield writer.show(value)
    if entry.type == "unpublished" and not entry.get("note"):
        yield "Unpublished manuscript"


def _links(entry: Entry, writer: _Writer) -> Iterator[str]:
    """Yield DOI and arXiv id; the address only where there is neither."""
    found = {identifier.kind: identifier for identifier in reversed(ids.of_entry(entry)) if identifier.kind in {"doi", "arxiv"}}
    if doi := found.get("doi"):
        yield writer.link(f"doi:{doi.value}", ids.url_of(doi))
    if arxiv := found.get("arxiv"):
        yield writer.link(f"arXiv:{arxiv.value}", ids.url_of(arxiv))
    if not found and (address := _address(entry)):
        yield writer.link(address, address)


def _address(entry: Entry) -> str:
    for field in ("url", "howpublished", "note"):
        if match := _ADDRESS.search(tex.to_text(entry.get(field))):
            return match.group().rstrip(".,;")
    return ""
