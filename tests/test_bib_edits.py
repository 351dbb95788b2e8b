"""Changing a bibliography: every edit changes its own bytes only, and looks as the file looks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeman.bib import Bibliography
from citeman.errors import CitemanError
from citeman.model import Entry
from citeman.text import Edit, apply, decode
from tests.test_bib import FILES, check_spans, read, variants

Shape = list[tuple[str, str, list[tuple[str, str]]]]
FIELDS = {"year": "2021", "title": "Gradient Descent on {N}eural Nets", "author": "Cohen, J. and Li, Y.", "month": "aug"}


def shape(bibliography: Bibliography) -> Shape:
    return [(entry.type, entry.key, [(field.name, field.value) for field in entry.fields]) for entry in bibliography.entries]


def check_edit(bibliography: Bibliography, edits: list[Edit], change: Callable[[Shape], object]) -> str:
    """Apply edits and hold what is then read against what should be; the rest of the bytes is `apply`'s own promise."""
    expected = shape(bibliography)
    change(expected)
    edited = apply(bibliography.source, edits)
    parsed = Bibliography.parse(edited)
    assert shape(parsed) == expected
    check_spans(parsed)
    return edited


def check_every_edit(bibliography: Bibliography, index: int) -> None:
    """Make each kind of change to one entry."""
    entry = bibliography.entries[index]
    kept = [(field.name, field.value) for field in entry.fields]

    def with_fields(fields: list[tuple[str, str]]) -> Callable[[Shape], None]:
        return lambda entries: entries.__setitem__(index, (entry.type, entry.key, fields))

    check_edit(bibliography, bibliography.remove_entry(entry), lambda entries: entries.pop(index))
    check_edit(
        bibliography,
        bibliography.retype(entry, "online"),
        lambda entries: entries.__setitem__(index, ("online", entry.key, kept)),
    )
    for name in dict.fromkeys(name for name, _ in kept):
        others = [pair for pair in kept if pair[0] != name]
        check_edit(bibliography, bibliography.remove_field(entry, name), with_fields(others))
        first = [pair[0] for pair in kept].index(name)
        new = [*kept[:first], (name, "A {new} value"), *kept[first + 1 :]]
        check_edit(bibliography, bibliography.set_field(entry, name, "A {new} value"), with_fields(new))
    added = Bibliography.parse(apply(bibliography.source, bibliography.set_field(entry, "x-new", "A {new} value")))
    fields = [(field.name, field.value) for field in added.entries[index].fields]
    assert sorted(fields) == sorted([*kept, ("x-new", "A {new} value")])
    assert [pair for pair in fields if pair[0] != "x-new"] == kept
    assert shape(added)[:index] + shape(added)[index + 1 :] == shape(bibliography)[:index] + shape(bibliography)[index + 1 :]


def check_additions(bibliography: Bibliography) -> None:
    edited = Bibliography.parse(apply(bibliography.source, bibliography.add_entry("article", "mm:new", FIELDS)))
    entry = edited.get("mm:new")
    assert entry
    assert {field.name: field.value for field in entry.fields} == FIELDS | {"month": entry.get("month")}
    assert [found for found in shape(edited) if found[1] != "mm:new"] == shape(bibliography)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_edit_shows_just_itself(path: Path) -> None:
    for source in variants(path.read_text(encoding="utf-8")):
        bibliography = Bibliography.parse(source)
        for index in range(len(bibliography.entries)):
            check_every_edit(bibliography, index)
        check_additions(bibliography)


