"""What publishers and arXiv send as a title, made a BibTeX value: markup, entities, capitals and encoding accidents mended."""

from __future__ import annotations

import re

from citeman.tex import casing
from citeman.tex.plain import showable
from citeman.tex.segments import read
from citeman.tex.write import escape, literal, protect

MAX_TITLE = 20_000
"""Characters; no more of an upstream's title is read."""

MAX_DEPTH = 20
"""A tag closes one of this many open ones: what is nested deeper is no title."""

_MATH = re.compile(r"<((?:[\w-]+:)?math)\b[^<>]*>.*?</\1\s*>", re.S | re.I)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_STYLED = {
    **dict.fromkeys(("i", "em", "italic", "it", "jats:italic"), "emph"),
    **dict.fromkeys(("sub", "inf", "jats:sub"), "textsubscript"),
    **dict.fromkeys(("sup", "jats:sup"), "textsuperscript"),
    **dict.fromkeys(("sc", "scp", "jats:sc"), "textsc"),
    **dict.fromkeys(("tt", "code", "monospace", "jats:monospace"), "texttt"),
}
_DROPPED = (
    "a|b|u|p|bold|strong|span|font|title|article-title|ext-link|xref|named-content|styled-content|bdi|small|big|strike|br|div|h[1-6]|script|style"
    "|underline|roman|sans-serif|inline-formula|tex-math|alternatives|inline-graphic|fn|break|section|abstract"
)
_TAG = re.compile(
    rf"<(/?)((?:jats:)?(?:{'|'.join(sorted(_STYLED, key=len, reverse=True))}|{_DROPPED}))\b(?:\s[^<>]*)?(/?)>", re.I
)
_BRACKETED = re.compile(r"\[(/?)(ITAL|BOLD|SUP|SUB|INF|SC|TT)\]")
_BRACKET_NAMES = {"ITAL": "i", "BOLD": "b", "SUP": "sup", "SUB": "sub", "INF": "sub", "SC": "sc", "TT": "tt"}
_COMMANDS = {
    "em": (r"\emph{", "}"),
    "i": (r"\textit{", "}"),
    "b": (r"\textbf{", "}"),
    "u": (r"\underline{", "}"),
    "code": (r"\texttt{", "}"),
    "sup": (r"\textsuperscript{", "}"),
    "sub": (r"\textsubscript{", "}"),
    "small-caps": (r"\textsc{", "}"),
    "quote": ("“", "”"),
    "group": ("{", "}"),
}
_CAPITALS = re.compile(r"small-?caps", re.I)
_MACROS = {r"$\less$": "<", r"$\greater$": ">", r"$\mathsemicolon$": ";", r"{\&}": "&"}
_ACCIDENT = re.compile(
    r"[\u00c2-\u00f4](?:[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]){1,3}"
)
_FOOTNOTE_MARK = re.compile(r"(?<=[a-z]{3})\s*(?:[*∗†‡§¶]|\\textsuperscript\{[*∗†‡§¶\d]\})+\Z")
_FULL_STOP = re.compile(r"(?<=[a-z]{4})\.\Z")
_ABBREVIATION = re.compile(r"\b(?:inc|etc|vol|spec|dept|univ|proc|conf)\.\Z", re.I)
_EMPTY_COMMAND = re.compile(r"\\(?:emph|text(?:su[bp]\w+|bf|it|sc|tt))\{\s*\}")
_RUN_ON = re.compile(r"(?<=[a-z]{2})<(?:(?:i|em|italic)>[A-Z][^<>]+|scp>[A-Z][^<>]*)</\w+>(?=([a-z]?))")
_RUN_ON_AFTER = re.compile(r"(?<=[A-Za-z]{2})(</(?:i|em|italic)>)(?=[a-z]{3})")
_CAPITALS_IN_CAPITALS = re.compile(r"<(sc|scp)>([^<>]*[A-Z][^<>]*)</\1>")
_OPENING_BLANK = re.compile(r"(?<=[(\[])\s+(?!\s)")
_CLOSING_BLANK = re.compile(r"\s+(?=[)\],;:](?:\s|\Z|[),.;:]))")


