"""`weave`: put each section's reading list into the guide's Markdown, renew it, take it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from citeman.commands.letters import all_labels
from citeman.draft import Draft
from citeman.errors import CitemanError, UsageError
from citeman.library import Library, Volume
from citeman.project import Project
from citeman.render.woven import Style, woven
from citeman.store import Change
from citeman.text import Edit
from citeman.weave import unweave, weave


@dataclass(frozen=True, slots=True)
class Woven:
    """The guides that changed (or would), and how many lists each holds now."""

    guides: tuple[tuple[str, int], ...]
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
    with project.locked():
        draft = Draft(project.library, project.lock_file)
        for finding in () if remove else project.library.bibliography.unread:
            raise CitemanError(finding.message, finding.path, finding.line)
        counts: list[tuple[str, int]] = []
        for volume in _chosen(draft.library, guides):
            texts = {} if remove else texts_of(draft.library, volume, style)
            draft.edit_guide(volume.name, _edits(volume, texts, remove, force), project.config.slug_rule)
            assert volume.guide is not None
            counts.append((volume.guide.path, len(texts)))
        return Woven(tuple(counts), project.apply(draft.changes, dry_run))


def texts_of(library: Library, volume: Volume, style: Style) -> dict[str, str]:
    """Return the text of every place of a guide that lists something."""
    names = all_labels(library)
    places = (place for place in library.places if place.volume.name == volume.name)
    texts = {place.section.anchor: woven(library, place, style, names) for place in places}
    return {anchor: text for anchor, text in texts.items() if text}


def _edits(volume: Volume, texts: dict[str, str], remove: bool, force: bool) -> list[Edit]:
    assert volume.guide is not None
    if remove:
        return unweave(volume.guide, force)
    aliases = {alias: section.anchor for section in volume.lists.sections for alias in section.aliases}
    known = {anchor: text for anchor, text in texts.items() if volume.guide.section(anchor) or volume.guide.question(anchor)}
    return weave(volume.guide, known, force, aliases)


def _chosen(library: Library, names: Sequence[str]) -> list[Volume]:
    known = [volume.name for volume in library.volumes]
    for name in names:
        if name not in known:
            raise UsageError(f"no guide {name!r}; the guides are {', '.join(known) or 'none'}")
    chosen = [volume for volume in library.volumes if not names or volume.name in names]
    with_text = [volume for volume in chosen if volume.guide]
    if not with_text:
        raise CitemanError("no guide's Markdown is at hand: name it as `source` in its refs/*.yaml")
    return with_text
