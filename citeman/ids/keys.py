"""Citation keys: what one may look like, and a new one made from who, when and what."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence, Set
from itertools import count, product
from string import ascii_lowercase

from citeman.errors import UsageError
from citeman.model import Name

DEFAULT_PATTERN = "{author}{year}{word}"
PLACES = ("author", "Author", "authors", "Authors", "year", "yy", "word", "Word", "words", "Words")
"""What a key pattern may hold: first author, up to three, year, first significant word of the title, first three."""

_KEY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_]|[:.+/-](?=[A-Za-z0-9_]))*")
_PLACE = re.compile(r"\{([^{}]*)\}")
_LONGEST_WORD = 24

_STOP_WORDS = (
    "a an and are as at be by can do does for from how in into is it its of on or that the their to via was what which why with "
    "le la les un une des du der die das ein eine el los las il lo gli"
)
STOP_WORDS = frozenset(_STOP_WORDS.split())
_GROUP_WORDS = STOP_WORDS | {"collaboration", "team", "group", "consortium", "project", "members", "contributors", "authors"}


def is_citation_key(text: str) -> bool:
    """Tell whether LaTeX, pandoc and a URL all take the text as a citation key."""
    return len(text) <= 200 and bool(_KEY.fullmatch(text))


def check_pattern(pattern: str) -> None:
    """Refuse a key pattern with unknown places or with characters that no key may hold."""
    for place in _PLACE.findall(pattern):
        if place not in PLACES:
            raise UsageError(f"unknown place {{{place}}} in the key pattern {pattern!r}; known are {', '.join(PLACES)}")
    if "{" not in pattern or not is_citation_key(_PLACE.sub("x", pattern)):
        raise UsageError(f"the key pattern {pattern!r} gives no valid citation key; an example is {DEFAULT_PATTERN!r}")


def citation_key(pattern: str, names: Sequence[Name], year: str | int, title: str, taken: Collection[str]) -> str:
    """Make a key by the pattern that no key in `taken` equals, letter case aside: `jacot2018neural`, then `jacot2018neurala` …

    Names and title may be TeX or Unicode; the key is ASCII. Without an author the title's words move up.
    """
    return free_key(key_base(pattern, names, year, title), {key.casefold() for key in taken})


def key_base(pattern: str, names: Sequence[Name], year: str | int, title: str) -> str:
    """Return what the pattern makes of who, when and what."""
    check_pattern(pattern)
    authors = [word for word in map(_author, names) if word]
    words = list(_words(title))
    if not authors and "author" in pattern.lower() and words:
        authors, words = words[:1], words[1:]
    digits = re.search(r"\d{4}", str(year))
    places = _places(authors, digits[0] if digits else "", words)
    return _PLACE.sub(lambda match: places[match[1]], pattern).strip(":.+/-_") or "entry"


def free_key(base: str, used: Set[str]) -> str:
    """Return the base, with letters behind it where its case-folded form is among `used`."""
    return next(key for key in _numbered(base) if key.casefold() not in used)


def _places(authors: Sequence[str], year: str, words: Sequence[str]) -> dict[str, str]:
    lower = {
        "author": "".join(authors[:1]),
        "authors": "".join(authors[:3]) + ("etal" if len(authors) > 3 else ""),
        "word": "".join(words[:1]),
        "words": "".join(words[:3]),
    }
    upper = {
        "Author": "".join(map(str.capitalize, authors[:1])),
        "Authors": "".join(map(str.capitalize, authors[:3])) + ("EtAl" if len(authors) > 3 else ""),
        "Word": "".join(map(str.capitalize, words[:1])),
        "Words": "".join(map(str.capitalize, words[:3])),
    }
    return {**lower, **upper, "year": year, "yy": year[-2:]}


def _numbered(base: str) -> Iterator[str]:
    """Yield the base, then with a, b … z, aa, ab … behind it."""
    yield base
    for length in count(1):
        for letters in product(ascii_lowercase, repeat=length):
            yield base + "".join(letters)


def _author(name: Name) -> str:
    """Return a person's family name with its particle, or the telling words of a collective."""
    if person := _letters(f"{name.particle} {name.family}") or _letters(name.given):
        return person
    words = [word for word in re.split(r"\s+", _ascii(name.literal)) if _letters(word) not in {"", *_GROUP_WORDS}]
    return "".join(_letters(word) for word in words[:2])


def _words(title: str) -> Iterator[str]:
    """Yield the significant words of a title; of a hyphenated one the first part."""
    plain = (
        _ascii(re.sub(r"\$[^$]*\$", " ", title)) if re.search(r"[^\W\d_]", re.sub(r"\$[^$]*\$", " ", title)) else _ascii(title)
    )
    for word in re.split(r"[^A-Za-z0-9]+", re.sub(r"['’`]", "", plain)):
        if word and word.lower() not in STOP_WORDS:
            yield word.lower()[:_LONGEST_WORD]


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", _ascii(text).lower())


def _ascii(text: str) -> str:
    """Return TeX or Unicode text in ASCII letters, transliterated where the script is another."""
    if not text.isalnum():
        from citeman import tex

        text = tex.to_text(text)
    if text.isascii():
        return text
    from anyascii import anyascii

    return anyascii(text)
