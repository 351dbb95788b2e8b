"""A work in plain Unicode: what every format and every page is made from, read once from its BibTeX entry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from citeman import ids, names, tex
from citeman.model import Entry, Name
from citeman.named import NamedTuple
from citeman.render import addresses

_YEAR = re.compile(r"\d{4}")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: f"{number:02}" for number, name in enumerate(_MONTH_NAMES, 1)}
_PREPRINT_PLACES = re.compile(r"\barxiv\b|\bcorr\b|biorxiv|medrxiv|\bssrn\b|preprint|openreview\.net|research square", re.I)


class Person(NamedTuple):
    """One author or editor in Unicode; a collective has a `literal` only."""

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def surname(self) -> str:
        """What a citation calls them: the family name with its particle, or the collective."""
        if self.literal or not self.particle:
            return self.literal or self.family
        return self.particle + ("" if self.particle.endswith(("'", "’", "-")) else " ") + self.family

    @property
    def display(self) -> str:
        """The name as people write it."""
        return " ".join(part for part in (self.given, self.surname, self.suffix) if part)


class Work(NamedTuple):
    """One work, equal only to itself. Every text is plain Unicode, except `title_tex`; a date is ISO, whole or only its year."""

    key: str
    type: str
    title_tex: str = ""
    title: str = ""
    authors: tuple[Person, ...] = ()
    more_authors: bool = False
    """Whether the entry says `and others`."""
    editors: tuple[Person, ...] = ()
    date: str = ""
    preprint_year: str = ""
    container: str = ""
    """The journal, proceedings or book that it stands in; empty for a preprint or a book."""
    series: str = ""
    volume: str = ""
    number: str = ""
    pages: str = ""
    publisher: str = ""
    edition: str = ""
    note: str = ""
    doi: str = ""
    arxiv: str = ""
    arxiv_class: str = ""
    url: str = ""
    """Its own page on the web, for a work with neither DOI nor arXiv id, or besides them."""
    isbn: str = ""
    issn: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    addresses: Mapping[str, str] = MappingProxyType({})
    """Kind of identifier (arxiv, doi, openreview …) -> where it leads."""

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(self)

    @property
    def year(self) -> str:
        """The year of the version of record, or of the preprint where there is none."""
        return self.date[:4]

    @property
    def is_preprint(self) -> bool:
        """Tell whether it has been posted and not (yet) published."""
        posted = self.arxiv or _PREPRINT_PLACES.search(f"{self.publisher} {self.note}") or "openreview" in self.addresses
        return (
            bool(posted)
            and not self.container
            and self.type not in {"book", "phdthesis", "mastersthesis", "thesis", "techreport"}
        )

    @property
    def announced(self) -> str:
        """Where a preprint says that it was shown or will come out, such as a workshop; empty for a place of preprints."""
        known = not self.is_preprint or _PREPRINT_PLACES.search(self.publisher) or "://" in self.publisher
        return "" if known else self.publisher

    @property
    def home(self) -> str:
        """The best address of the work: its DOI, else arXiv, else its page; empty when none is known."""
        order = ("doi", "arxiv", *self.addresses)
        return next((self.addresses[kind] for kind in order if kind in self.addresses), self.url)

    @property
    def extent(self) -> str:
        """Volume, number and pages: `66(18), 2396–2399`."""
        number = f"({self.number})" if self.number else ""
        return ", ".join(filter(None, [f"{self.volume}{number}", self.pages]))

    @property
    def first_page(self) -> str:
        """The first of its pages."""
        return self.pages.partition("–")[0]

    @property
    def last_page(self) -> str:
        """The last of its pages, empty for a single one."""
        return self.pages.rpartition("–")[2] if "–" in self.pages else ""


def work_of(entry: Entry) -> Work:
    """Read a work from its entry, cross-references resolved."""
    values = {one.name: one.value for one in reversed(entry.fields)}
    people = {role: _people(values.get(role, "")) for role in ("author", "editor")}
    identifiers = ids.of_entry(entry)
    arxiv = next((one.value for one in identifiers if one.kind == "arxiv"), "")
    text = _Texts(values)
    return Work(
        key=entry.key,
        type=entry.type,
        title_tex=_title(values),
        title=tex.to_text(_title(values)),
        authors=tuple(person for person in people["author"] if person != _OTHERS),
        more_authors=_OTHERS in people["author"],
        editors=tuple(person for person in people["editor"] if person != _OTHERS),
        date=_date(values) or _arxiv_year(arxiv),
        preprint_year=_arxiv_year(arxiv),
        container=_container(entry.type, text),
        series=text("series"),
        volume=text("volume"),
        number=text("number", "issue"),
        pages=re.sub(r"\s*(?:-{1,3}|[‐‑‒–—])\s*", "–", text("pages")),
        publisher=text("publisher", "school", "institution", "organization", "howpublished"),
        edition=text("edition"),
        note=text("note", "addendum"),
        doi=next((one.value for one in identifiers if one.kind == "doi"), ""),
        arxiv=arxiv,
        arxiv_class=text("eprintclass", "primaryclass") if arxiv else "",
        url=addresses.outside(values.get("url", "")),
        isbn=text("isbn"),
        issn=text("issn"),
        abstract=text("abstract"),
        keywords=tuple(word.strip() for word in re.split("[,;]", text("keywords")) if word.strip()),
        addresses={
            one.kind: url for one in reversed(identifiers) if one.kind != "url" and (url := addresses.outside(ids.url_of(one)))
        },
    )


class _Texts:
    """The fields of one entry, read as plain text where they are asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def __call__(self, *fields: str) -> str:
        for name in fields:
            if value := self._values.get(name):
                return tex.to_text(value)
        return ""


_OTHERS = Person(literal="…")


def _people(value: str) -> tuple[Person, ...]:
    return tuple(_person(name) for name in names.parse(value)) if value else ()


def _person(name: Name) -> Person:
    if name == names.OTHERS:
        return _OTHERS
    if name.literal:
        return Person(literal=tex.to_text(name.literal))
    return Person(*(tex.to_text(part) if part else "" for part in (name.family, name.given, name.particle, name.suffix)))


def _title(values: Mapping[str, str]) -> str:
    title, subtitle = values.get("title", ""), values.get("subtitle", "")
    return f"{title}: {subtitle}" if title and subtitle else title


def _date(values: Mapping[str, str]) -> str:
    date = values.get("date", "").strip().partition("/")[0]
    if re.fullmatch(r"\d{4}(-\d\d){0,2}", date):
        return date
    year = _YEAR.search(values.get("year", "") or date)
    if not year:
        return ""
    month = values.get("month", "").strip().lower()
    number = _MONTHS.get(month[:3], f"{int(month):02}" if month.isascii() and month.isdigit() and 0 < int(month) < 13 else "")
    return f"{year[0]}-{number}" if number else year[0]


def _arxiv_year(arxiv: str) -> str:
    """The year that an arXiv id was given in: `2103.00065` and `math/0309136` say it themselves."""
    digits = arxiv.rpartition("/")[2][:2]
    if not digits.isdigit():
        return ""
    return f"19{digits}" if int(digits) > 90 else f"20{digits}"


def _container(kind: str, text: _Texts) -> str:
    if kind in {"inproceedings", "conference", "incollection", "inbook"}:
        place = text("booktitle", "journaltitle", "journal")
    else:
        place = text("journaltitle", "journal", "booktitle")
    return "" if _PREPRINT_PLACES.search(place) else place
