"""`inbox`: what the watch queries found, for a person to take into the store or to dismiss for good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from citeman import ids
from citeman.commands.watch import inbox_file, inbox_of, known
from citeman.config import did_you_mean
from citeman.errors import UsageError
from citeman.inbox import Found, Inbox
from citeman.project import Project
from citeman.store import Change


@dataclass(frozen=True, slots=True)
class Waiting:
    """The papers that wait, the likest to one of their sections first."""

    papers: tuple[Found, ...] = ()
    files: tuple[Change, ...] = ()


def waiting(project: Project, section: str = "") -> Waiting:
    """List what waits for a decision, of one section or of all. Raises UsageError for an unknown section."""
    place = project.library.place(section).name if section else ""
    papers = inbox_of(project).waiting(known(project.library))
    return Waiting(tuple(found for found in papers if not place or place in found.sections))


def dismiss(project: Project, names: Iterable[str], dry_run: bool = False) -> Waiting:
    """Dismiss papers for good: no later query brings them back. Raises UsageError for one that is not in the inbox."""
    with project.locked():
        inbox = inbox_of(project)
        found = [one_of(inbox, name) for name in names]
        for paper in found:
            inbox = inbox.dismissed(paper.identifier)
        files = project.apply({inbox_file(project): inbox.dumps()}, dry_run)
    return Waiting(tuple(found), files)


def one_of(inbox: Inbox, name: str) -> Found:
    """Return the paper that a person names by its arXiv id, in any form; raises UsageError with a near miss."""
    identifier = ids.parse(name)
    found = inbox.papers.get(str(identifier)) if identifier else None
    if found is None:
        numbers = [known_one.removeprefix("arXiv:") for known_one in inbox.papers]
        raise UsageError(f"no paper {name!r} in the inbox{did_you_mean(name.removeprefix('arXiv:'), numbers)}")
    return found
