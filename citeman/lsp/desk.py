"""The project as the editor sees it: its files, with what is typed but not saved over them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from citeman import ids, labels
from citeman.commands.check import check
from citeman.errors import CitemanError
from citeman.index.query import Query, Word
from citeman.index.text import searchable
from citeman.library import Library
from citeman.lists import LEVELS, ROLES
from citeman.lsp.cursor import Named, Typed
from citeman.model import Entry, Finding
from citeman.named import NamedTuple
from citeman.project import Project

OFFERED = 100
"""Papers offered at once; the editor asks again as more is typed."""


class Offer(NamedTuple):
    """One way to complete what is typed: how it is called, what is inserted, what is said of it."""

    name: str
    text: str
    remark: str = ""


class Target(NamedTuple):
    """Where something is defined: a path relative to the project, and a line."""

    path: str
    line: int


class Desk:
    """One project with the unsaved texts over its files. Every answer is about the files as they are now."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.unsaved: dict[str, str] = {}

    def see(self, path: str, text: str | None) -> None:
        """Take a text as a file's, as long as it is not saved; None: the file is as it is on disk."""
        if text is None:
            self.unsaved.pop(path, None)
        else:
            self.unsaved[path] = text
        self.refresh()

    def refresh(self) -> None:
        """Look at the files again at the next question."""
        for name in ("project", "labels"):
            self.__dict__.pop(name, None)

    @cached_property
    def project(self) -> Project:
        """The project as the editor sees it."""
        project = Project.open(self.root)
        for path, text in self.unsaved.items():
            project.see(path, text)
        return project

    @property
    def library(self) -> Library:
        """The library as the editor sees it; raises CitemanError where a file cannot be read."""
        return self.project.library

    @cached_property
    def labels(self) -> dict[str, labels.Label]:
        """What every paper is called."""
        lock = self.library.lock
        pinned = {key: locked.suffix for key, locked in lock.papers.items()} if lock else {}
        return labels.labels(map(self.library.bibliography.resolved, self.library.bibliography), pinned)

    def offers(self, typed: Typed) -> list[Offer]:
        """Return how what is typed can go on."""
        if typed.kind in ("role", "level"):
            return [Offer(name, name) for name in (ROLES if typed.kind == "role" else LEVELS)]
        if typed.kind == "section":
            return [Offer(place.name, place.name, place.section.title) for place in self.library.places]
        entries = [entry for key in self._matching(typed.text) if (entry := self.library.bibliography.get(key))]
        return [self._offer(typed, self.library.bibliography.resolved(entry)) for entry in entries]

    def description(self, named: Named) -> str:
        """Return what a person wants to know of a paper, as Markdown; empty for what is none."""
        entry = self._entry(named.name)
        if entry is None:
            return ""
        lines = [f"**{entry.key}**", "", labels.reference(self.library.bibliography.resolved(entry))]
        for placement in self.library.placements.get(entry.key, ()):
            role = f" ({placement.item.role})" if placement.item.role else ""
            lines += ["", f"*{placement.place.name}*{role} {placement.item.why}"]
        return "\n".join(lines)

    def definition(self, named: Named) -> Target | None:
        """Return where a paper's entry stands."""
        entry = self._entry(named.name)
        return Target(self.library.bibliography.path, entry.line) if entry else None

    def findings(self) -> list[Finding]:
        """Return what `check` finds; a file that cannot be read at all is the only finding then."""
        try:
            return list(check(self.project).findings)
        except CitemanError as error:
            return [Finding("unreadable", "error", error.message, error.path, error.line)]

    def _offer(self, typed: Typed, entry: Entry) -> Offer:
        reference = labels.reference(entry)
        if typed.kind == "key":
            return Offer(entry.key, entry.key, reference)
        label = self.labels[entry.key]
        address = next(map(ids.url_of, ids.of_entry(entry)), "")
        return Offer(f"{label} {entry.key}", labels.markdown(label, address).removeprefix("[["), reference)

    def _matching(self, text: str) -> list[str]:
        """Keys of papers with the words typed so far, the likeliest first; those that are not saved yet by their keys."""
        *words, last = searchable(text).split() or [""]
        query = Query((*map(Word, words), Word(last, prefix=True)) if last else ())
        with self.project.open_index() as index:
            found = [hit.key for hit in index.search(query, "relevance", OFFERED)]
        new = [key for key in self.library.bibliography.keys if key.startswith(text)][:OFFERED] if text else []
        return list(dict.fromkeys([*(key for key in new if key not in found), *found]))

    def _entry(self, name: str) -> Entry | None:
        """The paper of a citation key or an address."""
        bibliography = self.library.bibliography
        entry = bibliography.get(name)
        identifier = None if entry else ids.parse(name)
        if identifier and identifier.scholarly:
            with self.project.open_index() as index:
                found = index.search(Query((Word(str(identifier)),)), "relevance", 1)
            entry = bibliography.get(found[0].key) if found else None
        return entry
