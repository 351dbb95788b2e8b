"""`sync --watch`: run the watch queries of the sections and put what is new into the inbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from citeman import ids, likeness
from citeman.commands.add.placing import document
from citeman.inbox import Found, Inbox
from citeman.library import Library, Place
from citeman.model import Finding, Record
from citeman.project import Project
from citeman.store import Change

if TYPE_CHECKING:
    from citeman.sources.http import Session

FIRST = timedelta(days=30)
"""How far back the first run of a query looks."""
OVERLAP = timedelta(days=7)
"""arXiv shows a paper days after it was submitted: a window starts before the last one ended."""
LIMIT = 200
"""New papers that one query brings in one run at most."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What the watch queries brought."""

    found: tuple[Found, ...] = ()
    """Papers that are new in the inbox."""
    findings: tuple[Finding, ...] = ()
    unreachable: dict[str, str] = field(default_factory=dict)
    """Service -> why it could not be reached."""
    files: tuple[Change, ...] = ()


def watch(project: Project, session: Session, today: date, section: str = "", dry_run: bool = False) -> Watched:
    """Ask arXiv for what was submitted since the last time; a query that cannot be asked now is asked for the same time later."""
    from citeman.sources.arxiv import Refused
    from citeman.sources.upstream import Unreachable

    library = project.library
    heard: list[tuple[Place, str, Sequence[Record]]] = []
    findings: list[Finding] = []
    unreachable: dict[str, str] = {}
    inbox = inbox_of(project)
    for place, query in _queries(library, section):
        since = _since(inbox.since(place.name, query), today)
        try:
            found = session_search(session, query, since, today)
        except Unreachable as outage:
            unreachable[outage.service] = outage.reason
            break
        except Refused as refusal:
            findings.append(_refused(place, query, str(refusal)))
            continue
        heard.append((place, query, found))
    with project.locked(dry_run):
        before, library = inbox_of(project), project.library
        after = _with_all(before, library, heard, today)
        files = project.apply({inbox_file(project): after.dumps()}, dry_run) if heard else ()
    new = [found for identifier, found in after.papers.items() if identifier not in before.papers]
    return Watched(tuple(new), tuple(findings), unreachable, files)


def session_search(session: Session, query: str, since: date, until: date) -> tuple[Record, ...]:
    """Ask one query for one window of submission dates."""
    from citeman.sources import arxiv

    return arxiv.search(session, query, limit=LIMIT, since=since.isoformat(), until=until.isoformat(), newest_first=True)


def inbox_file(project: Project) -> str:
    """The inbox's path."""
    return f"{project.config.lists}/citeman.inbox"


def inbox_of(project: Project) -> Inbox:
    """The project's inbox; an empty one where there is none."""
    return Inbox.loads(project.text_if_there(inbox_file(project)) or "", inbox_file(project))


def known(library: Library) -> frozenset[str]:
    """The canonical identifiers of all papers of the store."""
    return frozenset(str(identifier) for entry in library.bibliography.entries for identifier in ids.of_entry(entry))


def _queries(library: Library, section: str) -> Iterator[tuple[Place, str]]:
    places = [library.place(section)] if section else library.places
    return ((place, query) for place in places for query in place.section.watch)


def _since(last: str, today: date) -> date:
    if not last:
        return today - FIRST
    return min(date.fromisoformat(last), today) - OVERLAP


def _with_all(inbox: Inbox, library: Library, heard: Sequence[tuple[Place, str, Sequence[Record]]], today: date) -> Inbox:
    there = known(library)
    for place, query, records in heard:
        new = {record.identifier: record for record in records if record.identifier not in there}
        texts = {name: f"{record.fields.get('title', '')} {record.abstract}" for name, record in new.items()}
        for name, score in likeness.rank(document(library, place), texts):
            fields = new[name].fields
            paper = Found(
                name, fields.get("title", ""), fields.get("author", ""), new[name].published, {place.name: round(score, 3)}
            )
            inbox = inbox.with_found(paper)
        inbox = inbox.asked(place.name, query, today.isoformat())
    return inbox


def _refused(place: Place, query: str, reason: str) -> Finding:
    message = f"arXiv refuses the watch query {query!r}: {reason}; correct it"
    return Finding("watch-refused", "error", message, place.volume.lists.path, place.section.line, section=place.section.anchor)
