"""The lock by which one process at a time writes to a project."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from citeman.errors import CitemanError
from citeman.locking import acquire


@contextlib.contextmanager
def acquired(path: Path, timeout: float, holder: Path) -> Iterator[None]:
    """Hold a lock file; raises CitemanError, which says who holds it, after `timeout` seconds."""
    try:
        release = acquire(path, timeout)
    except TimeoutError:
        raise CitemanError(f"{_holder(holder)} is at work on this project; wait for it and run again") from None
    except OSError as error:
        raise CitemanError(f"cannot lock the project: {(error.strerror or str(error)).lower()}", path.parent.name) from None
    try:
        yield
    finally:
        release()


def _holder(path: Path) -> str:
    try:
        return f"another citeman ({path.read_text(encoding='utf-8')})"
    except OSError:
        return "another citeman"
