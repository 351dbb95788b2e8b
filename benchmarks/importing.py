"""Taking a whole bibliography into a store, and writing it out again, beside bibmanager and coBib.

The bibliography has no `@string`: bibmanager reads none.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.generator import Generator
from benchmarks.measure import Bench, Command, Table
from benchmarks.peers import SLOW

UP_TO = 10_000
_PATH = "/usr/local/bin:/usr/bin:/bin"


def run(bench: Bench) -> Iterator[Table]:
    for size in (size for size in bench.sizes if size <= UP_TO):
        rows = list(into(bench, size))
        if size <= 1000:
            cobib, other = bench.environment("cobib", "cobib") / "cobib", bench.folder / "stores" / f"cobib-{size}"
            arguments = [cobib, "add", "-b", _source(bench, size)]
            rows.append(Command("`cobib add`", arguments, other, {"HOME": str(other)}, _initialised(cobib, other), runs=1))
        yield bench.compare(f"{size:,} entries into an empty store", rows)
        yield bench.compare(f"{size:,} entries out of the store", list(out_of(bench, size)))


def into(bench: Bench, size: int) -> tuple[Command, Command]:
    """Return citeman's and bibmanager's ways of taking in a bibliography."""
    bibm = bench.environment("bibmanager", "bibmanager") / "bibm"
    source, store, home = _source(bench, size), *_stores(bench, size)
    return (
        Command("`citeman import`", [bench.citeman(), "import", source, "-q"], store, before=_empty(store), runs=SLOW),
        Command("`bibm merge`", [bibm, "merge", source], home, {"HOME": str(home)}, _empty(home), runs=SLOW),
    )


def out_of(bench: Bench, size: int) -> tuple[Command, Command]:
    """Return the ways of writing out what `into` took in."""
    bibm = bench.environment("bibmanager", "bibmanager") / "bibm"
    store, home = _stores(bench, size)
    return (
        Command("`citeman export`", [bench.citeman(), "export", "-o", "all.bib"], store, runs=5),
        Command("`bibm export`", [bibm, "export", "all.bib"], home, {"HOME": str(home)}, runs=5),
    )


def _source(bench: Bench, size: int) -> Path:
    source = bench.folder / "libraries" / f"{size}.bib"
    if not source.exists():
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(Generator(size, macros=False).bibliography(), encoding="utf-8")
    return source


def _stores(bench: Bench, size: int) -> tuple[Path, Path]:
    return bench.folder / "stores" / f"citeman-{size}", bench.folder / "stores" / f"bibm-{size}"


def _empty(folder: Path) -> Callable[[], None]:
    def make() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "refs").mkdir(parents=True)
        (folder / "references.bib").touch()

    return make


def _initialised(cobib: Path, home: Path) -> Callable[[], None]:
    def make() -> None:
        _empty(home)()
        subprocess.run([cobib, "init"], env={"HOME": str(home), "PATH": _PATH}, check=False, capture_output=True)

    return make
