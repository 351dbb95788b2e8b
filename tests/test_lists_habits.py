"""New lines look as if the file's own author had written them, and every YAML reader takes them for the same strings."""

from __future__ import annotations

import difflib

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from citeman.errors import CitemanError
from citeman.lists import Cue, Item, ReadingLists, Section, new
from citeman.lists.scalars import scalar
from citeman.text import Edit, apply

NOAH = Item(key="noah1000ark", role="result", why="It floats.")


def parse(source: str) -> ReadingLists:
    return ReadingLists.parse(source, "refs/boats.yaml")


def diff(lists: ReadingLists, edits: list[Edit]) -> list[str]:
    """What `diff` shows: the lines that went and the lines that came."""
    after = apply(lists.source, edits)
    parse(after)
    lines = difflib.ndiff(lists.source.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


def section(*lines: str) -> ReadingLists:
    return parse("sections:\n  keels:\n" + "".join(f"    {line}\n" for line in lines))


def test_a_first_item_is_written_as_in_the_manual() -> None:
    lists = parse("sections:\n  keels:\n    title: Keels\n")
    item = Item(
        key="noah1000ark",
        role="result",
        why="It floats: see.",
        level="intro",
        tier="further",
        after=("a", "b"),
        added="2026-11-24",
    )
    assert diff(lists, lists.add_item("keels", item)) == [
        "+     reading:",
        "+       - key: noah1000ark",
        "+         role: result",
        '+         why: "It floats: see."',
        "+         tier: further",
        "+         level: intro",
        "+         after: [a, b]",
        "+         added: 2026-11-24",
    ]


@pytest.mark.parametrize("written", ["keels:", "keels: {}", "keels: ~", "keels:   # none yet"])
def test_an_empty_section_becomes_one(written: str) -> None:
    lists = parse(f"sections:\n  {written}\n  sails:\n")
    after = apply(lists.source, lists.add_item("keels", Item(key="a")))
    assert after.replace("   # none yet", "") == "sections:\n  keels:\n    reading:\n      - key: a\n  sails:\n"
    assert ("# none yet" in after) == ("# none yet" in written)


@pytest.mark.parametrize("written", ["reading:", "reading: []", "reading:  # none"])
def test_an_empty_reading_becomes_one(written: str) -> None:
    lists = section(written, "cues: []")
    after = apply(lists.source, lists.add_item("keels", Item(key="a")))
    assert after.replace("  # none", "") == "sections:\n  keels:\n    reading:\n      - key: a\n    cues: []\n"


def test_items_in_braces_get_neighbours_in_braces() -> None:
    lists = section("reading:", "- {key: a, role: result}", "- {key: b}")
    assert diff(lists, lists.add_item("keels", NOAH, after="a")) == ["+     - {key: noah1000ark, role: result, why: It floats.}"]


def test_a_list_in_brackets_stays_one() -> None:
    lists = section("reading: [{key: a}, {key: b}]  # short")
    assert diff(lists, lists.add_item("keels", Item(key="c"), before="b"))[1].endswith("[{key: a}, {key: c}, {key: b}]  # short")
    lists = section("reading: [", "  {key: a},  # one", "  {key: b}   # two", "]")
    assert diff(lists, lists.add_item("keels", Item(key="c"), after="a")) == ["+       {key: c},"]
    assert diff(lists, lists.add_item("keels", Item(key="c"))) == [
        "-       {key: b}   # two",
        "+       {key: b},   # two",
        "+       {key: c}",
    ]
    assert diff(lists, lists.remove_item("keels", "a")) == ["-       {key: a},  # one"]


def test_quotes_and_blank_lines_follow_the_file() -> None:
    lists = section("reading:", "- key: 'a'", "  why: 'One.'", "", "- key: 'b'", "  why: 'Two.'")
    assert diff(lists, lists.add_item("keels", NOAH)) == [
        "+ ",
        "+     - key: 'noah1000ark'",
        "+       role: result",
        "+       why: 'It floats.'",
    ]


def test_quotes_are_the_files_own_where_some_are_needed() -> None:
    lists = section("title: 'A: title'", "reading:", "- key: a")
    assert diff(lists, lists.set_item("keels", "a", "why", "It: floats")) == ["+       why: 'It: floats'"]
    assert diff(lists, lists.set_item("keels", "a", "why", 'It "floats"')) == ['+       why: It "floats"']


def test_a_changed_value_keeps_its_quotes_and_the_comment_beside_it() -> None:
    lists = section("reading:", "- key: a", "  why: 'Old.'   # check this")
    assert diff(lists, lists.set_item("keels", "a", "why", "It's new."))[1] == "+       why: 'It''s new.'   # check this"


def test_a_folded_text_is_replaced_whole() -> None:
    lists = section("reading:", "- key: a", "  why: >-", "    many", "", "    lines", "  # a remark", "  level: intro")
    after = apply(lists.source, lists.set_item("keels", "a", "why", "Short."))
    assert after.endswith("    - key: a\n      why: Short.\n      # a remark\n      level: intro\n")


def test_a_comment_above_an_item_stays_above_it() -> None:
    lists = section("reading:", "- key: a", "# about b", "- key: b", "# the end")
    assert apply(lists.source, lists.add_item("keels", Item(key="c"), before="b")).splitlines()[3:] == [
        "    - key: a",
        "    - key: c",
        "    # about b",
        "    - key: b",
        "    # the end",
    ]
    assert apply(lists.source, lists.add_item("keels", Item(key="c"))).splitlines()[5:] == [
        "    - key: b",
        "    - key: c",
        "    # the end",
    ]
    assert "# about b" in apply(lists.source, lists.remove_item("keels", "b"))


def test_a_core_item_goes_before_the_further_ones_and_a_further_one_last() -> None:
    lists = section("reading:", "- {key: a}", "- {key: b}", "- {key: c, tier: further}")
    for item, place in ((Item(key="x"), 2), (Item(key="x", tier="further"), 3)):
        after = parse(apply(lists.source, lists.add_item("keels", item)))
        assert [other.key for other in after.sections[0].reading].index("x") == place


def test_a_blank_line_that_sets_off_a_group_is_no_habit() -> None:
    lists = section(
        "reading:", "- key: a", "- key: b", "", "# more", "- key: c", "  tier: further", "- key: d", "  tier: further"
    )
    after = apply(lists.source, lists.add_item("keels", Item(key="x")))
    assert after == lists.source.replace("    - key: b\n", "    - key: b\n    - key: x\n")
    after = apply(lists.source, lists.add_item("keels", Item(key="x"), before="c"))
    assert after == lists.source.replace("    # more\n", "    # more\n    - key: x\n")


def test_the_field_in_the_dashs_line_can_go() -> None:
    lists = section("reading:", "- why: old", "  key: a")
    assert apply(lists.source, lists.set_item("keels", "a", "why", None)).endswith("reading:\n    - key: a\n")
    lists = section("reading:", "- why: old  # why?", "  # here it is", "  key: a")
    assert "# here it is\n" in apply(lists.source, lists.set_item("keels", "a", "why", None))


def test_several_items_go_in_at_once() -> None:
    lists = parse("sections:\n  keels:\n")
    after = parse(apply(lists.source, lists.add_items("keels", [Item(key="a"), Item(see="sails"), Item(key="b")])))
    assert [item.identity for item in after.sections[0].reading] == ["a", "see:sails", "b"]


def test_a_bare_cue_is_settled_in_place() -> None:
    lists = section("cues:", "- cite", "  the whale", "- text: other")
    assert diff(lists, lists.settle_cue("keels", "cite the whale", "whale1")) == [
        "-     - cite",
        "-       the whale",
        "+     - text: cite the whale",
        "+       settled-by: [whale1]",
    ]


def test_a_renamed_section_is_followed_by_what_points_to_it() -> None:
    lists = parse(
        "sections:\n  keels:\n    title: Keels\n  sails:\n    reading:\n      - see: keels\n      - see: boats#keels\n"
        "  q: {kind: question, parent: keels}\n"
    )
    after = apply(lists.source, lists.rename_section("keels", "the-keel", "The keel"))
    assert after == (
        "sections:\n  the-keel:\n    title: The keel\n    aliases: [keels]\n  sails:\n    reading:\n"
        "      - see: the-keel\n      - see: boats#the-keel\n  q: {kind: question, parent: the-keel}\n"
    )


def test_an_orphaned_section_takes_its_comments_along() -> None:
    lists = parse("sections:\n  keels:\n    # mine\n    title: Keels\n\n  sails:\n    title: Sails\n")
    after = apply(lists.source, lists.orphan_section("keels"))
    assert after == "sections:\n  sails:\n    title: Sails\n\norphaned:\n  keels:\n    # mine\n    title: Keels\n"
    lists = parse(after)
    assert lists.orphaned[0].title == "Keels"
    assert apply(after, lists.remove_orphan("keels")) == "sections:\n  sails:\n    title: Sails\n\norphaned:\n"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda lists: lists.add_item("keel", NOAH), "did you mean 'keels'"),
        (lambda lists: lists.remove_item("keels", "noah1000arc"), "did you mean 'noah1000ark'"),
        (lambda lists: lists.set_item("keels", "nobody", "why", "x"), "no item 'nobody'"),
        (lambda lists: lists.add_item("keels", NOAH), "already"),
        (lambda lists: lists.add_item("keels", Item(key="x"), after="nobody"), "no item 'nobody'"),
        (lambda lists: lists.add_section(Section("keels")), "there already"),
        (lambda lists: lists.rename_section("keels", "sails"), "there already"),
        (lambda lists: lists.orphan_section("masts"), "no section 'masts'"),
        (lambda lists: lists.set_item("sails", "see:keels", "why", "x"), "another"),
        (lambda lists: lists.add_item("text", NOAH), "mend"),
        (lambda lists: lists.add_item("word", NOAH), "no list"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_file(edit, words: str) -> None:  # type: ignore[no-untyped-def]
    lists = parse(
        "sections:\n  keels:\n    reading:\n      - key: noah1000ark\n      - &s {see: keels}\n"
        "  sails: {reading: [*s]}\n  text: words\n  word: {reading: words}\n"
    )
    with pytest.raises(CitemanError, match=words) as refused:
        edit(lists)
    assert refused.value.path == "refs/boats.yaml"
    assert refused.value.line or "did you mean" in words or "no section" in words
    assert "\n" not in refused.value.message


def test_aliases_of_aliases_cost_nothing() -> None:
    lines = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)]
    source = "".join(["a0: &a0 [x, x]\n", *lines, "sections:\n  keels:\n    reading: *a11\n  sails:\n"])
    lists = parse(source)
    assert apply(source, lists.add_item("sails", NOAH)).startswith(source)


