"""Plain text as BibTeX values: specials escaped, and in titles the capitals that a style must not lower put in braces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from citeman.tex import math
from citeman.tex.casing import is_shouted
from citeman.tex.eponyms import EPONYMS

_ESCAPABLE = re.compile(r"https?://[^\s{}\\]+|\\(?:[A-Za-z]+\*?|.)|[\\#$%&_^{}]", re.S)
_ESCAPES = {"#": r"\#", "$": r"\$", "%": r"\%", "&": r"\&", "_": r"\_", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
_LONE_BRACES = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
_LITERALS = {**_ESCAPES, **_LONE_BRACES, "~": r"\textasciitilde{}", "\u00a0": "~", "\u2009": r"\,"}
_MATH_BRACES = {"{": r"\lbrace{}", "}": r"\rbrace{}"}
_ESCAPED_BRACE = re.compile(r"\\(?:([{}])|.)", re.S)

_TITLE_TOKEN = re.compile(
    r"https?://[^\s{}]+|\\(?:[A-Za-z]+\*?|.)|(?:[^\W\d_]\.){2,}|[^\W_]+(?:(?:['’](?!s\b)|[.&]|\\&)[^\W_]+)*\+*|.", re.S
)
_SCRIPTS = ("$_", "$^", "\\textsub", "\\textsup")
"""What follows the symbol of a chemical element."""
_JOINTS = frozenset("-‐‑–/")
_STARTERS = frozenset(":?!.—–|")
_LITTLE_WORDS = "about from into over than that their this through under upon versus what when where which with without your"
_LITTLE = frozenset(_LITTLE_WORDS.split())
_UNCOUNTED = re.compile(r"\$[^$]*\$|\\[A-Za-z]+|https?://\S+|[{}]")
_WORD_OR_MARK = re.compile(r"([-‐‑–/:?!.—|])|([^\W_]+)")


def escape(text: str) -> str:
    r"""Return plain text as a BibTeX value: `& % # _ ^` and a dollar that starts no math get a backslash; URLs and TeX stay.

    Idempotent; braces of the result are balanced, so that it can stand in an entry whatever the text was.
    """
    if not _ESCAPABLE.search(text):
        return text
    if not (math.balanced(text) and _balanced_for_bibtex(text)):
        text = _without_lone_braces(text)
    return "".join(piece if is_math else _ESCAPABLE.sub(_escaped, piece) for is_math, piece in math.stretches(text))


def protect(title: str) -> str:
    """Return a plain Unicode title as a BibTeX value: escaped, math kept, acronyms, names and inner capitals in braces.

    In a title in sentence case every capital inside it counts as a name's; in Title Case only words that show it (`ReLU`,
    `SGD`, `3D`) and eponyms do. What already stands in braces stays as it is. Idempotent.
    """
    value = escape(title)
    tokens = list(_tokens(value))
    _decide(tokens, value)
    return "".join(_joined(tokens))


@dataclass(slots=True)
class _Token:
    text: str
    is_word: bool = False
    protected: bool = False
    starts: bool = False
    """It stands at the start of the title or of a subtitle, where any word has a capital."""


def _escaped(match: re.Match[str]) -> str:
    return _ESCAPES.get(match.group(), match.group())


def _balanced_for_bibtex(text: str) -> bool:
    """Say whether braces match when, as BibTeX does, escaped ones are counted too."""
    depth = 0
    for char in re.findall(r"[{}]", text):
        depth += 1 if char == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _without_lone_braces(text: str) -> str:
    """Spell out escaped braces and those without a partner: BibTeX would count them."""
    text = "".join(
        _ESCAPED_BRACE.sub(_spelled(_MATH_BRACES if is_math else _LONE_BRACES), piece) for is_math, piece in math.stretches(text)
    )
    pairs = math.brace_pairs(text)
    paired = {*pairs, *pairs.values()}
    return "".join(_LONE_BRACES.get(char, char) if at not in paired else char for at, char in enumerate(text))


def _spelled(names: dict[str, str]) -> Callable[[re.Match[str]], str]:
    return lambda match: names[match[1]] if match[1] else match.group()


def _tokens(value: str) -> Iterator[_Token]:
    for is_math, piece in math.stretches(value):
        if is_math:
            yield _Token(piece)
        else:
            yield from _text_tokens(piece)


def _text_tokens(text: str) -> Iterator[_Token]:
    """Yield words, and as one token each what is no plain word: a brace group, a command, a URL, a mark."""
    pairs = math.brace_pairs(text)
    position = 0
    while position < len(text):
        if position in pairs:
            end = pairs[position] + 1
            yield _Token(text[position:end])
        else:
            match = _TITLE_TOKEN.match(text, position)
            assert match is not None
            end = match.end()
            yield _Token(match.group(), is_word=match.group()[0].isalnum() and "://" not in match.group())
        position = end


def _decide(tokens: list[_Token], value: str) -> None:
    """Mark the words whose capitals must stay."""
    starts = True
    for token in tokens:
        token.starts = starts and token.is_word
        if token.is_word or not token.text.isspace():
            starts = token.text in _STARTERS
    shouted, sentence = is_shouted(value), _is_sentence(value)
    for index, token in enumerate(tokens):
        following = tokens[index + 1].text if index + 1 < len(tokens) else ""
        token.protected = token.is_word and _needs_braces(token, following, shouted, sentence)


def _needs_braces(token: _Token, following: str, shouted: bool, sentence: bool) -> bool:
    word = token.text
    if word.islower() or not any(char.isupper() for char in word):
        return False
    if any(char.isupper() for char in word[1:]) or any(char.isdigit() for char in word):
        return not (shouted and word.isalpha())
    if following.startswith(_SCRIPTS):
        return True
    if token.starts or shouted:
        return False
    if sum(char.isalpha() for char in word) == 1:
        return sentence or word != "A" or following in _JOINTS
    return sentence or word in EPONYMS or word.removesuffix("s") in EPONYMS


def _is_sentence(value: str) -> bool:
    """Say whether a title is in sentence case: of its longer words at least as many start small as with a capital.

    Braces do not matter, nor do words that Title Case writes small, those that start a subtitle or follow a hyphen.
    """
    small = capital = 0
    before = ":"
    for mark, word in _WORD_OR_MARK.findall(_UNCOUNTED.sub("", value)):
        if not before and len(word) > 3 and word.lower() not in _LITTLE:
            small += word.islower()
            capital += word.istitle()
        before = mark
    return small >= max(1, capital)


def _joined(tokens: list[_Token]) -> Iterator[str]:
    """Yield the title's parts; protected words on both sides of a hyphen, and a number after one, share their braces."""
    index = 0
    while index < len(tokens):
        end = index + 1
        if tokens[index].protected:
            while end + 1 < len(tokens) and tokens[end].text in _JOINTS and _joins(tokens[end + 1]):
                end += 2
            yield "{" + "".join(token.text for token in tokens[index:end]) + "}"
        else:
            yield tokens[index].text
        index = end


def _joins(token: _Token) -> bool:
    return token.protected or (token.is_word and token.text.isdigit())


def literal(text: str) -> str:
    """Return text of which no character is TeX as a value that shows just that."""
    return "".join(_LITERALS.get(char, char) for char in text)
