"""`relink`: find where the lists of vanished sections belong, and move them there; no list is ever dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from citeman import ids, relink
from citeman.config import did_you_mean
from citeman.draft import Draft
from citeman.errors import UsageError
from citeman.guide import Guide
from citeman.ids import Identifier
from citeman.library import Library, Place, Volume
from citeman.lists import Section
from citeman.project import Project
from citeman.relink import Proposal
from citeman.store import Change

FILES = 500
"""Markdown files that are looked through for a guide whose file is gone."""
REVISIONS = 20
"""Earlier versions of a guide that are looked through for the sections as they were."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A guide whose file is gone, and the file it probably is now."""

    guide: str
    old: str
    new: str
    """Empty when no file has its sections."""
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Relinked:
    """The proposals (guide and what to do), guides whose files moved, and what changed."""

    proposals: tuple[tuple[str, Proposal], ...]
    moved: tuple[Moved, ...] = ()
    changes: tuple[Change, ...] = ()


def relink_project(project: Project, *, write: bool = False, dry_run: bool = False) -> Relinked:
    """Propose, and with `write` make, the moves of every list whose section its guide no longer has."""
    with project.locked():
        draft = Draft(project.library, project.lock_file)
        moved = tuple(_moved(project, volume) for volume in draft.library.volumes if _is_lost(volume))
        if write:
            _follow(project, draft, moved)
        proposals = tuple(
            (volume.name, proposal)
            for volume in draft.library.volumes
            if volume.guide
            for proposal in _propose(project, draft, volume)
        )
        if write:
            _make(draft, proposals)
        return Relinked(proposals, moved, project.apply(draft.changes, dry_run) if write or dry_run else ())


def place_orphan(project: Project, anchor: str, section: str, dry_run: bool = False) -> Relinked:
    """Move the list of one vanished section to a section that a person names; raises UsageError for an unknown one."""
    with project.locked():
        draft = Draft(project.library, project.lock_file)
        volume = _holder(draft.library, anchor)
        place = draft.library.place(section)
        is_orphan = any(one.anchor == anchor for one in volume.lists.orphaned)
        other = "" if place.volume.name == volume.name else place.volume.name
        has_list = place.volume.lists.section(place.section.anchor) is not None
        action = "merge" if has_list else "move"
        proposal = Proposal(anchor, action, place.section.anchor, other, 1.0, orphaned=is_orphan)  # type: ignore[arg-type]
        _make(draft, [(volume.name, proposal)])
        return Relinked(((volume.name, proposal),), (), project.apply(draft.changes, dry_run))


def _propose(project: Project, draft: Draft, volume: Volume) -> tuple[Proposal, ...]:
    assert volume.guide is not None
    if not _has_lost(volume):
        return ()
    elsewhere = {other.name: other.guide for other in draft.library.volumes if other.guide and other.name != volume.name}
    return relink.propose(volume.lists, volume.guide, _as_it_was(project, volume), _works(draft.library, volume), elsewhere)


def _has_lost(volume: Volume) -> bool:
    assert volume.guide is not None
    present = _anchors(volume.guide)
    return bool(volume.lists.orphaned) or any(section.anchor not in present for section in volume.lists.sections)


def _works(library: Library, volume: Volume) -> Mapping[str, list[Identifier]]:
    keys = {item.key for section in (*volume.lists.sections, *volume.lists.orphaned) for item in section.reading if item.key}
    return {key: list(ids.of_entry(entry)) for key in keys if (entry := library.bibliography.get(key))}


def _as_it_was(project: Project, volume: Volume) -> Guide | None:
    """The newest version of the guide in git that has all sections of its lists; None where git does not tell."""
    assert volume.guide is not None
    wanted = {section.anchor for section in (*volume.lists.sections, *volume.lists.orphaned)}
    for text in project.store.history(volume.guide.path, REVISIONS):
        guide = Guide.parse(text, volume.guide.path, project.config.slug_rule)
        if wanted <= _anchors(guide):
            return guide
    return None


def _anchors(guide: Guide) -> set[str]:
    return {section.anchor for section in guide.sections} | {question.anchor for question in guide.questions}


def _make(draft: Draft, proposals: Iterable[tuple[str, Proposal]]) -> None:
    for name, proposal in proposals:
        if proposal.guide:
            _to_other_guide(draft, name, proposal)
        else:
            draft.replace_lists(name, relink.relinked(draft.volume(name).lists, [proposal]))


def _to_other_guide(draft: Draft, name: str, proposal: Proposal) -> None:
    """List everything of a vanished section at its new place in another guide, then take the old list away."""
    lists = draft.volume(name).lists
    parts = lists.orphaned if proposal.orphaned else lists.sections
    section = next(one for one in parts if one.anchor == proposal.anchor)
    target = next(place for place in draft.library.places if place.name == f"{proposal.guide}#{proposal.candidate}")
    for item in section.reading:
        draft.list_item(target, item)
    _keep_cues(draft, target, section)
    edits = lists.remove_orphan(section.anchor) if proposal.orphaned else lists.remove_section(section.anchor)
    draft.edit_lists(name, edits)


def _keep_cues(draft: Draft, target: Place, section: Section) -> None:
    for cue in section.cues:
        lists = draft.volume(target.volume.name).lists
        known = lists.section(target.section.anchor)
        if known and all(cue.text != other.text for other in known.cues):
            draft.edit_lists(target.volume.name, lists.add_cue(target.section.anchor, cue.text, cue.settled_by))


def _is_lost(volume: Volume) -> bool:
    return bool(volume.lists.guide_source) and volume.guide is None


def _moved(project: Project, volume: Volume) -> Moved:
    taken = {other.guide.path for other in project.library.volumes if other.guide}
    files = project.store.markdown_files(FILES, output=project.config.output)
    texts = {path: project.text(path) for path in files if path not in taken}
    guides = {path: Guide.parse(text, path, project.config.slug_rule) for path, text in texts.items()}
    ranked = relink.moved(volume.lists, guides)
    best, share = ranked[0] if ranked else ("", 0.0)
    return Moved(volume.name, volume.lists.guide_source, best, share)


def _follow(project: Project, draft: Draft, moved: Iterable[Moved]) -> None:
    """Lead each list file to its guide's new file."""
    for one in moved:
        if one.new:
            lists = draft.volume(one.guide).lists
            draft.edit_lists(one.guide, lists.set_guide("source", project.relative_to_lists(one.new)))
            draft.read_guide(one.guide, Guide.parse(project.text(one.new), one.new, project.config.slug_rule))


def _holder(library: Library, anchor: str) -> Volume:
    sections = [
        (volume, section.anchor) for volume in library.volumes for section in (*volume.lists.orphaned, *volume.lists.sections)
    ]
    for volume, known in sections:
        if known == anchor:
            return volume
    raise UsageError(f"no list of a section {anchor!r}{did_you_mean(anchor, [known for _, known in sections])}")
