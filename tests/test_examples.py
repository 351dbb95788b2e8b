"""The files that users copy: they must be valid, and name only commands and options that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from citeman.cli import VERBS, parser_of
from tests.conftest import ROOT

WORKFLOWS = sorted((ROOT / "examples" / "ci").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_are_valid_and_their_steps_do_something(path: Path) -> None:
    workflow = yaml.load(path.read_text(), yaml.BaseLoader)
    assert {"name", "on", "jobs", "permissions"} <= set(workflow)
    for job in workflow["jobs"].values():
        assert job["runs-on"]
        assert all(("uses" in step) != ("run" in step) for step in job["steps"])


@pytest.mark.parametrize("path", [*WORKFLOWS, ROOT / ".pre-commit-hooks.yaml"], ids=lambda path: path.name)
def test_commands_in_examples_exist(path: Path) -> None:
    lines = re.findall(r"(?:run: |entry: |^ +)citeman ([a-z]+)([^\n>|]*)", path.read_text(), re.MULTILINE)
    assert lines
    for verb, options in lines:
        assert verb in VERBS, f"{path.name} runs `citeman {verb}`"
        parser_of(verb).parse_args([word for word in options.split() if word.startswith("-") or word in {"github", "markdown"}])


def test_hooks_have_what_pre_commit_needs() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert all({"id", "name", "entry", "language"} <= set(hook) for hook in hooks)
    pattern = re.compile(hooks[0]["files"])
    assert all(pattern.search(name) for name in ("references.bib", "refs/guide.yaml", "posts/a.md", "citeman.toml"))
    assert not pattern.search("src/main.c")
