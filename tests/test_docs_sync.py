"""The documentation of `sync` and its example workflow say what is so."""

from __future__ import annotations

import re
import shlex
import subprocess
from typing import Any

import pytest
import yaml

from citeman.cli import VERBS, parser_of
from citeman.merge.combine import DEFAULT, PRECEDENCE
from tests.conftest import ROOT

GUIDE = (ROOT / "docs/sync.md").read_text(encoding="utf-8")
WORKFLOW = ROOT / "examples/ci/sync.yml"
ROLES = {
    "version-of-record": "the version of record",
    "snippet": "a person's file",
    "deposit": "another DOI agency",
    "preprint": "the preprint",
}


def workflow() -> Any:
    return yaml.load(WORKFLOW.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)


def command_lines(text: str) -> list[str]:
    """Every call of citeman in a text, without what a shell does around it."""
    return [re.split(r"\s+(?:#|>|\|\||\|)", found)[0] for found in re.findall(r"^\s*(?:\$ )?(citeman .+)$", text, re.MULTILINE)]


@pytest.mark.parametrize("line", command_lines(GUIDE) + command_lines(WORKFLOW.read_text(encoding="utf-8")))
def test_every_command_line_shown_is_one_that_citeman_takes(line: str) -> None:
    _, verb, *arguments = shlex.split(line)
    assert verb in VERBS
    parser_of(verb).parse_args(arguments)


def test_the_workflow_is_one_that_opens_a_pull_request_every_month() -> None:
    found = workflow()
    assert found["on"]["schedule"][0]["cron"].split()[2:] == ["1", "*", "*"]
    assert found["permissions"] == {"contents": "write", "pull-requests": "write"}
    steps = found["jobs"]["sync"]["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    assert "gh pr create" in steps[-1]["run"]


@pytest.mark.parametrize("script", [step["run"] for step in workflow()["jobs"]["sync"]["steps"] if "run" in step])
def test_the_workflows_scripts_are_scripts(script: str) -> None:
    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_table_of_precedence_is_the_one_that_is_used() -> None:
    table = GUIDE.partition("## Which source is believed")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| ((?:`\w+` ?)+|everything else of a published work) \| (.+) \|$", table, re.MULTILINE))
    documented = {}
    for names, told in rows.items():
        order = [phrase.strip() for phrase in re.split(r"[|,;]", told) if "never" not in phrase]
        for name in re.findall(r"`(\w+)`", names) or ["*"]:
            documented[name] = order
    used = {name: [ROLES[role] for role in roles] for name, roles in {**PRECEDENCE, "*": DEFAULT}.items()}
    assert documented == used