def test_unknown_field_names_are_a_programmers_mistake() -> None:
    lists = section("reading:", "- key: a")
    for edit in (lambda: lists.set_item("keels", "a", "key", "b"), lambda: lists.set_guide("colour", "red")):
        with pytest.raises(ValueError, match="field"):
            edit()


MISREAD = [
    "1902.06720",
    "no",
    "Yes",
    "null",
    "~",
    "012",
    "1e3",
    "0o14",
    "2018-06-20",
    "1:30",
    "=",
    "<<",
    "a: b",
    "a #b",
    "@x",
    "#x",
    "- x",
    "",
    " x",
    "x:",
    ".inf",
    "1_000",
    "%x",
    "`x`",
]


@pytest.mark.parametrize("value", [*MISREAD, "plain words", "it's", "a:b", "x\ty", "naïve", "line\nbreak", "\x85", "\u2028", "☃"])
@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_other_yaml_readers_take_a_written_string_for_that_string(value: str, quote: str) -> None:
    written = scalar(value, quote)
    assert yaml.safe_load(f"k: {written}\n") == {"k": value}
    assert yaml.safe_load(f"k: [{scalar(value, quote, flow=True)}, {{a: {scalar(value, quote, flow=True)}}}]\n") == {
        "k": [value, {"a": value}]
    }
    assert "\n" not in written
    if value in MISREAD:
        assert written[0] in "\"'"


