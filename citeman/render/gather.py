"""From the library to what the pages show."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from citeman.library import Library, Place, Placement, Volume
from citeman.lists import Item
from citeman.render import addresses, prose
from citeman.render.entries import NOTHING, Card, Read
from citeman.render.papers import Shelf, paper_names
from citeman.render.view import Guide, Link, ReadIn, Reading, Section, Site
from citeman.tex.plain import showable

_QUESTION = re.compile(r"\A\s*open question\s*[:.]?\s*", re.I)
"""How guides head their question boxes; the pages say so themselves."""


def site_of(
    library: Library,
    references: Mapping[str, str] | None = None,
    kept: Mapping[str, Card] | None = None,
    read: Read | None = None,
) -> tuple[Site, dict[str, Card]]:
    """Return everything that the pages of a library show, and the card of every paper by its entry's fingerprint.

    `references` are those of another style than the built-in; `kept` are cards of an earlier build, `read` what is read.
    """
    gathering = Gathering(library, references, read or NOTHING)
    cards = gathering.shelf.fill(kept or {})
    return gathering.site(), cards


class Gathering:
    """The numbers and addresses of a library's places, given once, and what is built on them."""

    def __init__(self, library: Library, references: Mapping[str, str] | None = None, read: Read = NOTHING) -> None:
        self.library = library
        self.places = {place.name: place for place in library.places}
        self.numbers = {name: number for number, name in enumerate(self.places)}
        self.pages: dict[str, str] = {}
        self.aliases: dict[str, tuple[str, ...]] = {}
        self._address()
        self.paper_names = paper_names(library.bibliography)
        read_in = {key: tuple(self._read_in(one) for one in places) for key, places in library.placements.items()}
        self.shelf = Shelf(library.bibliography, library.lock, self.paper_names, read, read_in, references or {})

    def site(self) -> Site:
        """Everything, put together."""
        config = self.library.config
        guides = tuple(self._guide(number, volume) for number, volume in enumerate(self.library.volumes))
        title = config.title or (guides[0].title if len(guides) == 1 else "") or "Reading lists"
        url = addresses.outside(config.url)
        bibtex = showable(self.library.bibliography.source)
        return Site(title, f"{url.rstrip('/')}/" if url else "", guides, self.shelf.sorted(), bibtex)

    def section(self, place: Place) -> Section:
        """Return one place with its reading list; its open questions are not part."""
        return self._section(0, place, ())

    def _address(self) -> None:
        """Give every section with something to read its page; a question is on its section's page."""
        folders = addresses.Names(("papers", "static", "index"))
        shelves = {volume.name: (folders.give(volume.name), addresses.Names()) for volume in self.library.volumes}
        paged: list[Place] = []
        for volume in self.library.volumes:
            folder, names = shelves[volume.name]
            places = self._places(volume)
            family = _Family(places)
            own = [place for place in places if family.has_page(place)]
            self.pages |= {place.name: f"{folder}/{names.give(place.section.anchor)}.html" for place in own}
            for place in places:
                self.pages.setdefault(place.name, self.pages.get(f"{volume.name}#{place.section.parent}", ""))
            paged += own
        for place in paged:
            self.aliases[place.name] = tuple(_former_pages(place, shelves, folders))

    def _places(self, volume: Volume) -> list[Place]:
        return [place for place in self.places.values() if place.volume is volume]

    def _href(self, place: Place) -> str:
        """A place's address: its page, for a question with its spot there; empty when it has none."""
        page = self.pages[place.name]
        inside = place.section.kind == "question"
        return addresses.href(page, addresses.safe_name(place.section.anchor) if inside else "") if page else ""

    def _paper_href(self, place: Place, key: str) -> str:
        """A paper's spot on the page of a place that lists it."""
        page = self.pages[place.name]
        return addresses.href(page, f"ref-{self.paper_names[key]}") if page and key in self.paper_names else ""

    def _read_in(self, placement: Placement) -> ReadIn:
        place, item = placement.place, placement.item
        return ReadIn(
            title=_title(place),
            href=self._paper_href(place, item.key),
            guide=_guide_title(place.volume),
            section=self.numbers[place.name],
            role=item.role,
            level=item.level,
            tier=item.tier,
            question=place.section.kind == "question",
            why_html=prose.to_html(item.why),
            context=item.context,
            guide_href=_guide_href(place),
        )

    def _guide(self, number: int, volume: Volume) -> Guide:
        places = self._places(volume)
        family = _Family(places)
        listed = {section.anchor for section in volume.lists.sections}
        pages = [place for place in places if family.is_shown(place, listed)]
        url = addresses.outside(volume.lists.url)
        sections = tuple(self._section(number, place, family.questions(place)) for place in pages)
        return Guide(number, volume.name, _guide_title(volume), url, sections)

    def _section(self, guide: int, place: Place, inner: Sequence[Place]) -> Section:
        questions = tuple(self._section(guide, one, ()) for one in inner if one.section.reading)
        readings = tuple(self._reading(place, item) for item in place.section.reading)
        papers = [one.paper for group in (readings, *(one.readings for one in questions)) for one in group if one.paper]
        return Section(
            number=self.numbers[place.name],
            guide=guide,
            title=_title(place),
            anchor=addresses.safe_name(place.section.anchor),
            page=self.pages[place.name],
            href=self._href(place),
            guide_url=_guide_href(place),
            readings=readings,
            questions=questions,
            papers=tuple({paper.key: paper for paper in papers}.values()),
            aliases=self.aliases.get(place.name, ()),
        )

    def _reading(self, place: Place, item: Item) -> Reading:
        paper = self.shelf.paper(item.key) if item.key else None
        title, href, guide_href, kind = self._target(place, item)
        return Reading(
            paper=paper,
            title=title,
            href=href,
            guide_href=guide_href,
            kind=kind,
            role=item.role,
            level=item.level,
            tier=item.tier,
            why_html=prose.to_html(item.why),
            why=showable(item.why),
            after=tuple(self._after(place, key) for key in item.after),
            after_keys=item.after,
            also=tuple(one for one in paper.read_in if one.section != self.numbers[place.name]) if paper else (),
            added=item.added,
            missing=item.key if item.key and not paper else "",
        )

    def _target(self, place: Place, item: Item) -> tuple[str, str, str, str]:
        """Title, address, place in the published guide and kind of an item that is no paper."""
        if item.url:
            return showable(item.title) or item.url, addresses.outside(item.url), "", item.kind
        if not item.see:
            return "", "", "", ""
        guide, _, anchor = item.see.rpartition("#")
        target = self.places.get(f"{guide or place.volume.name}#{anchor}")
        return (_title(target), self._href(target), _guide_href(target), "see") if target else (item.see, "", "", "see")

    def _after(self, place: Place, key: str) -> Link:
        paper = self.shelf.paper(key)
        if paper is None:
            return Link(key, "")
        listed = any(item.key == key for item in place.section.reading)
        return Link(paper.short, self._paper_href(place, key) if listed else paper.href, paper.name if listed else "")


