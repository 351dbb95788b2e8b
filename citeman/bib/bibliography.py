"""A bibliography as a value: its source, its entries in the order of the file, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from citeman.bib.blocks import UNPARSABLE, Block, read, reread
from citeman.bib.changes import update
from citeman.bib.inherit import resolve
from citeman.bib.scan import Scan
from citeman.bib.values import Macros, macro_text_of, text_of
from citeman.errors import CitemanError
from citeman.model import Entry, Field, Finding
from citeman.text import Edit, Lines, line_of

if TYPE_CHECKING:
    from citeman.bib.edits import Style

# What only an edit or a check needs is imported by it: most runs only read.
_FEW = 20
"""So many entries may be asked for one by one, each line counted from the start, before a table of lines is made."""
_MANY = 4096
"""Entries of a long source that are kept when they were asked for one by one."""
_SHORT = 1 << 20
"""Up to so many characters, every entry is kept that was read: most are asked for again."""
_LONG = 1 << 24
"""From so many characters on, what was read is not kept until it is asked for, but read again: memory before time."""


class _Nowhere:
    """Lines for who does not ask for them."""

    def line(self, offset: int) -> int:
        return 0


class Bibliography:
    """A BibTeX source and what it says. Nothing changes it; entries are read from their blocks when they are asked for."""

    def __init__(self, source: str, path: str, blocks: list[Block], known: Mapping[str, str] | None = None) -> None:
        self.source = source
        self.path = path
        self.blocks = blocks
        self.known = dict(known or {})
        self._entry_of: dict[int, Entry] = {}
        self._reading_of: dict[int, Scan] = {}

    @classmethod
    def parse(cls, source: str, path: str = "references.bib", known: Mapping[str, str] | None = None) -> Bibliography:
        """Read a BibTeX source as `text.decode` gives it. Never fails: what cannot be read is in `findings`.

        `known` are macros that are defined elsewhere, in a file of abbreviations.
        """
        bibliography = cls(source, path, [], known)
        for index, (block, reading) in enumerate(read(source)):
            bibliography.blocks.append(block)
            if reading and len(source) < _LONG:
                bibliography._reading_of[index] = reading
        return bibliography

    @classmethod
    def load(
        cls, source: str, dumped: bytes, path: str = "references.bib", known: Mapping[str, str] | None = None
    ) -> Bibliography:
        """Take up what `dump` wrote of this very source; parses it when the dump is of another source or version."""
        from citeman.bib.table import blocks_of, encoded, fingerprint, loads

        line, _, columns = dumped.partition(b"\n")
        table = loads(line, columns)
        if table and table.source == fingerprint(encoded(source)):
            return cls(source, path, blocks_of(table, source), known)
        return cls.parse(source, path, known)

    @classmethod
    def update(cls, source: str, previous: Bibliography) -> Bibliography:
        """Read a source that is much like the previous one: the same as `parse`, at the cost of what changed."""
        return cls(source, previous.path, update(source, previous.source, previous.blocks), previous.known)

    def dump(self) -> bytes:
        """Return what `load` needs; the source is not in it."""
        from citeman.bib.table import dumps, table_of

        return dumps(table_of(self.source, self.blocks))

    def __len__(self) -> int:
        return len(self._indices)

    def __iter__(self) -> Iterator[Entry]:
        """Give the entries one by one, without keeping them where they are many: for what passes once through all."""
        if len(self.source) < _SHORT:
            return iter(self.entries)
        lines = self._lines
        return (self._entry_of.get(index) or self._read(index, lines) for index in self._indices)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All entries in the order of the file, those with no key and those with a key that was there before too."""
        lines = self._lines
        return tuple(self._entry(index, lines) for index in self._indices)

    def at(self, indices: Iterable[int]) -> Iterator[Entry]:
        """Give the entries of these blocks, for who knows by the text which few of many to read; lines are not counted."""
        nowhere = _Nowhere()
        return (self._entry_of.get(index) or self._read(index, nowhere) for index in indices)

    @property
    def keys(self) -> tuple[str, ...]:
        """The citation keys, each once, in the order of the file."""
        return tuple(self._index_of_key)

    def get(self, key: str) -> Entry | None:
        """Return the first entry with exactly that key."""
        index = self._index_of_key.get(key)
        return None if index is None else self._entry(index)

    @cached_property
    def macros(self) -> dict[str, str]:
        """The `@string` macros of this source by lower-case name, with the value they have at its end."""
        return {name: definitions[-1][1] for name, definitions in self._macros.defined.items()}

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the form of the file, by line: blocks that cannot be read, duplicates, missing commas …"""
        from citeman.bib.findings import find

        return tuple(find(self.source, self.path, self.blocks, self._macros))

    @cached_property
    def unread(self) -> tuple[Finding, ...]:
        """What of the file could not be read, block by block: `entries` lacks what stands there."""
        if not any(note[0] == UNPARSABLE for block in self.blocks for note in block.notes):
            return ()
        return tuple(finding for finding in self.findings if finding.rule == UNPARSABLE)

    def resolved(self, entry: Entry) -> Entry:
        """Return the entry with the fields that it inherits by `crossref` and `xdata` appended; they keep their own places."""
        return resolve(entry, self.pointed_to)

    def pointed_to(self, key: str) -> Entry | None:
        """Return the entry that a `crossref` to that key means: in BibTeX, capitals count only where they tell two keys apart."""
        index = self._index_of_key.get(key)
        if index is None:
            index = self._index_of_folded_key.get(key.lower())
        return None if index is None else self._entry(index)

    @cached_property
    def preambles(self) -> tuple[str, ...]:
        """What each `@preamble` says."""
        return tuple(
            text_of(self.source, start, end, plain, self._macros)
            for block in self.blocks
            if block.kind == "preamble"
            for _, _, start, end, plain in reread(self.source, block).fields
        )

    def set_field(self, entry: Entry | str, name: str, value: str) -> list[Edit]:
        """Give a field a value, in the field's own delimiters, or add the field where and how the entry would have it."""
        return self.edit_entry(entry, set={name: value})

    def remove_field(self, entry: Entry | str, name: str) -> list[Edit]:
        """Remove every field of that name from an entry, with its comma."""
        return self.edit_entry(entry, remove=(name,))

    def retype(self, entry: Entry | str, type: str) -> list[Edit]:
        """Give an entry another type."""
        return self.edit_entry(entry, type=type)

    def rekey(self, entry: Entry | str, key: str) -> list[Edit]:
        """Give an entry another citation key; `crossref` and other fields that point to it follow."""
        return self.edit_entry(entry, key=key)

    def edit_entry(
        self,
        entry: Entry | str,
        set: Mapping[str, str] | None = None,
        remove: Iterable[str] = (),
        type: str | None = None,
        key: str | None = None,
    ) -> list[Edit]:
        """Make several changes of one entry; a field that is removed and set is written anew.

        A value is what shall stand between the delimiters, on one line. What already is as asked gives no edit. Raises
        CitemanError for an unknown key, for a new key that is not valid or taken, and for a value that would break the file.
        """
        from citeman.bib.edits import edit_entry, references_to

        found = self._wanted(entry)
        if key is not None and key != found.key and key in self._index_of_key:
            raise self._error(f"the key {key!r} is taken; choose another one", found)
        try:
            edits = edit_entry(self.source, found, self._style, set or {}, remove, type, key)
        except CitemanError as error:
            raise self._error(error.message, found) from None
        if key is not None and found.key and key != found.key:
            others = (other for other in self._pointers_to(found.key) if other.start != found.start)
            edits += references_to(self.source, others, found.key, key, lambda word: self.pointed_to(word) == found)
        return edits

    def add_entry(self, type: str, key: str, fields: Mapping[str, str]) -> list[Edit]:
        """Add an entry as this file would have it: its indent, delimiters, order, and place where the file is sorted by key.

        Raises CitemanError as `edit_entry` does.
        """
        return self.add_entries([(type, key, fields)])

    def add_entries(self, entries: Iterable[tuple[str, str, Mapping[str, str]]]) -> list[Edit]:
        """Add several entries, each a type, a key and fields; without a sort order they stand in the order given."""
        from citeman.bib.edits import new_entry
        from citeman.bib.placing import add_entries

        texts: dict[str, str] = {}
        for type, key, fields in entries:
            if key in self._index_of_key or key in texts:
                raise self._error(f"the key {key!r} is taken; choose another one", self.get(key))
            try:
                texts[key] = new_entry(type, key, fields, self._style)
            except CitemanError as error:
                raise self._error(f"{key}: {error.message}", None) from None
        return add_entries(self.source, self.blocks, texts, self._style) if texts else []

    def remove_entry(self, entry: Entry | str) -> list[Edit]:
        """Remove an entry and the blank lines that set it off; people's comments stay."""
        from citeman.bib.placing import remove_entry

        return remove_entry(self.source, self._wanted(entry))

    def _wanted(self, entry: Entry | str) -> Entry:
        if isinstance(entry, Entry):
            return entry
        found = self.get(entry)
        if found:
            return found
        from difflib import get_close_matches

        near = get_close_matches(entry, self.keys, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise CitemanError(f"there is no entry {entry!r}{hint}", self.path)

    def _error(self, message: str, entry: Entry | None) -> CitemanError:
        return CitemanError(message, self.path, entry.line if entry else 0)

    def _pointers_to(self, key: str) -> Iterator[Entry]:
        """Give the entries whose text holds a key and whose fields may point to it."""
        import re

        from citeman.bib.edits import POINTERS

        named = re.compile(re.escape(key), re.IGNORECASE)
        for index in self._indices:
            block = self.blocks[index]
            if named.search(self.source, block.start, block.end):
                entry = self._entry(index)
                if any(entry.field(name) for name in POINTERS):
                    yield entry

    @cached_property
    def _style(self) -> Style:
        from citeman.bib.edits import style_of

        return style_of(self.source, self.blocks)

    @cached_property
    def _indices(self) -> list[int]:
        return [index for index, block in enumerate(self.blocks) if block.kind == "entry"]

    @cached_property
    def _index_of_key(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for index in self._indices:
            key = self.blocks[index].key
            if key:
                found.setdefault(key, index)
        return found

    @cached_property
    def _index_of_folded_key(self) -> dict[str, int]:
        return {key.lower(): index for key, index in reversed(self._index_of_key.items())}

    @cached_property
    def _macros(self) -> Macros:
        macros = Macros(self.known)
        for block in self.blocks:
            if block.kind == "string":
                for name, offset, start, end, plain in reread(self.source, block).fields:
                    macros.define(name, macro_text_of(self.source, start, end, plain, macros), offset)
        return macros

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.source)

    def _entry(self, index: int, lines: Lines | None = None) -> Entry:
        entry = self._entry_of.get(index)
        if entry is None:
            if len(self._entry_of) >= _MANY and len(self.source) >= _LONG:
                self._entry_of.clear()
            entry = self._entry_of[index] = self._read(index, lines)
        return entry

    def _read(self, index: int, lines: Lines | _Nowhere | None = None) -> Entry:
        """Read an entry again; without the table of lines, which pays only when many are read, its line is counted."""
        source, macros = self.source, self._macros
        block = self.blocks[index]
        reading = self._reading_of.pop(index, None) or reread(source, block)
        if lines is None and len(self._entry_of) >= _FEW:
            lines = self._lines
        first = lines.line(block.start) if lines else line_of(source, block.start)
        fields: list[Field] = []
        line, seen = first, block.start
        for name, start, value_start, value_end, plain in reading.fields:
            line, seen = line + source.count("\n", seen, start), start
            value = text_of(source, value_start, value_end, plain, macros)
            fields.append(Field(name, value, line, start, value_end, value_start, value_end))
        return Entry(
            reading.type,
            block.key,
            tuple(fields),
            first,
            block.start,
            block.end,
            reading.type_start,
            reading.type_end,
            reading.key_start,
            reading.key_end,
        )
