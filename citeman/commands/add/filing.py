"""Putting works into a draft: keys, entries, lock and reading lists; what is there already is only linked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from citeman import ids, labels, merge, names, tex
from citeman.commands.add.works import Work
from citeman.commands.link import Where, place_item, settle
from citeman.draft import Draft
from citeman.errors import CitemanError, UsageError
from citeman.library import Library, Place
from citeman.lists import Item
from citeman.lock import Lock
from citeman.model import Entry, Field

CLOSE_TITLES = 3
"""Entries with one title that are compared with a new work; more hardly exist."""


@dataclass(frozen=True, slots=True)
class Filed:
    """One paper that is in the store now: new or there before, and where it is listed."""

    input: str
    key: str
    identifier: str
    sections: tuple[str, ...] = ()
    """Places (`guide#anchor`) that list it now and did not before."""
    new: bool = True
    markdown: str = ""
    """The citation in the guide's own form."""
    title: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    """Field -> the source that it was taken from."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placing:
    """Where new papers go and what is said of them there."""

    sections: tuple[str, ...] = ()
    item: Item = field(default_factory=Item)
    where: Where = field(default_factory=Where)
    settles: str = ""


def existing(library: Library, identifiers: Sequence[str], work: Work | None = None) -> tuple[str, str]:
    """Return the key under which a work is in the store already and how that is known; two empty texts when it is not."""
    for name in identifiers:
        if key := library.by_identifier.get(name):
            return key, ""
    for entry in _of_one_title(library, work) if work and work.records else ():
        verdict = merge.same_work(merge.as_record(entry), work.records[0]) if work else None
        if verdict and verdict.decision == "same":
            return entry.key, f"the same work as {entry.key}: {verdict.reason}"
    return "", ""


def file_all(draft: Draft, works: Sequence[Work], key: str, placing: Placing, now: str) -> list[Filed]:
    """Put works into the draft, new entries all in one edit, and list each at its places."""
    known = [existing(draft.library, work.identifiers, work) for work in works]
    new = _keyed([work for work, (there, _) in zip(works, known, strict=True) if not there], draft.library, key)
    _enter(draft, new)
    lock = draft.lock
    for one, work in new:
        for record in work.records:
            lock = lock.with_record(one, record, now) if record.source != "file" else lock
    draft.set_lock(lock) if new else None
    fresh = {work.identifiers or (work.wanted.input,): one for one, work in new}
    filed = []
    for work, (there, how) in zip(works, known, strict=True):
        one = there or fresh[work.identifiers or (work.wanted.input,)]
        filed.append(_filed(draft, work, one, not there, how, placing))
    return labelled(draft, filed)


def link_existing(draft: Draft, input: str, identifier: str, key: str, placing: Placing) -> Filed:
    """List a paper that is in the store already."""
    listed = _list(draft, key, placing)
    title = tex.to_text(draft.library.entry(key).get("title"))
    return Filed(input, key, identifier, listed, new=False, title=title)


def _filed(draft: Draft, work: Work, key: str, new: bool, how: str, placing: Placing) -> Filed:
    listed = _list(draft, key, placing)
    notes = (*work.notes, *([how] if how else ()))
    fields = dict(work.combined.fields) if new else {}
    origins = (
        {name: str(source) for name, source in work.combined.origins.items() if name in fields or name == "type"} if new else {}
    )
    identifier = next(iter(work.identifiers), "")
    return Filed(
        work.wanted.input,
        key,
        identifier,
        listed,
        new,
        "",
        tex.to_text(work.combined.fields.get("title", "")),
        fields,
        origins,
        notes,
    )


def _list(draft: Draft, key: str, placing: Placing) -> tuple[str, ...]:
    places = [draft.library.place(section) for section in placing.sections]
    listed = place_item(draft, replace(placing.item, key=key), places, placing.where)
    if placing.settles:
        settle(draft, key, places or _with_cue(draft, placing.settles), placing.settles)
    return listed


def _with_cue(draft: Draft, text: str) -> list[Place]:
    wanted = text.casefold()
    return [place for place in draft.library.places if any(wanted in cue.text.casefold() for cue in place.section.cues)]


def _keyed(works: Sequence[Work], library: Library, key: str) -> list[tuple[str, Work]]:
    """Give each new work its citation key; works that are one work get one key."""
    if key:
        _check_key(key, library, works)
    taken = set(library.bibliography.keys)
    keyed: dict[tuple[str, ...], tuple[str, Work]] = {}
    for work in works:
        name = work.identifiers or (work.wanted.input,)
        if name in keyed:
            continue
        one = key or _own_key(work, taken) or _made_key(work, library.config.key_pattern, taken)
        taken.add(one)
        keyed[name] = (one, work)
    return list(keyed.values())


def _check_key(key: str, library: Library, works: Sequence[Work]) -> None:
    if len(works) > 1:
        raise UsageError(f"--key names one paper, but {len(works)} would be added")
    if not ids.is_citation_key(key):
        raise UsageError(
            f"{key!r} is no good citation key: use ASCII letters, digits and `-_:.+/`, beginning with a letter or digit"
        )
    if works and library.bibliography.get(key):
        raise UsageError(f"the key {key!r} is taken; choose another")


def _own_key(work: Work, taken: set[str]) -> str:
    key = work.wanted.key
    return key if ids.is_citation_key(key) and key not in taken else ""


def _made_key(work: Work, pattern: str, taken: set[str]) -> str:
    fields = work.combined.fields
    people = names.parse(fields.get("author", "") or fields.get("editor", ""))
    year = fields.get("year", "") or fields.get("date", "")[:4]
    title = fields.get("title", "") or " ".join(work.identifiers[:1])
    return ids.citation_key(pattern, people, year, title, taken)


def _enter(draft: Draft, new: Sequence[tuple[str, Work]]) -> None:
    entries = [(work.combined.type or "misc", key, merge.new_fields(work.combined)) for key, work in new]
    if entries:
        draft.edit_bibliography(draft.bibliography.add_entries(entries))


def _of_one_title(library: Library, work: Work | None) -> list[Entry]:
    title = tex.fold(work.combined.fields.get("title", "")) if work else ""
    return [library.entry(key) for key in library.by_title.get(title, ())[:CLOSE_TITLES]] if title else []


def labelled(draft: Draft, filed: Sequence[Filed]) -> list[Filed]:
    """Give each paper its citation, and pin the letters (2023a, 2023b) that a new paper brings about."""
    entries = [draft.library.entry(one.key) for one in filed]
    wanted = {(labels.who(entry), labels.year(entry)) for entry in entries}
    years = {year for _, year in wanted}
    group = [
        entry
        for entry in draft.bibliography.entries
        if labels.year(entry) in years and (labels.who(entry), labels.year(entry)) in wanted
    ]
    new = {one.key for one in filed if one.new}
    pinned = {entry.key: draft.lock.get(entry.key).suffix for entry in group if entry.key not in new}
    found = labels.labels(group, pinned)
    _pin(draft, {key: label.suffix for key, label in found.items() if label.suffix})
    return [
        replace(one, markdown=labels.markdown(found[one.key], _url(entry))) for one, entry in zip(filed, entries, strict=True)
    ]


def _pin(draft: Draft, suffixes: Mapping[str, str]) -> None:
    lock: Lock = draft.lock
    for key, suffix in suffixes.items():
        if lock.get(key).suffix != suffix:
            lock = lock.with_suffix(key, suffix)
    if lock != draft.lock:
        draft.set_lock(lock)


def _url(entry: Entry) -> str:
    found = ids.of_entry(entry)
    best = next((one for one in found if one.kind == "arxiv"), next(iter(found), None))
    return ids.url_of(best) if best else ""


def entry_of(work: Work, key: str = "") -> Entry:
    """Return a work as an entry that is in no file yet, to be formatted."""
    fields = merge.new_fields(work.combined)
    return Entry(work.combined.type or "misc", key, tuple(Field(name, value, 0, 0, 0, 0, 0) for name, value in fields.items()))


def must_exist(library: Library, placing: Placing) -> None:
    """Raise UsageError early, before the network is asked, for sections that do not exist."""
    for section in placing.sections:
        library.place(section)
    if placing.where.before and placing.where.before not in library.bibliography.keys:
        raise CitemanError(f"no entry {placing.where.before!r} to put the paper before")
