"""An index as it is asked: opened without heavy imports, refused where the files have moved on, searched."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence

from citeman import __version__
from citeman.errors import CitemanError
from citeman.index import files
from citeman.index.condition import Condition, condition_of, ordering
from citeman.index.mark import APPLICATION, FOLDER, NAME, VERSION
from citeman.index.query import Query
from citeman.named import NamedTuple

_SHOWN = ("key", "type", "title", "authors", "short", "year", "venue", "doi", "arxiv", "url")
_PLACED = "items JOIN sections ON sections.id = items.section"
PATIENCE = 30
"""Seconds to wait for another process that is writing the index, before doing without the file."""
_AT_ONCE = 500
_PLAIN = frozenset("/._-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


class Hit(NamedTuple):
    """One paper that was found. `authors` is the text of a JSON list; `sections` are `guide#anchor`, in the guides' order."""

    key: str
    type: str
    title: str
    authors: str
    short: str
    year: int | None
    venue: str
    doi: str
    arxiv: str
    url: str
    sections: tuple[str, ...] = ()


class Index:
    """An open index: in a file, or in memory where none can be written."""

    def __init__(self, connection: sqlite3.Connection, problems: Sequence[CitemanError] = (), in_memory: str = "") -> None:
        self.connection = connection
        self.problems = problems
        """What is wrong with files that could not be taken in."""
        self.in_memory = in_memory
        """Why the index is in no file; empty where it is in one."""

    def search(self, query: Query, sort: str = "relevance", limit: int = 0) -> list[Hit]:
        """Return the papers that a query finds, in the order of `sort`; 0 is no limit."""
        condition = self._condition(query)
        rows = self.connection.execute(
            f"SELECT {', '.join(f'papers.{name}' for name in _SHOWN)} FROM {condition.source} WHERE {condition.sql}"
            f" ORDER BY {ordering(sort, condition)} LIMIT ?",
            (*condition.values, limit or -1),
        ).fetchall()
        sections = self._sections(None if len(rows) > _AT_ONCE else [row[0] for row in rows])
        return [Hit._make((*row, tuple(sections.get(row[0], ())))) for row in rows]

    def count(self, query: Query) -> int:
        """Return how many papers a query finds."""
        condition = self._condition(query)
        found: int = self.connection.execute(
            f"SELECT count(*) FROM {condition.source} WHERE {condition.sql}", condition.values
        ).fetchone()[0]
        return found

    def sections(self) -> list[tuple[int, str, str, str, str, str]]:
        """Return id, guide, anchor, title, aliases and parent of every section, guide by guide."""
        return self.connection.execute(
            "SELECT id, guide, anchor, title, aliases, parent FROM sections ORDER BY guide, position"
        ).fetchall()

    def authors(self, key: str) -> list[str]:
        """Return who wrote a paper, in order."""
        joined = "people JOIN authorship ON person = people.id JOIN papers ON papers.id = paper"
        sql = f"SELECT name FROM {joined} WHERE key = ? ORDER BY position"
        return [name for (name,) in self.connection.execute(sql, (key,))]

    def places(self, key: str) -> list[tuple[str, str]]:
        """Return where a paper is read (`guide#anchor`) and why."""
        sql = f"SELECT guide || '#' || anchor, why FROM {_PLACED} WHERE key = ? ORDER BY guide, sections.position"
        return self.connection.execute(sql, (key,)).fetchall()

    def values(self, name: str) -> list[str]:
        """Return the entry types (`type`) or the guides' names (`guide`) that there are."""
        column, table = {"type": ("type", "papers"), "guide": ("name", "guides")}[name]
        return [value for (value,) in self.connection.execute(f"SELECT DISTINCT {column} FROM {table} ORDER BY 1")]

    def keys(self, prefix: str, limit: int) -> list[tuple[str, str]]:
        """Return the keys that start with a prefix, with the papers' titles; longer prefixes where there are too many."""
        span = (prefix, f"{prefix}\U0010ffff")
        rows = self.connection.execute(
            "SELECT key, title FROM papers WHERE key >= ? AND key < ? ORDER BY key LIMIT ?", (*span, limit + 1)
        ).fetchall()
        length = len(prefix)
        while len(rows) > limit:
            length += 1
            beginnings = self.connection.execute(
                "SELECT DISTINCT substr(key, 1, ?) FROM papers WHERE key >= ? AND key < ? LIMIT ?", (length, *span, max(2, limit))
            ).fetchall()
            if len(beginnings) > 1:
                return [(beginning, "") for (beginning,) in beginnings]
        return rows

    def vocabulary(self) -> list[tuple[str, int]]:
        """Return every word of the full text and the number of papers that have it."""
        return self.connection.execute("SELECT term, doc FROM vocabulary").fetchall()

    def unread(self) -> list[tuple[str, int]]:
        """Return where the bibliography could not be read: path and line of every entry that is missing."""
        noted = dict(self.connection.execute("SELECT name, value FROM meta WHERE name IN ('bibliography', 'unread')"))
        return [(noted["bibliography"], int(line)) for line in noted.get("unread", "").split()]

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file, and of SQLite's log beside it."""
        self.connection.close()

    def _condition(self, query: Query) -> Condition:
        named = any(one.name == "section" for one in query.filters)
        return condition_of(query, self.sections() if named else [])

    def _sections(self, keys: Sequence[str] | None) -> dict[str, list[str]]:
        """Where papers are listed; for None, every paper's."""
        marks = "" if keys is None else f"AND key IN ({', '.join('?' * len(keys))})"
        found: dict[str, list[str]] = {}
        for key, guide, anchor in self.connection.execute(
            f"SELECT key, guide, anchor FROM {_PLACED} WHERE key != '' {marks} ORDER BY guide, sections.position",
            keys or (),
        ):
            found.setdefault(key, []).append(f"{guide}#{anchor}")
        return found


