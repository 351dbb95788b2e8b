"""The course of an `add`: read the inputs, decide titles, ask the sources, then file and list everything in one write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from citeman.commands.add import filing, inputs, joining
from citeman.commands.add.choosing import Choose, choose
from citeman.commands.add.citing import citations
from citeman.commands.add.filing import Accept, Paper
from citeman.commands.add.following import followed
from citeman.commands.add.identity import is_bare
from citeman.commands.add.inputs import Wanted
from citeman.commands.add.placing import Listing, Placing, list_all, settled
from citeman.commands.add.results import Addition, Failed, Filed
from citeman.commands.add.works import Work, gather
from citeman.draft import Draft
from citeman.library import Library
from citeman.named import NamedTuple
from citeman.project import Project

if TYPE_CHECKING:
    from citeman.sources.http import Session
    from citeman.sources.upstream import Answers

ChooseSections = Callable[[Library, Work], "Sequence[str] | None"]
"""Ask a person where a new work is to be read; empty: nowhere yet, None: ask no more."""
Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Opens a progress bar for so many works."""
Also = Callable[[Draft, Sequence[Filed]], None]
"""Changes more of a draft in which these papers have been filed."""


class Person(NamedTuple):
    """Whom to ask what only a person can decide."""

    choose: Choose = lambda *_: None
    accept: Accept = lambda _: False
    sections: ChooseSections | None = None


NOBODY = Person()
"""Nobody to ask: what a person must decide stays undecided."""


class _Course:
    """What is known so far of one run's inputs."""

    def __init__(self, read: Sequence[Wanted]) -> None:
        self.read = read
        """Every input, as it was given."""
        self.wanted: list[Wanted] = []
        """Those that name a work, each work once."""
        self.failed: list[Failed] = []
        self.outages: dict[str, str] = {}

    @property
    def order(self) -> dict[str, int]:
        """The place of each input among all."""
        return {one.input: number for number, one in enumerate(self.read)}


def add(
    project: Project,
    words: Sequence[str],
    texts: Sequence[tuple[str, str]],
    placing: Placing,
    session: Session,
    person: Person = NOBODY,
    *,
    now: str,
    key: str = "",
    progress: Progress = lambda _: nullcontext(lambda _: None),
    also: Also = lambda *_: None,
    dry_run: bool = False,
) -> Addition:
    """Add papers to the store and list them; the good ones are added even where others fail.

    `texts` are files' contents with the names to show; `now` is an ISO time in UTC; `also` may change more in the same write.
    Raises UsageError or CitemanError for sections, neighbours, cues or keys that cannot be, before anything is asked or written.
    """
    project.looks_at_few, project.is_dry = True, dry_run
    library = project.library
    placing = placing._replace(sections=tuple(map(project.name_place, placing.sections)))
    placing = settled(library, placing)
    read = inputs.read(words, texts)
    filing.check_key(key, library, len(read))
    course = _decided(read, library, session, person)
    library.finder.prepare(len(course.wanted))
    asked = [one for one in course.wanted if not _key_there(library, one)]
    with progress(len(asked)) as step:
        answers = _ask(session, asked, step)
    works, failed = gather(asked, answers, session.offline)
    works, outages = followed(session, works)
    course.failed += failed
    course.outages |= {**answers.outages, **outages}
    accepted = _accepted(Draft(library, project.lock_file), works, key, now, person)
    works = [joining.completed(session, library, work, accepted.get(id(work), "")) for work in works]
    places = _chosen_places(library, works, key, placing, person)
    if not dry_run:
        project.keep_abstracts(record for work in works for record in work.records)
    with project.locked(dry_run):
        draft = Draft(project.library, project.lock_file)
        draft.library.finder.prepare(len(course.wanted))
        filed = _file(draft, course, works, places, placing, key, "" if session.offline else now, set(accepted.values()))
        also(draft, filed)
        changes = project.apply(draft.changes, dry_run)
    failed = sorted(course.failed, key=lambda one: course.order.get(one.input, 0))
    unread = draft.library.bibliography.unread
    return Addition(tuple(filed), tuple(failed), course.outages, dict(session.requests), changes, unread)


def _decided(read: Sequence[Wanted], library: Library, session: Session, person: Person) -> _Course:
    """Turn citation keys and free texts into works; what stays undecided fails. Of inputs with one identifier the first stays."""
    decided: dict[str, Wanted] = {}
    course = _Course(read)
    for one in read:
        failure: Failed | None = None
        wanted: Wanted | None = one
        if one.query and one.query in library.bibliography.keys:
            wanted = one._replace(key=one.query, query="")
        elif one.query:
            wanted, failure, down = choose(one, session, person.choose)
            course.outages |= down
        elif one.problem:
            wanted, failure = None, Failed(one.input, one.problem)
        course.failed += [failure] if failure else []
        if wanted:
            decided.setdefault(wanted.name or wanted.input, wanted)
    course.wanted = list(decided.values())
    return course


def _key_there(library: Library, wanted: Wanted) -> str:
    """The key of the entry that an input names for sure; empty where it has to be asked for or filled in."""
    is_key = not (wanted.identifiers or wanted.record)
    key = wanted.key if is_key else library.finder.by_identifier(wanted.name)
    return "" if key and not is_key and is_bare(library.entry(key)) else key


def _ask(session: Session, wanted: Sequence[Wanted], step: Callable[[int], None]) -> Answers:
    from citeman.sources import look_up
    from citeman.sources.upstream import Answers

    names = [identifier for one in wanted for identifier in one.identifiers]
    return look_up(session, names, step) if names else Answers()


def _accepted(draft: Draft, works: Sequence[Work], key: str, now: str, person: Person) -> dict[int, str]:
    """The works (by their `id`) that go into entries that are there, and the keys of these."""
    return {number: own for number, own, what in filing.proposals(draft, works, key, now) if person.accept(what)}


def _chosen_places(
    library: Library, works: Sequence[Work], key: str, placing: Placing, person: Person
) -> Mapping[int, tuple[str, ...]]:
    """Where each new work (by its `id`) goes: where the arguments say, else where a person says."""
    chosen = dict.fromkeys(map(id, works), placing.sections)
    if placing.sections or not person.sections:
        return chosen
    for one in filing.decided(library, works, key):
        if one.match is not None:
            continue
        answer = person.sections(library, one.work)
        if answer is None:
            break
        chosen[id(one.work)] = tuple(answer)
    return chosen


def _file(
    draft: Draft,
    course: _Course,
    works: Sequence[Work],
    places: Mapping[int, tuple[str, ...]],
    placing: Placing,
    key: str,
    now: str,
    accepted: Set[str],
) -> list[Filed]:
    """File and list everything in the draft, in the order of the inputs."""
    before = draft.library
    there = [(one, own) for one in course.wanted if (own := _key_there(draft.library, one))]
    asked = {one.input for work in works for one in work.wanted}
    papers = [Paper(one, own, notes=tuple(filing.key_note(own, key))) for one, own in there if one.input not in asked]
    for group in filing.file_all(draft, works, key, now, accepted):
        papers += group
    order = course.order
    papers.sort(key=lambda paper: order.get(paper.wanted.input, 0))
    where = [places.get(id(paper.work), placing.sections) for paper in papers]
    listings = [Listing(paper.key, own) for paper, own in zip(papers, where, strict=True)]
    listed = list_all(draft, listings, placing)
    cited = citations(draft, before, [paper.key for paper in papers], [paper.key for paper in papers if paper.new])
    return [
        filing.filed(draft, paper, listed.get(paper.key, ()), own, cited[paper.key])
        for paper, own in zip(papers, where, strict=True)
    ]
