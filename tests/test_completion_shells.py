"""Shell completion as a person meets it: real shells, driven from a terminal where they need one."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Run

BIB = """@misc{lee1998ntk, title = {Kernels}}
@misc{DBLP:conf/x/1, title = {X}}
@misc{o'neil2020, title = {Quoted}}
@misc{two2020a, title = {Two}}
@misc{two2020b, title = {More}}
"""
LISTS = """sections:
  edge-of-stability:
    title: The edge
    aliases: [eos]
    reading: [{key: lee1998ntk}]
"""
LINES = [
    ("citeman sho", "citeman show "),
    ("citeman show lee", "citeman show lee1998ntk "),
    ("citeman show DBLP:c", "citeman show DBLP:conf/x/1 "),
    ("citeman show o", "citeman show o\\'neil2020 "),
    ("citeman search section:edge", "citeman search section:edge-of-stability "),
    ("citeman search auth", "citeman search author:"),
    ("citeman link lee1998ntk --section eo", "citeman link lee1998ntk --section eos "),
    ("citeman link lee1998ntk --role=sur", "citeman link lee1998ntk --role=survey "),
    ("citeman export --format ri", "citeman export --format ris "),
    ("citeman import refe", "citeman import references.bib "),
]


@pytest.fixture
def project(tmp_path: Path, citeman: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project, and a home whose shells complete `citeman`, the command of this source."""
    root, programs = tmp_path / "project", tmp_path / "bin"
    (root / "refs").mkdir(parents=True)
    (root / "references.bib").write_text(BIB, encoding="utf-8")
    (root / "refs" / "guide.yaml").write_text(LISTS, encoding="utf-8")
    programs.mkdir()
    command = programs / "citeman"
    source = Path(__file__).parents[1]
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{source}" exec "{sys.executable}" -m citeman "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(root)
    return root


def found(shell: str) -> str:
    program = shutil.which(shell)
    if not program:
        pytest.skip(f"no {shell} here")
    return program


class Terminal:
    """A program in a terminal: what is typed, and what it shows."""

    def __init__(self, arguments: list[str]) -> None:
        import pty

        self.place, inside = pty.openpty()
        self._process = subprocess.Popen(arguments, stdin=inside, stdout=inside, stderr=inside, start_new_session=True)
        os.close(inside)
        self._shown = ""

    def type(self, text: str) -> None:
        os.write(self.place, text.encode())

    def wait_for(self, text: str, patience: float = 120) -> None:
        """Read until a text is shown, whatever the terminal does to the lines."""
        end = time.monotonic() + patience
        while text not in self._shown:
            ready = select.select([self.place], [], [], max(0.0, end - time.monotonic()))[0]
            try:
                data = os.read(self.place, 65536) if ready else b""
            except OSError:
                data = b""
            assert data, f"{text!r} was not shown, but {self._shown[-500:]!r}"
            self._shown += re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", data.decode(errors="replace"))
        self._shown = ""

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self.place)


@pytest.fixture
def zsh(project: Path, citeman: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    program = found("zsh")
    home = project.parent
    (home / "functions").mkdir()
    (home / "functions" / "_citeman").write_text(citeman("completion", "zsh").stdout, encoding="utf-8")
    settings = f"PS1='now> '\nfpath=('{home}/functions' $fpath)\nautoload -Uz compinit && compinit -u -D\n"
    (home / ".zshrc").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("ZDOTDIR", str(home))
    monkeypatch.setenv("TERM", "dumb")
    terminal = Terminal([program, "-i"])
    try:
        terminal.wait_for("now> ")
        yield terminal
    finally:
        terminal.close()


def test_zsh_completes_what_is_typed(zsh: Terminal) -> None:
    for typed, completed in LINES:
        zsh.type(f"\x15{typed}\t")
        # the mark tells the end: no answer can be taken for the beginning of a longer one
        zsh.wait_for(completed[len(typed) :])
        zsh.type("|")
        zsh.wait_for("|")


def test_zsh_lists_what_fits_with_what_it_is(zsh: Terminal) -> None:
    zsh.type("citeman show two\t\t")
    zsh.wait_for("two2020a  Two")


def test_fish_completes_what_is_typed(project: Path, citeman: Run) -> None:
    program = found("fish")
    script = project.parent / "citeman.fish"
    script.write_text(citeman("completion", "fish").stdout, encoding="utf-8")
    for typed, completed in LINES:
        command = f"source {script}; complete -C {_quoted(typed)}"
        done = subprocess.run([program, "--no-config", "-c", command], capture_output=True, text=True, check=True)
        word = completed.rpartition(" ")[2] or completed.split(" ")[-2]
        assert [line.split("\t")[0] for line in done.stdout.splitlines()] == [word.replace("\\", "")], typed


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "\\'") + "'"
