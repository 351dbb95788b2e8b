"""Abstracts as the sources gave them: kept in the index alone, by what they are of, so that a new citation key loses none."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping

from citeman.index.mark import NAME
from citeman.index.read import existing
from citeman.index.text import searchable
from citeman.text import display


def keep_abstracts(root: str, abstracts: Mapping[str, str]) -> bool:
    """Keep abstracts by identifier (`arXiv:…`, `doi:…`), and find papers by them; False where the index cannot be written now."""
    if not abstracts:
        return True
    try:
        connection = _opened(os.path.join(root, NAME))
        try:
            connection.execute("BEGIN IMMEDIATE")
            for identifier, abstract in abstracts.items():
                _keep(connection, identifier, abstract)
            connection.execute("COMMIT")
        finally:
            connection.close()
    except (sqlite3.Error, OSError):
        return False
    return True


def _opened(path: str) -> sqlite3.Connection:
    there = existing(path)
    if there:
        return there
    from citeman.index.opening import open_or_create

    return open_or_create(path)


def _keep(connection: sqlite3.Connection, identifier: str, abstract: str) -> None:
    connection.execute("INSERT OR REPLACE INTO abstracts VALUES (?, ?)", (identifier, display(abstract)))
    papers = connection.execute("SELECT paper FROM identifiers WHERE identifier = ?", (identifier,)).fetchall()
    words = searchable(abstract) if papers else ""
    connection.executemany("UPDATE words SET abstract = ? WHERE rowid = ?", [(words, paper) for (paper,) in papers])
