"""Fingerprints of entries: digests of all that an entry is read and shown from, told without reading it."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from citeman.bib import Bibliography
from citeman.render.formats import bibtex

_POINTERS = ("crossref", "xdata", "xref")


def fingerprints(bibliography: Bibliography) -> dict[str, str]:
    """Return for every key a digest of all that its first entry is read and shown from: its text, its macros, its parents."""
    source = bibliography.source
    macros = _Macros(bibliography)
    points = _points(source)
    found: dict[str, str] = {}
    for block in bibliography.blocks:
        if block.kind == "string":
            macros.passed += 1
        elif block.kind == "entry" and block.key and block.key not in found:
            text = source[block.start : block.end]
            if block.uses and macros.concern(name for name, _ in block.uses):
                text += f"{macros.passed}{macros.text}"
            if points and _points(text):
                text += _inherited(bibliography, block.key)
            found[block.key] = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return found


class _Macros:
    """The definitions of a bibliography's macros, and how many a reader has passed: a name may be defined more than once."""

    def __init__(self, bibliography: Bibliography) -> None:
        source = bibliography.source
        self.text = "".join(source[block.start : block.end] for block in bibliography.blocks if block.kind == "string")
        self.passed = 0
        self._names = bibliography.macros.keys() if self.text else ()

    def concern(self, used: Iterator[str]) -> bool:
        """Tell whether any of these names is defined here; the months are so for every program, and mostly not here."""
        return any(name.lower() in self._names for name in used)


def _points(text: str) -> bool:
    lower = text.encode("utf-8", "surrogatepass").lower()  # several times as fast as a string's
    return any(name.encode() in lower for name in _POINTERS)


def _inherited(bibliography: Bibliography, key: str) -> str:
    entry = bibliography.get(key)
    if entry is None:
        return ""
    whole = bibliography.resolved(entry)
    return repr((whole.type, [(field.name, field.value) for field in whole.fields], bibtex.source_of(bibliography, entry)))
