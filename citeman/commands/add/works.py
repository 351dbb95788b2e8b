"""From what was asked for and what the sources answered to works: each with its records and the facts that they make together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from citeman import ids, merge, tex
from citeman.commands.add.inputs import Wanted
from citeman.commands.add.results import Failed, told
from citeman.merge.combine import role
from citeman.merge.works import compare_titles, is_fake
from citeman.model import Entry, Field, Record
from citeman.named import NamedTuple

if TYPE_CHECKING:
    from citeman.sources.upstream import Answers

SPEAKERS = {
    "arxiv": "arXiv",
    "arxiv-oai": "arXiv's OAI-PMH",
    "crossref": "Crossref",
    "datacite": "DataCite",
    "web": "its page",
    "file": "the file",
}
"""Source -> its name for people."""


class Work(NamedTuple):
    """One work to be filed: the inputs that name it, its records, their facts together, and what a person should be told."""

    wanted: tuple[Wanted, ...]
    records: tuple[Record, ...]
    combined: merge.Combined
    notes: tuple[str, ...] = ()

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Every canonical identifier of the work, the one that was asked for first."""
        asked = (one.name for one in self.wanted)
        return tuple(dict.fromkeys(name for name in (*asked, *_names(self.records)) if name))

    def entry(self, key: str = "") -> Entry:
        """Return the work as an entry that is in no file yet."""
        fields = merge.new_fields(self.combined)
        return Entry(
            self.combined.type or "misc", key, tuple(Field(name, value, 0, 0, 0, 0, 0) for name, value in fields.items())
        )

    def with_records(self, records: Iterable[Record], *notes: str) -> Work:
        """Return the work with more records."""
        found = (*self.records, *records)
        combined = merge.combine(found) if found != self.records else self.combined
        return self._replace(records=found, combined=combined, notes=(*self.notes, *notes))


def gather(wanted: Sequence[Wanted], answers: Answers, offline: bool) -> tuple[list[Work], list[Failed]]:
    """Make one work of all inputs that name it, in the order of the inputs; an input of which nobody knows anything fails."""
    known: dict[str, Record] = {}
    for record in answers.records:
        for name in (record.identifier, *record.aliases):
            known.setdefault(name, record)
    works: list[Work] = []
    failed: list[Failed] = []
    for one in wanted:
        found = _read(one, known, answers, offline)
        if isinstance(found, Failed):
            failed.append(found)
        else:
            works.append(found)
    return joined(works), failed


def _read(wanted: Wanted, known: Mapping[str, Record], answers: Answers, offline: bool) -> Work | Failed:
    if wanted.candidates:
        chosen = _of_pdf(wanted, known, answers)
        if isinstance(chosen, Failed):
            return chosen
        wanted = chosen
    own = known.get(wanted.name)
    if own and is_fake(own):
        reason = "its prefix is known for copies of other people's papers; look for the real one: `citeman add TITLE`"
        return Failed(wanted.input, reason)
    records, notes = _records(wanted, known, answers)
    if records:
        return Work((wanted,), tuple(records), merge.combine(records), (*_version(wanted, records), *notes))
    if wanted.name in answers.missing:
        return Failed(wanted.input, f"no such paper: {wanted.name} is unknown to {_asked(wanted)}")
    stub = _stub(wanted) if offline else None
    return stub or Failed(wanted.input, told(answers.outages), True)


def _records(wanted: Wanted, known: Mapping[str, Record], answers: Answers) -> tuple[list[Record], list[str]]:
    """What speaks of a work: what it was asked for by, what that points to, what a file says."""
    records: list[Record] = []
    notes: list[str] = []
    own = known.get(wanted.name)
    if own:
        _follow(own, known, answers, records, notes)
    if wanted.record and own and merge.same_work(own, wanted.record).contradicts:
        notes.append(f"the file's facts are another paper's than {wanted.name}; the identifier decided")
    elif wanted.record and (own or wanted.record.fields.get("title")):
        records.append(wanted.record)
        if wanted.name in answers.missing:
            notes.append(f"{wanted.name} is unknown to {_asked(wanted)}; the file's own facts were taken")
        elif wanted.name and not own:
            notes.append(f"{wanted.name} could not be asked for; the file's own facts were taken, `citeman sync` asks again")
    return records, notes


def _follow(record: Record, known: Mapping[str, Record], answers: Answers, records: list[Record], notes: list[str]) -> None:
    """Take a record and what it points to, its version of record or its preprint, as far as these are no other paper."""
    records.append(record)
    for name in (record.published_doi and f"doi:{record.published_doi.lower()}", record.preprint):
        other = known.get(name) if name else None
        if not name or other in records:
            continue
        if other is None:
            where = "could not be asked for" if answers.outages else "is unknown to Crossref and DataCite"
            notes.append(f"{_speaker(record)} points to {name}, which {where}; not taken")
            continue
        verdict = merge.same_work(record, other)
        if is_fake(other):
            notes.append(f"{_speaker(record)} points to {name}, a prefix known for copies of other people's papers; not taken")
        elif verdict.contradicts:
            shown = tex.to_text(other.fields.get("title", ""))
            notes.append(f"{_speaker(record)} points to {name}, another paper (“{shown}”: {verdict.reason}); not taken")
        else:
            notes += told_published(record, other, f"{_speaker(record)} says so")
            _follow(other, known, answers, records, notes)


