"""What a person gave `add`: identifiers, addresses, files, snippets, titles, told apart and read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import citeman.sources.files as files
from citeman import ids
from citeman.errors import CitemanError, UsageError
from citeman.ids import Identifier
from citeman.model import Record
from citeman.text import decode

_SNIPPETS = ("bibtex", "csl-json", "ris")
_LONGEST_PATH = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
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

    @property
    def name(self) -> str:
        """The canonical identifier; empty when there is none yet."""
        return str(self.identifier) if self.identifier else ""


def read(words: Sequence[str], texts: Sequence[tuple[str, str]]) -> list[Wanted]:
    """Read arguments and the texts of `--from` (with the names to show for them); raises UsageError when there is nothing."""
    wanted = [one for word in words for one in _word(word.strip())]
    wanted += [one for text, path in texts for one in _text(text, path)]
    if not wanted:
        raise UsageError("nothing to add: give an arXiv id, a DOI, a URL, a title, or a file with `--from FILE`")
    return wanted


def read_file(path: Path) -> str:
    """Return a file's text; raises CitemanError in one line."""
    try:
        return decode(path.read_bytes()).text
    except OSError as error:
        raise CitemanError((error.strerror or "cannot be read").lower(), str(path)) from None


def _word(word: str) -> Iterator[Wanted]:
    if not word:
        return
    path = Path(word)
    if len(word) < _LONGEST_PATH and "\n" not in word and path.is_file():
        yield from _file(path)
    elif files.kind_of(word) in _SNIPPETS:
        yield from _text(word, "")
    else:
        yield _named(word, word)


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
    if paper.identifiers:
        yield Wanted(str(path), paper.identifiers[0])
    elif paper.title:
        yield Wanted(str(path), query=paper.title)
    else:
        yield Wanted(str(path), problem="this PDF does not say which paper it is; give its DOI or arXiv id")


def _text(text: str, path: str) -> Iterator[Wanted]:
    try:
        contents = files.read(text, path)
    except CitemanError as error:
        yield Wanted(path or "the snippet", problem=str(error))
        return
    for number, line in contents.lines:
        yield _named(line, f"{line} ({path}:{number})" if path else line)
    for found in contents.found:
        shown = found.record.fields.get("title", "") or found.key or found.record.identifier
        place = f"{found.key or shown} ({path}:{found.line})" if path and found.line else found.key or shown
        yield Wanted(place, ids.parse(found.record.identifier), found.record, found.key)
    for number, problem in contents.problems:
        yield Wanted(f"{path or 'the snippet'}:{number}", problem=problem)


def _named(text: str, shown: str) -> Wanted:
    identifier = ids.parse(text)
    if identifier:
        return Wanted(shown, identifier)
    if any(char.isalpha() for char in text):
        return Wanted(shown, query=text)
    return Wanted(shown, problem="this is no arXiv id, DOI, address or title")
