"""Reading `refs/<guide>.yaml`: what is understood, where it stands, and what is said about the rest."""

from __future__ import annotations

import pytest

from citeman.errors import CitemanError
from citeman.lists import Cue, Item, ReadingLists

GUIDE = """\
# Our guide.
guide:
  title: "Boats: a guide"   # quoted
  source: ../guide/boats.md
  url: https://boats.example/guide
  sequence: start
  order: 2
sections:
  keels:
    title: Keels
    aliases: [keel, fins]
    reading:
      # The oldest first.
      - key: noah1000ark
        role: foundation
        why: >
          Floated
          first.

      - {key: jonah1200whale, role: result, level: core, after: [noah1000ark]}
      - url: https://boats.example/demo
        title: "A demo"
        kind: widget
        tier: further
      - see: sails
        why: 'The same, with wind.'
    cues:
      - text: "Noah's paper"
        settled-by: [noah1000ark]
      - cite the whale
    watch:
      - all:keel AND cat:physics.flu-dyn
  does-it-float:
    kind: question
    parent: keels
  sails:
"""


def parse(source: str) -> ReadingLists:
    return ReadingLists.parse(source, "refs/boats.yaml")


def section(body: str) -> str:
    return "sections:\n  keels:\n    reading:\n" + "".join(f"      {line}\n" for line in body.splitlines())


def rules(lists: ReadingLists) -> list[tuple[str, int]]:
    return [(finding.rule, finding.line) for finding in lists.findings]


def test_everything_in_the_format_is_read() -> None:
    lists = parse(GUIDE)
    assert not lists.findings
    assert (lists.name, lists.title, lists.guide_source, lists.sequence, lists.order) == (
        "boats",
        "Boats: a guide",
        "../guide/boats.md",
        "start",
        2,
    )
    keels, question, sails = lists.sections
    assert (keels.anchor, keels.title, keels.aliases, keels.line) == ("keels", "Keels", ("keel", "fins"), 9)
    assert [item.identity for item in keels.reading] == [
        "noah1000ark",
        "jonah1200whale",
        "https://boats.example/demo",
        "see:sails",
    ]
    first, second, demo, see = keels.reading
    assert (first.role, first.why, first.tier, first.line) == ("foundation", "Floated first.", "core", 14)
    assert (second.level, second.after, second.line) == ("core", ("noah1000ark",), 20)
    assert (demo.title, demo.kind, demo.tier) == ("A demo", "widget", "further")
    assert see.why == "The same, with wind."
    assert keels.cues == (Cue("Noah's paper", ("noah1000ark",), 28), Cue("cite the whale", (), 30))
    assert keels.watch == ("all:keel AND cat:physics.flu-dyn",)
    assert (question.kind, question.parent) == ("question", "keels")
    assert (sails.kind, sails.reading) == ("section", ())


def test_an_item_spans_its_own_lines() -> None:
    lists = parse(GUIDE)
    first, second, *_ = lists.sections[0].reading
    assert GUIDE[first.start : first.end].splitlines()[0] == "      - key: noah1000ark"
    assert GUIDE[first.start : first.end].endswith("          first.\n")
    assert GUIDE[second.start : second.end] == (
        "      - {key: jonah1200whale, role: result, level: core, after: [noah1000ark]}\n"
    )


@pytest.mark.parametrize("mangle", [lambda s: "\ufeff" + s, lambda s: s.replace("\n", "\r\n"), lambda s: s.rstrip("\n")])
def test_a_byte_order_mark_crlf_and_a_missing_last_newline_change_nothing(mangle) -> None:  # type: ignore[no-untyped-def]
    source = mangle(GUIDE)
    lists = parse(source)
    plain = parse(GUIDE)
    assert not lists.findings
    assert [item.identity for item in lists.sections[0].reading] == [item.identity for item in plain.sections[0].reading]
    assert [item.line for item in lists.sections[0].reading] == [item.line for item in plain.sections[0].reading]
    for item in lists.sections[0].reading[:2]:
        assert source[item.start : item.end].strip().startswith("-")
        assert item.key in source[item.start : item.end]


