"""`scan --write`: what guides cite taken into the store, and listed in the sections that cite it, all in one write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from citeman.commands.add import Addition, Filed, Person, Placing, Progress, add
from citeman.commands.init import new_lists, surroundings
from citeman.commands.letters import pin_all
from citeman.commands.scan.finding import Text, Texts, citations, scan, texts
from citeman.commands.scan.values import Cited, Scanned
from citeman.draft import Draft
from citeman.library import Place, Volume
from citeman.lists import Item, ReadingLists
from citeman.project import Project

if TYPE_CHECKING:
    from citeman.sources.http import Session

CONTEXT = 300
"""Characters of the citing sentence that are kept with a reading item."""


@dataclass(slots=True)
class _Taking:
    """One run: what it is about, and what it has done."""

    project: Project
    paths: Sequence[str]
    today: str
    pages: bool
    result: Scanned = field(default_factory=lambda: Scanned(()))

    def take(self, draft: Draft, filed: Sequence[Filed]) -> None:
        """Start the lists of new guides, list everything that is cited, and pin the letters."""
        found = texts(self.project, self.paths)
        started = tuple(_start(self.project, draft, found))
        cited = tuple(citations(draft.library, found.read, self.pages, {one.input: one.key for one in filed}))
        linked, loose = _link(draft, cited, self.today)
        pin_all(draft)
        self.result = Scanned(cited, found.unread, None, linked, started, loose)


def scan_into(
    project: Project,
    paths: Sequence[str],
    session: Session,
    *,
    now: str,
    today: str,
    pages: bool = False,
    progress: Progress = lambda _: nullcontext(lambda _: None),
    yes: bool = False,
    dry_run: bool = False,
) -> Scanned:
    """Add what the store lacks (in batches) and list each work in the section that cites it, its sentence as context.

    Texts that are no guides of the project yet become guides. What turns out to be another name of an entry's work is proposed,
    and with `yes` taken into the entry. Run twice, it changes nothing.
    """
    before = scan(project, paths, pages=pages)
    missing = list(dict.fromkeys(one.identifier for one in before.lacking if one.identifier))
    taking = _Taking(project, paths, today, pages)
    if missing:
        person = Person(accept=lambda _: yes)
        addition = add(
            project, missing, [], Placing(), session, person, now=now, progress=progress, also=taking.take, dry_run=dry_run
        )
        return replace(taking.result, addition=addition, changes=addition.changes)
    with project.locked(dry_run):
        draft = Draft(project.library, project.lock_file)
        taking.take(draft, ())
        return replace(taking.result, addition=Addition(), changes=project.apply(draft.changes, dry_run))


def _start(project: Project, draft: Draft, found: Texts) -> Iterable[str]:
    """Start reading lists for texts that have none: those that somebody named or that cite something, and have headings."""
    fresh = [text for text in found.read if _is_new_guide(text)]
    if fresh:
        for path, source in surroundings(project, found.rule).items():
            if path not in draft.changes:
                draft.create(path, source)
    for text in fresh:
        path = f"{project.config.lists}/{text.name}.yaml"
        lists = ReadingLists.parse(new_lists(project, text.guide, text.name), path)
        draft.add_volume(Volume(lists, text.guide))
        yield path


def _is_new_guide(text: Text) -> bool:
    return not text.known and (text.named or text.cites) and any(not section.nested for section in text.guide.sections)


def _link(draft: Draft, cited: Iterable[Cited], today: str) -> tuple[int, tuple[Cited, ...]]:
    """List what is cited where it is cited; returns how many items are new, and the citations that no section holds."""
    places = {place.name: place for place in draft.library.places}
    by_place: dict[str, list[Cited]] = {}
    loose: list[Cited] = []
    for one in cited:
        name = f"{one.guide}#{one.section}"
        if one.key and name in places:
            by_place.setdefault(name, []).append(one)
        elif one.key:
            loose.append(one)
    linked = sum(len(_list(draft, places[name], inside, today)) for name, inside in by_place.items())
    return linked, tuple(loose)


def _list(draft: Draft, place: Place, cited: Iterable[Cited], today: str) -> tuple[str, ...]:
    items = [Item(key=one.key, added=today, context=_context(one.sentence)) for one in cited if one.key]
    return draft.list_items(place, items)


def _context(sentence: str) -> str:
    text = " ".join(sentence.split())
    return text if len(text) <= CONTEXT else f"{text[:CONTEXT].rsplit(' ', 1)[0]} …"
