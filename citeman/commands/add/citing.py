"""How papers are cited: their labels among all of the store, and the letters (2023a, 2023b) that a new one brings about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from citeman import ids, labels
from citeman.commands.add.identity import is_bare
from citeman.commands.letters import pin
from citeman.draft import Draft
from citeman.library import Library
from citeman.model import Entry


def citations(draft: Draft, library: Library, keys: Sequence[str], new: Iterable[str]) -> dict[str, str]:
    """Return each key's citation in the guide's own form, and pin in the lock the letters that the new papers bring about.

    `library` is the draft's as it was before papers were filed: there the others of their labels are looked for.
    """
    entries = {key: draft.library.entry(key) for key in keys}
    group = {entry.key: entry for entry in _alike(library, entries.values())} | entries
    fresh = set(new)
    pinned = {key: draft.lock.get(key).suffix for key in group if key not in fresh}
    found = labels.labels(group.values(), pinned)
    if fresh:
        pin(draft, found)
    return {key: labels.markdown(found[key], address(entry)) for key, entry in entries.items()}


def address(entry: Entry) -> str:
    """Return the address that a guide links a paper by: arXiv's where there is one, for everybody can read it."""
    found = ids.of_entry(entry)
    best = next((one for one in found if one.kind == "arxiv"), next(iter(found), None))
    return ids.url_of(best) if best else ""


def _alike(library: Library, entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries of the library that share authors and year with one of these."""
    wanted = {(labels.who(entry), labels.year(entry)) for entry in entries if not is_bare(entry)}
    years = {year for _, year in wanted}
    for entry in library.finder.about(wanted):
        if labels.year(entry) in years and (labels.who(entry), labels.year(entry)) in wanted:
            yield entry
