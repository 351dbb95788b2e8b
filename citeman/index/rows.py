"""The rows of papers: what they are, who wrote them, the words by which they are found."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from citeman.index.mark import WEIGHTS
from citeman.index.paper import Paper
from citeman.index.schema import TABLES
from citeman.index.text import searchable

_COLUMNS = (*list(TABLES["papers"].columns)[1:12], "hash", "listed")
_AT_ONCE = 500


def write_papers(connection: sqlite3.Connection, papers: Iterable[tuple[Paper, str]]) -> None:
    """Write papers, each with its fingerprint: new ones, and new contents of those that are there."""
    people: dict[str, int] = {}
    pending = iter(papers)
    while batch := list(islice(pending, _AT_ONCE)):
        _write_batch(connection, batch, people)


def remove_papers(connection: sqlite3.Connection, keys: Sequence[str]) -> None:
    """Take papers out, and everything that belongs to them alone."""
    for batch in _batches(keys):
        ids = list(_ids(connection, batch).values())
        people = _take_out(connection, ids)
        connection.executemany("DELETE FROM papers WHERE id = ?", [(row,) for row in ids])
        _remove_strangers(connection, people)


def note_listings(connection: sqlite3.Connection, keys: Iterable[str]) -> None:
    """Count anew in how many reading lists papers stand, and find them by what those say now."""
    for batch in _batches(sorted(keys)):
        ids, counts, whys = _ids(connection, batch), _counts(connection, batch), _whys(connection, batch)
        connection.executemany(
            "UPDATE papers SET listed = ? WHERE id = ?", [(counts.get(key, 0), row) for key, row in ids.items()]
        )
        connection.executemany("UPDATE words SET why = ? WHERE rowid = ?", [(whys.get(key, ""), row) for key, row in ids.items()])


def _write_batch(connection: sqlite3.Connection, batch: list[tuple[Paper, str]], people: dict[str, int]) -> None:
    keys = [paper.key for paper, _ in batch]
    ids = _ids(connection, keys)
    former = _take_out(connection, list(ids.values()))
    free = int(connection.execute("SELECT ifnull(max(id), 0) FROM papers").fetchone()[0])
    for key in keys:
        if key not in ids:
            free += 1
            ids[key] = free
    counts, whys = _counts(connection, keys), _whys(connection, keys)
    abstracts = _abstracts(connection, [name for paper, _ in batch for name in paper.identifiers])
    connection.executemany(
        f"INSERT OR REPLACE INTO papers (id, {', '.join(_COLUMNS)}) VALUES ({_marks(len(_COLUMNS) + 1)})",
        [(ids[paper.key], *paper.row, fingerprint, counts.get(paper.key, 0)) for paper, fingerprint in batch],
    )
    connection.executemany(
        f"INSERT INTO words (rowid, {', '.join(WEIGHTS)}) VALUES ({_marks(len(WEIGHTS) + 1)})",
        [(ids[paper.key], *paper.words(whys.get(paper.key, ""), _abstract_of(paper, abstracts))) for paper, _ in batch],
    )
    connection.executemany(
        "INSERT INTO identifiers VALUES (?, ?)", [(ids[paper.key], one) for paper, _ in batch for one in paper.identifiers]
    )
    _write_people(connection, [(ids[paper.key], paper.people) for paper, _ in batch], people)
    _remove_strangers(connection, former)


def _take_out(connection: sqlite3.Connection, ids: Sequence[int]) -> list[int]:
    """Take out the words, names and authorship of papers; returns who wrote them."""
    people = connection.execute(f"SELECT DISTINCT person FROM authorship WHERE paper IN ({_marks(len(ids))})", ids).fetchall()
    for table, column in (("words", "rowid"), ("authorship", "paper"), ("identifiers", "paper")):
        connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(row,) for row in ids])
    return [person for (person,) in people]


def _remove_strangers(connection: sqlite3.Connection, people: Sequence[int]) -> None:
    """Take out those of some people who wrote no paper."""
    sql = "DELETE FROM people WHERE id = ? AND NOT EXISTS (SELECT 1 FROM authorship WHERE person = ?)"
    connection.executemany(sql, [(person, person) for person in people])


def _write_people(connection: sqlite3.Connection, authors: list[tuple[int, tuple[str, ...]]], people: dict[str, int]) -> None:
    unknown = [(name,) for name in dict.fromkeys(name for _, names in authors for name in names) if name not in people]
    connection.executemany("INSERT OR IGNORE INTO people (name) VALUES (?)", unknown)
    for batch in _batches([name for (name,) in unknown]):
        people.update(connection.execute(f"SELECT name, id FROM people WHERE name IN ({_marks(len(batch))})", batch))
    connection.executemany(
        "INSERT INTO authorship (paper, position, person) VALUES (?, ?, ?)",
        [(paper, position, people[name]) for paper, names in authors for position, name in enumerate(names)],
    )


def _ids(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, int]:
    return dict(connection.execute(f"SELECT key, id FROM papers WHERE key IN ({_marks(len(keys))})", keys))


def _counts(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, int]:
    return dict(connection.execute(f"SELECT key, count(*) FROM items WHERE key IN ({_marks(len(keys))}) GROUP BY key", keys))


def _whys(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, str]:
    """What the reading lists say of papers, searchable."""
    found: dict[str, str] = {}
    for key, why in connection.execute(
        f"SELECT key, why FROM items WHERE why != '' AND key IN ({_marks(len(keys))}) ORDER BY id", keys
    ):
        found[key] = f"{found.get(key, '')} {searchable(why)}".strip()
    return found


def _abstracts(connection: sqlite3.Connection, identifiers: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for batch in _batches(identifiers):
        found.update(
            connection.execute(f"SELECT identifier, text FROM abstracts WHERE identifier IN ({_marks(len(batch))})", batch)
        )
    return found


def _abstract_of(paper: Paper, abstracts: Mapping[str, str]) -> str:
    return next((abstracts[identifier] for identifier in paper.identifiers if identifier in abstracts), "")


def _batches(values: Sequence[str]) -> Iterator[list[str]]:
    pending = iter(values)
    while batch := list(islice(pending, _AT_ONCE)):
        yield batch


def _marks(count: int) -> str:
    return ", ".join("?" * count)
