from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeman import __version__
from citeman.cli import VERBS
from citeman.cli.console import cut, diff_lines, pad, width_of
from citeman.store import Change
from tests.conftest import ROOT, Run


def test_version(citeman: Run) -> None:
    for arguments in (["--version"], ["-q", "--version"]):
        result = citeman(*arguments)
        assert (result.returncode, result.stdout) == (0, f"citeman {__version__}\n")


def test_help_lists_every_command(citeman: Run) -> None:
    for arguments in ([], ["--help"]):
        result = citeman(*arguments)
        assert result.returncode == 0
        assert all(f"  {verb} " in result.stdout for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_explains_itself(citeman: Run, verb: str) -> None:
    result = citeman(verb, "--help")
    assert result.returncode == 0
    assert result.stdout.startswith(f"usage: citeman {verb}")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lnik"], "citeman: no command 'lnik'; did you mean 'link'?; see `citeman --help`\n"),
        (["-C", "."], "citeman: which command?; see `citeman --help`\n"),
        (["show", "--jsn", "x"], "citeman: unrecognized arguments: --jsn; did you mean '--json'?; see `citeman show --help`\n"),
        (["show"], "citeman: the following arguments are required: KEY; see `citeman show --help`\n"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(citeman: Run, arguments: list[str], message: str) -> None:
    result = citeman(*arguments)
    assert (result.returncode, result.stdout, result.stderr) == (2, "", message)


def test_outside_a_project_the_user_is_told_how_to_start_one(citeman: Run) -> None:
    result = citeman("show", "x")
    assert result.returncode == 1
    assert result.stderr == ".: no citeman project here or above; start one with `citeman init GUIDE.md`\n"


def test_version_imports_nothing_heavy() -> None:
    code = (
        "import sys; from citeman.cli import main; main(['--version'])\n"
        "heavy = {'argparse', 'json', 'yaml', 'requests', 'jinja2', 'bibtexparser', 'sqlite3', 'sqlite_utils', 'dataclasses'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert result.stdout.splitlines()[1] == "[]"


def test_directory_may_stand_before_or_after_the_command(citeman: Run, tmp_path: Path) -> None:
    for arguments in (["-C", "nowhere", "show", "x"], ["show", "x", "-C", "nowhere"]):
        assert citeman(*arguments).stderr == "nowhere: no such folder\n"


def test_columns_count_as_the_terminal_shows_them() -> None:
    assert (width_of("abc"), width_of("e\u0301"), width_of("日本")) == (3, 1, 4)
    assert pad("日", 4) == "日  "
    assert (cut("abcdef", 4), cut("日本語", 4), cut("abc", 3)) == ("abc…", "日…", "abc")


@given(st.lists(st.sampled_from("abc"), max_size=30), st.lists(st.sampled_from("abc"), max_size=30))
def test_a_diff_says_what_the_whole_files_diff_says(before: list[str], after: list[str]) -> None:
    change = Change("x", "\n".join(before), "\n".join(after))
    applied, place = list(before), 0
    for line in diff_lines(change):
        if line.startswith("@@"):
            start = int(re.match(r"@@ -\d+(?:,\d+)? \+(\d+)", line)[1])  # type: ignore[index]
            length = re.match(r"@@ -\d+(?:,\d+)? \+\d+(?:,(\d+))?", line)[1]  # type: ignore[index]
            place = start - 1 if length != "0" else start
        elif line.startswith("-") and not line.startswith("---"):
            assert applied.pop(place) == line[1:]
        elif line.startswith("+") and not line.startswith("+++"):
            applied.insert(place, line[1:])
            place += 1
        elif line.startswith(" "):
            assert applied[place] == line[1:]
            place += 1
    assert applied == after


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_a_port_that_cannot_be_is_told_so(citeman: Run, port: str) -> None:
    result = citeman("serve", f"--port={port}")
    assert (result.returncode, result.stdout) == (2, "")
    assert (
        result.stderr
        == f"citeman: argument -p/--port: {port!r} is no port; give a number from 0 to 65535; see `citeman serve --help`\n"
    )
