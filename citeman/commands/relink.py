"""`relink`: find where the lists of vanished sections belong, and move them there; no list is ever dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from citeman import ids, relink
from citeman.commands.watch import inbox_file, inbox_of
from citeman.config import did_you_mean
from citeman.draft import Draft
from citeman.errors import UsageError
from citeman.guide import Guide
from citeman.ids import Identifier
from citeman.library import Library, Volume, guide_path
from citeman.lists import Section
from citeman.project import Project
from citeman.relink import Action, Proposal
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
    with project.locked(dry_run or not write):
        draft = Draft(project.library, project.lock_file)
        moved = tuple(_moved(project, volume) for volume in draft.library.volumes if _is_lost(volume))
        _follow(project, draft, moved)
        proposals = tuple(
            (volume.name, proposal) for volume in draft.library.volumes for proposal in _propose(project, draft, volume)
        )
        if not write:
            return Relinked(proposals, moved)
        _make(project, draft, proposals)
        return Relinked(proposals, moved, project.apply(draft.changes, dry_run))


def place_list(project: Project, anchor: str, section: str, dry_run: bool = False) -> Relinked:
    """Move the list of one section, vanished or not, to a section that a person names; raises UsageError for an unknown one."""
    with project.locked(dry_run):
        draft = Draft(project.library, project.lock_file)
        volume, own, is_orphan = _holder(draft.library, anchor)
        place = draft.library.place(section)
        if not is_orphan and place.name == f"{volume.name}#{own.anchor}":
            raise UsageError(f"the list of {own.anchor!r} is there already; name another section")
        other = "" if place.volume.name == volume.name else place.volume.name
        has_list = place.volume.lists.section(place.section.anchor) is not None
        action: Action = "merge" if has_list else "move"
        proposal = Proposal(own.anchor, action, place.section.anchor, other, 1.0, orphaned=is_orphan)
        _make(project, draft, [(volume.name, proposal)])
        return Relinked(((volume.name, proposal),), (), project.apply(draft.changes, dry_run))


def _propose(project: Project, draft: Draft, volume: Volume) -> tuple[Proposal, ...]:
    """Propose where a guide's lost lists go; where the whole guide is gone, only what other guides have for sure."""
    if not (_is_lost(volume) or _has_lost(volume)):
        return ()
    guide = volume.guide or Guide("", guide_path(volume.lists))
    elsewhere = {other.name: other.guide for other in draft.library.volumes if other.guide and other.name != volume.name}
    former = _as_it_was(project, volume)
    found = relink.propose(volume.lists, guide, former, _works(draft.library, volume), elsewhere)
    return found if volume.guide else tuple(proposal for proposal in found if proposal.action != "orphan")


def _has_lost(volume: Volume) -> bool:
    if volume.guide is None:
        return False
    present = _anchors(volume.guide)
    return bool(volume.lists.orphaned) or any(section.anchor not in present for section in volume.lists.sections)


def _works(library: Library, volume: Volume) -> Mapping[str, list[Identifier]]:
    keys = {item.key for section in (*volume.lists.sections, *volume.lists.orphaned) for item in section.reading if item.key}
    return {key: list(ids.of_entry(entry)) for key in keys if (entry := library.bibliography.get(key))}


def _as_it_was(project: Project, volume: Volume) -> Guide | None:
    """The newest version of the guide in git, under its present or its former name, that has all sections of its lists."""
    wanted = {section.anchor for section in (*volume.lists.sections, *volume.lists.orphaned)}
    written = project.library.volumes_named(volume.name)[0].lists
    for path in dict.fromkeys((guide_path(volume.lists), guide_path(written))):
        for text in project.store.history(path, REVISIONS):
            guide = Guide.parse(text, path, project.config.slug_rule)
            if wanted <= _anchors(guide):
                return guide
    return None


def _anchors(guide: Guide) -> set[str]:
    return {section.anchor for section in guide.sections} | {question.anchor for question in guide.questions}


def _make(project: Project, draft: Draft, proposals: Iterable[tuple[str, Proposal]]) -> None:
    """Make the moves, moves before joins, and lead to the new places whatever pointed to the old ones."""
    inbox = before = inbox_of(project)
    for name, proposal in sorted(proposals, key=lambda pair: relink.turn(pair[1])):
        if proposal.guide:
            _to_other_guide(draft, name, proposal)
        else:
            draft.replace_lists(name, relink.relinked(draft.volume(name).lists, [proposal]))
        if proposal.action != "orphan":
            old, new = f"{name}#{proposal.anchor}", f"{proposal.guide or name}#{proposal.candidate}"
            inbox = inbox.moved(old, new)
            _repoint(draft, old, new)
    if inbox != before:
        draft.create(inbox_file(project), inbox.dumps())


def _repoint(draft: Draft, old: str, new: str) -> None:
    if old != new:
        for volume in draft.library.volumes:
            draft.replace_lists(volume.name, relink.repointed(volume.lists, old, new))


def _to_other_guide(draft: Draft, name: str, proposal: Proposal) -> None:
    """Put everything of a vanished section into the list of its new place in another guide, then take the old list away."""
    lists = draft.volume(name).lists
    parts = lists.orphaned if proposal.orphaned else lists.sections
    section = next(one for one in parts if one.anchor == proposal.anchor)
    draft.open_list(next(place for place in draft.library.places if place.name == f"{proposal.guide}#{proposal.candidate}"))
    names = [alias if "#" in alias else f"{name}#{alias}" for alias in (section.anchor, *section.aliases)]
    goal = draft.volume(proposal.guide).lists
    draft.replace_lists(proposal.guide, relink.joined(goal, proposal.candidate, section, names, name))
    edits = lists.remove_orphan(section.anchor) if proposal.orphaned else lists.remove_section(section.anchor)
    draft.edit_lists(name, edits)
    remarks = relink.lost(lists, draft.volume(name).lists)
    draft.replace_lists(proposal.guide, relink.noted(draft.volume(proposal.guide).lists, proposal.candidate, remarks))


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


def _holder(library: Library, anchor: str) -> tuple[Volume, Section, bool]:
    """Find the list of an anchor (or `guide#anchor`), lists that wait first, and tell whether it waits."""
    guide, _, wanted = anchor.rpartition("#")
    volumes = [volume for volume in library.volumes if not guide or volume.name == guide]
    found = [(volume, section, True) for volume in volumes for section in volume.lists.orphaned]
    found += [(volume, section, False) for volume in volumes for section in volume.lists.sections]
    fitting = [one for one in found if one[1].anchor == wanted]
    if not fitting:
        raise UsageError(f"no list of a section {anchor!r}{did_you_mean(wanted, [section.anchor for _, section, _ in found])}")
    if len({volume.name for volume, *_ in fitting}) > 1:
        names = ", ".join(f"{volume.name}#{wanted}" for volume, *_ in fitting)
        raise UsageError(f"section {anchor!r} is ambiguous: {names}")
    return fitting[0]
