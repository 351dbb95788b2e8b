"""A guide may be any text at all: it is read without an error, in time that grows with its length."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeman.guide import Guide, propose_rule
from citeman.guide.anchors import RULES

MARKS = (
    "[ ] ( ) [[ ]] { } < > <!-- --> <? ` `` ``` ~~~ $ $$ * ** _ ~ ^ ^[ ![ | \\ \" ' # ## = --- === - + 1. > : :: ::: & ; @ @a [@ "
    '[^1] [^1]: [a]: (a)= {#a} {.b} <a <a href="x"> </a> <div> </div> <p> <pre> </pre> <script> <td> https:// http://a.b/c '
    "\\begin{a} \\end{a} \\foo{ \\foo[ {cite}`a` <d-cite key='a'> question-box a B é \u20ac \u3042 \0 \ud800 \udc80 \ufeff"
)
SPACES = ["", " ", "\n", "\n\n", "\t", "    ", "\r\n", "\r"]
SOURCES = st.lists(st.tuples(st.sampled_from(MARKS.split(" ")), st.sampled_from(SPACES)), max_size=40).map(
    lambda pairs: "".join(piece + space for piece, space in pairs)
)

REPEATED = {
    "brackets": "[",
    "links": "[](",
    "link titles": '[a](b "',
    "keys in brackets": "[@a ",
    "closing brackets": "]",
    "braces": "{",
    "attributes": "# {a=",
    "quotes": "\"'",
    "backticks": "` `` ",
    "dollars": "$a ",
    "tags": "<a b='<a c=\"",
    "comments": "<!--\n\n",
    "instructions": "<?\n",
    "divs": "<div>\n",
    "divs in a line": "<div>",
    "tags in text": "a<p>",
    "verbatim": "<pre>\n\n",
    "quotations": "> ",
    "lists": "- ",
    "items": "- a\n",
    "fences": "``` a\n",
    "rules": "---\na\n",
    "dashes": "-- --\na\n\n",
    "commands": "\\foo{",
    "options": "\\foo[{}",
    "environments": "\\begin{a}\n\n",
    "references": "[a]: b\n",
    "notes": "[^a]: b\n\n",
    "inline notes": "^[",
    "boxes": '<div class="question-box">\n\n',
    "bold": "**a",
    "tables": "a|b\n-|-\n",
    "headings": "# a\n\n",
    "fenced divs": "::: a\n",
    "addresses": "https://a.b/(",
    "surrogates": "\udc80a",
    "accidents": "Ã©",
    "nothing": "\0",
    "sentences": "Cite. [a](https://arxiv.org/abs/2103.00065) ",
}


@settings(max_examples=150, deadline=None)
@given(SOURCES, st.sampled_from(RULES))
def test_any_text_is_read_and_every_place_is_in_it(source: str, rule: str) -> None:
    guide = Guide.parse(source, "g.md", rule)
    spans = [*guide.sections, *guide.questions, *guide.footnotes, *guide.links, *guide.citations, *guide.pages, *guide.cues]
    assert all(0 <= span.start <= span.end <= len(source) for span in spans)
    assert all(s.start < s.heading_end <= s.body_end <= s.end for s in guide.sections)
    top = [section for section in guide.sections if not section.nested]
    assert [section.start for section in top] == sorted(section.start for section in top)
    anchors = [place.anchor for place in (*guide.sections, *guide.questions) if not getattr(place, "explicit", False)]
    assert len(set(anchors)) == len(anchors)
    assert all(source[c.start : c.end].strip() for c in guide.citations)
    assert all(finding.line >= 1 for finding in guide.findings)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60))
def test_any_characters_are_read(source: str) -> None:
    guide = Guide.parse(source)
    assert propose_rule(source) in RULES
    for offset in range(len(source) + 1):
        guide.place_at(offset)


def steps(work: Callable[[], object]) -> int:
    """Count the calls, of Python and of C functions, that some work takes: time without a clock."""
    count = 0

    def profile(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("piece", REPEATED.values(), ids=REPEATED.keys())
def test_twice_the_text_takes_twice_the_steps(piece: str) -> None:
    Guide.parse(piece)
    once, twice = (steps(lambda size=size: Guide.parse(piece * size)) for size in (200, 400))  # type: ignore[misc]
    assert twice < 2.4 * once + 2000


def test_a_rule_is_proposed_without_reading_what_the_guide_cites() -> None:
    """Five rules are tried: by whole guides that would be as much work as five readings."""
    source = "# A\n\n[a](#a) " + " ".join(f"[A title](https://arxiv.org/abs/2103.{number:05})" for number in range(10_000))
    Guide.parse("# A")
    assert steps(lambda: propose_rule(source)) < 2 * steps(lambda: Guide.parse(source))


@pytest.mark.parametrize("piece", ["a", "[", "# ", "<div>", "a b "])
def test_a_very_long_line_is_read(piece: str) -> None:
    assert Guide.parse(piece * (200_000 // len(piece))).citations == ()
