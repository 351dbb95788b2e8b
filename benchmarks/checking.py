"""Looking a whole bibliography through: `citeman check` (duplicates, identifiers, names, lists, guides …) beside bibtex-tidy.

bibtex-tidy looks for duplicates and writes the file anew; it knows no reading lists.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measure import Bench, Command, Table, settle

UP_TO = 10_000
_TIDY = ("--duplicates", "--merge", "--no-modify", "--quiet")


def run(bench: Bench) -> Iterator[Table]:
    citeman, tidy = bench.citeman(), bench.node("bibtex-tidy")
    for size in (size for size in bench.sizes if size <= UP_TO):
        root = bench.library(size, "checking")
        settle(root, citeman, "check")
        yield bench.compare(
            f"{size:,} papers",
            [
                Command("`citeman check`", [citeman, "check"], root, fine=(0, 1), runs=5),
                Command("`bibtex-tidy --duplicates --merge`", [tidy, *_TIDY, "references.bib"], root, runs=5),
            ],
        )
