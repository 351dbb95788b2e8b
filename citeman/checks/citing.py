"""Every citation by address in the guides, with what its label says and the paper it stands for."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property

from citeman import tex
from citeman.checks import agreement
from citeman.checks.called import Called, read
from citeman.guide import Citation, Guide
from citeman.labels import labels
from citeman.library import Library
from citeman.lock import NOTHING, Locked
from citeman.model import Entry


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation by address, what its label says, and the paper where the store has it."""

    guide: Guide
    citation: Citation
    called: Called | None
    entry: Entry | None

    @property
    def work(self) -> str:
        """One name for the paper, however it is addressed."""
        return self.entry.key if self.entry else str(self.citation.identifier)

    @property
    def dated(self) -> bool:
        """Whether the label gives a year, and just one."""
        return bool(self.called and len(self.called.years) == 1)


class Citing:
    """All citations of a library that have a label, and what is needed to judge them."""

    def __init__(self, library: Library) -> None:
        self.library = library
        key_of = known_identifiers(library)
        guides = (volume.guide for volume in library.volumes if volume.guide)
        self.all = tuple(self._cited(guide, citation, key_of) for guide in guides for citation in _by_address(guide, key_of))

    def _cited(self, guide: Guide, citation: Citation, key_of: dict[str, str]) -> Cited:
        key = key_of.get(str(citation.identifier), "")
        return Cited(guide, citation, read(citation.label), self.library.bibliography.get(key) if key else None)

    def locked(self, entry: Entry) -> Locked:
        """What the sources last said of a paper."""
        return self.library.lock.get(entry.key) if self.library.lock else NOTHING

    @cached_property
    def surnames(self) -> frozenset[str]:
        """The last words of all family names in the bibliography, folded."""
        people = (name for entry in self.library.bibliography.entries for name in agreement.people(entry))
        return frozenset(word for name in people if name.family for word in tex.fold(name.family).split()[-1:])

    @cached_property
    def titles(self) -> dict[str, str]:
        """Folded title -> key, for titles that are telling."""
        found = {title: keys[0] for title, keys in self.library.by_title.items() if len(keys) == 1}
        return {title: key for title, key in found.items() if len(title.split()) > 2}

    @cached_property
    def owners(self) -> dict[tuple[str, str], str]:
        """(who, year) of a label, folded -> the one paper in the store that it would mean."""
        found: dict[tuple[str, str], list[str]] = {}
        for key, label in labels(self.library.bibliography.entries).items():
            found.setdefault((tex.fold(label.who), label.year), []).append(key)
        return {label: keys[0] for label, keys in found.items() if len(keys) == 1}

    def disagreement(self, cited: Cited) -> agreement.Disagreement | None:
        """What a label gets wrong about the people."""
        if not cited.called or not cited.entry or self.other_title(cited):
            return None
        return agreement.compare(cited.called, cited.entry, lambda: self.surnames)

    def other_title(self, cited: Cited) -> str:
        """The key of another paper whose very title is the label; empty for none."""
        key = self.titles.get(tex.fold(cited.citation.label), "")
        if not key or cited.entry is None or key == cited.entry.key or agreement.is_of_title(cited.citation.label, cited.entry):
            return ""
        return key

    def wrong_year(self, cited: Cited) -> agreement.Disagreement | None:
        """What is wrong with the year of a label."""
        if not cited.called or not cited.entry:
            return None
        return agreement.wrong_year(cited.called, cited.entry, self.locked(cited.entry))


def _by_address(guide: Guide, known: Container[str]) -> list[Citation]:
    """What a guide cites by address: works, and those web pages that the store has, in order."""
    pages = [page for page in guide.pages if str(page.identifier) in known]
    return sorted((one for one in (*guide.citations, *pages) if one.url and one.identifier), key=lambda one: one.start)


def known_identifiers(library: Library) -> dict[str, str]:
    """Identifier -> key: what entries carry, and what sources said of them."""
    found: dict[str, str] = {}
    for key, locked in library.lock.papers.items() if library.lock else ():
        for said in locked.said.values():
            named = (said.identifier, *said.aliases, said.preprint, said.published_doi and f"doi:{said.published_doi.lower()}")
            found |= {name: key for name in named if name and library.bibliography.get(key)}
    return found | library.by_identifier
