"""What a title evidently lost on its way through a source, and how another source's title gives it back."""

from __future__ import annotations

import re

from citeman import tex

TOKEN = re.compile(r"\$(?:[^$\\]|\\.)*\$|\S+")
ELLIPSIS = re.compile(r"\s*(?:\.\.\.|…|\\ldots|\\dots)\s*$")
EDGES = " \t.,:;?!()[]\"'`“”‘’"


def mended(title: str, other: str) -> str:
    """Return a title with what it lost taken from another source's title of the same work.

    ALL CAPS and a cut-off end bring the other title in whole; words that lost their capitals, braces or formulas come back
    one by one. A title that lost nothing evident comes back as it is, and so does one that is shouted or cut off in both.
    """
    once = _mended(title, other)
    # Stray dollars and braces can swallow what comes after: a title that would not settle is better left alone.
    return once if _mended(once, other) == once else title


def _mended(title: str, other: str) -> str:
    if is_damaged(title) and not is_damaged(other) and _covers(title, other):
        return other
    return _with_words_of(title, other) if not is_shouted(other) else title


def is_damaged(title: str) -> bool:
    """Whether a title is ALL CAPS or ends in an ellipsis."""
    return is_shouted(title) or bool(ELLIPSIS.search(title))


def is_shouted(title: str) -> bool:
    """Whether a title of several words is in capitals only."""
    words = [word for word in tex.to_unicode(title).split() if len(word) > 1 and any(map(str.isalpha, word))]
    return len(words) > 2 and all(word.upper() == word for word in words)


def _covers(title: str, other: str) -> bool:
    """Whether `other` is the same title, or the same but for an end that `title` lost."""
    start, whole = (tex.fold(text).replace(" ", "") for text in (ELLIPSIS.sub("", title), other))
    cut = bool(ELLIPSIS.search(title))
    return bool(start) and (whole.startswith(start) if cut else whole == start)


def _with_words_of(title: str, other: str) -> str:
    tokens = TOKEN.findall(other)
    plain = {_bare(token) for token in tokens if not _is_special(token)} | {""}
    better = {_bare(token): token.strip(EDGES) for token in tokens if _is_special(token) and _bare(token) not in plain}
    return TOKEN.sub(lambda match: _word(match[0], better), title) if better else title


def _word(token: str, better: dict[str, str]) -> str:
    """The token with its core replaced by the better spelling, where it is plainly a worse one."""
    core = token.strip(EDGES)
    found = better.get(_bare(token))
    return token.replace(core, found, 1) if found and core and not _is_special(core) else token


def _bare(token: str) -> str:
    return tex.fold(token).replace(" ", "")


def _is_special(token: str) -> bool:
    """Whether a word carries what sources lose: a capital after its first letter, a capital within braces, or a formula."""
    core = token.strip(EDGES)
    if core.startswith("$"):
        return core.endswith("$") and len(core) > 2
    letters = re.sub(r"\\[a-zA-Z]+|[^\w]|[\d_]", "", core)
    return any(letter.isupper() for letter in letters[1:]) or bool(re.search(r"\{[^{}\\]*[A-Z][^{}\\]+\}|\{[^{}\\]+[A-Z]", core))
