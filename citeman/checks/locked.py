"""Rules about the lock: whether what the sources said last can be read."""

from __future__ import annotations

from collections.abc import Iterator

from citeman.checks import Problem, Rule
from citeman.library import Library


def damaged(library: Library) -> Iterator[Problem]:
    """A lock that a merge or an accident left unreadable; everything but `sync` goes on without it."""
    if library.lock and library.lock.damage:
        path, _, message = library.lock.damage.partition(": ")
        name, _, line = path.partition(":")
        yield Problem(message, name, int(line) if line.isdigit() else 0)


RULES = (Rule("lock-damaged", "warning", "a lock file that cannot be read as it stands", damaged),)
