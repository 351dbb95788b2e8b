"""`inbox`: what the watch queries found, for a person to take into the store or to dismiss for good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from citeman import ids
from citeman.commands.add import Addition, Placing, add
from citeman.commands.watch import inbox_file, inbox_of, known
from citeman.config import did_you_mean
from citeman.errors import UsageError
from citeman.inbox import Found, Inbox
from citeman.project import Project
from citeman.store import Change

if TYPE_CHECKING:
    from citeman.sources.http import Session


@dataclass(frozen=True, slots=True)
class Waiting:
    """The papers that wait, the likest to one of their sections first."""

    papers: tuple[Found, ...] = ()
    files: tuple[Change, ...] = ()


def waiting(project: Project, sections: Iterable[str] = ()) -> Waiting:
    """List what waits for a decision, of some sections or of all. Raises UsageError for an unknown section."""
    places = {project.library.place(section).name for section in sections}
    papers = inbox_of(project).waiting(known(project.library))
    return Waiting(tuple(found for found in papers if not places or places & found.sections.keys()))


def dismiss(project: Project, names: Iterable[str], dry_run: bool = False) -> Waiting:
    """Dismiss papers for good: no later query brings them back. Raises UsageError for one that is not in the inbox."""
    with project.locked(dry_run):
        inbox = inbox_of(project)
        found = [one_of(inbox, name) for name in names]
        for paper in found:
            inbox = inbox.dismissed(paper.identifier)
        files = project.apply({inbox_file(project): inbox.dumps()}, dry_run)
    return Waiting(tuple(found), files)


def accept(
    project: Project, names: Sequence[str], placing: Placing, session: Session, now: str, dry_run: bool = False
) -> Addition:
    """Add papers of the inbox to the store and list them: in the sections given, else in the likest one that found them.

    Those that were added leave the inbox. Raises UsageError for one that is not in it.
    """
    inbox = inbox_of(project)
    places: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        found = one_of(inbox, name)
        places.setdefault(placing.sections or _likest(project, found), []).append(found.identifier)
    results = [
        add(project, words, (), placing._replace(sections=sections), session, now=now, dry_run=dry_run)
        for sections, words in places.items()
    ]
    with project.locked(dry_run):
        left = there = inbox_of(project)
        for filed in (filed for result in results for filed in result.filed):
            left = left.without(filed.input)
        files = project.apply({inbox_file(project): left.dumps()} if left != there else {}, dry_run)
    return _together(results, files)


def _likest(project: Project, found: Found) -> tuple[str, ...]:
    """The place that found the paper and is most like it, where it is still there."""
    there = {place.name for place in project.library.places}
    places = sorted((name for name in found.sections if name in there), key=lambda name: -found.sections[name])
    return tuple(places[:1])


def _together(results: Sequence[Addition], files: Sequence[Change]) -> Addition:
    return Addition(
        tuple(filed for result in results for filed in result.filed),
        tuple(failed for result in results for failed in result.failed),
        {service: reason for result in results for service, reason in result.outages.items()},
        dict(results[-1].requests) if results else {},
        (*(change for result in results for change in result.changes), *files),
    )


def one_of(inbox: Inbox, name: str) -> Found:
    """Return the paper that a person names by its arXiv id, in any form; raises UsageError with a near miss."""
    identifier = ids.parse(name)
    found = inbox.papers.get(str(identifier)) if identifier else None
    if found is None:
        numbers = [known_one.removeprefix("arXiv:") for known_one in inbox.papers]
        raise UsageError(f"no paper {name!r} in the inbox{did_you_mean(name.removeprefix('arXiv:'), numbers)}")
    return found
