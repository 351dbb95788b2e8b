"""File names and addresses of the pages: safe on every file system, never outside the output folder, stable between builds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from posixpath import dirname, relpath
from urllib.parse import quote, urlsplit

from citeman.tex.plain import showable

MAX_BYTES = 100
"""Longest file name without its ending: far under the 255 bytes of common file systems, so that any ending fits."""

_UNSAFE = re.compile(r"[^\w.~+-]+|\.{2,}")
_RESERVED = frozenset(["con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789")])


def safe_name(text: str) -> str:
    """Return a file name (without ending) for an anchor or a citation key: the text itself where it is safe everywhere.

    Where it is not (separators, `..`, blanks, control characters, names that Windows or Jekyll keep to themselves, too
    long) the name is what is left of it and a digest of the text, so that different texts keep different names.
    """
    plain = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    name = _UNSAFE.sub("-", plain)
    if name[:1] in "._-~+" or name.endswith(".") or name.split(".")[0].casefold() in _RESERVED:
        name = f"x{name}".rstrip(".")
    name = name.encode("utf-8")[:MAX_BYTES].decode("utf-8", "ignore")
    return name if name == text else f"{name.rstrip('.-')}-{digest(text)}"


def digest(text: str) -> str:
    """Return a short fingerprint of a text."""
    from hashlib import sha256

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


class Names:
    """Gives every text a file name of its own, also where the file system ignores case."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._taken = {_folded(name) for name in reserved}

    def give(self, text: str) -> str:
        """Return the name of a text; the second of two that differ in case only gets a digest behind it."""
        name = safe_name(text)
        if _folded(name) in self._taken:
            name = f"{name}-{digest(text)}"
        self._taken.add(_folded(name))
        return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


@lru_cache(maxsize=4096)
def href(path: str, fragment: str = "") -> str:
    """Return a path of the site as it stands in a link."""
    return quote(path, safe="/~+") + (f"#{quote(fragment, safe=SAFE_IN_FRAGMENT)}" if fragment else "")


def href_outside(url: str, anchor: str) -> str:
    """Return the link to an anchor of a page out of the site; empty without a page."""
    return f"{url.partition('#')[0]}#{quote(anchor, safe=SAFE_IN_FRAGMENT)}" if url else ""


SAFE_IN_FRAGMENT = "!$'()*+,;:@/?~-._=&"


@lru_cache(maxsize=2048)
def outside(url: str) -> str:
    """Return an address for a link out of the site, empty when it is none that a reader can follow safely."""
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not parts.netloc:
        return ""
    return quote(showable(url), safe="%!#$&'()*+,/:;=?@[]~-._")


def beside(page: str, target: str) -> str:
    """Return the link from one page to another."""
    return quote(relpath(target, dirname(page) or "."), safe="/~+")


def up(path: str) -> str:
    """Return the way from a page of the site to the site's root: `../` for each folder it lies in."""
    return "../" * path.count("/")
