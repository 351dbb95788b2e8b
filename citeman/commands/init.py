"""`init`: start a project for guides, from their headings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from citeman.config import Config
from citeman.errors import CitemanError, UsageError
from citeman.guide import Guide, propose_rule
from citeman.lists import Section, new
from citeman.project import Project, load_config
from citeman.store import Change, find_root
from citeman.text import newline_of

_INDEX_NAMES = {"index", "_index", "readme"}
"""File names that say nothing of the guide: its folder's name stands for it."""


@dataclass(frozen=True, slots=True)
class Started:
    """What `init` wrote, and how many sections each guide has."""

    root: str
    guides: tuple[tuple[str, int], ...]
    slug_rule: str
    changes: tuple[Change, ...]


def init(folder: Path, guides: Sequence[Path], dry_run: bool = False) -> Started:
    """Make the lists of each guide, the bibliography and the settings where they are missing; nothing is overwritten.

    Raises CitemanError where a guide cannot be read, has no headings, or already has lists; UsageError without a guide.
    """
    if not guides:
        raise UsageError("name the guide's Markdown file: `citeman init GUIDE.md`")
    root = find_root(folder) or folder
    project = Project(root, load_config(root))
    guides = [_found(folder, guide) for guide in guides]
    _planned(project, guides)  # what is wrong with a guide is told before anything is made, `.citeman/` included
    with project.locked(dry_run):
        rule, changes, counts = _planned(project, guides)
        return Started(str(root), counts, rule, project.apply(changes, dry_run))


def _planned(project: Project, guides: Sequence[Path]) -> tuple[str, dict[str, str | None], tuple[tuple[str, int], ...]]:
    """Return the slug rule, the new texts of files, and how many sections each guide's lists have."""
    rule = _slug_rule(project, guides)
    changes: dict[str, str | None] = {}
    counts: list[tuple[str, int]] = []
    for path in guides:
        name, text, sections = _lists_of(project, path, rule, changes)
        changes[name] = text
        counts.append((name, sections))
    changes.update(surroundings(project, rule))
    return rule, changes, tuple(counts)


def guide_name(path: PurePosixPath) -> str:
    """Return the name of a guide from its file: the stem, or the folder's name where the stem says nothing."""
    stem = path.stem
    return path.parent.name if stem.casefold() in _INDEX_NAMES and path.parent.name else stem


def _lists_of(project: Project, path: Path, rule: str, planned: dict[str, str | None]) -> tuple[str, str, int]:
    source = project.store.relative(str(path))
    guide = Guide.parse(_guide_text(project, source), source, rule)
    sections = _sections(guide)
    if not sections:
        raise CitemanError("has no headings, so no sections to tie papers to; add `## Headings`", source)
    own = guide_name(PurePosixPath(path))
    name = f"{project.config.lists}/{own}.yaml"
    if name in planned:
        raise CitemanError(f"a second guide would share {name}; rename one of the guides", source)
    if name in project.list_files:
        raise CitemanError("is there already; nothing was overwritten", name)
    return name, new_lists(project, guide, own), len(sections)


def _found(folder: Path, guide: Path) -> Path:
    """Return where a guide is that may be named from the current folder or, with `-C`, from the one that the command works in."""
    here, there = (Path(os.path.abspath(start / guide)) for start in (Path.cwd(), folder))
    return there if there.exists() and not here.exists() else here


def _sections(guide: Guide) -> list[Section]:
    """The sections that papers can be tied to: not those inside a list or a quotation, nor those whose heading says nothing."""
    return [Section(section.anchor, section.title) for section in guide.sections if section.anchor and not section.nested]


def new_lists(project: Project, guide: Guide, title: str) -> str:
    """Return the text of a guide's first reading lists, empty ones for each of its places; `title` where it says none itself."""
    meta = {"title": guide.front_matter.get("title", "") or title, "source": project.relative_to_lists(guide.path)}
    for setting, field in (("sequence", "sequence"), ("order", "sequence_order")):
        if guide.front_matter.get(field):
            meta[setting] = guide.front_matter[field]
    questions = (Section(box.anchor, box.title, "question", box.section) for box in guide.questions)
    return new(meta, [*_sections(guide), *questions])


def _guide_text(project: Project, source: str) -> str:
    text = project.text(source)
    if not text.strip():
        raise CitemanError("is empty; write its headings first", source)
    return text


def _slug_rule(project: Project, guides: Sequence[Path]) -> str:
    """The project's rule; for a new project the one that resolves most of the first guide's own links."""
    if project.config.path:
        return project.config.slug_rule
    return propose_rule(project.text(project.store.relative(str(guides[0]))))


def surroundings(project: Project, rule: str) -> dict[str, str]:
    """Return the bibliography and the settings, where they are missing: path -> text."""
    changes: dict[str, str] = {}
    if project.text_if_there(project.config.bibliography) is None:
        changes[project.config.bibliography] = ""
    if project.config.path:
        return changes
    pyproject = project.text_if_there("pyproject.toml")
    lines = settings_lines(rule)
    if pyproject is None:
        changes["citeman.toml"] = "\n".join([*lines[1:], ""])
    else:
        newline = newline_of(pyproject)
        gap = newline if pyproject.endswith("\n") or not pyproject else newline * 2
        changes["pyproject.toml"] = pyproject + gap + newline.join([*lines, ""])
    return changes


def settings_lines(rule: str) -> list[str]:
    """Return a fresh config table, with the settings most people touch as comments."""
    defaults = Config()
    return [
        "[tool.citeman]",
        '# mailto = "you@example.org"      # told to arXiv and Crossref, as their etiquette asks',
        '# url = "https://example.org/"    # where the pages will be published',
        f'# output = "{defaults.output}"',
        f'{"" if rule != defaults.slug_rule else "# "}slug-rule = "{rule}"',
    ]
