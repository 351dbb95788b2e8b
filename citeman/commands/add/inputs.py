"""What a person gave `add`: identifiers, addresses, files, snippets, titles, told apart and read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from citeman import ids
from citeman.errors import CitemanError, UsageError
from citeman.ids import Identifier
from citeman.model import Record
from citeman.named import NamedTuple
from citeman.text import decode

_SNIPPETS = ("bibtex", "csl-json", "ris")
_LONGEST_PATH = 1000
_LARGEST = 64 * 1024 * 1024
_PDF_CANDIDATES = 4
_FILES = r"(?i)\S+\.(?:pdf|bib|bibtex|ris|json|txt|nbib)"
_NO_ARXIV = r"(?i)arxiv\b.*\d.*|\d{4}\.\w{3,}|[a-z-]+(?:\.[a-z-]+)?/\d{5,}(?:v\d+)?"
_NO_DOI = r"(?i)(?:doi\b|10\.\d).*"
_BULLET = r"\s*(?:[-*+•]|\d{1,3}[.)])\s+"
_ADDRESS = r"(?i)https?://[^\s<>\"]+"
_MARKUP = r"[|<>$\\`!{}:]"
_SENTENCE = r"\w{2}(?:[.,;:]\Z|\. [A-Z])|[，。；：]"
_DATED = r"\((?:1[89]|20)\d\d[a-z]?\)|[,.] (?:1[89]|20)\d\d[a-z]?(?:[.,;]|\Z)"
_LONGEST_REFERENCE = 80
"""Words."""
_NOTHING = "this is no arXiv id, DOI, address or title"


class Wanted(NamedTuple):
    """One work that is asked for: by identifier, by a file's own facts, or by words that a search must make sense of."""

    input: str
    """What the user wrote, for messages; with `file:line` for what came from a file."""
    identifier: Identifier | None = None
    record: Record | None = None
    """What a file says of it."""
    key: str = ""
    """The citation key that a file gives it."""
    query: str = ""
    problem: str = ""
    """Why this input cannot be used."""
    candidates: tuple[Identifier, ...] = ()
    """What the first pages of a PDF name, when nothing says which of them is the paper itself."""
    text: str = ""
    """The text of these pages: the paper's own title stands in it."""

    @property
    def name(self) -> str:
        """The canonical identifier; empty when there is none yet."""
        return str(self.identifier) if self.identifier else ""

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """What to ask the sources for."""
        return (self.identifier,) if self.identifier else self.candidates


def read(words: Sequence[str], texts: Sequence[tuple[str, str]]) -> list[Wanted]:
    """Read arguments and the texts of `--from` (with the names to show for them); raises UsageError when there is nothing."""
    wanted = [one for word in words for one in _word(word.strip())]
    wanted += [one for text, path in texts for one in _text(text, path)]
    if not wanted:
        raise UsageError("nothing to add: give an arXiv id, a DOI, a URL, a title, or a file with `--from FILE`")
    return wanted


