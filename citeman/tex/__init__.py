"""TeX values and Unicode text: reading one as plain text or HTML, writing the other as BibTeX, comparing the two."""

from citeman.tex.clean import clean_text, clean_title, mend_encoding
from citeman.tex.html import escape_html, is_safe_url, to_html
from citeman.tex.plain import fold, same, to_text, to_unicode
from citeman.tex.write import escape, literal, protect

__all__ = [
    "clean_text",
    "clean_title",
    "escape",
    "escape_html",
    "fold",
    "is_safe_url",
    "literal",
    "mend_encoding",
    "protect",
    "same",
    "to_html",
    "to_text",
    "to_unicode",
]
