"""Rules on the life of papers, from what the sources last said: withdrawn, retracted, corrected, published, revised."""

from __future__ import annotations

import re
from collections.abc import Iterator

from citeman import ids
from citeman.checks import Problem, Rule
from citeman.checks.agreement import is_preprint
from citeman.library import Library
from citeman.lock import Locked, Said
from citeman.model import Entry, Update

RETRACTIONS = ("retraction", "partial_retraction", "withdrawal", "removal")
CONCERNS = ("expression_of_concern",)
CORRECTIONS = ("correction", "corrigendum", "erratum", "addendum", "clarification")
_PREPRINT_TYPES = ("misc", "online", "unpublished")


def withdrawn(library: Library) -> Iterator[Problem]:
    """Yield every paper that its authors withdrew from arXiv."""
    for entry, locked in _locked(library):
        if locked.withdrawn:
            message = f"{entry.key} was withdrawn from arXiv (“{locked.withdrawn}”); say so where it is read, or take it out"
            yield _at(library, entry, message)


def retracted(library: Library) -> Iterator[Problem]:
    """Yield every paper that was retracted."""
    yield from _with_notice(library, RETRACTIONS, "say so where it is read, or take it out")


def concern(library: Library) -> Iterator[Problem]:
    """Yield every paper about which a journal has expressed concern."""
    yield from _with_notice(library, CONCERNS, "read it before you recommend it further")


def corrected(library: Library) -> Iterator[Problem]:
    """Yield every paper that has a correction."""
    yield from _with_notice(library, CORRECTIONS, "see whether it touches what you say of the paper")


def _with_notice(library: Library, types: tuple[str, ...], advice: str) -> Iterator[Problem]:
    for entry, locked in _locked(library):
        notices = [update for update in locked.updates if _kind(update) in types]
        if notices:
            told = "; ".join(dict.fromkeys(map(_told, notices)))
            yield _at(library, entry, f"{entry.key} has a notice: {told}; {advice}")


def _kind(update: Update) -> str:
    return re.sub(r"[\s-]+", "_", update.type.strip().lower())


def _told(update: Update) -> str:
    words = [
        _kind(update).replace("_", " "),
        f"of {update.date}" if update.date else "",
        f"doi:{update.doi}" if update.doi else "",
    ]
    return " ".join(filter(None, words))


def published(library: Library) -> Iterator[Problem]:
    """Yield every preprint of which a source knows the version of record, unless a person settled to keep the preprint."""
    for entry, locked in _locked(library):
        where = next(filter(None, map(_version_of_record, locked.said.values())), "")
        kept = any(
            decision.choice == "keep"
            for name, decision in locked.settled.items()
            if name in {"doi", "type", "journal", "booktitle"}
        )
        if where and is_preprint(entry) and not entry.get("doi") and not kept:
            yield _at(
                library,
                entry,
                f"{entry.key} came out as {where}; `citeman sync {entry.key}` takes it up, or settle to keep the preprint",
            )


def _version_of_record(said: Said) -> str:
    if said.published_doi:
        return f"doi:{said.published_doi}"
    if said.source == "crossref" and said.type not in _PREPRINT_TYPES:
        return said.identifier
    return ""


def revised_entry(library: Library) -> Iterator[Problem]:
    """Yield every entry that names a version of a paper older than the latest one."""
    for entry, locked in _locked(library):
        for identifier in ids.of_entry(entry):
            if identifier.kind == "arxiv" and 0 < identifier.version < locked.version:
                field = entry.field("eprint")
                message = (
                    f"{entry.key} names v{identifier.version} of {identifier}, and v{locked.version} is out; see what changed"
                )
                yield Problem(message, library.bibliography.path, field.line if field else entry.line, entry.key)


def revised_link(library: Library) -> Iterator[Problem]:
    """Yield every link of a guide to a version of a paper older than the latest one."""
    if not library.lock:
        return
    for volume in library.volumes:
        for citation in volume.guide.citations if volume.guide else ():
            identifier = citation.identifier
            key = library.by_identifier.get(str(identifier), "") if identifier and identifier.version else ""
            if identifier and key and identifier.version < (latest := library.lock.get(key).version):
                message = f"the link is to v{identifier.version} of {identifier}, and v{latest} is out; see what changed"
                assert volume.guide
                yield Problem(message, volume.guide.path, citation.line, key, citation.section)


def _locked(library: Library) -> Iterator[tuple[Entry, Locked]]:
    """Every entry of which a source said anything."""
    for key, locked in library.lock.papers.items() if library.lock else ():
        entry = library.bibliography.get(key)
        if entry:
            yield entry, locked


def _at(library: Library, entry: Entry, message: str) -> Problem:
    return Problem(message, library.bibliography.path, entry.line, entry.key)


RULES = (
    Rule("paper-withdrawn", "error", "a paper that its authors withdrew from arXiv", withdrawn),
    Rule("paper-retracted", "error", "a paper that was retracted", retracted),
    Rule("paper-concern", "warning", "a paper about which its journal has expressed concern", concern),
    Rule("paper-corrected", "hint", "a paper that has a correction, an erratum or an addendum", corrected),
    Rule("paper-published", "warning", "a preprint that has a version of record", published),
    Rule("paper-revised", "hint", "an entry that names an older arXiv version than the latest", revised_entry),
    Rule("guide-older-version", "hint", "a link to an older arXiv version than the latest", revised_link),
)
