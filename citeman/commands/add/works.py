"""From what was asked for and what the sources answered to works, each with its facts and where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from citeman import ids, merge
from citeman.commands.add.inputs import Wanted
from citeman.model import Record
from citeman.sources.upstream import Answers, Unreachable

if TYPE_CHECKING:
    from citeman.sources.http import Session

SEARCHED = 5
"""For at most so many preprints of one run a published version is searched for; `sync` does it for the rest, in its own time."""


@dataclass(frozen=True, slots=True)
class Work:
    """One work to be filed: its records, the facts that they make together, and what a person should be told."""

    wanted: Wanted
    records: tuple[Record, ...]
    combined: merge.Combined
    notes: tuple[str, ...] = ()

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Every canonical identifier of the work, the asked-for one first."""
        names = (self.wanted.name, *(name for record in self.records for name in (record.identifier, *record.aliases)))
        return tuple(dict.fromkeys(name for name in names if name))


def works(wanted: Iterable[Wanted], answers: Answers) -> list[Work]:
    """Make a work of everything asked for that a source or a file knows."""
    return [_work(one, records, notes) for one in wanted for records, notes in _known(one, answers) if records]


def with_published(session: Session, found: Sequence[Work]) -> list[Work]:
    """Search a version of record for preprints that assert none; taken when title, first author and years agree beyond doubt."""
    preprints = [work for work in found if not work.combined.formal and "eprint" in work.combined.fields]
    if len(preprints) > SEARCHED or session.offline:
        return list(found)
    better = {work.identifiers[0]: _searched(session, work) for work in preprints if work.identifiers}
    return [better.get(work.identifiers[0], work) if work.identifiers else work for work in found]


def _known(wanted: Wanted, answers: Answers) -> Iterator[tuple[tuple[Record, ...], tuple[str, ...]]]:
    own = answers.of(wanted.name) if wanted.name else None
    records: list[Record] = []
    notes: list[str] = []
    for record in filter(None, (own, wanted.record)):
        if records and merge.same_work(records[0], record).contradicts:
            notes.append(f"{wanted.input}: the file's facts are another paper's than {wanted.name}; the identifier decided")
            continue
        records.append(record)
    for record in list(records):
        for name in filter(None, (record.published_doi, record.preprint)):
            other = answers.of(name)
            if other is None or other in records:
                continue
            verdict = merge.same_work(records[0], other)
            if verdict.contradicts:
                notes.append(f"{record.identifier} points to {name}, which is another paper ({verdict.reason}); not taken")
            else:
                records.append(other)
    yield tuple(records), tuple(notes)


def _work(wanted: Wanted, records: tuple[Record, ...], notes: tuple[str, ...]) -> Work:
    return Work(wanted, records, merge.combine(records), notes)


def _searched(session: Session, work: Work) -> Work:
    from citeman.sources import crossref

    fields = work.combined.fields
    text = f"{fields.get('title', '')} {fields.get('author', '').split(',')[0]}"
    try:
        found = crossref.search_bibliographic(session, text, rows=5)
    except (Unreachable, crossref.Refused):
        return work
    for record in found:
        verdict = merge.same_work(work.records[0], record)
        if verdict.decision == "same" and not record.identifier.startswith("doi:10.48550/"):
            note = f"{work.identifiers[0]} was published as {record.identifier}: {verdict.reason}"
            return _work(work.wanted, (*work.records, record), (*work.notes, note))
    return work


def stub(wanted: Wanted) -> Work | None:
    """Return what can be said of a work that nobody could be asked about: its identifier, for `sync` to fill in."""
    identifier = wanted.identifier
    if identifier is None:
        return None
    if identifier.kind == "arxiv":
        fields = {"eprint": identifier.value, "eprinttype": "arxiv"}
    elif identifier.kind == "doi":
        fields = {"doi": identifier.value}
    else:
        fields = {"url": ids.url_of(identifier)}
    combined = merge.Combined("misc", fields, dict.fromkeys(fields, "file"))
    return Work(
        replace(wanted, record=None), (), combined, (f"{wanted.input}: only its identifier is known; `citeman sync` fills it in",)
    )
