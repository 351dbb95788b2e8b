"""`.citeman/*.parsed`: files as an earlier run read them, so that the next one reads only what changed in them.

Each holds the digest of a source, how it reads (what `Bibliography.dump` writes), and the source itself. Beside the database and
not in it, since SQLite takes ten times as long to write a source of megabytes, and most commands need no database at all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import blake2b

from citeman.bib import Bibliography
from citeman.bib.blocks import Block
from citeman.bib.changes import changed_span
from citeman.bib.table import Table, blocks_of, decoded, dumps, encoded, fingerprint, loads, may_inherit, size_of, table_of
from citeman.index import files
from citeman.index.mark import FOLDER
from citeman.model import Entry
from citeman.named import NamedTuple

_MONTHS = frozenset({"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"})

WORTH_NOTING = 1 << 16
"""Characters that changed from which on it is cheaper to note a bibliography anew than to read them every time."""


class Noted(NamedTuple):
    """How a file read: its source and blocks, and the SHA-256 of the source as UTF-8."""

    digest: str
    table: Table
    source: bytes


def bibliography(root: str, path: str, text: str, always: bool = False, never: bool = False) -> Bibliography:
    """Read a bibliography at the cost of what changed since it was last noted; note how it reads now where that is much.

    With `always` it is noted after every change, so that what is noted is what the index was made from; with `never` not at all.
    """
    noted = recall(root, path)
    before = _taken_up(noted, path) if noted else None
    if before and before.source == text:
        return before
    now = Bibliography.update(text, before) if before else Bibliography.parse(text, path)
    if not never and (always or before is None or changed_span(text, before.source) > WORTH_NOTING):
        data = encoded(text)
        remember(root, path, Noted(files.digest(data), table_of(text, now.blocks), data))
    return now


def _taken_up(noted: Noted, path: str) -> Bibliography:
    source = decoded(noted.source)
    return Bibliography(source, path, blocks_of(noted.table, source, noted.source))


def recall(root: str, path: str) -> Noted | None:
    """Return what was noted of a file last; None where nothing was, or nothing that can be believed."""
    try:
        with open(_place(root, path), "rb") as file:
            digest, line = file.readline(), file.readline()
            columns, data = file.read(size_of(line)), file.read()
    except OSError:
        return None
    table = loads(line, columns)
    known = table is not None and table.source == fingerprint(data)
    return Noted(digest.decode("ascii", "replace").strip(), table, data) if table and known else None


def remember(root: str, path: str, noted: Noted) -> None:
    """Note how a file reads, if that can be written."""
    place = _place(root, path)
    staged = f"{place}.{os.getpid()}"
    try:
        with open(staged, "wb") as file:
            file.write(f"{noted.digest}\n".encode())
            file.write(dumps(noted.table))
            file.write(noted.source)
        os.replace(staged, place)
    except OSError:
        if os.path.exists(staged):
            os.unlink(staged)


def _place(root: str, path: str) -> str:
    return os.path.join(root, FOLDER, f"{path.replace('/', '--')}.parsed")


def _texts(read: Bibliography) -> dict[str, str]:
    """Key -> text of its first entry; the macros' definitions under the key that no entry has."""
    source = read.source
    texts = {"": "".join(source[block.start : block.end] for block in read.blocks if block.kind == "string")}
    for block in read.blocks:
        if block.kind == "entry" and block.key and block.key not in texts:
            texts[block.key] = source[block.start : block.end]
    return texts


def fingerprints(read: Bibliography) -> dict[str, str]:
    """Return for every key a hash of all that its first entry is read from: its text, the macros and the parent it uses."""
    texts = _texts(read)
    macros = texts.pop("")
    any_inherits = may_inherit(encoded(read.source))
    own = {block.key for block in read.blocks if uses_macros(block)}
    found: dict[str, str] = {}
    for key, text in texts.items():
        if any_inherits and may_inherit(encoded(text)):
            text = "\n".join(_resolved_text(read, key))
            own.discard(key)
        found[key] = fingerprint_of(text, macros if key in own else "")
    return found


def fingerprint_of(text: str, macros: str) -> str:
    """Return a hash of an entry's text and of the macros' definitions, where it uses any."""
    return blake2b(encoded(text + macros), digest_size=12).hexdigest()


def uses_macros(block: Block) -> bool:
    """Tell whether an entry uses macros that a file has to define."""
    return bool(block.uses) and not _MONTHS.issuperset(name for name, _ in block.uses)


def entries(read: Bibliography, keys: list[str]) -> Iterator[Entry]:
    """Give the entries of keys one by one, as they read with their parents' fields; keeps none of them."""
    if 2 * len(keys) < len(read):
        yield from (read.resolved(entry) for key in keys if (entry := read.get(key)))
        return
    wanted = set(keys)
    for entry in read:
        if entry.key in wanted:
            wanted.remove(entry.key)
            yield read.resolved(entry)


def _resolved_text(read: Bibliography, key: str) -> Iterator[str]:
    entry = read.get(key)
    if entry:
        yield entry.type
        yield from (f"{field.name}={field.value}" for field in read.resolved(entry).fields)
