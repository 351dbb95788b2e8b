"""The first half of a sync: which entries it is about, and what the sources say of them. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from citeman.commands.sync.asking import Heard, Step, ask
from citeman.commands.sync.questions import Due, questions
from citeman.library import Library
from citeman.lock import Lock
from citeman.merge import adopted
from citeman.model import Entry
from citeman.project import Project

if TYPE_CHECKING:
    from citeman.sources.http import Session

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a sync is about: some keys, the papers of a section, or everything; and how old what is known may be."""

    keys: tuple[str, ...] = ()
    section: str = ""
    max_age: timedelta = timedelta(days=30)
    force: bool = False

    @property
    def age(self) -> timedelta:
        """The age from which a key is due."""
        return timedelta(0) if self.force else self.max_age


@dataclass(frozen=True, slots=True)
class Sync:
    """A sync that has heard the sources and has not settled anything yet."""

    heard: Heard
    keys: tuple[str, ...]
    now: datetime
    scope: Scope
    requests: Mapping[str, int] = field(default_factory=dict)


Progress = Callable[[int], AbstractContextManager[Step]]
"""Opens a progress bar for so many parts."""


def listen(
    project: Project, scope: Scope, session: Session, now: datetime, progress: Progress = lambda _: nullcontext(lambda _: None)
) -> Sync:
    """Ask the sources what is due. Raises UsageError for an unknown section or key."""
    library = project.library
    everything = entries_of(library)
    lock = known_lock(library, everything)
    keys = tuple(_wanted(library, scope))
    entries = {key: everything[key] for key in keys}
    due = Due(now.astimezone(UTC), scope.age)
    asked = questions(entries.values(), lock, due)
    with progress(len(asked.arxiv) + len(asked.dois)) as step:
        heard = ask(session, entries, lock, due, asked, step)
    return Sync(heard, keys, now, scope, dict(session.requests))


def entries_of(library: Library) -> dict[str, Entry]:
    """Every citation key's entry, with the fields it inherits, in the order of the file."""
    found: dict[str, Entry] = {}
    for entry in library.bibliography.entries:
        if entry.key:
            found.setdefault(entry.key, entry)
    return {key: library.bibliography.resolved(entry) for key, entry in found.items()}


def known_lock(library: Library, entries: Mapping[str, Entry]) -> Lock:
    """The lock, renamed keys followed; keys that are gone are forgotten, unless a part of the bibliography is illegible."""
    lock = library.lock or Lock.empty()
    if lock.papers.keys() <= entries.keys():
        return lock
    legible = not any(finding.severity == "error" for finding in library.bibliography.findings)
    return adopted(lock, entries, forget=legible)


def _wanted(library: Library, scope: Scope) -> Iterator[str]:
    """The keys of a scope, in the order of the bibliography."""
    for key in scope.keys:
        library.entry(key)
    section = {item.key for item in library.place(scope.section).section.reading} if scope.section else set()
    chosen = section | set(scope.keys)
    limited = bool(scope.section or scope.keys)
    return (key for key in library.bibliography.keys if not limited or key in chosen)
