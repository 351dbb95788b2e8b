"""The letters that tell papers of the same authors and year apart: read with what the lock has pinned, and pinned there."""

from __future__ import annotations

from collections.abc import Mapping

from citeman import labels
from citeman.draft import Draft
from citeman.labels import Label
from citeman.library import Library


def all_labels(library: Library) -> dict[str, Label]:
    """Return every paper's label, with the letters that the lock has pinned."""
    pinned = {key: locked.suffix for key, locked in library.lock.papers.items()} if library.lock else {}
    bibliography = library.bibliography
    return labels.labels(map(bibliography.resolved, bibliography.entries), pinned)


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
