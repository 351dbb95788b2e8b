"""An entry that cannot be read is missing from every answer: whoever asks is told so in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

BIB = """@misc{lee1998ntk, title = {Kernels}, eprint = {2103.00065}, eprinttype = {arxiv}}

@misc{open2020,
  title = {Never closed,

@misc{ng2020part, title = {Parts}}
"""
SAID = "references.bib:4: this entry is not read; `citeman check` says more\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "references.bib").write_text(BIB, encoding="utf-8")
    (tmp_path / "refs").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "kernels"),
        ("search", "kernels", "--json"),
        ("list",),
        ("list", "--keys"),
        ("todo",),
        ("todo", "--json"),
        ("-q", "list"),
    ],
    ids=" ".join,
)
def test_who_asks_is_told_every_time(citeman: Run, project: Path, arguments: tuple[str, ...]) -> None:
    for _ in range(2):
        done = citeman(*arguments)
        assert (done.stderr, done.returncode) == (SAID, 0)


def test_programs_are_told_where_there_is_room_for_it(citeman: Run, project: Path) -> None:
    (told,) = json.loads(citeman("todo", "--json").stdout)["unread"]
    assert (told["path"], told["line"]) == ("references.bib", 4)
    assert "never closed" in told["message"]
    done = citeman("add", "arXiv:2103.00065", "--offline", "--json")
    assert done.stderr == SAID
    assert [one["line"] for one in json.loads(done.stdout)["unread"]] == [4]


def test_the_line_is_that_of_the_file_as_it_is_now(citeman: Run, project: Path) -> None:
    citeman("list")
    path = project / "references.bib"
    path.write_text(BIB.replace("title = {Kernels}", "title = {Kernels},\n  year = 1998"), encoding="utf-8")
    assert citeman("search", "kernels").stderr == SAID.replace(":4:", ":5:")
    path.write_text(BIB.replace("closed,", "closed}}"), encoding="utf-8")
    assert citeman("search", "kernels").stderr == ""


def test_several_are_counted(citeman: Run, project: Path) -> None:
    path = project / "references.bib"
    path.write_text(BIB + "@misc{more, title = {\n\n@misc{last, title = {Last}}\n", encoding="utf-8")
    assert citeman("list", "--keys").stderr == "references.bib:4: this entry and 1 more are not read; `citeman check` says more\n"
    told = citeman("add", "arXiv:2103.00065", "--offline").stderr
    assert "references.bib:4: this entry and 1 more are not read" in told
