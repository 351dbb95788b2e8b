"""What is said about a bibliography's form, and what entries inherit."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from citeman.bib import Bibliography
from citeman.text import apply, decode
from tests.conftest import ROOT
from tests.test_bib import read

Said = list[tuple[str, str, int, str]]


def said(bibliography: Bibliography) -> Said:
    return [(finding.rule, finding.severity, finding.line, finding.key) for finding in bibliography.findings]


def test_a_clean_file_says_nothing() -> None:
    for name in ("aligned.bib", "commas-first.bib", "right-aligned.bib", "shouting.bib", "one-line.bib", "inherits.bib"):
        assert read(name).findings == ()


def test_a_broken_file_says_where_and_what() -> None:
    assert said(read("broken.bib")) == [
        ("bib-unparsable-block", "error", 5, "open"),
        ("bib-unparsable-block", "error", 15, "quote"),
        ("bib-unparsable-block", "error", 19, ""),
        ("bib-missing-comma", "error", 21, "good3"),
        ("bib-missing-comma", "error", 22, "good3"),
        ("bib-stray-text", "error", 24, "good3"),
        ("bib-missing-value", "error", 25, "good3"),
        ("bib-undelimited-value", "error", 26, "good3"),
        ("bib-missing-key", "warning", 29, ""),
        ("bib-text-after-entry", "error", 33, "good4"),
    ]


def test_duplicates_are_said() -> None:
    assert said(read("duplicates.bib")) == [
        ("bib-duplicate-field", "warning", 1, "twice"),
        ("bib-duplicate-key", "warning", 3, "Twice"),
        ("bib-duplicate-field", "warning", 5, "twice"),
        ("bib-duplicate-key", "error", 5, "twice"),
        ("bib-missing-key", "warning", 7, ""),
        ("bib-missing-key", "warning", 9, ""),
    ]


def test_comments_in_entries_are_said() -> None:
    found = said(read("commented.bib"))
    assert found[0] == ("bib-commented-entry", "hint", 3, "")
    assert found[1:] == [("bib-comment-in-entry", "warning", line, "shown") for line in (7, 8, 9, 10, 12)]


def test_macros_that_nobody_defined_are_said() -> None:
    bibliography = read("macros.bib")
    assert said(bibliography) == [("bib-undefined-macro", "warning", 10, "uses"), ("bib-undefined-macro", "warning", 11, "uses")]
    assert "only on line 15" in bibliography.findings[1].message


def test_an_entry_in_a_value_is_said() -> None:
    assert said(read("abstract.bib")) == [("bib-entry-in-value", "warning", 4, "quoting")]


def test_bytes_that_are_no_utf8_are_said_once_and_shown_readably() -> None:
    bibliography = Bibliography.parse(decode("@misc{a,\n title={café Zoë}}".encode("latin-1")).text, "refs.bib")
    assert said(bibliography) == [("bib-encoding", "warning", 2, "")]
    assert "2 bytes" in bibliography.findings[0].message
    assert "café" in bibliography.findings[0].message
    assert bibliography.findings[0].path == "refs.bib"


@pytest.mark.parametrize("name", ["broken.bib", "commented.bib", "duplicates.bib", "macros.bib", "abstract.bib"])
def test_messages_are_one_line_and_say_what_to_do(name: str) -> None:
    for finding in read(name).findings:
        assert "\n" not in finding.message
        assert ": " in finding.message


def test_a_fix_makes_its_finding_go_and_changes_no_value() -> None:
    bibliography = read("broken.bib")
    fixes = [finding.fix for finding in bibliography.findings if finding.fix]
    assert len(fixes) == 3
    fixed = Bibliography.parse(apply(bibliography.source, [edit for fix in fixes for edit in fix.edits]))
    assert {rule for rule, *_ in said(fixed)}.isdisjoint({"bib-missing-comma", "bib-undelimited-value"})
    assert [[field.value for field in entry.fields] for entry in fixed.entries] == [
        [field.value for field in entry.fields] for entry in bibliography.entries
    ]


@pytest.mark.parametrize(
    ("source", "fixed"),
    [
        ("@misc{a,\n  year = {1},\n  title = {t},\n  year = {1}\n}", "@misc{a,\n  year = {1},\n  title = {t}\n}"),
        ("@misc{a, year = {1}, YEAR = {1}, title = {t}}", "@misc{a, year = {1}, title = {t}}"),
        ("@misc{a, year = {1}, year = {2}}", None),
    ],
)
def test_a_field_that_repeats_the_first_can_be_removed(source: str, fixed: str | None) -> None:
    (finding,) = Bibliography.parse(source).findings
    assert (finding.fix and apply(source, finding.fix.edits)) == fixed


def test_nothing_reaches_the_terminal() -> None:
    code = "from citeman.bib import Bibliography; Bibliography.parse('@misc{a, title={\\n@misc{b}').findings"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_the_logging_of_others_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    Bibliography.parse("@misc{a, title={")
    with caplog.at_level(logging.WARNING):
        logging.getLogger("somebody.else").warning("heard")
    assert [record.message for record in caplog.records] == ["heard"]


def test_an_entry_inherits_what_it_lacks() -> None:
    bibliography = read("inherits.bib")
    child = bibliography.get("child")
    assert child
    resolved = bibliography.resolved(child)
    assert resolved.fields[: len(child.fields)] == child.fields
    assert [(field.name, field.value) for field in resolved.fields[len(child.fields) :]] == [
        ("publisher", "The Press"),
        ("location", "Town"),
        ("editor", "Editor, E."),
        ("year", "2012"),
        ("booktitle", "Proceedings of the Meeting"),
    ]
    title = resolved.field("booktitle")
    assert title
    assert bibliography.source[title.start : title.end] == "title = {Proceedings of the Meeting}"


def test_loops_and_missing_parents_are_survived() -> None:
    bibliography = read("inherits.bib")
    for entry in bibliography.entries:
        assert bibliography.resolved(entry).fields[: len(entry.fields)] == entry.fields
    selfish = bibliography.get("selfish")
    assert selfish
    assert bibliography.resolved(selfish) == selfish
    chain = "".join(f"@misc{{k{n}, crossref={{k{n + 1}}}, f{n}={{x}}}}\n" for n in range(3000))
    long = Bibliography.parse(chain)
    assert long.resolved(long.entries[0]).get("f5") == "x"


@pytest.mark.parametrize(
    ("child", "parent", "name"),
    [
        ("incollection", "book", "booktitle"),
        ("book", "mvbook", "maintitle"),
        ("inbook", "mvbook", "maintitle"),
        ("article", "periodical", "journaltitle"),
        ("misc", "misc", "title"),
    ],
)
def test_a_parents_title_gets_its_place(child: str, parent: str, name: str) -> None:
    bibliography = Bibliography.parse(f"@{child}{{a, crossref = {{b}}}} @{parent}{{b, title = {{T}}}}")
    assert [(field.name, field.value) for field in bibliography.resolved(bibliography.entries[0]).fields[1:]] == [(name, "T")]


def test_the_parents_own_booktitle_comes_first() -> None:
    bibliography = Bibliography.parse("@incollection{a, crossref = {b}} @book{b, title = {T}, booktitle = {B}}")
    assert bibliography.resolved(bibliography.entries[0]).get("booktitle") == "B"
