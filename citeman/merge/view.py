"""An entry and upstream's facts seen alike: under the same field names, with what neither is to say about the other left out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from citeman import ids, tex
from citeman.merge.combine import Combined
from citeman.merge.meaning import PREPRINT_TYPES
from citeman.model import Entry, Record

ALIASES = {
    "journaltitle": "journal",
    "location": "address",
    "archiveprefix": "eprinttype",
    "primaryclass": "eprintclass",
}
"""Other names of fields, and the name under which they are compared; an entry keeps the name it uses."""
UNASKED = frozenset(["issn", "isbn", "month", "day", "language", "langid", "keywords", "abstract", "eid", "urldate", "copyright"])
"""Fields that upstream keeps up to date where an entry has them and never adds by itself."""
OF_THE_PREPRINT = frozenset(["title", "author", "eprint", "eprinttype", "eprintclass"])
"""What a preprint may say of an entry that stands for the published work."""
BOOKS = ("book", "proceedings", "collection", "manual")
_ORDER = """
title author editor journal booktitle series volume number pages year date edition publisher address school institution doi isbn
eprint eprinttype eprintclass url
"""
ORDER = {name: place for place, name in enumerate(_ORDER.split())}
"""The usual order of fields in a new entry."""
VENUES = ("journal", "booktitle")
PLACEHOLDERS = (*VENUES, "publisher", "howpublished", "note", "institution", "series", "number", "volume", "pages", "doi")
"""Fields that people and programs fill with "arXiv preprint …" and the like, for want of a venue."""
PREPRINT_WORDS = re.compile(
    r"arxiv|corr|abs|e ?prints?|pre ?prints?|available|at|https?|org|technical report|report|doi|v?\d+|(cs|stat|math|ph|physics|"
    r"cond|mat|hep|quant|q|eess|nlin|dis|nn) [a-z]{2}|\s"
)


def names_of(entry: Entry) -> dict[str, str]:
    """Map the names under which fields are compared to the names that the entry itself uses."""
    return {_common(field.name, entry.type): field.name for field in reversed(entry.fields)}


def ours(entry: Entry) -> dict[str, str]:
    """The entry's own values, its type among them, under the names in which they are compared."""
    values = {name: entry.get(own) for name, own in names_of(entry).items()}
    return {name: value for name, value in values.items() if value.strip()} | {"type": entry.type}


def theirs(combined: Combined, entry: Entry) -> dict[str, str]:
    """Upstream's facts as far as they concern this entry: one way of giving the date, no address that an identifier gives,
    nothing unasked, and of a published work nothing that only the preprint says."""
    mine = ours(entry)
    facts = {_common(name, entry.type): value for name, value in combined.fields.items()} | {"type": combined.type}
    dropped = {"date"} if "year" in mine or "date" not in mine else {"year"}
    dropped |= UNASKED - mine.keys()
    if _is_redundant(facts):
        dropped.add("url")
    if "date" in mine and "date" not in facts:
        facts["date"] = facts.get("year", "")
    if is_published(entry) and not combined.formal:
        dropped |= facts.keys() - OF_THE_PREPRINT
    return {name: value for name, value in facts.items() if value and name not in dropped}


def new_fields(combined: Combined) -> dict[str, str]:
    """The fields of a new entry for a work, in the usual order: what `plan` would then find nothing to add to or to change."""
    said = theirs(combined, Entry(combined.type, "", ()))
    if combined.type in BOOKS and combined.fields.get("isbn"):
        said["isbn"] = combined.fields["isbn"]
    return {name: said[name] for name in sorted(said, key=lambda name: ORDER.get(name, len(ORDER))) if name != "type"}


def is_published(entry: Entry) -> bool:
    """Whether an entry stands for a version of record: by its type, and for papers by a real venue or a publisher's DOI."""
    if entry.type in PREPRINT_TYPES:
        return False
    mine = ours(entry)
    if any(mine.get(name) and not is_placeholder(name, mine[name]) for name in (*VENUES, "doi", "publisher", "isbn")):
        return True
    if entry.type in {*BOOKS, "phdthesis", "mastersthesis", "thesis", "inbook"}:
        return True
    return not any(identifier.kind == "arxiv" for identifier in ids.of_entry(entry))


def is_placeholder(name: str, value: str) -> bool:
    """Whether a value only says that the work is on arXiv, or is empty."""
    if name not in PLACEHOLDERS or not value.strip():
        return not value.strip()
    identifier = ids.parse(value)
    if identifier and identifier.kind == "arxiv":
        return True
    words = tex.fold(value)
    return bool(re.search(r"\b(arxiv|corr)\b|^abs \d", words)) and not PREPRINT_WORDS.sub("", words)


def as_record(entry: Entry) -> Record:
    """The entry as if it were one more source, to be compared with what upstream says."""
    mine = ours(entry)
    year = mine.get("year") or mine.get("date", "")
    return Record("file", "", entry.type, mine | {"year": year})


def _common(name: str, type: str) -> str:
    """The name under which a field is compared; who awards a degree is the `school` of a thesis and else an `institution`."""
    if name in {"school", "institution"}:
        return "school" if type.endswith("thesis") else "institution"
    return ALIASES.get(name, name)


def _is_redundant(facts: Mapping[str, str]) -> bool:
    """Whether the address is only the DOI or the eprint once more."""
    address = ids.parse(facts.get("url", ""))
    known = [ids.parse(facts.get("doi", "")), ids.parse(facts.get("eprint", ""))]
    return address is None or address in known
