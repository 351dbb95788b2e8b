"""Reading lists woven into a guide: only regions change, twice is once, out again is the same bytes."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeman.errors import CitemanError
from citeman.guide import Guide
from citeman.text import apply, decode
from citeman.weave import checksum_of, read, unweave, weave

GUIDE = """\
# Title

Intro.

## One

Text of one.

### Inner

- a list
- to its end

## Two

Text of two.

<div class="question-box">

**Why?** Nobody knows.

</div>

## Three

The end.
"""
LIST = "**Further reading.**\n\n- [A (2020)](https://arxiv.org/abs/2103.00065)\n- $\\mu$P"


def woven(source: str, texts: dict[str, str], rule: str = "pandoc", **options: Any) -> str:
    return apply(source, weave(Guide.parse(source, "g.md", rule), texts, **options))


def unwoven(source: str, rule: str = "pandoc", **options: Any) -> str:
    return apply(source, unweave(Guide.parse(source, "g.md", rule), **options))


def without_regions(source: str) -> str:
    return re.sub(r"<!-- citeman:reading-list \S+ sha256=.*?<!-- /citeman:reading-list -->", "@", source, flags=re.S)


def refusal(source: str, texts: dict[str, str] | None = None) -> str:
    with pytest.raises(CitemanError) as raised:
        woven(source, texts or {"one": LIST})
    return str(raised.value)


def test_a_list_stands_at_the_end_of_its_section() -> None:
    text = woven(GUIDE, {"one": LIST, "three": LIST})
    mark = f"<!-- citeman:reading-list one sha256={checksum_of(LIST)} -->"
    assert f"- to its end\n\n{mark}\n\n{LIST}\n\n<!-- /citeman:reading-list -->\n\n## Two\n" in text
    assert text.endswith(f"The end.\n\n<!-- citeman:reading-list three sha256={checksum_of(LIST)} pad=1,1 -->\n\n{LIST}\n\n"
                         "<!-- /citeman:reading-list -->\n")  # fmt: skip


def test_of_two_lists_that_end_together_the_inner_comes_first() -> None:
    text = woven(GUIDE, {"one": "outer", "inner": "inner"})
    assert text.index("reading-list inner") < text.index("reading-list one") < text.index("## Two")


def test_a_question_box_takes_its_list_inside() -> None:
    text = woven(GUIDE, {"question-why": LIST})
    assert "**Why?** Nobody knows.\n\n@\n\n</div>" in without_regions(text)


def test_woven_twice_is_woven_once_and_out_again_is_as_before() -> None:
    texts = {"title": LIST, "one": LIST, "inner": "x", "two": "y", "question-why": "z", "three": LIST}
    once = woven(GUIDE, texts)
    assert once != GUIDE
    assert weave(Guide.parse(once), texts) == []
    assert unwoven(once) == GUIDE
    assert woven(once, {}) == GUIDE


@pytest.mark.parametrize(
    "source", ["# One", "# One\n", "# One\n\n", "# One\r\n\r\ntext\r\n", "# One\ntext\n# Two\n", "\ufeff# One\n\nx"]
)
def test_ends_of_files_and_line_ends_come_back(source: str) -> None:
    text = woven(source, {"one": "a\nb"}, "github")
    assert ("\r\n" in text) == ("\r\n" in source)
    assert text.count("\r") == text.count("\r\n")
    assert weave(Guide.parse(text, rule="github"), {"one": "a\nb"}) == []
    assert unwoven(text, "github") == source


def test_a_new_text_replaces_only_the_region() -> None:
    once = woven(GUIDE, {"one": LIST, "two": "old"})
    again = woven(once, {"one": LIST, "two": "new"})
    assert without_regions(again) == without_regions(once)
    assert "\nnew\n" in again
    assert "\nold\n" not in again
    assert unwoven(again) == GUIDE


def test_the_authors_place_is_used_and_stays() -> None:
    source = GUIDE.replace("Text of one.\n", "Text of one.\n\n<!-- citeman:reading-list -->\n\nMore of one.\n")
    text = woven(source, {"one": LIST})
    assert "<!-- citeman:reading-list -->\n\n@\n\nMore of one." in without_regions(text)
    assert weave(Guide.parse(text), {"one": LIST}) == []
    assert unwoven(text) == source


def test_a_place_can_be_for_another_section() -> None:
    source = GUIDE.replace("The end.\n", "<!-- citeman:reading-list one -->\nThe end.")
    text = woven(source, {"one": LIST, "three": "own"})
    assert text.index("## Three") < text.index("reading-list one sha256")
    assert unwoven(text) == source


def test_a_place_in_an_inner_section_without_a_list_is_for_the_outer() -> None:
    source = GUIDE.replace("### Inner\n", "### Inner\n\n<!-- citeman:reading-list -->\n")
    assert "### Inner\n\n<!-- citeman:reading-list -->\n\n<!-- citeman:reading-list one" in woven(source, {"one": LIST})


def test_a_region_moves_to_a_place_that_is_marked_later() -> None:
    once = woven(GUIDE, {"one": LIST})
    marked = once.replace("Text of one.\n", "Text of one.\n\n<!-- citeman:reading-list -->\n")
    text = woven(marked, {"one": LIST})
    assert text.count("sha256=") == 1
    assert text.index("sha256=") < text.index("### Inner")


def test_a_former_anchor_keeps_its_region() -> None:
    once = woven(GUIDE, {"one": LIST}).replace("## One", "## First")
    text = woven(once, {"first": LIST}, aliases={"one": "first"})
    assert without_regions(text) == without_regions(once)
    assert "reading-list first sha256=" in text


def test_a_hand_edited_region_is_refused_unless_forced() -> None:
    edited = woven(GUIDE, {"one": LIST}).replace("A (2020)", "B (2021)")
    message = refusal(edited)
    assert message.startswith("g.md:14: the reading list of #one was edited by hand")
    with pytest.raises(CitemanError):
        unwoven(edited)
    assert woven(edited, {"one": LIST}, force=True) == woven(GUIDE, {"one": LIST})
    assert unwoven(edited, force=True) == GUIDE


def test_a_region_edited_to_what_it_should_be_is_fine() -> None:
    edited = woven(GUIDE, {"one": "old"}).replace("old", "new")
    assert woven(edited, {"one": "new"}) == woven(GUIDE, {"one": "new"})


def test_changed_line_ends_are_no_edit() -> None:
    once = woven(GUIDE, {"one": LIST}).replace("\n", "\r\n")
    assert not read(Guide.parse(once))[0][0].edited


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("<!-- /citeman:reading-list -->", ""), "g.md:14: a reading list without its end"),
        (lambda text: re.sub(r"<!-- citeman.*?-->", "", text), "g.md:18: the end of a reading list without its beginning"),
        (lambda text: text + "\n" + text[text.index("<!--") : text.index("## Two")], "g.md:34: a second reading list of #one"),
        (
            lambda text: text.replace("<!-- /citeman:reading-list -->", "<!-- /citeman:reading-list"),
            "g.md:18: a broken citeman mark",
        ),
        (lambda text: text.replace("<!-- citeman", "text <!-- citeman"), "g.md:14: a broken citeman mark"),
    ],
)
def test_broken_marks_are_errors_with_their_line(change: Any, message: str) -> None:
    assert refusal(change(woven(GUIDE, {"one": "text"}))).startswith(message)


def test_two_places_for_one_list_are_an_error() -> None:
    source = GUIDE.replace("Text of one.\n", "<!-- citeman:reading-list -->\n\n<!-- citeman:reading-list one -->\n")
    assert refusal(source).startswith("g.md:9: a second place for the reading list of #one (the first is in line 7)")


def test_marks_in_code_are_text() -> None:
    source = GUIDE.replace(
        "Text of one.", "```\n<!-- citeman:reading-list -->\n## No heading\n```\n\nWrite `<!-- citeman:reading-list -->`."
    )
    text = woven(source, {"one": LIST})
    assert text.index("- to its end") < text.index("sha256=")
    assert unwoven(text) == source


def test_no_list_for_a_heading_that_is_not_there_or_stands_in_a_quotation() -> None:
    assert refusal(GUIDE, {"nowhere": "x"}).startswith("g.md: the guide has no section #nowhere")
    assert refusal("# A\n\n> # Quoted\n", {"quoted": "x"}).startswith(
        "g.md:3: the heading #quoted stands in a list or a quotation"
    )


@pytest.mark.parametrize("rule", ["github", "hugo", "myst"])
@pytest.mark.parametrize(
    ("below", "line", "what"),
    [
        ("```\ncode\n", 9, "this fence ```, or one above it,"),
        ("````{code-cell} ipython3\n```\nrun(\n  ", 9, "this fence ````, or one above it,"),
        ("~~~python\n## no heading\n\n", 9, "this fence ~~~, or one above it,"),
    ],
)
def test_a_fence_that_is_left_open_is_named_with_its_line(rule: str, below: str, line: int, what: str) -> None:
    with pytest.raises(CitemanError) as caught:
        woven(f"# A\n\n```\nclosed\n```\n\n## B\n\n{below}", {"a": "x", "b": "y"}, rule)
    assert str(caught.value) == f"g.md:{line}: no reading list can go into #a: {what} is left open; close it"


def test_a_comment_that_is_left_open_is_named_with_its_line() -> None:
    with pytest.raises(CitemanError, match=r"^g\.md:3: no reading list can go into #a: this comment is left open; close it$"):
        woven("# A\n\n<!-- to do\n\n## B\n", {"a": "x", "b": "y"}, "python-markdown")


def test_text_with_marks_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="marks"):
        woven(GUIDE, {"one": "<!-- /citeman:reading-list -->"})


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        ("\n---\n\n", "Text.\n\n@\n\n---\n\n## B"),
        ("\n(label)=\n\n", "Text.\n\n@\n\n(label)=\n\n## B"),
        ('\n<a id="x"></a>\n\n', 'Text.\n\n@\n\n<a id="x"></a>\n\n## B'),
        ('</section>\n\n<section class="x">\n\n', 'Text.\n\n@\n\n</section>\n\n<section class="x">\n\n## B'),
        ('\n<div class="x">\n\n', 'Text.\n\n@\n\n<div class="x">\n\n## B'),
        (":::\n\n::: {.x}\n\n", "Text.\n\n@\n\n:::\n\n::: {.x}\n\n## B"),
    ],
)
def test_what_belongs_to_the_next_heading_or_around_both_stays_there(between: str, expected: str) -> None:
    start = "<section>\n\n" if "</section>" in between else "::: {.y}\n\n" if ":::" in between else ""
    source = f"{start}## A\n\nText.\n{between}## B\n\nMore.\n"
    text = woven(source, {"a": "x"})
    assert expected in without_regions(text)
    assert unwoven(text) == source


BLOCKS = st.sampled_from(
    ["# One", "## Two", "### Three", "Text.", "- item", "> quote", "```\ncode\n```", "---", "<div>", "</div>", "::: x", ":::", "<!-- c -->",
     "| a | b |\n|---|---|\n| 1 | 2 |", "[^1]: note", "```", "1. one", "    code", '<div class="question-box">\n\n**Why?**\n\n</div>']
)  # fmt: skip
DOCUMENTS = st.tuples(
    st.lists(st.tuples(BLOCKS, st.sampled_from(["\n", "\n\n", "\n\n\n"])), max_size=12), st.sampled_from(["\n", "\r\n"])
)


@settings(max_examples=120, deadline=None)
@given(DOCUMENTS, st.sampled_from(["pandoc", "github"]))
def test_weaving_is_idempotent_and_undone_without_a_trace(document: Any, rule: str) -> None:
    pieces, newline = document
    source = "".join(block + end for block, end in pieces).replace("\n", newline)
    guide = Guide.parse(source, rule=rule)
    texts = {
        place.anchor: f"list of {place.anchor}"
        for place in (*guide.sections, *guide.questions)
        if not getattr(place, "nested", False)
    }
    try:
        text = woven(source, texts, rule)
    except CitemanError:
        return
    assert weave(Guide.parse(text, rule=rule), texts) == []
    assert unwoven(text, rule) == source
    assert sorted(region.anchor for region in read(Guide.parse(text, rule=rule))[0]) == sorted(texts)


def blocks(pandoc: str, source: str) -> Any:
    command = [pandoc, "--from=markdown", "--to=json", "--quiet"]
    answer = subprocess.run(command, input=source, capture_output=True, encoding="utf-8", timeout=60, check=True)
    return json.loads(answer.stdout)["blocks"]


def outside(tree: Any) -> Any:
    """Drop what stands between citeman's marks from a pandoc document, and count the regions."""
    if isinstance(tree, dict):
        return {key: outside(value) for key, value in tree.items()}
    if not isinstance(tree, list):
        return tree
    kept, inside = [], False
    for node in tree:
        raw = node["c"][1] if isinstance(node, dict) and node.get("t") == "RawBlock" else ""
        if "/citeman:reading-list" in raw:
            inside = False
        elif "citeman:reading-list" in raw:
            inside = True
        elif not inside:
            kept.append(outside(node))
    return kept


def test_pandoc_sees_the_lists_and_nothing_else_changed(pandoc: str) -> None:
    guide = Guide.parse(GUIDE)
    text = woven(GUIDE, {place.anchor: LIST for place in (*guide.sections, *guide.questions)})
    before, after = blocks(pandoc, GUIDE), blocks(pandoc, text)
    assert outside(after) == before
    assert json.dumps(after).count("Further") == len(guide.sections) + len(guide.questions)


def test_pandoc_sees_nothing_else_changed_in_a_real_guide(pandoc: str, shared: Path) -> None:
    source = decode((shared / "guide" / "dynamics-of-training.md").read_bytes()).text
    guide = Guide.parse(source)
    text = woven(source, {place.anchor: LIST for place in (*guide.sections, *guide.questions)})
    assert outside(blocks(pandoc, text)) == blocks(pandoc, source)
    assert unwoven(text) == source
