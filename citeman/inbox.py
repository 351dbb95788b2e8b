"""`refs/citeman.inbox`: new papers that the watch queries of sections found, until a person takes or dismisses them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self, TypeVar

from citeman.errors import CitemanError

FORMAT = 1
PATH = "refs/citeman.inbox"

State = Literal["new", "dismissed"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found:
    """One paper that a watch query found."""

    identifier: str
    """Canonical: `arXiv:2103.00065`."""
    title: str = ""
    """TeX, as it would stand in references.bib."""
    author: str = ""
    published: str = ""
    """ISO date."""
    sections: Mapping[str, float] = field(default_factory=dict)
    """`guide#anchor` -> likeness of the paper to the section, 0 to 1, when it was found."""
    state: State = "new"


@dataclass(frozen=True, slots=True)
class Inbox:
    """The whole inbox. It is text in git: sorted, one value a line, so that two branches merge."""

    papers: Mapping[str, Found] = field(default_factory=dict)
    """Identifier -> paper; a dismissed one stays, so that it never comes back."""
    watched: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """`guide#anchor` -> query -> ISO date up to which it was asked."""

    @classmethod
    def loads(cls, text: str, path: str = PATH) -> Self:
        """Read an inbox file; raises CitemanError when it is damaged or newer than this citeman."""
        if not text.strip():
            return cls()
        try:
            document = json.loads(text)
            if document["format"] > FORMAT:
                raise CitemanError("the inbox was written by a newer citeman; upgrade citeman", path)
            papers = {identifier: _found(identifier, value) for identifier, value in document["papers"].items()}
            return cls(papers, {place: dict(queries) for place, queries in document["watched"].items()})
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            line = getattr(error, "lineno", 0)
            message = "the inbox cannot be read; mend it (a merge conflict?) or take it back from git"
            raise CitemanError(message, path, line) from None

    def dumps(self) -> str:
        """Write the inbox."""
        papers = {identifier: _plain(found) for identifier, found in self.papers.items()}
        document = {"format": FORMAT, "papers": papers, "watched": self.watched}
        return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    def waiting(self, known: Iterable[str] = ()) -> tuple[Found, ...]:
        """The papers that wait for a decision, the likest to one of their sections first; not those of the store (`known`)."""
        there = set(known)
        papers = (found for found in self.papers.values() if found.state == "new" and found.identifier not in there)
        return tuple(sorted(papers, key=lambda found: (-max(found.sections.values(), default=0.0), found.identifier)))

    def since(self, place: str, query: str) -> str:
        """The ISO date up to which a query was asked for a place (`guide#anchor`); empty when never."""
        return self.watched.get(place, {}).get(query, "")

    def asked(self, place: str, query: str, until: str) -> Self:
        """Return the inbox with a query asked up to an ISO date."""
        return replace(self, watched={**self.watched, place: {**self.watched.get(place, {}), query: until}})

    def with_found(self, found: Found) -> Self:
        """Return the inbox with a paper; one that is there keeps its state and scores and gets the new sections."""
        there = self.papers.get(found.identifier)
        merged = replace(found, sections={**found.sections, **there.sections}, state=there.state) if there else found
        return replace(self, papers={**self.papers, found.identifier: merged})

    def dismissed(self, identifier: str) -> Self:
        """Return the inbox with a paper dismissed for good. Raises KeyError for one that is not there."""
        return replace(self, papers={**self.papers, identifier: replace(self.papers[identifier], state="dismissed")})

    def moved(self, old: str, new: str) -> Self:
        """Return the inbox with a place under another name, as when its section was renamed."""
        papers = {name: replace(found, sections=_renamed(found.sections, old, new)) for name, found in self.papers.items()}
        watched = _renamed(self.watched, old, new)
        if old in self.watched and new in self.watched:
            watched[new] = {**self.watched[old], **self.watched[new]}
        return replace(self, papers=papers, watched=watched)

    def without(self, identifier: str) -> Self:
        """Return the inbox without a paper, as when it was added to the store."""
        return replace(self, papers={other: found for other, found in self.papers.items() if other != identifier})


def _renamed(places: Mapping[str, T], old: str, new: str) -> dict[str, T]:
    """Name a place anew; what is there under the new name stays."""
    moved = {new: places[old]} if old in places else {}
    return {**moved, **{name: value for name, value in places.items() if name != old}}


def _plain(found: Found) -> dict[str, Any]:
    values = {"title": found.title, "author": found.author, "published": found.published}
    sections = {place: round(score, 3) for place, score in found.sections.items()}
    return values | {"sections": sections, "state": found.state}


def _found(identifier: str, value: Mapping[str, Any]) -> Found:
    if value["state"] not in {"new", "dismissed"}:
        raise ValueError(value["state"])
    sections = {place: float(score) for place, score in value["sections"].items()}
    return Found(identifier, str(value["title"]), str(value["author"]), str(value["published"]), sections, value["state"])
