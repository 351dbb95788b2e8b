"""What all sources of arXiv's papers share: the fields of a paper that is cited as a preprint, and lists cut into batches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from citeman.ids import Identifier
from citeman.sources import wording


def batches(values: Sequence[Identifier], size: int) -> Iterator[Sequence[Identifier]]:
    """Cut a list into pieces."""
    return (values[start : start + size] for start in range(0, len(values), size))


def preprint_fields(identifier: Identifier, title: str, author: str, published: str, category: str) -> dict[str, str]:
    """Return the fields of an arXiv paper that is cited as such."""
    return wording.filled(
        {
            "title": wording.title(title),
            "author": author,
            "year": published[:4],
            "date": published,
            "eprint": identifier.value,
            "eprinttype": "arxiv",
            "eprintclass": category if re.fullmatch(r"[\w-]+(\.[\w-]+)?", category) else "",
        }
    )