def _former_pages(place: Place, shelves: dict[str, tuple[str, addresses.Names]], folders: addresses.Names) -> Iterator[str]:
    """Give the pages that a section had under its other names, `guide#anchor` where it was in another guide; they redirect."""
    for alias in place.section.aliases:
        guide, _, anchor = alias.rpartition("#")
        if alias != place.section.anchor:
            if guide not in ("", *shelves):
                shelves[guide] = folders.give(guide), addresses.Names()
            folder, names = shelves[guide or place.volume.name]
            yield f"{folder}/{names.give(anchor)}.html"


def _title(place: Place) -> str:
    title = showable(place.section.title) or place.section.anchor
    return _QUESTION.sub("", title, count=1) or title if place.section.kind == "question" else title


def _guide_title(volume: Volume) -> str:
    return showable(volume.lists.title) or volume.name


def _guide_href(place: Place) -> str:
    return addresses.href_outside(addresses.outside(place.volume.lists.url), place.section.anchor)


class _Family:
    """The places of one guide, each with what stands in it."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.headings: set[str] = set()
        self.inner: dict[str, list[Place]] = {}
        for place in places:
            self.inner.setdefault(place.section.parent, []).append(place)
            if place.section.kind != "question":
                self.headings.add(place.section.anchor)

    def questions(self, place: Place) -> list[Place]:
        """Return the open questions that stand in a place."""
        return [one for one in self.inner.get(place.section.anchor, ()) if one.section.kind == "question"]

    def is_shown(self, place: Place, listed: Container[str]) -> bool:
        """Tell whether a place stands in the guide's table: a section that has a list, be it empty, or holds such a question."""
        is_listed = place.section.kind != "question" and place.section.anchor in listed
        return is_listed or self.has_page(place)

    def has_page(self, place: Place) -> bool:
        """Tell whether a place has a page of its own: a section with something to read, in it or in its questions."""
        if place.section.kind == "question":
            return bool(place.section.reading) and place.section.parent not in self.headings
        return bool(place.section.reading) or any(one.section.reading for one in self.inner.get(place.section.anchor, ()))