def test_real_files_keep_the_laws(shared: Path) -> None:
    files = [path for folder in ("bib", "guides", "bib-big") for path in sorted((shared / "corpora" / folder).rglob("*.bib"))]
    assert len(files) > 100
    for number, path in enumerate(files):
        if number % 2 or path.stat().st_size > 500_000:
            continue
        source = decode(path.read_bytes()).text
        bibliography = Bibliography.parse(source)
        check_spans(bibliography)
        if len(source) > 100_000 or number % 24:
            continue
        if bibliography.entries:
            check_every_edit(bibliography, number % len(bibliography.entries))
        check_additions(bibliography)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        (
            "aligned.bib",
            "@article{cohen2021gradient,\n  author    = {Cohen, J. and Li, Y.},\n"
            "  title     = {Gradient Descent on {N}eural Nets},\n  year      = {2021},\n  month     = aug,\n}\n",
        ),
        (
            "commas-first.bib",
            '@article{cohen2021gradient\n , author = "Cohen, J. and Li, Y."\n , title = "Gradient Descent on {N}eural Nets"\n'
            " , year = 2021\n , month = aug\n }\n",
        ),
        (
            "right-aligned.bib",
            "@ARTICLE{cohen2021gradient,\n       author = {Cohen, J. and Li, Y.},\n"
            "        title = {Gradient Descent on {N}eural Nets},\n         year = 2021,\n        month = aug\n}\n",
        ),
        (
            "shouting.bib",
            '@ARTICLE(cohen2021gradient,\n  AUTHOR = "Cohen, J. and Li, Y.",\n  TITLE = "Gradient Descent on {N}eural Nets",\n'
            "  YEAR = 2021,\n  MONTH = aug)\n",
        ),
        (
            "one-line.bib",
            "@article{cohen2021gradient, author={Cohen, J. and Li, Y.}, title={Gradient Descent on {N}eural Nets}, year={2021},"
            " month=aug}\n",
        ),
        (
            "commented.bib",
            "@article{cohen2021gradient,\n  author = {Cohen, J. and Li, Y.},\n  title = {Gradient Descent on {N}eural Nets},\n"
            "  year = {2021},\n  month = aug,\n}\n",
        ),
    ],
)
def test_a_new_entry_looks_as_the_file_does(name: str, written: str) -> None:
    bibliography = read(name)
    result = apply(bibliography.source, bibliography.add_entry("article", "cohen2021gradient", FIELDS))
    assert written in result
    rest = result.replace(written, "", 1)
    assert rest.replace("\n", "") == bibliography.source.replace("\n", "")


def test_a_sorted_file_stays_sorted() -> None:
    bibliography = read("aligned.bib")
    result = apply(bibliography.source, bibliography.add_entries([("misc", key, {}) for key in ("zeta", "carl", "aa", "beta")]))
    assert Bibliography.parse(result).keys == ("aa", "adams2019slow", "beta", "carl", "cole1998theory", "diaz2020edge", "zeta")
    assert "}\n\n@misc{carl,\n}\n\n% A note of ours, about the next one.\n@book{cole1998theory" in result
    assert "% Papers on learning, sorted by key.\n\n@misc{aa,\n}\n\n@article{adams2019slow" in result
    assert result.endswith("}\n\n@misc{zeta,\n}\n")


def test_a_file_without_order_gets_new_entries_at_its_end_in_the_order_given() -> None:
    bibliography = read("shouting.bib")
    result = apply(bibliography.source, bibliography.add_entries([("misc", "b", {}), ("misc", "a", {})]))
    assert result == bibliography.source + "\n@MISC(b,)\n\n@MISC(a,)\n"


@pytest.mark.parametrize("source", ["", "\ufeff", "\n", "\ufeff\n"])
def test_an_empty_file_gets_the_house_style(source: str) -> None:
    edits = Bibliography.parse(source).add_entry("Article", "cohen2021gradient", {"Year": "2021", "title": "A {B}"})
    assert apply(source, edits) == source + "@article{cohen2021gradient,\n  title = {A {B}},\n  year = {2021},\n}\n"


def test_the_block_that_a_program_keeps_at_the_end_stays_at_the_end() -> None:
    source = "@misc{a, title={x}}\n\n@Comment{jabref-meta: saveActions:enabled;}\n"
    result = apply(source, Bibliography.parse(source).add_entry("misc", "b", {"title": "y"}))
    assert result == "@misc{a, title={x}}\n\n@misc{b, title={y}}\n\n@Comment{jabref-meta: saveActions:enabled;}\n"


