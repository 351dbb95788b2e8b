"""`citeman add` as its users see it: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests import project as sample
from tests.conftest import Run
from tests.dialogue import converse
from tests.upstream import Upstream


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def files(root: Path) -> dict[str, str]:
    return {name: (root / name).read_text() for name in ("references.bib", "refs/guide.yaml")}


UNTOUCHED = {"references.bib": sample.BIB, "refs/guide.yaml": sample.LISTS}


def test_three_ways_of_naming_a_paper_give_three_right_entries(citeman: Run, root: Path, upstream: Upstream) -> None:
    inputs = ("arXiv:2502.16982", "10.1073/pnas.1820226116", "https://arxiv.org/pdf/1312.6120v3")
    result = citeman("add", *inputs, "--section", "deep-linear")
    assert result.returncode == 0
    assert result.stderr == (
        "  arXiv:1810.10531 is published as doi:10.1073/pnas.1820226116 (2019, the preprint is of 2018): DataCite says so\n"
    )
    assert result.stdout == (
        "added liu2025muon  Muon is Scalable for LLM Training\n"
        "  listed in guide#deep-linear-networks\n"
        "  [[Liu et al. (2025)]](https://arxiv.org/abs/2502.16982)  [@liu2025muon]\n"
        "added saxe2019mathematical  A mathematical theory of semantic development in deep neural networks\n"
        "  listed in guide#deep-linear-networks\n"
        "  [[Saxe et al. (2019)]](https://arxiv.org/abs/1810.10531)  [@saxe2019mathematical]\n"
        "added saxe2013exact  Exact solutions to the nonlinear dynamics of learning in deep linear neural networks\n"
        "  listed in guide#deep-linear-networks\n"
        "  [[Saxe et al. (2013)]](https://arxiv.org/abs/1312.6120)  [@saxe2013exact]\n"
    )
    after = files(root)
    assert after["references.bib"].startswith(sample.BIB)
    assert "@article{saxe2019mathematical," in after["references.bib"]
    assert "  pages = {11537--11546},\n" in after["references.bib"]
    assert "  eprint = {1312.6120},\n  eprinttype = {arxiv},\n" in after["references.bib"]
    assert after["refs/guide.yaml"].startswith(sample.LISTS)
    lock = json.loads((root / "refs" / "citeman.lock").read_text())
    assert set(lock["papers"]) == {"liu2025muon", "saxe2019mathematical", "saxe2013exact"}
    again = citeman("add", *inputs, "--section", "deep-linear")
    assert again.returncode == 0
    assert files(root) == after
    assert "added" not in again.stdout


def test_json_says_where_each_field_comes_from(inside: Run, root: Path, upstream: Upstream) -> None:
    result = json.loads(inside("add", "arXiv:1312.6120", "2103.00065", "!!", "-s", "deep-linear", "--json").stdout)
    (added,), (existing,), (failed,) = result["added"], result["existing"], result["failed"]
    assert (added["key"], added["identifier"], added["sections"]) == (
        "saxe2013exact",
        "arXiv:1312.6120",
        ["deep-linear-networks"],
    )
    assert added["fields"]["title"]["source"] == "arxiv"
    assert added["citation"] == "[[Saxe et al. (2013)]](https://arxiv.org/abs/1312.6120)"
    assert (existing["key"], existing["identifier"]) == ("cohen2021gradient", "arXiv:2103.00065")
    assert failed == {
        "input": "!!",
        "reason": "this is no arXiv id, DOI, address or title",
        "unreachable": False,
        "candidates": [],
    }
    assert result["requests"] == {"arxiv": 1, "crossref": 1}
    assert sorted(result["files"]) == ["references.bib", "refs/citeman.lock", "refs/guide.yaml"]


def test_the_good_are_added_and_each_bad_one_is_named(inside: Run, root: Path, upstream: Upstream) -> None:
    result = inside("add", "1312.6120", "2103.99999", "!!", "10.9999/nothing", "-q")
    assert result.returncode == 1
    assert "added saxe2013exact" in result.stdout
    assert result.stderr.splitlines() == [
        "2103.99999: no such paper: arXiv:2103.99999 is unknown to arXiv",
        "!!: this is no arXiv id, DOI, address or title",
        "10.9999/nothing: no such paper: doi:10.9999/nothing is unknown to Crossref and DataCite",
    ]
    assert "saxe2013exact" in files(root)["references.bib"]


def test_a_title_proposes_and_only_an_exact_one_is_taken_with_yes(inside: Run, root: Path, upstream: Upstream) -> None:
    title = "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks"
    result = inside("add", title)
    assert result.returncode == 1
    told = result.stderr.splitlines()
    assert told[:2] == [f"candidates for '{title}':", f"  1. 1.00  {title} — Saxe et al. (2013)  arXiv:1312.6120"]
    assert told[2].startswith("  2. 0.42  A mathematical theory of semantic development")
    assert told[-1] == f"{title}: a title decides nothing; the likeliest is arXiv:1312.6120: add that if it is the one"
    candidate = json.loads(inside("add", title, "--json").stdout)["failed"][0]["candidates"][0]
    assert (candidate["identifier"], candidate["score"]) == ("arXiv:1312.6120", 1.0)
    assert inside("add", "linear networks learning", "--yes").returncode == 1
    assert files(root) == UNTOUCHED
    assert "added saxe2013exact" in inside("add", title, "--yes").stdout


def test_a_title_of_preprint_and_version_of_record_is_one_candidate(inside: Run, root: Path, upstream: Upstream) -> None:
    assert inside("add", "A mean field view of the landscape of two-layer neural networks", "--yes").returncode == 0
    text = files(root)["references.bib"]
    assert ("eprint = {1804.06561}" in text, "doi = {10.1073/pnas.1806579115}" in text) == (True, True)


def test_a_slip_of_the_pen_still_finds_candidates(inside: Run, root: Path, upstream: Upstream) -> None:
    result = inside("add", "Exact solutions to the nonlinear dynamics of lerning in deep linear networks", "--yes")
    assert result.returncode == 1
    assert "1. 0.8" in result.stderr
    assert "arXiv:1312.6120" in result.stderr.splitlines()[1]


def test_fakes_never_are_candidates(inside: Run, root: Path, upstream: Upstream) -> None:
    result = inside("add", "Adam: A Method for Stochastic Optimization Kingma Ba 2014")
    assert "10.65215" not in result.stderr
    assert "1. 1.00  Adam: A Method for Stochastic Optimization — Kingma and Ba (2014)  arXiv:1412.6980" in result.stderr


def test_identifiers_come_from_a_file_and_from_standard_input(inside: Run, root: Path, upstream: Upstream) -> None:
    (root / "ids.txt").write_text("# to read\n1312.6120  # Saxe\n")
    assert "added saxe2013exact" in inside("add", "--from", "ids.txt").stdout
    assert "added saxe2019mathematical" in inside("add", "-", stdin="10.1073/pnas.1820226116\n").stdout
    assert "added damian2022self" in inside("add", "--from", "-", stdin="2209.15594\n").stdout
    assert inside("add", "--from", "nowhere.txt").stderr == "nowhere.txt: no such file or directory\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "citeman: nothing to add: give an arXiv id, a DOI, a URL, a title, or a file with `--from FILE`\n"),
        (["1312.6120", "--key", "a b"], "citeman: 'a b' is no good citation key"),
        (["1312.6120", "--key", "jacot2018neural"], "citeman: the key 'jacot2018neural' is taken; choose another\n"),
        (["1312.6120", "10.1073/pnas.1820226116", "--key", "x"], "citeman: --key names one paper, but 2 inputs are given\n"),
        (["1312.6120", "--sectoin", "eos"], "citeman: unrecognized arguments: --sectoin eos; did you mean '--section'?"),
    ],
)
def test_wrong_usage_is_one_line_and_changes_nothing(
    inside: Run, root: Path, upstream: Upstream, arguments: list[str], message: str
) -> None:
    result = inside("add", *arguments)
    assert (result.returncode, result.stderr[: len(message)]) == (2, message)
    assert files(root) == UNTOUCHED


def test_a_project_with_nothing_yet(inside: Run, tmp_path: Path, upstream: Upstream) -> None:
    (tmp_path / "citeman.toml").write_text("")
    assert inside("add", "1312.6120").returncode == 0
    assert (tmp_path / "references.bib").read_text().startswith("@misc{saxe2013exact,\n  author = {Saxe, Andrew M. and")


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no pseudo-terminals")
def test_many_papers_show_how_far_it_has_come(root: Path, upstream: Upstream) -> None:
    (root / "ids.txt").write_text("\n".join(upstream.world.generate(120)))
    code, shown = converse(["add", "--from", "ids.txt", "-s", "eos"], root, [])
    assert code == 0
    assert "120/120" in shown
    code, shown = converse(["add", "--from", "ids.txt", "-s", "eos", "-q"], root, [])
    assert (code, "/120" in shown) == (0, False)
