"""BibTeX and BibLaTeX snippets: a person's own facts, kept as they were written."""

from __future__ import annotations

from collections.abc import Mapping

from citeman.bib import Bibliography
from citeman.sources.files.found import Found, made
from citeman.text import line_of

PRIVATE = frozenset(
    {"file", "keywords", "timestamp", "owner", "bibsource", "biburl", "bdsk-file-1", "date-added", "date-modified", "groups"}
)
"""Fields that a reference manager keeps for itself."""
POINTERS = ("crossref", "xdata")
"""Fields that name the entry to inherit from; of no use once that is done."""
_ALIASES: Mapping[str, str] = {"archiveprefix": "eprinttype", "primaryclass": "eprintclass", "journaltitle": "journal"}


def read(text: str, path: str) -> tuple[list[Found], list[tuple[int, str]]]:
    """Read all entries, with what they inherit from others of the file; what is broken is told with its line."""
    bibliography = Bibliography.parse(text, path)
    found = []
    for entry in map(bibliography.resolved, bibliography.entries):
        fields = {_ALIASES.get(field.name, field.name): field.value for field in reversed(entry.fields)}
        abstract = fields.pop("abstract", "")
        spent = {name for name in POINTERS if bibliography.get(fields.get(name, ""))}
        kept = {name: " ".join(value.split()) for name, value in reversed(fields.items()) if name not in PRIVATE | spent}
        found.append(made(entry.type, kept, entry.key, abstract, entry.line))
    broken = [block for block in bibliography.blocks if block.kind == "broken"]
    return found, [(line_of(text, block.start), "this entry is broken; its braces or commas do not match") for block in broken]
