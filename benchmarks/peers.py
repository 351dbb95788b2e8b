"""The peers' own stores, filled with the generated papers, and the commands that ask them the same things."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measure import Bench, Command
from citeman.bib import Bibliography
from citeman.tex import to_text

SLOW = 3
"""Runs of a command that takes seconds or minutes."""


def searches(bench: Bench, root: Path, size: int, words: Sequence[str]) -> Iterator[Command]:
    """Give the peers' searches for papers with all of some words."""
    papis = bench.environment("papis", "papis") / "papis"
    library, home = papis_library(bench, root, size)
    yield Command(
        f"`papis list {' '.join(words)}`",
        [papis, "--lib", library, "list", " ".join(words)],
        root,
        {"HOME": str(home)},
        runs=SLOW,
    )
    if size <= 1000:
        cobib = bench.environment("cobib", "cobib") / "cobib"
        store = cobib_store(bench, root, size)
        yield Command(f"`cobib search {words[0]}`", [cobib, "search", words[0]], root, {"HOME": str(store)}, runs=SLOW)


def is_ready(bench: Bench, size: int) -> bool:
    """Tell whether papis's library of so many papers has been made before."""
    return (bench.folder / "peers" / f"papis-{size}" / "ready").exists()


def papis_library(bench: Bench, root: Path, size: int) -> tuple[Path, Path]:
    """Return a papis library of the papers, its cache built, and the home of its settings."""
    home = bench.folder / "peers" / f"papis-{size}"
    library = home / "library"
    if not (home / "ready").exists():
        shutil.rmtree(home, ignore_errors=True)
        for number, entry in enumerate(Bibliography.parse((root / "references.bib").read_text(encoding="utf-8"))):
            folder = library / f"{number:06}"
            folder.mkdir(parents=True)
            fields = {field.name: to_text(field.value) for field in entry.fields} | {"ref": entry.key, "type": entry.type}
            (folder / "info.yaml").write_text(
                "".join(f"{name}: {json.dumps(value)}\n" for name, value in fields.items()), "utf-8"
            )
        papis = bench.environment("papis", "papis") / "papis"
        subprocess.run(
            [papis, "--lib", library, "list", "gradient"],
            env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
            check=True,
            capture_output=True,
        )
        (home / "ready").touch()
    return library, home


def cobib_store(bench: Bench, root: Path, size: int) -> Path:
    """Return the home of a coBib database of the papers."""
    home = bench.folder / "peers" / f"cobib-{size}"
    if not (home / "ready").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        cobib = bench.environment("cobib", "cobib") / "cobib"
        for arguments in (["init"], ["add", "-b", str(root / "references.bib")]):
            subprocess.run([cobib, *arguments], env={"HOME": str(home), "PATH": "/usr/bin:/bin"}, check=True, capture_output=True)
        (home / "ready").touch()
    return home
