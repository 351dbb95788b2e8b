"""Where math stands in a value and what it says in plain characters: `$…$` and its kin, told apart from prices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from citeman.tex import tables

_TOKEN = re.compile(r"\\ensuremath\s*(?=\{)|\\.|\$\$?", re.S)
_CLOSERS = {r"\(": r"\)", r"\[": r"\]", "$": "$", "$$": "$$"}
_BRACE = re.compile(r"\\.|[{}]", re.S)
_TEXLIKE = re.compile(r"[\\^_{}]|\A\s*[A-Za-z]'*\s*\Z|\A\s*[<>=+−-]+\s*\Z")
_PRICE = re.compile(r"\s*\d[\d.,]*\s?(?:k|m|bn?|t|million|billion|trillion)?\b[\s\-–—,.;:(]*[A-Za-z]{2}", re.I)

_MATH_TOKEN = re.compile(r"\\(?:([A-Za-z]+)\*?\s*|(.?))|([\^_])|[{}~]|[^\\^_{}~]+", re.S)
_SUPERSCRIPTS = dict(zip("0123456789+-=()niT*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀ*", strict=True))
_SUBSCRIPTS = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_SCRIPTS = {"^": _SUPERSCRIPTS, "_": _SUBSCRIPTS}
_FRACTION = re.compile(r"\\[cdt]?frac\s*(?:\{([^{}\\]*)\}\s*\{([^{}\\]*)\}|(\d)\s*(\d))")
_OPERATORS = frozenset(
    [
        "arg",
        "cos",
        "deg",
        "det",
        "dim",
        "exp",
        "gcd",
        "inf",
        "ker",
        "lim",
        "log",
        "ln",
        "max",
        "min",
        "mod",
        "Pr",
        "sin",
        "sup",
        "tan",
        "tanh",
    ]
)


class MathSpans:
    """The math of one source, found on first need in one pass."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._ends: dict[int, int] | None = None

    def end(self, start: int) -> int:
        """Return where the math that starts at this offset ends (after its delimiter), 0 when no math starts here."""
        if self._ends is None:
            self._ends = dict(spans(self.source))
        return self._ends.get(start, 0)


def spans(source: str) -> list[tuple[int, int]]:
    r"""Return the spans of `$…$`, `$$…$$`, `\(…\)`, `\[…\]` and `\ensuremath{…}`, delimiters included, in order.

    A dollar is math by TeX's rule when what it holds looks like TeX or is a single letter, else by pandoc's rule (no blank
    inside the delimiters, no digit after), so that a price is none.
    """
    if "$" not in source and "\\" not in source:
        return []
    return list(_Scanner(source).spans())


def stretches(source: str) -> Iterator[tuple[bool, str]]:
    """Yield the source in pieces, each with whether it is math (delimiters included); joined they are the source."""
    position = 0
    for start, end in spans(source):
        if start > position:
            yield False, source[position:start]
        yield True, source[start:end]
        position = end
    if position < len(source):
        yield False, source[position:]


class _Scanner:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = list(_TOKEN.finditer(source))
        self.following: dict[str, list[int]] = {}
        for index in range(len(self.tokens) - 1, -1, -1):
            self.following.setdefault(self.tokens[index].group(), []).append(index)
        self.pairs = brace_pairs(source) if "\\ensuremath" in source else {}

    def spans(self) -> Iterator[tuple[int, int]]:
        end = 0
        for index, token in enumerate(self.tokens):
            name = token.group()
            if name == "$$" and end == token.start() + 1:
                name = "$"  # the other half has just closed what stands before
            elif token.start() < end:
                continue
            if stop := self.end_of(index, name):
                yield token.end() - len(name), stop
                end = stop

    def end_of(self, index: int, name: str) -> int:
        token = self.tokens[index]
        if name.startswith(r"\ensuremath"):
            return self.pairs.get(token.end(), -1) + 1
        closer = _CLOSERS.get(name)
        if not closer or (close := self.next(closer, index)) < 0 or (name != closer and 0 < self.next(name, index) < close):
            return 0
        if name == "$" and 0 < (double := self.next("$$", index)) < close:
            close = double
        last = self.tokens[close].start()
        inside, end = self.source[token.end() : last], last + len(closer)
        return end if balanced(inside) and (name != "$" or self.is_math(inside, end)) else 0

    def next(self, name: str, index: int) -> int:
        """Return the index of the next such token, -1 when there is none; indices only grow, so each is passed once."""
        following = self.following.get(name, [])
        while following and following[-1] <= index:
            following.pop()
        return following[-1] if following else -1

    def is_math(self, inside: str, end: int) -> bool:
        if not inside.strip() or _PRICE.match(inside):
            return False
        if _TEXLIKE.search(inside):
            return True
        return not inside[0].isspace() and not inside[-1].isspace() and not self.source[end : end + 1].isdigit()


def brace_pairs(source: str) -> dict[int, int]:
    """Return where each `{` of TeX source has its `}`; escaped braces do not count, unclosed ones are left out."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACE.finditer(source):
        if match.group() == "{":
            opened.append(match.start())
        elif match.group() == "}" and opened:
            pairs[opened.pop()] = match.start()
    return pairs


def balanced(text: str) -> bool:
    """Say whether every brace of TeX text has its partner in it."""
    depth = 0
    for match in _BRACE.finditer(text):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth < 0:
            return False
    return depth == 0


def content(math: str) -> str:
    """Return math without its delimiters."""
    if math.startswith("\\ensuremath"):
        return math[math.index("{") + 1 : -1]
    width = 2 if math.startswith(("$$", "\\")) else 1
    return math[width:-width]


def plain(math: str, flat: bool = False) -> str:
    r"""Return what math (without delimiters) says in Unicode: `\ell_\infty` is `ℓ_∞`, `O(1/k^2)` is `O(1/k²)`.

    With `flat`, scripts that Unicode does not have lose their mark (`ℓ∞`), which is how plain titles write them.
    """
    parts: list[str] = []
    script = accent = ""
    math = _FRACTION.sub(_fraction, math)
    for match in _MATH_TOKEN.finditer(math):
        name = match[1] or ""
        if match[3]:
            script = match[3] + math[match.end() : match.end() + 1]
        elif name in tables.MATH_ACCENTS:
            accent = tables.MATH_ACCENTS[name]
        elif text := _math_text(match):
            parts.append(_scripted(text[0] + accent + text[1:], script, flat))
            script = accent = ""
    return " ".join("".join(parts).split())


def _fraction(match: re.Match[str]) -> str:
    return f"{match[1] or match[3] or ''}/{match[2] or match[4] or ''}"


def _math_text(match: re.Match[str]) -> str:
    name = match[1] or match[2]
    if name is None:
        return " " if match.group() == "~" else match.group().strip("{}")
    if name in _OPERATORS:
        before, after = match.string[max(0, match.start() - 1) : match.start()], match.string[match.end() : match.end() + 1]
        return " " * before.isalnum() + name + " " * after.isalnum()
    return tables.symbol(name) or ""


def _scripted(text: str, script: str, flat: bool) -> str:
    """Put up or down what a script governs: a group whole when each of its characters has such a form, else one character."""
    if not script:
        return text
    table = _SCRIPTS[script[0]]
    governed = text if script[1:] == "{" else text[:1]
    if all(char in table for char in governed):
        return "".join(table[char] for char in governed) + text[len(governed) :]
    return text if flat else script[0] + text
