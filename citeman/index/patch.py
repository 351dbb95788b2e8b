"""An edit inside one entry, taken into the index at once: what a search after it need not open the project for."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from citeman.index import files
from citeman.index.mark import FOLDER
from citeman.index.read import keep, stamps

if TYPE_CHECKING:
    from citeman.bib.patch import Patched


def take_in(connection: sqlite3.Connection, root: str, path: str) -> bool:
    """Bring the rows up to date with a bibliography that is the only file that changed.

    False, with everything as it was, where that takes more than looking at one entry.
    """
    now = files.clock(os.path.join(root, FOLDER))
    made_from = connection.execute("SELECT value FROM meta WHERE name = 'bibliography'").fetchone()
    if not now or made_from != (path,):
        return False
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        done = _taken_in(connection, root, path, now)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT" if done else "ROLLBACK")
    return done


def _taken_in(connection: sqlite3.Connection, root: str, path: str, now: int) -> bool:
    from citeman.bib.patch import patched
    from citeman.index import parsed

    known = {one.path: one for one in stamps(connection)}
    noted = parsed.recall(root, path)
    if noted is None or path not in known or known[path].hash != noted.digest or files.changed(root, known.values()) != [path]:
        return False
    stamp, data = files.stamp(root, path, now)
    found = None if b"\0" in data else patched(data, noted.source, noted.table)
    if found is None:
        return False
    _write(connection, path, found)
    keep(connection, [stamp])
    parsed.remember(root, path, parsed.Noted(stamp.hash, found.table, data))
    return True


def _write(connection: sqlite3.Connection, path: str, found: Patched) -> None:
    from citeman.bib import Bibliography
    from citeman.index.paper import paper_of
    from citeman.index.parsed import fingerprint_of, uses_macros
    from citeman.index.rows import write_papers

    (entry,) = Bibliography(found.excerpt, path, found.blocks).at([found.place])
    macros = found.macros if uses_macros(found.blocks[found.place]) else ""
    write_papers(connection, [(paper_of(entry), fingerprint_of(found.excerpt[entry.start : entry.end], macros))])
