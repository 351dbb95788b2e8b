"""MathML in an upstream's title as TeX math."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from citeman.tex import tables

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_DEPTH = 40
"""Deeper formulas keep only their text."""

_VARIANTS = {
    "normal": "mathrm",
    "bold": "mathbf",
    "double-struck": "mathbb",
    "script": "mathcal",
    "fraktur": "mathfrak",
    "bold-italic": "boldsymbol",
}
_SCRIPTS = {"msub": "_", "msup": "^", "munder": "_", "mover": "^"}
_ACCENTS = {
    "¯": "bar",
    "‾": "overline",
    "ˉ": "bar",
    "^": "hat",
    "ˆ": "hat",
    "~": "tilde",
    "˜": "tilde",
    "→": "vec",
    "⃗": "vec",
    "˙": "dot",
    "¨": "ddot",
}
_PREFIX = re.compile(r"(</?)[\w-]+:")
_NAMESPACE = re.compile(r"\s(?:xmlns(?::[\w-]+)?|[\w-]+:[\w-]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")


def to_tex(markup: str) -> str:
    """Return a `<math>` element as a BibTeX value: `$…$`, or plain text when it is only a word or number."""
    from xml.etree import ElementTree

    try:
        root = ElementTree.fromstring(_NAMESPACE.sub("", _PREFIX.sub(r"\1", markup)))
    except ElementTree.ParseError:
        return " ".join(re.sub(r"<[^<>]*>", " ", markup).split())
    source = re.sub(r" (?=[_^}]|\Z)", "", " ".join(_tex(root, 0).split()))
    if re.fullmatch(r"\\mathrm\{[\w .-]*\}|[\d.,]*", source):
        return source.removeprefix("\\mathrm{").removesuffix("}")
    return f"${source}$"


def _tex(node: Element, depth: int) -> str:
    name = node.tag
    children = list(node)
    if depth > MAX_DEPTH:
        return _letters("".join(node.itertext()))
    if name in {"mi", "mn", "mo", "mtext", "ms"}:
        return _token(node)
    parts = [_tex(child, depth + 1) for child in children]
    if name in _SCRIPTS and len(parts) == 2:
        return _scripted(name, parts, children)
    if name in {"msubsup", "munderover"} and len(parts) == 3:
        return f"{_base(parts[0])}_{{{parts[1]}}}^{{{parts[2]}}}"
    if name == "mfrac" and len(parts) == 2:
        return f"\\frac{{{parts[0]}}}{{{parts[1]}}}"
    if name == "msqrt":
        return f"\\sqrt{{{''.join(parts)}}}"
    if name == "mroot" and len(parts) == 2:
        return f"\\sqrt[{parts[1]}]{{{parts[0]}}}"
    if name == "mfenced":
        return f"{node.get('open', '(')}{','.join(parts)}{node.get('close', ')')}"
    if name == "semantics":
        return parts[0] if parts else ""
    return {"mspace": "\\ ", "mphantom": "", "annotation": ""}.get(name, "".join(parts))


def _scripted(name: str, parts: list[str], children: list[Element]) -> str:
    mark = (children[1].text or "").strip()
    if name == "mover" and mark in _ACCENTS:
        return f"\\{_ACCENTS[mark]}{{{parts[0]}}}"
    return f"{_base(parts[0])}{_SCRIPTS[name]}{{{parts[1]}}}"


def _base(part: str) -> str:
    return part if len(part) < 2 or re.fullmatch(r"\\[A-Za-z]+\s?|\\?\w+\{[^{}]*\}", part) else f"{{{part}}}"


def _token(node: Element) -> str:
    text = " ".join("".join(node.itertext()).split())
    if node.tag in {"mtext", "ms"}:
        return f"\\text{{{_letters(text)}}}"
    shown = _letters(text)
    variant = node.get("mathvariant", "normal" if node.tag == "mi" and len(text) > 1 else "")
    return f"\\{_VARIANTS[variant]}{{{shown.strip()}}}" if variant in _VARIANTS and text.isalnum() else shown


def _letters(text: str) -> str:
    return "".join(char if char.isascii() and char not in "\\{}$#%&_^~" else _command(char) for char in text)


@lru_cache(maxsize=512)
def _command(char: str) -> str:
    """Return the TeX command of a character in math, the character itself when TeX has none."""
    if char in "\\{}$#%&_^~":
        return {"\\": r"\backslash ", "^": r"\hat{}", "~": r"\sim "}.get(char, f"\\{char}")
    known = {symbol: name for name, symbol in tables.MATH_SYMBOLS.items()}.get(char)
    if known:
        return f"\\{known} "
    match = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", unicodedata.name(char, ""))
    if not match:
        return {"\u2061": "", "\u2062": "", "\u2212": "-", "\u00d7": r"\times ", "\u00a0": r"\ ", "\u2009": r"\,"}.get(char, char)
    name = match[2].lower().replace("lamda", "lambda")
    return f"\\{name.title() if match[1] == 'CAPITAL' else name} "
