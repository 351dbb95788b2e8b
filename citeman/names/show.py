"""How names are shown, sorted and compared."""

from __future__ import annotations

import re
from collections.abc import Sequence

from citeman import tex
from citeman.model import Name
from citeman.names.grammar import OTHERS, parse

_ABBREVIATED = re.compile(r"[A-Z]{2,3}")


def display(name: Name) -> str:
    """Return a name as people write it: `Jeremy M. Cohen`, `Aad van der Vaart`, `Martin Luther King Jr.`, `DeepSeek-AI`."""
    if name.literal:
        return tex.to_unicode(name.literal)
    return " ".join(part for part in (tex.to_unicode(name.given), family(name), tex.to_unicode(name.suffix)) if part)


def family(name: Name) -> str:
    """Return what a citation calls someone: the family name with its particle, or the collective."""
    if name.literal or not name.particle:
        return tex.to_unicode(name.literal or name.family or name.given)
    particle = tex.to_unicode(name.particle)
    return particle + ("" if particle.endswith(("'", "’", "-")) else " ") + tex.to_unicode(name.family)


def short(names: Sequence[Name]) -> str:
    """Return `Cohen`, `Cohen and Damian` or `Cohen et al.`; empty for nobody."""
    people = [name for name in names if name != OTHERS]
    if len(people) == 2 and len(names) == 2:
        return f"{family(people[0])} and {family(people[1])}"
    return family(people[0]) + (" et al." if len(names) > 1 else "") if people else ""


def initials(given: str) -> str:
    """Return a given name as initials: `Jeremy M.` is `J. M.`, `Jean-Luc` is `J.-L.`."""
    words = tex.to_unicode(given).replace(".", ". ").split()
    return " ".join(_initial(word) for word in words if word.strip(".-"))


def sort_key(name: Name) -> tuple[str, str, str]:
    """Return the key that sorts names as a reader looks them up: by family name with its particle, accents folded."""
    return tex.fold(family(name)), tex.fold(name.given), tex.fold(name.suffix)


def same(one: str, other: str, loose: bool = False) -> bool:
    """Say whether two author fields name the same people in the same order, whatever the form, TeX or accents.

    With `loose`, initials agree with full given names, and a middle name may be missing.
    """
    if one == other:
        return True
    ours, theirs = parse(one), parse(other)
    return len(ours) == len(theirs) and all(same_name(a, b, loose) for a, b in zip(ours, theirs, strict=True))


def same_name(one: Name, other: Name, loose: bool = False) -> bool:
    """Say whether two names are the same; `loose` as in `same`."""
    if one == other:
        return True
    ours, theirs = sort_key(one), sort_key(other)
    if ours == theirs:
        return True
    if (loose or one.literal or other.literal) and tex.fold(display(one)) == tex.fold(display(other)):
        return True
    return loose and ours[0] == theirs[0] and _initials_agree(ours[1].split(), theirs[1].split())


def _initials_agree(ours: list[str], theirs: list[str]) -> bool:
    return all(
        a.startswith(b) if len(b) == 1 else b.startswith(a) if len(a) == 1 else a == b for a, b in zip(ours, theirs, strict=False)
    )


def _initial(word: str) -> str:
    if _ABBREVIATED.fullmatch(word):
        return " ".join(f"{letter}." for letter in word)
    return "-".join(f"{piece[0]}." for piece in re.split(r"[-‐‑]", word) if piece)
