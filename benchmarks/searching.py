"""One search from the shell: with the index as it is, after an edit by hand, from nothing; beside the peers on the same papers.

A bare script that opens the same database with `sqlite3` and asks FTS5 the same question is the floor.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import peers
from benchmarks.measure import Bench, Command, Table, edit, settle

QUERY = ("gradient", "landscape")
BARE = """import sqlite3, sys
sql = "SELECT p.key, p.title FROM words JOIN papers p ON p.id = words.rowid WHERE words MATCH ? ORDER BY rank LIMIT 50"
for key, title in sqlite3.connect(sys.argv[1]).execute(sql, (sys.argv[2],)):
    print(key, title)
"""
PEERS_UP_TO = 10_000


def run(bench: Bench) -> Iterator[Table]:
    citeman = bench.citeman()
    for size in bench.sizes:
        root = bench.library(size, "searching")
        search = [citeman, "search", *QUERY]
        settle(root, *search)
        bare = [bench.python(), "-c", BARE, root / ".citeman" / "index.db", " ".join(QUERY)]
        rows = [
            Command("`citeman --version`", [citeman, "--version"], root),
            Command(f"`citeman search {' '.join(QUERY)}`", search, root),
            Command("a bare FTS5 script", bare, root),
            Command("completing a key", [citeman, "__complete", "bash", "citeman show zhang202"], root),
            Command("`citeman list --sort year -n 50`", [citeman, "list", "--sort", "year", "-n", "50"], root),
        ]
        yield bench.compare(f"{size:,} papers, nothing changed", rows)
        yield bench.compare(
            f"{size:,} papers, something changed",
            [
                Command("`citeman --version`", [citeman, "--version"], root),
                Command("search after a one-line edit", search, root, before=edit(root)),
                Command("first search, no index yet", search, root, before=_without_index(root), runs=3 if size < 50_000 else 1),
            ],
        )
        if size <= PEERS_UP_TO:
            yield bench.compare(f"{size:,} papers, the peers", [rows[1], *peers.searches(bench, root, size, QUERY)])


def _without_index(root: Path) -> Callable[[], None]:
    return lambda: shutil.rmtree(root / ".citeman", ignore_errors=True)
