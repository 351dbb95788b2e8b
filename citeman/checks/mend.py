"""Safe mendings of entries: edits of one field, where the file writes it plainly enough to be sure."""

from __future__ import annotations

from collections.abc import Mapping

from citeman.errors import CitemanError
from citeman.library import Library
from citeman.model import Entry, Field, Fix


def is_plain(library: Library, field: Field) -> bool:
    """Tell whether a value stands in the source as it reads: one delimited text, no macro, no concatenation."""
    written = library.bibliography.source[field.value_start : field.value_end]
    return written[:1] in ("{", '"') and " ".join(written[1:-1].split()) == " ".join(field.value.split())


def change(
    library: Library, entry: Entry, description: str, set: Mapping[str, str] | None = None, remove: tuple[str, ...] = ()
) -> Fix | None:
    """Return the fix that sets and removes these fields; None where a field is not plain or the file cannot hold the value."""
    touched = [field for field in entry.fields if field.name in {*(set or {}), *remove}]
    names = [field.name for field in touched]
    if len(names) != len(frozenset(names)) or not all(is_plain(library, field) for field in touched):
        return None
    try:
        edits = library.bibliography.edit_entry(entry, set=set or {}, remove=remove)
    except CitemanError:
        return None
    return Fix(description, tuple(edits)) if edits else None
