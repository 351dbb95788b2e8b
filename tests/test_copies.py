"""Builds whose pages several processes write at once: the same pages, the same errors, nothing left half done."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import reading
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")

PAPERS = 120
BUILD = "from citeman.cli import main; sys.exit(main(['build', '--json']))"


def run(code: str, cwd: Path, processes: int = 3) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, for which the machine has so many processors."""
    several = f"import os, signal, sys; from citeman import copies; copies.processors = lambda: {processes}\n"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", several + code]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    papers = "".join(
        f"@misc{{key{n},\n  title = {{The {n}th paper, which has a title of the usual length}},\n  year = {{{1900 + n}}},\n}}\n"
        for n in range(PAPERS)
    )
    return reading.write(tmp_path / "project", reading.BIB + papers)


def test_every_part_is_done_and_answers_in_its_place(tmp_path: Path) -> None:
    code = "print(copies.each([lambda n=n: [n, 'x' * 100_000] for n in range(5)], 3) == [[n, 'x' * 100_000] for n in range(5)])"
    assert run(code, tmp_path).stdout == "True\n"


def test_a_part_whose_process_fails_is_done_here(tmp_path: Path) -> None:
    here = "here = os.getpid()\n"
    ends = ["os.kill(os.getpid(), signal.SIGKILL)", "sys.exit(0)", "1 / 0", "copies"]
    for end in ends:
        code = f"{here}print(copies.each([lambda: 1, lambda: 2 if os.getpid() == here else {end}, lambda: 3], 3))"
        result = run(code, tmp_path)
        assert (result.stdout, result.stderr) == ("[1, 2, 3]\n", "")
    result = run("copies.each([lambda: 1, lambda: 1 / 0], 2)", tmp_path)
    assert result.stderr.endswith("ZeroDivisionError: division by zero\n")


def test_where_no_process_can_be_started_all_is_done_here(root: Path) -> None:
    code = "def refused(): raise BlockingIOError(11, 'no more processes')\nos.fork = refused\n"
    result = run(code + BUILD, root)
    assert (result.returncode, result.stderr) == (0, "")
    assert reading.broken_links(root / "site") == []


def test_no_process_is_left_when_a_part_fails_here(tmp_path: Path) -> None:
    code = (
        "try: copies.each([lambda: 1 / 0, *[lambda: 1] * 200], 2)\n"
        "except ZeroDivisionError: print('told')\n"
        "try: os.waitpid(-1, 0)\n"
        "except ChildProcessError: print('none')\n"
    )
    assert run(code, tmp_path).stdout == "told\nnone\n"


def test_what_waits_to_be_printed_is_printed_once(tmp_path: Path) -> None:
    code = "print('waits'); copies.each([lambda: 1, lambda: 2], 2)"
    assert run(code, tmp_path).stdout == "waits\n"


def test_a_bibliography_that_another_process_reads_is_the_one_that_this_reads(root: Path) -> None:
    file = root / "references.bib"
    file.write_text(
        file.read_text() + "@misc{twice, title = {A}, title = {B} year = 2020}\n@misc{open, title = {C\n" + " " * 9_000
    )
    code = (
        "from citeman.project import Project\n"
        "project = Project.open('.'); project.begin(lambda bibliography, lock: (len(bibliography), lock, os.getpid()))\n"
        "entries, lock, there = project.begun(); beside = project.bibliography\n"
        "print('bibtexparser' in sys.modules, entries, lock, there == os.getpid(), project.begun())\n"
        "one = Project.open('.').bibliography\n"
        "print(beside.blocks == one.blocks, beside.entries == one.entries, beside.findings == one.findings != ())\n"
    )
    result = run(code, root)
    assert (result.stdout, result.stderr) == (f"False {PAPERS + 7} None False None\nTrue True True\n", "")


@pytest.mark.parametrize("changed", ["references.bib", "refs/citeman.lock"])
def test_what_was_begun_is_not_taken_once_its_files_have_changed(root: Path, changed: str) -> None:
    code = (
        "from citeman.project import Project\n"
        "project = Project.open('.'); project.begin(lambda *_: 'made')\n"
        f"open('{changed}', 'a').write('\\n')\n"
        "with project.locked(): print(project.begun(), len(project.bibliography))\n"
    )
    result = run(code, root)
    assert (result.stdout, result.stderr) == (f"None {PAPERS + 6}\n", "")


def test_several_processes_write_the_pages_that_one_writes(root: Path, tmp_path: Path) -> None:
    other = reading.write(tmp_path / "other", (root / "references.bib").read_text())
    one, three = run(BUILD, root, 1), run(BUILD, other, 3)
    assert one.stdout == three.stdout
    assert (one.returncode, three.returncode) == (0, 0)
    assert reading.files(root / "site") == reading.files(other / "site")
    assert len(reading.files(other / "site")) > PAPERS
    assert run(BUILD, other).stdout.count('"site') == 1


def test_an_error_in_another_process_is_told_like_any_other(root: Path) -> None:
    for key in ("key10", "key11", "key12"):
        (root / "site" / "papers").mkdir(parents=True)
        (root / "site" / "papers" / f"{key}.html").write_text("mine")
        result = run(BUILD, root)
        assert result.returncode == 1
        assert result.stderr == (
            f"site/papers/{key}.html: is in the way, and citeman did not write it; move it or build elsewhere (`--out DIR`)\n"
        )
        assert (root / "site" / "papers" / f"{key}.html").read_text() == "mine"
        shutil.rmtree(root / "site")


def test_a_build_is_whole_although_a_process_was_killed_in_its_midst(root: Path, tmp_path: Path) -> None:
    other = reading.write(tmp_path / "other", (root / "references.bib").read_text())
    killed = (
        "from citeman import output\n"
        "here, put = os.getpid(), output.Output._put\n"
        "def half(self, path, data, new):\n"
        "    dies = os.getpid() != here and path.startswith('papers/key')\n"
        "    put(self, path, data[:50] if dies else data, new)\n"
        "    if dies: os.kill(os.getpid(), signal.SIGKILL)\n"
        "output.Output._put = half\n"
    )
    result = run(killed + BUILD, other)
    assert (result.returncode, result.stderr) == (0, "")
    run(BUILD, root)
    assert reading.files(root / "site") == reading.files(other / "site")


def test_an_interrupted_build_leaves_no_process_and_can_be_taken_up(root: Path) -> None:
    interrupted = (
        "from citeman import output\n"
        "here, put = os.getpid(), output.Output._put\n"
        "def stop(self, path, data, new):\n"
        "    put(self, path, data, new)\n"
        "    if path.startswith('papers/key'): raise KeyboardInterrupt\n"
        "output.Output._put = stop\n"
    )
    result = run(interrupted + BUILD, root)
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "interrupted\n")
    assert run(BUILD, root).returncode == 0
    assert reading.broken_links(root / "site") == []


def test_beside_threads_no_process_is_copied(tmp_path: Path) -> None:
    code = (
        "import importlib, threading; importlib.reload(copies)\n"
        "print(copies.processors() >= 1); stop = threading.Event()\n"
        "thread = threading.Thread(target=stop.wait); thread.start(); print(copies.processors()); stop.set(); thread.join()\n"
    )
    assert run(code, tmp_path).stdout == "True\n1\n"
