"""How papers are cited: their labels among all of the store, and the letters (2023a, 2023b) that a new one brings about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from citeman import ids, labels
from citeman.commands.letters import pin
from citeman.draft import Draft
from citeman.model import Entry


def citations(draft: Draft, keys: Sequence[str], new: Iterable[str]) -> dict[str, str]:
    """Return each key's citation in the guide's own form, and pin in the lock the letters that the new papers bring about."""
    entries = {key: draft.library.entry(key) for key in keys}
    group = _alike(draft, entries.values())
    fresh = set(new)
    pinned = {entry.key: draft.lock.get(entry.key).suffix for entry in group if entry.key not in fresh}
    found = labels.labels(group, pinned)
    if fresh:
        pin(draft, found)
    return {key: labels.markdown(found[key], address(entry)) for key, entry in entries.items()}


def address(entry: Entry) -> str:
    """Return the address that a guide links a paper by: arXiv's where there is one, for everybody can read it."""
    found = ids.of_entry(entry)
    best = next((one for one in found if one.kind == "arxiv"), next(iter(found), None))
    return ids.url_of(best) if best else ""


def _alike(draft: Draft, entries: Iterable[Entry]) -> list[Entry]:
    """The entries of the store that share authors and year with one of these, these among them."""
    wanted = {(labels.who(entry), labels.year(entry)) for entry in entries}
    years = {year for _, year in wanted}
    return [
        entry
        for entry in draft.bibliography.entries
        if labels.year(entry) in years and (labels.who(entry), labels.year(entry)) in wanted
    ]
