"""`citeman sync` on the command line: a year in the life of a store, on a loopback upstream."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from citeman.cli import main
from citeman.lock import Lock
from tests.conftest import ROOT, Run
from tests.upstream import Upstream

NTK = """@misc{jacot2018neural,
  title      = {Neural Tangent Kernel: Convergence and Generalization in Neural Networks},
  author     = {Jacot, Arthur and Gabriel, Franck and Hongler, Clément},
  year       = {2018},
  eprint     = {1806.07572},
  eprinttype = {arXiv},
  eprintclass = {cs.LG},
}
"""
FLOW = """
% a person's own comment
@misc{ash2024wide, title = "Wide nets at the edge",
  author = {Ash, Ada and Birk, Bo}, year = 2024,
  eprint = {2401.00001}, eprinttype = {arXiv}, eprintclass = {cs.LG}
}
"""
GUIDE = """## Kernels

Wide nets are kernels. [[Jacot et al. (2018)]](https://arxiv.org/abs/1806.07572) found it. Others followed.

## Edge

At the edge [it trains on](https://arxiv.org/pdf/2401.00001v1), says @ash2024wide. More to come.
"""
LISTS = """guide:
  title: A guide
  source: ../guide.md
sections:
  kernels:
    title: Kernels
    reading:
      - key: jacot2018neural
  edge:
    title: Edge
    reading:
      - key: ash2024wide   # read it twice
"""


class Done(NamedTuple):
    """What a command line came to."""

    returncode: int
    stdout: str
    stderr: str


class Shelf:
    """A project on disk and the upstream that it is synced with."""

    def __init__(self, root: Path, upstream: Upstream) -> None:
        self.root = root
        self.upstream = upstream

    def run(self, *arguments: str) -> Done:
        """Run a command line in this process: a year of syncs would start too many interpreters."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["-C", str(self.root), *arguments])
        return Done(code, out.getvalue(), err.getvalue())

    def write(self, **files: str) -> None:
        for name, text in files.items():
            path = self.root / {"bib": "references.bib", "lists": "refs/guide.yaml", "guide": "guide.md"}[name]
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")

    @property
    def bib(self) -> str:
        return (self.root / "references.bib").read_text(encoding="utf-8")

    @property
    def lock(self) -> Lock:
        return Lock.loads((self.root / "refs/citeman.lock").read_text(encoding="utf-8"))

    def files(self) -> dict[str, bytes]:
        paths = [path for path in self.root.rglob("*") if path.is_file() and ".citeman" not in path.parts]
        return {str(path.relative_to(self.root)): path.read_bytes() for path in paths}

    def sync(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        done = self.run("sync", "--json", *arguments)
        assert done.returncode == code, done.stderr + done.stdout
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    def told(self, *arguments: str, code: int = 0) -> str:
        done = self.run("sync", *arguments)
        assert done.returncode == code, done.stderr + done.stdout
        return done.stdout


def listed(report: dict[str, Any], *kinds: str) -> list[tuple[str, str, str, str]]:
    return [
        (change["key"], change["kind"], change["field"], change["action"])
        for change in report["changes"]
        if not kinds or change["kind"] in kinds
    ]


@pytest.fixture
def shelf(tmp_path: Path, upstream: Upstream) -> Shelf:
    upstream.world.add("2401.00001", "Wide nets at the edge", "Ada Ash, Bo Birk", "2024-01-01")
    made = Shelf(tmp_path / "project", upstream)
    made.root.mkdir()
    made.write(bib=NTK + FLOW, lists=LISTS, guide=GUIDE)
    return made


def changed_lines(before: str, after: str) -> tuple[set[str], set[str]]:
    old, new = before.splitlines(), after.splitlines()
    return {line for line in old if line not in new}, {line for line in new if line not in old}


def test_a_year_in_the_life_of_a_store(shelf: Shelf) -> None:
    world = shelf.upstream.world
    first = shelf.bib
    report = shelf.sync()
    assert listed(report) == []
    assert shelf.bib == first
    assert set(shelf.lock.papers) == {"jacot2018neural", "ash2024wide"}

    world.revise("2401.00001", "2024-03-01", title="Wide nets beyond the edge", comment="Accepted at ICLR 2025")
    report = shelf.sync("--force")
    assert listed(report) == [
        ("ash2024wide", "published", "comment", "kept"),
        ("ash2024wide", "new-version", "version", "taken"),
        ("ash2024wide", "field", "title", "taken"),
    ]
    assert changed_lines(first, shelf.bib) == (
        {'@misc{ash2024wide, title = "Wide nets at the edge",'},
        {'@misc{ash2024wide, title = "Wide nets beyond the edge",'},
    )

    shelf.write(bib=shelf.bib.replace('"Wide nets beyond the edge"', '"Wide nets beyond the {EDGE}"'))
    world.revise("2401.00001", "2024-06-01", title="Wide nets far beyond the edge")
    report = shelf.sync("--force", code=1)
    assert ("ash2024wide", "field", "title", "conflict") in listed(report)
    assert '"Wide nets beyond the {EDGE}"' in shelf.bib
    shelf.told("--keep", "ash2024wide.title")
    settled = shelf.files()
    assert listed(shelf.sync("--force"), "field") == [("ash2024wide", "field", "title", "kept")]
    assert shelf.files() == settled

    before = shelf.bib
    world.publish(
        "10.5555/wide.1", "Wide nets far beyond the edge", "Ada Ash, Bo Birk", "Journal of Width", "2025-02-01", of="2401.00001"
    )
    report = shelf.sync("--force")
    (published,) = [change for change in report["changes"] if change["kind"] == "published"]
    assert (published["base"], published["theirs"], published["action"]) == ("arXiv:2401.00001", "doi:10.5555/wide.1", "taken")
    assert [(one["section"], one["line"]) for one in published["cited"]] == [("edge", 7)]
    assert published["cited"][0]["sentence"].startswith("At the edge [it trains on]")
    assert {change["field"]: change["source"] for change in report["changes"] if change["field"] in {"doi", "title"}} == {
        "doi": "crossref",
        "title": "crossref",
    }
    gone, new = changed_lines(before, shelf.bib)
    assert gone == {
        '@misc{ash2024wide, title = "Wide nets beyond the {EDGE}",',
        "  author = {Ash, Ada and Birk, Bo}, year = 2024,",
        "  eprint = {2401.00001}, eprinttype = {arXiv}, eprintclass = {cs.LG}",
    }
    assert new == {
        '@article{ash2024wide, title = "Wide nets beyond the {EDGE}",',
        "  author = {Ash, Ada and Birk, Bo}, journal = {Journal of Width}, year = 2025,",
        "  eprint = {2401.00001}, eprinttype = {arXiv}, eprintclass = {cs.LG}, doi = {10.5555/wide.1}",
    }
    assert shelf.bib.startswith(NTK)

    world.update("10.5555/wide.1", "correction", "10.5555/c.1")
    world.update("10.5555/wide.1", "retraction", "10.5555/r.1")
    world.withdraw("1806.07572", "2025-08-01", "Withdrawn by the authors: Lemma 3 is wrong")
    before = shelf.bib
    report = shelf.sync("--force")
    assert listed(report, "withdrawn", "retracted", "corrected") == [
        ("ash2024wide", "retracted", "retraction", "taken"),
        ("ash2024wide", "corrected", "correction", "taken"),
        ("jacot2018neural", "withdrawn", "", "taken"),
    ]
    assert shelf.bib == before
    assert shelf.lock.get("jacot2018neural").withdrawn == "Withdrawn by the authors: Lemma 3 is wrong"

    shelf.told("--accept", "ash2024wide.title")
    assert "Wide nets far beyond the edge" in shelf.bib
    settled = shelf.files()
    assert listed(shelf.sync("--force")) == []
    assert shelf.files() == settled


def test_inherited_values_stay_where_they_are(shelf: Shelf) -> None:
    world = shelf.upstream.world
    world.publish(
        "10.5555/w.1", "Wide flows", "Cy Cole", "Proceedings of Width", "2021-05-01", type="proceedings-article", page="1-9"
    )
    child = "@inproceedings{cole2021wide, title = {Wide flows}, author = {Cole, Cy}, crossref = {width}, doi = {10.5555/w.1}}\n"
    parent = "@proceedings{width, title = {Proc. of Width}, booktitle = {Proc. of Width}, year = {2021}, publisher = {W}}\n"
    shelf.write(bib=child + parent)
    shelf.sync()
    assert "pages = {1--9}" in shelf.bib
    assert shelf.bib.endswith(parent)
    assert "booktitle" not in shelf.bib.removesuffix(parent)


def test_a_block_that_cannot_be_read_costs_no_lock(shelf: Shelf) -> None:
    shelf.sync()
    whole = shelf.lock
    shelf.write(bib=shelf.bib.replace('@misc{ash2024wide, title = "', '@misc{ash2024wide, title = "{'))
    shelf.sync()
    assert shelf.lock == whole
    shelf.write(bib=NTK)
    shelf.sync()
    assert shelf.lock == whole.without("ash2024wide")


def test_only_what_is_due_is_asked(shelf: Shelf) -> None:
    shelf.sync()
    shelf.upstream.forget()
    assert shelf.sync()["requests"] == {"arxiv": 0, "crossref": 0}
    assert shelf.upstream.log == []
    assert shelf.sync("--max-age", "0", "jacot2018neural")["requests"]["arxiv"] == 1
    shelf.upstream.forget()
    assert shelf.sync("--force", "--section", "edge")["requests"]["arxiv"] == 1
    assert "1806.07572" not in shelf.upstream.log[0].query["id_list"]


def test_one_source_down_and_the_others_results_land(shelf: Shelf) -> None:
    world = shelf.upstream.world
    paper = world.publish("10.5555/wide.1", "Wide nets at the edge", "Ada Ash, Bo Birk", "Journal of Width", "2025-02-01")
    assert paper
    mine = "@article{ash2025wide, title = {Wide nets at the edge}, author = {Ash, Ada}, journal = {JW}, doi = {10.5555/wide.1}}\n"
    shelf.write(bib=NTK + mine)
    for service in ("arxiv", "arxiv-oai", "datacite"):
        shelf.upstream.break_(service, "503")
    report = shelf.sync(code=3)
    assert "arxiv" in report["unreachable"]
    assert report["unanswered"] == ["jacot2018neural"]
    assert set(shelf.lock.papers) == {"ash2025wide"}
    assert shelf.bib.startswith(NTK)
    shelf.upstream.mend()
    shelf.upstream.break_("crossref", "500")
    before = shelf.lock.get("ash2025wide")
    report = shelf.sync("--force", code=3)
    assert report["unreachable"] == ["crossref"]
    assert shelf.lock.get("ash2025wide") == before
    assert shelf.lock.get("jacot2018neural").version == 4


def test_datacite_stands_in_for_arxiv_and_nothing_is_lost(shelf: Shelf) -> None:
    shelf.sync()
    before = shelf.bib
    for service in ("arxiv", "arxiv-oai"):
        shelf.upstream.break_(service, "429")
    report = shelf.sync("--force", code=3)
    assert listed(report) == []
    assert shelf.bib == before
    assert set(shelf.lock.get("ash2024wide").said) == {"arxiv", "datacite"}


@pytest.mark.parametrize("kind", ["html", "truncated", "empty", "bomb", "reset", "text"])
def test_a_fault_of_every_service_leaves_everything_as_it_was(shelf: Shelf, kind: str) -> None:
    shelf.sync()
    before = shelf.files()
    for service in ("arxiv", "arxiv-oai", "crossref", "datacite"):
        shelf.upstream.break_(service, kind)
    shelf.sync("--force", code=3)
    assert shelf.files() == before


def test_an_empty_page_says_nothing_of_any_paper(shelf: Shelf) -> None:
    shelf.upstream.empty_pages.add(0)
    report = shelf.sync()
    assert report["findings"] == []
    assert set(shelf.lock.papers) == {"jacot2018neural", "ash2024wide"}


def test_dry_run_and_check_write_nothing(shelf: Shelf) -> None:
    shelf.sync()
    shelf.sync("--check", "--force")
    shelf.upstream.world.revise("2401.00001", "2024-03-01", title="Wide nets beyond the edge")
    before = shelf.files()
    assert '+@misc{ash2024wide, title = "Wide nets beyond the edge",' in shelf.told("--force", "--dry-run")
    assert listed(shelf.sync("--force", "--check", code=1), "new-version")
    assert shelf.files() == before


def test_an_id_that_answers_with_another_paper_is_a_finding(shelf: Shelf) -> None:
    shelf.write(bib=NTK + FLOW.replace("2401.00001", "1312.6120"))
    report = shelf.sync(code=1)
    (finding,) = report["findings"]
    assert (finding["rule"], finding["key"], finding["path"], finding["line"]) == (
        "another-paper",
        "ash2024wide",
        "references.bib",
        13,
    )
    assert shelf.bib == NTK + FLOW.replace("2401.00001", "1312.6120")
    assert "ash2024wide" not in shelf.lock.papers


def test_an_unknown_id_is_a_finding_and_an_unknown_doi_a_hint(shelf: Shelf) -> None:
    mine = "@article{odd2020, title = {Odd}, author = {Odd, Olga}, journal = {Odd}, doi = {10.5555/nowhere}}\n"
    shelf.write(bib=FLOW.replace("2401.00001", "2401.09999") + mine)
    report = shelf.sync(code=1)
    assert {(one["key"], one["severity"]) for one in report["findings"]} == {("ash2024wide", "error"), ("odd2020", "hint")}


def test_a_published_version_is_found_by_a_search_only_beyond_doubt(shelf: Shelf) -> None:
    world = shelf.upstream.world
    shelf.write(bib=FLOW)
    world.publish("10.65215/fake.1", "Wide nets at the edge", "Ada Ash, Bo Birk", "", "2024-01-01", type="posted-content")
    world.publish("10.5555/near.1", "Wide book nets at the edge", "Ada Ash, Bo Birk", "Journal of Books", "2024-01-01")
    assert listed(shelf.sync("--force"), "published") == []
    world.publish("10.5555/wide.1", "Wide Nets at the Edge", "Ada Ash, Bo Birk", "Journal of Width", "2024-05-01")
    report = shelf.sync("--force")
    assert ("ash2024wide", "published", "", "taken") in listed(report)
    assert "10.5555/wide.1" in shelf.bib
    settled = shelf.files()
    shelf.sync("--force")
    assert shelf.files() == settled


def test_of_two_that_are_alike_beyond_doubt_none_is_taken(shelf: Shelf) -> None:
    shelf.write(bib=FLOW)
    for number in (1, 2):
        doi, journal = f"10.5555/wide.{number}", f"Journal of Width {number}"
        shelf.upstream.world.publish(doi, "Wide Nets at the Edge", "Ada Ash, Bo Birk", journal, "2024-05-01")
    assert listed(shelf.sync("--force"), "published") == []
    assert shelf.bib == FLOW


@pytest.mark.parametrize("damage", ["{", "<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n", '{"format": 1, "papers": 3}'])
def test_a_damaged_lock_is_rebuilt_without_losing_an_edit(shelf: Shelf, damage: str) -> None:
    shelf.sync()
    whole = shelf.lock
    edited = shelf.bib.replace("Wide nets at", "My wide nets at")
    shelf.write(bib=edited)
    (shelf.root / "refs/citeman.lock").write_text(damage, encoding="utf-8")
    assert listed(shelf.sync()) == [("ash2024wide", "field", "title", "kept")]
    assert shelf.bib == edited
    assert shelf.lock.papers.keys() == whole.papers.keys()


@pytest.mark.parametrize("damage", ["{", "<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n"])
def test_a_damaged_lock_stays_as_it_is_while_nobody_can_be_asked(shelf: Shelf, damage: str) -> None:
    twin = "@misc{ash2024other, title = {Other nets}, author = {Ash, Ada and Birk, Bo}, year = 2024}\n"
    shelf.write(bib=shelf.bib + twin)
    (shelf.root / "refs/citeman.lock").write_text(damage, encoding="utf-8")
    before = shelf.files()
    for service in ("arxiv", "arxiv-oai", "crossref", "datacite"):
        shelf.upstream.break_(service, "503")
    assert shelf.sync(code=3)["unreachable"]
    assert shelf.files() == before
    shelf.upstream.mend()
    shelf.sync()
    assert set(shelf.lock.papers) >= {"jacot2018neural", "ash2024wide"}
    assert shelf.bib == before["references.bib"].decode()


def test_a_lock_of_a_newer_citeman_is_never_overwritten(shelf: Shelf) -> None:
    (shelf.root / "refs/citeman.lock").write_text('{"format": 99}', encoding="utf-8")
    before = shelf.files()
    done = shelf.run("sync")
    assert done.returncode == 1
    assert "upgrade citeman" in done.stderr
    assert shelf.files() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nokey"], "no entry 'nokey'"),
        (["--accept", "jacot2018neura.title"], "did you mean 'jacot2018neural'"),
        (["--accept", "jacot2018neural.title"], "nothing to settle"),
        (["--keep", "jacot2018neural"], "nothing is in conflict"),
        (["--keep", "jacot2018neural", "--accept", "jacot2018neural"], "both accepted and kept"),
        (["--section", "nowhere"], "no section 'nowhere'"),
        (["--max-age", "soon"], "no number of days"),
        (["--review"], "needs a terminal"),
    ],
)
def test_wrong_usage_is_one_line(shelf: Shelf, arguments: list[str], message: str) -> None:
    shelf.sync()
    before = shelf.files()
    done = shelf.run("sync", *arguments)
    assert done.returncode in {1, 2}
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert shelf.files() == before


def test_the_report_for_people_and_for_a_pull_request(shelf: Shelf) -> None:
    shelf.sync()
    shelf.upstream.world.revise("2401.00001", "2024-03-01", title="Wide nets | beyond the <edge>")
    shutil.copytree(shelf.root, shelf.root.parent / "copy")
    text = shelf.told("--force")
    assert "ash2024wide  title" in text
    assert "ash2024wide: new-version: v2 (2024-03-01) changes title" in text
    assert "ash2024wide: cited at guide.md:7: At the edge" in text
    shelf.root = shelf.root.parent / "copy"
    markdown = shelf.told("--force", "--format", "markdown")
    assert markdown.startswith("## Bibliography: 2 taken")
    assert "### New versions\n\n- `ash2024wide`: v2" in markdown
    assert r"| `ash2024wide` | title | Wide nets at the edge | Wide nets \| beyond the \<edge\> |" in markdown


def test_the_command_line_itself(shelf: Shelf, citeman: Run) -> None:
    done = citeman("sync", cwd=shelf.root)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "nothing new; requests: arxiv 1, crossref 2\n"
    assert set(shelf.lock.papers) == {"jacot2018neural", "ash2024wide"}


def test_an_interrupted_sync_writes_nothing_and_goes_on_where_it_stopped(shelf: Shelf, citeman: Run) -> None:
    before = shelf.files()
    shelf.upstream.break_("crossref", "slow")
    command = [sys.executable, "-m", "citeman", "sync"]
    process = subprocess.Popen(command, cwd=shelf.root, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE)
    wait_for(lambda: shelf.upstream.counts["crossref"] > 0)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30)[1] == b"interrupted\n"
    assert (process.returncode, shelf.files()) == (130, before)
    shelf.upstream.mend()
    shelf.upstream.forget()
    assert shelf.sync()["requests"]["arxiv"] == 0
    assert set(shelf.lock.papers) == {"jacot2018neural", "ash2024wide"}


def test_two_syncs_at_once_both_end_and_leave_one_whole_store(shelf: Shelf) -> None:
    shelf.upstream.world.revise("2401.00001", "2024-03-01", title="Wide nets beyond the edge")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "citeman", "sync", "--force", "-q"]
    both = [subprocess.Popen(command, cwd=shelf.root, env=environment, stderr=subprocess.PIPE) for _ in range(2)]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in both] == [(b"", 0), (b"", 0)]
    assert set(shelf.lock.papers) == {"jacot2018neural", "ash2024wide"}
    settled = shelf.files()
    shelf.sync("--force")
    assert shelf.files() == settled


def test_a_folder_that_cannot_be_written_leaves_every_file_as_it_was(shelf: Shelf) -> None:
    shelf.sync()
    shelf.upstream.world.revise("2401.00001", "2024-03-01", title="Wide nets beyond the edge")
    (shelf.root / "refs/.citeman.lock.citeman-new").mkdir()
    before = shelf.files()
    done = shelf.run("sync", "--force")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "cannot write" in done.stderr
    assert shelf.files() == before


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
