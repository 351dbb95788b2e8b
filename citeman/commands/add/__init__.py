"""`add`: from identifiers, addresses, files or titles to right entries, listed in the sections where they should be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from citeman.commands.add import filing, inputs
from citeman.commands.add.filing import Filed, Placing
from citeman.commands.add.inputs import Wanted
from citeman.commands.add.works import Work, stub, with_published, works
from citeman.draft import Draft
from citeman.project import Project
from citeman.store import Change

if TYPE_CHECKING:
    from citeman.sources.candidates import Candidate
    from citeman.sources.http import Session
    from citeman.sources.upstream import Answers

__all__ = ["Addition", "Failed", "Filed", "Placing", "add"]

Choose = Callable[[str, Sequence["Candidate"]], "Candidate | None"]
"""Ask a person which of the candidates a text means; None: none of them, or nobody to ask."""
ChooseSections = Callable[[Project, Work], Sequence[str]]
"""Ask a person where a work belongs; empty: nowhere yet."""


@dataclass(frozen=True, slots=True)
class Failed:
    """An input that led to no paper, and why."""

    input: str
    reason: str
    unreachable: bool = False
    """Nobody could be asked: it says nothing about the paper."""


@dataclass(frozen=True, slots=True)
class Addition:
    """What `add` did."""

    filed: tuple[Filed, ...] = ()
    failed: tuple[Failed, ...] = ()
    outages: Mapping[str, str] = field(default_factory=dict)
    """Service -> why it could not be reached; another one may have answered in its place."""
    requests: Mapping[str, int] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    @property
    def added(self) -> tuple[Filed, ...]:
        """The papers that are new."""
        return tuple(one for one in self.filed if one.new)

    @property
    def existing(self) -> tuple[Filed, ...]:
        """The papers that were there already."""
        return tuple(one for one in self.filed if not one.new)


def add(
    project: Project,
    words: Sequence[str],
    texts: Sequence[tuple[str, str]],
    placing: Placing,
    session: Session,
    *,
    now: str,
    key: str = "",
    choose: Choose,
    choose_sections: ChooseSections | None = None,
    dry_run: bool = False,
) -> Addition:
    """Add papers to the store and list them; the good ones are added even where others fail.

    `texts` are files' contents with the names to show; `now` is an ISO time in UTC. Raises UsageError for sections or keys that
    cannot be, before anything is asked or written.
    """
    library = project.library
    filing.must_exist(library, placing)
    wanted, failed, outages = _decided(inputs.read(words, texts), session, choose)
    asked = [one for one in wanted if not filing.existing(library, [one.name])[0]]
    answers = _ask(session, asked)
    found = with_published(session, works(asked, answers))
    failed += _unanswered(asked, found, answers, session)
    if session.offline:
        found += [work for one in asked if _is_unknown(one, found) if (work := stub(one))]
    if choose_sections and not placing.sections and len(found) == 1:
        placing = replace(placing, sections=tuple(choose_sections(project, found[0])))
    with project.locked():
        draft = Draft(project.library, project.lock_file)
        there = [one for one in wanted if one not in asked]
        filed = [
            filing.link_existing(draft, one.input, one.name, filing.existing(draft.library, [one.name])[0], placing)
            for one in there
        ]
        filed = filing.labelled(draft, filed) + filing.file_all(draft, found, key, placing, now)
        changes = project.apply(draft.changes, dry_run)
    order = {one.input: number for number, one in enumerate(wanted)}
    filed.sort(key=lambda one: order.get(one.input, 0))
    return Addition(tuple(filed), tuple(failed), {**outages, **answers.outages}, dict(session.requests), changes)


def _decided(wanted: Sequence[Wanted], session: Session, choose: Choose) -> tuple[list[Wanted], list[Failed], dict[str, str]]:
    """Turn free text into identifiers, by a person's choice; what stays undecided fails."""
    decided: dict[object, Wanted] = {}
    failed: list[Failed] = []
    outages: dict[str, str] = {}
    for one in wanted:
        if one.query:
            one, failure, down = _chosen(one, session, choose)
            outages.update(down)
            failed += [failure] if failure else []
        elif one.problem:
            failed.append(Failed(one.input, one.problem))
        if one.identifier or one.record:
            decided.setdefault(one.name or one.input, one)
    return list(decided.values()), failed, outages


def _chosen(wanted: Wanted, session: Session, choose: Choose) -> tuple[Wanted, Failed | None, Mapping[str, str]]:
    from citeman import ids
    from citeman.sources import candidates

    found = candidates.find(session, wanted.query)
    pick = choose(wanted.query, found.found) if found.found else None
    if pick:
        return replace(wanted, identifier=ids.parse(pick.record.identifier), query=""), None, found.outages
    if found.found:
        likely = found.found[0].record
        reason = f"a title decides nothing; the likeliest is {likely.identifier} ({likely.fields.get('title', '')}): add that"
        return wanted, Failed(wanted.input, reason), found.outages
    if found.outages:
        return wanted, Failed(wanted.input, _told(found.outages), True), found.outages
    return wanted, Failed(wanted.input, "neither arXiv nor Crossref knows anything like it"), found.outages


def _ask(session: Session, wanted: Sequence[Wanted]) -> Answers:
    from citeman.sources import look_up
    from citeman.sources.upstream import Answers

    names = [one.identifier for one in wanted if one.identifier]
    return look_up(session, names) if names else Answers()


def _is_unknown(wanted: Wanted, found: Sequence[Work]) -> bool:
    return all(work.wanted != wanted for work in found)


def _unanswered(wanted: Sequence[Wanted], found: Sequence[Work], answers: Answers, session: Session) -> list[Failed]:
    failed = []
    for one in wanted:
        if not _is_unknown(one, found):
            continue
        if one.name in answers.missing:
            failed.append(Failed(one.input, f"no such paper: {one.name} is unknown to arXiv, Crossref and DataCite"))
        elif not session.offline:
            failed.append(Failed(one.input, _told(answers.outages), True))
    return failed


def _told(outages: Mapping[str, str]) -> str:
    reasons = "; ".join(f"{service}: {reason}" for service, reason in outages.items())
    return f"cannot be reached now ({reasons or 'no source answered'}); try again later"
