"""BibTeX: entries as they stand in the bibliography, with the macros and the parents that they need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from citeman.bib import Bibliography
from citeman.model import Entry
from citeman.named import NamedTuple
from citeman.tex.plain import showable

_DELIMITERS = ("{", '"')
_POINTERS = ("crossref", "xdata", "xref")
_OUTSIDE = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}|\"(?:[^\"{}]|\{[^{}]*\})*\"|([A-Za-z_][\w:.+/-]*)"
"""Braced and quoted stretches of a value, and, as the only group, what stands outside of them: a macro's name."""


class Source(NamedTuple):
    """One entry's text and what else a file needs that holds it."""

    text: str
    strings: tuple[str, ...] = ()
    """`@string` definitions."""
    parents: tuple[tuple[str, str], ...] = ()
    """Key and text of the entries that it points to; BibTeX wants them after it."""

    def __str__(self) -> str:
        """The entry as a file of its own."""
        return join([("", self)]).rstrip("\n")


def source_of(bibliography: Bibliography, entry: Entry) -> Source:
    """Return an entry's text with all that it needs."""
    parents = _parents(bibliography, entry)
    strings = [line for one in (entry, *parents.values()) for line in _strings(bibliography, one)]
    return Source(
        _text(bibliography, entry),
        tuple(dict.fromkeys(strings)),
        tuple((key, _text(bibliography, one)) for key, one in parents.items()),
    )


def join(entries: Iterable[tuple[str, Source]]) -> str:
    """Return entries, each with its key, as one file: macros first, each once, parents last."""
    listed = dict(entries)
    strings = dict.fromkeys(line for one in listed.values() for line in one.strings)
    parents = {key: text for one in listed.values() for key, text in one.parents if key not in listed}
    blocks = ["\n".join(strings), *(one.text for one in listed.values()), *parents.values()]
    return "\n".join(f"{block}\n" for block in blocks if block)


def _text(bibliography: Bibliography, entry: Entry) -> str:
    return showable(bibliography.source[entry.start : entry.end])


def _parents(bibliography: Bibliography, entry: Entry) -> dict[str, Entry]:
    """The entries that an entry points to, near or far."""
    found: dict[str, Entry] = {}
    waiting = [entry]
    while waiting:
        for key in _pointed(waiting.pop()):
            parent = bibliography.get(key)
            if parent and key not in found and key != entry.key:
                found[key] = parent
                waiting.append(parent)
    return found


def _pointed(entry: Entry) -> Iterator[str]:
    for name in _POINTERS:
        yield from (key.strip() for key in entry.get(name).split(",") if key.strip())


def _strings(bibliography: Bibliography, entry: Entry) -> Iterator[str]:
    """The definitions of the macros that an entry uses; the months are known to every program."""
    if not bibliography.macros:
        return
    for field in entry.fields:
        written = bibliography.source[field.value_start : field.value_end]
        if written[:1] in _DELIMITERS and "#" not in written:
            continue
        for match in re.finditer(_OUTSIDE, written):
            name = (match[1] or "").lower()
            if name in bibliography.macros:
                yield f"@string{{{name} = {{{showable(bibliography.macros[name])}}}}}"
