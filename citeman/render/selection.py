"""Some of the library's papers as one text that another program takes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence

from citeman.library import Library, Place
from citeman.render.formats import bibtex, csl_json, markdown, ris
from citeman.render.gather import Gathering
from citeman.render.view import Paper

_WRITERS: Mapping[str, Callable[[Sequence[Paper]], str]] = {
    "bib": lambda papers: bibtex.join((paper.work.key, paper.source) for paper in papers),
    "csl-json": lambda papers: csl_json.dump(paper.work for paper in papers),
    "ris": lambda papers: ris.dump(paper.work for paper in papers),
    "markdown": markdown.papers,
    "references": lambda papers: "".join(f"{as_text(paper.reference_html)}\n" for paper in papers),
}


def export(
    library: Library, form: str, keys: Sequence[str], places: Sequence[Place], references: Mapping[str, str] | None
) -> str:
    """Return the papers of the keys and the places, all where neither is given."""
    gathering = Gathering(library, references)
    if not keys and not places:
        return library.bibliography.source if form == "bib" else _WRITERS[form](_papers(gathering, library.bibliography.keys))
    if form == "markdown" and places:
        lists = [markdown.section(gathering.section(place)) for place in places]
        return "\n".join([*lists, *([_WRITERS[form](_papers(gathering, keys))] if keys else [])])
    listed = [item.key for place in places for item in place.section.reading if library.bibliography.get(item.key)]
    return _WRITERS[form](_papers(gathering, list(dict.fromkeys([*keys, *listed]))))


def as_text(reference: str) -> str:
    """Return a reference's HTML as plain text."""
    return html.unescape(re.sub("<[^>]*>", "", reference))


def _papers(gathering: Gathering, keys: Sequence[str]) -> list[Paper]:
    return [paper for key in keys if (paper := gathering.shelf.paper(gathering.library.entry(key).key))]
