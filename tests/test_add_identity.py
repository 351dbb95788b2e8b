"""One work, one entry: what is there is not added twice, two names of one work are proposed as one, likeness alone decides little."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from citeman.bib import Bibliography
from tests import project as sample
from tests.conftest import Run
from tests.upstream import Upstream

SAXE = """
@article{saxe2019mathematical,
  title = {A mathematical theory of semantic development in deep neural networks},
  author = {Saxe, Andrew M. and McClelland, James L. and Ganguli, Surya},
  journal = {PNAS, as I call it},
  year = {2019},
  doi = {10.1073/pnas.1820226116},
}
"""
PREPRINT = """
@misc{saxe2018mathematical,
  title = {A mathematical theory of semantic development in deep neural networks},
  author = {Saxe, Andrew M. and McClelland, James L. and Ganguli, Surya},
  year = {2018},
  eprint = {1810.10531},
  eprinttype = {arxiv},
}
"""
TALK = """
@inproceedings{geiger2019disentangling,
  title = {Disentangling feature and lazy training in deep neural networks},
  author = {Geiger, Mario and Spigler, Stefano and Jacot, Arthur and Wyart, Matthieu},
  booktitle = {Some Conference},
  year = {2019},
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def store(root: Path, *entries: str) -> None:
    (root / "references.bib").write_text(sample.BIB + "".join(entries))


def entries(root: Path) -> dict[str, dict[str, str]]:
    parsed = Bibliography.parse((root / "references.bib").read_text())
    return {entry.key: {field.name: field.value for field in entry.fields} | {"type": entry.type} for entry in parsed.entries}


def test_the_same_command_again_changes_nothing_and_asks_nobody(inside: Run, root: Path, upstream: Upstream) -> None:
    words = ("1810.10531", "10.26434/old.5406907", "10.1101/2020.12.01.406702", "math/0309136", "-s", "eos")
    assert inside("add", *words).returncode == 0
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".citeman" not in path.parts}
    upstream.forget()
    result = inside("add", *words)
    assert (result.returncode, upstream.log) == (0, [])
    assert result.stdout.count("in the store: ") == 4
    assert result.stdout.count("guide#large-steps lists it already") == 4
    assert before == {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".citeman" not in path.parts}


def test_two_names_of_one_work_in_one_command_make_one_entry(inside: Run, root: Path, upstream: Upstream) -> None:
    result = json.loads(
        inside("add", "10.1073/pnas.1820226116", "1810.10531", "1804.06561", "10.1073/pnas.1806579115", "--json").stdout
    )
    assert [one["key"] for one in result["added"]] == ["saxe2019mathematical", "mei2018mean"]
    assert [one["key"] for one in result["existing"]] == ["saxe2019mathematical", "mei2018mean"]
    assert set(entries(root)) == {"jacot2018neural", "cohen2021gradient", "saxe2019mathematical", "mei2018mean"}
    assert entries(root)["saxe2019mathematical"]["eprint"] == "1810.10531"


def test_a_preprint_of_what_is_there_is_proposed_and_only_linked(inside: Run, root: Path, upstream: Upstream) -> None:
    store(root, SAXE)
    result = inside("add", "1810.10531", "-s", "eos")
    assert "listed in guide#large-steps" in result.stdout
    assert "arXiv:1810.10531 is the preprint of saxe2019mathematical: an identifier says so; `--yes` takes" in result.stderr
    assert (root / "references.bib").read_text() == sample.BIB + SAXE
    inside("add", "1810.10531", "--yes")
    entry = entries(root)["saxe2019mathematical"]
    assert (entry["eprint"], entry["journal"], entry["volume"]) == ("1810.10531", "PNAS, as I call it", "116")
    assert inside("add", "1810.10531", "--yes").stderr == ""


def test_the_version_of_record_of_what_is_there_is_proposed(inside: Run, root: Path, upstream: Upstream) -> None:
    store(root, PREPRINT)
    result = json.loads(inside("add", "10.1073/pnas.1820226116", "--json").stdout)
    assert result["added"] == []
    assert result["existing"][0]["proposal"] == (
        "doi:10.1073/pnas.1820226116 is the version of record of saxe2018mathematical: an identifier says so"
    )
    assert (root / "references.bib").read_text() == sample.BIB + PREPRINT
    inside("add", "10.1073/pnas.1820226116", "--yes")
    entry = entries(root)["saxe2018mathematical"]
    assert (entry["type"], entry["eprint"], entry["year"], entry["doi"]) == (
        "article",
        "1810.10531",
        "2019",
        "10.1073/pnas.1820226116",
    )
    assert inside("sync", "saxe2018mathematical", "--check", "--force").returncode == 0


