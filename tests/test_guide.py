"""A guide's front matter, sections, question boxes, links and findings."""

from __future__ import annotations

import pytest

from citeman.errors import UsageError
from citeman.guide import Guide, propose_rule

GUIDE = """\
---
title: "Training, taught"
sequence_order: 0012
date: 2025-09-01
---

Opening words, before any heading.

## First ideas

See [the last part](#last-part) and <a href="#first-ideas">above</a>.

### A detail ($\\mu$P)

Text.

<div class="question-box">

**Open question: Why?** Nobody knows.

</div>

```python
## no heading
```

## Last part {#end .x}

The end.
"""


def anchors(source: str, rule: str = "pandoc") -> list[str]:
    return [section.anchor for section in Guide.parse(source, rule=rule).sections]


def test_front_matter_is_strings_as_written() -> None:
    assert Guide.parse(GUIDE).front_matter == {
        "title": "Training, taught",
        "sequence_order": "0012",
        "date": "2025-09-01",
    }


def test_sections_have_title_anchor_line_and_extent() -> None:
    guide = Guide.parse(GUIDE)
    assert [(s.level, s.title, s.anchor, s.line, s.explicit) for s in guide.sections] == [
        (2, "First ideas", "first-ideas", 9, False),
        (3, "A detail ($\\mu$P)", "a-detail-mup", 13, False),
        (2, "Last part", "end", 27, True),
    ]
    first, detail, last = guide.sections
    assert GUIDE[first.start : first.heading_end] == "## First ideas\n"
    assert first.end == last.start == detail.end == detail.body_end
    assert first.body_end == detail.start
    assert last.end == last.body_end == len(GUIDE)
    assert guide.text_of(last) == "\nThe end.\n"


def test_question_boxes_are_places() -> None:
    guide = Guide.parse(GUIDE)
    (question,) = guide.questions
    assert (question.title, question.anchor, question.section, question.line) == (
        "Open question: Why?",
        "question-open-question-why",
        "a-detail-mup",
        17,
    )
    assert GUIDE[question.start : question.end].startswith("<div")
    assert GUIDE[question.start : question.end].endswith("</div>")
    assert guide.place_at(GUIDE.index("Nobody")) == question
    assert guide.place_at(GUIDE.index("Text.")) == guide.section("a-detail-mup")
    assert guide.place_at(GUIDE.index("Opening")) is None
    assert guide.question(question.anchor) == question


def test_page_links_are_found_in_markdown_and_html() -> None:
    guide = Guide.parse(GUIDE)
    assert [(link.target, link.line) for link in guide.links] == [("last-part", 11), ("first-ideas", 11)]
    assert guide.targets >= {"first-ideas", "a-detail-mup", "end"}


def test_encoding_accidents_are_reported_and_left_alone() -> None:
    source = "# A\n\nKinda, thoâ€¦ true. CafÃ© and Ünïcode, naïve, Ã.\n"
    guide = Guide.parse(source, "g.md")
    assert guide.source == source
    assert [(f.rule, f.path, f.line) for f in guide.findings] == [("guide-encoding", "g.md", 3)] * 2
    assert "'thoâ€¦' should read 'tho…'" in guide.findings[0].message
    assert "'CafÃ©' should read 'Café'" in guide.findings[1].message


def test_bytes_that_are_no_text_are_reported() -> None:
    (finding,) = Guide.parse("# A\n\ncaf\udce9\n").findings
    assert (finding.rule, finding.line) == ("guide-encoding", 3)
    assert "'é'" in finding.message


def test_two_written_anchors_that_are_the_same_are_reported() -> None:
    (finding,) = Guide.parse("# A {#x}\n\n# B {#x}\n", "g.md").findings
    assert (finding.rule, finding.line) == ("guide-duplicate-anchor", 3)
    assert "line 1" in finding.message


def test_bad_front_matter_is_a_finding_and_the_rest_is_read() -> None:
    guide = Guide.parse("---\ntitle: a: b: c\n---\n\n# A\n", "g.md")
    assert [finding.rule for finding in guide.findings] == ["guide-bad-front-matter"]
    assert [section.anchor for section in guide.sections] == ["a"]


def test_toml_front_matter_and_byte_order_mark_and_crlf() -> None:
    guide = Guide.parse("\ufeff+++\r\ntitle = 'T'\r\n+++\r\n\r\n# One\r\n\r\ntext\r\n\r\n# Two\r\n")
    assert guide.front_matter == {"title": "T"}
    one, two = guide.sections
    assert guide.source[one.start : one.heading_end] == "# One\r\n"
    assert guide.source[two.start : two.end] == "# Two\r\n"


def test_headings_where_pandoc_sees_none() -> None:
    source = (
        "text\n# under text\n\n#nospace\n\n<!--\n\n# comment\n\n-->\n\n~~~\n# code\n~~~\n\n    # code\n\n # indented\n\n# real\n"
    )
    assert anchors(source) == ["real"]


def test_headings_inside_lists_and_quotes_count_but_divide_nothing() -> None:
    guide = Guide.parse("# A\n\n> # Q\n\n- # L\n\n  text\n\nstill A\n\n# B\n")
    assert [(s.anchor, s.nested) for s in guide.sections] == [("a", False), ("q", True), ("l", True), ("b", False)]
    assert guide.section_at(guide.source.index("still")) == guide.section("a")


def test_equal_headings_are_numbered() -> None:
    assert anchors("# A\n\n# A\n\n# A-1\n\n# ?\n\n# !\n") == ["a", "a-1", "a-1-1", "section", "section-1"]


def test_rule_is_proposed_from_the_guides_own_links() -> None:
    source = "# 1. Über `a.b`\n\n[x](#{})\n"
    assert propose_rule(source.format("über-a.b")) == "pandoc"
    assert propose_rule(source.format("1-über-ab")) == "github"
    assert propose_rule(source.format("1-uber-ab")) == "python-markdown"
    assert propose_rule("# A\n") == "pandoc"


def test_an_unknown_slug_rule_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="unknown slug rule 'gitlab'; known are pandoc, github"):
        Guide.parse("# A\n", rule="gitlab")
