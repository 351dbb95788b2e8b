"""What stands at the cursor: a citation key, a section, the beginning of a citation; by the text of the line alone."""

from __future__ import annotations

import re
from typing import Literal

from citeman.named import NamedTuple

Kind = Literal["key", "label", "role", "level", "section"]

_KEY = r"[^\s\[\]{}(),;\"'#%=@]"
_TYPED: dict[str, tuple[tuple[Kind, re.Pattern[str]], ...]] = {
    "markdown": (
        ("label", re.compile(r"\[\[([^\[\]]*)\Z")),
        ("key", re.compile(rf"(?:\A|[\[\s;(-])@\{{?({_KEY}*)\Z")),
    ),
    "yaml": (
        ("key", re.compile(rf"(?:\A|[\s{{,-])(?:key|settled-by):\s+\"?({_KEY}*)\Z")),
        ("key", re.compile(rf"(?:\A|\s)(?:after|settled-by):\s+\[[^\]]*?({_KEY}*)\Z")),
        ("role", re.compile(r"(?:\A|[\s{,-])role:\s+(\w*)\Z")),
        ("level", re.compile(r"(?:\A|[\s{,-])level:\s+(\w*)\Z")),
        ("section", re.compile(r"(?:\A|[\s{,-])see:\s+\"?([^\s\"]*)\Z")),
    ),
    "bibtex": (
        ("key", re.compile(rf"\b(?:crossref|xref|xdata|entryset|related)\s*=\s*[{{\"][^}}\"]*?({_KEY}*)\Z", re.IGNORECASE)),
    ),
}
_NAMED: dict[str, tuple[re.Pattern[str], ...]] = {
    "markdown": (re.compile(rf"@\{{?({_KEY}*[^\s\[\]{{}}(),;\"'#%=@.:?!])"), re.compile(r"\]\(\s*<?([^()\s>]+)")),
    "yaml": (
        re.compile(rf"(?:\A|[\s{{,-])(?:key|settled-by):\s+[\"']?({_KEY}+)"),
        re.compile(rf"(?<=[\[,\s])({_KEY}+)(?=[^\[]*\])"),
        re.compile(r"\burl:\s+[\"']?(\S+?)[\"']?\s*\Z"),
        re.compile(rf"\A\s*-\s+({_KEY}+)\s*\Z"),
    ),
    "bibtex": (re.compile(rf"@\w+\s*[{{(]\s*({_KEY}+)"), re.compile(rf"\bcrossref\s*=\s*[{{\"]\s*({_KEY}+)", re.IGNORECASE)),
}


class Typed(NamedTuple):
    """What is being typed, and the columns of what stands there already."""

    kind: Kind
    text: str
    start: int
    end: int


class Named(NamedTuple):
    """A citation key, or an address, under the cursor, and its columns."""

    name: str
    start: int
    end: int


def language_of(path: str) -> str:
    """Return which of the three kinds of file a path is; empty for another."""
    kinds = {".md": "markdown", ".markdown": "markdown", ".qmd": "markdown", ".yaml": "yaml", ".yml": "yaml", ".bib": "bibtex"}
    return next((language for ending, language in kinds.items() if path.lower().endswith(ending)), "")


def typed_at(language: str, line: str, column: int) -> Typed | None:
    """Return what is being typed at a column of a line, None where citeman has nothing to offer."""
    before = line[:column]
    for kind, pattern in _TYPED.get(language, ()):
        match = pattern.search(before)
        if match:
            return Typed(kind, match[1], match.start(1), column)
    return None


def named_at(language: str, line: str, column: int) -> Named | None:
    """Return the citation key or address that a column of a line lies in."""
    for pattern in _NAMED.get(language, ()):
        for match in pattern.finditer(line):
            if match.start() <= column <= match.end():
                return Named(match[1], *match.span(1))
    return None
