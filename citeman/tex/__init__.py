"""TeX values and Unicode text: reading one as plain text or HTML, writing the other as BibTeX, comparing the two."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from citeman.tex.clean import clean_text, clean_title, mend_encoding
    from citeman.tex.html import escape_html, is_safe_url, link_target, to_html
    from citeman.tex.plain import fold, same, to_text, to_unicode
    from citeman.tex.write import escape, literal, protect

__all__ = [
    "clean_text",
    "clean_title",
    "escape",
    "escape_html",
    "fold",
    "is_safe_url",
    "link_target",
    "literal",
    "mend_encoding",
    "protect",
    "same",
    "to_html",
    "to_text",
    "to_unicode",
]

_HOMES = {
    **dict.fromkeys(("clean_text", "clean_title", "mend_encoding"), "clean"),
    **dict.fromkeys(("escape_html", "is_safe_url", "link_target", "to_html"), "html"),
    **dict.fromkeys(("fold", "same", "to_text", "to_unicode"), "plain"),
    **dict.fromkeys(("escape", "literal", "protect"), "write"),
}


def __getattr__(name: str) -> object:
    """Import a function's module when it is first used: compiling the patterns of all of them would slow every start."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
