"""Rules on the bibliography's entries."""

from __future__ import annotations

from collections.abc import Iterator

from citeman.checks import Problem, Rule
from citeman.library import Library


def unlisted(library: Library) -> Iterator[Problem]:
    """Yield every entry that no section lists."""
    unplaced = set(library.unplaced)
    for entry in library.bibliography.entries:
        if entry.key in unplaced:
            message = f"no section lists {entry.key}; `citeman link {entry.key} --section …`"
            yield Problem(message, library.bibliography.path, entry.line, entry.key)


RULES = (Rule("entry-unlisted", "hint", "an entry that no section lists", unlisted),)
