"""Putting works into a draft: keys, entries and lock; what is there stays as it is, or is completed where that is wanted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from citeman import ids, merge, names, tex
from citeman.commands.add import joining
from citeman.commands.add.identity import Known, Match, is_bare
from citeman.commands.add.inputs import Wanted
from citeman.commands.add.results import Filed
from citeman.commands.add.works import Work
from citeman.draft import Draft
from citeman.errors import UsageError
from citeman.library import Library
from citeman.lock import Lock, Locked
from citeman.named import NamedTuple

Accept = Callable[[str], bool]
"""Ask a person whether what an input says of a paper may go into the entry that is there; told what it is to the entry."""


class Paper(NamedTuple):
    """What an input came to: an entry of the store, or a work that is filed under a key."""

    wanted: Wanted
    key: str
    work: Work | None = None
    new: bool = False
    notes: tuple[str, ...] = ()
    proposal: str = ""


class Decision(NamedTuple):
    """What becomes of a work: the entry that it is, if there is one."""

    work: Work
    match: Match | None
    doubt: str = ""


def decided(library: Library, works: Sequence[Work], key: str) -> list[Decision]:
    """Say of each work which entry of the store it is, or which earlier work of this run; a `key` makes a likely one its own."""
    known = Known(library)
    decisions = []
    for work in works:
        match, doubt = known.match(work)
        if match and match.reason and key:
            doubt = f"kept apart from {match.key or 'another input'}, as --key asks: {match.reason}"
            match = None
        if match is None:
            known.note(work)
        decisions.append(Decision(work, match, doubt))
    return decisions


def file_all(draft: Draft, works: Sequence[Work], key: str, now: str, accepted: Collection[str]) -> list[tuple[Paper, ...]]:
    """Put works into the draft, all new entries in one edit; returns for each work one paper per input that names it.

    `accepted` are the keys whose entries may take in what is new about them.
    """
    decisions = decided(draft.library, works, key)
    fresh = [one for one in decisions if one.match is None]
    _check_key(key, draft.library, len(fresh))
    keys = dict(zip([id(one.work) for one in fresh], _keys(draft.library, fresh, key), strict=True))
    _enter(draft, [(keys[id(one.work)], one.work) for one in fresh], now)
    papers = []
    for one in decisions:
        if one.match is None:
            papers.append(_new(one, keys[id(one.work)]))
        else:
            match = one.match._replace(key=one.match.key or keys[id(one.match.earlier)])
            papers.append(_existing(draft, one.work, match, key, now, accepted))
    return papers


def proposals(draft: Draft, works: Sequence[Work], key: str, now: str) -> Iterator[tuple[int, str, str]]:
    """Yield each work (its `id`) that could go into an entry that is there, the entry's key, and what the work is to it."""
    if not draft.bibliography.keys:
        return
    for one in decided(draft.library, works, key):
        entry = draft.bibliography.get(one.match.key) if one.match else None
        if entry and one.match and not is_bare(entry) and joining.plan_of(draft, entry.key, one.work, now):
            yield id(one.work), entry.key, joining.described(entry, one.work, one.match.reason)


def check_key(key: str, library: Library, inputs: int) -> None:
    """Refuse early a `--key` that no new paper can get. Raises UsageError."""
    ids.check_pattern(library.config.key_pattern)
    if not key:
        return
    if inputs > 1:
        raise UsageError(f"--key names one paper, but {inputs} inputs are given")
    if not ids.is_citation_key(key):
        raise UsageError(
            f"{key!r} is no good citation key: use ASCII letters, digits and `-_:.+/`, beginning with a letter or digit"
        )


def _check_key(key: str, library: Library, fresh: int) -> None:
    if key and fresh and library.bibliography.get(key):
        raise UsageError(f"the key {key!r} is taken; choose another")
    if key and fresh > 1:
        raise UsageError(f"--key names one paper, but {fresh} would be added")


def _new(decision: Decision, key: str) -> tuple[Paper, ...]:
    work = decision.work
    notes = (*work.notes, *([decision.doubt] if decision.doubt else ()))
    first, *others = work.wanted
    return (
        Paper(first, key, work, True, notes),
        *(Paper(one, key, work, notes=(f"the same work as {first.input}",)) for one in others),
    )


