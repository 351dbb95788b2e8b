"""The whole, put together: bibliography, guides, reading lists and lock, and how to get from one to another."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, overload

from citeman.bib import Bibliography
from citeman.config import Config, did_you_mean
from citeman.errors import CitemanError, UsageError
from citeman.model import Entry
from citeman.named import NamedTuple
from citeman.text import display

if TYPE_CHECKING:
    from citeman.guide import Guide
    from citeman.haystack import Haystack
    from citeman.lists import Item, ReadingLists, Section
    from citeman.lock import Lock


class Volume:
    """One guide of the project: its reading lists and, where its Markdown is at hand, its text."""

    __slots__ = ("_guide", "_headings", "lists")

    def __init__(
        self,
        lists: ReadingLists,
        guide: Guide | Callable[[], Guide | None] | None = None,
        headings: Sequence[Section] | None = None,
    ) -> None:
        self.lists = lists
        self._guide = guide
        self._headings = headings

    @property
    def guide(self) -> Guide | None:
        """The guide's text, read when it is first looked at where it was given as what reads it."""
        if callable(self._guide):
            self._guide = self._guide()
        return self._guide

    @property
    def headings(self) -> Sequence[Section]:
        """The sections and open questions of the guide's text in its order, their lists empty; read of it where not known."""
        if self._headings is None:
            self._headings = guide_sections(self.guide) if self.guide else ()
        return self._headings

    def with_(self, lists: ReadingLists | None = None, guide: Guide | Callable[[], Guide] | None = None) -> Volume:
        """Return the guide with other lists or another text."""
        return Volume(lists or self.lists, guide or self._guide, None if guide else self._headings)

    def __eq__(self, other: object) -> bool:
        """Tell whether two are the same lists and text."""
        return isinstance(other, Volume) and (self.lists, self.guide) == (other.lists, other.guide)

    __hash__ = None  # type: ignore[assignment]

    @property
    def name(self) -> str:
        """The guide's name."""
        return self.lists.name


class Volumes(Sequence[Volume]):
    """The guides of a project, each read when it is looked at: many a command looks at one, or at none."""

    def __init__(self, readers: Mapping[str, Callable[[], Volume]]) -> None:
        self._readers = readers
        self._known: dict[str, Volume] = {}

    @overload
    def __getitem__(self, index: int) -> Volume: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Volume, ...]: ...
    def __getitem__(self, index: int | slice) -> Volume | tuple[Volume, ...]:
        """Return one guide, or some of them."""
        names = list(self._readers)[index]
        return self.named(names) if isinstance(names, str) else tuple(map(self.named, names))

    def __len__(self) -> int:
        """Return the number of guides."""
        return len(self._readers)

    def __contains__(self, volume: object) -> bool:
        """Tell whether a guide is one of these."""
        return any(volume == self.named(name) for name in self._readers)

    @property
    def names(self) -> Collection[str]:
        """The guides' names, in order."""
        return self._readers.keys()

    def named(self, name: str) -> Volume:
        """Return the guide of that name; raises KeyError."""
        if name not in self._known:
            self._known[name] = self._readers[name]()
        return self._known[name]

    def with_volume(self, volume: Volume) -> Volumes:
        """Return the guides with another in the place of the one of its name; what was not read stays so."""
        found = Volumes({**self._readers, volume.name: lambda: volume})
        found._known = {name: known for name, known in self._known.items() if name != volume.name}
        return found


class Place(NamedTuple):
    """One section (or open question) of one guide, with its reading list; the list is empty where there is none yet."""

    volume: Volume
    section: Section

    @property
    def name(self) -> str:
        """`guide#anchor`."""
        return f"{self.volume.name}#{self.section.anchor}"


class Placement(NamedTuple):
    """One item in the reading list of one place."""

    place: Place
    item: Item


