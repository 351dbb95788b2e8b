"""A work that a file tells of, as a record."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from citeman import ids
from citeman.model import Entry, Field, Record
from citeman.sources import wording


@dataclass(frozen=True, slots=True)
class Found:
    """One work of a file."""

    record: Record
    """Its identifier is empty when the file gives none."""
    key: str = ""
    """The citation key that the file gives it."""
    line: int = 0


def made(type: str, fields: Mapping[str, str], key: str = "", abstract: str = "", line: int = 0) -> Found:
    """Make a record of an entry type and fields; its identifier is the best that the fields hold."""
    filled = wording.filled({name: value.strip() for name, value in fields.items()})
    entry = Entry(type, key, tuple(Field(name, value, 0, 0, 0, 0, 0) for name, value in filled.items()))
    identifiers = ids.of_entry(entry)
    main = identifiers[0] if identifiers else None
    preprint = next((str(one) for one in identifiers if one.kind == "arxiv" and one != main), "")
    date = filled.get("date") or filled.get("year", "")
    record = Record(
        source="file",
        identifier=str(main) if main else "",
        type=type,
        fields=filled,
        version=next((one.version for one in identifiers if one.kind == "arxiv"), 0),
        published=date if re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", date) else "",
        abstract=abstract,
        preprint=preprint,
        hash=hashlib.sha256(json.dumps([type, filled], sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
    )
    return Found(record, key, line)


def preprint_or(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields with arXiv's own DOI or address turned into an eprint."""
    for name in ("doi", "url", "number"):
        identifier = ids.parse(fields.get(name, ""))
        if identifier and identifier.kind == "arxiv":
            kept = {other: value for other, value in fields.items() if other not in {name, "url", "publisher"}}
            return {**kept, "eprint": identifier.value, "eprinttype": "arxiv"}
    return dict(fields)
