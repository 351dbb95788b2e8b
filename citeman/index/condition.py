"""A query as SQL: what is searched for by FTS5, in words that are folded and quoted, and what is compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from citeman.index.mark import WEIGHTS
from citeman.index.query import Filter, Query, Word, years
from citeman.index.text import searchable
from citeman.named import NamedTuple

SectionRow = tuple[int, str, str, str, str, str]
"""Id, guide, anchor, title, aliases, parent."""

_RANK = f"bm25(words, {', '.join(map(str, WEIGHTS.values()))})"
_PLACED = "SELECT items.key FROM items JOIN sections ON sections.id = items.section WHERE"
_ORDERS = {
    "key": "papers.key COLLATE NOCASE, papers.key",
    "year": "papers.year IS NULL, papers.year DESC, papers.key",
    "title": "papers.title = '', papers.title COLLATE NOCASE, papers.key",
    "author": "papers.short = '', papers.short COLLATE NOCASE, papers.year, papers.key",
    "added": "(SELECT max(added) FROM items WHERE items.key = papers.key) DESC, papers.key",
    "section": "(SELECT min(items.id) FROM items WHERE items.key = papers.key) IS NULL, "
    "(SELECT min(printf('%s %06d %06d', guide, sections.position, items.position)) FROM items JOIN sections "
    "ON sections.id = items.section WHERE items.key = papers.key), papers.key",
}
SORTS = ("relevance", *_ORDERS)
"""What results can be sorted by."""


class Condition(NamedTuple):
    """The tables, the WHERE clause and its values; `ranked` when FTS5 finds the rows."""

    source: str
    sql: str
    values: tuple[object, ...]
    ranked: bool


def condition_of(query: Query, sections: Sequence[SectionRow]) -> Condition:
    """Return a query as SQL over the tables of the index; `sections` serve `section:`."""
    wanted = [word for word in map(match_of, (word for word in query.words if not word.negated)) if word]
    unwanted = [word for word in map(match_of, (word for word in query.words if word.negated)) if word]
    clauses: list[tuple[str, tuple[object, ...]]] = []
    if wanted:
        clauses.append(("words MATCH ?", (" AND ".join(wanted),)))
    elif any(not word.negated for word in query.words):
        clauses.append(("0", ()))
    clauses.extend(("papers.id NOT IN (SELECT rowid FROM words WHERE words MATCH ?)", (word,)) for word in unwanted)
    clauses.extend(_filter_clauses(query.filters, sections))
    return Condition(
        "words JOIN papers ON papers.id = words.rowid" if wanted else "papers",
        " AND ".join(clause for clause, _ in clauses) or "1",
        tuple(value for _, values in clauses for value in values),
        bool(wanted),
    )


def match_of(word: Word) -> str:
    """Return a word as an FTS5 expression; empty where it has nothing that can be searched for."""
    text = searchable(_named(word.text))
    if not text:
        return ""
    column = f"{word.column} : " if word.column else ""
    return f'{column}"{text}"{" *" if word.prefix else ""}'


def ordering(sort: str, condition: Condition) -> str:
    """Return the ORDER BY of a sort; what has no ranking is sorted by key."""
    if sort != "relevance":
        return _ORDERS[sort]
    rank = f"{_RANK}, " if condition.ranked else ""
    return f"papers.listed > 0 DESC, {rank}papers.year DESC, papers.key"


def sections_of(name: str, sections: Sequence[SectionRow]) -> list[int]:
    """Return the ids of the sections that a person means (by anchor, alias, title or part) and of the questions in them."""
    guide, _, rest = name.rpartition("#")
    wanted = rest.casefold()
    candidates = [row for row in sections if guide in ("", row[1])]
    tests = (
        lambda row: row[2] == rest,
        lambda row: wanted in row[4].casefold().split(),
        lambda row: wanted in (row[2].casefold(), row[3].casefold()),
        lambda row: wanted in f"{row[2]}\n{row[3]}\n{row[4]}".casefold(),
    )
    for test in tests:
        found = [row for row in candidates if test(row)]
        if found:
            inside = {(row[1], row[2]) for row in found}
            return [row[0] for row in sections if row in found or (row[1], row[5]) in inside]
    return []


def _named(text: str) -> str:
    """A DOI's or arXiv paper's address as the index has it: by its name."""
    if "/" not in text or not any(char.isdigit() for char in text):
        return text
    from citeman import ids

    identifier = ids.parse(text)
    return str(identifier).replace(":", " ", 1) if identifier and identifier.kind in {"doi", "arxiv"} else text


def _filter_clauses(filters: Sequence[Filter], sections: Sequence[SectionRow]) -> Iterator[tuple[str, tuple[object, ...]]]:
    placed: list[tuple[str, tuple[object, ...]]] = []
    for one in filters:
        of_item = _item_clause(one, sections)
        if of_item and not one.negated:
            placed.append(of_item)
            continue
        sql, values = (f"papers.key IN ({_PLACED} {of_item[0]})", of_item[1]) if of_item else _paper_clause(one)
        yield f"NOT ({sql})" if one.negated else sql, values
    if placed:
        # One place in one list must fit them all: `section:eos role:survey` is a survey there, not anywhere.
        yield (
            f"papers.key IN ({_PLACED} {' AND '.join(sql for sql, _ in placed)})",
            tuple(value for _, values in placed for value in values),
        )


def _item_clause(one: Filter, sections: Sequence[SectionRow]) -> tuple[str, tuple[object, ...]] | None:
    if one.name == "section":
        found = sections_of(one.value, sections)
        return f"items.section IN ({', '.join('?' * len(found))})", tuple(found)
    if one.name in ("role", "level"):
        return f"items.{one.name} = ?", (one.value.lower(),)
    if one.name == "guide":
        return "sections.guide = ?", (one.value,)
    if one.name == "has" and one.value.lower() in ("role", "level", "why"):
        return f"items.{one.value.lower()} != ''", ()
    return None


def _paper_clause(one: Filter) -> tuple[str, tuple[object, ...]]:
    value = one.value.lower()
    if one.name == "year":
        return "ifnull(papers.year BETWEEN ? AND ?, 0)", years(one.value)
    if one.name == "type":
        return "papers.type = ?", (value,)
    if value in ("doi", "arxiv"):
        return f"papers.{value} != ''", ()
    if value == "section":
        return "papers.listed > 0", ()
    clause = "instr(papers.fields, ?) > 0"
    if value == "abstract":
        clause = f"({clause} OR papers.id IN (SELECT paper FROM identifiers JOIN abstracts USING (identifier)))"
    return clause, (f" {value} ",)
