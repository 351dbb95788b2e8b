"""An index that is up to date, whatever state its file is in: updated, built anew, or held in memory."""

from __future__ import annotations

import os
import sqlite3

from citeman import __version__
from citeman.index import files
from citeman.index.mark import APPLICATION, NAME, VERSION
from citeman.index.read import PATIENCE, Index, connect, existing
from citeman.index.schema import CITED, FULL_TEXT, TABLES
from citeman.index.write import Layout, update


def open_current(root: str, layout: Layout) -> Index:
    """Open the index of the project at `root`, brought up to date with its files.

    It is built anew where its file is missing, damaged, foreign or of another version; where nothing can be written, in memory.
    """
    path = os.path.join(root, NAME)
    reason = ""
    for _ in range(2):
        try:
            return _from_file(root, path, layout)
        except OSError as error:
            reason = error.strerror or str(error)
            break
        except sqlite3.DatabaseError as error:
            reason = str(error)
            if "locked" in reason or not _remove(path):
                break
    return _from_memory(root, layout, reason)


def _from_file(root: str, path: str, layout: Layout) -> Index:
    now = files.clock(os.path.dirname(path))
    connection = open_or_create(path)
    try:
        connection.execute("BEGIN IMMEDIATE")
        problems = update(connection, root, layout, now)
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return Index(connection, problems)


def _from_memory(root: str, layout: Layout, reason: str) -> Index:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _fill_in_tables(connection)
    return Index(connection, update(connection, root, layout, 0), reason or "it cannot be written")


def open_or_create(path: str) -> sqlite3.Connection:
    """Open the index in a file for writing, a new one where there is none of this version; raises sqlite3.Error or OSError."""
    return existing(path) or _created(path)


def _created(path: str) -> sqlite3.Connection:
    """A new index without rows, in place of whatever is there; made by one process at a time."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(f"{path}.lock", timeout=PATIENCE):
            there = existing(path)
            if there:
                return there
            abstracts = _abstracts(path)
            _remove(path)
            connection = sqlite3.connect(path, isolation_level=None)
            connection.execute("PRAGMA journal_mode = WAL")
            _fill_in_tables(connection)
            connection.executemany("INSERT OR IGNORE INTO abstracts VALUES (?, ?)", abstracts)
            connection.close()
    except Timeout:
        raise sqlite3.OperationalError("locked by another process") from None
    made = existing(path)
    assert made
    return made


def _abstracts(path: str) -> list[tuple[str, str]]:
    """The abstracts that an index of another version holds, as far as they can be had."""
    if not os.path.exists(path):
        return []
    try:
        connection = connect(path)
        try:
            return connection.execute("SELECT identifier, text FROM abstracts").fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        return []


def _fill_in_tables(connection: sqlite3.Connection) -> None:
    """Make the tables of the schema, all or none."""
    from sqlite_utils import Database

    database = Database(connection, execute_plugins=False)
    connection.execute("BEGIN")
    for name, table in TABLES.items():
        created = database.table(name)
        created.create(table.columns, pk=table.pk, foreign_keys=[(column, other, "id") for column, other in table.links])
        for index in table.indexes:
            created.create_index([index.lstrip("!")], unique=index.startswith("!"))
    for statement in (*FULL_TEXT, CITED):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('citeman', ?)", (__version__,))
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def _remove(path: str) -> bool:
    """Remove an index that is of no use; False where that cannot be done."""
    try:
        for name in (path, f"{path}-wal", f"{path}-shm"):
            if os.path.lexists(name):
                os.unlink(name)
    except OSError:
        return False
    return True
