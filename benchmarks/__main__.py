"""`python -m benchmarks [NAME …]`: runs every benchmark, or some of them, and writes their results into RESULTS.md."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import benchmarks
from benchmarks.measure import ROOT, Bench

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Figures

Written by `make bench` (`python -m benchmarks`, which takes names of benchmarks, `--sizes` and `--runs`). Every figure is the
median of several runs; the commands of one table ran in turns. Ratios are to the first row of the table: they say more than
milliseconds, which are this machine's. CPU counts user and system time of the process, and holds where other work disturbed
the clock (each section says how many processes were at work on the machine). Libraries are generated from a seed
(`benchmarks/generator.py`); citeman and its peers run in environments of their own, as they install from PyPI and npm.
"""


def names() -> list[str]:
    """Return the benchmarks: modules beside this one that have a `run`."""
    found = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name != "__main__")
    return [name for name in found if hasattr(importlib.import_module(f"benchmarks.{name}"), "run")]


def section(name: str, bench: Bench) -> str:
    """Run one benchmark and return its section of the results."""
    module = importlib.import_module(f"benchmarks.{name}")
    print(name, file=sys.stderr, flush=True)
    intro = (module.__doc__ or name).strip()
    tables = "\n".join(table.markdown() for table in module.run(bench))
    machine = " \n".join(bench.machine())
    return f"## {name}\n\n{intro}\n\n{tables}\n{date.today().isoformat()}: {machine}\n"


def merged(old: str, sections: dict[str, str]) -> str:
    """Return the results with some sections exchanged, the others as they were."""
    known = {match[1]: match[0] for match in re.finditer(r"^## (\w+)\n.*?(?=^## |\Z)", old, re.MULTILINE | re.DOTALL)}
    known |= sections
    return "\n".join([HEAD, *(known[name].rstrip("\n") + "\n" for name in sorted(known))])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(names())} (default: all)")
    parser.add_argument("--sizes", default="1000,10000,100000", help="papers of the libraries (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=11, help="runs of each command (default: %(default)s)")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / ".cache" / "benchmarks", help="where environments and libraries lie"
    )
    parser.add_argument("--out", type=Path, default=RESULTS, help="the file to write (default: benchmarks/RESULTS.md)")
    given = parser.parse_args(arguments)
    bench = Bench(given.folder.resolve(), [int(size) for size in given.sizes.split(",")], given.runs)
    for name in given.names or names():
        old = given.out.read_text(encoding="utf-8") if given.out.exists() else ""
        given.out.write_text(merged(old, {name: section(name, bench)}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
