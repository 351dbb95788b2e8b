"""The lock: what it keeps, what it survives, and that two branches merge."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeman import lock as locks
from citeman.errors import CitemanError
from citeman.lock import DamagedLock, Lock, Locked, Said
from citeman.model import Record, Update

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MONTH = timedelta(days=30)


def record(**changes: object) -> Record:
    values: dict[str, object] = {
        "source": "arxiv",
        "identifier": "arXiv:2001.01234",
        "type": "misc",
        "fields": {"title": "Wide nets", "author": "Doe, Jane", "year": "2020", "eprint": "2001.01234"},
        "version": 1,
        "published": "2020-01-05",
        "updated": "2020-01-05",
        "abstract": "We study\n wide nets.",
        "hash": "ab" * 32,
    }
    return Record(**values | changes)  # type: ignore[arg-type]


def at(days: float) -> str:
    return (NOW + timedelta(days=days)).isoformat()


texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)
updates = st.builds(Update, st.sampled_from(["retraction", "correction"]), texts, texts, texts)
saids = st.builds(
    Said,
    st.just("crossref"),
    identifier=texts,
    type=texts,
    fields=st.dictionaries(texts, texts, max_size=3),
    version=st.integers(0, 9),
    withdrawn=texts,
    updates=st.lists(updates, max_size=2).map(tuple),
    aliases=st.lists(texts, max_size=2).map(tuple),
    fetched=texts,
)
lockeds = st.builds(
    Locked,
    said=saids.map(lambda said: {"crossref": said}),
    settled=st.dictionaries(texts, st.builds(locks.Decision, st.sampled_from(["accept", "keep"]), texts), max_size=2),
    open=st.dictionaries(texts, texts, max_size=2),
    suffix=texts,
)
all_locks = st.dictionaries(texts, lockeds, max_size=3).map(Lock)


@given(all_locks)
def test_what_is_written_is_read_again(lock: Lock) -> None:
    assert Lock.loads(lock.dumps()) == lock
    assert Lock.loads(lock.dumps()).dumps() == lock.dumps()


def test_the_file_is_sorted_has_one_value_a_line_and_keeps_no_abstract() -> None:
    lock = Lock.empty().with_record("zoe2020wide", record(), at(0)).with_record("abe2019deep", record(version=2), at(0))
    text = lock.dumps()
    assert list(json.loads(text)["papers"]) == ["abe2019deep", "zoe2020wide"]
    assert all(line.count('": ') <= 1 for line in text.splitlines())
    assert text.endswith("}\n")
    assert "We study" not in text


def test_an_empty_file_is_an_empty_lock() -> None:
    assert Lock.loads("") == Lock.empty() == Lock.loads("\n")


def test_a_lock_of_a_newer_version_is_refused_not_rebuilt() -> None:
    with pytest.raises(CitemanError, match=r"refs/citeman\.lock: .*newer.*upgrade") as caught:
        Lock.loads('{"format": 99, "papers": {}}')
    assert not isinstance(caught.value, DamagedLock)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        '{"papers": {}}',
        '{"format": 1}',
        '{"format": true, "papers": {}}',
        '{"format": 1, "papers": []}',
        '{"format": 1, "papers": {"a": 3}}',
        '{"format": 1, "papers": {"a": {"said": {"arxiv": {"fields": {"title": 3}}}}}}',
        '{"format": 1, "papers": {"a": {"said": {"arxiv": {"version": "x"}}}}}',
        '{"format": 1, "papers": {"a": {"said": {"arxiv": {"updates": [{"nonsense": "x"}]}}}}}',
        '{"format": 1, "papers": {"a": {"settled": {"title": {"choice": "perhaps"}}}}}',
        "\x00\x01",
        "[" * 100_000,
    ],
)
def test_a_damaged_lock_is_told_from_a_newer_one(text: str) -> None:
    with pytest.raises(DamagedLock, match="citeman sync"):
        Lock.loads(text)


def test_conflict_markers_are_named_with_their_line() -> None:
    with pytest.raises(DamagedLock, match=r"citeman\.lock:2: git left a merge conflict"):
        Lock.loads('{\n<<<<<<< HEAD\n "format": 1,\n=======\n "format": 1,\n>>>>>>> other\n "papers": {}\n}\n')


def test_a_conflicted_lock_is_read_from_both_sides_and_the_later_answer_stays() -> None:
    ours = Lock.empty().with_record("a", record(version=1), at(0)).with_record("b", record(), at(0))
    theirs = Lock.empty().with_record("a", record(version=2), at(5)).with_suffix("c", "b")
    text = f"<<<<<<< ours\n{ours.dumps()}||||||| base\nanything\n=======\n{theirs.dumps()}>>>>>>> theirs\n"
    joined = locks.merged(text)
    assert sorted(joined.papers) == ["a", "b", "c"]
    assert joined.get("a").version == 2
    assert joined.get("c").suffix == "b"


def test_a_lock_is_read_even_when_it_is_damaged_and_says_so() -> None:
    sound = Lock.empty().with_record("a", record(), at(0))
    assert locks.read(sound.dumps()) == sound
    broken = locks.read("{", "refs/citeman.lock")
    assert (broken.papers, "refs/citeman.lock:1: the lock is no JSON" in broken.damage) == ({}, True)
    conflicted = locks.read(f"<<<<<<< ours\n{sound.dumps()}=======\n{Lock.empty().dumps()}>>>>>>> theirs\n")
    assert conflicted.papers == sound.papers
    assert "merge conflict" in conflicted.damage
    assert locks.read(conflicted.dumps()) == sound
    with pytest.raises(CitemanError, match="upgrade"):
        locks.read('{"format": 99}')


def test_git_merges_what_two_branches_added(tmp_path: Path) -> None:
    base = Lock.empty()
    for key in ("bay2019a", "lee2020b", "ray2021c"):
        base = base.with_record(key, record(), at(0))
    left = base.with_record("cao2022d", record(), at(1)).with_record("ray2021c", record(version=2), at(1))
    right = base.with_record("mao2022e", record(), at(1)).with_suffix("bay2019a", "a")
    for name, lock in (("base", base), ("left", left), ("right", right)):
        (tmp_path / name).write_text(lock.dumps(), encoding="utf-8")
    merged = subprocess.run(
        ["git", "merge-file", "-p", "left", "base", "right"], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert merged.returncode == 0
    joined = Lock.loads(merged.stdout)
    assert sorted(joined.papers) == ["bay2019a", "cao2022d", "lee2020b", "mao2022e", "ray2021c"]
    assert joined.get("ray2021c").version == 2
    assert joined.dumps() == merged.stdout


def test_asking_twice_leaves_no_trace_until_the_answer_is_old_or_new() -> None:
    lock = Lock.empty().with_record("a", record(), at(0), MONTH)
    assert lock.with_record("a", record(), at(1), MONTH).dumps() == lock.dumps()
    assert lock.with_record("a", record(), at(31), MONTH).get("a").said["arxiv"].fetched == at(31)
    assert lock.with_record("a", record(version=2), at(1), MONTH).get("a").said["arxiv"].fetched == at(1)
    assert lock.with_record("a", record(), at(-1), MONTH).get("a").said["arxiv"].fetched == at(-1)


def test_a_changed_abstract_is_an_answer_that_says_something_new() -> None:
    lock = Lock.empty().with_record("a", record(), at(0), MONTH)
    assert lock.with_record("a", record(abstract="We study wide nets."), at(1), MONTH) == lock
    assert lock.with_record("a", record(abstract="We study deep nets."), at(1), MONTH) != lock


@pytest.mark.parametrize(("days", "due"), [(0, False), (29, False), (30, True), (-1, True)])
def test_what_is_due(days: int, due: bool) -> None:
    lock = Lock.empty().with_record("a", record(), at(0))
    assert lock.due("a", NOW + timedelta(days=days), MONTH) is due


def test_a_key_is_due_for_each_source_by_itself() -> None:
    lock = Lock.empty().with_record("a", record(), at(0))
    assert not lock.due("a", NOW, MONTH, "arxiv", "arxiv-oai", "datacite")
    assert lock.due("a", NOW, MONTH, "crossref")
    assert lock.due("unknown", NOW, MONTH)
    assert Lock({"a": Locked({"arxiv": Said("arxiv", fetched="yesterday")})}).due("a", NOW, MONTH)


def test_a_key_is_renamed_and_forgotten_with_all_that_is_known_of_it() -> None:
    lock = Lock.empty().with_record("old", record(), at(0)).with_suffix("old", "b")
    assert lock.renamed("old", "new").get("new") == lock.get("old")
    assert "old" not in lock.renamed("old", "new").papers
    assert lock.renamed("none", "new") == lock
    assert lock.without("old") == Lock.empty() == lock.without("old").without("old")


def test_conflicts_are_what_is_open_and_decisions_are_remembered() -> None:
    decision = locks.Decision("keep", "Theirs")
    locked = Locked(open={"title": "Base", "year": "2020"}, settled={"note": decision})
    lock = Lock.loads(Lock.empty().with_paper("a", locked).dumps())
    assert list(locks.conflicts(lock)) == [("a", "title"), ("a", "year")]
    assert lock.get("a").settled == {"note": decision}


def test_a_record_comes_back_as_it_was_said_but_for_its_abstract() -> None:
    said = record(updates=(Update("retraction", "10.1/x", "2024-01-01", "publisher"),), aliases=("doi:10.1/y",))
    again = Lock.loads(Lock.empty().with_record("a", said, at(0)).dumps()).get("a").records
    assert again == (record(updates=said.updates, aliases=said.aliases, abstract=""),)


def test_withdrawal_and_notices_are_gathered_from_every_source() -> None:
    notice = Update("retraction", "10.1/x", "2024-01-01", "retraction-watch")
    lock = Lock.empty().with_record("a", record(withdrawn="A crucial error."), at(0))
    lock = lock.with_record("a", record(source="crossref", updates=(notice,)), at(0))
    assert (lock.get("a").withdrawn, lock.get("a").updates) == ("A crucial error.", (notice,))


@given(all_locks, st.dictionaries(texts, lockeds, max_size=2))
def test_what_is_read_at_a_glance_is_what_is_read(lock: Lock, new: dict[str, Locked]) -> None:
    text = lock.dumps()
    glanced = locks.glance(text)
    assert dict(glanced.papers) == dict(Lock.loads(text).papers)
    assert glanced == Lock.loads(text)
    assert glanced.dumps() == text
    assert glanced.with_papers(new).dumps() == Lock.loads(text).with_papers(new).dumps()
    assert glanced.with_papers(new) == Lock.loads(text).with_papers(new)
    assert all(key in glanced.papers for key in lock.papers)


def test_a_glance_reads_no_more_than_is_asked_for() -> None:
    lock = Lock.empty().with_record("abe2019deep", record(), at(0)).with_record("zoe2020wide", record(), at(0))
    text = lock.dumps().replace('"identifier"', "'identifier", 1)
    glanced = locks.glance(text)
    assert glanced.get("zoe2020wide").version == lock.get("zoe2020wide").version
    with pytest.raises(DamagedLock, match="`citeman sync` rebuilds it"):
        glanced.get("abe2019deep")
    assert glanced.with_suffix("zoe2020wide", "b").dumps().partition('"zoe2020wide"')[0] == text.partition('"zoe2020wide"')[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"format": 1, "papers": {}}',
        "<<<<<<< ours\n{}",
        '{\n "format": 1,\n "papers": {\n  "a": {},\n  "a": {}\n }\n}\n',
    ],
)
def test_a_text_of_another_form_is_read_as_ever(text: str) -> None:
    assert locks.glance(text) == locks.read(text)


def test_a_lock_of_a_newer_version_is_refused_at_a_glance() -> None:
    with pytest.raises(CitemanError, match="newer citeman"):
        locks.glance('{\n "format": 2,\n "papers": {\n  "a": {}\n }\n}\n')
