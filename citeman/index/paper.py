"""What the index keeps of one paper: the row that is shown, the words that are searched, the people who wrote it."""

from __future__ import annotations

import json

from citeman import ids, names, tex
from citeman.index.text import searchable
from citeman.model import Entry, Name
from citeman.named import NamedTuple
from citeman.text import display

VENUES = ("journal", "journaltitle", "booktitle", "maintitle", "series", "publisher", "institution", "school", "howpublished")


class Paper(NamedTuple):
    """A row of `papers` without its id and `listed`, and what goes with it."""

    key: str
    type: str
    title: str
    authors: str
    short: str
    year: int | None
    venue: str
    doi: str
    arxiv: str
    url: str
    fields: str
    people: tuple[str, ...]
    identifiers: tuple[str, ...]
    abstract: str

    @property
    def row(self) -> tuple[object, ...]:
        """The values of the columns `key` … `fields`."""
        return self[:11]

    def words(self, whys: str, abstract: str) -> tuple[str, ...]:
        """Return the full text, column by column, with what reading lists (searchable already) and sources say of the paper."""
        title, people, venue = map(searchable, (self.title, " ".join(self.people), self.venue))
        identifiers = (self.key, self.doi and f"doi {self.doi}", self.arxiv and f"arXiv {self.arxiv}")
        return title, people, venue, whys, searchable(abstract or self.abstract), searchable(" ".join(filter(None, identifiers)))


def paper_of(entry: Entry) -> Paper:
    """Return what the index keeps of an entry, its crossref resolved."""
    values = {field.name: field.value for field in reversed(entry.fields)}
    people = _people(values)
    shown = tuple(filter(None, map(names.display, people)))
    identifiers = ids.of_entry(entry)
    by_kind = {one.kind: one.value for one in reversed(identifiers)}
    return Paper(
        display(entry.key),
        entry.type,
        tex.to_text(values.get("title", "")),
        json.dumps(shown, ensure_ascii=False),
        tex.to_text(names.short(people)),
        _year(values),
        tex.to_text(next((values[name] for name in VENUES if values.get(name)), "")),
        display(by_kind.get("doi", "")),
        display(by_kind.get("arxiv", "")),
        display(values.get("url", "")),
        display(f" {' '.join(name for name, value in values.items() if value)} "),
        shown,
        tuple(dict.fromkeys(display(str(one)) for one in identifiers)),
        tex.to_text(values.get("abstract", "")),
    )


def _people(values: dict[str, str]) -> tuple[Name, ...]:
    return names.parse(values.get("author") or values.get("editor") or "")


def _year(values: dict[str, str]) -> int | None:
    text = (values.get("year") or values.get("date") or "").strip()[:4]
    return int(text) if text.isdecimal() else None
