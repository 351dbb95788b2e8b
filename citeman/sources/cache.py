"""What upstream said lately, one small file per work or page: facts and 404s are kept, outages never."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from citeman.named import NamedTuple
from citeman.sources.turns import write_whole


class Kept(NamedTuple):
    """One kept answer."""

    status: int
    """200, or 404 for the fact that there is no such thing."""
    body: bytes
    fetched: float
    """Wall clock."""
    etag: str = ""
    url: str = ""


class Cache:
    """Answers by key on disk, or in memory when there is no folder."""

    def __init__(self, folder: Path | None, clock: Callable[[], float]) -> None:
        self._folder = folder / "answers" if folder else None
        self._clock = clock
        self._memory: dict[str, Kept] = {}

    def get(self, key: str, max_age: float | None = None) -> Kept | None:
        """Return what is kept under a key and no older than `max_age` seconds (None: of any age); a damaged file is nothing."""
        kept = self._memory.get(key) or self._read(key)
        if kept is None or max_age is None:
            return kept
        return kept if 0 <= self._clock() - kept.fetched < max_age else None

    def put(self, key: str, status: int, body: bytes, etag: str = "", url: str = "") -> None:
        """Keep an answer under a key."""
        kept = Kept(status, body, self._clock(), etag, url)
        if self._folder is None:
            self._memory[key] = kept
            return
        head = {"key": key, "status": status, "fetched": kept.fetched, "etag": etag, "url": url}
        write_whole(self._path(key), json.dumps(head).encode() + b"\n" + body)

    def _read(self, key: str) -> Kept | None:
        if self._folder is None:
            return None
        try:
            head, _, body = self._path(key).read_bytes().partition(b"\n")
            values = json.loads(head)
            if values.pop("key") != key:
                return None
            return Kept(body=body, **values)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        digest = hashlib.sha256(key.encode()).hexdigest()
        return self._folder / digest[:2] / digest[2:40]
