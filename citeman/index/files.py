"""The files that an index was made from: told unchanged by `stat`, and by their bytes where `stat` cannot tell."""

from __future__ import annotations

import os
from collections.abc import Iterable

from citeman.named import NamedTuple

ABSENT = -1
"""Size of a file that is not there."""
FOLDER = -2
"""Size that marks a folder, known by the names of its reading-list files."""
UNREAD = -3
"""Size that marks a file that could not be read as what it should be: it is looked at again every time."""
SETTLED = 2_000_000_000
"""Nanoseconds after which a second change of a file must show in its times, on any file system (FAT counts in 2 s)."""


class Stamp(NamedTuple):
    """A file as it was when it was read. Times are nanoseconds of the file system's own clock."""

    path: str
    size: int
    modified: int
    changed: int
    inode: int
    hash: str
    """SHA-256 of the bytes; a folder's is the names themselves."""
    read: int
    """The file system's time just before the file was read."""


def stamp(root: str, path: str, now: int) -> tuple[Stamp, bytes]:
    """Read a file and return its stamp and its bytes, none for a folder; `now` is the file system's time (see `clock`)."""
    full = os.path.join(root, path)
    for _ in range(10):
        before = _stat(full)
        data = _bytes(full)
        if before == _stat(full):
            break
    if before is None:
        return Stamp(path, ABSENT, 0, 0, 0, "", now), b""
    if data is None:
        return Stamp(path, FOLDER, 0, 0, 0, _listing(full), now), b""
    return Stamp(path, *before, digest(data), now), data


def unread(path: str) -> Stamp:
    """Return the stamp of a file that could not be read as what it should be."""
    return Stamp(path, UNREAD, 0, 0, 0, "", 0)


def is_unchanged(root: str, known: Stamp) -> bool:
    """Tell whether a file still has the bytes it had when it was stamped; reads it only where its `stat` does not settle that."""
    full = os.path.join(root, known.path)
    if known.size == UNREAD:
        return False
    if known.size == FOLDER:
        return os.path.isdir(full) and _listing(full) == known.hash
    now = _stat(full)
    if now is None or known.size == ABSENT:
        return now is None and known.size == ABSENT
    if now[0] != known.size:
        return False
    return (now == known[1:5] and is_settled(known)) or digest(_bytes(full) or b"") == known.hash


def is_settled(known: Stamp) -> bool:
    """Tell whether any later change must show in the file's times: it was last changed well before it was read.

    A file that was changed just before it was read (or, with clocks that disagree, after) may change again within the same tick.
    """
    return max(known.modified, known.changed) + SETTLED < known.read


def changed(root: str, known: Iterable[Stamp]) -> list[str]:
    """Return the paths of those files that are no longer as they were."""
    return [one.path for one in known if not is_unchanged(root, one)]


def listed(folder: str) -> list[str]:
    """Return the names of the reading-list files in a folder, sorted."""
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(".yaml"))
    except OSError:
        return []


def digest(data: bytes) -> str:
    """Return the hash that tells two files, or two blocks, apart."""
    from hashlib import sha256

    return sha256(data).hexdigest()


def clock(folder: str) -> int:
    """Return the present time as the file system of `folder` counts it; 0 where nothing can be written there.

    Its clock need not agree with this machine's: on a network drive it is the server's.
    """
    probe = os.path.join(folder, f"clock-{os.getpid()}")
    try:
        with open(probe, "wb"):
            pass
        now = os.stat(probe).st_mtime_ns
        os.unlink(probe)
    except OSError:
        return 0
    return now


def _listing(folder: str) -> str:
    return ascii(listed(folder))


def _stat(path: str) -> tuple[int, int, int, int] | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _bytes(path: str) -> bytes | None:
    """The file's bytes; None for a folder. What cannot be read counts as empty: the command that needs it will say why."""
    if not os.path.isfile(path):
        return None if os.path.isdir(path) else b""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
