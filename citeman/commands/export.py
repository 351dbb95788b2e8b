"""`export`: papers as BibTeX, CSL-JSON, RIS or Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from citeman.commands.build import references_of
from citeman.config import did_you_mean
from citeman.errors import UsageError
from citeman.project import Project

ENDINGS = {"bib": "bib", "json": "csl-json", "ris": "ris", "md": "markdown", "txt": "references"}
"""Ending of a file -> what is written into it."""


def export(project: Project, form: str, keys: Sequence[str] = (), sections: Sequence[str] = (), style: str = "") -> str:
    """Return the papers of these keys and sections (all where neither is given) in a form: bib, csl-json, ris, markdown or
    references (one a line, in the CSL style `style`, by default the setting `csl`, else the built-in style).

    Raises UsageError, with a near miss, for an unknown form, section or key.
    """
    from citeman import render

    if form not in render.FORMS:
        raise UsageError(f"--format {form!r} is none of {', '.join(render.FORMS)}{did_you_mean(form, render.FORMS)}")
    library = project.library
    references = references_of(project, style) if form == "references" else None
    return render.export(library, form, keys, [library.place(section) for section in sections], references)


def form_of(file: str) -> str:
    """Return the form that a file's ending asks for, BibTeX where it asks for none."""
    return ENDINGS.get(file.rpartition(".")[2].lower(), "bib")
