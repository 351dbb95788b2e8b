"""Edits of `refs/<guide>.yaml`: only their own lines change, in the file's own habits, and the file reads as it should."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from citeman.errors import CitemanError
from citeman.lists import Cue, Item, ReadingLists, Section
from citeman.text import Edit, apply

# -- files in many hands: a small writer of YAML that is not citeman's own --

KEYS = ["noah1000ark", "jonah1200whale", "o'neill2001", "1902.06720", "no", "x2020y"]
ANCHORS = ["keels", "sails-and-masts", "2018-06-20", "does-it-float"]
words = st.sampled_from(
    ["Floats.", "a: b # c", "-", 'it\'s "so"', "@home", "$\\mu$P in {braces}", "no", "naïve – ☃", "[1]", "x,", "*", "12"]
)
roles = st.sampled_from(["", "result", "foundation"])


@st.composite
def items(draw: st.DrawFn) -> Item:
    place = draw(st.sampled_from(["key", "key", "key", "url", "see"]))
    if place == "url":
        address = draw(st.sampled_from(["https://boats.example/a", "https://boats.example/?q=1#b"]))
        return Item(url=address, title=draw(words), kind="code", why=draw(words))
    if place == "see":
        return Item(see=draw(st.sampled_from(["keels", "other#masts"])), why=draw(words))
    return Item(
        key=draw(st.sampled_from(KEYS)),
        role=draw(roles),
        why=draw(st.one_of(st.just(""), words)),
        tier=draw(st.sampled_from(["core", "core", "further"])),
        level=draw(st.sampled_from(["", "intro"])),
        after=tuple(draw(st.lists(st.sampled_from(["a1", "b2"]), max_size=2, unique=True))),
    )


class Hand:
    """One person's way of writing; every choice is drawn anew where a person may waver."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.indent = draw(st.sampled_from([2, 2, 4, 1]))
        self.dash = draw(st.sampled_from([2, 0, 4]))
        self.body = draw(st.sampled_from([2, 2, 4]))
        self.gaps = draw(st.sampled_from(["never", "always", "some"]))
        self.braces = draw(st.sampled_from(["never", "always", "some"]))
        self.lines: list[str] = []

    def sometimes(self, habit: str) -> bool:
        return habit == "always" or (habit == "some" and self.draw(st.booleans()))

    def gap(self) -> None:
        if self.sometimes(self.gaps):
            self.lines.append("")

    def remark(self, column: int) -> None:
        if self.draw(st.integers(0, 3)) == 0:
            self.lines.append(" " * column + '# a remark: with [all] sorts of "things"\tin it')

    def scalar(self, value: str, flow: bool) -> str:
        double = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        single = "'" + value.replace("'", "''") + "'"
        plain = [value] if value.replace("-", "").isalnum() and value != "-" and value.isascii() else []
        return self.draw(st.sampled_from([double, single, *plain, *plain]))

    def fields(self, item: Item | Cue, flow: bool) -> list[str]:
        names = ("key", "url", "see", "title", "kind", "role", "why", "tier", "level") if isinstance(item, Item) else ("text",)
        found = {name: getattr(item, name) for name in names}
        if found.get("tier") == "core":
            del found["tier"]
        lines = [f"{name}: {self.scalar(value, flow)}" for name, value in found.items() if value]
        many = {"after": item.after} if isinstance(item, Item) else {"settled-by": item.settled_by}
        return lines + [f"{name}: [{', '.join(value)}]" for name, value in many.items() if value]

    def item(self, item: Item | Cue, column: int) -> None:
        self.remark(column)
        start = " " * column + "-" + " " * (self.body - 1)
        if self.sometimes(self.braces):
            self.lines.append(start + "{" + ", ".join(self.fields(item, True)) + "}" + self.tail())
            return
        first, *rest = self.fields(item, False)
        self.lines.append(start + first + self.tail())
        self.lines += [" " * (column + self.body) + line + self.tail() for line in rest]

    def tail(self) -> str:
        return "   # said beside" if self.draw(st.integers(0, 5)) == 0 else ""

    def block(self, name: str, parts: Sequence[Item | Cue], column: int) -> None:
        if not parts:
            empty = self.draw(st.sampled_from([None, "", " []"]))
            self.lines += [" " * column + f"{name}:{empty}"] if empty is not None else []
            return
        if self.draw(st.integers(0, 5)) == 0:
            self.brackets(name, parts, column)
            return
        self.lines.append(" " * column + f"{name}:" + self.tail())
        for number, part in enumerate(parts):
            if number:
                self.gap()
            self.item(part, column + self.dash)
        self.remark(column + self.dash)

    def brackets(self, name: str, parts: Sequence[Item | Cue], column: int) -> None:
        written = ["{" + ", ".join(self.fields(part, True)) + "}" for part in parts]
        start = " " * column + f"{name}: ["
        if self.draw(st.booleans()):
            self.lines.append(start + ", ".join(written) + "]" + self.tail())
            return
        last = self.draw(st.sampled_from(["", ","]))
        self.lines.append(start)
        self.lines += [" " * (column + 2) + part + "," + self.tail() for part in written[:-1]]
        self.lines += [" " * (column + 2) + written[-1] + last + self.tail(), " " * column + "]"]

    def section(self, section: Section) -> None:
        column = self.indent
        anchor = self.scalar(section.anchor, False)
        if section == Section(section.anchor):
            self.lines.append(" " * column + anchor + ":" + self.draw(st.sampled_from(["", " {}", " ~"])))
            return
        self.remark(column)
        self.lines.append(" " * column + anchor + ":")
        column += self.indent
        if section.title:
            self.lines.append(" " * column + f"title: {self.scalar(section.title, False)}" + self.tail())
        if section.aliases:
            self.lines.append(" " * column + f"aliases: [{', '.join(section.aliases)}]")
        self.block("reading", section.reading, column)
        self.block("cues", section.cues, column)

    def file(self, lists: ReadingLists) -> str:
        self.lines += ["# the top", "guide:", f"  title: {self.scalar(lists.title, False)}", ""]
        self.remark(0)
        for name, sections in (("sections", lists.sections), ("orphaned", lists.orphaned)):
            if sections:
                self.lines.append(f"{name}:" + self.tail())
            for number, section in enumerate(sections):
                if number:
                    self.gap()
                self.section(section)
        self.remark(0)
        source = "\n".join(self.lines) + self.draw(st.sampled_from(["\n", "\n", ""]))
        source = source.replace("\n", self.draw(st.sampled_from(["\n", "\n", "\r\n"])))
        return self.draw(st.sampled_from(["", "", "\ufeff"])) + source


