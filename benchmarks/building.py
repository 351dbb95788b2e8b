"""Building the pages: all of them, none (nothing changed), and those that one changed item asks for; beside pandoc and Sphinx.

pandoc --citeproc and sphinxcontrib-bibtex make one page of one document that cites as many papers as the library has; citeman
makes a page for every paper and every section, with feeds, pictures and exports.
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
        table = bench.compare(f"{size:,} papers, cold", [cold, *_pandoc(bench, root, size), *_sphinx(bench, root, size)])
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


def cold_and_item(bench: Bench, size: int) -> tuple[Command, Command]:
    """Return a first build, and one after a changed item of a reading list."""
    root, build = bench.library(size, "targets-building"), [bench.citeman(), "build", "-q"]
    return (
        Command("cold build", build, root, before=_without(root, "site", ".citeman"), runs=3),
        Command("one item of a reading list changed", build, root, before=_other_why(root), runs=5),
    )


def _pandoc(bench: Bench, root: Path, size: int) -> Iterator[Command]:
    import pypandoc

    if size > 1000:
        return
    keys = _keys(root)
    document = root / "all.md"
    document.write_text("\n\n".join(f"A claim [@{key}]." for key in keys), encoding="utf-8")
    arguments = [pypandoc.get_pandoc_path(), "--citeproc", "--bibliography", "references.bib", document, "-o", "all.html"]
    yield Command("`pandoc --citeproc`, one page", arguments, root, runs=3)


def _sphinx(bench: Bench, root: Path, size: int) -> Iterator[Command]:
    if size > 1000:
        return
    sphinx = bench.environment("sphinx", "sphinxcontrib-bibtex") / "sphinx-build"
    source = root / "sphinx"
    source.mkdir(exist_ok=True)
    (source / "conf.py").write_text(
        'extensions = ["sphinxcontrib.bibtex"]\nbibtex_bibfiles = ["../references.bib"]\n', encoding="utf-8"
    )
    claims = "\n\n".join(f"A claim :cite:p:`{key}`." for key in _keys(root))
    (source / "index.rst").write_text(f"All\n===\n\n{claims}\n\n.. bibliography::\n", encoding="utf-8")
    arguments = [sphinx, "-q", "-b", "html", source, root / "sphinx-html"]
    yield Command("`sphinxcontrib-bibtex`, one page", arguments, root, before=_without(root, "sphinx-html"), runs=3)


def _keys(root: Path) -> list[str]:
    lines = (root / "references.bib").read_text(encoding="utf-8").splitlines()
    return [line.partition("{")[2].rstrip(",") for line in lines if line.startswith("@") and not line.startswith("@string")]


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
