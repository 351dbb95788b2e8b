"""Every command on every kind of bad file: one line that names the file and says what to do, and no file is harmed."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from citeman import cli
from tests import project as sample
from tests.conftest import ROOT

LISTS = "refs/guide.yaml"
LOCK = '{"format": 1, "papers": {}}\n'
INBOX = """{"format": 1, "watched": {}, "papers": {"arXiv:2501.01234":
 {"title": "T", "author": "A", "published": "2025-01-02", "sections": {"guide#large-steps": 0.5}, "state": "new"}}}
"""
MORE = "@article{x, title = {X}, author = {A, B}, year = 2020, eprint = {2301.00002}, eprinttype = {arxiv}}\n"

WALK = {
    "init": [["new.md"]],
    "add": [["--from", "more.bib", "-s", "eos"]],
    "import": [["more.bib", "-s", "eos"]],
    "link": [["jacot2018neural", "-s", "eos"]],
    "unlink": [["jacot2018neural"]],
    "remove": [["jacot2018neural", "--force"]],
    "rename": [["jacot2018neural", "ntk"]],
    "cite": [["jacot2018neural"]],
    "search": [["kernel"]],
    "list": [[]],
    "show": [["jacot2018neural"]],
    "scan": [[], ["--write", "--offline"], ["--to-keys"]],
    "sync": [[], ["--watch"]],
    "inbox": [[], ["accept", "2501.01234", "-s", "eos"], ["dismiss", "2501.01234"]],
    "build": [[], ["--check"]],
    "export": [[], ["--out", "out.ris"]],
    "weave": [[], ["--remove"]],
    "relink": [[], ["--write"]],
    "todo": [[]],
    "check": [[], ["--fix"]],
    "completion": [["bash"]],
}
"""Every verb with arguments that work on the sound project."""
THROWN_AWAY = {".citeman", "site", "out.ris"}
WAITING = {"serve", "lsp"}
"""Verbs that wait for a browser or an editor: see their own tests."""
OF_PLACES = ["add", "import", "link", "unlink", "build", "weave", "scan", "relink", "todo", "check"]
NEEDS = {
    "references.bib": [*OF_PLACES, "init", "remove", "rename", "cite", "search", "list", "show", "sync", "export"],
    LISTS: [*OF_PLACES, "search", "list", "show", "remove", "rename"],
    "guide.md": OF_PLACES,
}
"""File -> the verbs that can do nothing without it, so that they must name it."""


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    sample.write(tmp_path)
    (tmp_path / "new.md").write_text("# One\n\n## Two\n\nText.\n")
    (tmp_path / "more.bib").write_text(MORE)
    (tmp_path / "refs" / "citeman.lock").write_text(LOCK)
    (tmp_path / "refs" / "citeman.inbox").write_text(INBOX)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CITEMAN_ARXIV_INTERVAL", "0")
    return tmp_path


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    """A command that waits for a pipe would wait for ever."""

    def ring(*_: object) -> None:
        raise AssertionError("the command waits for something")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(100)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Done:
    code = cli.main(["-q", *arguments])
    return Done(code, *capsys.readouterr())


def snapshot(root: Path) -> dict[str, object]:
    """What a person's files hold; what citeman may throw away at any time is left out."""
    paths = [path for path in root.rglob("*") if not THROWN_AWAY & set(path.relative_to(root).parts)]
    return {str(path): path.read_bytes() if path.is_file() else path.is_symlink() for path in paths}


def is_told(done: Done) -> None:
    """A user can read what happened: no traceback, a known exit code, an error in one line."""
    said = done.out + done.err
    assert "Traceback" not in said, said
    assert "bug in citeman" not in said, said
    assert done.code in (0, 1, 2, 3), done
    if done.code in (1, 2) and not done.out:
        assert done.err.count("\n") == 1, done


def walk(capsys: pytest.CaptureFixture[str], root: Path, damage: Callable[[], None]) -> Iterator[tuple[str, Done]]:
    """Run every verb on the damaged project, each on a fresh one, and hold it to the law: who fails has harmed nothing."""
    for verb, variants in WALK.items():
        for arguments in variants:
            damage()
            before = snapshot(root)
            done = run(capsys, verb, *arguments)
            is_told(done)
            if done.code == 1 and not done.out:
                assert snapshot(root) == before, (verb, done)
            yield verb, done