def told_published(one: Record, other: Record, ground: str) -> list[str]:
    """Say that two records are a preprint and its version of record, on what ground, and whether its title changed."""
    preprint, record = (one, other) if role(one) == "preprint" else (other, one)
    years = [said.published[:4] or said.fields.get("year", "") for said in (preprint, record)]
    dated = f" ({record.fields.get('year') or years[1]}, the preprint is of {years[0]})" if years[0] and years[1] else ""
    notes = [f"{preprint.identifier} is published as {record.identifier}{dated}: {ground}"]
    titles = [said.fields.get("title", "") for said in (preprint, record)]
    if compare_titles(*titles) != "equal":
        notes.append(f"the preprint's title is “{tex.to_text(titles[0])}”")
    return notes


def _of_pdf(wanted: Wanted, known: Mapping[str, Record], answers: Answers) -> Wanted | Failed:
    """Of the works that a PDF's first pages name, the one whose title stands there."""
    text = _letters(wanted.text)
    found = [(one, known[str(one)]) for one in wanted.candidates if str(one) in known]
    for identifier, record in found:
        title = _letters(record.fields.get("title", ""))
        if title and title in text:
            return wanted._replace(identifier=identifier, candidates=())
    if not found:
        if any(str(one) in answers.unreachable for one in wanted.candidates):
            return Failed(wanted.input, told(answers.outages), True)
        return Failed(wanted.input, f"its first pages name only {_listed(wanted)}, which nobody knows; give its DOI or arXiv id")
    return Failed(
        wanted.input,
        f"its first pages name {_listed(wanted)} but bear no such title; give the DOI or arXiv id of the paper itself",
    )


def _letters(text: str) -> str:
    """The letters and digits of a text: PDFs lose blanks and break words."""
    return tex.fold(text).replace(" ", "")


def _listed(wanted: Wanted) -> str:
    return ", ".join(map(str, wanted.candidates))


def _version(wanted: Wanted, records: Sequence[Record]) -> Iterator[str]:
    """Say where another version was asked for than the one that the facts are of."""
    asked = wanted.identifier.version if wanted.identifier else 0
    latest = max((record.version for record in records), default=0)
    if asked and asked < latest:
        yield f"v{asked} was asked for; the facts are those of v{latest}, the current version"
    elif latest and asked > latest:
        yield f"there is no v{asked}; the current version is v{latest}"


def _asked(wanted: Wanted) -> str:
    kind = wanted.identifier.kind if wanted.identifier else ""
    return {"arxiv": "arXiv", "doi": "Crossref and DataCite"}.get(kind, "its own site")


def _stub(wanted: Wanted) -> Work | None:
    """What can be said of a work that nobody could be asked about: its identifier, for `sync` to fill in."""
    identifier = wanted.identifier
    if identifier is None:
        return None
    if identifier.kind == "arxiv":
        fields = {"eprint": identifier.value, "eprinttype": "arxiv"}
    elif identifier.kind == "doi":
        fields = {"doi": identifier.value}
    else:
        fields = {"url": ids.url_of(identifier)}
    combined = merge.Combined("misc", fields)
    return Work((wanted,), (), combined, ("only its identifier is known; `citeman sync` fills it in",))


def joined(works: Iterable[Work]) -> list[Work]:
    """Make one work of those that share an identifier."""
    groups: list[Work | None] = []
    place: dict[str, int] = {}
    for work in works:
        hit = sorted({place[name] for name in work.identifiers if name in place})
        groups.append(work)
        parts = [part for index in (*hit, len(groups) - 1) if (part := groups[index])]
        for index in (*hit, len(groups) - 1):
            groups[index] = None
        home = hit[0] if hit else len(groups) - 1
        groups[home] = parts[0] if len(parts) == 1 else _one_of(parts)
        place.update(dict.fromkeys([name for part in parts for name in part.identifiers], home))
    return [work for work in groups if work]


def _one_of(parts: Sequence[Work]) -> Work:
    records = {(record.source, record.identifier): record for part in parts for record in part.records}
    notes = dict.fromkeys(note for part in parts for note in part.notes)
    found = tuple(records.values())
    combined = merge.combine(found) if found else parts[0].combined
    return Work(tuple(one for part in parts for one in part.wanted), found, combined, tuple(notes))


def _names(records: Iterable[Record]) -> Iterator[str]:
    """Every canonical name of a work; a DOI or eprint that a record holds as a field too."""
    for record in records:
        yield record.identifier
        yield from record.aliases
        for name in ("doi", "eprint"):
            identifier = ids.parse(record.fields.get(name, ""))
            if identifier and identifier.kind in {"doi", "arxiv"}:
                yield str(identifier)


def _speaker(record: Record) -> str:
    return SPEAKERS[record.source]
