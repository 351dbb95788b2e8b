"""The sections of guides as the index knows them, for who must know where a section is and need not read every guide for it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator

from citeman.index import files
from citeman.index.mark import NAME
from citeman.index.read import connect, is_ours, stamps
from citeman.lists import Section


def known_sections(root: str, lists: str, slug_rule: str) -> dict[str, tuple[Section, ...]]:
    """Return the sections of those guides whose files are as the index knows them: path of the reading lists -> sections.

    The sections hold what names them; their reading lists are left empty.
    """
    try:
        connection = connect(os.path.join(root, NAME))
    except sqlite3.Error:
        return {}
    try:
        made = dict(connection.execute("SELECT name, value FROM meta")) if is_ours(connection) else {}
        if (made.get("lists"), made.get("slug_rule")) != (lists, slug_rule):
            return {}
        return {path: tuple(_sections(connection, path)) for path in _unchanged(connection, root)}
    except sqlite3.Error:
        return {}
    finally:
        connection.close()


def _unchanged(connection: sqlite3.Connection, root: str) -> Iterator[str]:
    known = {one.path: one for one in stamps(connection)}
    for path, source in connection.execute("SELECT path, source FROM guides").fetchall():
        own = [known.get(name) for name in (path, source) if name]
        if all(one is not None and files.is_unchanged(root, one) for one in own):
            yield path


def _sections(connection: sqlite3.Connection, path: str) -> Iterator[Section]:
    rows = connection.execute(
        "SELECT anchor, title, kind, parent, aliases FROM sections WHERE path = ? ORDER BY position", (path,)
    )
    for anchor, title, kind, parent, aliases in rows:
        yield Section(anchor, title, kind, parent, tuple(aliases.split()))
