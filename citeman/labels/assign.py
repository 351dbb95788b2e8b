"""Author-year labels: what a paper is called, and the letters that tell papers of one label apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from string import ascii_lowercase

from citeman import names, tex
from citeman.model import Entry
from citeman.named import NamedTuple

NO_YEAR = "n.d."
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_MARKDOWN_SPECIAL = re.compile(r"(?<!\\)([\\`*_\[\]<>])")
_LETTERS = re.compile(r"[a-z]{1,3}")
_URL_UNSAFE = re.compile(r"[()<>\s\\\"`\x00-\x1f]")


class Label(NamedTuple):
    """How a citation calls one paper; `str` is its text."""

    who: str
    """`Jacot et al.`, `Cohen and Damian`, `Gemma Team`, or the title of a work that names nobody."""
    year: str
    """Four digits, what the entry says instead (`to appear`), or `n.d.`."""
    suffix: str = ""
    """`a`, `b` … where the store has several papers of that label."""

    @property
    def text(self) -> str:
        """Return `Jacot et al. (2018)`, with the suffix after the year."""
        return f"{self.who} ({self.year}{self.suffix})"

    def __str__(self) -> str:
        return self.text


class Naming(NamedTuple):
    """What an entry's label and its letter are decided by: all that is kept of an entry, since a store may have very many."""

    who: str
    year: str
    group: str
    """`who` without regard to accents and case: papers of one group and year are told apart by letters."""
    date: str
    title: str
    """Both as plain text, the title folded: of papers of one label they decide the order."""


class _Ordered(NamedTuple):
    """One of the papers of one label, as they are sorted."""

    date: str
    title: str
    key: str


def labels(entries: Iterable[Entry], pinned: Mapping[str, str] | None = None) -> dict[str, Label]:
    """Return each key's label, unique over all entries; of entries with one key the first counts."""
    found: dict[str, Naming] = {}
    for entry in entries:
        if entry.key not in found:
            found[entry.key] = naming(entry)
    return lettered(found, pinned)


def naming(entry: Entry) -> Naming:
    """Return what decides an entry's label."""
    shown = who(entry)
    return Naming(shown, year(entry), tex.fold(shown), tex.to_text(entry.get("date")), tex.fold(entry.get("title")))


def lettered(namings: Mapping[str, Naming], pinned: Mapping[str, str] | None = None) -> dict[str, Label]:
    """Return each key's label.

    `pinned` says which suffix a key has been given before: that never changes, and a new paper takes the next letter. Of papers
    with one label and no letter yet, those that are in `pinned` with an empty suffix go first, then by date and title.
    """
    groups: dict[tuple[str, str], list[_Ordered]] = {}
    for key, one in namings.items():
        groups.setdefault((one.group, one.year), []).append(_Ordered(one.date, one.title, key))
    letters = {key: letter for group in groups.values() for key, letter in _letters(sorted(group), pinned or {}).items()}
    return {key: Label(one.who, one.year, letters.get(key, "")) for key, one in namings.items()}


def suffixes(labels: Mapping[str, Label]) -> dict[str, str]:
    """Return what to pin: every key's suffix, empty ones too."""
    return {key: label.suffix for key, label in labels.items()}


def who(entry: Entry) -> str:
    """Return what a label says before the year: authors, else editors, else an organisation, else the short title."""
    for field in ("author", "editor"):
        if short := names.short(names.parse(entry.get(field))):
            return short
    for field in ("organization", "institution", "shorttitle"):
        if shown := tex.to_text(entry.get(field)):
            return shown
    title = tex.to_text(entry.get("title"))
    return re.split(r"[:.?!—] ?", title, maxsplit=1)[0] or title or entry.key


def year(entry: Entry) -> str:
    """Return the year of publication: of `year`, else of `date`; as written when it is no number, `n.d.` when there is none."""
    values = [tex.to_text(entry.get(field)) for field in ("year", "date")]
    numbers = (match.group() for value in values if (match := _YEAR.search(value)))
    return next(numbers, next(filter(None, values), NO_YEAR))


def markdown(label: Label | str, url: str) -> str:
    """Return a citation as the guide writes it: `[[Jacot et al. (2018)]](https://arxiv.org/abs/1806.07572)`.

    What Markdown would read as markup is escaped in the label and percent-encoded in the URL.
    """
    text = _MARKDOWN_SPECIAL.sub(r"\\\1", str(label))
    if not url:
        return text
    return f"[[{text}]]({_URL_UNSAFE.sub(lambda match: _percent(match.group()), url.strip())})"


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())


def _letters(group: list[_Ordered], pinned: Mapping[str, str]) -> dict[str, str]:
    """Give the papers of one label, in their order, their letters."""
    given = _given(group, pinned)
    fresh = [entry for entry in group if entry.key not in given]
    if not given and len(group) == 1:
        return {}
    start = max((_number(letter) for letter in given.values()), default=-1) + 1
    fresh.sort(key=lambda entry: entry.key not in pinned)
    return given | {entry.key: _letter(start + place) for place, entry in enumerate(fresh)}


def _given(group: list[_Ordered], pinned: Mapping[str, str]) -> dict[str, str]:
    """Return the letters that stay; of two papers with one letter (two branches gave it) the later one needs a new one."""
    given: dict[str, str] = {}
    for entry in group:
        letter = pinned.get(entry.key, "")
        if _LETTERS.fullmatch(letter) and letter not in given.values():
            given[entry.key] = letter
    return given


def _letter(number: int) -> str:
    """Return a, b … z, aa, ab …"""
    letters = ""
    while number >= 0:
        number, place = divmod(number, 26)
        letters = ascii_lowercase[place] + letters
        number -= 1
    return letters


def _number(letters: str) -> int:
    number = 0
    for letter in letters.lower():
        number = number * 26 + (ascii_lowercase.find(letter) + 1)
    return number - 1