class Library:
    """Everything the project knows, read-only.

    `haystack` gives the bibliography ready to be searched, where somebody keeps it.
    """

    def __init__(
        self,
        config: Config,
        bibliography: Bibliography,
        volumes: Sequence[Volume] = (),
        lock: Lock | None = None,
        haystack: Callable[[], Haystack] | None = None,
    ) -> None:
        self.config = config
        self.bibliography = bibliography
        self.volumes = volumes
        self.lock = lock
        self.haystack = haystack

    def with_bibliography(self, bibliography: Bibliography) -> Library:
        """Return the same with another bibliography."""
        return Library(self.config, bibliography, self.volumes, self.lock)

    def with_volumes(self, volumes: Sequence[Volume]) -> Library:
        """Return the same with other guides."""
        return Library(self.config, self.bibliography, volumes, self.lock, self.haystack)

    def with_lock(self, lock: Lock) -> Library:
        """Return the same with another lock."""
        return Library(self.config, self.bibliography, self.volumes, lock, self.haystack)

    def entry(self, key: str) -> Entry:
        """Return the entry of a citation key; raises UsageError with a near miss for an unknown one."""
        entry = self.bibliography.get(key) or self._shown_as(key)
        if entry is None:
            raise self._lacks(key)
        return entry

    def _shown_as(self, key: str) -> Entry | None:
        """The entry whose key holds bytes that are no UTF-8 and is shown as this one; nobody could type it otherwise."""
        shown = (one for one in self.bibliography.keys if not key.isascii() and display(one) == key)
        return self.bibliography.get(next(shown, ""))

    @cached_property
    def former_keys(self) -> dict[str, str]:
        """Key that an entry had before (`ids`) -> the key it has now."""
        entries = self.bibliography.entries
        return {alias.strip(): entry.key for entry in entries for alias in entry.get("ids").split(",") if alias.strip()}

    def volumes_named(self, name: str) -> list[Volume]:
        """Return the guide of that name, in a list that is empty where there is none; no other guide is read."""
        if isinstance(self.volumes, Volumes):
            return [self.volumes.named(name)] if name in self.volumes.names else []
        return [volume for volume in self.volumes if volume.name == name]

    def volumes_with(self, changed: Volume) -> Sequence[Volume]:
        """Return the guides with one of them changed."""
        if isinstance(self.volumes, Volumes):
            return self.volumes.with_volume(changed)
        return tuple(changed if volume.name == changed.name else volume for volume in self.volumes)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every section and open question, guide by guide, in the guide's order; sections without a list included."""
        return tuple(place for volume in self.volumes for place in places_of(volume))

    @cached_property
    def placements(self) -> dict[str, tuple[Placement, ...]]:
        """Citation key -> where it is read, in the guides' order."""
        found: dict[str, list[Placement]] = {}
        for place in self.places:
            for item in place.section.reading:
                if item.key:
                    found.setdefault(item.key, []).append(Placement(place, item))
        return {key: tuple(placements) for key, placements in found.items()}

    def lists_paper(self, key: str) -> bool:
        """Tell whether any reading list holds a paper; no guide's text is read."""
        sections = (section for volume in self.volumes for section in volume.lists.sections)
        return any(item.key == key for section in sections for item in section.reading)

    @property
    def by_identifier(self) -> dict[str, str]:
        """Canonical identifier -> the citation key of the first entry that has it."""
        return self.finder.identifiers

    @property
    def by_title(self) -> dict[str, list[str]]:
        """Folded title -> the citation keys of the entries that bear it."""
        return self.finder.titles

    @cached_property
    def finder(self) -> Haystack:
        """What finds single entries without reading all of them."""
        if self.haystack:
            return self.haystack()
        from citeman.haystack import Haystack

        return Haystack(self.bibliography)

    @cached_property
    def unplaced(self) -> tuple[str, ...]:
        """Keys of the bibliography that no section lists, in file order."""
        return tuple(key for key in self.bibliography.keys if key not in self.placements)

    def place(self, query: str) -> Place:
        """Return the place that a person means: anchor, alias, `guide#anchor`, title, or an unambiguous part of one.

        Raises UsageError that lists the candidates when there are several, or near misses when there is none.
        """
        for candidates in self._candidates(query):
            if len(candidates) == 1:
                return candidates[0]
            if candidates:
                raise UsageError(f"section {query!r} is ambiguous: {', '.join(_told(candidates, query))}; give more of it")
        raise UsageError(f"no section {query!r}{self._near(query)}")

    def _lacks(self, key: str) -> CitemanError:
        """Say why a key has no entry: it is mistyped, or the bibliography cannot be read where it may stand."""
        unread = self.bibliography.unread
        for finding in unread:
            if finding.key == key:
                return CitemanError(finding.message, finding.path, finding.line)
        missing = f"no entry {key!r} in {self.bibliography.path}"
        if former := self.former_keys.get(key, ""):
            return UsageError(f"{missing}; it is {former!r} now")
        if unread:
            return CitemanError(f"{missing}, whose line {unread[0].line} could not be read: mend that first (`citeman check`)")
        return UsageError(
            f"{missing}{did_you_mean(key, map(display, self.bibliography.keys)) or '; add it first (`citeman add`)'}"
        )

    def _candidates(self, query: str) -> Iterator[list[Place]]:
        guide, _, rest = query.rpartition("#")
        listed = [Place(volume, own) for volume in self.volumes_named(guide) if guide and (own := volume.lists.section(rest))]
        if listed and listed[0].section.title:
            yield listed  # no need to read the guide's text
        places = [place for volume in self.volumes_named(guide) for place in places_of(volume)] if guide else self.places
        wanted = rest.strip().casefold()
        if not wanted:
            return
        yield [place for place in places if place.section.anchor == rest]
        if guide:
            yield [place for place in self.places if query in place.section.aliases]
        yield [place for place in places if wanted in (_short(alias).casefold() for alias in place.section.aliases)]
        yield [place for place in places if wanted in (place.section.anchor.casefold(), place.section.title.casefold())]
        sections = [place for place in places if _contains(place.section, wanted)]
        yield [place for place in sections if place.section.kind == "section"] or sections

    def _near(self, query: str) -> str:
        import difflib

        names = [name for place in self.places for name in (*place.section.aliases, place.section.anchor)]
        close = difflib.get_close_matches(query, names, n=3, cutoff=0.5)
        if close:
            return f"; did you mean {' or '.join(map(repr, close))}?"
        first = [(place.section.aliases or (place.section.anchor,))[0] for place in self.places]
        return (
            f"; the sections are {', '.join(first[:12])}" if first else "; no guide has a section yet (`citeman init GUIDE.md`)"
        )


