"""A conversation for tests: runs the command line in a terminal of its own (POSIX) and answers its questions."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import ROOT

PATIENCE = 60.0


def converse(arguments: Sequence[str], cwd: Path, dialogue: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """Run `citeman` on a terminal; each (question, answer): wait until the question is shown, then type the answer.

    Returns the exit code and all that the terminal showed, the typed answers included.
    """
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "200"}
    process = subprocess.Popen(
        [sys.executable, "-m", "citeman", *arguments],
        cwd=cwd,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(theirs, termios.TIOCSCTTY, 0),  # Ctrl-C reaches only whose terminal it is
    )
    os.close(theirs)
    shown, seen = "", 0
    try:
        for question, answer in dialogue:
            shown = _read_until(ours, shown, question, seen)
            seen = len(shown)
            os.write(ours, answer.encode())
        shown = _read_until(ours, shown, None, seen)
        return process.wait(timeout=PATIENCE), shown.replace("\r\n", "\n")
    finally:
        process.kill()
        os.close(ours)


def _read_until(terminal: int, shown: str, question: str | None, seen: int) -> str:
    """Read until the question stands behind what was seen, or (None) until the terminal is closed."""
    end = time.monotonic() + PATIENCE
    while question is None or question not in shown[seen:]:
        ready, _, _ = select.select([terminal], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            raise AssertionError(f"waited for {question!r}, the terminal shows:\n{shown}")
        try:
            data = os.read(terminal, 65_536)
        except OSError:  # Linux tells so that the other side is closed
            data = b""
        if not data:
            if question is None:
                return shown
            raise AssertionError(f"the program ended before {question!r}:\n{shown}")
        shown += data.decode("utf-8", "replace")
    return shown
