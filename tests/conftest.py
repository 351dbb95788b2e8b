"""What every test gets: no network, no home, and a way to run the real command line."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.browser import axe, browser, vnu

if TYPE_CHECKING:
    from tests.upstream import Upstream

__all__ = ["axe", "browser", "vnu"]
"""Fixtures of one browser for the whole run: a module that imported them would start another beside it."""

# No example is judged by the clock, which says more about the machine; the gate tries the same examples each time.
SLOW = [HealthCheck.too_slow]
settings.register_profile("developer", deadline=None, suppress_health_check=SLOW)
settings.register_profile("gate", deadline=None, derandomize=True, suppress_health_check=SLOW)
settings.load_profile("gate" if os.environ.get("CI") else "developer")

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
LOOPBACK = ("127.0.0.1", "localhost", "::1")

# Every command line that a test starts would otherwise compile all of citeman anew, which takes as long as what it does.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away what the developer's own machine would lend: home, colours, settings; upstreams point at a closed port."""
    for name in list(os.environ):
        if name.startswith("CITEMAN_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_COLOR", "1")
    for name in ("ARXIV", "CROSSREF", "ARXIV_OAI", "DATACITE"):
        monkeypatch.setenv(f"CITEMAN_{name}_URL", "http://127.0.0.1:9/")


@pytest.fixture
def citeman(tmp_path: Path) -> Run:
    """Run the real command line in `tmp_path` (or `cwd=`): `citeman("link", "key", "--section", "eos")`."""

    def run(
        *arguments: str, cwd: Path = tmp_path, stdin: str = "", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
        return subprocess.run(
            [sys.executable, "-m", "citeman", *arguments],
            cwd=cwd,
            env=environment,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line as `citeman` does, in this process: twenty times as fast, for tests that need no process of its own."""
    from citeman.cli import main

    def run(*arguments: str, cwd: Path = tmp_path, stdin: str | bytes = "") -> subprocess.CompletedProcess[str]:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        capsys.readouterr()
        try:
            code = main(list(arguments))
        except SystemExit as leaving:  # argparse, after --help
            code = int(leaving.code or 0)
        said = capsys.readouterr()
        return subprocess.CompletedProcess(list(arguments), code, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real-world material beside the project; a test that needs it skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with real-world files is not here")
    return SHARED


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Iterator[Upstream]:
    """Run a loopback arXiv, Crossref and DataCite that the command line (and `os.environ`) is led to: see tests/upstream."""
    from tests.upstream import Upstream

    with Upstream() as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture(scope="session")
def pandoc() -> str:
    pypandoc = pytest.importorskip("pypandoc", reason="pypandoc_binary is not installed: install citeman[test]")
    try:
        return str(pypandoc.get_pandoc_path())
    except OSError as error:
        pytest.skip(f"there is no pandoc here: {error}")
