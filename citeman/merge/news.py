"""What upstream says that is no field: new versions, withdrawals, retractions and corrections, hints of a publication."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from citeman import ids
from citeman.lock import Locked, Said, digest
from citeman.merge.changes import Change, Kind
from citeman.merge.combine import role
from citeman.merge.meaning import same
from citeman.merge.view import is_published, ours
from citeman.model import Entry, Record, Update

WITHDRAWN = re.compile(r"\bwithdr[ae]w(?:n|al|ing|s)?\b|\bretract(?:ed|ion|ing)?\b", re.IGNORECASE)
PUBLISHED = re.compile(
    r"\b(?:accepted|published|appear(?:s|ed|ing)?|presented|camera[- ]ready|oral|spotlight|poster)\b|"
    r"\b(?:ICLR|ICML|NeurIPS|NIPS|COLT|AISTATS|JMLR|TMLR|CVPR|ICCV|ECCV|ACL|EMNLP|NAACL|AAAI|IJCAI|UAI|ALT)\b",
    re.IGNORECASE,
)
NO_PUBLICATION = re.compile(r"\b(?:submitted|under review|in preparation|rejected)\b", re.IGNORECASE)
NOTICES: dict[str, Kind] = {
    "retraction": "retracted",
    "partial_retraction": "retracted",
    "withdrawal": "retracted",
    "removal": "retracted",
    "expression_of_concern": "corrected",
    "correction": "corrected",
    "corrigendum": "corrected",
    "erratum": "corrected",
    "addendum": "corrected",
    "clarification": "corrected",
}
"""Type of a notice -> what it makes of the paper. Other types (a new version, a new edition) say nothing against it."""


def notice_type(update: Update) -> str:
    """The type of a notice in one spelling: `expression_of_concern`."""
    return re.sub(r"[\s-]+", "_", update.type.strip().lower())


def is_withdrawal_suspected(record: Record) -> bool:
    """Whether an arXiv comment speaks of withdrawal; only arXiv's raw record (`arxiv-oai`) confirms it."""
    return role(record) == "preprint" and bool(WITHDRAWN.search(record.comment))


def news(entry: Entry, locked: Locked, records: Iterable[Record]) -> Iterator[Change]:
    """What these records say of the paper beyond its fields, as far as the lock does not hold it yet."""
    records = tuple(records)
    confirmed = bool(locked.withdrawn) or any(record.withdrawn for record in records)
    for record in records:
        before = locked.said.get(record.source)
        yield from _withdrawal(entry.key, locked, before, record, confirmed)
        yield from _notices(entry.key, locked, record)
        if role(record) == "preprint":
            yield from _hints(entry, before, record)
    yield from _new_version(entry, locked, records)


def _withdrawal(key: str, locked: Locked, before: Said | None, record: Record, confirmed: bool) -> Iterator[Change]:
    was = before.withdrawn if before else ""
    if record.withdrawn and not locked.withdrawn:
        yield Change(key, "withdrawn", theirs=record.withdrawn, note=f"withdrawn from arXiv: “{record.withdrawn}”")
    elif was and not record.withdrawn:
        yield Change(key, "withdrawn", base=was, note="no longer marked as withdrawn")
    elif not confirmed and is_withdrawal_suspected(record) and _is_new(before, record, "comment"):
        note = "the comment speaks of withdrawal, arXiv's own record does not confirm it"
        yield Change(key, "withdrawn", "comment", theirs=record.comment, action="kept", note=note)


def _notices(key: str, locked: Locked, record: Record) -> Iterator[Change]:
    known = {(notice_type(update), update.doi.casefold()) for update in locked.updates}
    for update in record.updates:
        kind = NOTICES.get(notice_type(update))
        mark = (notice_type(update), update.doi.casefold())
        if kind and mark not in known:
            known.add(mark)
            yield Change(key, kind, notice_type(update), theirs=update.doi, note=_told(update))


def _told(update: Update) -> str:
    words = [notice_type(update).replace("_", " "), f"of {update.date}" if update.date else ""]
    words += [f"doi:{update.doi}" if update.doi else "", f"(says {update.source})" if update.source else ""]
    return " ".join(word for word in words if word)


def _hints(entry: Entry, before: Said | None, record: Record) -> Iterator[Change]:
    """What suggests a publication without naming a version of record that could be read. It never changes anything."""
    if _is_new(before, record, "published_doi") and not same("doi", record.published_doi, entry.get("doi")):
        note = "arXiv names another DOI than the entry has" if entry.get("doi") else "arXiv names the DOI of a published version"
        yield Change(entry.key, "published", "doi", ours=entry.get("doi"), theirs=record.published_doi, action="kept", note=note)
    if is_published(entry):
        return
    if _is_new(before, record, "journal_ref"):
        note = "arXiv names where it was published, without a DOI that could be read"
        yield Change(entry.key, "published", "journal_ref", theirs=record.journal_ref, action="kept", note=note)
    if _is_new(before, record, "comment") and PUBLISHED.search(record.comment) and not NO_PUBLICATION.search(record.comment):
        note = "the comment speaks of a publication; a hint only"
        yield Change(entry.key, "published", "comment", theirs=record.comment, action="kept", note=note)


def _is_new(before: Said | None, record: Record, name: str) -> bool:
    value: str = getattr(record, name)
    return bool(value) and (before is None or getattr(before, name) != value)


def _new_version(entry: Entry, locked: Locked, records: Iterable[Record]) -> Iterator[Change]:
    latest = max(records, key=lambda record: record.version, default=None)
    if latest is None or not 0 < locked.version < latest.version:
        return
    before = locked.said.get(latest.source) or max(locked.said.values(), key=lambda said: said.version)
    note = _what_changed(before, latest)
    pinned = ids.parse(ours(entry).get("eprint", ""))
    if pinned and pinned.version:
        note += f"; the entry names v{pinned.version}"
    read = str(pinned.version) if pinned and pinned.version else ""
    yield Change(entry.key, "new-version", "version", str(locked.version), read, str(latest.version), note=note)


def _what_changed(before: Said, record: Record) -> str:
    """Name what the new version changed: title, authors, abstract, comment, journal reference."""
    changed = [
        label
        for label, name in (("title", "title"), ("authors", "author"))
        if record.fields.get(name) and not same(name, before.fields.get(name, ""), record.fields[name])
    ]
    if before.source == record.source and before.abstract and before.abstract != digest(record.abstract) and record.abstract:
        changed.append("abstract")
    for label, name in (("comment", "comment"), ("journal reference", "journal_ref")):
        if _is_new(before, record, name):
            changed.append(f"{label}: “{getattr(record, name)}”")
    dated = f" ({record.updated[:10]})" if record.updated else ""
    return f"v{record.version}{dated} changes " + (
        ", ".join(changed) if changed else "none of title, authors, abstract and comment"
    )
