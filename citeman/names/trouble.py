"""What is wrong with an author field, in words that say what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from citeman import tex
from citeman.model import Name
from citeman.names.grammar import OTHERS, parse_one, split
from citeman.names.plain import is_collective
from citeman.names.show import display
from citeman.names.words import balanced, comma_parts, words

_AND_MORE = re.compile(r"\bet\.? al\b", re.I)
_AFFILIATION = re.compile(r"\d|@")
_SEPARATOR = re.compile(r";|\s(?:\\?&|with)\s")


def troubles(value: str) -> Iterator[str]:
    """Yield what a BibTeX author or editor field gets wrong, one sentence each; nothing for a sound or an empty one."""
    if balanced(value) != value:
        yield "braces do not match"
        return
    joined = [word.lower() for word in words(value)]
    if joined and ("and" in (joined[0], joined[-1]) or ("and", "and") in pairwise(joined)):
        yield "an `and` has no name on one side"
    if _AND_MORE.search(value):
        yield "write `and others` for `et al.`"
    for source in split(_AND_MORE.sub("", value)):
        yield from _troubles_of(source, parse_one(source))


def _troubles_of(source: str, name: Name) -> Iterator[str]:
    shown = display(name)
    if name == OTHERS or "=" in source:
        return
    if name.literal:
        hidden = split(name.literal)
        if len(hidden) > 1 and all(len(comma_parts(person)) == 2 for person in hidden):
            yield f"braces hide {len(hidden)} names in one; take the outer ones off"
    elif len(comma_parts(source)) > 3 or _SEPARATOR.search(source):
        yield f"several names look like one ({_start(shown)}); part them with `and`"
    elif _AFFILIATION.search(shown) and not is_collective(re.sub(r"[\d@&]", "", shown)):
        yield f"{_start(shown)!r} holds a number or an address; keep only the name"
    elif is_collective(shown):
        yield f"{_start(shown)!r} looks like a group; put it in braces"
    elif name.given and shown.isupper() and len(tex.fold(name.family)) > 3:
        yield f"{_start(shown)!r} is in capitals"


def _start(shown: str) -> str:
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
