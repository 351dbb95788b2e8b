"""TeX values and Unicode text: reading one as plain text or HTML, writing the other as BibTeX, comparing the two."""

from citeman.tex.html import escape_html, is_safe_url, to_html
from citeman.tex.plain import fold, same, to_text, to_unicode
from citeman.tex.write import clean_title, escape, protect

__all__ = ["clean_title", "escape", "escape_html", "fold", "is_safe_url", "protect", "same", "to_html", "to_text", "to_unicode"]
