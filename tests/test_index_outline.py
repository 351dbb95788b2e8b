"""Naming a place without reading the guides that the index knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeman.errors import UsageError
from citeman.guide import Guide
from citeman.index.outline import known_outlines
from citeman.project import Project
from tests import project as sample

OTHER = """# another guide
guide:
  title: Another
  source: ../other.md
sections:
  kernels:
    title: Kernels
    aliases: [rkhs]
    reading:
      - key: jacot2018neural
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    sample.write(tmp_path)
    (tmp_path / "refs" / "other.yaml").write_text(OTHER)
    (tmp_path / "other.md").write_text("## Kernels\n\nText.\n\n## Large kernels\n\nText.\n")
    return tmp_path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The guides that are read, as they are."""
    paths: list[str] = []
    parse = Guide.parse

    def noting(source: str, path: str = "", rule: str = "pandoc") -> Guide:
        paths.append(path)
        return parse(source, path, rule)

    monkeypatch.setattr(Guide, "parse", noting)
    return paths


QUERIES = ["eos", "rkhs", "Kernels", "guide#large-steps", "large k", "tell of real", "deep-linear-networks"]


@pytest.mark.parametrize("query", QUERIES)
def test_a_place_has_the_same_name_however_it_is_found(root: Path, query: str) -> None:
    expected = Project.open(root).library.place(query).name
    assert Project.open(root).name_place(query) == expected
    Project.open(root).open_index().close()
    assert Project.open(root).name_place(query) == expected


def test_an_ambiguous_or_unknown_place_is_told_in_the_same_words(root: Path) -> None:
    Project.open(root).open_index().close()
    for query in ("large", "nowhere"):
        with pytest.raises(UsageError) as expected:
            Project.open(root).library.place(query)
        with pytest.raises(UsageError) as found:
            Project.open(root).name_place(query)
        assert str(found.value) == str(expected.value)


def test_only_guides_that_changed_are_read(root: Path, read: list[str]) -> None:
    Project.open(root).open_index().close()
    read.clear()
    assert Project.open(root).name_place("rkhs") == "other#kernels"
    assert read == []
    (root / "other.md").write_text("## Kernels, renamed\n\nText.\n")
    assert Project.open(root).name_place("renamed") == "other#kernels-renamed"
    assert read == ["other.md"]
    project = Project.open(root)
    assert project.library.place("guide#wide-networks").section.title == "Wide networks"
    assert project.library.place("guide#deep-linear-networks").section.title == "Deep linear networks"
    assert read == ["other.md", "guide.md"]


def test_an_index_of_another_project_layout_or_none_knows_nothing(root: Path) -> None:
    assert known_outlines(str(root), "refs", "pandoc") == {}
    Project.open(root).open_index().close()
    assert set(known_outlines(str(root), "refs", "pandoc")) == {"refs/guide.yaml", "refs/other.yaml"}
    assert known_outlines(str(root), "refs", "github") == {}
    (root / ".citeman" / "index.db").write_bytes(b"no database")
    assert known_outlines(str(root), "refs", "pandoc") == {}


def test_a_guide_whose_lists_alone_changed_is_not_read_and_named_right(root: Path, read: list[str]) -> None:
    lists = root / "refs" / "other.yaml"
    Project.open(root).open_index().close()
    read.clear()
    for aliases, query in (("[rkhs, hilbert]", "hilbert"), ("[other-name]", "other-name")):
        lists.write_text(OTHER.replace("[rkhs]", aliases))
        assert Project.open(root).name_place(query) == "other#kernels"
    assert Project.open(root).name_place("Large kernels") == "other#large-kernels"
    lists.write_text(OTHER.replace("  kernels:", "  only-listed:").replace("Kernels", "Only listed"))
    assert Project.open(root).name_place("only-listed") == "other#only-listed"
    assert Project.open(root).name_place("kernels") == "other#kernels"
    assert read == []
    (root / "third.md").write_text("## Another text\n")
    lists.write_text(OTHER.replace("other.md", "third.md"))
    assert Project.open(root).name_place("another-text") == "other#another-text"
    assert read == ["third.md"]
