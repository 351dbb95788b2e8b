"""`remove`: take a paper out of the bibliography, the lists and the lock, when nobody needs it or the user insists."""

from __future__ import annotations

from dataclasses import dataclass

from citeman.bib.edits import POINTERS
from citeman.draft import Draft
from citeman.library import Library
from citeman.project import Project
from citeman.store import Change


@dataclass(frozen=True, slots=True)
class Use:
    """One place that names a paper: a reading list, another item's `after`, a cue, an entry's crossref, the guide's text."""

    path: str
    line: int
    how: str


@dataclass(frozen=True, slots=True)
class Removed:
    """Where the paper is used, and the changes; without changes it is used and `force` was not given."""

    key: str
    uses: tuple[Use, ...]
    changes: tuple[Change, ...] = ()
    done: bool = False


def remove(project: Project, key: str, force: bool = False, dry_run: bool = False) -> Removed:
    """Remove a paper; one that is used only with `force`. The guides' text stays. Raises UsageError for an unknown key."""
    with project.locked(dry_run):
        draft = Draft(project.library, project.lock_file)
        entry = draft.library.entry(key)
        key = entry.key
        uses = uses_of(draft.library, key)
        if uses and not force:
            return Removed(key, uses)
        for volume in draft.library.volumes:
            draft.replace_lists(volume.name, volume.lists.without_key(key))
        draft.edit_bibliography(draft.bibliography.remove_entry(entry))
        if key in draft.lock.papers:
            draft.set_lock(draft.lock.without(key))
        return Removed(key, uses, project.apply(draft.changes, dry_run), True)


def uses_of(library: Library, key: str) -> tuple[Use, ...]:
    """Return every place that names a key, file by file."""
    uses: list[Use] = []
    for volume in library.volumes:
        path = volume.lists.path
        for section in (*volume.lists.sections, *volume.lists.orphaned):
            uses += (Use(path, item.line, f"listed in {section.anchor}") for item in section.reading if item.key == key)
            uses += (Use(path, item.line, f"to be read before {item.identity}") for item in section.reading if key in item.after)
            uses += (Use(path, cue.line, f"settles {cue.text!r}") for cue in section.cues if key in cue.settled_by)
        if volume.guide:
            cited = (citation for citation in volume.guide.citations if key in citation.keys)
            uses += (Use(volume.guide.path, citation.line, "cited in the text") for citation in cited)
    for entry in library.bibliography.entries:
        pointing = sorted(name for name in POINTERS if _names(library, key, entry.get(name)))
        uses += (Use(library.bibliography.path, entry.line, f"{entry.key} points to it ({name})") for name in pointing)
    return tuple(uses)


def _names(library: Library, key: str, words: str) -> bool:
    """Tell whether a pointer names a key, in whatever capitals."""
    same = (word for word in words.replace(",", " ").split() if word.lower() == key.lower())
    return any((entry := library.bibliography.pointed_to(word)) and entry.key == key for word in same)
