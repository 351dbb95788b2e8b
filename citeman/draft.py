"""Edits in the making: a library's texts changed step by step in memory, to be written all at once or shown as a diff."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from citeman.bib import Bibliography
from citeman.library import Library, Place, Volume, places_of
from citeman.text import Edit, apply

if TYPE_CHECKING:
    from citeman.guide import Guide
    from citeman.lists import Item, ReadingLists
    from citeman.lock import Lock


class Draft:
    """A working copy of a library; every edit is seen by the next look-up."""

    def __init__(self, library: Library, lock_file: str) -> None:
        self.library = library
        self._lock_file = lock_file
        self._changes: dict[str, str | None] = {}

    @property
    def bibliography(self) -> Bibliography:
        """The bibliography as it stands in this draft."""
        return self.library.bibliography

    @property
    def lock(self) -> Lock:
        """The lock as it stands in this draft; an empty one where there is none."""
        from citeman.lock import Lock

        return self.library.lock or Lock.empty()

    @property
    def changes(self) -> Mapping[str, str | None]:
        """Path -> new text of every file that this draft has changed."""
        return dict(self._changes)

    def edit_bibliography(self, edits: Iterable[Edit]) -> None:
        """Make edits to the bibliography."""
        old = self.bibliography
        text = apply(old.source, edits)
        if text != old.source:
            self._changes[old.path] = text
            self.library = self.library.with_bibliography(Bibliography.update(text, old))

    def edit_lists(self, volume: str, edits: Iterable[Edit]) -> None:
        """Make edits to one guide's reading lists."""
        self.replace_lists(volume, apply(self.volume(volume).lists.source, edits))

    def edit_guide(self, volume: str, edits: Iterable[Edit], slug_rule: str) -> None:
        """Make edits to one guide's Markdown."""
        from citeman.guide import Guide

        old = self.volume(volume).guide
        assert old is not None
        path, text = old.path, apply(old.source, edits)
        if text != old.source:
            self._changes[path] = text
            self._replace(volume, guide=lambda: Guide.parse(text, path, slug_rule))

    def replace_lists(self, volume: str, text: str) -> None:
        """Take a whole new text for one guide's reading lists, which the caller made by edits."""
        from citeman.lists import ReadingLists

        old = self.volume(volume).lists
        if text != old.source:
            self._changes[old.path] = text
            self._replace(volume, lists=ReadingLists.parse(text, old.path))

    def add_volume(self, volume: Volume) -> None:
        """Take in the reading lists of one more guide, which are no file yet."""
        self._changes[volume.lists.path] = volume.lists.source
        self.library = self.library.with_volumes((*self.library.volumes, volume))

    def create(self, path: str, text: str) -> None:
        """Make a file that is neither bibliography, nor lists, nor guide, nor lock."""
        self._changes[path] = text

    def read_guide(self, volume: str, guide: Guide) -> None:
        """Take another file as one guide's text; the file itself stays as it is."""
        self._replace(volume, guide=guide)

    def set_lock(self, lock: Lock) -> None:
        """Replace the lock."""
        if lock != self.library.lock:
            self._changes[self._lock_file] = lock.dumps()
            self.library = self.library.with_lock(lock)

    def volume(self, name: str) -> Volume:
        """Return one guide as it stands in this draft."""
        return self.library.volumes_named(name)[0]

    def list_item(self, place: Place, item: Item, *, before: str = "", after: str = "", first: bool = False) -> bool:
        """List an item at a place, which gets a list where it has none yet; returns False when the place lists it already."""
        return bool(self.list_items(place, [item], before=before, after=after, first=first))

    def list_items(
        self, place: Place, items: Sequence[Item], *, before: str = "", after: str = "", first: bool = False
    ) -> tuple[str, ...]:
        """List items at a place, one after the other, and return the identities of those that it did not list already."""
        section = self.volume(place.volume.name).lists.section(place.section.anchor)
        held = {item.identity for item in section.reading} if section else set()
        new = list({item.identity: item for item in items if item.identity not in held}.values())
        if new:
            self.open_list(place)
            lists = self.volume(place.volume.name).lists
            edits = lists.add_items(place.section.anchor, new, before=before, after=after, first=first)
            self.edit_lists(place.volume.name, edits)
        return tuple(item.identity for item in new)

    def open_list(self, place: Place) -> None:
        """Give a place a list where it has none yet."""
        lists = self.volume(place.volume.name).lists
        if lists.section(place.section.anchor) is None:
            self.edit_lists(place.volume.name, lists.add_section(place.section, self._following(place)))

    def _following(self, place: Place) -> str:
        """The anchor of the next section of the guide that has a list already."""
        volume = self.volume(place.volume.name)
        listed = {section.anchor for section in volume.lists.sections}
        anchors = [other.section.anchor for other in places_of(volume)]
        later = anchors[anchors.index(place.section.anchor) + 1 :]
        return next((anchor for anchor in later if anchor in listed), "")

    def _replace(self, volume: str, lists: ReadingLists | None = None, guide: Guide | Callable[[], Guide] | None = None) -> None:
        changed = self.volume(volume).with_(lists, guide)
        self.library = self.library.with_volumes(self.library.volumes_with(changed))
