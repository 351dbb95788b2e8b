"""The texts that a scan is about, and the citations in them."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from citeman import ids
from citeman.commands.init import guide_name
from citeman.commands.scan.values import Cited, Scanned, Unread
from citeman.errors import CitemanError, UsageError
from citeman.guide import Citation, Guide, propose_rule
from citeman.library import Library
from citeman.project import Project
from citeman.store import is_markdown

MOST = 10_000
"""Markdown files that a folder may hold."""


@dataclass(frozen=True, slots=True)
class Text:
    """One Markdown text: a guide of the project, or one that may become a guide."""

    name: str
    guide: Guide
    known: bool = True
    named: bool = True
    """A person has named it; a folder or a pattern only brought it along."""

    @property
    def cites(self) -> bool:
        """Whether it cites anything."""
        return bool(self.guide.citations)


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts that could be read, those that could not, and the slug rule of all."""

    read: tuple[Text, ...]
    unread: tuple[Unread, ...]
    rule: str


def scan(project: Project, paths: Sequence[str] = (), *, pages: bool = False) -> Scanned:
    """Find every citation of the project's guides, or of the files, folders and patterns given; with `pages` plain pages too.

    Raises UsageError for a folder or a pattern without Markdown, CitemanError when nothing at all could be read.
    """
    found = texts(project, paths)
    return Scanned(tuple(citations(project.library, found.read, pages)), found.unread)


def texts(project: Project, paths: Sequence[str]) -> Texts:
    """Read the texts that a scan is about."""
    library = project.library
    guides = {volume.guide.path: volume for volume in library.volumes if volume.guide}
    wanted = _files(project, paths) if paths else dict.fromkeys(guides, True)
    sources, unread = _sources(project, wanted)
    rule = _rule(project, [source for path, source in sources.items() if path not in guides])
    names = {volume.name for volume in library.volumes}
    found = []
    for path, source in sources.items():
        if path in guides:
            volume = guides[path]
            assert volume.guide is not None
            found.append(Text(volume.name, volume.guide))
            continue
        name = _free_name(project, path, names)
        names.add(name)
        found.append(Text(name, Guide.parse(source, path, rule), False, wanted[path]))
    return Texts(tuple(found), tuple(unread), rule)


def citations(
    library: Library, read: Iterable[Text], pages: bool = False, filed: Mapping[str, str] | None = None
) -> Iterator[Cited]:
    """Yield the citations of these texts; `filed` maps identifiers that were just added to their keys."""
    keys = {**library.by_identifier, **{name: key for name, key in (filed or {}).items() if library.bibliography.get(key)}}
    for text in read:
        cited = (*text.guide.citations, *(text.guide.pages if pages else ()))
        defined = text.guide.defined_keys()
        for citation in sorted(cited, key=lambda one: one.start):
            yield from _cited(library, text, citation, keys, defined)


def _cited(
    library: Library, text: Text, citation: Citation, keys: Mapping[str, str], defined: Mapping[str, ids.Identifier]
) -> Iterator[Cited]:
    place = (text.name, text.guide.path, citation.line, citation.section, citation.label, citation.url)
    for written in citation.keys:
        entry = library.bibliography.get(written) or library.bibliography.get(library.former_keys.get(written, ""))
        names = ids.of_entry(entry) if entry else [_of_key(written) or defined.get(written)]
        identifier = next((str(name) for name in names if name), "")
        key = entry.key if entry else keys.get(identifier)
        yield Cited(*place, identifier, key, citation.sentence, written)
    if not citation.keys:
        identifier = str(citation.identifier) if citation.identifier else citation.url
        yield Cited(*place, identifier, keys.get(identifier), citation.sentence)


def _of_key(written: str) -> ids.Identifier | None:
    """A key that is itself an identifier, as manubot and url2cite write them."""
    return ids.parse(written.removeprefix("url:")) if ":" in written else None


def _files(project: Project, paths: Sequence[str]) -> dict[str, bool]:
    """Files as the project names them, and whether a person has named each: folders and patterns spread out."""
    found: dict[str, bool] = {}
    for given in paths:
        path = Path(given)
        if path.is_dir():
            inside = project.store.markdown_files(MOST, str(path.resolve()), project.config.output)
            if not inside:
                raise UsageError(f"no Markdown in the folder {given}")
            found.update((name, found.get(name, False)) for name in inside)
        elif glob.has_magic(given) and not path.exists():
            matches = [
                name for name in sorted(glob.glob(given, recursive=True)) if is_markdown(name) and not _foreign(name, given)
            ]
            if not matches:
                raise UsageError(f"no Markdown file matches {given!r}")
            found.update((name, found.get(name, False)) for name in map(project.named, matches))
        else:
            found[project.named(given)] = True
    return found


def _foreign(name: str, pattern: str) -> bool:
    return "node_modules" in PurePosixPath(name).parts and "node_modules" not in pattern


def _sources(project: Project, wanted: Iterable[str]) -> tuple[dict[str, str], list[Unread]]:
    sources: dict[str, str] = {}
    unread: list[Unread] = []
    for path in wanted:
        try:
            source = project.text(path)
        except CitemanError as error:
            unread.append(Unread(path, error.message))
            continue
        if "\0" in source:
            unread.append(Unread(path, "is no text file"))
        else:
            sources[path] = source
    if unread and not sources:
        raise CitemanError(unread[0].reason, unread[0].path)
    return sources, unread


def _rule(project: Project, sources: Sequence[str]) -> str:
    """The project's slug rule; for a new project the one that resolves most of the texts' own links."""
    if project.config.path or project.library.volumes or not sources:
        return project.config.slug_rule
    proposed = [propose_rule(source) for source in sources]
    return max(dict.fromkeys(proposed), key=proposed.count)


def _free_name(project: Project, path: str, taken: set[str]) -> str:
    """The name of a new guide: its file's, with as many folders before it as it takes to be unique."""
    file = PurePosixPath(path)
    name = guide_name(file)
    folders = [part for part in file.parent.parts if part not in {"..", "/"}]
    if folders and name == folders[-1]:
        folders.pop()
    while name in taken or project.store.exists(f"{project.config.lists}/{name}.yaml"):
        name = f"{folders.pop()}-{name}" if folders else f"{name}-2"
    return name
