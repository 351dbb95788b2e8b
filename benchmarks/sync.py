"""What syncing 1,000 papers costs: requests by service, and time without the waits that politeness asks for.

Run as `python -m benchmarks.sync [PAPERS]`. Time is given as a ratio to `citeman --version`, taken in the same run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import CONSOLE_SCRIPT, Bench, Listing, environment
from tests.upstream import Upstream


def preprint(number: int, arxiv: str) -> str:
    return (
        f"@misc{{number{number},\n  title = {{A study of phenomenon {number}}},\n"
        f"  author = {{Number{number}, Ada and Common, Bo}},\n  year = {{2020}},\n  eprint = {{{arxiv}}},\n"
        f"  eprinttype = {{arXiv}},\n  eprintclass = {{cs.LG}}\n}}\n\n"
    )


def project(root: Path, upstream: Upstream, papers: int) -> None:
    """Write a store of preprints, a third of which have been published since."""
    found = upstream.world.generate(papers)
    (root / "refs").mkdir()
    text = "".join(preprint(number, arxiv) for number, arxiv in enumerate(found, 1))
    (root / "references.bib").write_text(text, encoding="utf-8")


def timed(root: Path, own: dict[str, str], *arguments: str) -> tuple[float, str]:
    began = time.perf_counter()
    command = [CONSOLE_SCRIPT, *arguments]
    done = subprocess.run(command, cwd=root, env=own, capture_output=True, encoding="utf-8", check=True)
    return time.perf_counter() - began, done.stdout


def row(name: str, seconds: float, unit: float, report: dict[str, Any]) -> str:
    asked = report["requests"]
    return f"{name:<34} {seconds / unit:>7.1f}x {asked['arxiv']:>7} {asked['crossref']:>9} {len(report['changes']):>8}"


def lines(papers: int = 1000) -> Iterator[str]:
    with Upstream() as upstream, tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        project(root, upstream, papers)
        own = environment(**upstream.environment)
        unit = min(timed(root, own, "--version")[0] for _ in range(3))
        yield f"{papers} papers{'':<23} time over  arXiv  Crossref  changes\n{'':<34} --version"
        for name, arguments in (
            ("first sync, a third is published", ("sync", "--json")),
            ("again at once: nothing is due", ("sync", "--json")),
            ("all of it again, nothing is new", ("sync", "--json", "--force")),
            ("one paper", ("sync", "--json", "--force", "number1")),
        ):
            seconds, out = timed(root, own, *arguments)
            yield row(name, seconds, unit, json.loads(out))


def run(_: Bench) -> list[Listing]:
    return [Listing("1,000 preprints", "\n".join(lines()))]


if __name__ == "__main__":
    print("\n".join(lines(*map(int, sys.argv[1:]))))
