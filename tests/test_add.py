from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import project as sample
from tests.conftest import ROOT, Run
from tests.upstream import Upstream


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def files(root: Path) -> dict[str, str]:
    return {name: (root / name).read_text() for name in ("references.bib", "refs/guide.yaml")}


def test_three_ways_of_naming_a_paper_give_three_right_entries(citeman: Run, root: Path, upstream: Upstream) -> None:
    inputs = ("arXiv:2502.16982", "10.1073/pnas.1820226116", "https://arxiv.org/pdf/1312.6120v3")
    result = citeman("add", *inputs, "--section", "deep-linear")
    assert (result.returncode, result.stderr) == (0, "")
    assert "[[Saxe et al. (2019)]](https://doi.org/10.1073/pnas.1820226116)  [@saxe2019mathematical]" in result.stdout
    after = files(root)
    assert after["references.bib"].startswith(sample.BIB)
    assert "@article{saxe2019mathematical," in after["references.bib"]
    assert "  pages = {11537--11546},\n" in after["references.bib"]
    assert "  eprint = {1312.6120},\n  eprinttype = {arxiv},\n" in after["references.bib"]
    assert "abstract" not in after["references.bib"]
    assert after["refs/guide.yaml"].startswith(sample.LISTS)
    lock = json.loads((root / "refs" / "citeman.lock").read_text())
    assert set(lock["papers"]) == {"liu2025muon", "saxe2019mathematical", "saxe2013exact"}
    again = citeman("add", *inputs, "--section", "deep-linear")
    assert again.returncode == 0
    assert files(root) == after
    assert "added" not in again.stdout


def test_json_says_where_each_field_comes_from(citeman: Run, root: Path, upstream: Upstream) -> None:
    result = json.loads(citeman("add", "arXiv:1312.6120", "2103.00065", "-s", "deep-linear", "--json").stdout)
    (added,), (existing,) = result["added"], result["existing"]
    assert (added["key"], added["identifier"], added["sections"]) == (
        "saxe2013exact",
        "arXiv:1312.6120",
        ["deep-linear-networks"],
    )
    assert added["fields"]["title"]["source"] == "arxiv"
    assert existing["key"] == "cohen2021gradient"
    assert result["failed"] == []


def test_the_good_are_added_and_each_bad_one_is_named(citeman: Run, root: Path, upstream: Upstream) -> None:
    result = citeman("add", "1312.6120", "2103.99999", "!!", "10.9999/nothing")
    assert result.returncode == 1
    assert "added saxe2013exact" in result.stdout
    assert result.stderr.splitlines() == [
        "2103.99999: no such paper: arXiv:2103.99999 is unknown to arXiv",
        "!!: this is no arXiv id, DOI, address or title",
        "10.9999/nothing: no such paper: doi:10.9999/nothing is unknown to Crossref and DataCite",
    ]
    assert "saxe2013exact" in files(root)["references.bib"]


def test_an_outage_is_exit_3_and_changes_nothing(citeman: Run, root: Path, upstream: Upstream) -> None:
    for service in ("arxiv", "arxiv-oai", "datacite"):
        upstream.break_(service, "html")
    result = citeman("add", "1312.6120")
    assert result.returncode == 3
    assert result.stdout == ""
    assert "1312.6120: cannot be reached now (arxiv: an answer that is no XML; " in result.stderr
    assert files(root) == {"references.bib": sample.BIB, "refs/guide.yaml": sample.LISTS}


def test_another_source_speaks_for_arxiv_when_it_is_down(citeman: Run, root: Path, upstream: Upstream) -> None:
    upstream.break_("arxiv", "406")
    result = json.loads(citeman("add", "1312.6120", "--json").stdout)
    assert result["added"][0]["fields"]["title"]["source"] in {"arxiv-oai", "datacite"}
    assert "arxiv" in result["outages"]


def test_a_title_proposes_and_only_an_exact_one_is_taken_with_yes(citeman: Run, root: Path, upstream: Upstream) -> None:
    title = "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks"
    result = citeman("add", title)
    assert result.returncode == 1
    assert "candidates for" in result.stderr
    assert "arXiv:1312.6120" in result.stderr
    assert files(root)["references.bib"] == sample.BIB
    assert citeman("add", "linear networks learning", "--yes").returncode == 1
    assert "added saxe2013exact" in citeman("add", title, "--yes").stdout


