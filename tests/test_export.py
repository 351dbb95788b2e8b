from __future__ import annotations

import json
from pathlib import Path

import pytest
import rispy

from citeman.bib import Bibliography
from tests import reading
from tests.conftest import Run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return reading.write(tmp_path / "project")


def keys(text: str) -> list[str]:
    return [entry.key for entry in Bibliography.parse(text).entries]


def test_everything_is_exported_as_it_stands(citeman: Run, root: Path) -> None:
    result = citeman("export", cwd=root)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == reading.BIB


def test_sections_and_keys_are_exported_in_the_order_asked_for_each_paper_once(citeman: Run, root: Path) -> None:
    text = citeman("export", "unplaced2020page", "cohen2021gradient", "--section", "edge", "-s", "convex", cwd=root).stdout
    assert keys(text) == [
        "unplaced2020page",
        "cohen2021gradient",
        "nakkiran2019deep",
        "nesterov1983method",
        "polyak1964some",
        "muller1998tricks",
    ]


@pytest.mark.parametrize(
    ("arguments", "read"),
    [
        (("--format", "csl-json"), lambda text: [one["id"] for one in json.loads(text)]),
        (("--format", "ris"), lambda text: [one["id"] for one in rispy.loads(text)]),
        (("--format", "bib"), keys),
        (("-o", "list.json"), lambda text: [one["id"] for one in json.loads(text)]),
        (("-o", "list.RIS"), lambda text: [one["id"] for one in rispy.loads(text)]),
        (("-o", "list.abc"), keys),
    ],
)
def test_the_form_is_the_one_asked_for_or_the_files(citeman: Run, root: Path, arguments: tuple[str, str], read) -> None:  # type: ignore[no-untyped-def]
    result = citeman("export", "--section", "edge", *arguments, cwd=root)
    assert (result.returncode, result.stderr) == (0, "")
    text = (root / arguments[1]).read_text() if arguments[0] == "-o" else result.stdout
    assert read(text) == ["cohen2021gradient", "nakkiran2019deep"]


def test_a_section_in_markdown_keeps_its_order_and_whys(citeman: Run, root: Path) -> None:
    text = citeman("export", "-s", "classical", "--format", "markdown", cwd=root).stdout
    assert text.startswith("# The classical picture\n\n1. Yurii Nesterov. ")
    assert "\n   Costs between $5 and $6.\n" in text
    assert "## Going further" in text


def test_an_entry_goes_with_the_macros_and_parents_that_it_needs(citeman: Run, tmp_path: Path) -> None:
    bib = """@string{acm = {Association for Computing Machinery}}
@string{unused = {Nobody}}
@string{proc = "Proceedings of the " # acm}

@inproceedings{child2020one, title = {One of {acm}}, author = {A B}, crossref = {parent2020all}, month = may, note = "acm"}
@inproceedings{child2020two, title = {Two}, author = {C D}, crossref = {parent2020all}, publisher = acm # { Press}}
@proceedings{parent2020all, title = proc, booktitle = proc, year = 2020}
"""
    root = reading.write(tmp_path / "project", bib, "sections: {}\n", "")
    text = citeman("export", "child2020one", "child2020two", cwd=root).stdout
    assert text.startswith(
        "@string{proc = {Proceedings of the Association for Computing Machinery}}\n@string{acm = {Association for Computing Machinery}}\n\n@inproceedings{child2020one,"
    )
    assert keys(text) == ["child2020one", "child2020two", "parent2020all"]
    assert "unused" not in text
    both = Bibliography.parse(text)
    assert both.resolved(both.entries[0]).get("booktitle") == "Proceedings of the Association for Computing Machinery"
    assert both.entries[1].get("publisher") == "Association for Computing Machinery Press"
    alone = citeman("export", "parent2020all", cwd=root).stdout
    assert keys(alone) == ["parent2020all"]


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (
            ("cohen2020gradient",),
            2,
            "citeman: no entry 'cohen2020gradient' in references.bib; did you mean 'cohen2021gradient'?\n",
        ),
        (("-s", "edgy"), 2, "citeman: no section 'edgy'; did you mean 'edge'?\n"),
        (
            ("-f", "csljson"),
            2,
            "citeman: --format 'csljson' is none of bib, csl-json, ris, markdown, references; did you mean 'csl-json'?\n",
        ),
        (("-o", "no/such/folder.bib"), 1, "no/such/folder.bib: its folder does not exist; make it first\n"),
    ],
)
def test_what_cannot_be_exported_is_told_in_one_line(
    citeman: Run, root: Path, arguments: tuple[str, ...], code: int, error: str
) -> None:
    result = citeman("export", *arguments, cwd=root)
    assert (result.returncode, result.stdout, result.stderr) == (code, "", error)
