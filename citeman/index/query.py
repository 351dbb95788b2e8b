"""The language of `search`: words, "phrases", prefix*, field:value, -not; whatever else is typed is plain text.

Named tuples, not dataclasses: a search must not pay for importing `dataclasses`.
"""

from __future__ import annotations

import re

from citeman.errors import UsageError
from citeman.named import NamedTuple

COLUMNS = {
    "title": "title",
    "author": "authors",
    "authors": "authors",
    "venue": "venue",
    "journal": "venue",
    "why": "why",
    "abstract": "abstract",
    "key": "ids",
    "id": "ids",
}
"""What may stand before the colon of a word, and the column of the index that it is looked for in."""
FILTERS = ("year", "section", "role", "type", "has", "guide", "level")
"""What may stand before the colon and is compared, not searched for."""

_TERM = re.compile(r"""(-?)(?:([A-Za-z]+):)?(?:"([^"]*)(?:"|\Z)|(\S+))""")
_YEARS = re.compile(r"(\d{1,4})?(\.\.|-)?(\d{1,4})?")

_NEARLY = 0.75
"""How like (1: the same) a name must be to one that there is: `yeer` to `year`, but no `arxiv` to `author`."""


class Word(NamedTuple):
    """A word or a phrase to find; `column` narrows where, `prefix` lets the last word go on."""

    text: str
    column: str = ""
    prefix: bool = False
    negated: bool = False


class Filter(NamedTuple):
    """A property that a paper must have, or must not."""

    name: str
    value: str
    negated: bool = False


class Query(NamedTuple):
    """What to find: every word and every filter must hold."""

    words: tuple[Word, ...] = ()
    filters: tuple[Filter, ...] = ()

    def __str__(self) -> str:
        return " ".join([*map(_written, self.words), *(_filter_written(one) for one in self.filters)])


def parse(text: str) -> Query:
    """Read a query as a person types it; raises UsageError only for a `year:` that is none."""
    words: list[Word] = []
    filters: list[Filter] = []
    for match in _TERM.finditer(text):
        minus, name, phrase, word = match.groups()
        value = word if phrase is None else phrase
        kind = (name or "").lower()
        if kind in FILTERS and value:
            filters.append(Filter(kind, value, bool(minus)))
        elif kind in COLUMNS or not name:
            words.append(_word(value, COLUMNS.get(kind, ""), phrase is None, bool(minus)))
        else:
            words.append(Word(f"{name}:{value}", negated=bool(minus)))
    for one in filters:
        if one.name == "year":
            years(one.value)
    return Query(tuple(words), tuple(filters))


def misspelt(query: Query) -> str:
    """Say of a word such as `yeer:2020` which filter was probably meant; nothing where none is nearly so called."""
    names = [word.text.partition(":")[0].lower() for word in query.words if ":" in word.text and not word.column]
    known = (*FILTERS, *COLUMNS)
    for name in names:
        if name.isalpha() and name not in known:
            import difflib

            if close := difflib.get_close_matches(name, known, n=1, cutoff=_NEARLY):
                return f"no filter {name!r}; did you mean {close[0]!r}?"
    return ""


def years(value: str) -> tuple[int, int]:
    """Return the first and last year of `2019`, `2019..2021`, `2019..` or `..2021`; raises UsageError for anything else."""
    match = _YEARS.fullmatch(value.strip())
    first, dots, last = match.groups() if match else (None, None, None)
    if not first and not last:
        raise UsageError(f"'year:{value}' is no year; write year:2019, year:2019..2021, year:2019.. or year:..2021")
    if not dots:
        return int(first or last or 0), int(first or last or 0)
    return int(first or 0), int(last or 9999)


def _word(value: str, column: str, bare: bool, negated: bool) -> Word:
    prefix = bare and len(value) > 1 and value.endswith("*")
    return Word(value.rstrip("*") if prefix else value, column, prefix, negated)


def _written(word: Word) -> str:
    text = f'"{word.text}"' if " " in word.text else word.text
    column = next((name for name, column in COLUMNS.items() if column == word.column), "")
    return f"{'-' * word.negated}{column}{':' * bool(column)}{text}{'*' * word.prefix}"


def _filter_written(one: Filter) -> str:
    value = f'"{one.value}"' if " " in one.value else one.value
    return f"{'-' * one.negated}{one.name}:{value}"
