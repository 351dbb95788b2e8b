"""`citeman build` where nothing has changed: answered before any room is opened."""

from __future__ import annotations

import os


def answer(given: list[str]) -> str:
    """Return what a plain build prints when there is nothing to do; empty when the command line or the project asks for more."""
    asked = _asked(given)
    if asked is None:
        return ""
    from citeman import stamp

    start, out = asked
    root = stamp.root_of(start)
    target = os.path.join(start, out) if out else ""
    known = stamp.Stamp.load(stamp.stamp_path(root, target)) if root else None
    if (
        known is None
        or os.path.exists(os.path.join(root, ".citeman", "journal.json"))
        or not known.holds(root, [stamp.program()])
    ):
        return ""
    return f"{stamp.shown(known.folder)}/index.html"


def _asked(given: list[str]) -> tuple[str, str] | None:
    """Return the working folder and the output folder of a command line that is nothing but a build; None for any other."""
    values = {"-C": ".", "-o": ""}
    names = {"-C": "-C", "--directory": "-C", "-o": "-o", "--out": "-o"}
    words = iter(given)
    verbs = 0
    for word in words:
        if word in names:
            values[names[word]] = next(words, "")
        elif word == "build":
            verbs += 1
        elif word not in {"-q", "--quiet", "--check"}:
            return None
    return (values["-C"], values["-o"]) if verbs == 1 and values["-C"] else None
