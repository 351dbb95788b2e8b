"""Where papers are listed: what was asked for, made sure of before anything is asked or written, done in the inputs' order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from citeman import tex
from citeman.commands.add.works import Work
from citeman.commands.link import Where, check_neighbours, cue_places, settle
from citeman.draft import Draft
from citeman.errors import UsageError
from citeman.library import Library, Place
from citeman.named import NamedTuple

if TYPE_CHECKING:
    from citeman.lists import Item


class Placing(NamedTuple):
    """Where papers go and what is said of them there."""

    sections: tuple[str, ...] = ()
    item: Item | None = None
    """What is said of each; None where they go nowhere."""
    where: Where = Where()
    settles: str = ""
    dialogue: bool = False
    """Whether a person will be asked for the section where none is named."""


class Listing(NamedTuple):
    """One paper and the names of the places (`guide#anchor`) where it is to be read."""

    key: str
    places: tuple[str, ...]


def settled(library: Library, placing: Placing) -> Placing:
    """Return the placing with its sections as `guide#anchor`, each once; the place of the settled cue where none is named.

    Raises UsageError for what cannot be: an unknown section, neighbour or cue, a role without a section.
    """
    places = [library.place(section) for section in placing.sections]
    if placing.settles and not places:
        places = cue_places(library, placing.settles)
    if not places and not placing.dialogue and (given := _given(placing)):
        raise UsageError(f"{given} says how to list the paper: name the place with --section")
    check_neighbours(places, placing.where)
    if placing.settles:
        cue_places(library, placing.settles, places)
    for key in placing.item.after if placing.item else ():
        library.entry(key)
    return placing._replace(sections=tuple(dict.fromkeys(place.name for place in places)))


def list_all(draft: Draft, listings: Sequence[Listing], placing: Placing) -> dict[str, list[str]]:
    """List papers at their places, in the order given, and return what is new: citation key -> places."""
    listed: dict[str, list[str]] = {listing.key: [] for listing in listings}
    if not any(listing.places for listing in listings):
        return listed
    from citeman.lists import Item

    where, item = placing.where, placing.item or Item()
    for name in dict.fromkeys(name for listing in listings for name in listing.places):
        keys = dict.fromkeys(listing.key for listing in listings if name in listing.places)
        items = [item._replace(key=key) for key in keys]
        place = draft.library.place(name)
        for key in draft.list_items(place, items, before=where.before, after=where.after, first=where.first):
            listed[key].append(name)
    if placing.settles:
        for listing in listings:
            settle(draft, listing.key, [draft.library.place(name) for name in listing.places], placing.settles)
    return listed


def likely_places(library: Library, work: Work) -> list[tuple[Place, float]]:
    """Return the places of the guides, the likeliest first, with their likeness to the paper from 0 to 1."""
    from citeman import likeness

    documents = {place.name: document(library, place) for place in library.places}
    text = " ".join([tex.to_text(work.combined.fields.get("title", "")), *(record.abstract for record in work.records)])
    by_name: Mapping[str, Place] = {place.name: place for place in library.places}
    return [(by_name[name], score) for name, score in likeness.rank(text, documents)]


def document(library: Library, place: Place) -> str:
    """Return what a place is about: its title, its text, the titles and whys of what it lists."""
    parts = [place.section.title]
    guide = place.volume.guide
    section = guide.section(place.section.anchor) if guide else None
    if guide and section:
        parts.append(guide.text_of(section))
    for item in place.section.reading:
        entry = library.bibliography.get(item.key) if item.key else None
        parts += [tex.to_text(entry.get("title")) if entry else item.title, item.why]
    return " ".join(parts)


def _given(placing: Placing) -> str:
    """The first option that speaks of a place in a list."""
    item, where = placing.item, placing.where
    options = {
        "--role": item and item.role,
        "--why": item and item.why,
        "--level": item and item.level,
        "--further": item and item.tier == "further",
        "--read-after": item and item.after,
        "--before": where.before,
        "--after": where.after,
        "--first": where.first,
    }
    return next((option for option, value in options.items() if value), "")
