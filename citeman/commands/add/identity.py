"""Whether a work is in the store already, and how that is known: by an identifier, or because everything about it agrees."""

from __future__ import annotations

from collections.abc import Iterator

from citeman import merge, tex
from citeman.commands.add.works import Work
from citeman.library import Library
from citeman.model import Entry, Record
from citeman.named import NamedTuple

CLOSE_TITLES = 5
"""Entries with one title that are compared with a new work; more hardly exist."""


class Match(NamedTuple):
    """The entry that a work is, and why it is believed to be."""

    key: str
    """Empty for a work that this run puts into the store."""
    reason: str = ""
    """What agrees; empty when an identifier says so."""
    earlier: Work | None = None
    """The work of this run that it is."""


class Known:
    """What is in the store, and what this run puts there."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.new: dict[str, Work] = {}
        """Folded title -> the first work of this run that bears it."""

    def match(self, work: Work) -> tuple[Match | None, str]:
        """Return the entry that the work is, or None; and what a person should be told of one that it only may be."""
        for name in work.identifiers:
            if key := self.library.finder.by_identifier(name):
                return Match(key), ""
        doubt = ""
        for other, match in self._of_one_title(work):
            verdicts = [merge.same_work(other, record) for record in work.records]
            same = next((verdict for verdict in verdicts if verdict.decision == "same"), None)
            if same:
                return match._replace(reason=same.reason), ""
            doubtful = next((verdict for verdict in verdicts if verdict.decision == "doubtful"), None)
            if doubtful and not doubt:
                named = match.key or (match.earlier.wanted[0].input if match.earlier else "")
                doubt = f"it may be the same work as {named}, not beyond doubt: {doubtful.reason}"
        return None, doubt

    def note(self, work: Work) -> None:
        """Note a work that is put into the store in this run."""
        for title in _titles(work):
            self.new.setdefault(title, work)

    def _of_one_title(self, work: Work) -> Iterator[tuple[Record, Match]]:
        for folded, title in _titles(work).items():
            for key in self.library.finder.by_title(title)[:CLOSE_TITLES]:
                yield merge.as_record(self.library.entry(key)), Match(key)
            if folded in self.new:
                yield from ((record, Match("", earlier=self.new[folded])) for record in self.new[folded].records)


def _titles(work: Work) -> dict[str, str]:
    """Each title that a source gives the work, by its folded form."""
    titles = (record.fields.get("title", "") for record in work.records)
    return {folded: title for title in titles if (folded := tex.fold(title))}


def is_bare(entry: Entry) -> bool:
    """Whether an entry holds nothing but identifiers: what `add --offline` leaves for later."""
    return not entry.get("title") and not entry.get("author") and not entry.get("editor")