def read_file(path: Path) -> str:
    """Return a file's text (or a pipe's, up to a limit); raises CitemanError in one line."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise CitemanError("is over 64 MB; split it", str(path))
        return decode(data).text
    except OSError as error:
        raise CitemanError((error.strerror or "cannot be read").lower(), str(path)) from None


def _word(word: str) -> Iterator[Wanted]:
    if not word:
        return
    if _is_path(word) and os.path.isfile(word):
        yield from _file(Path(word))
    elif identifier := ids.parse(word):
        yield Wanted(word, identifier)
    elif _is_path(word) and os.path.isdir(word):
        yield Wanted(word, problem="this is a folder; name the files in it")
    elif _is_snippet(word):
        yield from _text(word, "")
    else:
        yield from _named(word, word)


def _is_snippet(word: str) -> bool:
    from citeman.sources import files

    return files.kind_of(word) in _SNIPPETS


def _is_path(word: str) -> bool:
    return len(word) < _LONGEST_PATH and "\n" not in word and "\0" not in word


def _file(path: Path) -> Iterator[Wanted]:
    import citeman.sources.pdf as pdf

    try:
        if not pdf.is_pdf(path):
            yield from _text(read_file(path), str(path))
            return
        paper = pdf.identify(path)
    except CitemanError as error:
        yield Wanted(str(path), problem=error.message)
        return
    if paper.certain:
        yield Wanted(str(path), paper.identifiers[0])
    elif paper.identifiers:
        yield Wanted(str(path), candidates=paper.identifiers[:_PDF_CANDIDATES], text=paper.text)
    elif paper.title:
        yield Wanted(str(path), query=paper.title)
    else:
        yield Wanted(str(path), problem="this PDF does not say which paper it is; give its DOI or arXiv id")


def _text(text: str, path: str) -> Iterator[Wanted]:
    from citeman.sources import files

    try:
        contents = files.read(text, path)
    except CitemanError as error:
        yield Wanted(_place(path, error.line), problem=error.message)
        return
    if not (contents.lines or contents.found or contents.problems):
        yield Wanted(_place(path, 0), problem="holds nothing to add; is it whole?")
    yield from _listed(contents.lines, path)
    for found in contents.found:
        shown = found.key or found.record.fields.get("title", "") or found.record.identifier
        place = f"{shown} ({path}:{found.line})" if path and found.line else f"{shown} ({path})" if path else shown
        yield Wanted(place, ids.parse(found.record.identifier), found.record, found.key)
    for number, problem in contents.problems:
        yield Wanted(_place(path, number), problem=problem)


def _listed(lines: Sequence[tuple[int, str]], path: str) -> Iterator[Wanted]:
    """Read a file's lines. Those of running text count for the works that they name, and are not searched for.

    Where many are sentences, the lines between them are taken for parts of such.
    """
    read = [
        (number, one) for number, line in lines for one in _named(re.sub(rf"\A{_BULLET}", "", line), f"{line} ({path}:{number})")
    ]
    nameless = [number for number, one in read if one.query or one.problem == _NOTHING]
    sentences = [number for number, one in read if one.query and _is_sentence(one.query)]
    is_text = len(sentences) > max(2, len(nameless) // 10) or 2 * len(sentences) > len(nameless)
    skipped = dict.fromkeys(nameless if is_text else sentences)
    yield from (one for number, one in read if number not in skipped)
    if skipped:
        these = f"this line and {len(skipped) - 1} more are" if len(skipped) > 1 else "this line is"
        problem = f"{these} running text, which is not searched for; give an identifier, or a title alone on its line"
        yield Wanted(_place(path, next(iter(skipped))), problem=problem)


def _is_sentence(line: str) -> bool:
    """Whether a line that names no work is a sentence or markup, and neither a title nor a reference, which has a year."""
    if re.match(_MARKUP, line) or len(line.split()) > _LONGEST_REFERENCE:
        return True
    return bool(re.search(_SENTENCE, line)) and not re.search(_DATED, line)


def _place(path: str, line: int) -> str:
    shown = path or "the snippet"
    return f"{shown}:{line}" if line else shown


def _named(text: str, shown: str) -> Iterator[Wanted]:
    """Read one argument or line: an identifier, several of them, a sentence or link around one, or words to search for."""
    parts = [part for part in re.split(r"[,;\s]+", text) if part]
    if identifier := ids.parse(text):
        yield Wanted(shown, identifier)
    elif len(parts) > 1 and all(map(ids.parse, parts)):
        yield from (Wanted(shown.replace(text, part, 1), ids.parse(part)) for part in parts)
    elif problem := _mistake(text):
        yield Wanted(shown, problem=problem)
    elif len(inside := _inside(text)) == 1:
        yield Wanted(shown, inside[0])
    elif inside:
        yield Wanted(shown, problem=f"this names several works ({', '.join(map(str, inside))}); give the one you mean")
    elif any(char.isalpha() for char in text):
        yield Wanted(shown, query=text)
    else:
        yield Wanted(shown, problem=_NOTHING)


def _mistake(text: str) -> str:
    """Say why a single word that looks like an identifier, an address or a file is none."""
    if len(text.split()) > 2:
        return ""
    if re.match(_ADDRESS, text) or "://" in text:
        return "this address names no work" if not ids.parse(text) else ""
    if re.fullmatch(_FILES, text):
        return "no such file"
    if re.fullmatch(_NO_ARXIV, text):
        return "this is no valid arXiv id (such as 2103.00065 or math/0309136)"
    return "this is no valid DOI (such as 10.1073/pnas.1820226116)" if re.fullmatch(_NO_DOI, text) else ""


def _inside(text: str) -> list[Identifier]:
    """The works that a sentence or a Markdown link names."""
    addresses = (ids.parse(address.rstrip(").,;]")) or ids.parse(address) for address in re.findall(_ADDRESS, text))
    found = [*(one for one in addresses if one and one.scholarly), *ids.find(text)]
    return list(dict.fromkeys(found))
