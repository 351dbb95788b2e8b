"""`scan --to-keys` and `--to-links`: the guides' own citations written in the other form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from citeman import ids
from citeman.commands.letters import pin_all
from citeman.draft import Draft
from citeman.errors import UsageError
from citeman.guide import Guide, to_keys, to_links
from citeman.ids import Identifier
from citeman.library import Library, Volume
from citeman.project import Project
from citeman.store import Change
from citeman.text import Edit


@dataclass(frozen=True, slots=True)
class Rewritten:
    """How many citations were written anew in each guide, and what changed."""

    guides: tuple[tuple[str, int], ...]
    changes: tuple[Change, ...]


def rewrite(project: Project, form: str, paths: Sequence[str] = (), dry_run: bool = False) -> Rewritten:
    """Write the guides' own citations as `keys` or as `links`; only works that the store has are touched.

    Raises UsageError for a path that is no guide of the project.
    """
    with project.locked(dry_run):
        draft = Draft(project.library, project.lock_file)
        counts = []
        for volume in _chosen(draft.library, [project.named(path) for path in paths]):
            assert volume.guide is not None
            edits = _as_keys(draft.library, volume.guide) if form == "keys" else _as_links(draft, volume.guide)
            draft.edit_guide(volume.name, edits, project.config.slug_rule)
            counts.append((volume.guide.path, len(edits)))
        return Rewritten(tuple(counts), project.apply(draft.changes, dry_run))


def _chosen(library: Library, paths: Sequence[str]) -> list[Volume]:
    guides = {volume.guide.path: volume for volume in library.volumes if volume.guide}
    for path in paths:
        if path not in guides:
            raise UsageError(f"{path} is no guide of this project; `citeman scan {path} --write` makes it one")
    return [guides[path] for path in paths or guides]


def _as_keys(library: Library, guide: Guide) -> list[Edit]:
    found = {citation.identifier for citation in guide.citations if citation.identifier}
    keys: dict[Identifier, str] = {one: library.by_identifier[str(one)] for one in found if str(one) in library.by_identifier}
    return to_keys(guide, keys)


def _as_links(draft: Draft, guide: Guide) -> list[Edit]:
    names = pin_all(draft)
    return to_links(guide, {key: (label.text, _url(draft.library, key)) for key, label in names.items()})


def _url(library: Library, key: str) -> str:
    found = ids.of_entry(library.entry(key))
    best = next((one for one in found if one.kind == "arxiv"), next(iter(found), None))
    return ids.url_of(best) if best else ""
