"""The command line: arguments in, one command, its result on stdout, progress on stderr, an exit code."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given == ["--version"]:
        from citeman import __version__

        print(f"citeman {__version__}")
        return 0
    return 2
