"""The guide's own citations rewritten: links as citation keys, keys as links, one key as another. Nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from citeman.guide.citations import KEY
from citeman.guide.values import Citation
from citeman.text import Edit

if TYPE_CHECKING:
    from citeman.guide import Guide
    from citeman.ids import Identifier

_BY_ADDRESS = {"link", "reference", "autolink", "url", "html"}
_YEAR = r"(?:1[89]|20)\d\d[a-z]?"
_AUTHOR_YEAR = re.compile(rf"(?:[^\W\d_a-z]|[a-z]+ [^\W\d_a-z]|[\"'“])[^()]*?[,\s]*(?:\({_YEAR}\)|{_YEAR})")
_TEXTUAL = re.compile(rf".*\({_YEAR}\)")
_NO_WORDS = re.compile(
    r"(?:https?://\S+|\W*\d*\W*|\[?(?:arxiv|doi|link|here|paper|pdf|abs|source|ref|reference)\]?(?:[: ]\S*)?)", re.I
)
_BARE_KEY = re.compile(r"\w(?:\w|[:.#$%&\-+?<>~/]+(?=\w))*")
_GLUED = re.compile(r"[\w{]|[:.#$%&\-+?<>~/]+\w")
_NESTING = 2000


def to_keys(guide: Guide, keys: Mapping[Identifier, str]) -> list[Edit]:
    """Do what `citeman.guide.to_keys` says."""
    return [Edit(citation.start, citation.end, text) for citation, text in _as_keys(guide, keys)]


def to_links(guide: Guide, links: Mapping[str, tuple[str, str]]) -> list[Edit]:
    """Do what `citeman.guide.to_links` says."""
    edits = []
    for citation in guide.citations:
        if citation.form in {"pandoc", "textual"} and all(key in links for key in citation.keys):
            edits.append(Edit(citation.start, citation.end, _as_links(guide.source[citation.start : citation.end], links)))
    return edits


def rename_key(guide: Guide, old: str, new: str) -> list[Edit]:
    """Do what `citeman.guide.rename_key` says."""
    edits = []
    token = re.compile(rf"(?<![\w:.#$%&+?<>~/-]){re.escape(old)}(?![\w]|[:.#$%&\-+?<>~/]+\w)")
    for citation in guide.citations:
        if old in citation.keys:
            found = token.finditer(guide.source, citation.start, citation.end)
            edits += [Edit(match.start(), match.end(), new) for match in found]
    return edits


def _as_keys(guide: Guide, keys: Mapping[Identifier, str]) -> Iterator[tuple[Citation, str]]:
    for citation in guide.citations:
        if citation.form not in _BY_ADDRESS or not citation.identifier or citation.identifier not in keys:
            continue
        if citation.form == "html" and guide.rule != "pandoc":
            continue
        yield citation, _written(guide.source, citation, keys[citation.identifier])


def _written(source: str, citation: Citation, key: str) -> str:
    doubled = source.startswith("[[", citation.start)
    if _AUTHOR_YEAR.fullmatch(citation.label):
        textual = bool(_TEXTUAL.fullmatch(citation.label)) and not doubled
        return _textual(source, citation, key) if textual else f"[{_at(key)}]"
    if _NO_WORDS.fullmatch(citation.label):
        return f"[{_at(key)}]"
    return f"{_label_of(source, citation)} [{_at(key)}]"


def _textual(source: str, citation: Citation, key: str) -> str:
    """Write `@key`, unless what stands around it would change its meaning."""
    before = source[max(0, citation.start - _NESTING) : citation.start].rpartition("\n\n")[2]
    if before[-1:].isalnum() or before.count("[") > before.count("]") or source[citation.end :].lstrip()[:1] == "[":
        return f"[{_at(key)}]"
    return f"@{{{key}}}" if _GLUED.match(source, citation.end) else _at(key)


def _at(key: str) -> str:
    return f"@{key}" if _BARE_KEY.fullmatch(key) else f"@{{{key}}}"


def _label_of(source: str, citation: Citation) -> str:
    """Return the label as Markdown, with its emphasis and math."""
    text = source[citation.start : citation.end]
    match = re.fullmatch(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\][(\[].*", text, re.S)
    return match[1] if match else citation.label


def _as_links(text: str, links: Mapping[str, tuple[str, str]]) -> str:
    if not text.startswith("["):
        match = KEY.match(text)
        rest = text[match.end() :].strip() if match else ""
        return _link(match, links) + (f" ({rest[1:-1].strip()})" if rest else "") if match else text
    parts = [part.strip() for part in text[1:-1].split(";")]
    if all(KEY.fullmatch(part) for part in parts):
        return " ".join(_link(KEY.fullmatch(part), links, doubled=True) for part in parts)
    return f"({'; '.join(KEY.sub(lambda match: _link(match, links), part) for part in parts)})"


def _link(match: re.Match[str] | None, links: Mapping[str, tuple[str, str]], doubled: bool = False) -> str:
    assert match
    label, address = links[match[1] or match[2]]
    if re.search(r"[\s()<>]", address):
        address = f"<{address}>"
    return f"[[{label}]]({address})" if doubled else f"[{label}]({address})"
