"""`rename`: give a paper another citation key, everywhere at once."""

from __future__ import annotations

from dataclasses import dataclass

from citeman import ids
from citeman.draft import Draft
from citeman.errors import UsageError
from citeman.guide.rewrite import rename_key
from citeman.model import Entry
from citeman.project import Project
from citeman.store import Change


@dataclass(frozen=True, slots=True)
class Renamed:
    """The two keys and what changed."""

    old: str
    new: str
    changes: tuple[Change, ...]
    waived: tuple[str, ...] = ()
    """Rules that the settings waive for the old key; the settings are a person's, and stay."""


def rename(project: Project, old: str, new: str, dry_run: bool = False) -> Renamed:
    """Change a key in the bibliography, the lists, the lock and every `[@key]` of the guides; the entry keeps `ids = {old}`.

    Raises CitemanError for an unknown old key, UsageError for a new one that is taken or no good key.
    """
    with project.locked(dry_run):
        draft = Draft(project.library, project.lock_file)
        entry = draft.library.entry(old)
        old = entry.key
        _check(draft, entry, new)
        draft.edit_bibliography(draft.bibliography.edit_entry(entry, key=new, set={"ids": _aliases(entry, old, new)}))
        for volume in draft.library.volumes:
            draft.edit_lists(volume.name, volume.lists.rename_key(old, new))
            if volume.guide:
                draft.edit_guide(volume.name, rename_key(volume.guide, old, new), project.config.slug_rule)
        if old in draft.lock.papers:
            draft.set_lock(draft.lock.renamed(old, new))
        waived = tuple(waiver.rule for waiver in project.config.waivers if waiver.target == old)
        return Renamed(old, new, project.apply(draft.changes, dry_run), waived)


def _check(draft: Draft, entry: Entry, new: str) -> None:
    if not ids.is_citation_key(new):
        raise UsageError(
            f"{new!r} is no good citation key: use ASCII letters, digits and `-_:.+/`, beginning with a letter or digit"
        )
    if draft.bibliography.get(new):
        raise UsageError(f"the key {new!r} is taken; choose another")
    if (owner := draft.library.former_keys.get(new, entry.key)) != entry.key:
        raise UsageError(f"{new!r} is a former key of {owner!r} (`ids`); choose another")


def _aliases(entry: Entry, old: str, new: str) -> str:
    """The entry's other keys, the old one among them, without the new one."""
    known = [key.strip() for key in entry.get("ids").split(",")]
    return ", ".join(dict.fromkeys(key for key in (*known, old) if key and key != new))
