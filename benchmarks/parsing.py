"""Reading a bibliography: the whole of it beside parsers from PyPI, and again after a one-line edit.

Seconds of the processor inside one process, imports not counted: the parser alone.

The Rust parsers are fast, and stand behind nothing here yet: over 1,193 real files, refkit 0.4.0 finds the same entries, keys
and field names as citeman in 1,180, refuses 10 for bytes that are no UTF-8 and sees other blocks in 3; citerra 0.4.0 finds the
same in 1,012 and gives up 177 whole files for one damaged entry. Both call themselves alpha, neither tells what is wrong with a
block, and a first parse happens once: what was read is kept, and only what changed is read again.
"""

from __future__ import annotations

import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Bench, Listing

CITEMAN = "from citeman.bib import Bibliography; Bibliography.parse('@misc{a}')", "Bibliography.parse(source)"
ENTRIES = CITEMAN[0], "Bibliography.parse(source).entries"
AGAIN = (
    f"{CITEMAN[0]}; before = Bibliography.parse(source); edited = source.replace('  title = {{', '  title = {{X', 1)",
    "Bibliography.update(edited, before)",
)
KEPT = f"{CITEMAN[0]}; kept = Bibliography.parse(source).dump()", "Bibliography.load(source, kept)"
BIBTEXPARSER = "import bibtexparser", "bibtexparser.parse_string(source)"
PYBTEX = "from pybtex.database.input.bibtex import Parser", "Parser().parse_string(source)"
CITERRA = "import citerra", "citerra.parse_text(source)"
REFKIT = "import refkit", "refkit.BibDocument.parse(source)"
PROGRAM = """import sys, time
source = open(sys.argv[1], encoding="utf-8").read()
{setup}
began = time.process_time()
{work}
print(time.process_time() - began)
"""


def run(bench: Bench) -> Iterator[Listing]:
    own = bench.python()
    others = bench.environment("parsers", "pybtex", "citerra", "refkit") / "python"
    for size in (size for size in bench.sizes if size <= 10_000):
        path = bench.library(size) / "references.bib"
        rows = {
            "bibtexparser 2, `parse_string`": (own, BIBTEXPARSER),
            "citeman, first parse": (own, CITEMAN),
            "citeman, and every entry read": (own, ENTRIES),
            "citeman, after a one-line edit": (own, AGAIN),
            "citeman, taken up from a dump": (own, KEPT),
            "pybtex": (others, PYBTEX),
            "citerra (Rust)": (others, CITERRA),
            "refkit (Rust)": (others, REFKIT),
        }
        runs = max(3, bench.runs // 2)
        times: dict[str, list[float]] = {label: [] for label in rows}
        for _ in range(runs):
            for label, (python, program) in rows.items():
                times[label].append(time(python, program, path))
        unit = statistics.median(times["bibtexparser 2, `parse_string`"])
        lines = [
            f"{label:<34} {statistics.median(found) * 1000:>8.1f} ms {statistics.median(found) / unit:>6.2f}x"
            for label, found in times.items()
        ]
        yield Listing(f"{size:,} entries, {path.stat().st_size / 1e6:.1f} MB", "\n".join(lines))


def time(python: Path, program: tuple[str, str], path: Path) -> float:
    """Return the processor's seconds that a program (setup, work) takes over a file, not a number where it fails."""
    text = PROGRAM.format(setup=program[0], work=program[1])
    done = subprocess.run([python, "-c", text, path], capture_output=True, text=True, check=False)
    return float(done.stdout) if done.returncode == 0 else float("nan")
