"""What `add` does when services fail, lie or drag on, when there are many papers, when it is killed or has no network."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from citeman.bib import Bibliography
from tests import project as sample
from tests.conftest import ROOT, Run
from tests.upstream import Upstream


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def files(root: Path) -> dict[str, str]:
    return {name: (root / name).read_text() for name in ("references.bib", "refs/guide.yaml")}


UNTOUCHED = {"references.bib": sample.BIB, "refs/guide.yaml": sample.LISTS}
ODD = ["406", "403", "429", "503", "html", "text", "empty", "bomb", "truncated", "reset"]


@pytest.mark.parametrize("kind", ODD)
def test_an_outage_is_exit_3_and_changes_nothing(inside: Run, root: Path, upstream: Upstream, kind: str) -> None:
    for service in ("arxiv", "arxiv-oai", "crossref", "datacite"):
        upstream.break_(service, kind)
    result = inside("add", "1312.6120", "10.1073/pnas.1820226116")
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr.count("cannot be reached now (") == 2
    assert "no such paper" not in result.stderr
    assert files(root) == UNTOUCHED


@pytest.mark.parametrize("kind", ODD)
def test_another_source_speaks_for_arxiv_and_is_named(inside: Run, root: Path, upstream: Upstream, kind: str) -> None:
    upstream.break_("arxiv", kind)
    result = inside("add", "1312.6120", "-v")
    assert result.returncode == 0, result.stderr
    assert "  title from arxiv-oai: Exact solutions" in result.stderr
    assert "arXiv cannot be reached (" in result.stderr
    assert "); arXiv's OAI-PMH answered in its place" in result.stderr
    upstream.break_("arxiv-oai", kind)
    result = inside("add", "1706.05350", "-v")
    assert "  title from datacite: " in result.stderr
    assert "DataCite answered in its place" in result.stderr


@pytest.mark.parametrize("kind", ["429", "503", "reset", "truncated", "empty"])
def test_a_refusal_in_the_middle_of_many_is_waited_out(inside: Run, root: Path, upstream: Upstream, kind: str) -> None:
    names = upstream.world.generate(250)
    for service in ("arxiv", "crossref"):
        upstream.break_(service, "ok", times=1)
        upstream.break_(service, kind, times=2)
    result = json.loads(inside("add", *names, "--json").stdout)
    assert (len(result["added"]), result["failed"], result["outages"]) == (250, [], {})


def test_a_service_that_is_gone_in_the_middle_costs_only_the_rest(inside: Run, root: Path, upstream: Upstream) -> None:
    names = upstream.world.generate(150, published_every=1)
    upstream.break_("arxiv", "ok", times=1)
    upstream.break_("arxiv", "429", after="3600")
    upstream.break_("datacite", "503")
    result = json.loads(inside("add", *names, "--json").stdout)
    assert (len(result["added"]), len(result["failed"])) == (100, 50)
    assert all(one["unreachable"] for one in result["failed"])
    upstream.mend()


def test_crossref_being_down_leaves_the_preprint_and_says_so(inside: Run, root: Path, upstream: Upstream) -> None:
    upstream.break_("crossref", "503")
    result = inside("add", "1810.10531")
    assert result.returncode == 0
    assert "arXiv points to doi:10.1073/pnas.1820226116, which could not be asked for" in result.stderr
    assert "@misc{saxe2018mathematical," in files(root)["references.bib"]
    upstream.mend()
    assert "@article{saxe2018mathematical," in (inside("sync", "--force"), files(root)["references.bib"])[1]


def test_good_and_bad_and_unreachable_ones_together(inside: Run, root: Path, upstream: Upstream) -> None:
    upstream.break_("crossref", "503")
    result = inside("add", "1312.6120", "2103.99999", "!!", "10.1073/pnas.1820226116")
    assert result.returncode == 1
    assert "added saxe2013exact" in result.stdout
    failures = [line for line in result.stderr.splitlines() if line.startswith(("2103", "!!", "10."))]
    assert [line.partition(":")[0] for line in failures] == ["2103.99999", "!!", "10.1073/pnas.1820226116"]
    assert "10.1073/pnas.1820226116: cannot be reached now (crossref: HTTP 503); try again later\n" in result.stderr


def test_a_slow_answer_is_given_up(inside: Run, root: Path, upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEMAN_TIMEOUT", "0.2")
    for service in ("arxiv", "arxiv-oai", "datacite"):
        upstream.break_(service, "slow", after="1")
    began = time.monotonic()
    assert inside("add", "1312.6120").returncode == 3
    assert time.monotonic() - began < 30
    assert files(root) == UNTOUCHED


def test_an_unknown_paper_is_remembered_and_an_outage_is_not(inside: Run, root: Path, upstream: Upstream) -> None:
    assert inside("add", "2103.99999").returncode == 1
    upstream.forget()
    assert inside("add", "2103.99999").returncode == 1
    assert upstream.log == []
    upstream.break_("crossref", "503", times=20)
    upstream.break_("datacite", "503", times=20)
    assert inside("add", "10.9999/none").returncode == 3
    upstream.mend()
    assert inside("add", "10.9999/none").returncode == 1


def test_offline_takes_what_the_cache_knows_and_leaves_the_rest_to_sync(inside: Run, root: Path, upstream: Upstream) -> None:
    inside("add", "1810.10531", "--dry-run")
    assert files(root) == UNTOUCHED
    upstream.forget()
    result = inside(
        "add", "1810.10531", "2209.15594", "10.1073/pnas.1806579115", "A title of something", "--offline", "-s", "eos"
    )
    assert (result.returncode, upstream.log) == (1, [])
    assert "A title of something: a title must be looked up; do it without --offline" in result.stderr
    assert result.stderr.count("only its identifier is known; `citeman sync` fills it in") == 2
    text = files(root)["references.bib"]
    assert "@article{saxe2019mathematical," in text
    assert "  eprint = {2209.15594},\n" in text
    assert "  doi = {10.1073/pnas.1806579115},\n" in text
    inside("sync")
    papers = json.loads((root / "refs" / "citeman.lock").read_text())["papers"]
    assert len(papers) == 5
    assert all(said["fetched"] for paper in papers.values() for said in paper["said"].values())
    entries = Bibliography.parse(files(root)["references.bib"]).entries
    assert all(entry.get("title") and entry.get("author") for entry in entries)


@pytest.mark.parametrize("every", [1, 3])
def test_a_thousand_papers_take_few_requests(inside: Run, root: Path, upstream: Upstream, every: int) -> None:
    names = upstream.world.generate(1000, published_every=every)
    for name in names[:20]:
        upstream.world.papers[name].doi = f"10.9999/gone.{name}"
    (root / "ids.txt").write_text("\n".join([*names, "2103.99999", "10.9999/nothing"]))
    result = json.loads(inside("add", "--from", "ids.txt", "-s", "eos", "--json").stdout)
    assert (len(result["added"]), len(result["failed"])) == (1000, 2)
    assert upstream.counts["arxiv"] <= 12
    assert upstream.counts["crossref"] <= 12
    assert result["requests"]["arxiv"] == upstream.counts["arxiv"]
    keys = {entry.key: entry for entry in Bibliography.parse(files(root)["references.bib"]).entries}
    listed = [
        line.split()[-1] for line in files(root)["refs/guide.yaml"].partition("large-steps")[2].splitlines() if "- key" in line
    ]
    assert listed == ["cohen2021gradient", *(one["key"] for one in result["added"])]
    assert sum(entry.type == "article" for entry in keys.values()) == sum(1 for n in range(21, 1001) if n % every == 0)


def test_dry_run_shows_every_file_and_writes_none(inside: Run, root: Path, upstream: Upstream) -> None:
    result = inside("add", "1312.6120", "2103.99999", "-s", "eos", "--dry-run")
    assert result.returncode == 1
    assert all(f"+++ b/{name}" in result.stdout for name in ("references.bib", "refs/guide.yaml", "refs/citeman.lock"))
    assert "no such paper" in result.stderr
    assert files(root) == UNTOUCHED
    assert not (root / "refs" / "citeman.lock").exists()


def everything(root: Path) -> dict[str, bytes]:
    """Every file of a project, but for the cache of answers and what hides `.citeman/` from git."""
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return {name: data for name, data in found.items() if not name.startswith((".citeman/http/", ".citeman/.gitignore"))}


@pytest.mark.parametrize("indexed", [False, True])
def test_dry_run_writes_no_file_at_all_but_the_cache_of_answers(
    inside: Run, root: Path, upstream: Upstream, indexed: bool
) -> None:
    if indexed:
        inside("add", "1312.6120")
        inside("search", "gradient")
    before = everything(root)
    for inputs in (["1810.10531"], ["10.1073/pnas.1820226116", "-s", "eos", "--why", "Because."], ["1312.6120", "-s", "eos"]):
        assert "+" in inside("add", *inputs, "--dry-run").stdout
        inside("add", *inputs, "--dry-run", "--json")
    assert everything(root) == before


def test_a_file_that_changes_meanwhile_is_read_anew(inside: Run, root: Path, upstream: Upstream) -> None:
    upstream.break_("arxiv", "slow", times=1, after="1.5")
    command = [sys.executable, "-m", "citeman", "add", "1312.6120"]
    process = subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL)
    while not upstream.log:
        time.sleep(0.01)
    with (root / "references.bib").open("a") as file:
        file.write("\n@misc{mine, title = {Written meanwhile}}\n")
    assert process.wait() == 0
    assert {"mine", "saxe2013exact"} <= {entry.key for entry in Bibliography.parse(files(root)["references.bib"]).entries}


def test_two_adds_at_once_lose_nothing(root: Path, upstream: Upstream) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    names = ("1312.6120", "2209.15594", "1706.05350")
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "citeman", "add", name, "-s", "eos"], cwd=root, env=environment, stdout=subprocess.DEVNULL
        )
        for name in names
    ]
    assert [process.wait(timeout=60) for process in running] == [0, 0, 0]
    assert len(Bibliography.parse(files(root)["references.bib"]).entries) == 5
    assert files(root)["refs/guide.yaml"].count("- key:") == 5
    assert len(json.loads((root / "refs" / "citeman.lock").read_text())["papers"]) == 3


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
@pytest.mark.parametrize(
    "moment", ["journal.json", ".references.bib.citeman-new", ".citeman.lock.citeman-new", "decided", "done"]
)
def test_killed_at_any_moment_the_files_are_whole(inside: Run, root: Path, upstream: Upstream, moment: str) -> None:
    command = [sys.executable, "-m", "citeman", "add", "1312.6120", "10.1073/pnas.1820226116", "-s", "eos"]
    process = subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL)
    while process.poll() is None and not reached(root, moment):
        time.sleep(0.0002)
    process.kill()
    process.wait()
    inside("check")
    after = files(root)
    is_done = "saxe2013exact" in after["references.bib"]
    assert is_done == ("saxe2013exact" in after["refs/guide.yaml"]) == (root / "refs" / "citeman.lock").exists()
    assert is_done or after == UNTOUCHED
    assert inside("add", *command[4:]).returncode == 0
    assert files(root)["references.bib"].count("@misc{saxe2013exact,") == 1
    assert [path.name for path in root.rglob("*citeman-new")] == []


def reached(root: Path, moment: str) -> bool:
    """Whether a write has come so far."""
    journal = root / ".citeman" / "journal.json"
    if moment == "done":
        return "saxe2013exact" in (root / "references.bib").read_text()
    if moment == "decided":
        try:
            return '"decided": true' in journal.read_text()
        except OSError:
            return False
    return any(root.rglob(moment))