def clean_title(raw: str) -> str:
    """Return an upstream's title as a value for references.bib: UTF-8, capitals that matter in braces, math as TeX.

    Understands folded lines, HTML and JATS tags, MathML, entities encoded up to three times, AAS's `[ITAL]`, ALL CAPS, UTF-8
    read as Windows-1252, footnote marks; TeX stays TeX, its accents become letters. U+FFFD stays: what stood there is not known.
    """
    text = casing.calm(_FOOTNOTE_MARK.sub("", _without_markup(raw)))
    if not _ABBREVIATION.search(text):
        text = _FULL_STOP.sub("", text)
    return protect(text)


def clean_text(raw: str) -> str:
    """Return an upstream's name of a journal, publisher or series as a value: cleaned as a title is, capitals as they are."""
    return escape(_without_markup(raw))


def mend_encoding(text: str) -> str:
    """Return text with UTF-8 that was read as Windows-1252 (`MÃ¼ller`, `thoâ€™`) read as what it is."""
    return text if text.isascii() else _ACCIDENT.sub(_reread, text)


def _reread(match: re.Match[str]) -> str:
    try:
        return b"".join(char.encode("latin-1" if char < "\u0100" else "cp1252") for char in match.group()).decode()
    except UnicodeError:
        return match.group()


def _without_markup(raw: str) -> str:
    text = showable(mend_encoding(raw[:MAX_TITLE]))
    for macro, meaning in _MACROS.items():
        text = text.replace(macro, meaning)
    text = _decoded(text)
    return _tidied(_with_letters(text) if "\\" in text or "``" in text else text)


def _decoded(text: str) -> str:
    """Decode entities and turn tags into TeX, as deep as they were encoded."""
    import html

    for _ in range(3):
        if "math" in text.lower():
            from citeman.tex import mathml

            text = _MATH.sub(lambda match: mathml.to_tex(match.group()), text)
        decoded = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
        if decoded == text:
            break
        text = decoded
    text = _BRACKETED.sub(lambda match: f"<{match[1]}{_BRACKET_NAMES[match[2]]}>", text)
    if "<" not in text:
        return text
    text = _RUN_ON.sub(lambda match: f" {match.group()}{' ' if match[1] else ''}", text)
    return _styled(_CAPITALS_IN_CAPITALS.sub(r"\2", _RUN_ON_AFTER.sub(r"\1 ", text)))


def _styled(text: str) -> str:
    """Turn tags that mean something in a title into TeX commands, and drop the others."""
    parts: list[str] = []
    opened: list[tuple[str, str]] = []
    position = 0
    for match in _TAG.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
        name = match[2].lower()
        if match[3] or name.startswith("br"):
            parts.append(" ")
        elif not match[1]:
            command = "textsc" if _CAPITALS.search(match.group()) else _STYLED.get(name, "")
            opened.append((name, command))
            parts.append(f"\\{command}{{" if command else "")
        elif any(name == tag for tag, _ in opened[-MAX_DEPTH:]):
            parts.append(_closing(opened, name))
    return "".join([*parts, text[position:], *("}" for _, command in opened if command)])


def _closing(opened: list[tuple[str, str]], name: str) -> str:
    """Close the open tags down to the one of that name."""
    braces = ""
    while opened:
        tag, command = opened.pop()
        braces += "}" if command else ""
        if tag == name:
            break
    return braces


def _with_letters(text: str) -> str:
    """Write TeX anew with its accents and symbols as letters; math, styles and protecting braces stay."""
    parts: list[str] = []
    for kind, value in read(text, groups=True):
        if kind == "math":
            parts.append(f"${value}$")
        elif kind == "text":
            parts.append(literal(value))
        elif (kind, value) == ("close", "group") and parts[-1] == "{":
            parts.pop()
        elif kind in {"open", "close"}:
            parts.append(_COMMANDS.get(value, ("", ""))[kind == "close"])
    return "".join(parts)


def _tidied(text: str) -> str:
    text = _CLOSING_BLANK.sub("", _OPENING_BLANK.sub("", " ".join(text.split())))
    return _EMPTY_COMMAND.sub("", text).replace(" }", "}").strip()
