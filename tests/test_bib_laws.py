"""Laws over sources that nobody would write: reading agrees with bibtexparser where that is right, and edits keep to their entry."""

from __future__ import annotations

import logging
from pathlib import Path

from bibtexparser import model
from bibtexparser.entrypoint import parse_string
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from citeman.bib import Bibliography
from citeman.errors import CitemanError
from citeman.text import apply, decode
from tests.test_bib import check_spans
from tests.test_bib_changes import TEXTS
from tests.test_bib_edits import Shape, shape

SCRAPS = [
    "title = {x}",
    "year=2000",
    'note = "q"',
    "m = jan",
    "a = b # {c}",
    "n=",
    "% c\n",
    "% c, d = {e}\n",
    ",",
    ",\n  ",
    " ",
    "\n",
    "}",
    "{",
    "junk",
    "x = y z",
    "{j}",
    "\\",
]
ENTRIES = st.builds(
    lambda opening, joint, parts, closing: opening + joint.join(parts) + closing,
    st.sampled_from(["@misc{key, ", "@misc{key,\n  ", "@misc{key", "@misc{", "@misc(key,\n"]),
    st.sampled_from(["", ", ", ",\n  ", "\n, "]),
    st.lists(st.sampled_from(SCRAPS), max_size=7),
    st.sampled_from(["}\n", ",\n}\n", ")\n"]),
)
SOURCES = st.lists(ENTRIES | TEXTS, min_size=1, max_size=3).map("".join)


def theirs(source: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The entries as bibtexparser sees them, duplicates included."""
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    found = []
    for block in parse_string(source, parse_stack=[]).blocks:
        while isinstance(block, model.ParsingFailedBlock) and block.ignore_error_block:
            block = block.ignore_error_block
        if isinstance(block, model.Entry) and block.entry_type:
            found.append((block.key, [(field.key.lower(), field.value) for field in block.fields]))
    return found


def ours(bibliography: Bibliography) -> list[tuple[str, list[tuple[str, str]]]]:
    source = bibliography.source
    return [
        (entry.key, [(field.name, source[field.value_start : field.value_end]) for field in entry.fields])
        for entry in bibliography.entries
    ]


def is_plain(bibliography: Bibliography) -> bool:
    """Whether nothing is odd, so that there is one way only to read the source; bibtexparser takes `@commentary` for a comment."""
    if any(block.notes or block.kind == "broken" for block in bibliography.blocks):
        return False
    odd = set('={"')
    return all(
        entry.key and not odd & set(entry.key) and not entry.type.startswith(("comment", "string", "preamble"))
        for entry in bibliography.entries
    )


@settings(max_examples=60, deadline=None)
@given(source=SOURCES)
def test_spans_hold_in_any_source(source: str) -> None:
    check_spans(Bibliography.parse(source))


@settings(max_examples=60, deadline=None)
@given(source=SOURCES)
def test_where_nothing_is_odd_bibtexparser_sees_the_same(source: str) -> None:
    bibliography = Bibliography.parse(source)
    assume("\\" not in source and is_plain(bibliography))  # a backslash is read as BibTeX reads it
    assert ours(bibliography) == theirs(source)


def test_bibtexparser_sees_the_same_in_real_files(shared: Path) -> None:
    files = sorted((shared / "corpora" / "bib").rglob("*.bib"))[::9]
    compared = 0
    for path in files:
        source = decode(path.read_bytes()).text
        bibliography = Bibliography.parse(source)
        if is_plain(bibliography) and '{"}' not in source and "\\\\" not in source:
            assert ours(bibliography) == theirs(source), path
            compared += 1
    assert compared > 0.8 * len(files)


@settings(max_examples=60, deadline=None)
@given(source=SOURCES, data=st.data())
def test_an_edit_keeps_to_its_entry_or_is_refused(source: str, data: st.DataObject) -> None:
    bibliography = Bibliography.parse(source)
    rules = {rule for block in bibliography.blocks for rule, _, _ in block.notes}
    # What is broken, or holds entries as text, can be whole again when its neighbour changes.
    assume(bibliography.entries and rules.isdisjoint({"bib-unparsable-block", "bib-entry-in-value", "bib-commented-entry"}))
    before = shape(bibliography)
    index = data.draw(st.integers(0, len(before) - 1))
    entry = bibliography.entries[index]
    type, key, fields = before[index]
    name = data.draw(st.sampled_from([name for name, _ in fields] or ["title"]))

    def with_entry(*entries: tuple[str, str, list[tuple[str, str]]]) -> Shape:
        return [*before[:index], *entries, *before[index + 1 :]]

    first = next((place for place, field in enumerate(fields) if field[0] == name), len(fields))
    edits, expected = data.draw(
        st.sampled_from(
            [
                (lambda: bibliography.set_field(entry, name, "{N}"), [*fields[:first], (name, "{N}"), *fields[first + 1 :]]),
                (lambda: bibliography.remove_field(entry, name), [field for field in fields if field[0] != name]),
                (lambda: bibliography.set_field(entry, "zz", "N"), [*fields, ("zz", "N")]),
                (lambda: bibliography.retype(entry, "book"), ("book", key, fields)),
                (lambda: bibliography.rekey(entry, "new:k"), (type, "new:k", fields)),
                (lambda: bibliography.remove_entry(entry), None),
            ]
        )
    )
    try:
        after = shape(Bibliography.parse(apply(source, edits())))
    except CitemanError:
        return
    if isinstance(expected, list):
        expected = (type, key, expected)
    assert ordered(after) == ordered(with_entry(expected) if expected else with_entry())


def ordered(entries: Shape) -> Shape:
    """Forget where among its entry's fields the new one stands."""
    return [(type, key, sorted(fields, key=lambda field: field[0] == "zz")) for type, key, fields in entries]
