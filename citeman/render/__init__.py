"""Reading lists as pages and files: from the library to HTML, BibTeX, CSL-JSON, RIS, Markdown and Atom; values in, texts out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from citeman.bib import Bibliography
    from citeman.library import Library, Place
    from citeman.lock import Lock
    from citeman.render.entries import Card, Read
    from citeman.render.page import Plan
    from citeman.render.view import Cue


def load() -> None:
    """Load what rendering is done with, which takes a moment: for who has to wait for something else anyway."""
    import citeman.render.gather
    import citeman.render.site  # noqa: F401
    from citeman.render import theme

    theme.load()


def read(bibliography: Bibliography, lock: Lock | None) -> Read:
    """Return what a plan shows of every paper, in the built-in style of references; it can be read in another process."""
    from citeman.render.entries import read

    return read(bibliography, lock)


def plan(
    library: Library,
    theme: Mapping[str, str] | None = None,
    references: Mapping[str, str] | None = None,
    cues: Iterable[Cue] | None = None,
    kept: Mapping[str, Card] | None = None,
    read: Read | None = None,
) -> Plan:
    """Return every file of the library's site, not yet written; `kept` are cards of an earlier plan, `read` is what `read` gave.

    `theme` holds the project's own templates (`section.html.j2`) and static files (`style.css`) by name, in place of citeman's;
    `references` the HTML of references by citation key, in place of the built-in style's;
    `cues` what the page of what is left to cite shows, which is there only where they are given.
    To write a page raises CitemanError for a template that is none.
    """
    from citeman.render.gather import site_of
    from citeman.render.page import Plan
    from citeman.render.site import files

    site, cards = site_of(library, references, kept, read)
    pages = files(site if cues is None else site._replace(cues=tuple(cues)), theme or {}, library.config.theme)
    return Plan(pages, cards)


def live_script() -> str:
    """Return the script by which a page that is shown live listens for news."""
    from citeman.render.theme import own_file

    return own_file("static", "live.js")


def fragments(
    library: Library,
    theme: Mapping[str, str] | None = None,
    references: Mapping[str, str] | None = None,
    kept: Mapping[str, Card] | None = None,
    read: Read | None = None,
) -> Plan:
    """Return a bare HTML fragment for each section, and the style sheet `citeman.css`, as `plan` does pages."""
    from citeman.render.gather import site_of
    from citeman.render.page import Plan
    from citeman.render.pieces import fragments

    site, cards = site_of(library, references, kept, read)
    return Plan(fragments(site, theme or {}, library.config.theme), cards)


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

    As Markdown a place keeps its reading list with the whys. Raises UsageError with a near miss for an unknown key.
    """
    from citeman.render.selection import export

    return export(library, form, keys, places, references)
