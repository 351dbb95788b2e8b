"""The three sides of an entry's merge: what upstream said last, what the entry says, what upstream says now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from citeman.lock import Locked
from citeman.merge.combine import Combined, combine, role
from citeman.merge.meaning import same
from citeman.merge.threeway import decide
from citeman.merge.view import VENUES, is_placeholder, is_published, ours, theirs
from citeman.model import Entry, Record


@dataclass(frozen=True, slots=True)
class Sides:
    """One entry's three sides; `theirs` holds just the fields that upstream speaks of, an empty value asks for removal."""

    base: Mapping[str, str]
    ours: Mapping[str, str]
    theirs: Mapping[str, str]
    after: Combined
    upgrade: bool = False
    """The entry stands for a preprint, and upstream now knows the version of record."""
    news: bool = False
    """Upstream did not know the version of record before."""
    deferential: bool = False
    """The entry stands for a published work and only its preprint was heard: where they differ, a person is right."""


def sides(entry: Entry, locked: Locked, before: Sequence[Record], after: Sequence[Record]) -> Sides:
    """Set the sides against each other: `before` is what the lock holds, `after` the same with the new answers in place.

    An entry without a lock was written by hand: what it says stands, what it leaves blank is upstream's. A preprint's entry
    that meets its version of record is measured by its preprint, so that what came from there gives way. Where a person says
    that the work is of another type, upstream's kind of venue is not added to it.
    """
    known, now = combine(before), combine(after)
    mine, facts = ours(entry), theirs(now, entry)
    published = is_published(entry)
    upgrade = now.formal and not published
    base = dict(theirs(known, entry))
    if not known.fields or (now.formal and not known.formal and published and _same_doi(mine, facts)):
        base |= _by_hand(mine, facts, theirs(_preprint(after), entry) if upgrade else {})
    if upgrade:
        base, facts = _without_placeholders(mine, base, facts, now)
    if _is_alias(mine.get("doi", ""), after):
        base["doi"] = mine["doi"]
    base |= locked.open
    if decide("type", base.get("type", ""), mine["type"], facts.get("type", "")) not in {"", "taken"}:
        facts = {name: value for name, value in facts.items() if name not in VENUES or name in mine}
    news = now.formal and not known.formal
    return Sides(base, mine, facts, now, upgrade, news, published and not now.formal)


def _by_hand(mine: Mapping[str, str], facts: Mapping[str, str], preprint: Mapping[str, str]) -> dict[str, str]:
    """The base of an entry that was written by hand, so that its own values are a person's and its blanks are nobody's."""
    base = {}
    for name, value in facts.items():
        if name in mine:
            base[name] = preprint[name] if same(name, preprint.get(name, ""), mine[name]) else value
        else:
            base[name] = ""
    return base


def _preprint(records: Iterable[Record]) -> Combined:
    return combine([record for record in records if role(record) == "preprint"])


def _without_placeholders(
    mine: Mapping[str, str], base: dict[str, str], facts: Mapping[str, str], now: Combined
) -> tuple[dict[str, str], dict[str, str]]:
    """For an upgrade: what only stood in for the venue gives way to it, and so do the preprint's type and month."""
    hollow = {name: value for name, value in mine.items() if is_placeholder(name, value)}
    hollow["type"] = mine["type"]
    month = mine.get("month", "")
    if same("month", month, now.published[5:7]) and not same("year", mine.get("year", ""), facts.get("year", "")):
        hollow["month"] = month
    return base | hollow, dict.fromkeys(hollow, "") | dict(facts)


def _same_doi(mine: Mapping[str, str], facts: Mapping[str, str]) -> bool:
    return bool(mine.get("doi")) and same("doi", mine["doi"], facts.get("doi", ""))


def _is_alias(doi: str, records: Iterable[Record]) -> bool:
    """Whether the entry's DOI is one that moved: a record answers to it that has another name now."""
    return any(same("doi", doi, alias) for record in records for alias in record.aliases if doi)
