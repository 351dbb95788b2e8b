"""The lock by which one process at a time writes to a project."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from citeman.errors import CitemanError


@contextlib.contextmanager
def acquired(path: Path, timeout: float, holder: Path) -> Iterator[None]:
    """Hold a lock file; raises CitemanError, which says who holds it, after `timeout` seconds."""
    try:
        release = _acquire(path, timeout)
    except TimeoutError:
        raise CitemanError(f"{_holder(holder)} is at work on this project; wait for it and run again") from None
    except OSError as error:
        raise CitemanError(f"cannot lock the project: {(error.strerror or str(error)).lower()}", path.parent.name) from None
    try:
        yield
    finally:
        release()


def _acquire(path: Path, timeout: float) -> Callable[[], object]:
    """Take a lock file within so many seconds and return how to release it; raises TimeoutError, and OSError as the disk does.

    filelock is asked only where the system has no `flock`: it takes as long to load as many a command to run.
    """
    try:
        import fcntl
    except ImportError:
        from filelock import FileLock

        lock = FileLock(path, timeout=timeout)
        lock.acquire()
        return lock.release
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(open(path, "ab"))
        end = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return stack.pop_all().close
            except BlockingIOError:
                if time.monotonic() > end:
                    raise TimeoutError from None
                time.sleep(0.05)


def _holder(path: Path) -> str:
    try:
        return f"another citeman ({path.read_text(encoding='utf-8')})"
    except OSError:
        return "another citeman"
