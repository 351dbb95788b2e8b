"""Work dealt out to the machine's processors: copies of this process, which take it in parts and tell what came of them."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from citeman.named import NamedTuple

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


def each(parts: Sequence[Part], processes: int) -> list[Any]:
    """Do all parts (at most 256), each in whichever of so many processes is free, and return what each gave.

    A part that fails in a copy, for whatever reason, is done again here, where its error can be raised.
    """
    queue, filling = os.pipe()
    os.write(filling, bytes(range(len(parts))))
    os.close(filling)
    taken = partial(_take, parts, queue)
    copies = [_begin(taken) for _ in range(1, processes)]
    try:
        found = taken()
    finally:
        os.read(queue, len(parts))  # after an error here nobody goes on
        answers = [_answer(copy) for copy in copies]
        os.close(queue)
    for answer in answers:
        found |= answer or {}
    return [found[number] if number in found else part() for number, part in enumerate(parts)]


def _take(parts: Sequence[Part], queue: int) -> dict[int, Any]:
    """Do part after part, as the queue that all processes read gives them out."""
    found = {}
    while number := os.read(queue, 1):
        found[number[0]] = parts[number[0]]()
    return found


def beside(part: Part) -> Part:
    """Begin a part in a copy of this process, and return what waits for what it gives; one that fails there is done here.

    What it gives is a value that counts as true.
    """
    copy = _begin(part)
    return lambda: _answer(copy) or part()


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


def _answer(copy: Copy | None) -> Any:
    """Wait for a copy, and return what it gave; None where there is no copy, or it failed."""
    if copy is None:
        return None
    with open(copy.reading, "rb") as pipe:
        data = pipe.read()
    try:
        answer = pickle.loads(data)  # while the copy is taken down, which takes as long
    except (pickle.UnpicklingError, EOFError, ValueError, LookupError):
        answer = None
    return answer if os.waitpid(copy.process, 0)[1] == 0 else None
