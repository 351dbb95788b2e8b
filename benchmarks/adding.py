"""Adding papers to a large library: time without network, since arXiv and Crossref answer at once from the loopback, unpaced.

Every run adds another paper, as the run before left the library. Importing requests is more than a third of it.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

from benchmarks.measure import Bench, Command, Listing, Table, settle
from tests.upstream import Upstream

PAPERS = 5_000
"""Papers that the loopback knows, from 2001.00001 on; every third is published."""
MANY = 1_000


class Another:
    """The id of another paper each time it is written out."""

    def __init__(self, start: int) -> None:
        self._numbers = count(start)

    def __str__(self) -> str:
        return f"2001.{next(self._numbers):05}"


def run(bench: Bench) -> Iterator[Table | Listing]:
    citeman = bench.citeman()
    with Upstream() as upstream:
        upstream.world.generate(PAPERS)
        for size in [size for size in bench.sizes if size <= 10_000]:
            root = bench.library(size, "adding")
            settle(root, citeman, "search", "gradient")
            yield bench.compare(f"one paper to {size:,}", list(_commands(bench, root, upstream.environment)))
        yield _many(bench, upstream)


def _commands(bench: Bench, root: Path, environment: Mapping[str, str]) -> Iterator[Command]:
    citeman = bench.citeman()
    yield Command("`citeman --version`", [citeman, "--version"], root)
    yield Command("`import requests` alone", [bench.python(), "-c", "import requests"], root)
    yield Command("`add --offline`, the identifier only", [citeman, "add", Another(1), "--offline"], root, environment)
    yield Command("`add`, a new paper", [citeman, "add", Another(1_000), "-q"], root, environment)
    section = ["--section", "s0x1", "--role", "result"]
    yield Command("`add --section`, a new paper", [citeman, "add", Another(2_000), "-q", *section], root, environment)
    yield Command("`add --section` of what is there", [citeman, "add", "2001.02000", "-q", *section], root, environment)


def _many(bench: Bench, upstream: Upstream) -> Listing:
    """Count the requests of many papers in one command."""
    root = bench.library(min(bench.sizes), "adding-many")
    (root / "ids.txt").write_text("\n".join(f"2001.{number:05}" for number in range(1, MANY + 1)), encoding="utf-8")
    upstream.forget()
    command = [bench.citeman(), "add", "--from", "ids.txt", "--json"]
    done = subprocess.run(
        command, cwd=root, env={**os.environ, **upstream.environment}, capture_output=True, encoding="utf-8", check=True
    )
    added = len(json.loads(done.stdout)["added"])
    counts = upstream.counts
    paced = 3 * (counts["arxiv"] - 1)
    return Listing(
        f"{MANY:,} papers in one command",
        f"{added:,} papers added by {counts['arxiv']} requests to arXiv and {counts['crossref']} to Crossref\n"
        f"arXiv's pace of one request in 3 s makes that {paced} s at the least",
    )
