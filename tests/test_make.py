"""`make` on machines that lack what it needs: one line that says so, and nothing half made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

MAKE = shutil.which("make")

pytestmark = pytest.mark.skipif(MAKE is None, reason="there is no make here")

FILES = ["Makefile", "pyproject.toml"]

OLD = """#!{python}
import sys
sys.version_info = (3, 10, 12, "final", 0)
if sys.argv[1] != "-c":
    sys.exit("an old Python was asked for more than its version")
exec(sys.argv[2])
"""


def make(folder: Path, *arguments: str, path: str) -> subprocess.CompletedProcess[str]:
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    return subprocess.run(
        [str(MAKE), *arguments],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("target", ["site", "test", "check"])
def test_a_python_that_is_too_old_is_told_so(tmp_path: Path, target: str) -> None:
    old = tmp_path / "bin" / "python3"
    old.parent.mkdir()
    old.write_text(OLD.format(python=sys.executable))
    old.chmod(0o755)
    done = make(tmp_path, target, path=f"{old.parent}:{os.environ['PATH']}")
    assert done.returncode != 0
    said, stopped = (done.stdout + done.stderr).splitlines()
    assert said == "citeman needs Python 3.11 or newer, and python3 is 3.10; try: make PYTHON=python3.11"
    assert stopped.startswith("make: ***")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Makefile", "bin", "pyproject.toml"]


def test_a_python_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    done = make(tmp_path, "PYTHON=python-of-tomorrow", path=os.environ["PATH"])
    assert done.returncode != 0
    assert done.stderr.startswith("citeman needs Python 3.11 or newer, and there is no python-of-tomorrow here")
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES
