"""Building the pages: all of them, none (nothing changed), and those that one changed item asks for; beside pandoc --citeproc.

pandoc makes one page of one document that cites as many papers as the library has.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import Bench, Command, Table, settle

UP_TO = 10_000


def run(bench: Bench) -> Iterator[Table]:
    citeman = bench.citeman()
    for size in (size for size in bench.sizes if size <= UP_TO):
        root = bench.library(size, "building")
        build = [citeman, "build", "-q"]
        cold = Command("cold build", build, root, before=_without(root, "site", ".citeman"), runs=3)
        table = bench.compare(f"{size:,} papers, cold", [cold, *_pandoc(bench, root, size)])
        yield table
        settle(root, *build)
        yield bench.compare(
            f"{size:,} papers, warm",
            [
                Command("`citeman --version`", [citeman, "--version"], root),
                Command("nothing changed", build, root),
                Command("one item of a reading list changed", build, root, before=_other_why(root), runs=5),
                Command("one title changed", build, root, before=_other_title(root), runs=5),
            ],
            f"The cold build above took {table.cost('cold build').cpu:.1f} s of CPU.",
        )


def _pandoc(bench: Bench, root: Path, size: int) -> Iterator[Command]:
    import pypandoc

    if size > 1000:
        return
    text = (root / "references.bib").read_text(encoding="utf-8")
    keys = [
        line.partition("{")[2].rstrip(",")
        for line in text.splitlines()
        if line.startswith("@") and not line.startswith("@string")
    ]
    document = root / "all.md"
    document.write_text("\n\n".join(f"A claim [@{key}]." for key in keys), encoding="utf-8")
    arguments = [pypandoc.get_pandoc_path(), "--citeproc", "--bibliography", "references.bib", document, "-o", "all.html"]
    yield Command("`pandoc --citeproc`, one page", arguments, root, runs=3)


def _without(root: Path, *names: str) -> Callable[[], None]:
    def remove() -> None:
        for name in names:
            shutil.rmtree(root / name, ignore_errors=True)

    return remove


def _other_why(root: Path) -> Callable[[], None]:
    turn = iter(range(10**9))
    path = root / "refs" / "guide-0.yaml"

    def change() -> None:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("        why: ", f"        why: Now {next(turn)} ", 1), encoding="utf-8")

    return change


def _other_title(root: Path) -> Callable[[], None]:
    turn = iter(range(10**9))
    path = root / "references.bib"

    def change() -> None:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("  title = {", f"  title = {{Now {next(turn)} ", 1), encoding="utf-8")

    return change
