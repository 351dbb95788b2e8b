"""`scan`: the citations that guides make already, taken into the store and tied to their sections; rewritten on request."""

from __future__ import annotations

from citeman.commands.scan.finding import scan
from citeman.commands.scan.rewriting import rewrite
from citeman.commands.scan.taking import scan_into
from citeman.commands.scan.values import Cited, Scanned, Unread

__all__ = ["Cited", "Scanned", "Unread", "rewrite", "scan", "scan_into"]
