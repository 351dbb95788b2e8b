"""Which work a PDF is: from its metadata, its file name, and what stands on its first pages."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from citeman import ids
from citeman.errors import CitemanError
from citeman.ids import Identifier

if TYPE_CHECKING:
    from pypdf import PdfReader

LARGEST = 200_000_000
"""Bytes."""
PAGES = 2
"""Pages on which a work names itself; what follows names others."""

_STAMP = re.compile(r"arxiv:\s*\S+\s*\[[a-z-]+(?:\.[A-Za-z-]+)?\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paper:
    """What a PDF says of itself."""

    identifiers: tuple[Identifier, ...]
    """The likeliest first."""
    title: str = ""
    """The title in its metadata, for a search when there is no identifier."""
    certain: int = 0
    """How many of the identifiers name the work itself for sure (arXiv's stamp, metadata, file name); the others only stand on
    its first pages and may name a work that it cites."""
    text: str = ""
    """The text of its first pages, spaces collapsed."""


def is_pdf(path: Path) -> bool:
    """Tell by its first bytes whether a file is a PDF."""
    try:
        with path.open("rb") as file:
            return file.read(1024).lstrip().startswith(b"%PDF-")
    except OSError:
        return False


def identify(path: Path) -> Paper:
    """Return the identifiers and title of a PDF; raises CitemanError when it cannot be read."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise CitemanError(f"this PDF is larger than {LARGEST // 1_000_000} MB; give the paper's DOI or arXiv id", str(path))
        return _read(path)
    except OSError as error:
        raise CitemanError(f"cannot read this PDF: {error.strerror or error}", str(path)) from None


def _read(path: Path) -> Paper:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        with path.open("rb") as file:
            reader = PdfReader(file, strict=False)
            facts = list(_metadata(reader))
            texts = [page.extract_text() for page in reader.pages[:PAGES]]
    except OSError:
        raise
    except Exception as error:  # pypdf raises whatever a broken file provokes, recursion and type errors among it
        reason = " ".join(str(error).split()) or type(error).__name__
        raise CitemanError(f"cannot read this PDF ({reason}); give the paper's DOI or arXiv id", str(path)) from None
    title = next((value for name, value in facts if name == "title" and _is_title(value)), "")
    text = " ".join(word for page in texts for word in page.split())
    own = dict.fromkeys(_own(facts, " ".join("".join(texts[:1]).split()), path.stem))
    return Paper(tuple(dict.fromkeys([*own, *ids.find(text)])), title, len(own), text)


def _own(facts: list[tuple[str, str]], first: str, stem: str) -> Iterator[Identifier]:
    """Yield what names the work itself: arXiv's stamp on the first page, then the metadata, the file's name."""
    for stamp in _STAMP.findall(first):
        yield from ids.find(stamp)
    for name, value in facts:
        whole = ids.parse(value) if name != "title" else None
        yield from [whole] if whole and whole.scholarly else ids.find(value)
    named = ids.parse(stem)
    if named and named.kind == "arxiv":
        yield named


def _metadata(reader: PdfReader) -> Iterator[tuple[str, str]]:
    """Yield the document's metadata, identifiers' own fields first, names in lower case."""
    info = {str(name).lstrip("/").lower(): str(value) for name, value in (reader.metadata or {}).items() if value}
    order = sorted(info, key=lambda name: name not in {"doi", "arxivid", "wps-articledoi"})
    yield from ((name, info[name]) for name in order)
    xmp = reader.xmp_metadata
    if xmp:
        yield from (("xmp", str(value)) for value in (xmp.dc_identifier, *(xmp.custom_properties or {}).values()) if value)


def _is_title(value: str) -> bool:
    """Tell a title from what typesetting programs put in its place."""
    return " " in value.strip() and not re.search(
        r"\.(?:docx?|dvi|tex|pdf|indd)\b|^Microsoft Word|untitled|^arxiv", value, re.IGNORECASE
    )
