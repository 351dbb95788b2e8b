from __future__ import annotations

import contextlib
import html
import http.client
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from citeman.commands.serve import Watcher
from citeman.preview import Files
from tests import reading
from tests.conftest import ROOT, Run

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return reading.write(tmp_path / "project")


class Served:
    """A running `citeman serve`."""

    def __init__(self, root: Path) -> None:
        command = [sys.executable, "-m", "citeman", "serve", "--port", "0"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()
        self.host = self.address.removeprefix("http://").rstrip("/")

    def get(self, path: str, host: str = "") -> tuple[int, str, str]:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request("GET", path, headers={"Host": host or self.host})
        with contextlib.closing(connection):
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type", ""), html.unescape(answer.read().decode())

    def events(self) -> queue.Queue[dict[str, object]]:
        """Listen for news as a page does."""
        news: queue.Queue[dict[str, object]] = queue.Queue()
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request("GET", "/-/events")
        answer = connection.getresponse()

        def listen() -> None:
            with contextlib.closing(connection), answer:
                while line := answer.readline():
                    if line.startswith(b"data: "):
                        news.put(json.loads(line[6:]))

        threading.Thread(target=listen, daemon=True).start()
        return news

    def stop(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGINT)
        _, error = self.process.communicate(timeout=20)
        return self.process.returncode, error


@pytest.fixture
def served(root: Path) -> Iterator[Served]:
    running = Served(root)
    yield running
    if running.process.poll() is None:
        running.stop()


def test_pages_are_served_on_loopback_and_a_stop_is_no_failure(served: Served, root: Path) -> None:
    assert served.address.startswith("http://127.0.0.1:")
    status, kind, page = served.get("/")
    assert (status, kind) == (200, "text/html; charset=utf-8")
    assert "connect-src 'self'" in page
    assert '<script src="/-/live.js?built=1" defer></script>' in page
    kinds = {
        "/dynamics/edge.html?order=role": "text/html",
        "/static/style.css?v=1": "text/css",
        "/papers.json": "application/json",
        "/papers.bib": "text/plain",
    }
    assert {path: served.get(path)[:2] for path in kinds} == {
        path: (200, f"{kind}; charset=utf-8") for path, kind in kinds.items()
    }
    assert [served.get(path)[0] for path in ("/no.html", "/../citeman.toml", "/..%2fciteman.toml", "/%00")] == [404] * 4
    assert served.get("/", host="evil.example:8765")[0] == 403
    assert not (root / "site").exists()
    assert served.stop() == (0, "stopped\n")


def test_a_save_is_shown_and_a_mistake_is_told_over_the_pages_as_they_were(served: Served, root: Path) -> None:
    news = served.events()
    assert news.get(timeout=60) == {"built": 1, "problems": []}
    lists = root / "refs" / "dynamics.yaml"
    lists.write_text(reading.LISTS.replace("Named the edge.", "Saw the edge."))
    assert news.get(timeout=60) == {"built": 2, "problems": []}
    assert "Saw the edge." in served.get("/dynamics/edge.html")[2]
    lists.write_text("sections: [")
    told = news.get(timeout=60)
    assert told["built"] == 2
    assert str(told["problems"]).startswith("['refs/dynamics.yaml:1: ")
    assert "Saw the edge." in served.get("/dynamics/edge.html")[2]
    lists.write_text(reading.LISTS)
    assert news.get(timeout=60) == {"built": 3, "problems": []}
    (root / "refs" / "second.yaml").write_text(
        "guide:\n  title: Second\nsections:\n  one:\n    reading:\n      - key: muller1998tricks\n"
    )
    assert news.get(timeout=60)["built"] == 4
    assert served.get("/second/one.html")[0] == 200
    code, error = served.stop()
    assert code == 0
    assert "changed: refs/dynamics.yaml\nrefs/dynamics.yaml:1: " in error


def test_a_list_saved_the_moment_the_pages_are_shown_is_seen(root: Path) -> None:
    watcher = Watcher(root, print)
    show = watcher.board.put

    def shown(files: Files, problems: tuple[str, ...] = ()) -> None:
        show(files, problems)
        (root / "refs" / "second.yaml").write_text("guide:\n  title: Second\nsections: {}\n")

    watcher.board.put = shown  # type: ignore[method-assign]
    watcher.build()
    assert watcher.changed() == ["refs/second.yaml"]
    watcher.build()
    assert watcher.changed() == ["refs/second.yaml"]
    watcher.board.put = show  # type: ignore[method-assign]
    watcher.build()
    assert watcher.changed() == []


def test_files_named_only_by_the_settings_are_looked_at_from_the_first_build(root: Path) -> None:
    (root / "refs").rename(root / "lists")
    (root / "citeman.toml").write_text('lists = "lists"\n')
    watcher = Watcher(root, print)
    watcher.build()
    assert (watcher.board.news, watcher.changed()) == ((1, ()), [])
    (root / "lists" / "dynamics.yaml").write_text(reading.LISTS.replace("Named the edge.", "Saw the edge."))
    assert watcher.changed() == ["lists/dynamics.yaml"]


def test_a_port_in_use_is_told_in_one_line(citeman: Run, served: Served, root: Path) -> None:
    port = served.host.rpartition(":")[2]
    result = citeman("serve", "--port", port, cwd=root)
    assert (result.returncode, result.stderr) == (
        1,
        f"citeman: cannot listen on port {port}: address already in use; choose another (`--port N`)\n",
    )


def test_the_page_loads_itself_anew_and_shows_what_is_wrong(browser: Browser, served: Served, root: Path) -> None:
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{served.address}dynamics/edge.html")
    lists = root / "refs" / "dynamics.yaml"
    lists.write_text(reading.LISTS.replace("Named the edge.", "Saw the edge."))
    page.get_by_text("Saw the edge.").first.wait_for()
    lists.write_text("sections: [")
    page.get_by_role("alert").get_by_text("refs/dynamics.yaml:1:").wait_for()
    assert page.get_by_text("Saw the edge.").first.is_visible()
    lists.write_text(reading.LISTS)
    page.get_by_text("Named the edge.").first.wait_for()
    page.get_by_role("alert").wait_for(state="detached")
    page.close()