def test_strings_that_look_like_other_things_stay_strings() -> None:
    lists = parse("guide:\n  title: 1902.06720\n  url: no\nsections:\n  2018-06-20:\n    reading:\n      - key: 012\n")
    assert (lists.title, lists.url, lists.sections[0].anchor) == ("1902.06720", "no", "2018-06-20")
    assert lists.sections[0].reading[0].key == "012"


def test_aliases_and_merge_keys_of_yaml_are_followed() -> None:
    source = (
        "sections:\n  a:\n    reading:\n      - &noah {key: noah1000ark, role: result}\n"
        "  b:\n    reading:\n      - *noah\n      - <<: *noah\n        key: other2000\n"
    )
    first, second = parse(source).sections[1].reading
    assert (first.key, first.role, first.line) == ("noah1000ark", "result", 7)
    assert source[first.start : first.end] == "      - *noah\n"
    assert (second.key, second.role) == ("other2000", "result")


def test_a_single_word_is_a_list_of_one() -> None:
    lists = parse("sections:\n  a:\n    aliases: b\n    reading:\n      - {key: x, after: y}\n")
    assert lists.sections[0].aliases == ("b",)
    assert lists.sections[0].reading[0].after == ("y",)


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("", 1, "says nothing"),
        ("# only a comment\n", 1, "says nothing"),
        ("- a\n- b\n", 1, "mapping"),
        ("just words\n", 1, "mapping"),
        ("guide:\n  title: a: b\n", 2, "quotes"),
        ("guide:\n\ttitle: a\n", 2, "spaces"),
        ('guide:\n  title: "a\n', 3, "not closed"),
        ("guide:\n  title: [a\nsections:\n", 3, "bracket"),
        ("guide:\n  title: @x\n", 2, "quotes"),
        ("guide:\n  title: *x\n", 2, "quotes"),
        ("a: 1\n---\nb: 1\n", 2, "second"),
        ("a: 1\nb: \0\n", 2, "NUL"),
        ("a: &x [*x]\n", 1, "inside"),
        ("a: " + "[" * 60 + "]" * 60, 1, "deep"),
        ("a: " + "[" * 5000, 1, "deep"),
    ],
)
def test_what_is_no_yaml_mapping_is_refused_with_its_line(source: str, line: int, words: str) -> None:
    with pytest.raises(CitemanError, match=words) as refused:
        parse(source)
    assert (refused.value.path, refused.value.line) == ("refs/boats.yaml", line)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("body", "rule", "line"),
    [
        ("- key: a\n  role: foundatoin", "list-unknown-role", 5),
        ("- key: a\n  level: easy", "list-unknown-level", 5),
        ("- key: a\n  tier: mroe", "list-unknown-tier", 5),
        ("- {url: 'https://x.example', title: X, kind: film}", "list-unknown-kind", 4),
        ("- key: a\n  rôle: result", "list-unknown-field", 5),
        ("- key: a\n  why: x\n  why: y", "list-duplicate-field", 6),
        ("- why: nothing else", "list-bad-item", 4),
        ("- key: a\n  url: https://x.example\n  title: X\n  kind: code", "list-bad-item", 4),
        ("- key: b\n- a", "list-bad-item", 5),
        ("- [a]", "list-bad-item", 4),
        ("- url: https://x.example\n  kind: code", "list-missing-field", 4),
        ("- url: https://x.example\n  title: X", "list-missing-field", 4),
        ("- key: a\n- key: b\n- key: a", "list-duplicate-item", 6),
        ("- key: a\n  after: [a]", "list-circle", 4),
        ("- key: a\n  after: [c]\n- key: b\n  after: [a]\n- key: c\n  after: [b]", "list-circle", 4),
        ("- key: a\n  after: [b]\n- key: b", "list-order", 4),
        ("- key: ../../etc/passwd", "list-bad-key", 4),
        ("- key: two words", "list-bad-key", 4),
        ("- key: müller2000", "list-bad-key", 4),
        ("- key: a\n  added: yesterday", "list-bad-date", 5),
        ("- key: a\n  why: [x]", "list-bad-value", 5),
        ("- title: X\n  kind: code\n  url: javascript:alert(1)", "list-bad-value", 6),
        ("- url: demo/index.html\n  title: X\n  kind: widget", "list-bad-value", 4),
        ("- key: a\n  after: {b: c}", "list-bad-value", 5),
        ("- key: a\n  why: bell \x07 rings", "list-encoding", 5),
        ("- key: a\n  why: caf\udce9", "list-encoding", 5),
    ],
)
def test_local_trouble_is_a_finding_and_the_rest_is_read(body: str, rule: str, line: int) -> None:
    lists = parse(section(body) + "  sails:\n    reading:\n      - key: last\n")
    assert rules(lists) == [(rule, line)]
    assert [item.key for item in lists.sections[1].reading] == ["last"]
    finding = lists.findings[0]
    assert finding.path == "refs/boats.yaml"
    assert finding.section == ("" if rule == "list-encoding" else "keels")
    assert "\n" not in finding.message