def open_fresh(root: str) -> Index | None:
    """Open the index of the project at `root` if it knows the files as they are, but for one entry perhaps; None otherwise."""
    try:
        connection = connect(os.path.join(root, NAME))
    except sqlite3.Error:
        return None
    try:
        if is_ours(connection) and _is_fresh(connection, root):
            return Index(connection)
    except sqlite3.Error:
        pass
    connection.close()
    return None


def connect(path: str) -> sqlite3.Connection:
    """Open a database that exists; raises sqlite3.Error where it cannot be opened."""
    place = f"file:{_quoted(path)}"
    connection = sqlite3.connect(f"{place}?mode=rw", uri=True, timeout=5, isolation_level=None)
    try:
        connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if os.path.exists(f"{path}-wal") or os.access(os.path.dirname(path), os.W_OK):
            raise
        # In a folder where nothing can be written SQLite cannot keep WAL's files, and nobody can write the database either.
        connection = sqlite3.connect(f"{place}?immutable=1", uri=True, isolation_level=None)
    return connection


def existing(path: str) -> sqlite3.Connection | None:
    """Open the index in its file for writing; None where there is none that this version made. Raises sqlite3.Error."""
    if not os.path.exists(path):
        return None
    connection = connect(path)
    try:
        if is_ours(connection):
            connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
            connection.execute("PRAGMA synchronous = NORMAL")
            return connection
    except sqlite3.DatabaseError:
        connection.close()
        raise
    connection.close()
    return None


def is_ours(connection: sqlite3.Connection) -> bool:
    """Tell whether a database is an index that this very version made."""
    mark = connection.execute("PRAGMA application_id").fetchone()[0], connection.execute("PRAGMA user_version").fetchone()[0]
    if mark != (APPLICATION, VERSION):
        return False
    made = connection.execute("SELECT value FROM meta WHERE name = 'citeman'").fetchone()
    return made is not None and made[0] == __version__


def stamps(connection: sqlite3.Connection) -> list[files.Stamp]:
    """Return the stamps of the files that an index was made from."""
    return [
        files.Stamp(os.fsdecode(row[0]), *row[1:])
        for row in connection.execute(f"SELECT {', '.join(files.Stamp._fields)} FROM files")
    ]


def keep(connection: sqlite3.Connection, new: Iterable[files.Stamp]) -> None:
    """Note files as they were when they were read."""
    connection.executemany(
        f"INSERT OR REPLACE INTO files VALUES ({', '.join('?' * len(files.Stamp._fields))})",
        [(_storable(one.path), *one[1:]) for one in new],
    )


def forget(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Take out the stamps of files."""
    connection.executemany("DELETE FROM files WHERE path = ?", [(_storable(path),) for path in paths])


def _is_fresh(connection: sqlite3.Connection, root: str) -> bool:
    known = stamps(connection)
    changed = files.changed(root, known)
    if not known or len(changed) > 1:
        return False
    if changed:
        from citeman.index.patch import take_in

        return take_in(connection, root, changed[0])
    _settle(connection, root, [one for one in known if one.size >= 0 and not files.is_settled(one)])
    return True


def _settle(connection: sqlite3.Connection, root: str, unsettled: list[files.Stamp]) -> None:
    """Stamp anew, where that can be written, what was read so soon after its last change that `stat` could not be trusted."""
    now = files.clock(os.path.join(root, FOLDER)) if unsettled else 0
    later = [new for old in unsettled if (new := files.stamp(root, old.path, now)[0]).hash == old.hash and files.is_settled(new)]
    if later:
        try:
            connection.execute("PRAGMA busy_timeout = 0")
            keep(connection, later)
        except sqlite3.OperationalError:
            pass


def _quoted(path: str) -> str:
    """A path inside an address; `urllib` would cost more than the search."""
    return "".join(chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in os.fsencode(os.path.abspath(path)))


def _storable(path: str) -> str | bytes:
    """A path as SQLite takes it: one that is no UTF-8 as bytes."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path
