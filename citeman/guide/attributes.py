"""Pandoc's attributes, `{#id .class key=value}`."""

from __future__ import annotations

import re

_NAME = r"[^\W\d_][\w\-:.]*+"
_ATTRIBUTE = rf"""(?:\#(?P<id>[\w\-:.]++)|\.{_NAME}|{_NAME}=(?:"(?:\\.|[^"\\])*+"|'(?:\\.|[^'\\])*+'|[^\s}}"'][^\s}}]*+|)|-)"""
_UNNAMED = _ATTRIBUTE.replace("?P<id>", "?:")
ATTRIBUTES = re.compile(rf"\{{:?\s*+(?:{_UNNAMED}\s*+)*+\}}", re.S)
_ONE = re.compile(_ATTRIBUTE, re.S)
_INLINE = re.compile(r"\[[^\[\]]*\]$|\]\([^()]*\)$|`$")
"""What takes attributes directly behind it for itself: a span, a link, code."""
_LONGEST = 2000


def trailing(text: str) -> tuple[str, str]:
    """Split a heading's Markdown into its text and the attributes at its end (empty when it has none)."""
    text = text.rstrip()
    if not text.endswith("}"):
        return text, ""
    start = text.find("{", max(0, len(text) - _LONGEST))
    while start >= 0:
        if ATTRIBUTES.fullmatch(text, start) and not _INLINE.search(text, 0, start):
            return text[:start].rstrip(), text[start:]
        start = text.find("{", start + 1)
    return text, ""


def identifier(attributes: str) -> str:
    """Return the last `#id` (or `id=…`) of attributes, empty when there is none."""
    found = ""
    for match in _ONE.finditer(attributes):
        if match["id"]:
            found = match["id"]
        elif match[0].startswith("id="):
            found = match[0][3:].strip("\"'")
    return found
