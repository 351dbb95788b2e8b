"""TeX as safe HTML: styles as elements, math as MathML, everything else escaped."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from citeman.tex.plain import KEPT, showable, tidy
from citeman.tex.segments import Segment, read

if TYPE_CHECKING:
    from math_core import LatexToMathML

MAX_MATH = 400
MAX_COMMANDS = 100
"""Math that is longer or has more commands and braces is shown as its source: the converter recurses, and would take the whole
program down where a thread's stack is small. No title comes near."""

_SPECIAL = re.compile(r"[\\{}$~`&<>\"']|--")
_ELEMENTS = {
    "em": ("<em>", "</em>"),
    "i": ("<i>", "</i>"),
    "b": ("<b>", "</b>"),
    "u": ("<u>", "</u>"),
    "code": ("<code>", "</code>"),
    "sup": ("<sup>", "</sup>"),
    "sub": ("<sub>", "</sub>"),
    "small-caps": ('<span class="small-caps">', "</span>"),
    "quote": ("“", "”"),
}
_UNSAFE_MATHML = re.compile(r"<(?!/?(?:math|m[a-z]+|em|b)\b)|\b(?:style|href|src|id|class)\s*=", re.I)
_UNSAFE_COMMANDS = re.compile(r"\\(?:def|newcommand|renewcommand|providecommand|let|htmlClass|href|url)\b")
_SPELLINGS = {
    r"\\(?:[hm]box|emph|text(?:it|normal|rm|sc|sf|sl|tt|up))(?![A-Za-z])": r"\\text",
    r"\\!|\\mathop(?![A-Za-z])": "",
    r"\\slash(?![A-Za-z])": "/",
    r"\\sp(?![A-Za-z])": "^",
    r"\\sb(?![A-Za-z])": "_",
    r"\\mathds(?![A-Za-z])": r"\\mathbb",
}
_URL_CHARACTERS = "%!#$&'()*+,/:;=?@[]~-._"
_SAFE_ADDRESS = re.compile(r"(?:https?|ftp)://|mailto:", re.I)
_NBSP_SAFE_BLANKS = re.compile(r"[ \t\r\n\f\v]+")


@lru_cache(maxsize=KEPT)
def to_html(tex: str, links: bool = True) -> str:
    r"""Return a value as an HTML fragment (well-formed XML too): escaped text, `\emph` as `<em>`, math as MathML.

    Never raises. For an attribute use the escaped `to_unicode`. Without `links` a link is its text: for use inside `<a>`.
    Classes used: `math` (a formula that could not be converted), `small-caps`.
    """
    if not _SPECIAL.search(tex):
        return tidy(tex)
    writer = _Writer(links)
    return _NBSP_SAFE_BLANKS.sub(" ", "".join(writer.write(segment) for segment in read(tex))).strip(" ")


class _Writer:
    def __init__(self, links: bool) -> None:
        self.links = links
        self.open_links: list[bool] = []

    def write(self, segment: Segment) -> str:
        kind, value = segment
        if kind == "text":
            return escape_html(value)
        if kind == "math":
            return mathml(value)
        if kind == "link":
            return self.link(value)
        if value == "link":
            return "</a>" if self.open_links.pop() else ""
        return _ELEMENTS[value][kind == "close"]

    def link(self, target: str) -> str:
        shown = self.links and bool(link_target(target)) and not any(self.open_links)
        self.open_links.append(shown)
        return f'<a href="{escape_html(link_target(target))}">' if shown else ""


def escape_html(text: str) -> str:
    """Return text safe inside an element and inside a quoted attribute."""
    return escape(showable(text))


def is_safe_url(url: str) -> bool:
    """Say whether a link to this address runs nothing: only the web, FTP and mail are followed."""
    return bool(_SAFE_ADDRESS.match(url)) and url.isprintable()


def link_target(url: str) -> str:
    """Return an address as it may stand in a link: percent-encoded where it must be, empty where it runs something or is none."""
    if not is_safe_url(url):
        return ""
    try:
        urlsplit(url)
    except ValueError:
        return ""
    return quote(url, safe=_URL_CHARACTERS)


@lru_cache(maxsize=2048)
def mathml(math: str) -> str:
    """Return math (TeX without delimiters) as MathML; as its escaped source in a span where it cannot be converted."""
    math = showable(math).strip()
    if not math or len(math) > MAX_MATH or math.count("\\") + math.count("{") > MAX_COMMANDS or _UNSAFE_COMMANDS.search(math):
        return _as_source(math)
    return _converted(math) or _converted(_plainer(math)) or _as_source(math)


def _converted(math: str) -> str:
    """Return math as MathML that a page may hold, nothing where that cannot be had."""
    try:
        converted = _converter().convert_with_local_state(math, displaystyle=False)
    except Exception:  # the converter's own errors, and what it does to text that it cannot encode
        return ""
    return "" if _UNSAFE_MATHML.search(converted) else converted.replace("&ApplyFunction;", "\u2061")


def _plainer(math: str) -> str:
    """Return math with what the converter does not know, or gives a style of its own, in other words or left out."""
    for pattern, known in _SPELLINGS.items():
        math = re.sub(pattern, known, math)
    return math


def _as_source(math: str) -> str:
    return f'<span class="math">{escape_html(math)}</span>'


@lru_cache(maxsize=1)
def _converter() -> LatexToMathML:
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False, allow_unreliable_rendering=True)