def test_a_republication_is_the_same_work_and_changes_nothing(inside: Run, root: Path, upstream: Upstream) -> None:
    store(root, TALK)
    for words in (["10.1088/1742-5468/abc4de"], ["10.1088/1742-5468/abc4de", "--yes"]):
        result = inside("add", *words, "-s", "eos")
        assert result.returncode == 0
        assert "doi:10.1088/1742-5468/abc4de is another publication of geiger2019disentangling: the titles agree" in result.stderr
        assert (root / "references.bib").read_text() == sample.BIB + TALK
    assert "geiger2019disentangling" in (root / "refs" / "guide.yaml").read_text()


def test_a_key_gives_a_republication_an_entry_of_its_own(inside: Run, root: Path, upstream: Upstream) -> None:
    store(root, TALK)
    result = inside("add", "10.1088/1742-5468/abc4de", "--key", "geiger2020jstat")
    assert "kept apart from geiger2019disentangling, as --key asks" in result.stderr
    assert entries(root)["geiger2020jstat"]["journal"] == "Journal of Statistical Mechanics: Theory and Experiment"


def test_title_and_authors_alone_tell_an_entry_without_identifiers(inside: Run, root: Path, upstream: Upstream) -> None:
    bare = "".join(line for line in PREPRINT.splitlines(True) if "eprint" not in line)
    store(root, bare)
    result = inside("add", "1810.10531", "-s", "eos")
    assert "in the store: saxe2018mathematical" in result.stdout
    assert "the titles agree, the first authors agree, the years agree" in result.stderr
    assert (root / "references.bib").read_text() == sample.BIB + bare


@pytest.mark.parametrize(("old", "new"), [("Saxe, Andrew M.", "Someone, Else"), ("year = {2018}", "year = {1968}")])
def test_another_work_of_the_same_title_is_added(inside: Run, root: Path, upstream: Upstream, old: str, new: str) -> None:
    other = "".join(line for line in PREPRINT.splitlines(True) if "eprint" not in line).replace(old, new)
    store(root, other.replace(" and McClelland, James L. and Ganguli, Surya", ""))
    result = inside("add", "1810.10531")
    assert "added saxe2019mathematical" in result.stdout
    assert len(entries(root)) == 4
    assert ("it may be the same work as saxe2018mathematical, not beyond doubt" in result.stderr) == ("1968" in new)


def test_an_entry_left_by_offline_is_filled_in(inside: Run, root: Path, upstream: Upstream) -> None:
    inside("add", "1810.10531", "--offline", "--key", "later")
    assert entries(root)["later"] == {"type": "misc", "eprint": "1810.10531", "eprinttype": "arxiv"}
    result = inside("add", "1810.10531")
    assert "its entry is filled in now" in result.stderr
    assert entries(root)["later"]["doi"] == "10.1073/pnas.1820226116"


def test_keys_are_ascii_unique_and_stay(inside: Run, root: Path, upstream: Upstream) -> None:
    store(root, SAXE.replace("10.1073/pnas.1820226116", "10.5555/else").replace("A mathematical", "Mathematical, another"))
    inside("add", "10.1073/pnas.1820226116", "2002.09572", "1706.05350")
    assert list(entries(root))[3:] == ["saxe2019mathematicala", "jastrzebski2020break", "vanlaarhoven2017l2"]
    result = inside("add", "2002.09572", "--key", "mine")
    assert "its key stays jastrzebski2020break; `citeman rename jastrzebski2020break mine` changes it" in result.stderr
    assert "mine" not in entries(root)


def test_the_key_pattern_is_the_projects(inside: Run, root: Path, upstream: Upstream) -> None:
    (root / "citeman.toml").write_text('key-pattern = "{Authors}:{yy}-{Words}"\n')
    inside("add", "1810.10531")
    assert "SaxeMcclellandGanguli:19-MathematicalTheorySemantic" in entries(root)
    (root / "citeman.toml").write_text('key-pattern = "{nobody}"\n')
    assert inside("add", "1804.06561").stderr.startswith("citeman: unknown place {nobody} in the key pattern '{nobody}'")


def test_a_second_paper_of_the_same_authors_and_year_gets_a_letter(inside: Run, root: Path, upstream: Upstream) -> None:
    upstream.world.add(
        "1901.00001", "Another study of development", "Andrew M. Saxe, James L. McClelland, Surya Ganguli", "2019-01-02"
    )
    assert "[[Saxe et al. (2019)]]" in inside("add", "1810.10531").stdout
    assert "[[Saxe et al. (2019b)]](https://arxiv.org/abs/1901.00001)" in inside("add", "1901.00001").stdout
    assert "[[Saxe et al. (2019a)]]" in inside("add", "1810.10531").stdout
