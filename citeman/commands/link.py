"""`link` and `unlink`: put a paper, a resource or a pointer into a section's reading list, and take it out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from citeman.config import did_you_mean
from citeman.draft import Draft
from citeman.errors import CitemanError, UsageError
from citeman.ids import is_citation_key
from citeman.library import Library, Place
from citeman.named import NamedTuple
from citeman.project import Project
from citeman.store import Change
from citeman.text import display

if TYPE_CHECKING:
    from citeman.lists import Item


class Linked(NamedTuple):
    """Which places changed (`guide#anchor`), which had it so already, and the files' changes."""

    identity: str
    places: tuple[str, ...]
    unchanged: tuple[str, ...]
    changes: tuple[Change, ...] = ()


class Where(NamedTuple):
    """Where in a reading list a new item goes: the end, unless one of these says otherwise."""

    before: str = ""
    after: str = ""
    first: bool = False


ANYWHERE = Where()
"""No wish: where the item's tier ends."""


def link(
    project: Project, item: Item, sections: Sequence[str], where: Where = ANYWHERE, settles: str = "", dry_run: bool = False
) -> Linked:
    """List an item in sections; raises UsageError for a section, a key or a neighbour that is not there."""
    with project.locked(dry_run):
        draft = Draft(project.library, project.lock_file)
        places = [draft.library.place(section) for section in sections]
        item = item._replace(see=_pointer(draft.library, item.see, places))
        _check(draft.library, item)
        check_neighbours(places, where)
        added = place_item(draft, item, places, where)
        if settles:
            settle(draft, item.key, places, settles)
        changes = project.apply(draft.changes, dry_run)
    return Linked(item.identity, added, tuple(place.name for place in places if place.name not in added), changes)


def _check(library: Library, item: Item) -> None:
    """Raise CitemanError for a key that no list can name or that is nowhere, UsageError for a paper to be read after itself."""
    for key in item.after:
        library.entry(key)
    if item.key:
        entry = library.entry(item.key)
        if not is_citation_key(item.key):
            message = f"a list cannot name the key {display(item.key)!r}; give it another (`citeman rename`)"
            raise CitemanError(message, library.bibliography.path, entry.line)
        if item.key in item.after:
            raise UsageError(f"nobody can read {item.key!r} after itself")


def _pointer(library: Library, see: str, places: Sequence[Place]) -> str:
    """Return a pointer as lists write it, by the anchor of the section that a person means; one to an unknown guide as it is.

    Raises UsageError for a pointer to nowhere or to one of the places themselves.
    """
    guide = see.rpartition("#")[0]
    if not see or (guide and not library.volumes_named(guide)):
        return see
    names = {place.name for place in library.places}
    homes = {place.volume.name for place in places}
    if any(f"{guide or home}#{see.rpartition('#')[2]}" not in names for home in homes):
        target = library.place(see)
        see = target.section.anchor if homes == {target.volume.name} else target.name
    for place in places:
        if place.name in (see, f"{place.volume.name}#{see}"):
            raise UsageError(f"section {place.section.anchor!r} cannot point to itself")
    return see


def check_neighbours(places: Sequence[Place], where: Where) -> None:
    """Raise UsageError where a list lacks the item that a new one is to stand beside."""
    for neighbour in filter(None, (where.before, where.after)):
        for place in places:
            held = [item.identity for item in place.section.reading]
            if neighbour not in held:
                raise UsageError(f"{place.name} lists no {neighbour!r}{did_you_mean(neighbour, held)}")


def place_item(draft: Draft, item: Item, places: Sequence[Place], where: Where) -> tuple[str, ...]:
    """List an item at places of a draft and return the names of those that did not list it yet."""
    return tuple(
        place.name for place in places if draft.list_item(place, item, before=where.before, after=where.after, first=where.first)
    )


def settle(draft: Draft, key: str, places: Sequence[Place], text: str) -> None:
    """Note that a paper settles the cue with that text in one of the places; raises UsageError where none has such a cue."""
    found = cue_places(draft.library, text, places)
    for place in found[:1]:
        lists = draft.volume(place.volume.name).lists
        if lists.section(place.section.anchor) is None:
            draft.open_list(place)
            lists = draft.volume(place.volume.name).lists
        cue = next(cue for cue in _cues(place) if text.casefold() in cue.casefold())
        draft.edit_lists(place.volume.name, lists.settle_cue(place.section.anchor, cue, key))


def cue_places(library: Library, text: str, places: Sequence[Place] = ()) -> list[Place]:
    """Return the places, of these or of all, that have a cue with that text: noted in the lists, or in the guide's own prose.

    Raises UsageError where there is none, and where all places were searched and several have one.
    """
    found = [place for place in places or library.places if any(text.casefold() in cue.casefold() for cue in _cues(place))]
    if not found:
        raise UsageError(f"no cue with {text!r} in {', '.join(place.section.anchor for place in places) or 'any section'}")
    if not places and len(found) > 1:
        names = ", ".join(place.section.anchor for place in found)
        raise UsageError(f"several sections have a cue with {text!r}: {names}; name the one with --section")
    return found


def _cues(place: Place) -> list[str]:
    """The texts of a place's cues: those that its list notes, then those of the guide's prose that it does not note."""
    guide, anchor = place.volume.guide, place.section.anchor
    prose = [cue.text for cue in guide.cues if cue.section == anchor] if guide else []
    return [*(cue.text for cue in place.section.cues), *prose]


def unlink(project: Project, identity: str, sections: Sequence[str], dry_run: bool = False) -> Linked:
    """Take an item out of sections, or out of every section when none is given."""
    with project.locked(dry_run):
        draft = Draft(project.library, project.lock_file)
        places = [draft.library.place(section) for section in sections] or _listing(draft.library, identity)
        if not places:
            raise UsageError(f"no section lists {identity!r}")
        removed = [place for place in places if _lists(place, identity)]
        for place in removed:
            while _lists(place, identity):  # a hand-written list may hold it twice
                lists = draft.volume(place.volume.name).lists
                draft.edit_lists(place.volume.name, lists.remove_item(place.section.anchor, identity))
                place = draft.library.place(place.name)
        changes = project.apply(draft.changes, dry_run)
    names = tuple(place.name for place in removed)
    return Linked(identity, names, tuple(place.name for place in places if place.name not in names), changes)


def _listing(library: Library, identity: str) -> list[Place]:
    return [place for place in library.places if _lists(place, identity)]


def _lists(place: Place, identity: str) -> bool:
    return any(item.identity == identity for item in place.section.reading)
