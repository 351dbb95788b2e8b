"""Reading lists and guides' headings as the last build read them: where their texts are the same, they are not read again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from citeman.library import guide_path
from citeman.lists import Cue, Item, ReadingLists, Section
from citeman.project import Project

Rows = Sequence[Any]
"""A digest of a text, and what was read of it, as JSON has it."""


def take_up(project: Project, kept: Mapping[str, Rows]) -> None:
    """Let a project take what is kept of files whose texts are still the same."""
    for path in project.list_files:
        if path in kept and kept[path][0] == _digest(project, project.text(path)):
            project.take_up(path, project.text(path), _lists(path, project.text(path), kept[path][1]))
    for path, (digest, *rows) in kept.items():
        text = None if path in project.list_files else project.text_if_there(path)
        if text is not None and digest == _digest(project, text):
            project.take_up_headings(path, text, tuple(_sections(rows[0])))


def to_keep(project: Project) -> dict[str, Rows]:
    """Return what is read of a project's lists and guides, for the next build; lists with findings are read again."""
    found: dict[str, Rows] = {}
    for volume in project.library.volumes:
        lists, source = volume.lists, guide_path(volume.lists)
        if not lists.findings:
            found[lists.path] = _digest(project, lists.source), lists[3:10]
        text = project.text_if_there(source) if source else None
        if text is not None:
            found[source] = _digest(project, text), volume.headings
    return found


def _digest(project: Project, text: str) -> str:
    return blake2b(f"{project.config.slug_rule}\n{text}".encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _lists(path: str, text: str, row: Rows) -> ReadingLists:
    title, source, url, sequence, order, sections, orphaned = row
    name = path.rpartition("/")[2].removesuffix(".yaml")
    return ReadingLists(
        name, path, text, title, source, url, sequence, order, tuple(_sections(sections)), tuple(_sections(orphaned))
    )


def _sections(rows: Rows) -> Iterator[Section]:
    for row in rows:
        one = Section(*row)
        reading = (Item(*item) for item in one.reading)
        yield one._replace(
            aliases=tuple(one.aliases),
            reading=tuple(item._replace(after=tuple(item.after)) for item in reading),
            cues=tuple(Cue(text, tuple(settled_by), line) for text, settled_by, line in one.cues),
            watch=tuple(one.watch),
        )
