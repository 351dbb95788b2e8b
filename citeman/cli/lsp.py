"""`citeman lsp`."""

from __future__ import annotations

import argparse

from citeman.cli.console import Console
from citeman.errors import CitemanError

DESCRIPTION = (
    "Speak the Language Server Protocol on stdin and stdout: for an editor, which completes citation keys (`@`), citations\n"
    "(`[[`), sections and roles, shows the paper under the cursor, jumps to its entry, and marks what `citeman check` finds."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--stdio", action="store_true", help="speak on stdin and stdout, as always (editors like to say so)")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Serve until the editor goes."""
    try:
        from citeman.lsp.server import serve
    except ImportError as error:
        raise CitemanError(f"the language server needs the package {error.name!r}: pip install 'citeman[lsp]'") from None
    serve()
    return 0
