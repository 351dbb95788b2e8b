"""Work dealt out to the machine's processors: copies of this process, which do a part each and tell what came of it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

MOST = 4
"""So many processes share a piece of work at most: each has memory of its own."""

Part = Callable[[], Any]
"""One part of the work; what it gives can be written as JSON. It may be done twice, and does no harm by that."""


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
        answers = [_answer(*copy) for copy in copies]
    return [*found, *(part() if answer is None else json.loads(answer) for part, answer in zip(parts[1:], answers, strict=True))]


def _begin(part: Part) -> tuple[int, int]:
    """Start a copy of this process that does one part: its number, and where its answer can be read."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    failed = True
    try:
        os.close(reading)
        with open(writing, "wb") as pipe:
            pipe.write(json.dumps(part()).encode())
        failed = False
    finally:
        os._exit(failed)  # at once: what the process that was copied has begun is that one's to finish


def _answer(process: int, reading: int) -> bytes | None:
    """Wait for a copy, and return its answer; None where it failed."""
    with open(reading, "rb") as pipe:
        answer = pipe.read()
    return answer if os.waitpid(process, 0)[1] == 0 else None