@pytest.mark.parametrize(
    ("entry", "name", "value", "result"),
    [
        ("@misc{a,\n  title = {x}\n}", "title", "y", "@misc{a,\n  title = {y}\n}"),
        ('@misc{a, title = "x"}', "title", "y", '@misc{a, title = "y"}'),
        ('@misc{a, title = "x"}', "title", 'the "y"', '@misc{a, title = {the "y"}}'),
        ("@misc{a, year = 2000}", "year", "2001", "@misc{a, year = 2001}"),
        ("@misc{a, year = 2000}", "year", "to appear", "@misc{a, year = {to appear}}"),
        ("@misc{a, month = aug}", "month", "sep", "@misc{a, month = sep}"),
        ("@misc{a, month = aug}", "month", "August", "@misc{a, month = aug}"),
        ("@misc{a, title = {x} # j}", "title", "y", "@misc{a, title = {y}}"),
        ("@misc{a, TITLE = {x}}", "title", "y", "@misc{a, TITLE = {y}}"),
        ("@misc{a}", "title", "y", "@misc{a,\n  title = {y},\n}"),
        ("@misc{a,}", "title", "y", "@misc{a,\n  title = {y},\n}"),
        ("@misc{a,\n}", "title", "y", "@misc{a,\n  title = {y},\n}"),
        ("@misc{a, title = {x}}", "author", "Y", "@misc{a, author = {Y}, title = {x}}"),
        ("@misc{a, title = {x}}", "year", "1", "@misc{a, title = {x}, year = {1}}"),
        ("@misc{a,\n\ttitle={x},\n\tnote={n},\n}", "year", "1", "@misc{a,\n\ttitle={x},\n\tyear={1},\n\tnote={n},\n}"),
        ("@misc{a,\n  title = {x} % why\n}", "year", "1", "@misc{a,\n  title = {x}, % why\n  year = {1}\n}"),
        ("@misc{a, title = {x} % why\n}", "year", "1", "@misc{a, title = {x}, % why\nyear = {1}\n}"),
        (
            "@misc{a,\n  title  = {x},\n  author = {y}\n}",
            "doi",
            "z",
            "@misc{a,\n  title  = {x},\n  author = {y},\n  doi    = {z}\n}",
        ),
        (
            "@misc{a,\n  title =  {x},\n  author = {y}\n}",
            "doi",
            "z",
            "@misc{a,\n  title =  {x},\n  author = {y},\n  doi =    {z}\n}",
        ),
        (
            "@misc{a,\n  title = {x}\n  year = 2000\n}",
            "author",
            "Y",
            "@misc{a,\n  author = {Y},\n  title = {x}\n  year = 2000\n}",
        ),
        ("@misc{a,\n  title = {x}\n  note = {n}\n}", "year", "1", "@misc{a,\n  title = {x},\n  year = {1},\n  note = {n}\n}"),
        ("@misc{title = {x}}", "year", "1", "@misc{title = {x}, year = {1}}"),
        ("@misc{, title = {x}}", "year", "1", "@misc{, title = {x}, year = {1}}"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "% before\n{}\n% after", "@misc{{other, x = {{y}}}}\n\n{}\n"])
def test_a_field_is_set_as_the_entry_would_have_it(around: str, entry: str, name: str, value: str, result: str) -> None:
    source = around.format(entry)
    bibliography = Bibliography.parse(source)
    wanted = next(found for found in bibliography.entries if found.key != "other")
    if around.startswith("@") and result.endswith(",\n}") and entry in ("@misc{a}", "@misc{a,}", "@misc{a,\n}"):
        return  # an entry with no fields takes the file's habits, which differ here
    assert apply(source, bibliography.set_field(wanted, name, value)) == around.format(result)


@pytest.mark.parametrize(
    ("entry", "result"),
    [
        ("@misc{a,\n  x = {1},\n  title = {t},\n}", "@misc{a,\n  title = {t},\n}"),
        ("@misc{a,\n  title = {t},\n  x = {1},\n}", "@misc{a,\n  title = {t},\n}"),
        ("@misc{a,\n  title = {t},\n  x = {1}\n}", "@misc{a,\n  title = {t}\n}"),
        ("@misc{a,\n  x = {1}\n}", "@misc{a,\n}"),
        ("@misc{a, x = {1}, title = {t}}", "@misc{a, title = {t}}"),
        ("@misc{a, title = {t}, x = {1}}", "@misc{a, title = {t}}"),
        ("@misc{a, x = {1}, x = {2}, title = {t}}", "@misc{a, title = {t}}"),
        ("@misc{a\n , x = {1}\n , title = {t}\n}", "@misc{a\n , title = {t}\n}"),
        ("@misc{a\n , title = {t}\n , x = {1}\n}", "@misc{a\n , title = {t}\n}"),
        ("@misc{a,\n  title = {t}, % why\n  x = {1},\n}", "@misc{a,\n  title = {t}, % why\n}"),
        ("@misc{a,\n  title = {t},\n  % about x\n  x = {1},\n}", "@misc{a,\n  title = {t},\n  % about x\n}"),
        ("@misc{a,\n  title = {t},\n  x = {1}, % why\n}", "@misc{a,\n  title = {t},\n   % why\n}"),
        ("@misc{a,\n  title = {t}, % why\n  x = {1}\n}", "@misc{a,\n  title = {t} % why\n}"),
    ],
)
def test_a_field_is_removed_with_its_comma(entry: str, result: str) -> None:
    assert apply(entry, Bibliography.parse(entry).remove_field("a", "X")) == result


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("@misc{a}\n\n@misc{x}\n\n@misc{b}\n", "@misc{a}\n\n@misc{b}\n"),
        ("@misc{x}\n\n@misc{b}\n", "@misc{b}\n"),
        ("@misc{a}\n\n@misc{x}\n", "@misc{a}\n"),
        ("@misc{a}\n\n@misc{x}", "@misc{a}"),
        ("@misc{a}\n@misc{x}\n@misc{b}\n", "@misc{a}\n@misc{b}\n"),
        ("@misc{x}\n", ""),
        ("\ufeff@misc{x}\n", "\ufeff"),
        ("@misc{a} @misc{x} @misc{b}", "@misc{a}  @misc{b}"),
        ("% about x\n@misc{x}\n\n@misc{b}\n", "% about x\n\n@misc{b}\n"),
        ("@misc{x} % about x\n\n@misc{b}\n", " % about x\n\n@misc{b}\n"),
        ("@misc{a}\n\n% about x\n@misc{x}\n", "@misc{a}\n\n% about x\n"),
        ("@misc{a}\n\n\n@misc{x}\n\n  @misc{b}\n", "@misc{a}\n\n\n  @misc{b}\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_entry_is_removed_with_its_blank_line(newline: str, source: str, result: str) -> None:
    source = source.replace("\n", newline)
    assert apply(source, Bibliography.parse(source).remove_entry("x")) == result.replace("\n", newline)


def test_type_and_key_change_and_what_points_to_the_key_follows() -> None:
    bibliography = read("inherits.bib")
    result = apply(bibliography.source, bibliography.edit_entry("press", type="misc", key="the-press"))
    assert result == bibliography.source.replace("@xdata{press", "@misc{the-press").replace(
        "{press, missing}", "{the-press, missing}"
    )


def test_what_points_to_a_key_in_other_capitals_follows_and_what_means_another_entry_does_not() -> None:
    source = (
        "@misc{a, crossref={Whole}}\n@misc{b, xdata={whole, wholes}}\n@misc{c, crossref={WHOLE}}\n@book{whole}\n"
        "@book{WHOLE}\n@book{WHOLE}\n"
    )
    bibliography = Bibliography.parse(source)
    result = apply(source, bibliography.rekey("whole", "new"))
    assert result == source.replace("{Whole}", "{new}").replace("{whole, ", "{new, ").replace("@book{whole}", "@book{new}")
    again = apply(source, bibliography.rekey(bibliography.entries[-1], "new"))
    assert again == source.removesuffix("WHOLE}\n") + "new}\n"


def test_an_upper_case_type_stays_upper_case() -> None:
    source = "@ARTICLE{a, title={x}}"
    assert apply(source, Bibliography.parse(source).retype("a", "book")) == "@BOOK{a, title={x}}"


def test_an_entry_without_a_key_can_be_given_one() -> None:
    for source, result in [("@misc{, t={x}}", "@misc{k, t={x}}"), ("@misc{ t={x}}", "@misc{ k,t={x}}"), ("@misc{}", "@misc{k}")]:
        bibliography = Bibliography.parse(source)
        assert apply(source, bibliography.rekey(bibliography.entries[0], "k")) == result


def test_many_changes_of_one_entry_are_one_list_of_edits() -> None:
    bibliography = read("aligned.bib")
    edits = bibliography.edit_entry(
        "cole1998theory",
        set={"title": "A {New} Theory", "doi": "10.9999/1", "year": "1998", "edition": "2"},
        remove=["publisher", "absent"],
        type="article",
        key="cole1999",
    )
    expected = (
        bibliography.source.replace("@book{cole1998theory", "@article{cole1999")
        .replace("{A Theory of Everything Small},", "{A {New} Theory},\n  edition   = {2},")
        .replace("  publisher = {North Press},\n", "")
        .replace("  year      = {1998},", "  year      = {1998},\n  doi       = {10.9999/1},")
    )
    assert apply(bibliography.source, edits) == expected
    assert "Ada" not in "".join(bibliography.source[edit.start : edit.end] for edit in edits)


def test_what_is_so_already_gives_no_edit() -> None:
    bibliography = read("macros.bib")
    assert bibliography.edit_entry("after", set={"title": "second value", "month": "August"}, key="after", type="article") == []


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            lambda bibliography: bibliography.set_field("adams2019slow", "title", "open {"),
            "references.bib:3: the braces of title",
        ),
        (lambda bibliography: bibliography.set_field("adams2019slow", "title", "}{"), "braces"),
        (lambda bibliography: bibliography.set_field("adams2019slow", "title", "\\{ x }"), "do not balance for programs"),
        (lambda bibliography: bibliography.set_field("adams2019slow", "title", "two\nlines"), "line break"),
        (lambda bibliography: bibliography.set_field("adams2019slow", "title", "end\\"), "backslash"),
        (lambda bibliography: bibliography.set_field("adams2019slow", "ti tle", "x"), "'ti tle' is no field name"),
        (lambda bibliography: bibliography.set_field("adams2019slwo", "title", "x"), "did you mean 'adams2019slow'"),
        (lambda bibliography: bibliography.rekey("adams2019slow", "cole1998theory"), "is taken"),
        (lambda bibliography: bibliography.rekey("adams2019slow", "a b"), "'a b' is no citation key"),
        (lambda bibliography: bibliography.rekey("adams2019slow", ""), "is no citation key"),
        (lambda bibliography: bibliography.retype("adams2019slow", "string"), "is no entry type"),
        (lambda bibliography: bibliography.add_entry("book", "cole1998theory", {}), "is taken"),
        (lambda bibliography: bibliography.add_entry("book", "x}y", {}), "is no citation key"),
        (lambda bibliography: bibliography.add_entry("b k", "new", {}), "is no entry type"),
        (lambda bibliography: bibliography.add_entries([("misc", "new", {}), ("misc", "new", {})]), "is taken"),
        (lambda bibliography: bibliography.remove_entry("nobody"), "there is no entry 'nobody'"),
    ],
)
def test_what_would_break_the_file_is_refused(edit: Callable[[Bibliography], object], message: str) -> None:
    source = read("aligned.bib").source
    with pytest.raises(CitemanError) as caught:
        edit(Bibliography.parse(source))
    assert message in str(caught.value)