def guide_path(lists: ReadingLists) -> str:
    """Return the guide's path relative to the project; empty where the lists name none."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(lists.path), lists.guide_source)) if lists.guide_source else ""


def places_of(volume: Volume) -> Iterator[Place]:
    """Give the sections and open questions of one guide in its order; sections without a list included."""
    return (Place(volume, section) for section in with_headings(volume.lists.sections, volume.headings))


def with_headings(listed: Iterable[Section], headings: Iterable[Section]) -> Iterator[Section]:
    """Give a guide's sections in the order of its text, then those that only its reading lists name."""
    left = {section.anchor: section for section in listed}
    for section in headings:
        own = left.pop(section.anchor, section)
        yield own if own.title else own._replace(title=section.title)
    yield from left.values()


def guide_sections(guide: Guide) -> list[Section]:
    """The guide's sections and open questions in the order of its text, as places whose lists are still empty."""
    from citeman.lists import Section

    headings = (section for section in guide.sections if section.anchor and not section.nested)
    sections = [(section.start, Section(section.anchor, section.title, line=section.line)) for section in headings]
    questions = [
        (question.start, Section(question.anchor, question.title, "question", question.section, line=question.line))
        for question in guide.questions
    ]
    return [section for _, section in sorted(sections + questions, key=lambda pair: pair[0])]


def _short(alias: str) -> str:
    """An alias without the guide that it was a name in, before its section moved to another one."""
    return alias.rpartition("#")[2]


def _contains(section: Section, wanted: str) -> bool:
    return any(wanted in text.casefold() for text in (section.anchor, section.title, *section.aliases))


def _told(places: Sequence[Place], query: str) -> list[str]:
    """Name each place so that its name means it alone."""
    anchors = [place.section.anchor for place in places]
    return [place.name if "#" in query or anchors.count(place.section.anchor) > 1 else place.section.anchor for place in places]