@settings(max_examples=300, deadline=None)
@given(st.text(), st.sampled_from(["", "'", '"']))
def test_any_text_comes_back_from_yaml(value: str, quote: str) -> None:
    read = yaml.safe_load(f"k: [{scalar(value, quote, flow=True)}]\nl: {scalar(value, quote)}\n")
    shown = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in value)
    assert {read["k"][0], read["l"]} <= {value, shown} or any("\udc80" <= char <= "\udcff" for char in value)


def test_a_fresh_file_reads_back_and_says_how_to_go_on() -> None:
    sections = (
        Section(
            "keels",
            title="Keels: all",
            aliases=("keel",),
            reading=(NOAH, Item(see="sails", why="Wind.")),
            cues=(Cue("Noah's", ("noah1000ark",)),),
        ),
        Section("does-it", kind="question", parent="keels"),
        Section("sails", watch=("all:sail",)),
    )
    source = new({"title": "Boats", "source": "../guide/boats.md", "url": "", "order": "3"}, sections)
    lists = parse(source)
    assert lists.findings == ()
    assert (lists.title, lists.guide_source, lists.order) == ("Boats", "../guide/boats.md", 3)
    assert [section.anchor for section in lists.sections] == ["keels", "does-it", "sails"]
    assert [(item.identity, item.role, item.why) for item in lists.sections[0].reading] == [
        ("noah1000ark", "result", "It floats."),
        ("see:sails", "", "Wind."),
    ]
    assert source.startswith("# ")
    assert "citeman link" in source
    assert "`url: https://...`" in source
    assert "order: 3\n" in source


def test_a_fresh_file_of_a_guide_without_headings_reads_back() -> None:
    lists = parse(new({}, ()))
    assert (lists.sections, lists.findings) == ((), ())
    assert parse(apply(lists.source, lists.add_section(Section("keels", title="Keels")))).sections[0].title == "Keels"