VALUES = st.recursive(
    st.text(st.characters(exclude_characters="{}\\", exclude_categories=["Cc"]), max_size=8)
    | st.sampled_from(["\\{", "\\}", "\\"]),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: "{" + "".join(parts) + "}" + "".join(parts)),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None)
@given(
    value=VALUES,
    name=st.sampled_from(["aligned.bib", "shouting.bib", "commas-first.bib", "one-line.bib"]),
    field=st.sampled_from(["title", "note"]),
)
def test_any_balanced_value_comes_back_or_is_refused(value: str, name: str, field: str) -> None:
    bibliography = read(name)
    entry: Entry = bibliography.entries[0]
    try:
        edits = bibliography.set_field(entry, field, value)
    except CitemanError:
        assert "\\" in value
        return
    parsed = Bibliography.parse(apply(bibliography.source, edits))
    assert parsed.entries[0].get(field) == " ".join(part for part in value.split(" ") if part)


def test_entries_aligned_on_their_own_longest_name_stay_so() -> None:
    source = (
        "@misc{a,\n  title = {x},\n  url   = {u},\n}\n\n@misc{c,\n  author    = {x},\n  publisher = {u},\n}\n\n"
        "@misc{b,\n  title   = {x},\n  journal = {u},\n}\n"
    )
    result = apply(source, Bibliography.parse(source).add_entry("misc", "d", {"title": "x", "booktitle": "y"}))
    assert result == source + "\n@misc{d,\n  title     = {x},\n  booktitle = {y},\n}\n"
