"""What a build keeps for the next one: of each page a digest of what it shows and of its text, and the state of its file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from citeman.named import NamedTuple


class Known(NamedTuple):
    """One page as a build left it."""

    seen: str
    """A digest of all that it shows."""
    digest: str
    """A digest of its text."""
    size: int
    time: int
    """When the file was written, 0 where an edit since could have left the same time."""


class Joints(NamedTuple):
    """Where a page's pieces stand in it, which one after another are divided by a separator."""

    start: int
    seen: Sequence[str]
    lengths: Sequence[int]

    def cut(self, text: str, separator: str) -> dict[str, str]:
        """Return the pieces of the page's text by the digest of what they show."""
        found, position = {}, self.start
        for seen, length in zip(self.seen, self.lengths, strict=True):
            found[seen] = text[position : position + length]
            position += length + len(separator)
        return found


class Made:
    """All that a build by one program and theme (`basis`) has made; another program's or theme's is nothing to go by."""

    def __init__(self, basis: str) -> None:
        self.basis = basis
        self.pages: dict[str, Known] = {}
        self.joints: dict[str, Joints] = {}
        self.guides: Mapping[str, Sequence[Any]] = {}
        """What was read of reading lists and guides, by their files' paths."""
        self.cards: Mapping[str, Sequence[Any]] = {}
        """What of each paper decides where it stands, by the fingerprint of its entry."""

    @classmethod
    def load(cls, path: str, basis: str) -> Made:
        """Read what was kept; empty where there is nothing, where it is damaged, or where it is of another basis."""
        made = cls(basis)
        try:
            with open(path, "rb") as file:
                head, _, body = file.read().partition(b"\n")
            if head != _head(basis, body):
                return made
            table = json.loads(body)
        except (OSError, ValueError):
            return made
        made.pages = {path: Known(*row) for path, row in table["pages"].items()}
        made.joints = {path: Joints(*row) for path, row in table["joints"].items()}
        made.guides = table["guides"]
        made.cards = table["cards"]
        return made

    def save(self, path: str) -> None:
        """Keep it; raises OSError where the place cannot be written."""
        table = {"pages": self.pages, "joints": self.joints, "guides": self.guides, "cards": self.cards}
        body = json.dumps(table, separators=(",", ":")).encode()
        staged = f"{path}.{os.getpid()}"
        try:
            with open(staged, "wb") as file:
                file.writelines((_head(self.basis, body), b"\n", body))
            os.replace(staged, path)
        except OSError:
            if os.path.exists(staged):
                os.unlink(staged)
            raise


def _head(basis: str, body: bytes) -> bytes:
    """Return the first line: whose it is, and a digest of the rest, so that nothing damaged is taken up."""
    return f"{basis} {blake2b(body, digest_size=16).hexdigest()}".encode()
