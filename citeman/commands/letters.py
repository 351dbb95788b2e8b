"""The letters that tell papers of the same authors and year apart: read with what the lock has pinned, and pinned there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from citeman import labels
from citeman.bib.table import encoded, may_inherit
from citeman.draft import Draft
from citeman.labels import Label
from citeman.library import Library
from citeman.model import Entry


def all_labels(library: Library) -> dict[str, Label]:
    """Return every paper's label, with the letters that the lock has pinned."""
    pinned = {key: locked.suffix for key, locked in library.lock.papers.items()} if library.lock else {}
    bibliography = library.bibliography
    return labels.labels(map(bibliography.resolved, bibliography.entries), pinned)


def labels_of(library: Library, entries: Sequence[Entry]) -> dict[str, Label]:
    """Return the labels of some papers as `all_labels` gives them; of the others only those of their years are looked at."""
    bibliography = library.bibliography
    own = [bibliography.resolved(entry) for entry in entries]
    if library.finder.is_read or may_inherit(encoded(bibliography.source)):
        return all_labels(library)
    # Only by their year, since Müller and Muller share their letters.
    wanted = {("", labels.year(entry)) for entry in own}
    group = {entry.key: entry for entry in own}
    for entry in sorted(library.finder.about(wanted), key=lambda entry: entry.start):
        group.setdefault(entry.key, entry)
    known = library.lock.papers if library.lock else {}
    pinned = {key: known[key].suffix for key in group if key in known}
    return labels.labels(group.values(), pinned)


def pin(draft: Draft, names: Mapping[str, Label]) -> None:
    """Pin the letters of these labels, so that they stay when a paper comes in that would sort before."""
    lock = draft.lock
    for key, label in names.items():
        if label.suffix and lock.get(key).suffix != label.suffix:
            lock = lock.with_suffix(key, label.suffix)
    if lock != draft.lock:
        draft.set_lock(lock)


def pin_all(draft: Draft) -> dict[str, Label]:
    """Pin the letters of the whole store as they are shown now, and return every paper's label."""
    names = all_labels(draft.library)
    pin(draft, names)
    return names
