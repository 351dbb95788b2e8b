"""What the commands cost on the largest library: time, and the most memory that one process holds."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measure import Bench, Command, Table, settle


def run(bench: Bench) -> Iterator[Table]:
    citeman, size = bench.citeman(), max(bench.sizes)
    root = bench.library(size, "large")
    key = next(line for line in (root / "references.bib").read_text(encoding="utf-8").splitlines() if line.startswith("@misc{"))[
        6:-1
    ]
    place = ["--section", "s0x0"]
    settle(root, citeman, "search", "gradient")
    yield bench.compare(
        f"{size:,} papers",
        [
            Command("`citeman --version`", [citeman, "--version"], root),
            Command("`search`", [citeman, "search", "gradient", "landscape"], root),
            Command("`show`", [citeman, "show", key], root, runs=3),
            Command("`unlink`", [citeman, "unlink", key, *place], root, runs=1),
            Command("`link`", [citeman, "link", key, *place, "--why", "Because."], root, runs=1),
            Command("`check`", [citeman, "check"], root, fine=(0, 1), runs=1),
            Command("`export`", [citeman, "export", "-o", "all.bib"], root, runs=1),
            Command("`build`", [citeman, "build", "-q"], root, runs=1),
            Command("`build` again", [citeman, "build", "-q"], root, runs=3),
        ],
    )
