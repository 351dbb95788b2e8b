"""Reading lists as pages and files: from the library to HTML, BibTeX, CSL-JSON, RIS, Markdown and Atom; values in, texts out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from citeman.library import Library, Place
    from citeman.render.view import Cue


def files(
    library: Library,
    theme: Mapping[str, str] | None = None,
    references: Mapping[str, str] | None = None,
    cues: Iterable[Cue] | None = None,
) -> Iterator[tuple[str, str]]:
    """Yield the path and text of every file of the library's site, in a fixed order; paths are relative and POSIX.

    `theme` holds the project's own templates (`section.html.j2`) and static files (`style.css`) by name, in place of citeman's;
    `references` the HTML of references by citation key, in place of the built-in style's;
    `cues` what the page of what is left to cite shows, which is there only where they are given.
    Raises CitemanError for a template that is none.
    """
    return ((path, write()) for path, write in plan(library, theme, references, cues))


def plan(
    library: Library,
    theme: Mapping[str, str] | None = None,
    references: Mapping[str, str] | None = None,
    cues: Iterable[Cue] | None = None,
) -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield the path of every file that `files` yields, and how to write its text."""
    from citeman.render.gather import site_of
    from citeman.render.site import files

    site = site_of(library, references)
    return files(site if cues is None else site._replace(cues=tuple(cues)), theme or {}, library.config.theme)


def live_script() -> str:
    """Return the script by which a page that is shown live listens for news."""
    from citeman.render.theme import own_file

    return own_file("static", "live.js")


def fragments(
    library: Library, theme: Mapping[str, str] | None = None, references: Mapping[str, str] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield the path and text of a bare HTML fragment for each section, and of the style sheet `citeman.css`."""
    from citeman.render.gather import site_of
    from citeman.render.pieces import fragments

    return fragments(site_of(library, references), theme or {}, library.config.theme)


FORMS = ("bib", "csl-json", "ris", "markdown", "references")
"""What `export` can write."""


def csl_items(library: Library) -> list[dict[str, Any]]:
    """Return every paper as a CSL-JSON item."""
    from citeman.render.formats.csl_json import item
    from citeman.render.works import work_of

    bibliography = library.bibliography
    return [item(work_of(bibliography.resolved(entry))) for key in bibliography.keys if (entry := bibliography.get(key))]


def export(
    library: Library,
    form: str,
    keys: Sequence[str] = (),
    places: Sequence[Place] = (),
    references: Mapping[str, str] | None = None,
) -> str:
    """Return papers in one of the FORMS: those of `keys` and of `places`, each once, in that order; all where neither is given.

    As Markdown a place keeps its reading list with the whys. Raises CitemanError with a near miss for an unknown key.
    """
    from citeman.render.selection import export

    return export(library, form, keys, places, references)
