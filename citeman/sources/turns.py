"""Taking turns: the pace and the cool-down of each service, shared by all commands of this machine through small files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from citeman.locking import acquire
from citeman.sources.upstream import HOUR, Service, Unreachable

LONG = 5.0
"""Seconds of waiting from which on it is told; arXiv's usual pace is not."""
LONGEST_QUEUE = 600.0
"""Seconds to wait for other commands that are talking to the same service."""


class Pace:
    """When a service may be asked again."""

    def __init__(self) -> None:
        self.cool_until = 0.0
        """Wall clock; the service refused and gets its peace until then."""
        self.refusals = 0
        """How many refusals came in a row."""
        self.next: dict[str, float] = {}
        """Route -> wall clock of the next request."""
        self.interval: dict[str, float] = {}
        """Route -> seconds between requests that the service asked for."""


class Turns:
    """Lets one request at a time pass to each service, no sooner than it wants."""

    def __init__(self, folder: Path | None, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._folder = folder
        self._clock = clock
        self._sleep = sleep
        self._memory: dict[str, Pace] = {}

    @contextmanager
    def turn(self, service: Service, route: str, patience: float, notify: Callable[[str], None]) -> Iterator[Pace]:
        """Wait for the turn, and hold it while the request runs; raises Unreachable when the wait would be too long."""
        with self._alone(service):
            pace = self._read(service.turn)
            now = self._clock()
            wait = max(pace.cool_until, pace.next.get(route, 0.0)) - now
            if pace.cool_until - now > patience:
                raise Unreachable(service, f"it asked for {_duration(pace.cool_until - now)} of peace")
            if wait > 0:
                if wait > LONG:
                    notify(f"waiting {_duration(wait)} for {service.title}")
                self._sleep(wait)
            try:
                yield pace
            finally:
                self._write(service.turn, pace)

    def _alone(self, service: Service) -> AbstractContextManager[object]:
        if not self._folder:
            return nullcontext()
        held = ExitStack()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            held.callback(acquire(self._folder / f"{service.turn}.lock", LONGEST_QUEUE))
        except TimeoutError:
            raise Unreachable(service, "other commands have been talking to it for ten minutes") from None
        except OSError:
            pass  # a folder that cannot be written holds no turns: this command keeps its own pace alone
        return held

    def _read(self, turn: str) -> Pace:
        """Read a pace; one that is damaged, or lies in the future because the clock went back, does not count."""
        if turn in self._memory:
            return self._memory[turn]
        pace = Pace()
        if self._folder:
            try:
                stored = json.loads((self._folder / f"{turn}.json").read_text(encoding="utf-8"))
                vars(pace).update({name: stored[name] for name in vars(pace)})
                _check(pace, self._clock())
            except (OSError, ValueError, TypeError, KeyError):
                pace = Pace()
        return pace

    def _write(self, turn: str, pace: Pace) -> None:
        if not self._folder:
            self._memory[turn] = pace
            return
        write_whole(self._folder / f"{turn}.json", json.dumps(vars(pace)).encode())


def _check(pace: Pace, now: float) -> None:
    times: list[Any] = [pace.cool_until, *pace.next.values(), *pace.interval.values(), pace.refusals]
    if not all(isinstance(time, int | float) for time in times) or max(times) > now + 2 * HOUR:
        raise ValueError("not a pace")


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file of the cache in one step; a cache that cannot be written is no reason to fail."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
