"""`show`: one paper, its facts, and every place where it is read."""

from __future__ import annotations

from dataclasses import dataclass

from citeman import ids, labels
from citeman.library import Library, Placement
from citeman.model import Entry
from citeman.project import Project


@dataclass(frozen=True, slots=True)
class Shown:
    """One paper: its entry and BibTeX, identifiers, formatted reference, placements and what is known of its life."""

    entry: Entry
    source: str
    """The entry as it stands in the bibliography."""
    path: str
    identifiers: tuple[str, ...]
    reference: str
    placements: tuple[Placement, ...]
    notices: tuple[str, ...]


def show(project: Project, key: str) -> Shown:
    """Look a paper up by its citation key; raises UsageError with a near miss for an unknown one."""
    library = project.library
    entry = library.entry(key)
    return Shown(
        entry,
        library.bibliography.source[entry.start : entry.end],
        library.bibliography.path,
        tuple(map(str, ids.of_entry(entry))),
        labels.reference(library.bibliography.resolved(entry)),
        library.placements.get(key, ()),
        _notices(library, key),
    )


def _notices(library: Library, key: str) -> tuple[str, ...]:
    locked = library.lock.papers.get(key) if library.lock else None
    if locked is None:
        return ()
    withdrawn = [f"withdrawn: {locked.withdrawn}"] if locked.withdrawn else []
    return (*withdrawn, *(f"{update.type.replace('_', ' ')} {update.date} {update.doi}".strip() for update in locked.updates))
