"""A lock file that one process at a time holds, by the system's own means."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable


def acquire(path: str | os.PathLike[str], timeout: float) -> Callable[[], object]:
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
