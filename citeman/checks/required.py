"""The fields that an entry of each type must have: what BibTeX's standard styles and biblatex both ask for."""

from __future__ import annotations

from collections.abc import Iterator

from citeman.checks import Problem, Rule
from citeman.library import Library
from citeman.model import Entry

AUTHOR = ("author",)
MAKER = ("author", "editor", "organization", "institution")
TITLE = ("title",)
YEAR = ("year", "date", "pubstate")
BOOK = ("booktitle",)
SCHOOL = ("school", "institution")
HOUSE = ("institution", "school", "organization", "publisher")
ADDRESS = ("url", "doi", "eprint", "howpublished", "note")
WHO = ("author", "editor", "translator")

REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    "article": (AUTHOR, TITLE, ("journal", "journaltitle", "eprint"), YEAR),
    "book": (WHO, TITLE, YEAR),
    "mvbook": (WHO, TITLE, YEAR),
    "booklet": (TITLE,),
    "inbook": (WHO, TITLE, YEAR),
    "bookinbook": (WHO, TITLE, YEAR),
    "incollection": (AUTHOR, TITLE, BOOK, YEAR),
    "collection": (TITLE, YEAR),
    "mvcollection": (TITLE, YEAR),
    "inproceedings": (AUTHOR, TITLE, BOOK, YEAR),
    "conference": (AUTHOR, TITLE, BOOK, YEAR),
    "proceedings": (TITLE, YEAR),
    "mvproceedings": (TITLE, YEAR),
    "phdthesis": (AUTHOR, TITLE, SCHOOL, YEAR),
    "mastersthesis": (AUTHOR, TITLE, SCHOOL, YEAR),
    "thesis": (AUTHOR, TITLE, SCHOOL, YEAR),
    "techreport": (MAKER, TITLE, HOUSE, YEAR),
    "report": (MAKER, TITLE, HOUSE, YEAR),
    "manual": (TITLE,),
    "unpublished": (AUTHOR, TITLE),
    "online": (TITLE, ADDRESS),
    "electronic": (TITLE, ADDRESS),
    "www": (TITLE, ADDRESS),
    "patent": (AUTHOR, TITLE, YEAR),
    "dataset": (TITLE,),
    "software": (TITLE,),
}
"""Entry type -> groups of fields, one of each group is wanted; a type that is not here asks for nothing."""

_OTHERS = (
    "misc audio artwork bibnote commentary image inreference jurisdiction legislation legal letter movie music mvreference "
    "performance periodical preprint reference review set softwaremodule softwareversion codefragment standard suppbook "
    "suppcollection suppperiodical video xdata"
)
TYPES = (*REQUIRED, *_OTHERS.split())
"""Every entry type of BibTeX and biblatex."""

_INSTEAD = {"author": ("shortauthor", "key", "label"), "title": ("maintitle", "shorttitle")}
"""What an entry may rightly have for want of a field."""


def missing_field(library: Library) -> Iterator[Problem]:
    """Yield every entry that lacks a field its type asks for; inherited ones count."""
    for entry in library.bibliography.entries:
        wanted = REQUIRED.get(entry.type, ())
        if not _lacking(entry, wanted):
            continue
        lacking = _lacking(library.bibliography.resolved(entry), wanted)
        if lacking and not _is_cut_off(library, entry):
            message = f"this {entry.type} lacks {_listed(lacking)}; add {'it' if len(lacking) == 1 else 'them'}"
            yield Problem(message, library.bibliography.path, entry.line, entry.key)


def _is_cut_off(library: Library, entry: Entry) -> bool:
    """Whether an entry inherits from one that is not there: what it lacks may stand in that one."""
    parents = (key.strip() for name in ("crossref", "xdata") for key in entry.get(name).split(","))
    return any(key and not library.bibliography.get(key) for key in parents)


def _lacking(entry: Entry, wanted: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    if not wanted:
        return []
    given = {field.name for field in entry.fields if field.value.strip(" {}")}
    return [group for group in wanted if given.isdisjoint(group) and given.isdisjoint(_INSTEAD.get(group[0], ()))]


def _listed(lacking: list[tuple[str, ...]]) -> str:
    *most, last = (" or ".join(f"`{name}`" for name in group[:2]) for group in lacking)
    return f"{', '.join(most)} and {last}" if most else last


RULES = (Rule("entry-missing-field", "warning", "an entry without a field that its type asks for", missing_field),)
