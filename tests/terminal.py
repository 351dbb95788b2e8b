"""Running the real command line in a terminal of its own (POSIX)."""

from __future__ import annotations

import os
import re
import select
import struct
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[()][A-Z0-9]|\r")


def output_in_terminal(arguments: Sequence[str], cwd: Path, typed: Sequence[str] = (), columns: int = 100) -> str:
    """Run citeman in a terminal, type each text once it has drawn something, and return what it drew without control sequences."""
    pty = pytest.importorskip("pty")
    fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")
    child, screen = pty.fork()
    if child == 0:
        os.chdir(cwd)
        os.environ.update(PYTHONPATH=str(Path(__file__).parents[1]), TERM="xterm", NO_COLOR="1", PROMPT_TOOLKIT_NO_CPR="1")
        os.execv(sys.executable, [sys.executable, "-m", "citeman", *arguments])
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    shown = _read_until_quiet(screen, first=30.0 if typed else 0.0) if typed else ""
    for text in typed:
        os.write(screen, text.encode())
        shown += _read_until_quiet(screen, first=5.0)
    shown += _read_to_end(screen)
    os.waitpid(child, 0)
    os.close(screen)
    return _CONTROL.sub("", shown)


def _read_until_quiet(screen: int, first: float) -> str:
    """Read what is drawn, until nothing more comes for a moment."""
    data = b""
    wait = first
    while select.select([screen], [], [], wait)[0]:
        piece = _read(screen)
        if not piece:
            break
        data += piece
        wait = 0.3
    return data.decode("utf-8", "replace")


def _read_to_end(screen: int) -> str:
    data = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (piece := _read(screen)):
        data += piece
    return data.decode("utf-8", "replace")


def _read(screen: int) -> bytes:
    try:
        return os.read(screen, 65536)
    except OSError:
        return b""