def test_the_walk_knows_every_verb() -> None:
    assert WALK.keys() | WAITING == cli.VERBS.keys()


def test_the_walk_works_on_the_sound_project(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sound = snapshot(root)

    def restore() -> None:
        for path, data in sound.items():
            if isinstance(data, bytes):
                Path(path).write_bytes(data)
        (root / "refs" / "new.yaml").unlink(missing_ok=True)

    for verb, done in walk(capsys, root, restore):
        assert done.code != 2, (verb, done)
        assert done.code == 0 or verb in {"sync", "inbox", "build", "check"}, (verb, done)


def replaced(root: Path, name: str, put: Callable[[Path], None]) -> Callable[[], None]:
    """A damage that can be done again and again: the project is written anew, one file of it is put otherwise."""
    sound = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    target = root / name

    def damage() -> None:
        if target.is_dir() and not target.is_symlink():
            target.rmdir()
        elif os.path.lexists(target):
            target.unlink()
        for path, data in sound.items():
            path.write_bytes(data)
        (root / "refs" / "new.yaml").unlink(missing_ok=True)
        target.unlink()
        put(target)

    return damage


NOWHERE = "is a link that leads nowhere; mend it or remove it"
NO_TEXT = "is no text (it holds NUL bytes); restore the file, or save it as UTF-8"
IMPOSSIBLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "binary": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\xff"), NO_TEXT),
    "folder": (lambda path: path.mkdir(), "is a folder, not a file; move it out of the way"),
    "pipe": (lambda path: os.mkfifo(path), "is a pipe or a device, not a file; put a file in its place"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "is a pipe or a device, not a file; put a file in its place"),
    "dangling": (lambda path: path.symlink_to("nowhere/at/all"), NOWHERE),
    "circle": (lambda path: path.symlink_to(path.name), NOWHERE),
}
"""What a file may be that no command can make anything of, and what is said of it."""


@pytest.mark.parametrize("kind", IMPOSSIBLE)
@pytest.mark.parametrize("name", NEEDS)
def test_what_is_no_text_file_is_named(root: Path, capsys: pytest.CaptureFixture[str], name: str, kind: str) -> None:
    put, message = IMPOSSIBLE[kind]
    for verb, done in walk(capsys, root, replaced(root, name, put)):
        if verb in NEEDS[name]:
            assert done.code == 1, (verb, done)
            assert done.err.startswith(f"{name}:"), (verb, done)
            assert message in done.err, (verb, done)


READABLE: dict[str, bytes] = {
    "empty": b"",
    "latin-1": "% caf\xe9\n# caf\xe9\n@x{a, title = {\xe9}}\n".encode("latin-1"),
    "utf-16": "% é\n".encode("utf-16"),
    "deep": b"[" * 5_000,
    "deep braces": b"@a{b, c = " + b"{" * 10_000,
    "deep list": b"- " * 1_000 + b"x\n",
    "deep quote": b"> " * 1_000 + b"# x\n",
    "one line": b"@article{a, title = {" + b"word " * 20_000 + b"}}\n",
    "conflict": b"<<<<<<< ours\n=======\n>>>>>>> theirs\n",
    "carriage returns": b"# A\r\r## B\r@article{a,\r title = {b}}\r",
}
"""What a file may hold that a command may or may not make something of."""


@pytest.mark.parametrize("kind", READABLE)
@pytest.mark.parametrize("name", ["references.bib", LISTS, "guide.md", "refs/citeman.lock", "refs/citeman.inbox", "citeman.toml"])
def test_no_content_brings_a_command_down(root: Path, capsys: pytest.CaptureFixture[str], name: str, kind: str) -> None:
    for _ in walk(capsys, root, replaced(root, name, lambda path: path.write_bytes(READABLE[kind]))):
        pass


