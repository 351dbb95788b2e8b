"""`citeman.open`: the library as a site generator calls it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import citeman
from citeman.errors import CitemanError
from tests import project as sample


def test_a_reading_list_is_read_from_python(tmp_path: Path) -> None:
    project = citeman.open(sample.write(tmp_path))
    section = project.reading_list("ntk")
    assert (section.anchor, [item.key for item in section.reading]) == ("wide-networks", ["jacot2018neural"])
    assert project.library.entry("jacot2018neural").get("year") == "2018"
    assert project.reading_list("Large") == citeman.open(str(project.root / "refs")).reading_list("eos")


def test_where_no_project_is_an_error_says_so(tmp_path: Path) -> None:
    with pytest.raises(CitemanError, match="no citeman project here or above"):
        citeman.open(tmp_path)


def test_the_package_itself_imports_nothing() -> None:
    code = "import sys; before = set(sys.modules); import citeman; print(sorted(set(sys.modules) - before))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() in ("['__future__', 'citeman']", "['citeman']")