@st.composite
def files(draw: st.DrawFn) -> ReadingLists:
    anchors = draw(st.lists(st.sampled_from(ANCHORS), min_size=1, max_size=3, unique=True))
    sections = [
        Section(
            anchor,
            title=draw(st.sampled_from(["", "Keels: a title"])),
            aliases=tuple(draw(st.sampled_from([(), ("fin",), ("fin", "hull")]))) if anchor == "keels" else (),
            reading=tuple(draw(st.lists(items(), max_size=3, unique_by=lambda item: item.identity))),
            cues=tuple(draw(st.lists(st.sampled_from([Cue("Cite her"), Cue("X's paper", ("a1",))]), max_size=2, unique=True))),
        )
        for anchor in anchors
    ]
    split = draw(st.sampled_from([0, 0, 0, 1])) if len(sections) > 1 else 0
    cut = len(sections) - split
    wanted = ReadingLists(
        "boats", "refs/boats.yaml", "", title="Boats", sections=tuple(sections[:cut]), orphaned=tuple(sections[cut:])
    )
    lists = ReadingLists.parse(Hand(draw).file(wanted), "refs/boats.yaml")
    assert bare(lists) == bare(wanted), "the test's own writer and the reader disagree"
    return lists


# -- what is compared --


def bare_section(section: Section) -> Section:
    reading = tuple(item._replace(line=0, start=0, end=0) for item in section.reading)
    return section._replace(reading=reading, cues=tuple(cue._replace(line=0) for cue in section.cues), line=0)


def bare(lists: ReadingLists) -> dict[str, Any]:
    return {
        "title": lists.title,
        "url": lists.url,
        "sections": [bare_section(section) for section in lists.sections],
        "orphaned": [bare_section(section) for section in lists.orphaned],
    }


