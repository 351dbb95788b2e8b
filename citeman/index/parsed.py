"""`.citeman/*.parsed`: files as an earlier run read them, so that the next one reads only what changed in them.

Each holds one line of JSON (what `Bibliography.dump` writes) and the source that it was read from. Beside the database and not in
it, since SQLite takes ten times as long to write a source of megabytes, and most commands need no database at all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import blake2b

from citeman.bib import Bibliography
from citeman.bib.changes import changed_span
from citeman.index.mark import FOLDER
from citeman.model import Entry

_MONTHS = frozenset({"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"})

WORTH_NOTING = 1 << 16
"""Characters that changed from which on it is cheaper to note a bibliography anew than to read them every time."""


def bibliography(root: str, path: str, text: str) -> Bibliography:
    """Read a bibliography at the cost of what changed since it was last noted; note how it reads now where that is much."""
    before = _recall(root, path)
    if before and before.source == text:
        return before
    now = Bibliography.update(text, before) if before else Bibliography.parse(text, path)
    if before is None or changed_span(text, before.source) > WORTH_NOTING:
        _remember(root, now)
    return now


def _recall(root: str, path: str) -> Bibliography | None:
    try:
        with open(_place(root, path), "rb") as file:
            dumped, _, source = file.read().partition(b"\n")
        return Bibliography.load(source.decode("utf-8", "surrogatepass"), dumped.decode(), path)
    except (OSError, UnicodeDecodeError):
        return None


def _remember(root: str, read: Bibliography) -> None:
    place = _place(root, read.path)
    staged = f"{place}.{os.getpid()}"
    try:
        with open(staged, "wb") as file:
            file.write(read.dump().encode() + b"\n")
            file.write(read.source.encode("utf-8", "surrogatepass"))
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
    inherits = _inherits(read.source)
    own = {block.key for block in read.blocks if block.uses and not _MONTHS.issuperset(name for name, _ in block.uses)}
    found: dict[str, str] = {}
    for key, text in texts.items():
        if inherits and _inherits(text):
            text = "\n".join(_resolved_text(read, key))
        elif key in own:
            text += macros
        found[key] = blake2b(_bytes(text), digest_size=12).hexdigest()
    return found


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


def _inherits(text: str) -> bool:
    lower = _bytes(text).lower()  # several times as fast as a string's
    return b"crossref" in lower or b"xdata" in lower


def _bytes(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _resolved_text(read: Bibliography, key: str) -> Iterator[str]:
    entry = read.get(key)
    if entry:
        yield entry.type
        yield from (f"{field.name}={field.value}" for field in read.resolved(entry).fields)
