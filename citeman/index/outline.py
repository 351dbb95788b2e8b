"""The sections of guides as the index knows them, for who must know where a section is and need not read every guide for it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator

from citeman.index import files
from citeman.index.mark import NAME
from citeman.index.read import connect, is_ours, stamps
from citeman.lists import Section
from citeman.named import NamedTuple


class Outline(NamedTuple):
    """What the index knows of a guide whose text is as the index knows it; reading lists are left empty in it."""

    source: str
    """The guide's text, relative to the project; empty where it is elsewhere."""
    headings: tuple[Section, ...]
    """The sections and open questions of the text itself."""
    sections: tuple[Section, ...] | None
    """These with what the reading lists say of them; None where the reading lists changed since."""


def known_outlines(root: str, lists: str, slug_rule: str) -> dict[str, Outline]:
    """Return what the index knows of those guides whose text is as it knows it: path of the reading lists -> outline."""
    try:
        connection = connect(os.path.join(root, NAME))
    except sqlite3.Error:
        return {}
    try:
        made = dict(connection.execute("SELECT name, value FROM meta")) if is_ours(connection) else {}
        return dict(_outlines(connection, root)) if (made.get("lists"), made.get("slug_rule")) == (lists, slug_rule) else {}
    except sqlite3.Error:
        return {}
    finally:
        connection.close()


def _outlines(connection: sqlite3.Connection, root: str) -> Iterator[tuple[str, Outline]]:
    known = {one.path: one for one in stamps(connection)}

    def unchanged(name: str) -> bool:
        one = known.get(name)
        return one is not None and files.is_unchanged(root, one)

    for path, source in connection.execute("SELECT path, source FROM guides").fetchall():
        if not source or unchanged(source):
            rows = list(_sections(connection, path))
            headings = tuple(section._replace(title=heading) for section, heading in rows if heading is not None)
            sections = tuple(section for section, _ in rows) if unchanged(path) else None
            yield path, Outline(source, headings, sections)


def _sections(connection: sqlite3.Connection, path: str) -> Iterator[tuple[Section, str | None]]:
    rows = connection.execute(
        "SELECT anchor, title, kind, parent, aliases, heading FROM sections WHERE path = ? ORDER BY position", (path,)
    )
    for anchor, title, kind, parent, aliases, heading in rows:
        yield Section(anchor, title, kind, parent, tuple(aliases.split())), heading
