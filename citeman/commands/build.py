"""`build`: the reading-list pages of the project, written where they changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

from citeman import stamp
from citeman.commands import recalling
from citeman.errors import CitemanError
from citeman.library import guide_path
from citeman.model import Finding
from citeman.named import NamedTuple
from citeman.output import Difference, Output
from citeman.output.made import Made
from citeman.project import Project
from citeman.stamp import Stamp
from citeman.text import decode

if TYPE_CHECKING:
    from citeman.render.view import Cue

FRAGMENTS = "fragments"
"""Folder of the fragments where no other is given."""
SETTINGS = ("citeman.toml", "pyproject.toml")
THEME_FILES = (".j2", ".css", ".js", ".svg", ".txt")


class Built(NamedTuple):
    """What a build did, or with `check` what it would do."""

    folder: str
    """The output folder, as the user may open it."""
    sections: int = 0
    papers: int = 0
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    kept: tuple[str, ...] = ()
    """Files that are no longer wanted but that a person changed, so they stay."""
    differences: tuple[Difference, ...] = ()
    """With `check`: what is not as it would be."""
    unread: tuple[Finding, ...] = ()
    """What of the bibliography could not be read, so that the pages lack it."""


def build(project: Project, out: str = "", check: bool = False, fragment: bool = False) -> Built:
    """Build the project's pages into `out` (default: the project's output folder).

    `out` is relative to the working folder. With `fragment` bare pieces of HTML for other generators are built, by default into
    `fragments/`. With `check` nothing is written. Raises CitemanError when a file of somebody else is
    in the way, a template of the theme is wrong, or the disk refuses.
    """
    from citeman import render
    from citeman.render.entries import Card

    folder = output_folder(project, out, FRAGMENTS if fragment else project.config.output)
    shown = stamp.shown(folder)
    program = stamp.program()
    with nullcontext() if check or not os.access(project.root, os.W_OK) else project.locked():
        theme = theme_files(project)
        made = Made.load(stamp.made_path(str(project.root), out, fragment), _basis(program, theme))
        recalling.take_up(project, made.guides)
        project.read_lists()
        render.load()
        read, references = project.begun(), references_of(project)
        kept = {one: Card.load(row) for one, row in made.cards.items()}
        if fragment:
            plan = render.fragments(project.library, theme, references, kept, read)
        else:
            plan = render.plan(project.library, theme, references, cues_of(project), kept, read)
        output = Output(folder, shown, made)
        sections = [place for place in project.library.places if place.section.reading and place.section.kind != "question"]
        counts = len(sections), len(project.library.bibliography.keys)
        unread = project.library.bibliography.unread
        if check:
            return Built(shown, *counts, differences=tuple(output.compare(plan.pages)), unread=unread)
        written = output.write(plan.pages)
        made.guides, made.cards = recalling.to_keep(project), plan.cards
        _keep(project, made, stamp.made_path(str(project.root), out, fragment))
        if not fragment and not unread:
            _stamp(project, folder, out, program, theme, output)
    return Built(shown, *counts, written.written, written.removed, written.unchanged, written.kept, unread=unread)


def _basis(program: str, theme: Mapping[str, str]) -> str:
    """Return a digest of what makes the pages: citeman itself and the theme."""
    return stamp.digest(repr((program, sorted(theme.items()))).encode("utf-8", "surrogatepass"))


def _keep(project: Project, made: Made, path: str) -> None:
    """Keep what was made for the next build; where that cannot be, the next one takes longer."""
    with suppress(CitemanError, OSError):
        os.makedirs(project.store.state_folder() / os.path.dirname(path), exist_ok=True)
        made.save(path)


def output_folder(project: Project, out: str, default: str) -> str:
    """Return the absolute output folder; refuses one in which the project lies, that of the lists, citeman's and git's."""
    folder = os.path.abspath(out or project.root / default)
    real, root = os.path.realpath(folder), os.path.realpath(project.root)
    inside = os.path.relpath(real, root).split(os.sep)
    if (
        os.path.commonpath([root, real]) == real
        or {".citeman", ".git"} & {*inside}
        or real == os.path.join(root, project.config.lists)
    ):
        raise CitemanError("is the project's own folder; build into one of its own (`--out DIR`)", stamp.shown(folder))
    return folder


def cues_of(project: Project) -> list[Cue] | None:
    """Return the places that still ask for a citation, None where the setting `todo-page` does not ask for their page."""
    if not project.config.todo_page:
        return None
    from citeman.commands.todo import of_library
    from citeman.render.view import Cue

    return [Cue(f"{one.guide}#{one.section}", one.path, one.line, one.text) for one in of_library(project.library).open_cues]


def references_of(project: Project, style: str = "") -> Mapping[str, str]:
    """Return citation key -> HTML of its reference in a CSL style (default: the setting `csl`); none for the built-in one."""
    style = style or project.config.csl
    if not style:
        return {}
    from citeman import csl, render

    return csl.references(render.csl_items(project.library), style, str(project.root))


def theme_files(project: Project) -> Mapping[str, str]:
    """Return the texts of the theme's templates and static files by name; raises CitemanError where the folder is missing."""
    theme = project.config.theme
    if not theme:
        return {}
    if not os.path.isdir(os.path.join(project.root, theme)):
        raise CitemanError(f"the theme's folder {theme!r} does not exist", project.config.path)
    names = stamp.listing(os.path.join(project.root, theme))
    return {name: project.text(f"{theme}/{name}") for name in names if name.endswith(THEME_FILES)}


def _stamp(project: Project, folder: str, out: str, program: str, theme: Mapping[str, str], output: Output) -> None:
    """Note what the build was made from, unless a file has changed while it ran."""
    found = {name: _bytes(os.path.join(project.root, name)) for name in _inputs(project, theme)}
    if not all(_is_as_read(project, name, data) for name, data in found.items()):
        return
    digests = {name: "" if data is None else stamp.digest(data) for name, data in found.items()}
    folders = [project.config.lists, *([project.config.theme] if project.config.theme else [])]
    listings = {name: stamp.listing(os.path.join(project.root, name)) for name in folders}
    made = Stamp(folder, [program], digests, listings, output.states)
    path = stamp.stamp_path(str(project.root), out)
    with suppress(CitemanError, OSError):
        os.makedirs(project.store.state_folder() / os.path.dirname(path), exist_ok=True)
        made.save(path)


def _inputs(project: Project, theme: Mapping[str, str]) -> Iterator[str]:
    yield from SETTINGS
    yield project.config.bibliography
    yield project.lock_file
    yield from project.list_files
    for volume in project.library.volumes:
        if guide := guide_path(volume.lists):
            yield guide
    yield from (f"{project.config.theme}/{name}" for name in theme)
    if project.config.csl.endswith(".csl"):
        yield project.config.csl


def _bytes(path: str) -> bytes | None:
    """Return a file's bytes, None where there is none that can be read (a pipe would keep the reader waiting)."""
    if not os.path.isfile(path):
        return None
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _is_as_read(project: Project, name: str, data: bytes | None) -> bool:
    """Tell whether a file still holds what the build read of it."""
    return name in SETTINGS or (None if data is None else decode(data).text) == project.text_if_there(name)
