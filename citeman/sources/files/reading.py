"""Telling the formats apart, and what comes out of each of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from citeman.errors import CitemanError
from citeman.sources.files.found import Found

Kind = Literal["bibtex", "csl-json", "ris", "identifiers"]

_BIBTEX = re.compile(r"^[ \t]*@[A-Za-z]+\s*[{(]", re.MULTILINE)
_RIS = re.compile(r"^TY  ?- *\S", re.MULTILINE)
_JSON = re.compile(r"\s*(?:\[\s*(?:[{\]])|\{\s*[\"}])")
_OTHER = re.compile(r"\s*<(?:!doctype|\?xml|html|!--|head|body)\b|\s*<[!?]", re.IGNORECASE)
_COMMENT = re.compile(r"(?:^|\s)#.*")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds: works, or lines that name works."""

    kind: Kind
    found: tuple[Found, ...] = ()
    lines: tuple[tuple[int, str], ...] = ()
    """Line number and text of each identifier, title or address, for a list of them."""
    problems: tuple[tuple[int, str], ...] = ()
    """Line number and complaint of what could not be read."""


def kind_of(text: str) -> Kind:
    """Tell which format a text is in; what is no format is a list of identifiers."""
    text = text.removeprefix("\ufeff")
    if _JSON.match(text):
        return "csl-json"
    if _RIS.search(text):
        return "ris"
    return "bibtex" if _BIBTEX.search(text) else "identifiers"


def read(text: str, path: str = "") -> Contents:
    """Read a file's text; raises CitemanError when it is broken as a whole."""
    kind = kind_of(text)
    text = text.removeprefix("\ufeff")
    if kind == "identifiers":
        if _OTHER.match(text) or "\0" in text:
            raise CitemanError("this is no list of identifiers, BibTeX, CSL-JSON or RIS", path)
        return Contents(kind, lines=tuple(_lines(text)))
    if kind == "csl-json":
        from citeman.sources.files import csl

        found, problems = csl.read(_json(text, path))
    elif kind == "ris":
        from citeman.sources.files import ris

        found, problems = ris.read(text, path)
    else:
        from citeman.sources.files import bibtex

        found, problems = bibtex.read(text, path)
    return Contents(kind, tuple(found), (), tuple(problems))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if wanted := _COMMENT.sub("", line).strip():
            yield number, wanted


def _json(text: str, path: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise CitemanError(f"this is no CSL-JSON: {error.msg} in column {error.colno}", path, error.lineno) from None
    except RecursionError:
        raise CitemanError("this is no CSL-JSON: it is nested too deeply", path) from None