@pytest.mark.parametrize(
    "content", ["- a\n- b\n", "hello\n", "[[", "a: *nothing\n", "guide:\n\ttitle: x\n", "a: &b [*b]\n", "{{{"]
)
def test_lists_that_are_no_mapping_are_named_with_the_line(root: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    for verb, done in walk(capsys, root, replaced(root, LISTS, lambda path: path.write_text(content))):
        if verb in NEEDS[LISTS]:
            assert done.code == 1, (verb, done)
            assert done.err.startswith(f"{LISTS}:"), (verb, done)
            assert done.err.split(":")[1].isdigit(), (verb, done)


UNCLOSED = (
    "@article{jacot2018neural,\n  title = {A brace that nobody closes,\n  year = 2018,\n}\n\n" + sample.BIB.split("\n\n")[1]
)
"""The second entry can be read, the first cannot."""
TOLD = "references.bib:1: '@article{jacot2018neural' is never closed and was not read: add its }"


def test_an_unclosed_brace_is_named_by_whoever_lacks_the_entry(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for verb, done in walk(capsys, root, replaced(root, "references.bib", lambda path: path.write_text(UNCLOSED))):
        if verb in {"link", "remove", "rename", "show", "weave", "build", "export"} and "0 lists" not in done.out:
            assert done.code == 1, (verb, done)
            assert TOLD in done.err, (verb, done)
        elif verb == "check":
            assert TOLD.partition(": ")[2] in done.out


def test_pages_that_lack_an_unread_entry_never_count_as_up_to_date(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "references.bib").write_text(UNCLOSED)
    first, second = run(capsys, "build"), run(capsys, "build")
    assert (first.code, second.code) == (1, 1)
    assert second.err.endswith(f"{TOLD}; the result lacks it\n")
    (root / "references.bib").write_text(sample.BIB)
    assert run(capsys, "build").code == 0


def test_an_unknown_key_behind_an_unread_block_is_told_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "references.bib").write_text(UNCLOSED)
    done = run(capsys, "show", "lee2019wide")
    assert done.err == (
        "citeman: no entry 'lee2019wide' in references.bib, whose line 1 could not be read: mend that first (`citeman check`)\n"
    )


@pytest.mark.parametrize("key", ["../../x", "a b", "", "é", "x}", "a,b", "{", "@", "%", "-", "x" * 5000, "a\nb", "\udcff"])
def test_no_key_is_too_strange(root: Path, capsys: pytest.CaptureFixture[str], key: str) -> None:
    before = snapshot(root)
    for verb, arguments in {
        "link": [key, "-s", "eos"],
        "unlink": [key],
        "remove": [key],
        "rename": [key, "new"],
        "show": [key],
        "export": [key],
        "sync": [key],
        "inbox": ["accept", key],
    }.items():
        done = run(capsys, verb, *arguments)
        is_told(done)
        assert done.code in (1, 2), (verb, done)
    for arguments in (["rename", "jacot2018neural", key], ["cite", key]):
        done = run(capsys, *arguments)
        is_told(done)
    assert {*snapshot(root)} == {*before}


def test_a_key_that_is_no_utf_8_is_refused_until_it_is_renamed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bib = root / "references.bib"
    bib.write_bytes(bib.read_bytes() + b"\n@misc{caf\xe9, title = {Coffee}, author = {A, B}, year = 2020}\n")
    before = snapshot(root)
    for arguments in (["link", "caf\udce9", "-s", "eos"], ["link", "caf\udce9", "-s", "ntk", "--settles", "newer work"]):
        done = run(capsys, *arguments)
        is_told(done)
        assert "a list cannot name the key 'café'; give it another" in done.err
    assert snapshot(root) == before
    assert "did you mean 'café'?" in run(capsys, "show", "cafér").err
    assert "Coffee" in run(capsys, "show", "café").out
    assert run(capsys, "rename", "café", "cafe").code == 0
    assert run(capsys, "link", "cafe", "-s", "eos").code == 0


def test_a_field_whose_name_is_no_utf_8_is_listed_all_the_same(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (root / "references.bib").open("ab") as bib:
        bib.write(b"\n@misc{k2000, title = {Coffee}, u\xffl = {x}, year = 2000}\n")
    assert "Coffee" in run(capsys, "list").out


def test_keys_that_look_like_paths_stay_in_the_output_folder(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = ["../../x", "/etc/x", "a/b", "..", ".", "CON", "é", "x:y", "a?b#c", "x" * 400, "..\\x", "-x", "%2e%2e"]
    entries = [f"@misc{{{key},\n  title = {{T}},\n  author = {{A, B}},\n  year = {{2020}},\n}}\n" for key in keys]
    (root / "references.bib").write_text("\n".join(entries))
    items = "\n".join(f'      - key: "{key}"' for key in keys).replace("\\", "\\\\")
    (root / LISTS).write_text(f"guide: {{source: ../guide.md}}\nsections:\n  large-steps:\n    reading:\n{items}\n")
    before = snapshot(root)
    assert run(capsys, "build", "--out", "a/b/out").code == 0
    new = {Path(path) for path in snapshot(root).keys() - before.keys()}
    assert all(path.is_relative_to(root / "a") for path in new), new
    assert {*(root / "a").iterdir(), *(root / "a" / "b").iterdir()} == {root / "a" / "b", root / "a" / "b" / "out"}
    for key in keys:
        assert run(capsys, "show", "--", key).code == 0, key


@pytest.mark.parametrize("name", ["refs", ".citeman", "site"])
@pytest.mark.parametrize("kind", ["file", "dangling", "circle", "pipe"])
def test_what_stands_in_place_of_a_folder_is_one_line(
    root: Path, capsys: pytest.CaptureFixture[str], name: str, kind: str
) -> None:
    put = {**{known: put for known, (put, _) in IMPOSSIBLE.items()}, "file": lambda path: path.write_bytes(b"")}[kind]
    if name == "refs":
        for path in (root / "refs").iterdir():
            path.unlink()
        (root / "refs").rmdir()
    put(root / name)
    for verb, variants in WALK.items():
        for arguments in variants:
            done = run(capsys, verb, *arguments)
            is_told(done)
            if name == "refs" and verb in NEEDS[LISTS]:
                assert (done.code, done.err.partition(":")[0]) == (1, "refs"), (verb, done)
    assert name == ".citeman" or not (root / "nowhere").exists()


@pytest.mark.parametrize("kind", ["folder", "pipe", "dangling"])
def test_settings_that_cannot_be_read_are_not_passed_over(root: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    put, message = IMPOSSIBLE[kind]
    replaced(root, "citeman.toml", put)()
    done = run(capsys, "todo")
    assert (done.code, done.err) == (1, f"citeman.toml: {message}\n")


@pytest.mark.parametrize(("content", "line"), [(b"a = 1\nb = \n", 2), (b"a = 1\n\nb", 3), (b"# \xe9\n# \xc3\xa9\n", 1)])
def test_settings_that_are_wrong_are_named_with_the_line(
    root: Path, capsys: pytest.CaptureFixture[str], content: bytes, line: int
) -> None:
    (root / "citeman.toml").write_bytes(content)
    assert run(capsys, "todo").err.startswith(f"citeman.toml:{line}: is ")


@pytest.mark.parametrize("content", ["[tool]\nciteman = 3\n", "tool = {citeman = [1]}\n"])
def test_settings_that_are_no_table_are_said(root: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    (root / "citeman.toml").write_text(content)
    assert run(capsys, "todo").err.startswith("citeman.toml: `tool.citeman` must be a table of settings")
    (root / "citeman.toml").unlink()
    (root / "pyproject.toml").write_text("tool = 3\n")
    assert run(capsys, "todo").code == 0


def test_an_endless_file_of_papers_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "add", "--from", "/dev/zero")
    assert (done.code, done.err) == (1, "/dev/zero: is over 64 MB; split it\n")


def apart(root: Path, *arguments: str, before: Callable[[], None], caching: bool = True, **streams: object) -> Done:
    """Run a command in a process of its own that was prepared somehow."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "" if caching else "1"}
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    command = [sys.executable, "-m", "citeman", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, preexec_fn=before, timeout=60, check=False, text=True, **options)
    return Done(done.returncode, done.stdout or "", done.stderr or "")


def as_anybody() -> None:
    """Let file modes count for root too: give up the right to pass them over (prctl's PR_CAPBSET_DROP of CAP_DAC_…)."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        if libc.prctl(24, 1, 0, 0, 0) or libc.prctl(24, 2, 0, 0, 0):
            os.setuid(65534)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prctl is Linux's")
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("references.bib", ["link", "jacot2018neural", "-s", "eos"]),
        ("references.bib", ["list"]),
        (LISTS, ["search", "kernel"]),
        (LISTS, ["build"]),
        ("guide.md", ["scan"]),
        ("citeman.toml", ["show", "jacot2018neural"]),
        ("refs/citeman.lock", ["sync"]),
        ("refs/citeman.inbox", ["inbox"]),
        ("new.md", ["init", "new.md"]),
        ("more.bib", ["add", "--from", "more.bib"]),
        ("refs", ["init", "new.md"]),
        ("refs", ["show", "jacot2018neural"]),
        ("site", ["build", "--check"]),
    ],
)
def test_what_may_not_be_read_is_named(root: Path, name: str, arguments: list[str]) -> None:
    (root / "site").mkdir()
    path = root / name
    mode = path.stat().st_mode
    path.chmod(0)
    done = apart(root, *arguments, before=as_anybody)
    path.chmod(mode)
    is_told(done)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(name), done
    assert "permission denied" in done.err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prctl is Linux's")
def test_a_project_that_may_only_be_read_can_be_read(root: Path) -> None:
    before = snapshot(root)
    for path in (root, root / "refs"):
        path.chmod(0o555)
    answers = {
        verb: [apart(root, verb, *one, before=as_anybody) for one in WALK[verb]] for verb in ("show", "list", "todo", "export")
    }
    refusals = [apart(root, *one, before=as_anybody) for one in (["link", "jacot2018neural", "-s", "eos"], ["build"], ["weave"])]
    for path in (root, root / "refs"):
        path.chmod(0o755)
    assert [answers[verb][0].code for verb in answers] == [0, 0, 0, 0]
    for done in refusals:
        is_told(done)
        assert (done.code, done.out) == (1, "")
        assert "permission denied" in done.err
    assert snapshot(root) == before


@pytest.mark.parametrize("room", [0, 60, 700, 3000])
@pytest.mark.parametrize(
    "arguments",
    [
        ["init", "new.md"],
        ["add", "--from", "more.bib", "-s", "eos"],
        ["link", "jacot2018neural", "-s", "eos"],
        ["rename", "jacot2018neural", "ntk"],
        ["scan", "--to-keys"],
        ["weave"],
        ["build"],
        ["export", "--out", "references.bib"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_full_disk_is_one_line_and_every_file_is_as_it_was(root: Path, arguments: list[str], room: int) -> None:
    """A limit on what a file may hold stands for the disk: writing fails in the same places.

    Python itself would leave compiled modules cut off at the limit (gh-126606), and break every command after it.
    """
    before = snapshot(root)
    done = apart(root, *arguments, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)), caching=False)
    is_told(done)
    if done.code:
        assert (done.code, done.out) == (1, "")
        assert "file too large" in done.err
        assert snapshot(root) == before
    left = [path.name for path in root.rglob("*citeman-new*") if "site" not in path.parts]
    assert left == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["--help"], ["show", "jacot2018neural"], ["build"], ["check", "--help"], ["export"]],
    ids=" ".join,
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_that_cannot_be_written_is_one_line(
    root: Path, arguments: list[str], unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    run_once = apart(root, "build", before=lambda: None)
    assert run_once.code == 0
    with open("/dev/full", "w") as full:
        done = apart(root, *arguments, before=lambda: None, stdout=full)
    # argparse swallows what happens to its help as it happens.
    assert done in (Done(1, "", "citeman: cannot go on: no space left on device\n"), Done(0, "", "")), done
    assert done.code == 1 or "--help" in arguments


@pytest.mark.parametrize("arguments", [["--version"], ["show", "jacot2018neural"], ["build"], ["check"]], ids=" ".join)
def test_output_that_nobody_reads_ends_the_command_quietly(root: Path, arguments: list[str]) -> None:
    run_once = apart(root, "build", before=lambda: None)
    assert run_once.code == 0
    reader, writer = os.pipe()
    os.close(reader)
    done = apart(root, "-q", *arguments, before=lambda: None, stdout=writer)
    os.close(writer)
    assert not [word for word in ("Traceback", "bug", "Exception") if word in done.err], done


@pytest.mark.parametrize("stream", [0, 1, 2])
def test_closed_streams_are_no_bug(root: Path, stream: int) -> None:
    done = apart(root, "show", "jacot2018neural", before=lambda: os.close(stream))
    assert (done.code, done.err) == (0, "")


def test_a_large_bibliography_of_nonsense_is_read_in_passing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Megabytes without one entry: a reader that looks at anything twice would take for ever."""
    (root / "references.bib").write_text('nonsense { } = , " % \\ \n' * 100_000)
    done = run(capsys, "show", "jacot2018neural")
    assert (done.code, done.err.count("\n")) == (2, 1)
