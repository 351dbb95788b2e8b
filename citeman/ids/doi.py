"""The grammar of DOIs: from any way of writing one to the one lower-case form, and where one ends in a longer text."""

from __future__ import annotations

import re
from urllib.parse import unquote

from citeman.ids import arxiv
from citeman.ids.identifier import Identifier

_PREFIX = re.compile(
    r"\s*(?:(?:doi|info:doi/|urn:doi:)[\s:.]*|(?:https?://|//)?(?:(?:www|dx)\.)?doi\.org[:/]+)+(?=10\.|10%)", re.IGNORECASE
)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_INSIDE = r"(?:(?<=doi\.org/)|(?<=/doi/)|(?<![\w./]))10\.\d{4,9}(?:\.\d+)*/[^\s\"“”|\\^`]+"
_TEX = ((r"{\_}", "_"), (r"\textless", "<"), (r"\textgreater", ">"), (r"$<$", "<"), (r"$>$", ">"), (r"\string", ""))
_ARXIV = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}


def parse(text: str) -> Identifier | None:
    """Read a whole text as a DOI: bare, `doi:`, a doi.org address, percent-encoded, with TeX escapes or a stray full stop."""
    if "10" not in text:
        return None
    text = _PREFIX.sub("", untex(text).strip(), count=1)
    return from_path(text.split()[0]) if text and _DOI.match(unquote(text)) else None


def from_path(text: str) -> Identifier | None:
    """Read a DOI that starts the text, percent-encoded or not; one that arXiv gave names the arXiv paper."""
    match = _DOI.fullmatch(trim(decode(text)))
    if not match:
        return None
    preprint = _ARXIV.fullmatch(match[0])
    return arxiv.bare(preprint[1]) if preprint else Identifier("doi", match[0].lower())


def find(text: str) -> list[Identifier]:
    """Find the DOIs in running text."""
    import html

    found = [from_path(match[0]) for match in re.finditer(_INSIDE, html.unescape(text))]
    return [identifier for identifier in found if identifier]


def untex(text: str) -> str:
    """Undo what LaTeX needs around the specials of a DOI."""
    if "\\" not in text and "$" not in text and "{" not in text:
        return text
    for tex, plain in _TEX:
        text = text.replace(tex, plain)
    return re.sub(r"\\([_&%#$~{}<>^])", r"\1", text)


def decode(text: str) -> str:
    """Undo percent encoding (also done twice) and HTML entities."""
    if "%" not in text and "&" not in text:
        return text
    import html

    for _ in range(2):
        text = html.unescape(unquote(text)) if re.search(r"%[0-9A-Fa-f]{2}|&\w+;", text) else text
    return text


def trim(text: str) -> str:
    """Cut the punctuation that the surrounding sentence or markup added to the end, keeping brackets that the DOI opened."""
    while text:
        last = text[-1]
        opening = _PAIRS.get(last)
        if last in ".,;:'\"!?*`’”\\" or (opening and text.count(last) > text.count(opening)):
            text = text[:-1]
        else:
            break
    return text
