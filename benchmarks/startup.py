"""What every command costs before it does anything: `--version`, beside a console script that does nothing and the peers' own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Bench, Command, Table

EMPTY = """#!{python}
import re
import sys
if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])
    sys.exit(0)
"""


def empty_script(bench: Bench) -> Path:
    """Return what pip makes of an entry point, with no program behind it."""
    script = bench.folder / "empty-script"
    script.write_text(EMPTY.format(python=bench.python()), encoding="utf-8")
    script.chmod(0o755)
    return script


def run(bench: Bench) -> Iterator[Table]:
    # bibmanager makes its settings at its first start, and fails where there is no home to make them in.
    place = bench.folder / "home"
    place.mkdir(parents=True, exist_ok=True)
    home = {"HOME": str(place)}
    yield bench.compare(
        "`--version`",
        [
            Command("an empty console script", [empty_script(bench)]),
            Command("`citeman --version`", [bench.citeman(), "--version"]),
            Command("`bibm --version`", [bench.environment("bibmanager", "bibmanager") / "bibm", "--version"], env=home, runs=5),
            Command("`papis --version`", [bench.environment("papis", "papis") / "papis", "--version"], env=home, runs=5),
            Command("`cobib --version`", [bench.environment("cobib", "cobib") / "cobib", "--version"], env=home, runs=5),
        ],
    )
