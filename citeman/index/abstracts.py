"""Abstracts as the sources gave them: kept in the index alone, by what they are of, so that a new citation key loses none."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping

from citeman.index.mark import NAME
from citeman.index.opening import open_or_create
from citeman.index.rows import write_abstracts


def keep_abstracts(root: str, abstracts: Mapping[str, str]) -> bool:
    """Keep abstracts by identifier (`arXiv:…`, `doi:…`), and find papers by them; False where the index cannot be written now."""
    if not abstracts:
        return True
    try:
        connection = open_or_create(os.path.join(root, NAME))
        try:
            connection.execute("BEGIN IMMEDIATE")
            write_abstracts(connection, abstracts)
            connection.execute("COMMIT")
        finally:
            connection.close()
    except (sqlite3.Error, OSError):
        return False
    return True
