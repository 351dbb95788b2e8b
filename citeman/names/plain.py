"""Names of plain text, as upstreams send them, understood: reading order, particles, suffixes, collectives."""

from __future__ import annotations

import re

from citeman import tex
from citeman.model import Name
from citeman.names.grammar import OTHERS, family_first, parse_one
from citeman.names.words import PARTICLES, comma_parts, is_lower, is_suffix, split_suffix, words

_CAPITALS = "Abou Abu Ben Van Von De Del Della Der Den Dos Di Da Du Le La El Al Ter Ten"
CAPITAL_PARTICLES = frozenset(_CAPITALS.split())
"""Particles that some write with a capital, inside a name."""

_VIETNAMESE = "nguyen tran le pham phan hoang huynh vu vo dang bui do ho ngo duong ly dinh truong trinh doan"
VIETNAMESE = frozenset(_VIETNAMESE.split())
"""Family names before which `Van` and `Le` are given names."""

_JOINING = frozenset({"y", "e", "i"})
_COLLECTIVE = (
    r"\b(?:Team|Group|Collaboration|Consortium|Project|Initiative|Committee|Community|Contributors|Developers|Authors|Labs?|Institute"
    r"|University|Foundation|Association|Society|Network|Council|Agency|Organi[sz]ation|Inc|LLC|Ltd|AI|Research)\b|[@&\d]"
    r"|\b(?:team|group|collaboration|consortium|contributors|authors)\Z|\A(?:The|the|for the|on behalf of)\s"
)
_ONE_WORD_COLLECTIVE = r"(?!(?:Mc|Mac|De|Di|Du|La|Le|Fitz|Van|Von)[A-Z][a-z]+\Z).*?[a-z][A-Z]|[A-Z]{3,}|.*-[A-Z]{2,}"


def from_display(text: str) -> Name:
    """Return the name of plain text in reading order: `Jeremy M. Cohen`, `L. van der Maaten`, `Gemma Team`, `John Smith, Jr.`."""
    text = " ".join(text.split())
    if text.lower().rstrip(".") in {"et al", "others"}:
        return OTHERS
    if is_collective(text):
        return collective(text)
    parts = [words(tex.escape(part)) for part in comma_parts(text)]
    if len(parts) == 2 and is_suffix(parts[1]):
        return _reading_order([*parts[0], *parts[1]])
    return _reading_order(parts[0]) if len(parts) == 1 else parse_one(tex.escape(text))


def from_parts(family: str, given: str = "", suffix: str = "") -> Name:
    """Return the name of an upstream's plain parts; a lower-case particle is taken off the family name."""
    if not given and not suffix and is_collective(family):
        return collective(family)
    name = family_first(words(tex.escape(family)), words(tex.escape(suffix)), words(tex.escape(given)))
    return name if name.suffix or not name.given else _without_suffix_in_given(name)


def collective(text: str) -> Name:
    """Return the name of a group, as one unbreakable word."""
    return Name(literal=tex.escape(" ".join(text.split())))


def is_collective(text: str) -> bool:
    """Say whether plain text names a group (`DeepSeek-AI`, `Gemma Team`, `The ATLAS Collaboration`) rather than a person."""
    if re.search(_COLLECTIVE, text):
        return True
    return " " not in text.strip() and bool(re.match(_ONE_WORD_COLLECTIVE, text.strip()))


def _reading_order(name: list[str]) -> Name:
    """Split a name by what its words are: BibTeX's rule, and particles that are written with a capital."""
    name, suffix = split_suffix(name)
    start = len(name) - 1
    if start > 1 and name[start - 1] in _JOINING:
        start -= 2
    while start > 1 and _is_particle(name, start - 1):
        start -= 1
    start = 0 if name and name[0] in PARTICLES else max(start, 0)
    return family_first(name[start:], [suffix] if suffix else [], name[:start])


def _is_particle(name: list[str], index: int) -> bool:
    word = name[index]
    if word in CAPITAL_PARTICLES:
        return tex.fold(name[-1]) not in VIETNAMESE
    return is_lower(word) and len(word.rstrip(".")) > 1


def _without_suffix_in_given(name: Name) -> Name:
    """Mend `given="Robert Jr."`, as some upstreams send it."""
    given, suffix = split_suffix(name.given.split())
    return Name(name.family, " ".join(given).rstrip(","), name.particle, suffix)
