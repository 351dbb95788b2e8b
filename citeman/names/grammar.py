"""BibTeX's grammar of names: an author field read into names, and names written as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from citeman.model import Name
from citeman.names.words import (
    PARTICLES,
    balanced,
    comma_parts,
    guarded,
    is_group,
    is_lower,
    is_suffix,
    split_suffix,
    unbraced,
    words,
)

OTHERS = Name(literal="others")
"""What `and others` stands for: there are more."""

_NOBODY = Name()
_AND_MORE = re.compile(r"(?:\A|,?\s)et\.? al\.?\Z", re.I)
_FAMILY = re.compile(r"\s*family\s*=")


def split(value: str) -> list[str]:
    """Return the names of a field: what words `and` outside braces separate, with single blanks; no empty ones."""
    names: list[list[str]] = [[]]
    for word in words(value):
        if word.lower() == "and":
            names.append([])
        else:
            names[-1].append(word)
    return [" ".join(name) for name in names if name]


@lru_cache(maxsize=4096)
def parse(value: str) -> tuple[Name, ...]:
    """Return the names of a BibTeX author or editor field, parts as TeX as written. Any text is accepted.

    A suffix is also seen where BibTeX would take it for a family name (`Robert Parker Jr.`, `Parker, Robert, Jr.`).
    """
    return tuple(name for source in split(value) for name in _with_others(source) if name != _NOBODY)


def parse_one(source: str) -> Name:
    """Return one name in any of BibTeX's forms: `First von Last`, `von Last, First`, `von Last, Jr, First`, `{Collective}`.

    biblatex's `family=…, given=…` is read too, and a stray comma at the end.
    """
    parts = comma_parts(balanced(source))
    if "=" in source and any(_FAMILY.match(part) for part in parts):
        return _labelled(parts)
    first, *rest = (words(part) for part in parts)
    while len(rest) > 1 and not rest[-1]:
        rest.pop()
    if not rest:
        return _given_first(first)
    if len(rest) == 1:
        return family_first(first, *([rest[0], []] if is_suffix(rest[0]) else [[], rest[0]]))
    if is_suffix(rest[-1]) and not is_suffix(rest[0]):
        rest = [rest[-1], *rest[:-1]]
    return family_first(first, rest[0], [word for part in rest[1:] for word in part])


def format(names: Iterable[Name]) -> str:
    """Return names as a BibTeX field: `Family, Given and von Family, Jr., Given and {Collective} and others`."""
    return " and ".join(written for name in names if (written := format_one(name)))


def format_one(name: Name) -> str:
    """Return one name as BibTeX; what would be read otherwise (a comma, a word `and`) is put in braces."""
    if name.literal:
        return "others" if name == OTHERS else f"{{{unbraced(balanced(name.literal))}}}"
    family = " ".join(filter(None, (guarded(name.particle), guarded(name.family))))
    if not name.given and not name.suffix:
        return family if len(words(family)) < 2 and "," not in family else f"{family},"
    return ", ".join(filter(None, [family, guarded(name.suffix), guarded(name.given)]))


def family_first(family: list[str], suffix: list[str], given: list[str]) -> Name:
    """Return the name of the parts that commas separate; the particle is told by its small letters."""
    if not suffix:
        family, found = split_suffix(family)
        suffix = [found] if found else []
    if not given and not is_suffix(suffix):
        given, suffix = suffix, []
    if not family:
        family, given = given, []
    if not given and (suffix or len(family) == 1):  # `Richard Granger, Jr.`, `{Gemma Team},`
        return _given_first([*family, *suffix])
    end = max((index + 1 for index, word in enumerate(family[:-1]) if is_lower(word)), default=0)
    return Name(" ".join(family[end:]), " ".join(given), " ".join(family[:end]), " ".join(suffix))


def _given_first(name: list[str]) -> Name:
    if len(name) == 1 and is_group(name[0]):
        return Name(literal=unbraced(name[0]))
    if name == ["others"]:
        return OTHERS
    name, suffix = split_suffix(name)
    lower = [index for index, word in enumerate(name[:-1]) if is_lower(word)]
    if lower and lower[0] == 0 and name[0] not in PARTICLES:  # `danah boyd`: a given name, whatever BibTeX makes of it
        lower = []
    start, end = (lower[0], lower[-1] + 1) if lower else (len(name) - 1, len(name) - 1)
    return Name(" ".join(name[end:]), " ".join(name[:start]), " ".join(name[start:end]), suffix)


def _with_others(source: str) -> Iterator[Name]:
    """Read `et al.`, where people write it, as BibTeX's `others`."""
    known = _AND_MORE.sub("", source) if source.rstrip(".")[-2:].lower() == "al" else source
    yield parse_one(known)
    if known != source:
        yield OTHERS


def _labelled(parts: list[str]) -> Name:
    """Read biblatex's form: `family=Ascoli, given=Stéphane, prefix=d'`."""
    values = {key.strip(): " ".join(words(unbraced(value.strip()))) for key, _, value in (part.partition("=") for part in parts)}
    return Name(values.get("family", ""), values.get("given", ""), values.get("prefix", ""), values.get("suffix", ""))
