"""The files behind an index: which changes are seen, whatever the clocks say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from citeman.index import files
from citeman.index.files import ABSENT, FOLDER, SETTLED, changed, is_settled, is_unchanged, stamp

HOUR = 3_600_000_000_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "references.bib"
    path.write_text("@misc{a}", encoding="utf-8")
    return path


def test_an_untouched_file_is_unchanged_without_being_read(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.utime(file, ns=(1, 1))
    known = stamp(str(tmp_path), "references.bib", 0)[0]
    known = known._replace(read=known.changed + SETTLED + 1)
    monkeypatch.setattr(files, "_bytes", lambda path: pytest.fail("the file was read"))
    assert is_settled(known)
    assert is_unchanged(str(tmp_path), known)


def test_an_edit_of_the_same_size_and_time_is_seen(tmp_path: Path, file: Path) -> None:
    now = files.clock(str(tmp_path))
    known = stamp(str(tmp_path), "references.bib", now)[0]
    file.write_text("@misc{b}", encoding="utf-8")
    os.utime(file, ns=(known.modified, known.modified))
    hidden = known._replace(changed=os.stat(file).st_ctime_ns)
    assert not is_unchanged(str(tmp_path), hidden)


@pytest.mark.parametrize("skew", [-HOUR, 0, HOUR])
def test_a_clock_that_is_wrong_hides_no_edit(tmp_path: Path, file: Path, skew: int) -> None:
    os.utime(file, ns=(os.stat(file).st_mtime_ns + skew,) * 2)
    known = stamp(str(tmp_path), "references.bib", files.clock(str(tmp_path)))[0]
    assert is_unchanged(str(tmp_path), known)
    file.write_text("@misc{b}", encoding="utf-8")
    os.utime(file, ns=(known.modified, known.modified))
    assert not is_unchanged(str(tmp_path), known)


def test_a_file_from_the_future_is_never_trusted_by_its_times(tmp_path: Path, file: Path) -> None:
    os.utime(file, ns=(os.stat(file).st_mtime_ns + HOUR,) * 2)
    assert not is_settled(stamp(str(tmp_path), "references.bib", files.clock(str(tmp_path)))[0])


def test_a_touched_file_with_the_same_bytes_is_unchanged(tmp_path: Path, file: Path) -> None:
    known = stamp(str(tmp_path), "references.bib", 1)[0]
    file.unlink()
    file.write_text("@misc{a}", encoding="utf-8")
    os.utime(file, ns=(5, 5))
    assert is_unchanged(str(tmp_path), known)


def test_files_that_come_and_go_are_changes(tmp_path: Path, file: Path) -> None:
    known = [stamp(str(tmp_path), name, 1)[0] for name in ("references.bib", "citeman.toml")]
    assert [one.size for one in known] == [8, ABSENT]
    assert changed(str(tmp_path), known) == []
    file.unlink()
    (tmp_path / "citeman.toml").touch()
    assert changed(str(tmp_path), known) == ["references.bib", "citeman.toml"]


def test_a_folder_is_known_by_the_lists_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "refs"
    folder.mkdir()
    (folder / "guide.yaml").touch()
    known = stamp(str(tmp_path), "refs", 1)[0]
    assert known.size == FOLDER
    (folder / "citeman.lock").touch()
    assert is_unchanged(str(tmp_path), known)
    (folder / "other.yaml").touch()
    assert not is_unchanged(str(tmp_path), known)


def test_the_clock_of_a_folder_that_takes_no_file_is_zero(tmp_path: Path) -> None:
    assert files.clock(str(tmp_path / "missing")) == 0
    assert files.clock(str(tmp_path)) > 0
    assert list(tmp_path.iterdir()) == []
