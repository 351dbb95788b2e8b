"""One project: its settings, files, library and index together; the face of the Python API."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from citeman import config as settings
from citeman.config import Config
from citeman.errors import CitemanError
from citeman.store import Change, Store, find_root, read_table

if TYPE_CHECKING:
    from citeman.bib import Bibliography
    from citeman.bib.blocks import Block
    from citeman.guide import Guide
    from citeman.haystack import Haystack
    from citeman.index.outline import Outline
    from citeman.index.read import Index
    from citeman.library import Library, Volume, Volumes
    from citeman.lists import ReadingLists, Section
    from citeman.lock import Lock
    from citeman.model import Record

T = TypeVar("T")

LOCK_NAME = "citeman.lock"
WORTH_KEEPING = 100_000
"""Characters of a bibliography from which on `.citeman/` is made to keep how it reads; a smaller one is read as fast."""
WORTH_A_PROCESS = range(20_000, WORTH_KEEPING)
"""Characters of one that takes longer to read than a process takes to start, and that nothing keeps."""


class Project:
    """A citeman project on disk. What it has read it keeps; `changed` lets go of it."""

    def __init__(self, root: Path, config: Config) -> None:
        self.root = root
        self.config = config
        self.store = Store(root)
        self._read: dict[str, str | None] = {}
        self._values: dict[str, tuple[str, Any]] = {}
        """What was last read of a file, and the text that it was read from."""
        self._headings: dict[str, tuple[str, Sequence[Section]]] = {}
        self._begun: tuple[tuple[str, str], Callable[[], Any]] | None = None
        """Texts of bibliography and lock, and what waits for what another process makes of them."""
        self.looks_at_few = False
        """Whether the lock is read paper by paper, for a command that looks at few of many papers."""
        self.is_dry = False
        """Whether nothing is to be written, not even a note of how a file reads."""

    @classmethod
    def open(cls, start: str | Path = ".") -> Project:
        """Open the project that `start` lies in; raises CitemanError when there is none."""
        folder = Path(os.path.realpath(start))
        if not os.path.isdir(folder):
            raise CitemanError("no such folder", str(start))
        root = find_root(folder)
        if root is None:
            raise CitemanError("no citeman project here or above; start one with `citeman init GUIDE.md`", str(start))
        project = cls(root, load_config(root))
        if project.store.interrupted:
            with project.store.locked():
                pass
        return project

    @cached_property
    def library(self) -> Library:
        """The whole library, read from the files now."""
        from citeman.library import Library

        read = self.bibliography

        def haystack() -> Haystack:
            from citeman.haystack import Haystack

            return self._once(f"{self.config.bibliography} as a haystack", read.source, lambda: Haystack(read))

        return Library(self.config, read, self._volumes(), self._lock(), haystack)

    @cached_property
    def bibliography(self) -> Bibliography:
        """The bibliography alone; what an earlier run read of it is taken up, and only what changed is read."""
        text = self.text_if_there(self.config.bibliography) or ""
        return self._once(self.config.bibliography, text, partial(self._parsed, text))

    def _parsed(self, text: str) -> Bibliography:
        from citeman.index import parsed

        if len(text) > WORTH_KEEPING and not self.is_dry:
            with suppress(CitemanError):
                self.store.state_folder()
        return parsed.bibliography(str(self.root), self.config.bibliography, text, never=self.is_dry)

    def begin(self, making: Callable[[Bibliography, Lock | None], object]) -> None:
        """Let another process read the bibliography and make something of it, for who has much to load before it needs them."""
        from citeman import copies

        texts = self._texts_of_papers()
        if len(texts[0]) not in WORTH_A_PROCESS or copies.processors() == 1:
            return

        def read() -> tuple[list[Block], object]:
            from citeman.bib import Bibliography

            bibliography = Bibliography.parse(texts[0], self.config.bibliography)
            return bibliography.blocks, making(bibliography, self._lock())

        self._begun = texts, copies.beside(read)

    def begun(self) -> Any:
        """Wait for what was begun, and take it; None where nothing was, or where bibliography or lock have changed since."""
        if self._begun is None:
            return None
        (texts, read), self._begun = self._begun, None
        blocks, made = read()
        if texts != self._texts_of_papers():
            return None
        from citeman.bib import Bibliography

        path = self.config.bibliography
        self._once(path, texts[0], lambda: Bibliography(texts[0], path, blocks))
        return made

    def _texts_of_papers(self) -> tuple[str, str]:
        return self.text_if_there(self.config.bibliography) or "", self.text_if_there(self.lock_file) or ""

    def read_lists(self) -> None:
        """Read all reading lists now."""
        for name in self.list_files:
            self._volume(name)

    def take_up(self, name: str, text: str, lists: ReadingLists) -> None:
        """Take reading lists that somebody has read of a text, as long as it is the file's."""
        self._values[name] = text, lists

    def take_up_headings(self, name: str, text: str, headings: Sequence[Section]) -> None:
        """Take what somebody has read of a guide's text as its headings, as long as it is the file's: `guide_sections` of it."""
        self._headings[name] = text, headings

    def open_index(self) -> Index:
        """Open the index, brought up to date with the files as they are now; raises CitemanError for one that cannot be read."""
        from citeman.index.opening import open_current
        from citeman.index.write import Layout

        for name in (self.config.bibliography, *self.list_files):
            self.store.refuse_unreadable(name)
        with suppress(CitemanError):
            self.store.state_folder()
        return open_current(str(self.root), Layout(self.config.bibliography, self.config.lists, self.config.slug_rule))

    def keep_abstracts(self, records: Iterable[Record]) -> None:
        """Keep what sources gave as abstracts, for the search; no file of a person's takes them in."""
        abstracts = {record.identifier: record.abstract for record in records if record.abstract}
        if abstracts:
            from citeman.index.abstracts import keep_abstracts

            with suppress(CitemanError):
                self.store.state_folder()
            keep_abstracts(str(self.root), abstracts)

    def see(self, name: str, text: str) -> None:
        """Take a text as a file's, until the project forgets what it has read: an editor's, not saved yet."""
        self._read[name] = text
        self._forget_read()

    def text(self, name: str) -> str:
        """Return a file's text as this project first read it; raises CitemanError when it cannot be read."""
        if self._read.get(name) is None:
            self._read[name] = self.store.read(name)
        text = self._read[name]
        assert text is not None
        return text

    def text_if_there(self, name: str) -> str | None:
        """Return a file's text as this project first read it, None when there is no such file."""
        if name not in self._read:
            self._read[name] = self.store.read_if_there(name)
        return self._read[name]

    def name_place(self, query: str) -> str:
        """Return the `guide#anchor` that a person means, as `Library.place` does; guides that the index knows are not read."""
        from citeman.index.outline import known_outlines
        from citeman.library import Library

        known = known_outlines(str(self.root), self.config.lists, self.config.slug_rule)
        volumes = [self._outlined(name, known.get(name)) for name in self.list_files]
        return Library(self.config, self.bibliography, volumes).place(query).name

    def _outlined(self, name: str, known: Outline | None) -> Volume:
        """A guide as the index knows it, its lists read only where they changed, its text only where that changed."""
        from citeman.library import Volume, guide_path, with_headings
        from citeman.lists import ReadingLists

        if known and known.sections is not None:
            return Volume(ReadingLists(_guide_name(name), name, "", sections=known.sections))
        volume = self._volume(name)
        if known is None or guide_path(volume.lists) != known.source:
            return volume
        return Volume(volume.lists._replace(sections=tuple(with_headings(volume.lists.sections, known.headings))))

    def reading_list(self, section: str) -> Section:
        """Return the reading list of a section (anchor, alias, title or an unambiguous part)."""
        return self.library.place(section).section

    @property
    def list_files(self) -> list[str]:
        """The reading-list files of the project, sorted."""
        return [f"{self.config.lists}/{name}" for name in self.store.names(self.config.lists, ".yaml")]

    @property
    def lock_file(self) -> str:
        """The lock's path."""
        return f"{self.config.lists}/{LOCK_NAME}"

    def named(self, path: str) -> str:
        """Return a file given from the current folder as the project names it: relative to its root."""
        file = Path(path)
        return self.store.relative(str(file.parent.resolve() / file.name))

    def relative_to_lists(self, name: str) -> str:
        """Return a file of the project as its path from the folder of the reading lists, as `source` wants it."""
        return os.path.relpath(name, self.config.lists).replace(os.sep, "/")

    @contextmanager
    def locked(self, dry_run: bool = False) -> Iterator[None]:
        """Hold the project for reading and writing; what was read before is read anew. A dry run holds up nobody."""
        self.is_dry = dry_run
        with nullcontext() if dry_run else self.store.locked():
            self.forget()
            yield

    def apply(self, changes: Mapping[str, str | None], dry_run: bool = False) -> tuple[Change, ...]:
        """Write new texts of files, all or none, and return the changes; with `dry_run` only return them."""
        for name in changes:
            self.text_if_there(name)
        if dry_run:
            return tuple(Change(name, self._read[name], text) for name, text in changes.items() if text != self._read[name])
        changed = self.store.write(changes, self._read)
        self.forget()
        return changed

    def forget(self) -> None:
        """Let go of everything read, so that the next look sees the files as they are."""
        self._read.clear()
        self._forget_read()

    def _forget_read(self) -> None:
        for name in ("library", "bibliography"):
            self.__dict__.pop(name, None)

    def _volumes(self) -> Volumes:
        from citeman.library import Volumes

        return Volumes({_guide_name(name): partial(self._volume, name) for name in self.list_files})

    def _volume(self, name: str) -> Volume:
        from citeman.library import Volume, guide_path
        from citeman.lists import ReadingLists

        lists = self._once(name, self.text(name), partial(ReadingLists.parse, self.text(name), name))
        source = guide_path(lists)
        text, headings = self._headings.get(source, ("", ()))
        known = headings if headings and text == self.text_if_there(source) else None
        return Volume(lists, partial(self._guide, source) if source else None, known)

    def _guide(self, source: str) -> Guide | None:
        from citeman.guide import Guide

        text = self.text_if_there(source)
        read = partial(Guide.parse, text or "", source, self.config.slug_rule)
        return None if text is None else self._once(source, text, read)

    def _lock(self) -> Lock | None:
        text = self.text_if_there(self.lock_file)
        if text is None:
            return None
        from citeman import lock

        read = lock.glance if self.looks_at_few else lock.read
        return self._once(self.lock_file, text, partial(read, text, self.lock_file))

    def _once(self, name: str, text: str, read: Callable[[], T]) -> T:
        """Return what was read of a file before, where its text is still the same."""
        known = self._values.get(name)
        if known is None or known[0] != text:
            known = self._values[name] = (text, read())
        value: T = known[1]
        return value


def _guide_name(lists: str) -> str:
    """The name of a guide by the file of its reading lists."""
    return lists.rpartition("/")[2].removesuffix(".yaml")


def load_config(root: Path) -> Config:
    """Read the settings of the project at `root`, the environment's over the file's."""
    table, name = read_table(root)
    return settings.with_environment(settings.parse(table, name), os.environ)
