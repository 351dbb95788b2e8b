"""Reading one block: where its key, fields and values stand, and what is odd about them."""

from __future__ import annotations

import re
from functools import cache
from sys import intern

from citeman.bib.months import MONTHS
from citeman.named import NamedTuple

RawField = tuple[str, int, int, int, bool]
"""Lower-cased name, start of the name, start and end of the value, whether the value is a single delimited text or word."""

Note = tuple[str, int, str]
"""A rule, the offset it is about and a word for the message."""

Use = tuple[str, int]
"""A macro's lower-cased name and where it is used."""

NAME = r"[^\s\"#%'(),={}@]++"
_BARE = re.compile(NAME)
_SPACE = re.compile(r"\s*+")
_HEAD = re.compile(r"@\s*+([^\s\"#%'(),={}@]*+)\s*+([{(])\s*+")
_PLAIN_HEAD = re.compile(rf"@(?!(?:string|preamble|comment)\b)(\w++){{\s*+({NAME})\s*+,", re.IGNORECASE)
_KEY = {"}": re.compile(r"[^,={}\"\n\r]*+"), ")": re.compile(r"[^,={}\"\n\r)]*+")}
_ANY_KEY = re.compile(r"[^,\s}@]*+(?=\s*+,)")
_NAME_EQUALS = re.compile(rf"({NAME})\s*+=")
_LOOSE_NAME_EQUALS = re.compile(r"([^\s\"#%'(),={}@][^\"#%(),={}@\r\n]*?)\s*=")
_KEYLESS = re.compile(rf"(?:[^,={{}}\"\s]++\s++)*{NAME}\s*+=\s*+[{{\"\d]")
_HASH = re.compile(r"\s*+#\s*+")
_LINE = re.compile(r"[^\r\n]*+")
_FREE = {"}": re.compile(r"[^,{}\r\n]*[^,{}\s]"), ")": re.compile(r"[^,{}()\r\n]*[^,{}()\s]")}
BLOCK_START = re.compile(r"@\w+[ \t]*[{(]")
_DAMAGE = frozenset({"bib-stray-text", "bib-undelimited-value", "bib-missing-comma", "bib-missing-value"})


class Grammar:
    """The patterns of a delimited text, for one of two views of the backslash."""

    def __init__(self, plain: str, quoted_plain: str, marks: str) -> None:
        braced = rf"\{{{plain}\}}"
        for _ in range(3):
            braced = rf"\{{{plain}(?:{braced}{plain})*+\}}"
        quoted = rf"\"{quoted_plain}(?:{braced}{quoted_plain})*+\""
        self.braced = re.compile(braced, re.DOTALL)
        self.quoted = re.compile(quoted, re.DOTALL)
        self.field = re.compile(rf"\s*+({NAME})\s*+=\s*+({braced}|{quoted}|{NAME})\s*+(?:,|(?=[)}}]))", re.DOTALL)
        self.marks = re.compile(marks, re.DOTALL)


BIBTEX = Grammar(r"[^{}]*+", r"[^\"{}]*+", r"[{}\"]")
"""BibTeX's own view: a brace counts, whatever stands before it."""


@cache
def escaped() -> Grammar:
    """Return bibtexparser's view: a delimiter after a backslash is text. Compiled when a file first needs it."""
    return Grammar(r"(?:[^{}\\]++|\\.)*+", r"(?:[^\"{}\\]++|\\.)*+", r"(?<!\\)(?:\\\\)*[{}\"]")


class Scan(NamedTuple):
    """One entry, `@string` or `@preamble` as it stands in the source."""

    type: str
    type_start: int
    type_end: int
    key_start: int
    key_end: int
    fields: list[RawField]
    end: int
    notes: list[Note]
    uses: list[Use]


class Fault(NamedTuple):
    """Why a block cannot be read: what is missing, and where it was opened."""

    offset: int
    missing: str


def scan(source: str, start: int, limit: int, grammar: Grammar = BIBTEX) -> Scan | Fault:
    """Read the block whose `@` stands at `start`, looking no further than `limit`."""
    plain = _PLAIN_HEAD.match(source, start, limit)
    if plain:
        reader = _Reader(source, limit, grammar, "}")
        end = reader.read_fields(plain.end())
        if end >= 0:
            return Scan(plain[1].lower(), *plain.span(1), *plain.span(2), reader.fields, end, reader.notes, reader.uses)
    head = _HEAD.match(source, start, limit)
    if not head or not head[1]:
        return Fault(start, "type")
    reader = _Reader(source, limit, grammar, "}" if head[2] == "{" else ")")
    kind = head[1].lower()
    key_start = key_end = head.end()
    if kind == "comment":
        end = reader.read_comment(head.start(2))
    elif kind == "preamble":
        end = reader.read_preamble(head.end())
    elif kind == "string":
        end = reader.read_fields(head.end())
    else:
        key_start, key_end, position = reader.read_key(head.end())
        end = reader.read_fields(position) if position >= 0 else -1
    if end < 0:
        return Fault(reader.fault if reader.fault >= 0 else start, reader.missing or reader.closer)
    return Scan(kind, *head.span(1), key_start, key_end, reader.fields, end, reader.notes, reader.uses)


