"""When two values of a field mean the same: what is no change, however differently it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from citeman import ids, names, tex
from citeman.model import Name

DASHES = re.compile(r"\s*[-\u2010-\u2015]+\s*")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PREPRINT_TYPES = frozenset(["misc", "online", "electronic", "unpublished", "preprint", "www"])
"""Entry types for what has no version of record (yet); which of them an entry has means nothing."""
WIDER = {"conference": "inproceedings", "phdthesis": "thesis", "mastersthesis": "thesis", "techreport": "report"}
"""Entry types and the name under which others file the same."""


def same(name: str, one: str, other: str) -> bool:
    """Whether two values of that field mean the same: TeX or Unicode, braces, dashes, name order, forms of DOIs aside."""
    if one == other:
        return True
    if not one.strip() or not other.strip():
        return not one.strip() and not other.strip()
    return COMPARE.get(name, tex.same)(one, other)


def same_person(one: Name, other: Name) -> bool:
    """Whether two names can be one person's: the same family name, and no given name that speaks against it."""
    if family(one) != family(other):
        return False
    given = zip(_given(one), _given(other), strict=False)
    return all(left.startswith(right) or right.startswith(left) for left, right in given)


def family(name: Name) -> str:
    """A person's family name, folded, its particle left out (sources disagree on whether it is part of the name)."""
    words = tex.fold(f"{name.particle} {name.family} {name.literal}").split()
    return words[-1] if name.family and words else " ".join(words)


def _given(name: Name) -> list[str]:
    return tex.fold(name.given).split()


def _same_pages(one: str, other: str) -> bool:
    return tex.same(DASHES.sub("-", tex.to_unicode(one)), DASHES.sub("-", tex.to_unicode(other)))


def _same_month(one: str, other: str) -> bool:
    return _month(one) == _month(other)


def _month(value: str) -> str:
    text = tex.fold(value)
    if text.isdigit():
        return MONTHS[int(text) - 1] if 1 <= int(text) <= 12 else text
    return text[:3] if text[:3] in MONTHS else text


def _same_identifier(one: str, other: str) -> bool:
    left, right = ids.parse(one), ids.parse(other)
    return left == right if left and right else _same_word(one, other)


def _same_url(one: str, other: str) -> bool:
    left, right = ids.parse(one), ids.parse(other)
    return bool(left and left == right) or _address(one) == _address(other)


def _address(value: str) -> str:
    text = re.sub(r"^https?://(www\.)?", "", tex.to_unicode(value).strip())
    host, slash, path = text.partition("/")
    return host.casefold() + slash + path.rstrip("/")


def _same_date(one: str, other: str) -> bool:
    """Whether two ISO dates agree as far as the less precise one goes."""
    left, right = one.strip(), other.strip()
    return left.startswith(right) or right.startswith(left)


def _same_code(one: str, other: str) -> bool:
    """ISSN, ISBN: only digits and letters count, in any order of several."""
    return set(_codes(one)) == set(_codes(other))


def _codes(value: str) -> list[str]:
    return [re.sub(r"[^0-9x]", "", word) for word in re.split(r"[,;\s]+", value.casefold())]


def _same_word(one: str, other: str) -> bool:
    return tex.to_unicode(one).strip().casefold() == tex.to_unicode(other).strip().casefold()


def _same_type(one: str, other: str) -> bool:
    left, right = one.casefold(), other.casefold()
    return left == right or WIDER.get(left) == right or WIDER.get(right) == left or {left, right} <= PREPRINT_TYPES


COMPARE: Mapping[str, Callable[[str, str], bool]] = {
    "type": _same_type,
    "author": names.same,
    "editor": names.same,
    "translator": names.same,
    "pages": _same_pages,
    "month": _same_month,
    "date": _same_date,
    "doi": _same_identifier,
    "eprint": _same_identifier,
    "url": _same_url,
    "issn": _same_code,
    "isbn": _same_code,
    "eprinttype": _same_word,
    "eprintclass": _same_word,
    "archiveprefix": _same_word,
    "primaryclass": _same_word,
}
