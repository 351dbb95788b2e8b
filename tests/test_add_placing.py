"""Where `add` lists papers: sections, order, roles, cues; and what a person is asked on a terminal."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from tests import project as sample
from tests.conftest import Run
from tests.dialogue import converse
from tests.upstream import Upstream

SAXE = ("1312.6120", "10.1073/pnas.1820226116", "2003.02218")
KEYS = ["saxe2013exact", "saxe2019mathematical", "lewkowycz2020large"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def order(root: Path, anchor: str) -> list[str]:
    text = (root / "refs" / "guide.yaml").read_text()
    section = re.split(rf"^  {anchor}:\n", text, flags=re.MULTILINE)[1]
    return re.findall(r"- key: (\S+)", re.split(r"^  \S", section, flags=re.MULTILINE)[0])


@pytest.mark.parametrize("section", ["deep-linear-networks", "Deep linear networks", "guide#deep-linear-networks", "linear"])
def test_a_section_is_named_by_anchor_title_or_part(inside: Run, root: Path, upstream: Upstream, section: str) -> None:
    assert "listed in guide#deep-linear-networks" in inside("add", "1312.6120", "-s", section).stdout


def test_several_sections_and_one_named_twice(inside: Run, root: Path, upstream: Upstream) -> None:
    result = json.loads(inside("add", "1312.6120", "-s", "eos", "-s", "ntk", "-s", "large-steps", "--json").stdout)
    assert result["added"][0]["sections"] == ["large-steps", "wide-networks"]


def test_what_is_said_of_the_item(inside: Run, root: Path, upstream: Upstream) -> None:
    said = [
        "--role",
        "result",
        "--why",
        "Solves it: exactly.",
        "--level",
        "core",
        "--further",
        "--read-after",
        "cohen2021gradient",
    ]
    assert inside("add", "1312.6120", "-s", "eos", *said).returncode == 0
    text = (root / "refs" / "guide.yaml").read_text()
    item = text.partition("key: saxe2013exact\n")[2]
    assert "role: result" in item
    assert "Solves it: exactly." in item
    assert "tier: further" in item
    assert "after: [cohen2021gradient]" in item


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["cohen2021gradient", *KEYS]),
        (["--first"], [*KEYS, "cohen2021gradient"]),
        (["--before", "cohen2021gradient"], [*KEYS, "cohen2021gradient"]),
        (["--after", "cohen2021gradient"], ["cohen2021gradient", *KEYS]),
    ],
)
def test_papers_stand_in_the_order_in_which_they_were_named(
    inside: Run, root: Path, upstream: Upstream, options: list[str], expected: list[str]
) -> None:
    assert inside("add", *SAXE, "-s", "eos", *options).returncode == 0
    assert order(root, "large-steps") == expected


def test_the_order_holds_where_some_are_there_already(inside: Run, root: Path, upstream: Upstream) -> None:
    inside("add", SAXE[1])
    inside("add", *SAXE, "-s", "eos")
    assert order(root, "large-steps") == ["cohen2021gradient", *KEYS]


def test_a_paper_settles_a_cue_of_the_lists_or_of_the_prose(inside: Run, root: Path, upstream: Upstream) -> None:
    assert inside("add", "1312.6120", "--settles", "newer work").returncode == 0
    assert order(root, "wide-networks") == ["jacot2018neural", "saxe2013exact"]
    assert "settled-by: [saxe2013exact]" in (root / "refs" / "guide.yaml").read_text()
    guide = (root / "guide.md").read_text()
    (root / "guide.md").write_text(guide.replace("Solvable, and still", "TODO: cite the solvable case. Solvable, and still"))
    assert inside("add", "1810.10531", "-s", "linear", "--settles", "solvable case").returncode == 0
    assert "settled-by: [saxe2019mathematical]" in (root / "refs" / "guide.yaml").read_text()


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["-s", "eso"], 2, "citeman: no section 'eso'; did you mean 'eos'?\n"),
        (
            ["-s", "networks"],
            2,
            "citeman: section 'networks' is ambiguous: wide-networks, deep-linear-networks; give more of it\n",
        ),
        (
            ["-s", "eos", "--before", "cohen2021"],
            2,
            "citeman: guide#large-steps lists no 'cohen2021'; did you mean 'cohen2021gradient'?\n",
        ),
        (
            ["-s", "eos", "-s", "ntk", "--after", "cohen2021gradient"],
            2,
            "citeman: guide#wide-networks lists no 'cohen2021gradient'\n",
        ),
        (["-s", "eos", "--settles", "newer"], 2, "citeman: no cue with 'newer' in large-steps\n"),
        (["--settles", "nowhere"], 2, "citeman: no cue with 'nowhere' in any section\n"),
        (
            ["-s", "eos", "--read-after", "nobody"],
            2,
            "citeman: no entry 'nobody' in references.bib; add it first (`citeman add`)\n",
        ),
        (["-s", "eos", "--role", "fundation"], 2, "citeman: --role 'fundation' is none of foundation"),
        (["--why", "Because."], 2, "citeman: --why says how to list the paper: name the place with --section\n"),
        (["--first"], 2, "citeman: --first says how to list the paper: name the place with --section\n"),
    ],
)
def test_a_wrong_place_is_told_before_anybody_is_asked(
    inside: Run, root: Path, upstream: Upstream, options: list[str], code: int, message: str
) -> None:
    result = inside("add", "1312.6120", *options)
    assert (result.returncode, result.stderr[: len(message)], upstream.log) == (code, message, [])
    assert (root / "references.bib").read_text() == sample.BIB


def test_a_paper_without_a_section_is_told_of(inside: Run, root: Path, upstream: Upstream) -> None:
    assert "saxe2013exact is in no section yet: `citeman link saxe2013exact --section …`" in inside("add", "1312.6120").stderr
    assert "2 papers are in no section yet; `citeman todo` lists them" in inside("add", "1412.6980", "1706.05350").stderr
    assert "no section" not in inside("add", "1312.6120", "-s", "eos").stderr


terminal = pytest.mark.skipif(sys.platform == "win32", reason="the system has no pseudo-terminals")
CANDIDATES = (
    "  1. 0.61  Exact solutions to the nonlinear dynamics of learning in deep linear neural networks — Saxe et al. (2013)"
)


@terminal
def test_a_person_chooses_the_paper_and_its_sections(root: Path, upstream: Upstream) -> None:
    dialogue = [("Which one?", "7\n"), ("Which one?", "1\n"), ("Which sections?", "1, 3\n")]
    code, shown = converse(["add", "Exact solutions nonlinear dynamics deep linear"], root, dialogue)
    assert code == 0, shown
    assert CANDIDATES in shown
    assert re.search(r"  1\. 0\.\d\d  Deep linear networks\n", shown)
    assert order(root, "deep-linear-networks") == ["saxe2013exact"]
    assert order(root, "large-steps") == ["cohen2021gradient", "saxe2013exact"]


@terminal
@pytest.mark.parametrize("answer", ["\n", "\x04"])
def test_a_person_may_choose_nothing(root: Path, upstream: Upstream, answer: str) -> None:
    code, shown = converse(["add", "Exact solutions nonlinear dynamics deep linear"], root, [("Which one?", answer)])
    assert code == 1, shown
    assert "a title decides nothing; the likeliest is arXiv:1312.6120: add that if it is the one" in shown
    code, shown = converse(["add", "1312.6120"], root, [("Which sections?", answer)])
    assert code == 0, shown
    assert "saxe2013exact is in no section yet" in shown


@terminal
def test_an_interruption_at_a_question_writes_nothing(root: Path, upstream: Upstream) -> None:
    code, shown = converse(["add", "1312.6120"], root, [("Which sections?", "\x03")])
    assert (code, shown.rstrip().endswith("interrupted")) == (130, True)
    assert (root / "references.bib").read_text() == sample.BIB


@terminal
def test_each_new_paper_is_asked_about_until_a_person_has_enough(root: Path, upstream: Upstream) -> None:
    dialogue = [("Which sections?", "1\n"), ("Which sections?", "q\n")]
    code, shown = converse(["add", "cohen2021gradient", *SAXE], root, dialogue)
    assert code == 0, shown
    assert shown.count("Which sections?") == 2
    assert shown.endswith("2 papers are in no section yet; `citeman todo` lists them\n")


@terminal
def test_a_person_may_make_two_names_one_entry(root: Path, upstream: Upstream) -> None:
    upstream.break_("datacite", "503", times=1)  # nobody tells of the preprint
    converse(["add", "10.1073/pnas.1820226116", "-s", "eos"], root, [])
    code, shown = converse(["add", "1810.10531", "-s", "eos"], root, [("(y/N)", "\n")])
    assert (code, "eprint = {1810.10531}" in (root / "references.bib").read_text()) == (0, False), shown
    code, shown = converse(["add", "1810.10531", "-s", "eos"], root, [("(y/N)", "y\n")])
    assert (code, "eprint = {1810.10531}" in (root / "references.bib").read_text()) == (0, True), shown
