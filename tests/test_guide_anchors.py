"""Anchors, held against pandoc itself, against recorded answers of other tools, and rule by rule."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeman.guide import Guide
from citeman.guide.anchors import RULES, Anchors
from citeman.text import decode

DATA = Path(__file__).parent / "data" / "guide"
SHARED = Path(__file__).parents[2] / "shared"

RESIDUE = {
    # remark's `toString` counts the tag's own text; GitHub drops it
    ("github", "github-slugger", "distill-2023-05-01-adamw.md"): 1,
    # a raw HTML heading, which has no anchor at all
    ("hugo", "hugo", "scaling-book-inference.md"): 1,
    ("python-markdown", "python-markdown-toc", "scaling-book-inference.md"): 1,
    # MyST directives are neither code nor text to Python-Markdown
    ("python-markdown", "python-markdown-toc", "myst-bayes-chp_06.md"): 3,
    # pandoc 2.17 read these chunk headers as code; today's pandoc does not
    ("pandoc", "pandoc-markdown", "iml-ale.qmd"): 2,
    ("pandoc", "pandoc-markdown", "myst-bayes-chp_06.md"): 5,
    ("pandoc", "pandoc-markdown", "myst-quantecon-robust_permanent_income.md"): 1,
}
"""How many recorded anchors are missed, by rule, tool and file. May shrink, not grow."""
TOOLS = [
    ("github", "github-slugger"),
    ("github", "pandoc-gfm"),
    ("hugo", "hugo"),
    ("python-markdown", "python-markdown-toc"),
    ("pandoc", "pandoc-markdown"),
]


def guides() -> list[Path]:
    """Every guide of the folder beside the project, if there is one."""
    return [*sorted(SHARED.glob("corpora/guides/*md")), *sorted(SHARED.glob("guide/*.md"))]


def headings(source: str, rule: str = "pandoc") -> list[tuple[int, str]]:
    return [(section.level, section.anchor) for section in Guide.parse(source, rule=rule).sections]


def rows(text: str) -> list[tuple[int, str]]:
    return [(int(level), anchor) for level, anchor in (line.split("\t")[:2] for line in text.splitlines() if line)]


def ask(pandoc: str, path: Path) -> list[tuple[int, str]] | None:
    command = [pandoc, "--from=markdown", f"--to={DATA / 'headings.lua'}", "--quiet", str(path)]
    answer = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    return None if answer.returncode else rows(answer.stdout)


def test_torture_has_the_recorded_anchors() -> None:
    assert headings((DATA / "torture.md").read_text("utf-8")) == rows((DATA / "torture.tsv").read_text("utf-8"))


def test_recorded_anchors_are_pandocs(pandoc: str) -> None:
    assert rows((DATA / "torture.tsv").read_text("utf-8")) == ask(pandoc, DATA / "torture.md")


@pytest.mark.parametrize("path", guides(), ids=lambda path: path.name)
def test_anchors_are_pandocs_on_real_guides(path: Path, pandoc: str) -> None:
    expected = ask(pandoc, path)
    if expected is None:
        pytest.skip("pandoc itself cannot read this file")
    assert headings(decode(path.read_bytes()).text) == expected


@pytest.mark.parametrize(("rule", "tool"), TOOLS)
def test_anchors_are_those_of_other_tools(rule: str, tool: str, shared: Path) -> None:
    missed = {}
    for path in sorted(shared.glob("corpora/guides/*md")):
        recorded = shared / "corpora" / "guides-expected" / f"{path.name}.{tool}.tsv"
        if not recorded.exists():
            continue
        cells = [line.split("\t") for line in recorded.read_text("utf-8").splitlines()]
        expected = [row[2] if tool == "github-slugger" else row[1] for row in cells if len(row) > 1]
        found = [anchor for _, anchor in headings(decode(path.read_bytes()).text, rule)]
        misses = sum(anchor not in found for anchor in expected)
        if misses:
            missed[rule, tool, path.name] = misses
    assert missed == {key: count for key, count in RESIDUE.items() if key[:2] == (rule, tool)}


@pytest.mark.parametrize(
    ("rule", "heading", "anchor"),
    [
        ("github", "Über die `a.b`-Regel: 100% <b>fett</b>!", "über-die-ab-regel-100-fett"),
        ("github", "A  double -- dash {#kept}", "a--double----dash-kept"),
        ("github", ":rocket: Launch", "rocket-launch"),
        ("hugo", "See [here](https://a.b/c) now", "see-herehttpsabc-now"),
        ("hugo", "Written {#own}", "own"),
        ("hugo", "???", "heading"),
        ("python-markdown", "Über  die 2. `Regel_x`", "uber-die-2-regel_x"),
        ("python-markdown", "日本語", "_1"),
        ("python-markdown", "Own {: #own .c }", "own"),
        ("myst", "Über die a.b Regel", "über-die-ab-regel"),
        ("myst", "Math $x_1$ here", "math-x_1-here"),
        ("pandoc", "12. Über die a.b Regel", "über-die-a.b-regel"),
    ],
)
def test_each_rule(rule: str, heading: str, anchor: str) -> None:
    assert headings(f"# {heading}\n", rule) == [(1, anchor)]


def test_dialects_differ_in_what_is_a_heading() -> None:
    source = "text\n# Under\n\n#Glued\n\n<div>\n## In a div\n</div>\n\nTwo\nlines\n===\n"
    assert [anchor for _, anchor in headings(source, "pandoc")] == ["in-a-div"]
    assert [anchor for _, anchor in headings(source, "github")] == ["under", "two-lines"]
    assert [anchor for _, anchor in headings(source, "python-markdown")] == ["under", "glued"]


def test_a_less_than_sign_opens_no_tag() -> None:
    source = "# If a <b then\n\nText, with words.\n\n# Next\n\n> said\n\n<div x, y>\n# In\n</div>\n"
    for rule in RULES:
        assert [anchor for _, anchor in headings(source, rule)][:2] == ["if-a-b-then", "next"]


def test_a_title_block_hides_no_heading() -> None:
    source = "% A guide\n  of two lines\n% Ann\n# One\n"
    assert [anchor for _, anchor in headings(source, "pandoc")] == ["one"]
    assert headings("% a\n% b\n% c\n% d\n# No\n", "pandoc") == []
    assert Guide.parse(source).sections[0].line == 4


def test_python_markdown_reads_what_an_element_marks_as_markdown() -> None:
    source = "# A [^n]\n\n<div class='grid' markdown>\n\n## In it\n\n<div>\n\n## Raw\n\n</div>\n\n</div>\n\n[^n]: Note.\n"
    assert [anchor for _, anchor in headings(source, "python-markdown")] == ["a", "in-it"]


def test_duplicates_are_numbered_by_each_rules_own_habit() -> None:
    source = "# A\n\n# A\n\n# A\n"
    assert [anchor for _, anchor in headings(source, "github")] == ["a", "a-1", "a-2"]
    assert [anchor for _, anchor in headings(source, "python-markdown")] == ["a", "a_1", "a_2"]


@given(st.lists(st.text(alphabet="aB1-_. é?", max_size=5), max_size=12), st.sampled_from(RULES))
def test_no_two_headings_share_an_anchor(titles: list[str], rule: str) -> None:
    anchors = Anchors(rule)
    given_out = [anchors.give(title) for title in titles]
    assert len(set(given_out)) == len(given_out)
