"""The rows of one guide: its sections, its reading lists, its cues, what its text cites."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from citeman.guide import Guide
from citeman.index.schema import TABLES
from citeman.library import Place, Volume, guide_path, guide_sections, places_of
from citeman.lists import ReadingLists
from citeman.text import display

_ITEM_COLUMNS = tuple(TABLES["items"].columns)[3:]


def read_volume(read: Callable[[str], str | None], path: str, slug_rule: str) -> Volume:
    """Read a guide by the file of its reading lists; raises CitemanError where that is no reading list."""
    lists = ReadingLists.parse(read(path) or "", path)
    source = guide_path(lists)
    text = read(source) if source else None
    return Volume(lists, None if text is None else Guide.parse(text, source, slug_rule))


def write_volume(connection: sqlite3.Connection, volume: Volume) -> set[str]:
    """Write a guide's rows in place of those it had; returns the citation keys whose listings changed."""
    before = remove_volume(connection, volume.lists.path)
    lists = volume.lists
    _insert(connection, "guides", (lists.path, volume.name, guide_path(lists), lists.title, lists.url))
    headings = {section.anchor: section.title for section in guide_sections(volume.guide)} if volume.guide else {}
    sections = {
        place.section.anchor: _write_place(connection, place, number, headings.get(place.section.anchor))
        for number, place in enumerate(places_of(volume))
    }
    if volume.guide:
        _write_text(connection, volume, volume.guide, sections)
    return before | _listed(connection, lists.path)


def remove_volume(connection: sqlite3.Connection, path: str) -> set[str]:
    """Take out everything of the guide whose reading lists are in that file; returns the citation keys that it listed."""
    keys = _listed(connection, path)
    connection.execute("DELETE FROM items WHERE section IN (SELECT id FROM sections WHERE path = ?)", (path,))
    for table in ("cues", "citations"):
        connection.execute(f"DELETE FROM {table} WHERE guide IN (SELECT name FROM guides WHERE path = ?)", (path,))
    for table in ("sections", "guides"):
        connection.execute(f"DELETE FROM {table} WHERE path = ?", (path,))
    return keys


def _listed(connection: sqlite3.Connection, path: str) -> set[str]:
    sql = "SELECT key FROM items JOIN sections ON sections.id = section WHERE path = ? AND key != ''"
    return {key for (key,) in connection.execute(sql, (path,))}


def _write_place(connection: sqlite3.Connection, place: Place, position: int, heading: str | None) -> int:
    section, lists = place.section, place.volume.lists
    named = (place.volume.name, section.anchor, section.title, section.kind, section.parent, " ".join(section.aliases))
    row = _insert(connection, "sections", (None, *named, position, lists.path, section.line, heading))
    for place_in_list, item in enumerate(section.reading):
        values = (getattr(item, name) for name in _ITEM_COLUMNS)
        _insert(connection, "items", (None, row, place_in_list, *values))
    for cue in section.cues:
        _insert(connection, "cues", (None, place.volume.name, row, cue.text, " ".join(cue.settled_by), "", lists.path, cue.line))
    return row


def _write_text(connection: sqlite3.Connection, volume: Volume, guide: Guide, sections: dict[str, int]) -> None:
    """Write what the guide's text cites, and where it asks for citations."""
    for cue in guide.cues:
        _insert(
            connection, "cues", (None, volume.name, sections.get(cue.section), cue.text, "", cue.pattern, guide.path, cue.line)
        )
    for citation in guide.citations:
        identifier = str(citation.identifier or citation.url)
        for key in citation.keys or ("",):
            place = (volume.name, guide.path, citation.line, citation.section, citation.label)
            _insert(connection, "citations", (None, *place, "" if key else identifier, key))


def _insert(connection: sqlite3.Connection, table: str, values: Sequence[object]) -> int:
    shown = [display(value) if isinstance(value, str) else value for value in values]
    marks = ", ".join("?" * len(TABLES[table].columns))
    return connection.execute(f"INSERT INTO {table} VALUES ({marks})", shown).lastrowid or 0
