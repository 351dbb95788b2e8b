"""The generator behind the benchmarks: the same seed gives the same library, and it is one that citeman reads."""

from __future__ import annotations

from pathlib import Path

from benchmarks.generator import Generator
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
