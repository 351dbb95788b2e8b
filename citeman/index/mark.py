"""By what an index is found and known, and how its full text is weighed: what a search needs of the schema."""

from __future__ import annotations

FOLDER = ".citeman"
NAME = f"{FOLDER}/index.db"
APPLICATION = 0x63697465
"""`PRAGMA application_id`: "cite"."""
VERSION = 4
"""`PRAGMA user_version`: raise it with every change of a table or of what a column holds."""

WEIGHTS = {"title": 10.0, "authors": 5.0, "venue": 1.0, "why": 3.0, "abstract": 1.0, "ids": 8.0}
"""The columns of the full text, in order, and what a word found there counts."""
