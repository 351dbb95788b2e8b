"""A person's sentence as HTML: math, code and emphasis are shown as such, everything else stays text."""

from __future__ import annotations

import re
from functools import lru_cache

from citeman import tex

_MARKED = re.compile(
    r"(?P<math>(?<![\\$])\$(?=[^\s$])[^$]*?(?<=[^\s\\$])\$(?![\d$]))"
    r"|`(?P<code>[^`]+)`"
    r"|(?<![\w*])\*(?P<em>[^\s*](?:[^*]*[^\s*])?)\*(?![\w*])"
)
"""Math by pandoc's rule: no blank inside the dollars, no digit behind them; so `$5 and $6` stays money."""


@lru_cache(maxsize=4096)
def to_html(text: str) -> str:
    """Return a sentence as HTML, for its section's page and its paper's; never raises."""
    if not any(mark in text for mark in "$`*"):
        return _plain(text)
    parts, position = [], 0
    for match in _MARKED.finditer(text):
        parts += [_plain(text[position : match.start()]), _marked(match)]
        position = match.end()
    return "".join([*parts, _plain(text[position:])])


def _marked(match: re.Match[str]) -> str:
    if match["math"]:
        return tex.to_html(match["math"], links=False)
    if match["code"]:
        return f"<code>{_plain(match['code'])}</code>"
    return f"<em>{_plain(match['em'])}</em>"


def _plain(text: str) -> str:
    return tex.escape_html(text)
