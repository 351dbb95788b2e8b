"""Where a new paper may belong: places ranked by how alike it is to their text and papers."""

from __future__ import annotations

from citeman import likeness, tex
from citeman.commands.add.works import Work
from citeman.library import Library, Place


def likely_places(library: Library, work: Work) -> list[tuple[Place, float]]:
    """Return the places of the guides, the likeliest first, with their likeness from 0 to 1."""
    documents = {place.name: document(library, place) for place in library.places}
    text = " ".join([tex.to_text(work.combined.fields.get("title", "")), *(record.abstract for record in work.records)])
    by_name = {place.name: place for place in library.places}
    return [(by_name[name], score) for name, score in likeness.rank(text, documents)]


def document(library: Library, place: Place) -> str:
    """Return what a place is about: its title, its text, the titles and whys of what it lists."""
    parts = [place.section.title]
    guide = place.volume.guide
    section = guide.section(place.section.anchor) if guide else None
    if guide and section:
        parts.append(guide.text_of(section))
    for item in place.section.reading:
        entry = library.bibliography.get(item.key) if item.key else None
        parts += [tex.to_text(entry.get("title")) if entry else item.title, item.why]
    return " ".join(parts)
