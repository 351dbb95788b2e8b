"""`citeman sync --review` on a terminal: one change at a time, and on where it was left."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time

import pytest

from tests.conftest import ROOT
from tests.test_sync import Shelf, listed, shelf

__all__ = ["shelf"]

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)


def review(shelf: Shelf, *answers: str) -> str:
    """Run a review on a pseudo-terminal, answer its questions in turn, and return what it showed."""
    import pty

    terminal, inside = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb"}
    command = [sys.executable, "-m", "citeman", "sync", "--review", "--max-age", "0"]
    process = subprocess.Popen(command, cwd=shelf.root, env=environment, stdin=inside, stdout=inside, stderr=inside)
    os.close(inside)
    shown, waiting, deadline = "", list(answers), time.monotonic() + 60
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 0.1)
        try:
            piece = os.read(terminal, 4096).decode() if ready else ""
        except OSError:
            break
        shown += piece
        if piece.endswith(("? ", " = ")) and waiting:
            os.write(terminal, waiting.pop(0).encode())
        if not piece and process.poll() is not None:
            break
    os.close(terminal)
    process.wait(10)
    assert not waiting, shown
    return shown


def revise(shelf: Shelf) -> None:
    shelf.sync()
    shelf.upstream.world.revise("2401.00001", "2024-03-01", title="Wide nets beyond the edge", authors=("Ada Ash", "Cy Cole"))
    shelf.upstream.world.revise("1806.07572", "2024-03-01", title="Neural Tangent Kernels Revisited")


def test_each_change_is_taken_kept_or_edited(shelf: Shelf) -> None:
    revise(shelf)
    shown = review(shelf, "t\n", "k\n", "e\n", "Neural Tangent Kernel, Revisited\n")
    assert "1/3  ash2024wide  title" in shown
    assert "upstream  Wide nets beyond the edge" in shown
    assert 'title = "Wide nets beyond the edge"' in shelf.bib
    assert "author = {Ash, Ada and Birk, Bo}" in shelf.bib
    assert "title      = {Neural Tangent Kernel, Revisited}" in shelf.bib
    assert listed(shelf.sync("--force")) == [
        ("ash2024wide", "field", "author", "kept"),
        ("jacot2018neural", "field", "title", "kept"),
    ]


@pytest.mark.parametrize("leave", ["q\n", "\x04"])
def test_a_review_goes_on_where_it_was_left(shelf: Shelf, leave: str) -> None:
    revise(shelf)
    review(shelf, "x\n", "t\n", leave)
    assert 'title = "Wide nets beyond the edge"' in shelf.bib
    assert "Birk, Bo" in shelf.bib
    assert "Revisited" not in shelf.bib
    shown = review(shelf, "t\n", "t\n")
    assert "1/2  ash2024wide  author" in shown
    assert "Cole, Cy" in shelf.bib
    assert "Revisited" in shelf.bib
    assert listed(shelf.sync("--force")) == []


def test_later_for_everything_leaves_every_file_as_it_was(shelf: Shelf) -> None:
    revise(shelf)
    before = shelf.files()
    review(shelf, "l\n", "l\n", "l\n")
    assert shelf.files() == before


def test_all_of_a_paper_is_taken_at_once_and_what_is_new_is_told_first(shelf: Shelf) -> None:
    revise(shelf)
    shown = review(shelf, "a\n", "k\n")
    assert "ash2024wide: new-version: v2 (2024-03-01) changes title, authors" in shown
    assert "ash2024wide: cited at guide.md:7: At the edge" in shown
    assert 'title = "Wide nets beyond the edge"' in shelf.bib
    assert "author = {Ash, Ada and Cole, Cy}" in shelf.bib
    assert "Revisited" not in shelf.bib