def readings(source: str, start: int, limit: int) -> list[Scan]:
    """Read a block in BibTeX's view and, where that shows damage, in bibtexparser's; what ends at the limit comes first."""
    plain = scan(source, start, limit)
    if isinstance(plain, Scan) and plain.end == limit and not (plain.notes and _is_damaged(plain)):
        return [plain]
    both = [reading for reading in (plain, scan(source, start, limit, escaped())) if isinstance(reading, Scan)]
    return sorted(both, key=lambda reading: (reading.end != limit, len(reading.notes)))


def end_of_piece(source: str, position: int, limit: int) -> int:
    """Return where a piece of a concatenation ends that begins at a position; the position where there is none."""
    end = _Reader(source, limit, BIBTEX, "}").read_piece(position)
    if end < limit and not (end >= 0 and _HASH.match(source, end, limit)):
        other = _Reader(source, limit, escaped(), "}").read_piece(position)
        end = other if other > end else end
    return max(end, position)


def _is_damaged(reading: Scan) -> bool:
    return any(rule in _DAMAGE for rule, _, _ in reading.notes)


class _Reader:
    """Reads left to right inside one block; a negative position means that the rest cannot be read."""

    __slots__ = ("closer", "fault", "fields", "grammar", "limit", "missing", "notes", "source", "uses")

    def __init__(self, source: str, limit: int, grammar: Grammar, closer: str) -> None:
        self.source = source
        self.limit = min(limit, len(source))
        self.grammar = grammar
        self.closer = closer
        self.fields: list[RawField] = []
        self.notes: list[Note] = []
        self.uses: list[Use] = []
        self.fault = -1
        self.missing = ""

    def read_key(self, position: int) -> tuple[int, int, int]:
        """Read the citation key: its span, and where the fields begin."""
        source = self.source
        match = _KEY[self.closer].match(source, position, self.limit)
        text = match[0].rstrip() if match else ""
        end = position + len(text)
        after = self._skip(end)
        char = self._char(after)
        if char == ",":
            return position, end, after + 1
        if char == self.closer:
            return position, end, after
        if char == "=" and _KEYLESS.match(source, position, self.limit):
            return self._key_without_comma(position, text)
        other = _ANY_KEY.match(source, position, self.limit)
        if other and other[0]:
            return *other.span(), self._skip(other.end()) + 1
        if text and _NAME_EQUALS.match(source, after, self.limit):
            self.notes.append(("bib-missing-comma", end, text))
            return position, end, after
        self._fail(position, ",")
        return position, position, -1

    def _key_without_comma(self, position: int, text: str) -> tuple[int, int, int]:
        """Tell `@misc{title = …` (no key) from `@misc{key title = …` (no comma)."""
        words = text.split(maxsplit=1)
        if len(words) < 2:
            return position, position, position
        end = position + len(words[0])
        self.notes.append(("bib-missing-comma", end, words[0]))
        return position, end, end

    def read_fields(self, position: int) -> int:
        """Read `name = value` pairs up to the closing delimiter; where the block ends."""
        source, limit, closer = self.source, self.limit, self.closer
        field, append = self.grammar.field.match, self.fields.append
        while position >= 0:
            match = field(source, position, limit)
            if not match:
                position = self._skip(position)
                if self._char(position) == closer:
                    return position + 1
                position = self._read_odd(position)
                continue
            value_start, value_end = match.span(2)
            append((intern(match[1].lower()), match.start(1), value_start, value_end, True))
            if source[value_start] not in '{"':
                self._use(value_start, value_end)
            position = match.end()
            if source[position - 1] != "," and source[position] == closer:
                return position + 1
        return -1

    def _read_odd(self, position: int) -> int:
        """Read one step where the plain pattern does not fit: a comment, a compound or damaged field."""
        char = self._char(position)
        if char == "%":
            return self._comment(position)
        if not char or self._is_block_start(position):
            return self._fail(-1, self.closer)
        match = _LOOSE_NAME_EQUALS.match(self.source, position, self.limit)
        if not match:
            return self._stray(position)
        start = self._skip_comments(match.end())
        end, plain = self._read_value(start)
        if end < 0:
            return -1
        self.fields.append((match[1].lower(), position, start, end, plain))
        return self._after_value(end)

    def read_preamble(self, position: int) -> int:
        """Read the one value of a `@preamble`; where the block ends."""
        end, plain = self._read_value(position)
        if end < 0:
            return -1
        self.fields.append(("preamble", position, position, end, plain))
        after = self._after_value(end)
        return after + 1 if self._char(after) == self.closer else self._fail(position, self.closer)

    def read_comment(self, position: int) -> int:
        """Pass over the text of a `@comment{…}`, whatever looks like an entry in it; where the block ends."""
        return self.read_piece(position) if self.closer == "}" else self._fail(-1, self.closer)

    def _read_value(self, start: int) -> tuple[int, bool]:
        """Read a value with its concatenations: its end, and whether it is a single piece."""
        position = start
        pieces = 0
        while True:
            end = self.read_piece(position)
            pieces += 1
            if end < 0:
                return -1, False
            hash_mark = _HASH.match(self.source, end, self.limit)
            if not hash_mark:
                break
            position = hash_mark.end()
        if pieces == 1 and self._char(start) not in '{"':
            return self._read_bare(start, end), True
        return end, pieces == 1

    def read_piece(self, position: int) -> int:
        char = self._char(position)
        if char in ("{", '"'):
            pattern = self.grammar.braced if char == "{" else self.grammar.quoted
            match = pattern.match(self.source, position, self.limit)
            return match.end() if match else self._read_deep(position, char)
        match = _BARE.match(self.source, position, self.limit)
        if not match:
            return position
        self._use(*match.span())
        return match.end()

    def _read_deep(self, position: int, opener: str) -> int:
        """Find the end of a text that is nested deeper than the patterns go, or is never closed."""
        depth = 0
        for match in self.grammar.marks.finditer(self.source, position, self.limit):
            char = match[0][-1]
            if char == "{":
                depth += 1
            elif char == "}":
                depth -= 1
            if depth == 0 and match.end() > position + 1 and char == ("}" if opener == "{" else '"'):
                return match.end()
            if depth < 0:
                break
        return self._fail(position, "}" if opener == "{" else '"')

    def _read_bare(self, start: int, end: int) -> int:
        """Give the end of a word, or of the text that stands where a word or a delimited text should."""
        source = self.source
        after = end
        while self._char(after) in (" ", "\t"):
            after += 1
        char = self._char(after)
        if end > start and (
            char in ("", ",", self.closer, "\r", "\n")
            or (after > end and (char == "%" or _NAME_EQUALS.match(source, after, self.limit)))
        ):
            return end
        free = _FREE[self.closer].match(source, start, self.limit)
        if not free:
            self.notes.append(("bib-missing-value", start, ""))
            return start
        self.uses[:] = [use for use in self.uses if use[1] < start]
        self.notes.append(("bib-undelimited-value", start, free[0]))
        return free.end()

    def _after_value(self, end: int) -> int:
        """Go on after a value: past its comma, or to the closing delimiter, or to the field whose comma is missing."""
        position = end
        while True:
            position = self._skip(position)
            char = self._char(position)
            if char == ",":
                return position + 1
            if char == self.closer:
                return position
            if char == "%":
                position = self._comment(position)
            elif _NAME_EQUALS.match(self.source, position, self.limit):
                self.notes.append(("bib-missing-comma", end, ""))
                return position
            else:
                return self._stray(position)

    def _stray(self, start: int) -> int:
        """Pass over text that belongs nowhere, to the next comma or the closing delimiter."""
        position = start
        while True:
            char = self._char(position)
            if not char or self._is_block_start(position):
                return self._fail(-1, self.closer)
            if char == "," or char == self.closer:
                break
            if char == "{":
                position = self.read_piece(position)
                if position < 0:
                    return -1
            else:
                position += 1
        self.notes.append(("bib-stray-text", start, self.source[start : min(position, start + 40)].strip()))
        return position + 1 if char == "," else position

    def _comment(self, position: int) -> int:
        match = _LINE.match(self.source, position)
        end = match.end() if match else position
        self.notes.append(("bib-comment-in-entry", position, self.source[position : min(end, position + 60)]))
        return end

    def _skip_comments(self, position: int) -> int:
        position = self._skip(position)
        while self._char(position) == "%":
            position = self._skip(self._comment(position))
        return position

    def _skip(self, position: int) -> int:
        match = _SPACE.match(self.source, position, self.limit)
        return match.end() if match else position

    def _char(self, position: int) -> str:
        return self.source[position] if 0 <= position < self.limit else ""

    def _is_block_start(self, position: int) -> bool:
        """Tell whether a new block begins here, at the beginning of a line: then this one was never closed."""
        if self.source[position] != "@" or not BLOCK_START.match(self.source, position):
            return False
        before = self.source[max(0, position - 100) : position].rstrip(" \t")
        return not before or before[-1] in "\r\n"

    def _use(self, start: int, end: int) -> None:
        word = self.source[start:end].lower()
        if not word.isdigit() and word not in MONTHS:
            self.uses.append((word, start))

    def _fail(self, offset: int, missing: str) -> int:
        self.fault, self.missing = offset, missing
        return -1
