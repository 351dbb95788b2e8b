"""Rules on what entries say: titles in capitals or without braces, names that BibTeX misreads, encoding accidents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from citeman import names, tex
from citeman.checks import Problem, Rule
from citeman.checks.mend import change
from citeman.library import Library
from citeman.model import Entry, Field, Fix
from citeman.tex.casing import is_shouted
from citeman.tex.eponyms import EPONYMS
from citeman.text import Edit

_LOWERED = "article incollection inproceedings conference misc online unpublished techreport report mastersthesis thesis"
LOWERED = frozenset(_LOWERED.split())
"""Types whose titles common styles put into small letters; names of books and journals keep theirs."""
LONGEST_TITLE = 2000
"""Characters; what is longer is no title."""
PEOPLE = ("author", "editor", "translator", "bookauthor")
UNREADABLE = ("file", "abstract", "keywords", "annote", "annotation", "note", "comment", "review", "localfile")
"""Fields that no reader of a page sees."""

_GROUP = re.compile(r"\{[^{}]*\}")
_PARTS = re.compile(r"[:?!.—–]\s|\s[-–—]+\s|\\Dash")
_WORD = re.compile(r"[^\W\d_]+")
_REMAINS = re.compile("â€|Ã.")
_STRANGE = re.compile(
    r"[^\u0020-\u017f\u0192\u02bb-\u02dd\u0370-\u03ff\u0400-\u04ff\u1e00-\u1eff\u2010-\u2044\u20ac\u2122\u2190-\u22ff]"
)
"""What text that went wrong on its way is never meant to say."""


def shouted_title(library: Library) -> Iterator[Problem]:
    """Yield every title in capitals throughout."""
    for entry in library.bibliography.entries:
        field = _title(entry)
        if field and is_shouted(tex.to_unicode(field.value)):
            calm = tex.clean_title(field.value)
            yield _at(library, entry, field, f"the title is in capitals throughout; write it like this: {calm}")


def unprotected_title(library: Library) -> Iterator[Problem]:
    """Yield every title with capitals that a style which writes titles small would lose."""
    for entry in library.bibliography.entries:
        field = _title(entry) if entry.type in LOWERED else None
        if not field or field.value.islower() or is_shouted(tex.to_unicode(field.value)):
            continue
        bare = Counter(_GROUP.findall(_protected(field.value)))
        lost = list((bare - Counter(_GROUP.findall(field.value))).elements())
        if any(_is_certain(word, field.value) for word in lost):
            message = f"styles that write titles small would lose capitals; write {', '.join(dict.fromkeys(lost))}"
            yield _at(library, entry, field, message, _guarded(library, entry, field))


def _title(entry: Entry) -> Field | None:
    field = entry.field("title")
    return field if field and len(field.value) <= LONGEST_TITLE else None


def _is_certain(word: str, title: str) -> bool:
    """Whether a capital is meant: inside a word, or at the start of one where most others of the same part are small."""
    bare = word.strip("{}")
    if any(char.isupper() for char in bare[1:]) or bare in EPONYMS or bare.removesuffix("s") in EPONYMS:
        return True
    part = next((part for part in _PARTS.split(title) if bare in part), title)
    others = [other for other in _WORD.findall(part)[1:] if len(other) > 3 and other != bare]
    small, capital = sum(map(str.islower, others)), sum(map(str.istitle, others))
    return small >= 2 * (1 + capital)


def _protected(value: str) -> str:
    """The title with braces where capitals matter, and nothing else changed; as it was where that cannot be had."""
    found = tex.protect(value)
    return found if _without_braces(found) == _without_braces(value) else value


def _guarded(library: Library, entry: Entry, field: Field) -> Fix | None:
    return change(library, entry, "puts them in braces", {"title": _protected(" ".join(field.value.split()))})


def _without_braces(value: str) -> str:
    return " ".join(value.replace("{", "").replace("}", "").split())


def name_trouble(library: Library) -> Iterator[Problem]:
    """Yield everything about names that BibTeX would read otherwise than it was meant."""
    for entry in library.bibliography.entries:
        for field in entry.fields:
            if field.name in PEOPLE:
                for trouble in names.troubles(field.value):
                    yield _at(library, entry, field, f"{field.name}: {trouble}")


def encoding(library: Library) -> Iterator[Problem]:
    """Yield every value with UTF-8 that was read as something else on its way."""
    if library.bibliography.source.isascii():
        return
    for entry in library.bibliography.entries:
        for field in entry.fields:
            if field.name not in UNREADABLE and not field.value.isascii() and (problem := _accident(library, entry, field)):
                yield problem


def _accident(library: Library, entry: Entry, field: Field) -> Problem | None:
    if "\ufffd" in field.value:
        return _at(library, entry, field, f"{field.name} has lost a character (\ufffd); write what stood there")
    written = library.bibliography.source[field.value_start : field.value_end]
    mended = tex.mend_encoding(written)
    new = Counter(mended) - Counter(written)
    if mended == written or any(map(_STRANGE.match, new)):
        return None
    shown = ", ".join(
        f"{a!r} should read {b!r}" for a, b in zip(written[1:-1].split(), mended[1:-1].split(), strict=False) if a != b
    )
    whole = not _REMAINS.search(mended)
    fix = Fix("writes what was meant", (Edit(field.value_start, field.value_end, mended),)) if whole else None
    return _at(library, entry, field, f"encoding accident in {field.name}: {shown}", fix)


def _at(library: Library, entry: Entry, field: Field, message: str, fix: Fix | None = None) -> Problem:
    return Problem(message, library.bibliography.path, field.line, entry.key, fix=fix)


RULES = (
    Rule("entry-title-capitals", "warning", "a title in capitals throughout", shouted_title),
    Rule(
        "entry-title-unprotected",
        "hint",
        "a title with capitals that styles would lower",
        unprotected_title,
        "puts them in braces",
    ),
    Rule("entry-names", "warning", "names that BibTeX reads otherwise than they are meant", name_trouble),
    Rule(
        "entry-encoding", "warning", "UTF-8 that was read as Windows-1252, or a lost character", encoding, "writes what was meant"
    ),
)
