"""`citeman serve`."""

from __future__ import annotations

import argparse
from pathlib import Path

from citeman.cli.console import Console

DESCRIPTION = "Show the pages on this machine. They are built and loaded anew at every save; a mistake is shown over the page."
PORT = 8765


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "-p", "--port", type=_port, default=PORT, metavar="N", help=f"port on this machine (default: {PORT}; 0: any)"
    )
    parser.add_argument("--open", action="store_true", help="open the pages in the browser")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Serve until interrupted."""
    from citeman.commands.serve import serve

    def started(address: str) -> None:
        print(address, flush=True)
        if arguments.open:
            import webbrowser

            webbrowser.open(address)

    try:
        serve(Path(arguments.directory), arguments.port, console.note, started)
    except KeyboardInterrupt:
        console.note("stopped")
    return 0


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give a number from 0 to 65535")
    return port
