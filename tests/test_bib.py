"""Reading a bibliography: entries, spans and values, on files that each show one trouble."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeman.bib import Bibliography, month_number
from citeman.model import Entry
from citeman.text import Lines, apply, decode

DATA = Path(__file__).parent / "data" / "bib"
FILES = sorted(DATA.glob("*.bib"))


def read(name: str) -> Bibliography:
    return Bibliography.parse(decode((DATA / name).read_bytes()).text, name)


def variants(source: str) -> list[str]:
    """The same file as other editors would have saved it."""
    return [source, source.replace("\n", "\r\n"), "\ufeff" + source, source.rstrip("\n"), source.replace(" the ", " th\udce9 ")]


def entry_of(source: str) -> Entry:
    (entry,) = Bibliography.parse(source).entries
    return entry


def check_spans(bibliography: Bibliography) -> None:
    source, lines = bibliography.source, Lines(bibliography.source)
    for entry in bibliography.entries:
        assert source[entry.start] == "@"
        assert source[entry.end - 1] in "})"
        assert source[entry.type_start : entry.type_end].lower() == entry.type
        assert source[entry.key_start : entry.key_end] == entry.key
        assert entry.line == lines.line(entry.start)
        for field in entry.fields:
            assert source[field.start : field.start + len(field.name)].lower() == field.name
            assert field.line == lines.line(field.start)
            assert entry.start < field.start < field.value_start <= field.value_end == field.end < entry.end
            text = source[field.value_start : field.value_end]
            assert text == text.strip()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_spans_hold_in_every_file_and_no_edit_changes_nothing(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    shapes = set()
    for variant in variants(source):
        bibliography = Bibliography.parse(variant)
        check_spans(bibliography)
        assert apply(variant, []) == variant
        shapes.add(len(bibliography.entries))
    assert len(shapes) == 1


def test_an_entry_has_its_parts_and_where_they_stand() -> None:
    source = "\n@Article {key:1,\n  Title = {A {B} c},\n  year=2001\n}"
    entry = entry_of(source)
    assert (entry.type, entry.key, entry.line, entry.start, entry.end) == ("article", "key:1", 2, 1, len(source))
    title, year = entry.fields
    assert (title.name, title.value, title.line) == ("title", "A {B} c", 3)
    assert source[title.start : title.end] == "Title = {A {B} c}"
    assert source[title.value_start : title.value_end] == "{A {B} c}"
    assert source[year.start : year.end] == "year=2001"


def test_a_byte_order_mark_is_no_comment_and_stays() -> None:
    assert entry_of("\ufeff@misc{a, title={x}}").start == 1


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("{Plain}", "Plain"),
        ('"Quoted"', "Quoted"),
        ('"{"}Quoted{"} inside"', '{"}Quoted{"} inside'),
        ('"The {"inner"} one"', 'The {"inner"} one'),
        ('"Erd{\\"o}s"', 'Erd{\\"o}s'),
        ('"Erd\\"os"', 'Erd\\"os'),
        ("{a \\} b \\{ c}", "a \\} b \\{ c"),
        ("{C:\\}", "C:\\"),
        ("{{{{{{{{deep}}}}}}}}", "{{{{{{{deep}}}}}}}"),
        ('"{{{{{{{{deep}}}}}}}}, too"', "{{{{{{{{deep}}}}}}}}, too"),
        ("{white \n\t space\r\n  folds }", "white space folds"),
        ("{keeps\u00a0no-break}", "keeps\u00a0no-break"),
        ("{}", ""),
        ("1987", "1987"),
        ("{me @ {home}}", "me @ {home}"),
        ('{a} # " b" # {c }', "a bc"),
        ('{{{{{{{deep}}}}}}} # "{{{{{{too}}}}}}"', "{{{{{{deep}}}}}}{{{{{{too}}}}}}"),
        ("{a \\} b} # { c}", "a \\} b c"),
        ("unknown", "unknown"),
        ("MAR", "March"),
        ('"1~" # dec', "1~December"),
        ("http://example.org/a%20b?c=d", "http://example.org/a%20b?c=d"),
        ("10 March 2010", "10 March 2010"),
    ],
)
@pytest.mark.parametrize(
    "frame", ["@misc{{k, f = {},\n g = {{after}}}}", "@misc(k,g={{after}},f={})", "@misc{{k, g={{after}}, f = {}\n}}"]
)
def test_values_are_read(frame: str, written: str, value: str) -> None:
    entry = entry_of(frame.format(written))
    assert entry.get("f") == value
    assert entry.get("g") == "after"
    assert len(entry.fields) == 2


def test_macros_are_expanded_where_they_hold() -> None:
    bibliography = read("macros.bib")
    uses, after = bibliography.entries
    assert [field.value for field in uses.fields] == [
        "Journal of Small Results (long), series 2",
        "first value",
        "1~January 2001",
        "nobody",
        "defined below",
    ]
    assert [field.value for field in after.fields] == ["JSR", "second value", "August"]
    assert bibliography.macros["long"] == "Journal of Small Results (long)"
    assert bibliography.macros["early"] == "second value"
    assert bibliography.preambles == ("\\newcommand{\\noop}[1]{} % sorting",)


def test_a_space_at_the_end_of_a_macro_counts_where_it_is_joined() -> None:
    entry = entry_of('@string{acm = "The ACM "} @misc{a, title = acm # "Press", note = acm}')
    assert (entry.get("title"), entry.get("note")) == ("The ACM Press", "The ACM")


def test_macros_that_double_each_other_end_somewhere() -> None:
    doubled = "".join(f"@string{{m{n} = m{n - 1} # m{n - 1}}}\n" for n in range(1, 80))
    bibliography = Bibliography.parse(f'@string{{m0 = "lol"}}\n{doubled}@misc{{a, title = m79, note = m2 # "!"}}\n')
    entry = bibliography.entries[0]
    assert entry.get("note") == "lol" * 4 + "!"
    assert len(entry.get("title")) < 100_000


def test_macros_may_be_known_from_elsewhere() -> None:
    bibliography = Bibliography.parse("@misc{a, journal = JACM}", known={"JACM": "Journal of the ACM"})
    assert bibliography.entries[0].get("journal") == "Journal of the ACM"


def test_comments_do_not_become_names() -> None:
    bibliography = read("commented.bib")
    assert bibliography.keys == ("shown", "plain")
    shown = bibliography.entries[0]
    assert [(field.name, field.value) for field in shown.fields] == [
        ("title", "A % sign, 5\\% of the text"),
        ("author", "Some Body"),
        ("year", "2010"),
    ]


def test_duplicates_and_keyless_entries_are_entries() -> None:
    bibliography = read("duplicates.bib")
    assert [entry.key for entry in bibliography.entries] == ["twice", "Twice", "twice", "", ""]
    assert bibliography.keys == ("twice", "Twice")
    first = bibliography.get("twice")
    assert first is bibliography.entries[0]
    assert first.get("year") == "2000"
    assert bibliography.get("TWICE") is None


def test_a_broken_block_costs_only_itself() -> None:
    bibliography = read("broken.bib")
    assert [entry.key for entry in bibliography.entries] == ["good1", "good2", "good3", "", "good4", "good5"]
    good3 = bibliography.get("good3")
    assert good3
    assert [(field.name, field.value) for field in good3.fields] == [
        ("title", "No comma after the key"),
        ("year", "2003"),
        ("note", ""),
        ("pages", "from 1 to 9"),
    ]


def test_an_entry_quoted_in_an_abstract_is_text() -> None:
    bibliography = read("abstract.bib")
    assert bibliography.keys == ("quoting", "next")
    assert bibliography.entries[0].get("abstract").startswith("Please cite @misc{wrong, title = {Not an entry}, } in all")
    assert bibliography.entries[0].get("year") == "2015"


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("", []),
        ("\ufeff", []),
        ("\x00\x00@misc{a, title={x\x00y}}\x00", ["a"]),
        ("@", []),
        ("@@@{{{", []),
        ("@misc{", []),
        ("@misc{a", []),
        ("@misc{a}", ["a"]),
        ("@misc{a,}", ["a"]),
        ("@misc()", [""]),
        ("@misc{a, title={x}}@misc{b, title={y}}", ["a", "b"]),
        ("@misc{a,\n title={x}\n\n@misc{b, title={y}}", ["b"]),
        ("@misc{a, title={x},, year=2000}", ["a"]),
        ("@misc{O'Neil=2, title={x}}", ["O'Neil=2"]),
        ("@misc{title={x}, year=2000}", [""]),
        ("@misc{a title={x}}", ["a"]),
        ("% @misc{live, title={x}}", ["live"]),
        ("@string{a = {x}, b = {y}} @misc{c, title = a # b}", ["c"]),
        ("@misc{a, title = {x}}\n@comment{b, @misc{c}}\n@misc{d}", ["a", "d"]),
        ("@comment{\n@misc{c, title = {x}}\n}\n@misc{d}", ["d"]),
        ("@commentary{a, title = {x}}", ["a"]),
        ("@strings{a, title = {x}}", ["a"]),
    ],
)
def test_odd_sources_are_read(source: str, keys: list[str]) -> None:
    bibliography = Bibliography.parse(source)
    assert [entry.key for entry in bibliography.entries] == keys
    check_spans(bibliography)


def test_bytes_that_are_no_text_do_no_harm() -> None:
    source = decode(bytes(range(256)) * 40 + b"\n@misc{a, title={caf\xe9}}\n").text
    assert Bibliography.parse(source).keys == ("a",)


@pytest.mark.parametrize(
    ("fields", "month"),
    [
        ("month = aug", 8),
        ('month = "1~" # jan', 1),
        ("month = {September}", 9),
        ("month = {Sept.}", 9),
        ("month = {08}", 8),
        ("month = 12", 12),
        ("month = {13}", 0),
        ("date = {2020-05-17}", 5),
        ("date = {2020}", 0),
        ("year = 2020", 0),
    ],
)
def test_months_have_numbers(fields: str, month: int) -> None:
    assert month_number(entry_of(f"@misc{{a, {fields}}}")) == month


@pytest.mark.parametrize(
    "unit",
    [
        "{",
        "@a{k, t={",
        "@a{k, t={x\n",
        '@a{k, t="\n',
        "@a{{",
        "@a{k,{,n={",
        "@misc{same, title={x}}\n",
        "@",
        "@x(",
        "\\{",
        "@misc{k, t={}} }, y={}\n",
    ],
)
def test_hostile_files_take_linear_time(unit: str) -> None:
    """Would hang for hours if any step were quadratic."""
    count = 200_000 if unit in ("{", "\\{", "@") else 20_000 if "same" in unit else 5_000
    bibliography = Bibliography.parse(unit * count)
    assert len(bibliography.entries) in (0, count)


def test_an_open_brace_before_a_long_file_costs_one_entry() -> None:
    rest = "".join(f"@misc{{k{number}, title={{x}}}}\n" for number in range(2000))
    bibliography = Bibliography.parse("@misc{open, title={x\n" + rest)
    assert len(bibliography.entries) == 2000
