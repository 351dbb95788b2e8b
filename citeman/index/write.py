"""Bringing an index up to date: only the files that changed are read, and only the rows of what changed in them are written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from citeman import __version__
from citeman.errors import CitemanError
from citeman.index import files
from citeman.index.read import forget, keep, stamps
from citeman.index.rows import note_listings, remove_papers, write_papers
from citeman.index.schema import TABLES
from citeman.named import NamedTuple
from citeman.text import NO_TEXT, binary_line, decode

CONFIGURATIONS = ("citeman.toml", "pyproject.toml")


class Layout(NamedTuple):
    """Where a project keeps its files, as its settings say."""

    bibliography: str = "references.bib"
    lists: str = "refs"
    slug_rule: str = "pandoc"


class Reader:
    """Reads each file once, and stamps it; `now` is the file system's time."""

    def __init__(self, root: str, known: Iterable[files.Stamp], now: int) -> None:
        self.root = root
        self.now = now
        self.known = {one.path: one for one in known}
        self.new: dict[str, files.Stamp] = {}
        self._texts: dict[str, str | None] = {}

    def is_changed(self, path: str) -> bool:
        """Tell whether a file's bytes are others than those that the index knows."""
        known = self.known.get(path)
        if known is None or not files.is_unchanged(self.root, known):
            return True
        if files.is_settled(known) or known.size < 0:
            return False
        self.text(path)
        return self.new[path].hash != known.hash

    def text(self, path: str) -> str | None:
        """Return a file's text, None where there is none."""
        if path not in self._texts:
            stamp, data = files.stamp(self.root, path, self.now)
            self.new[path] = stamp
            self._texts[path] = decode(data).text if stamp.size >= 0 else None
        return self._texts[path]

    def readable(self, path: str) -> str | None:
        """Return a file's text, None where there is none; raises CitemanError where its bytes are no text."""
        text = self.text(path)
        if text and (line := binary_line(text)):
            raise CitemanError(NO_TEXT, path, line)
        return text


def update(connection: sqlite3.Connection, root: str, layout: Layout, now: int) -> tuple[CitemanError, ...]:
    """Bring the rows up to date with the files, in the transaction that the caller opened.

    Returns what is wrong with files that cannot be read; what the index knew of them stays, and they are read again next time.
    """
    if _made_for(connection) != layout:
        _empty(connection)
    reader = Reader(root, stamps(connection), now)
    for path in CONFIGURATIONS:
        if reader.is_changed(path):
            reader.text(path)
    problems, listed = _update_volumes(connection, reader, layout)
    written: set[str] = set()
    if reader.is_changed(layout.bibliography):
        try:
            written = _update_papers(connection, reader, layout)
        except CitemanError as error:
            problems.append(error)
            reader.new[layout.bibliography] = files.unread(layout.bibliography)
    note_listings(connection, listed - written)
    keep(connection, reader.new.values())
    _forget_others(connection, reader, layout)
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", _meta(layout))
    return tuple(problems)


def _forget_others(connection: sqlite3.Connection, reader: Reader, layout: Layout) -> None:
    """Take out the stamps of files that the project no longer has to do with."""
    guides = {path for row in connection.execute("SELECT path, source FROM guides") for path in row}
    mine = {*CONFIGURATIONS, layout.bibliography, layout.lists, *guides, *_lists(reader, layout)}
    forget(connection, (reader.known.keys() | reader.new.keys()) - mine)


def _meta(layout: Layout) -> list[tuple[str, str]]:
    return [("citeman", __version__), *zip(Layout._fields, layout, strict=True)]


def _made_for(connection: sqlite3.Connection) -> Layout | None:
    made = dict(connection.execute("SELECT name, value FROM meta"))
    if made.get("citeman") != __version__:
        return None
    return Layout(*(made.get(name, "") for name in Layout._fields))


def _empty(connection: sqlite3.Connection) -> None:
    """Take out every row that the files can give again."""
    for table in (*TABLES, "words"):
        if table != "abstracts":
            connection.execute(f"DELETE FROM {table}")


def _update_papers(connection: sqlite3.Connection, reader: Reader, layout: Layout) -> set[str]:
    """Write the papers that changed and return their keys."""
    from citeman.index import parsed
    from citeman.index.paper import paper_of

    bibliography = parsed.bibliography(reader.root, layout.bibliography, reader.readable(layout.bibliography) or "", always=True)
    old: dict[str, str] = dict(connection.execute("SELECT key, hash FROM papers"))
    new = parsed.fingerprints(bibliography)
    changed = [key for key, fingerprint in new.items() if old.get(key) != fingerprint]
    remove_papers(connection, [key for key in old if key not in new])
    write_papers(connection, ((paper_of(entry), new[entry.key]) for entry in parsed.entries(bibliography, changed)))
    lines = " ".join(str(finding.line) for finding in bibliography.unread)
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('unread', ?)", (lines,))
    return set(changed)


def _update_volumes(connection: sqlite3.Connection, reader: Reader, layout: Layout) -> tuple[list[CitemanError], set[str]]:
    """Write the guides that changed; returns what is wrong with their files, and the citation keys whose listings changed."""
    if reader.is_changed(layout.lists):
        reader.text(layout.lists)
    known: dict[str, str] = dict(connection.execute("SELECT path, source FROM guides"))
    present = _lists(reader, layout)
    gone = known.keys() - set(present)
    changed = [path for path in present if path not in known or any(map(reader.is_changed, filter(None, (path, known[path]))))]
    return _write_volumes(connection, reader, layout, gone, changed) if gone or changed else ([], set())


def _lists(reader: Reader, layout: Layout) -> list[str]:
    return [f"{layout.lists}/{name}" for name in files.listed(f"{reader.root}/{layout.lists}")]


def _write_volumes(
    connection: sqlite3.Connection, reader: Reader, layout: Layout, gone: Iterable[str], changed: Iterable[str]
) -> tuple[list[CitemanError], set[str]]:
    from citeman.index.volume import read_volume, remove_volume, write_volume

    problems: list[CitemanError] = []
    listed: set[str] = set()
    for path in gone:
        listed |= remove_volume(connection, path)
    for path in changed:
        try:
            listed |= write_volume(connection, read_volume(reader.readable, path, layout.slug_rule))
        except CitemanError as error:
            problems.append(error)
            reader.new[path] = files.unread(path)
    return problems, listed
