"""A real browser, and what is checked with packages of npm: fetched once into pytest's cache, skipped with the reason where impossible."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (`pip install -e .[test]`)")
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("no Chromium here (`apt-get install chromium`)")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=list(QUIET))
        yield running
        running.close()


def npm_package(config: pytest.Config, name: str, inside: str) -> Path:
    """Return a file of an npm package, fetched at the first use; skips the test where that is impossible."""
    cache: pytest.Cache | None = getattr(config, "cache", None)  # none under `-p no:cacheprovider`
    kept = cache.mkdir("npm") if cache else Path(tempfile.gettempdir()) / "citeman-npm"
    # A folder for each: npm takes out what it did not put in, and several tests ask at the same time.
    folder = kept / name.replace("/", "+")
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        return _fetched(folder, name, inside)


def _fetched(folder: Path, name: str, inside: str) -> Path:
    path = folder / "node_modules" / name / inside
    if path.exists():
        return path
    if not shutil.which("npm"):
        pytest.skip(f"npm is not installed, so {name} cannot be fetched")
    command = ["npm", "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), name]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not answer in time, so {name} could not be fetched")
    if not path.exists():
        pytest.skip(f"npm could not fetch {name}: {(result.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    return path


@pytest.fixture(scope="session")
def axe(pytestconfig: pytest.Config) -> str:
    """The script of axe-core, which finds what shuts people out."""
    return npm_package(pytestconfig, "axe-core", "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def vnu(pytestconfig: pytest.Config) -> Path:
    """The Nu HTML Checker, which is the W3C's validator."""
    if not shutil.which("java"):
        pytest.skip("java is not installed, so the HTML checker cannot run")
    return npm_package(pytestconfig, "vnu-jar", "build/dist/vnu.jar")


def validate(vnu: Path, paths: list[Path]) -> list[str]:
    """Return what the HTML checker calls an error."""
    command = ["java", "-Xss4m", "-jar", str(vnu), "--format", "json", "--exit-zero-always", "--also-check-svg", *map(str, paths)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    messages = json.loads(result.stderr or result.stdout)["messages"]
    return [f"{one['url']}:{one.get('lastLine')}: {one['message']}" for one in messages if one["type"] == "error"]


def violations(page: Page, axe: str, *rules: str) -> list[str]:
    """Return what axe-core finds on a page, with the elements; `rules` are the only ones it is asked for."""
    # The page's policy lets no script in, so it comes by the debugging protocol.
    page.evaluate(f"(() => {{ {axe} }})()") if not page.evaluate("typeof axe !== 'undefined'") else None
    options = {"resultTypes": ["violations"], "preload": False, **({"runOnly": rules} if rules else {})}
    found: list[dict[str, Any]] = page.evaluate("options => axe.run(options).then(result => result.violations)", options)
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