def changed(lists: ReadingLists, edits: list[Edit]) -> ReadingLists:
    return ReadingLists.parse(apply(lists.source, edits), lists.path)


def touched(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that are only in the one and only in the other, the same start and end taken away."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return old, new


def only_adds(before: str, after: str, allowed: int = 0) -> bool:
    """Whether lines only came in; some may be changed where brackets or a missing last newline make it so."""
    old, _ = touched(before, after)
    return len(old) <= allowed


def with_reading(lists: ReadingLists, anchor: str, reading: Sequence[Item]) -> dict[str, Any]:
    expected = bare(lists)
    expected["sections"] = [
        section._replace(reading=tuple(item._replace(line=0, start=0, end=0) for item in reading))
        if section.anchor == anchor
        else section
        for section in expected["sections"]
    ]
    return expected


def in_lines(lists: ReadingLists, anchor: str) -> bool:
    """Whether the section's list is written in lines, not brackets, and the file ends in a newline."""
    section = lists.section(anchor)
    assert section
    return lists.source.endswith("\n") and all(lists.source[item.end - 1] == "\n" for item in section.reading)


def empty_is_written(lists: ReadingLists, anchor: str) -> bool:
    """Whether the file writes `reading:` with nothing in it, or an empty section in another way than by nothing."""
    section = lists.section(anchor)
    assert section
    if section.reading:
        return False
    line = lists.source.splitlines()[section.line - 1]
    head = "\n".join(lists.source.splitlines()[section.line - 1 :])
    body = head.split("\n" + line[: len(line) - len(line.lstrip())] + "#")[0]
    return line.rstrip().endswith(("~", "{}")) or "reading:" in body


# -- laws --


@settings(max_examples=50, deadline=None)
@given(files(), items(), st.data())
def test_adding_shows_just_that_item_and_removing_it_gives_back_every_byte(
    lists: ReadingLists, item: Item, data: st.DataObject
) -> None:
    section = data.draw(st.sampled_from(lists.sections))
    identities = [other.identity for other in section.reading]
    assume(item.identity not in identities)
    how = data.draw(st.sampled_from(["", "first", "before", "after"] if identities else [""]))
    beside = data.draw(st.sampled_from(identities)) if how in ("before", "after") else ""
    options: dict[str, Any] = {how: beside or True} if how else {}
    added = changed(lists, lists.add_item(section.anchor, item, **options))
    after = added.section(section.anchor)
    assert after
    place = [other.identity for other in after.reading].index(item.identity)
    expected = [*section.reading[:place], item, *section.reading[place:]]
    assert bare(added) == with_reading(lists, section.anchor, expected)
    if how:
        assert place == {"first": 0, "before": identities.index(beside or identities[0])}.get(
            how, identities.index(beside or identities[0]) + 1
        )
    if in_lines(lists, section.anchor) and not empty_is_written(lists, section.anchor):
        assert only_adds(lists.source, added.source)
    removed = changed(added, added.remove_item(section.anchor, item.identity))
    assert bare(removed) == bare(lists)
    if not empty_is_written(lists, section.anchor):
        assert removed.source == lists.source


@settings(max_examples=35, deadline=None)
@given(files(), st.data())
def test_removing_takes_only_the_items_own_lines(lists: ReadingLists, data: st.DataObject) -> None:
    sections = [section for section in lists.sections if section.reading]
    assume(sections)
    section = data.draw(st.sampled_from(sections))
    item = data.draw(st.sampled_from(section.reading))
    removed = changed(lists, lists.remove_item(section.anchor, item.identity))
    rest = [other for other in section.reading if other is not item]
    assert bare(removed) == with_reading(lists, section.anchor, rest)
    if in_lines(lists, section.anchor):
        old, new = touched(lists.source, removed.source)
        assert not [line for line in new if line.strip()]
        own = lists.source[item.start : item.end].count("\n")
        assert len([line for line in old if line.strip()]) <= own + (len(section.reading) == 1)
        assert removed.source.count("# a remark") == lists.source.count("# a remark")


@settings(max_examples=50, deadline=None)
@given(files(), st.data())
def test_setting_a_field_changes_that_field_and_no_other_line(lists: ReadingLists, data: st.DataObject) -> None:
    sections = [section for section in lists.sections if section.reading]
    assume(sections)
    section = data.draw(st.sampled_from(sections))
    item = data.draw(st.sampled_from(section.reading))
    name = data.draw(st.sampled_from(["role", "why", "tier", "level", "after", "added", "context"]))
    value = {"role": "survey", "tier": "further", "level": "core", "after": ("a1", "1902.06720"), "added": "2026-11-24"}.get(name)
    value = data.draw(st.sampled_from([value or data.draw(words), None]))
    edited = changed(lists, lists.set_item(section.anchor, item.identity, name, value))
    wanted = value if value is not None else {"tier": "core", "after": ()}.get(name, "")
    expected = [other._replace(**{name: wanted}) if other is item else other for other in section.reading]
    assert bare(edited) == with_reading(lists, section.anchor, expected)
    old, new = touched(lists.source, edited.source)
    assert len(old) <= (2 if in_lines(lists, section.anchor) else 3)
    assert len(new) <= 2
    assert edited.source.count("# a remark") == lists.source.count("# a remark")


@settings(max_examples=35, deadline=None)
@given(files(), st.sampled_from(KEYS), st.sampled_from(["new2000", "2001", "a:b"]))
def test_renaming_a_key_reaches_every_place_and_keeps_every_line(lists: ReadingLists, old: str, new_key: str) -> None:
    edited = changed(lists, lists.rename_key(old, new_key))
    assert bare(edited) == eval(
        repr(bare(lists)).replace(f"key={old!r}", f"key={new_key!r}").replace(f'key="{old}"', f"key={new_key!r}")
    )
    assert edited.source.count("\n") == lists.source.count("\n")
    assert edited.source.count("#") == lists.source.count("#")


@settings(max_examples=35, deadline=None)
@given(files(), st.sampled_from(["Cite her", "X's paper", "X's   paper", "Say: #who"]), st.sampled_from(["a1", "b2"]), st.data())
def test_settling_a_cue_adds_the_key_once(lists: ReadingLists, text: str, key: str, data: st.DataObject) -> None:
    section = data.draw(st.sampled_from(lists.sections))
    edited = changed(lists, lists.settle_cue(section.anchor, text, key))
    expected = bare(lists)
    cues = {cue.text: cue for cue in section.cues}
    wanted = " ".join(text.split())
    held = cues.get(wanted, Cue(wanted if wanted in cues else text))
    settled = held.settled_by if key in held.settled_by else (*held.settled_by, key)
    cues[held.text] = Cue(held.text, settled)
    place = [other.anchor for other in lists.sections].index(section.anchor)
    expected["sections"][place] = expected["sections"][place]._replace(cues=tuple(cue._replace(line=0) for cue in cues.values()))
    assert bare(edited) == expected
    assert changed(edited, edited.settle_cue(section.anchor, text, key)).source == edited.source


@settings(max_examples=35, deadline=None)
@given(files(), st.data())
def test_adding_and_removing_a_section_gives_back_every_byte(lists: ReadingLists, data: st.DataObject) -> None:
    section = Section(
        "new-one",
        title="A: new",
        aliases=("newt",),
        reading=tuple(data.draw(st.lists(items(), max_size=2, unique_by=lambda i: i.identity))),
    )
    before = data.draw(st.sampled_from(["", *(other.anchor for other in lists.sections)]))
    added = changed(lists, lists.add_section(section, before))
    anchors = [other.anchor for other in lists.sections]
    place = anchors.index(before) if before else len(anchors)
    expected = bare(lists)
    expected["sections"].insert(place, section)
    assert bare(added) == expected
    assert only_adds(lists.source, added.source, 0 if lists.source.endswith("\n") else 1)
    assert changed(added, added.remove_section("new-one")).source == lists.source


@settings(max_examples=35, deadline=None)
@given(files(), st.data())
def test_a_renamed_section_keeps_its_list_and_its_old_name_as_alias(lists: ReadingLists, data: st.DataObject) -> None:
    section = data.draw(st.sampled_from(lists.sections))
    title = data.draw(st.sampled_from([None, "New: title"]))
    fresh = data.draw(st.sampled_from(["fresh", "fin", "1999"]))
    assume(fresh != "fin" or not any("fin" in other.aliases for other in lists.sections) or "fin" in section.aliases)
    edited = changed(lists, lists.rename_section(section.anchor, fresh, title))
    renamed = edited.section(fresh)
    assert renamed
    assert renamed.title == (title or section.title)
    assert set(renamed.aliases) == ({*section.aliases, section.anchor} - {fresh})
    assert [item.identity.replace(fresh, section.anchor) for item in renamed.reading] == [
        item.identity for item in section.reading
    ]
    others = [other for other in edited.sections if other is not renamed]
    assert [len(other.reading) for other in others] == [len(other.reading) for other in lists.sections if other is not section]
    assert not any(item.see == section.anchor for other in edited.sections for item in other.reading)
    assert edited.source.count("# ") == lists.source.count("# ")


@settings(max_examples=35, deadline=None)
@given(files(), st.data())
def test_an_orphaned_section_keeps_every_line_and_comes_back(lists: ReadingLists, data: st.DataObject) -> None:
    section = data.draw(st.sampled_from(lists.sections))
    orphaned = changed(lists, lists.orphan_section(section.anchor))
    expected = bare(lists)
    expected["sections"] = [other for other in expected["sections"] if other.anchor != section.anchor]
    expected["orphaned"].append(bare_section(section))
    assert bare(orphaned) == expected
    assert sorted(line.strip() for line in orphaned.source.splitlines() if "orphaned:" not in line and line.strip()) == sorted(
        line.strip() for line in lists.source.splitlines() if "orphaned:" not in line and line.strip()
    )
    anchors = [other.anchor for other in lists.sections]
    following = anchors[anchors.index(section.anchor) + 1 :]
    back = changed(orphaned, orphaned.adopt_section(section.anchor, following[0] if following else ""))
    assert bare(back) == bare(lists)


@settings(max_examples=30, deadline=None)
@given(files(), words)
def test_a_fact_about_the_guide_is_set_and_taken_out(lists: ReadingLists, value: str) -> None:
    edited = changed(lists, lists.set_guide("url", value))
    assert bare(edited) == {**bare(lists), "url": value}
    assert only_adds(lists.source, edited.source)
    assert changed(edited, edited.set_guide("url", None)).source == lists.source


@settings(max_examples=35, deadline=None)
@given(
    files(),
    st.lists(
        st.tuples(
            st.sampled_from(["#", "\n", "- ", "  ", ":", "[", "}", "&a ", "*a", "\t", "'", '"', "|", "\0"]), st.integers(0, 400)
        ),
        max_size=3,
    ),
    st.data(),
)
def test_an_edit_of_any_file_is_right_or_refused(lists: ReadingLists, dirt: list[tuple[str, int]], data: st.DataObject) -> None:
    source = lists.source
    for mark, place in dirt:
        source = source[:place] + mark + source[place:]
    try:
        lists = ReadingLists.parse(source, "refs/boats.yaml")
    except CitemanError:
        return
    item = Item(key="new2000", role="result", why="It is: new # here")
    for section in (*lists.sections, Section("nowhere")):
        try:
            added = changed(lists, lists.add_item(section.anchor, item))
            changed(lists, lists.settle_cue(section.anchor, "Cite her", "new2000"))
            changed(lists, lists.rename_section(section.anchor, "elsewhere"))
            changed(lists, lists.orphan_section(section.anchor))
        except CitemanError:
            continue
        reached = added.section(section.anchor)
        assert reached
        assert [other.identity for other in reached.reading if other.key != "new2000"] == [
            other.identity for other in section.reading
        ]


def test_a_key_that_yaml_cannot_hold_is_refused() -> None:
    lists = ReadingLists.parse("sections:\n  keels:\n    title: Keels\n", "refs/boats.yaml")
    for edit in (lambda: lists.add_item("keels", Item(key="caf\udce9")), lambda: lists.settle_cue("keels", "Cite.", "caf\udce9")):
        with pytest.raises(CitemanError, match="'café' is no key that a list can name"):
            edit()