def test_files_and_snippets_keep_their_keys(citeman: Run, root: Path, upstream: Upstream) -> None:
    (root / "other.bib").write_text(
        "@article{mine, title={A Study of Things}, author={Doe, Jane}, year=2001, journal={Things}}\n"
    )
    result = citeman("add", "other.bib", "@misc{also, title={Another}, author={Roe, R.}, year=2002, url={https://example.org/x}}")
    assert result.returncode == 0, result.stderr
    text = files(root)["references.bib"]
    assert "@article{mine,\n  title = {A Study of Things},\n  author = {Doe, Jane},\n" in text
    assert "@misc{also," in text


def test_identifiers_come_from_a_file_and_from_standard_input(citeman: Run, root: Path, upstream: Upstream) -> None:
    (root / "ids.txt").write_text("# to read\n1312.6120  # Saxe\n")
    assert "added saxe2013exact" in citeman("add", "--from", "ids.txt").stdout
    assert "added saxe2019mathematical" in citeman("add", "-", stdin="10.1073/pnas.1820226116\n").stdout
    assert citeman("add", "--from", "nowhere.txt").stderr == "nowhere.txt: no such file or directory\n"


def test_dry_run_shows_every_file_and_writes_none(citeman: Run, root: Path, upstream: Upstream) -> None:
    result = citeman("add", "1312.6120", "-s", "eos", "--dry-run")
    assert all(f"+++ b/{name}" in result.stdout for name in ("references.bib", "refs/guide.yaml", "refs/citeman.lock"))
    assert files(root) == {"references.bib": sample.BIB, "refs/guide.yaml": sample.LISTS}


def test_offline_leaves_a_stub_for_sync(citeman: Run, root: Path) -> None:
    result = citeman("add", "1312.6120", "--offline", "--key", "saxe2013exact")
    assert result.returncode == 0
    assert "@misc{saxe2013exact,\n  eprint = {1312.6120},\n  eprinttype = {arxiv},\n}" in files(root)["references.bib"]
    assert "`citeman sync` fills it in" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "citeman: nothing to add: give an arXiv id, a DOI, a URL, a title, or a file with `--from FILE`\n"),
        (["1312.6120", "-s", "nowhere"], "citeman: no section 'nowhere'"),
        (["1312.6120", "--key", "a b"], "citeman: 'a b' is no good citation key"),
        (["1312.6120", "--key", "jacot2018neural"], "citeman: the key 'jacot2018neural' is taken; choose another\n"),
        (["1312.6120", "10.1073/pnas.1820226116", "--key", "x"], "citeman: --key names one paper, but 2 inputs are given\n"),
    ],
)
def test_wrong_usage_is_one_line_and_changes_nothing(
    citeman: Run, root: Path, upstream: Upstream, arguments: list[str], message: str
) -> None:
    result = citeman("add", *arguments)
    assert result.returncode == 2
    assert result.stderr.startswith(message)
    assert files(root) == {"references.bib": sample.BIB, "refs/guide.yaml": sample.LISTS}


def test_a_thousand_papers_take_few_requests(citeman: Run, root: Path, upstream: Upstream) -> None:
    names = upstream.world.generate(1000)
    (root / "ids.txt").write_text("\n".join(names))
    result = json.loads(citeman("add", "--from", "ids.txt", "--json").stdout)
    assert len(result["added"]) == 1000
    assert result["failed"] == []
    counts = upstream.counts
    assert counts["arxiv"] <= 12
    assert counts["crossref"] <= 12


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
@pytest.mark.parametrize("delay", [0.2, 0.5, 0.8])
def test_killed_at_any_moment_the_files_are_whole(citeman: Run, root: Path, upstream: Upstream, delay: float) -> None:
    command = [sys.executable, "-m", "citeman", "add", "1312.6120", "10.1073/pnas.1820226116", "-s", "eos"]
    process = subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL)
    time.sleep(delay)
    process.kill()
    process.wait()
    citeman("check")
    after = files(root)
    is_done = "saxe2013exact" in after["references.bib"]
    assert is_done == ("saxe2013exact" in after["refs/guide.yaml"])
    assert is_done or after == {"references.bib": sample.BIB, "refs/guide.yaml": sample.LISTS}
