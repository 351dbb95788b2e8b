"""The words of a name: what blanks and commas outside braces separate, and what a word's letters say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_PARTICLES = "af al ap aus av da dal de degli dei del della den der des di do dos du el la le ten ter van vom von zu"
PARTICLES = frozenset(_PARTICLES.split())
"""Small words that may open a name without a given name."""

_BLANK = re.compile(r"(?:\\(?=\s))?[\s~]+")
_PIECE = re.compile(r"\\[^\s]|" + _BLANK.pattern + r"|[{},\\]|[^\\{},\s~]+")
_SUFFIX = re.compile(r"(?:[JS]r\.?|II|III|IV)")
_LETTER_COMMANDS = frozenset({"aa", "ae", "dh", "dj", "i", "j", "l", "ng", "o", "oe", "ss", "th"})
_SPECIAL_CHARACTER = re.compile(r"\{\\([A-Za-z]+|.)[\s{\\]*(\w?)", re.S)


def words(source: str) -> list[str]:
    """Return what blanks and `~` outside braces separate."""
    if "{" not in source and "\\" not in source:
        return source.replace("~", " ").split()
    parts = _pieces(source, lambda piece: bool(_BLANK.fullmatch(piece)))
    return [word for part in parts if (word := part.rstrip("\\"))]


def comma_parts(source: str) -> list[str]:
    """Return what commas outside braces separate."""
    if "{" not in source:
        return source.split(",")
    return _pieces(source, lambda piece: piece == ",")


def is_lower(word: str) -> bool:
    """Say whether BibTeX takes a word for a particle: its first letter outside braces, or in `{\\…}`, is lower case."""
    depth = 0
    for index, char in enumerate(word):
        if char == "{":
            special = _SPECIAL_CHARACTER.match(word, index) if depth == 0 else None
            if special:
                return _special_is_lower(special)
            depth += 1
        elif char == "}":
            depth -= 1
        elif depth <= 0 and char.isalpha():
            return char.islower()
    return False


def is_suffix(part: list[str]) -> bool:
    """Say whether a part of a name is `Jr.`, `Sr` or a number such as `III`."""
    return len(part) == 1 and bool(_SUFFIX.fullmatch(part[0]))


def split_suffix(part: list[str]) -> tuple[list[str], str]:
    """Return a part without the suffix at its end, and the suffix."""
    if len(part) > 1 and is_suffix(part[-1:]):
        return part[:-1], part[-1]
    return part, ""


def is_group(word: str) -> bool:
    """Say whether a word is one brace group and no TeX letter (`{DeepSeek-AI}`, not `{\\O}`)."""
    return word.startswith("{") and not word.startswith("{\\") and word.endswith("}") and _closes_at_end(word)


def unbraced(word: str) -> str:
    """Take off the braces around a whole word."""
    while is_group(word):
        word = word[1:-1].strip()
    return word


def guarded(part: str) -> str:
    """Put in braces what would be read as something else: a comma, a word `and`."""
    part = balanced(part)
    return f"{{{part}}}" if len(comma_parts(part)) > 1 or "and" in (word.lower() for word in words(part)) else part


def balanced(part: str) -> str:
    """Take the braces out of a part where they do not match, whether or not an escaped one counts (BibTeX counts it)."""
    if "{" not in part and "}" not in part:
        return part
    whole = _matches(part) and _matches(piece for piece in _PIECE.findall(part))
    return part if whole else re.sub(r"\\*[{}]", "", part)


def _matches(pieces: Iterable[str]) -> bool:
    depth = 0
    for piece in pieces:
        depth += (piece == "{") - (piece == "}")
        if depth < 0:
            return False
    return depth == 0


def _closes_at_end(word: str) -> bool:
    depth = 0
    for index, char in enumerate(word):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return index == len(word) - 1
    return False


def _special_is_lower(special: re.Match[str]) -> bool:
    command, letter = special.groups()
    if command.lower() in _LETTER_COMMANDS:
        return bool(command.islower())
    return bool(letter.islower())


def _pieces(source: str, separates: Callable[[str], bool]) -> list[str]:
    """Cut a source at the pieces outside braces that separate."""
    parts: list[list[str]] = [[]]
    depth = 0
    for match in _PIECE.finditer(source):
        piece = match.group()
        depth = max(0, depth + {"{": 1, "}": -1}.get(piece, 0))
        if depth == 0 and separates(piece):
            parts.append([])
        else:
            parts[-1].append(piece)
    return ["".join(part) for part in parts]