def _existing(draft: Draft, work: Work, match: Match, key: str, now: str, accepted: Collection[str]) -> tuple[Paper, ...]:
    """Keep a paper that is there; complete it where it is bare or a person wants it, else propose that."""
    entry = draft.library.entry(match.key)
    notes = list(work.notes)
    proposal = ""
    plan = joining.plan_of(draft, entry.key, work, now)
    what = joining.described(entry, work, match.reason)
    if plan and (is_bare(entry) or entry.key in accepted):
        joining.join(draft, entry.key, plan)
        notes.append("its entry is filled in now" if is_bare(entry) else f"{what}; the entry has its facts now")
    elif plan:
        proposal = what
    elif joining.unknown_names(entry, work) or match.reason:
        alone = "; one entry stands for both, `--key KEY` would give it one of its own" if match.reason else ""
        notes.append(what + alone)
    notes += key_note(match.key, key)
    return tuple(Paper(one, match.key, work, notes=tuple(notes), proposal=proposal) for one in work.wanted)


def key_note(own: str, key: str) -> list[str]:
    """Say that a paper that is there keeps its key, where another was asked for."""
    return [f"its key stays {own}; `citeman rename {own} {key}` changes it"] if key and key != own else []


def _keys(library: Library, fresh: Sequence[Decision], key: str) -> list[str]:
    """Give each new work its citation key: the one asked for, the one that its file gives it, else one by the pattern."""
    used = {known.casefold() for known in library.bibliography.keys}
    found = []
    for one in fresh:
        chosen = key or _own_key(one.work, used) or _made_key(one.work, library.config.key_pattern, used)
        used.add(chosen.casefold())
        found.append(chosen)
    return found


def _own_key(work: Work, used: set[str]) -> str:
    wanted = (one.key for one in work.wanted)
    return next((key for key in wanted if ids.is_citation_key(key) and key.casefold() not in used), "")


def _made_key(work: Work, pattern: str, used: set[str]) -> str:
    fields = work.combined.fields
    people = names.parse(fields.get("author", "") or fields.get("editor", ""))
    year = fields.get("year", "") or fields.get("date", "")[:4]
    title = fields.get("title", "") or " ".join(work.identifiers[:1])
    return ids.free_key(ids.key_base(pattern, people, year, title), used)


def _enter(draft: Draft, new: Sequence[tuple[str, Work]], fetched: str) -> None:
    """Write the entries, and what each source said of them into the lock. Offline answers bear no time: `sync` asks again."""
    if not new:
        return
    entries = [(work.combined.type or "misc", key, merge.new_fields(work.combined)) for key, work in new]
    draft.edit_bibliography(draft.bibliography.add_entries(entries))
    draft.set_lock(draft.lock.with_papers({key: one for key, work in new if (one := _locked(work, fetched))}))


def _locked(work: Work, fetched: str) -> Locked | None:
    """What the lock holds of a work; of two answers of one source the version of record's stays."""
    lock = Lock.empty()
    for record in sorted(work.records, key=lambda record: merge.role(record) != "preprint"):
        lock = lock.with_record("new", record, fetched) if record.source != "file" else lock
    return lock.papers.get("new")


def filed(draft: Draft, paper: Paper, listed: Collection[str], places: Sequence[str], citation: str) -> Filed:
    """Say what became of an input."""
    entry = draft.library.entry(paper.key)
    combined = paper.work.combined if paper.work else None
    written = {field.name: field.value for field in entry.fields} | {"type": entry.type} if paper.new else {}
    origins = combined.origins if combined and paper.new else {}
    identifier = paper.wanted.name or next(iter(paper.work.identifiers if paper.work else ()), "")
    return Filed(
        paper.wanted.input,
        paper.key,
        identifier or next((str(one) for one in ids.of_entry(entry)), ""),
        paper.new,
        tuple(listed),
        tuple(place for place in places if place not in listed),
        not (listed or places) and (paper.new or not draft.library.lists_paper(paper.key)),
        citation,
        tex.to_text(entry.get("title")),
        written,
        {name: str(source) for name, source in origins.items() if name in written},
        combined.preprint_year if combined else "",
        combined.published_year if combined else "",
        combined.version if combined else 0,
        paper.notes,
        paper.proposal,
    )
