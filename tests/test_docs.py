"""The documentation says what the program says, to the character."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from citeman.cli import VERBS, parser_of
from citeman.cli import arguments as parsing
from citeman.config import Config
from tests import reference
from tests.conftest import ROOT
from tests.upstream import Upstream

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_the_command_reference_is_the_commands_own_help() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), "run `make docs`"


@pytest.mark.parametrize("verb", VERBS)
def test_help_fits_a_terminal(verb: str) -> None:
    description = parser_of(verb).description or ""
    assert description
    assert max(map(len, description.splitlines())) <= 130


def test_the_readme_names_every_command() -> None:
    assert [verb for verb in VERBS if f"`{verb}`" not in README] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_in_the_documentation_lead_somewhere(path: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`\n]*`", "`code`", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", prose):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_command_line_shown_is_one_that_citeman_takes(path: Path) -> None:
    for line in re.findall(r"^\$ citeman (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE):
        verb, *arguments = shlex.split(re.split(r"\s+[#>|]", line)[0])
        if verb.startswith("--"):
            continue
        assert verb in VERBS, f"{path.name} shows `citeman {verb}`"
        parsing.parse([verb, *arguments], VERBS)


def test_the_terminal_session_of_the_readme_is_true(tmp_path: Path, upstream: Upstream) -> None:
    session = README.partition("<!-- session -->\n```console\n")[2].partition("```")[0]
    assert session, "the README has no session"
    shutil.copy(ROOT / "examples" / "guide.md", tmp_path)
    found = []
    for line in session.splitlines():
        if line.startswith("$ "):
            found.append(f"{line}\n{_run(line[2:], tmp_path)}")
    assert "".join(found) == session


def _run(command: str, folder: Path) -> str:
    words = shlex.split(command)
    assert words[0] == "citeman"
    result = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return result.stdout


def test_every_setting_and_its_default_is_documented() -> None:
    table = dict(
        re.findall(r"^\| `([a-z-]+)` \| (.+?) \|", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    known = {name.replace("_", "-"): default for name, default in Config._field_defaults.items()}
    assert set(table) == set(known) - {"severities", "waivers", "path"}
    for name, told in table.items():
        default = known[name]
        if told.startswith("`"):
            assert (
                told
                == f"`{f'{default:g}' if isinstance(default, float) else str(default).lower() if isinstance(default, bool) else default}`"
            )
        else:
            assert not default
