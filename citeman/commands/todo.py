"""`todo`: what is left to cite: open cues, thin sections, papers in no section, items that do not say why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from citeman import labels, tex
from citeman.checks.agreement import is_preprint
from citeman.library import Library, Place, Volume
from citeman.lists import Cue
from citeman.project import Project


@dataclass(frozen=True, slots=True)
class OpenCue:
    """A place that asks for a citation, with the keys that settle it; it stands in the guide's text or is noted in the lists."""

    guide: str
    section: str
    path: str
    line: int
    text: str
    settled_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionState:
    """How well one section is covered."""

    guide: str
    anchor: str
    title: str
    papers: int
    oldest: str = ""
    newest: str = ""
    preprints: int = 0
    without_why: int = 0
    without_role: int = 0


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A paper in a list that does not say why to read it."""

    guide: str
    section: str
    path: str
    line: int
    key: str


@dataclass(frozen=True, slots=True)
class Todo:
    """Everything that is left to do."""

    cues: tuple[OpenCue, ...]
    sections: tuple[SectionState, ...]
    unplaced: tuple[str, ...]
    without_why: tuple[Unexplained, ...] = ()

    @property
    def open_cues(self) -> tuple[OpenCue, ...]:
        """The cues that nothing settles."""
        return tuple(cue for cue in self.cues if not cue.settled_by)


def todo(project: Project) -> Todo:
    """Look through guides and lists for what is left to cite."""
    return of_library(project.library)


def of_library(library: Library) -> Todo:
    """Return what is left to cite in a library."""
    cues = tuple(cue for volume in library.volumes for cue in _cues(volume))
    sections = tuple(_state(library, place) for place in library.places if place.section.kind == "section")
    without_why = tuple(
        Unexplained(place.volume.name, place.section.anchor, place.volume.lists.path, item.line, item.key)
        for place in library.places
        for item in place.section.reading
        if item.key and not item.why
    )
    return Todo(cues, sections, library.unplaced, without_why)


def _cues(volume: Volume) -> Iterator[OpenCue]:
    """The cues of the text, settled by what the lists note for them; then the noted ones that the text does not have any more."""
    noted = [(section.anchor, cue) for section in volume.lists.sections for cue in section.cues]
    used: set[int] = set()
    for cue in volume.guide.cues if volume.guide else ():
        fitting = [number for number, (_, own) in enumerate(noted) if _is_same(own, cue.text)]
        used.update(fitting)
        settled = tuple(dict.fromkeys(key for number in fitting for key in noted[number][1].settled_by))
        assert volume.guide is not None
        yield OpenCue(volume.name, cue.section, volume.guide.path, cue.line, cue.text, settled)
    for number, (anchor, own) in enumerate(noted):
        if number not in used:
            yield OpenCue(volume.name, anchor, volume.lists.path, own.line, own.text, own.settled_by)


def _is_same(noted: Cue, text: str) -> bool:
    """Whether a note of the lists is about a cue of the text: one holds the other, typography aside."""
    ours, theirs = tex.fold(noted.text), tex.fold(text)
    return bool(ours and theirs) and (ours in theirs or theirs in ours)


def _state(library: Library, place: Place) -> SectionState:
    items = [item for item in place.section.reading if item.key]
    entries = [entry for item in items if (entry := library.bibliography.get(item.key))]
    years = sorted(year for entry in entries if (year := labels.year(entry)).isdigit())
    return SectionState(
        place.volume.name,
        place.section.anchor,
        place.section.title,
        len(items),
        years[0] if years else "",
        years[-1] if years else "",
        sum(map(is_preprint, entries)),
        sum(not item.why for item in items),
        sum(not item.role for item in items),
    )
