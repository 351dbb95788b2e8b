from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from citeman.errors import CitemanError
from citeman.store import Change, Store, files, find_root, read_table
from tests.conftest import ROOT

OLD = {"references.bib": "@misc{a}\n", "refs/g.yaml": "sections: {}\n"}
NEW = {"references.bib": "@misc{b}\n", "refs/g.yaml": "sections: {a: 1}\n"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    for name, text in OLD.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return Store(tmp_path)


def texts(store: Store) -> dict[str, str]:
    return {name: store.path(name).read_text() for name in OLD}


def leftovers(store: Store) -> list[str]:
    return sorted(path.name for path in store.root.rglob("*") if "new" in path.name or "journal" in path.name)


def test_all_files_are_written_and_nothing_is_left_over(store: Store) -> None:
    with store.locked():
        changed = store.write(NEW, OLD)
    assert texts(store) == NEW
    assert [change.path for change in changed] == list(NEW)
    assert leftovers(store) == []


def test_an_equal_text_is_no_change(store: Store) -> None:
    before = store.path("references.bib").stat().st_mtime_ns
    assert store.write(OLD, OLD) == ()
    assert store.path("references.bib").stat().st_mtime_ns == before


def test_bytes_that_are_not_utf_8_come_back_as_they_were(store: Store) -> None:
    data = "\ufeff% café\r\n".encode() + b"M\xfcller\r\n"
    store.path("references.bib").write_bytes(data)
    text = store.read("references.bib")
    store.write({"references.bib": text + "% more\r\n"}, {"references.bib": text})
    assert store.path("references.bib").read_bytes() == data + b"% more\r\n"


def test_none_removes_a_file_and_a_new_file_is_made(store: Store) -> None:
    changes = store.write({"refs/g.yaml": None, "refs/sub/h.yaml": "x"}, {**OLD, "refs/sub/h.yaml": None})
    assert changes == (Change("refs/g.yaml", OLD["refs/g.yaml"], None), Change("refs/sub/h.yaml", None, "x"))
    assert not store.exists("refs/g.yaml")
    assert store.read("refs/sub/h.yaml") == "x"


def test_a_file_that_somebody_else_changed_stops_the_whole_write(store: Store) -> None:
    store.path("refs/g.yaml").write_text("mine")
    with pytest.raises(CitemanError, match=r"refs/g.yaml: was changed by somebody else"):
        store.write(NEW, OLD)
    assert texts(store) == {**OLD, "refs/g.yaml": "mine"}


@pytest.mark.parametrize("failing", range(1, 5))
def test_a_full_disk_at_any_moment_leaves_every_file_as_it_was(
    store: Store, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    calls = 0
    write = files.write_durably

    def full(path: Path, data: bytes) -> None:
        nonlocal calls
        calls += 1
        if calls == failing:
            path.write_bytes(data[:3])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, data)

    monkeypatch.setattr(files, "write_durably", full)
    with pytest.raises(CitemanError, match="no space left on device"):
        store.write(NEW, OLD)
    assert texts(store) == OLD
    assert leftovers(store) in ([], ["journal.new"])


KILLED = """
import os, signal, sys
from pathlib import Path
from citeman import store
replace, count = os.replace, 0
def deadly(source, target):
    global count
    if count == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    count += 1
    replace(source, target)
os.replace = deadly
here = store.Store(Path(sys.argv[1]))
with here.locked():
    here.write({"references.bib": "@misc{b}\\n", "refs/g.yaml": "sections: {a: 1}\\n"},
               {"references.bib": "@misc{a}\\n", "refs/g.yaml": "sections: {}\\n"})
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
@pytest.mark.parametrize(("renames", "expected"), [(0, OLD), (1, NEW), (2, NEW)])
def test_a_killed_write_is_finished_or_undone_by_the_next_command(store: Store, renames: int, expected: dict[str, str]) -> None:
    command = [sys.executable, "-c", KILLED, str(store.root), str(renames)]
    killed = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert killed.returncode == -signal.SIGKILL
    with store.locked():
        pass
    assert texts(store) == expected
    assert [name for name in leftovers(store) if name != "journal.new"] == []


def test_what_a_person_changed_after_a_kill_stays(store: Store) -> None:
    command = [sys.executable, "-c", KILLED, str(store.root), "2"]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    store.path("refs/g.yaml").write_text("hand")
    with store.locked():
        pass
    assert store.path("refs/g.yaml").read_text() == "hand"


def test_the_second_writer_waits_and_then_is_told_who_is_at_work(store: Store) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path; from citeman.store import Store\n"
            "with Store(Path(sys.argv[1])).locked(): print('held', flush=True); time.sleep(30)",
            str(store.root),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with (
            pytest.raises(CitemanError, match=rf"another citeman \(process {holder.pid}\) is at work"),
            store.locked(timeout=0.2),
        ):
            pass
        holder.kill()
    started = time.monotonic()
    with store.locked(timeout=10):
        assert time.monotonic() - started < 10


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_one_clear_line(store: Store) -> None:
    store.root.chmod(0o500)
    try:
        with pytest.raises(CitemanError, match="permission denied"):
            store.write(NEW, OLD)
    finally:
        store.root.chmod(0o700)


def test_missing_file_and_folder_are_told_apart(store: Store) -> None:
    assert store.read_if_there("nothing.bib") is None
    with pytest.raises(CitemanError, match=r"nothing\.bib: does not exist"):
        store.read("nothing.bib")
    with pytest.raises(CitemanError, match="refs: is a folder"):
        store.read("refs")


def test_a_link_is_written_through(store: Store) -> None:
    real = store.root / "elsewhere.bib"
    store.path("references.bib").rename(real)
    store.path("references.bib").symlink_to(real)
    store.write({"references.bib": "x"}, {"references.bib": OLD["references.bib"]})
    assert store.path("references.bib").is_symlink()
    assert real.read_text() == "x"


def test_the_file_mode_is_kept(store: Store) -> None:
    store.path("references.bib").chmod(0o640)
    store.write({"references.bib": "x"}, {"references.bib": OLD["references.bib"]})
    assert store.path("references.bib").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("mark", ["citeman.toml", "references.bib", "refs/g.yaml"])
def test_the_project_is_the_nearest_folder_upward(tmp_path: Path, mark: str) -> None:
    path = tmp_path / mark
    path.parent.mkdir(exist_ok=True)
    path.touch()
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find_root(deep) == tmp_path


def test_a_pyproject_counts_only_with_the_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert find_root(tmp_path) != tmp_path
    (tmp_path / "pyproject.toml").write_text("[tool.citeman]\ntitle = 'x'\n")
    assert find_root(tmp_path) == tmp_path
    assert read_table(tmp_path) == ({"title": "x"}, "pyproject.toml")


def test_bad_toml_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "citeman.toml").write_text("title = 'x'\nurl = \n")
    with pytest.raises(CitemanError, match=r"citeman.toml:2: is no valid TOML"):
        read_table(tmp_path)