@pytest.mark.parametrize(
    ("source", "rule", "line"),
    [
        ("sections:\n  a: {reading: [{key: x}]}\n  a: {reading: [{key: y}]}\n", "list-duplicate-section", 3),
        ("sections:\n  a: {aliases: [x]}\n  b: {aliases: [x]}\n", "list-duplicate-alias", 3),
        ("sections:\n  a: {aliases: [b]}\n  b:\n", "list-duplicate-alias", 2),
        ("sections:\n  a: [x]\n", "list-bad-section", 2),
        ("sections:\n  a: {kind: question}\n", "list-missing-field", 2),
        ("sections:\n  a: {kind: chapter, parent: b}\n", "list-unknown-kind", 2),
        ("sections:\n  a: {cues: [{settled-by: [x]}]}\n", "list-bad-cue", 2),
        ("sections: [a]\n", "list-bad-value", 1),
        ("sections:\n  a:\n    reading: x\n", "list-bad-value", 3),
        ("guide: boats.md\nsections: {}\n", "list-bad-value", 1),
        ("guide: {order: third}\n", "list-bad-value", 1),
        ("guide:\n  title: T\n  url: javascript:alert(1)\n", "list-bad-value", 3),
        ("guide: {titel: T}\n", "list-unknown-field", 1),
        ("section: {}\n", "list-unknown-field", 1),
    ],
)
def test_trouble_with_sections_is_a_finding(source: str, rule: str, line: int) -> None:
    assert rules(parse(source)) == [(rule, line)]


def test_a_doubled_section_keeps_the_items_of_both() -> None:
    lists = parse("sections:\n  a: {reading: [{key: x}]}\n  a: {title: T, reading: [{key: x}, {key: y}]}\n")
    assert [(s.anchor, s.title, [item.key for item in s.reading]) for s in lists.sections] == [("a", "T", ["x", "y"])]


def test_a_misspelt_word_comes_with_the_mending_edit() -> None:
    source = section("- key: a\n  role: foundatoin\n  lvel: intro")
    lists = parse(source)
    mended = source
    for finding in sorted(lists.findings, key=lambda finding: -finding.line):
        assert "did you mean" in finding.message
        assert finding.fix
        (edit,) = finding.fix.edits
        mended = mended[: edit.start] + edit.text + mended[edit.end :]
    assert parse(mended).findings == ()
    (item,) = parse(mended).sections[0].reading
    assert (item.role, item.level) == ("foundation", "intro")


def test_undecodable_bytes_are_read_as_windows_1252() -> None:
    (item,) = parse(section("- key: a\n  why: caf\udce9 \udc96 bar")).sections[0].reading
    assert item.why == "café – bar"


def test_orphaned_lists_are_read_apart() -> None:
    lists = parse("sections:\n  a:\norphaned:\n  b:\n    reading:\n      - key: x\n")
    assert [section.anchor for section in lists.sections] == ["a"]
    assert [section.reading[0].key for section in lists.orphaned] == ["x"]


def test_see_may_be_written_as_a_link() -> None:
    items = parse(section('- see: "#sails"\n- see: other#masts')).sections[0].reading
    assert items == (
        Item(see="sails", line=4, start=items[0].start, end=items[0].end),
        Item(see="other#masts", line=5, start=items[1].start, end=items[1].end),
    )


def test_a_long_chain_of_after_is_no_trouble() -> None:
    body = "\n".join(f"- {{key: k{n}, after: [k{n - 1}]}}" for n in range(1, 3000))
    assert parse(section("- key: k0\n" + body)).findings == ()
