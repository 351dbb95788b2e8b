"""Work dealt out to the machine's processors: copies of this process, which do a part each and tell what came of it."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

MOST = 4
"""So many processes share a piece of work at most: each has memory of its own."""

Part = Callable[[], Any]
"""One part of the work; it gives what can be pickled, and does no harm when done twice."""


class Copy(NamedTuple):
    """A copy at work: its number, and where its answer can be read."""

    process: int
    reading: int


def processors() -> int:
    """Return how many parts can be done at once: 1 where a process cannot be copied safely, which means beside threads."""
    threading = sys.modules.get("threading")
    if sys.platform != "linux" or (threading and threading.active_count() > 1):
        return 1
    return min(len(os.sched_getaffinity(0)), MOST)


def each(parts: Sequence[Part]) -> list[Any]:
    """Do all parts, the first here and every other in a copy of this process, and return what each gave.

    A part that fails in its copy, for whatever reason, is done again here, where its error can be raised.
    """
    copies = [_begin(part) for part in parts[1:]]
    try:
        found = [parts[0]()]
    finally:
        answers = [_answer(copy) for copy in copies]
    return [*found, *(_read(answer, part) for answer, part in zip(answers, parts[1:], strict=True))]


def beside(part: Part) -> Part:
    """Begin a part in a copy of this process, and return what waits for what it gives; one that fails there is done here."""
    copy = _begin(part)
    return lambda: _read(_answer(copy), part)


def _begin(part: Part) -> Copy | None:
    """Start a copy of this process that does one part; None where the system allows no more processes."""
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return None
    if process:
        os.close(writing)
        return Copy(process, reading)
    failed = True
    try:
        os.close(reading)
        with open(writing, "wb") as pipe:
            pipe.write(pickle.dumps(part()))
        failed = False
    finally:
        os._exit(failed)  # at once: what the process that was copied has begun is that one's to finish


def _answer(copy: Copy | None) -> bytes | None:
    """Wait for a copy, and return its answer; None where there is no copy, or it failed."""
    if copy is None:
        return None
    with open(copy.reading, "rb") as pipe:
        answer = pipe.read()
    return answer if os.waitpid(copy.process, 0)[1] == 0 else None


def _read(answer: bytes | None, part: Part) -> Any:
    """Return what a copy's part gave; where the copy failed, do the part."""
    return part() if answer is None else pickle.loads(answer)
