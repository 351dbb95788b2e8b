"""`weave`: put each section's reading list into the guide's Markdown, renew it, take it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from citeman.commands.letters import pin_all
from citeman.draft import Draft
from citeman.errors import CitemanError, UsageError
from citeman.guide import Guide
from citeman.labels import Label
from citeman.library import Library, Volume, guide_path
from citeman.project import Project
from citeman.render.woven import Style, woven
from citeman.store import Change
from citeman.text import Edit
from citeman.weave import unweave, weave


@dataclass(frozen=True, slots=True)
class WovenGuide:
    """One guide: how many lists it holds now, and the lists that have no section in it."""

    path: str
    lists: int
    changed: bool
    left: tuple[str, ...] = ()
    """Anchors of lists whose sections the guide does not have."""


@dataclass(frozen=True, slots=True)
class Woven:
    """The guides that were to be woven, and what changed."""

    guides: tuple[WovenGuide, ...]
    changes: tuple[Change, ...]


def weave_project(
    project: Project,
    style: Style,
    guides: Sequence[str] = (),
    *,
    remove: bool = False,
    force: bool = False,
    dry_run: bool = False,
) -> Woven:
    """Weave the lists of all guides, or of those named; with `remove` take them out and give the guides their bytes back.

    Raises CitemanError for a broken mark or a region edited by hand, for a bibliography of which a part cannot be read (its
    papers would vanish from the guides), UsageError where a guide's text is not at hand.
    """
    with project.locked(dry_run):
        draft = Draft(project.library, project.lock_file)
        for finding in () if remove else project.library.bibliography.unread:
            raise CitemanError(finding.message, finding.path, finding.line)
        names = {} if remove else pin_all(draft)
        woven_guides = []
        for volume in _chosen(project, draft.library, guides):
            assert volume.guide is not None
            texts = {} if remove else texts_of(draft.library, volume, style, names)
            known = {anchor: text for anchor, text in texts.items() if _has(volume.guide, anchor)}
            draft.edit_guide(volume.name, _edits(volume, known, remove, force), project.config.slug_rule)
            path = volume.guide.path
            woven_guides.append(WovenGuide(path, len(known), path in draft.changes, tuple(texts.keys() - known.keys())))
        return Woven(tuple(woven_guides), project.apply(draft.changes, dry_run))


def texts_of(library: Library, volume: Volume, style: Style, names: Mapping[str, Label]) -> dict[str, str]:
    """Return the text of every place of a guide that lists something."""
    places = (place for place in library.places if place.volume.name == volume.name)
    texts = {place.section.anchor: woven(library, place, style, names) for place in places}
    return {anchor: text for anchor, text in texts.items() if text}


def _edits(volume: Volume, texts: dict[str, str], remove: bool, force: bool) -> list[Edit]:
    assert volume.guide is not None
    if remove:
        return unweave(volume.guide, force)
    aliases = {alias: section.anchor for section in volume.lists.sections for alias in section.aliases}
    return weave(volume.guide, texts, force, aliases)


def _has(guide: Guide, anchor: str) -> bool:
    return bool(guide.section(anchor) or guide.question(anchor))


def _chosen(project: Project, library: Library, wanted: Sequence[str]) -> list[Volume]:
    chosen = [_named(project, library, name) for name in wanted] if wanted else list(library.volumes)
    with_text = [volume for volume in chosen if volume.guide]
    files = Counter(guide_path(volume.lists) for volume in library.volumes)
    for volume in with_text:
        if files[guide_path(volume.lists)] > 1:
            raise CitemanError("another file has lists for the same guide; put all of them into one file", volume.lists.path)
    if not with_text:
        raise CitemanError("no guide's Markdown is at hand: name it as `source` in its refs/*.yaml")
    return with_text


def _named(project: Project, library: Library, name: str) -> Volume:
    """Find a guide by its name or its file."""
    path = project.named(name)
    for volume in library.volumes:
        if name == volume.name or (volume.guide and volume.guide.path == path):
            return volume
    known = [volume.name for volume in library.volumes]
    raise UsageError(f"no guide {name!r}; the guides are {', '.join(known) or 'none'}")
