"""`citeman build` where nothing has changed: answered before any room is opened."""

from __future__ import annotations

import os

from citeman.cli import quick


def answer(given: list[str]) -> str:
    """Return what a plain build prints when there is nothing to do; empty when the command line or the project asks for more."""
    verb, asked = quick.parse(given) or ("", None)
    if asked is None or verb != "build" or asked.json or asked.fragment:
        return ""
    from citeman import stamp

    start, out = asked.directory, asked.out
    root = stamp.root_of(start) if os.path.isdir(start) else ""
    target = os.path.join(start, out) if out else ""
    known = stamp.Stamp.load(stamp.stamp_path(root, target)) if root else None
    if (
        known is None
        or os.path.exists(os.path.join(root, ".citeman", "journal.json"))
        or not known.holds(root, [stamp.program()])
    ):
        return ""
    return f"{stamp.shown(known.folder)}/index.html"
