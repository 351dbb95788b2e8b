"""Finding the index of a project without looking at anything else: what makes a search instant."""

from __future__ import annotations

import os

from citeman.index.mark import NAME
from citeman.index.read import Index, open_fresh

_SIGNS = ("citeman.toml", "references.bib", "pyproject.toml", "refs")
_JOURNAL = ".citeman/journal.json"


def find_fresh(start: str) -> Index | None:
    """Open the index of the project that `start` lies in, if it knows the files as they are; None says: look properly."""
    folder = os.path.realpath(start)
    while not os.path.exists(os.path.join(folder, NAME)):
        above = os.path.dirname(folder)
        if above == folder or any(os.path.exists(os.path.join(folder, sign)) for sign in _SIGNS):
            return None
        folder = above
    if os.path.exists(os.path.join(folder, _JOURNAL)):
        return None
    return open_fresh(folder)
