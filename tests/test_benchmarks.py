"""The generator behind the benchmarks: the same seed gives the same library, and it is one that citeman reads."""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path

from benchmarks.__main__ import merged, names
from benchmarks.generator import Generator
from benchmarks.measure import Bench, Command
from citeman.bib import Bibliography
from citeman.lists import ReadingLists


def test_the_same_seed_gives_the_same_library() -> None:
    assert Generator(50).bibliography() == Generator(50).bibliography()
    assert Generator(50).bibliography() != Generator(50, seed=8).bibliography()


def test_a_generated_library_reads_whole(tmp_path: Path) -> None:
    generator = Generator(60)
    generator.write(tmp_path)
    bibliography = Bibliography.parse((tmp_path / "references.bib").read_text(encoding="utf-8"))
    assert list(bibliography.keys) == generator.keys
    assert len(set(generator.keys)) == 60
    lists = ReadingLists.parse((tmp_path / "refs" / "guide-0.yaml").read_text(encoding="utf-8"), "refs/guide-0.yaml")
    listed = [item.key for section in lists.sections for item in section.reading]
    assert sorted(listed) == sorted(generator.keys[::5])
    assert lists.findings == ()


def test_every_benchmark_can_be_named() -> None:
    assert {"startup", "searching", "parsing", "importing", "building", "large", "sync"} <= set(names())


def test_every_benchmark_is_run_with_the_bench() -> None:
    for name in names():
        (parameter,) = inspect.signature(importlib.import_module(f"benchmarks.{name}").run).parameters.values()
        assert parameter.annotation == "Bench", name


def test_results_of_one_benchmark_replace_its_own_only() -> None:
    first = merged("", {"b": "## b\n\nold b\n", "a": "## a\n\n### table\n"})
    assert first.index("## a") < first.index("## b")
    second = merged(first, {"b": "## b\n\nnew b\n"})
    assert "old b" not in second
    assert second == merged(first.replace("old b", "new b"), {})


def test_commands_are_compared_by_medians_and_ratios(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [10], 3)
    turns: list[str] = []
    quick = Command("quick", [sys.executable, "-c", "pass"], tmp_path, before=lambda: turns.append("quick"))
    broken = Command(
        "broken", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path, before=lambda: turns.append("broken"), runs=1
    )
    table = bench.compare("A table", [quick, broken], "A note.")
    assert turns == ["quick", "broken", "quick", "quick"]
    lines = table.markdown().splitlines()
    assert lines[0] == "### A table"
    assert lines[4].startswith("| quick | ")
    assert lines[4].split("|")[3].strip() == "1.00"
    assert lines[5] == "| broken | failed | failed | failed | failed | failed |"
    assert lines[-2:] == ["", "A note."] or "A note." in lines
