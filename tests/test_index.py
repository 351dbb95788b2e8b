"""The index: its rows say what the files say, after any edit and whatever was in its place before."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeman.index.find import find_fresh
from citeman.index.mark import NAME, VERSION
from citeman.index.opening import open_current
from citeman.index.query import parse
from citeman.index.read import Index, open_fresh
from citeman.index.schema import TABLES
from citeman.index.write import Layout
from citeman.model import Record
from citeman.project import Project

BIB = r"""@string{jml = {Journal of Made-up Learning}}
@article{cohen2021edge, author = {Cohen, Jeremy and M{\"u}ller, J{\"o}rg}, title = {Edges of {SGD}, $\mu$-far}, journal = jml,
  year = 2021, doi = {10.9999/Edge.1}, eprint = {2103.00065}, eprinttype = {arxiv}}
@misc{lee1998ntk, author = {Lee, Ada}, title = {Kernels before breakfast}, year = {1998}}
@inproceedings{ng2020part, crossref = {proc2020}, author = {Ng, Bo}, title = {A part}}
@proceedings{proc2020, title = {Proceedings of Nothing}, year = {2020}, editor = {Lee, Ada}}
"""
LISTS = """guide: {title: A guide, source: ../guide.md}
sections:
  edge:
    title: The edge
    aliases: [eos]
    reading:
      - key: cohen2021edge
        role: foundation
        why: Named the thing; read it slowly.
    cues:
      - text: cite the kernels here
        settled-by: [lee1998ntk]
"""
GUIDE = """# The edge

Text with [a link](https://arxiv.org/abs/2103.00065v2), two keys [@lee1998ntk; @unknown], and [no paper](https://example.org/).
TODO cite somebody.

## Inside
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "refs").mkdir()
    (tmp_path / "references.bib").write_text(BIB, encoding="utf-8")
    (tmp_path / "refs" / "guide.yaml").write_text(LISTS, encoding="utf-8")
    (tmp_path / "guide.md").write_text(GUIDE, encoding="utf-8")
    return tmp_path


def current(root: Path) -> Index:
    return Project.open(root).open_index()


def found(index: Index, query: str) -> list[str]:
    return [hit.key for hit in index.search(parse(query))]


def rows(index: Index) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the index but row numbers, which depend on its history, and times."""
    joined = {
        "papers": f"SELECT {', '.join(name for name in TABLES['papers'].columns if name != 'id')} FROM papers",
        "authorship": "SELECT papers.key, position, name FROM authorship JOIN papers ON papers.id = paper JOIN people ON people.id = person",
        "people": "SELECT name FROM people",
        "sections": "SELECT guide, anchor, title, kind, parent, aliases, position, path, line FROM sections",
        "items": "SELECT path, anchor, items.position, key, url, see, role, why, items.line FROM items JOIN sections ON sections.id = section",
        "cues": "SELECT cues.path, anchor, text, settled_by, pattern, cues.line FROM cues LEFT JOIN sections ON sections.id = section",
        "citations": "SELECT guide, path, line, section, label, identifier, key FROM citations",
        "cited": "SELECT * FROM cited",
        "identifiers": "SELECT key, identifier FROM identifiers JOIN papers ON papers.id = paper",
        "guides": "SELECT * FROM guides",
        "words": "SELECT papers.key, words.* FROM words JOIN papers ON papers.id = words.rowid",
        "files": "SELECT path, size, hash FROM files",
    }
    return {name: sorted(index.connection.execute(sql), key=repr) for name, sql in joined.items()}


def rebuilt(root: Path) -> Index:
    (root / NAME).unlink()
    return current(root)


def test_papers_are_plain_text(root: Path) -> None:
    (hit,) = current(root).search(parse("key:cohen2021edge"))
    assert hit.title == "Edges of SGD, μ-far"
    assert hit.authors == '["Jeremy Cohen", "Jörg Müller"]'
    assert (hit.year, hit.venue, hit.doi, hit.arxiv) == (2021, "Journal of Made-up Learning", "10.9999/edge.1", "2103.00065")
    assert hit.sections == ("guide#edge",)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("muller", ["cohen2021edge"]),
        ("MÜLLER edges", ["cohen2021edge"]),
        ("read slowly", ["cohen2021edge"]),
        ('"read slowly"', []),
        ('"read it slowly"', ["cohen2021edge"]),
        ("kern*", ["lee1998ntk"]),
        ("kern", []),
        ("author:lee", ["proc2020", "lee1998ntk"]),
        ("author:lee -kernels", ["proc2020"]),
        ("title:lee", []),
        ("venue:learning", ["cohen2021edge"]),
        ("doi:10.9999/EDGE.1", ["cohen2021edge"]),
        ("https://doi.org/10.9999/edge.1", ["cohen2021edge"]),
        ("arXiv:2103.00065", ["cohen2021edge"]),
        ("year:1998", ["lee1998ntk"]),
        ("year:..1999", ["lee1998ntk"]),
        ("year:2020.. -has:section", ["ng2020part", "proc2020"]),
        ("section:eos", ["cohen2021edge"]),
        ("section:edge role:survey", []),
        ("role:foundation", ["cohen2021edge"]),
        ("-role:foundation type:misc", ["lee1998ntk"]),
        ("has:doi", ["cohen2021edge"]),
        ("has:arxiv has:why", ["cohen2021edge"]),
        ("guide:guide", ["cohen2021edge"]),
        ("guide:other", []),
        ("type:article", ["cohen2021edge"]),
        ("venue:nothing", ["ng2020part"]),
    ],
)
def test_finds_what_a_query_asks_for(root: Path, query: str, keys: list[str]) -> None:
    index = current(root)
    assert found(index, query) == keys
    assert index.count(parse(query)) == len(keys)


def test_listed_papers_come_first_then_the_weightier_words(root: Path) -> None:
    with (root / "references.bib").open("a", encoding="utf-8") as file:
        file.write("@misc{z1, title = {Slowly}}\n@misc{z2, title = {Other}, author = {Slowly, Ann}}\n")
        file.write("@misc{z3, title = {Third}, journal = {Slowly}}\n")
    assert found(current(root), "slowly") == ["cohen2021edge", "z1", "z2", "z3"]


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("key", "cohen2021edge"),
        ("year", "cohen2021edge"),
        ("title", "ng2020part"),
        ("author", "cohen2021edge"),
        ("section", "cohen2021edge"),
    ],
)
def test_sorts(root: Path, sort: str, first: str) -> None:
    hits = current(root).search(parse(""), sort)
    assert hits[0].key == first
    assert len(hits) == 4


def test_an_unchanged_project_is_answered_without_reading_its_files(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    current(root).close()
    for name in ("references.bib", "guide.md", "refs/guide.yaml"):
        os.utime(root / name, ns=(1, 1))
    current(root).close()
    monkeypatch.setattr("citeman.index.files.SETTLED", -1_000_000_000_000)
    monkeypatch.setattr("citeman.index.files._bytes", lambda path: pytest.fail(f"{path} was read"))
    index = find_fresh(str(root / "refs"))
    assert index
    assert found(index, "kernels") == ["lee1998ntk"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("references.bib", "breakfast", "breakfuel"),
        ("references.bib", 'J{\\"o}rg', "Jürgen"),
        ("references.bib", "breakfast}, ", "breakfast}, crossref = {proc2020}, "),
        ("references.bib", "{1998}}", "{1998}"),
        ("references.bib", "Ng, Bo", "Ng, Bobo"),
        ("references.bib", "@misc{lee1998ntk", "@misc{lee1998new"),
        ("references.bib", "Proceedings of Nothing", "Proceedings of Something"),
        ("references.bib", "Made-up", "Invented"),
        ("references.bib", BIB, ""),
        ("refs/guide.yaml", "cohen2021edge", "lee1998ntk"),
        ("refs/guide.yaml", "slowly", "twice"),
        ("refs/guide.yaml", LISTS, "guide: {title: Nothing}\n"),
        ("guide.md", "## Inside", "## Inside and out"),
        ("guide.md", "2103.00065", "1998.00065"),
    ],
)
def test_after_an_edit_by_hand_the_rows_are_those_of_a_new_index(root: Path, name: str, old: str, new: str) -> None:
    current(root).close()
    path = root / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    fresh = open_fresh(str(root))
    assert (fresh is not None) == (old in {"breakfast", 'J{\\"o}rg'})
    updated = rows(fresh or current(root))
    assert updated == rows(rebuilt(root))


def test_a_plain_edit_is_seen_without_opening_the_project(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    current(root).close()
    monkeypatch.setattr("citeman.bib.split.split", None)
    path = root / "references.bib"
    for number in range(3):
        for word in ("breakfast", "SGD"):
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(word, f"{word} again{number}"), encoding="utf-8")
            index = find_fresh(str(root))
            assert index
            assert len(found(index, f"again{number}")) == 1 + (word == "SGD")
            index.close()


def test_an_edit_that_cannot_be_written_down_is_seen_all_the_same(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    current(root).close()
    path = root / "references.bib"
    path.write_text(path.read_text(encoding="utf-8").replace("breakfast", "supper"), encoding="utf-8")
    monkeypatch.setattr("citeman.index.files.clock", lambda folder: 0)
    assert find_fresh(str(root)) is None
    assert found(current(root), "supper") == ["lee1998ntk"]


def test_files_that_come_and_go_are_followed(root: Path) -> None:
    current(root).close()
    (root / "refs" / "second.yaml").write_text(
        "sections: {other: {reading: [{key: lee1998ntk, role: survey}]}}\n", encoding="utf-8"
    )
    index = current(root)
    assert found(index, "role:survey") == ["lee1998ntk"]
    index.close()
    (root / "refs" / "guide.yaml").unlink()
    (root / "guide.md").unlink()
    index = current(root)
    assert found(index, "has:section") == ["lee1998ntk"]
    assert rows(index) == rows(rebuilt(root))


def test_settings_are_followed(root: Path) -> None:
    current(root).close()
    (root / "other.bib").write_text("@misc{only, title = {Only}}", encoding="utf-8")
    (root / "citeman.toml").write_text('bibliography = "other.bib"\n', encoding="utf-8")
    assert open_fresh(str(root)) is None
    assert [hit.key for hit in current(root).search(parse(""))] == ["only"]


KEYS = st.sampled_from(["a1", "b2", "c3", "A1", "é4"])
ENTRIES = st.builds(
    "@misc{{{0}, title = {{{1} words}}, author = {{{2}}}{3}}}\n".format,
    KEYS,
    st.sampled_from(["Sharp", "Flat", r"{\'E}tudes"]),
    st.sampled_from(["Doe, Jo", "Doe, Jo and Roe, Al", ""]),
    st.sampled_from(["", ", crossref = {a1}", ", journal = jml", ", year = 2020"]),
)
BIBLIOGRAPHIES = st.lists(ENTRIES | st.sampled_from(["@string{jml = {J}}\n", "@string{jml = {K}}\n", "text\n"]), max_size=6).map(
    "".join
)
READING = st.lists(KEYS, max_size=3, unique=True).map(
    lambda keys: (
        "sections:\n  s:\n    title: S\n    reading:\n" + "".join(f"      - {{key: {key}, why: For {key}}}\n" for key in keys)
        if keys
        else "sections: {s: {title: S}}\n"
    )
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(BIBLIOGRAPHIES, READING), min_size=2, max_size=4))
def test_an_index_that_was_updated_equals_one_that_was_built_anew(
    tmp_path_factory: pytest.TempPathFactory, states: list[tuple[str, str]]
) -> None:
    root = tmp_path_factory.mktemp("project")
    (root / "refs").mkdir()
    for bibliography, lists in states:
        (root / "references.bib").write_text(bibliography, encoding="utf-8")
        (root / "refs" / "g.yaml").write_text(lists, encoding="utf-8")
        index = current(root)
    updated = rows(index)
    index.close()
    assert updated == rows(rebuilt(root))


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _garble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:20000] = b"\xa5" * (20000 - 4096)
    path.write_bytes(data)


def _foreign(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE papers (mine)")
    connection.commit()
    connection.close()


def _older(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION - 1}")
    connection.close()


def _by_another_release(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE meta SET value = '0.0.0' WHERE name = 'citeman'")
    connection.commit()
    connection.close()


def _without_a_table(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE items")
    connection.close()


@pytest.mark.parametrize(
    "harm",
    [
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("not a database, by any means", encoding="utf-8"),
        _truncate,
        _garble,
        _foreign,
        _older,
        _by_another_release,
        _without_a_table,
    ],
)
def test_a_useless_index_is_built_anew(root: Path, harm: Callable[[Path], object]) -> None:
    before = rows(current(root))
    harm(root / NAME)
    for wal in (root / ".citeman").glob("index.db-*"):
        wal.unlink()
    index = current(root)
    assert rows(index) == before
    assert index.in_memory == ""
    index.close()
    assert find_fresh(str(root)) is not None


def test_what_an_earlier_run_noted_of_the_bibliography_is_not_trusted_when_it_is_damaged(root: Path) -> None:
    before = rows(current(root))
    (noted,) = (root / ".citeman").glob("*.parsed")
    for damage in (b"", b"{}\n", noted.read_bytes()[:-9], b"\xff" * 99, noted.read_bytes().replace(b"lee1998ntk", b"xxx1998ntk")):
        noted.write_bytes(damage)
        assert rows(rebuilt(root)) == before


def test_the_lock_of_a_dead_process_holds_nobody_up(root: Path) -> None:
    current(root).close()
    script = (
        "import os, sqlite3; connection = sqlite3.connect(__import__('sys').argv[1], isolation_level=None);"
        "connection.execute('BEGIN IMMEDIATE'); connection.execute('DELETE FROM papers'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(root / NAME)], check=False)
    index = find_fresh(str(root))
    assert index
    assert len(found(index, "")) == 4


def test_a_writer_that_hangs_is_done_without(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    current(root).close()
    monkeypatch.setattr("citeman.index.opening.PATIENCE", 0.01)
    (root / "references.bib").write_text("@misc{new, title = {New}}", encoding="utf-8")
    writer = sqlite3.connect(root / NAME, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    index = current(root)
    assert found(index, "") == ["new"]
    assert "locked" in index.in_memory
    writer.close()


def test_readers_see_a_whole_index_while_it_is_written(root: Path) -> None:
    current(root).close()
    reader = find_fresh(str(root))
    assert reader
    reader.connection.execute("BEGIN")
    assert len(found(reader, "")) == 4
    (root / "references.bib").write_text("@misc{new, title = {New}}", encoding="utf-8")
    assert found(current(root), "") == ["new"]
    assert len(found(reader, "")) == 4


def test_two_that_start_at_once_both_get_a_whole_index(root: Path) -> None:
    script = (
        "import sys; from citeman.project import Project; from citeman.index.query import parse;"
        "index = Project.open(sys.argv[1]).open_index(); print(len(index.search(parse(''))), index.in_memory)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    both = [
        subprocess.Popen([sys.executable, "-c", script, str(root)], stdout=subprocess.PIPE, env=environment, text=True)
        for _ in range(3)
    ]
    assert [process.communicate(timeout=60)[0].strip() for process in both] == ["4"] * 3


def test_where_nothing_can_be_written_the_index_is_in_memory(root: Path) -> None:
    (root / ".citeman").write_text("a file in the way", encoding="utf-8")
    index = open_current(str(root), Layout())
    assert index.in_memory
    assert found(index, "kernels") == ["lee1998ntk"]


def test_a_broken_list_is_told_and_what_was_known_of_it_stays(root: Path) -> None:
    current(root).close()
    lists = root / "refs" / "guide.yaml"
    lists.write_text("sections: [", encoding="utf-8")
    index = current(root)
    assert [problem.path for problem in index.problems] == ["refs/guide.yaml"]
    assert found(index, "section:eos") == ["cohen2021edge"]
    index.close()
    lists.write_text(LISTS, encoding="utf-8")
    assert current(root).problems == ()


def test_a_list_that_was_broken_from_the_start_is_taken_in_when_it_is_mended(root: Path) -> None:
    lists = root / "refs" / "guide.yaml"
    lists.write_text("sections: [", encoding="utf-8")
    for _ in range(2):
        assert find_fresh(str(root)) is None
        index = current(root)
        assert [problem.path for problem in index.problems] == ["refs/guide.yaml"]
        index.close()
    lists.write_text(LISTS, encoding="utf-8")
    assert found(current(root), "section:eos") == ["cohen2021edge"]
    assert find_fresh(str(root))


def test_undecodable_bytes_and_control_characters_are_no_trouble(root: Path) -> None:
    (root / "references.bib").write_bytes(b"@misc{caf\xe9, title = {Caf\xe9 \x01 noir}, author = {Ren\xe9, A}}\n")
    (hit,) = current(root).search(parse("title:café"))
    assert (hit.key, hit.title) == ("café", "Café noir")


def test_soon_after_an_edit_the_bytes_decide_and_later_the_times(root: Path) -> None:
    current(root).close()
    unsettled = "SELECT count(*) FROM files WHERE size >= 0 AND max(modified, changed) + 2000000000 >= read"
    connection = sqlite3.connect(root / NAME)
    assert connection.execute(unsettled).fetchone()[0] == 3
    deadline = time.monotonic() + 20
    while connection.execute(unsettled).fetchone()[0] and time.monotonic() < deadline:
        assert find_fresh(str(root))
        time.sleep(0.2)
    assert connection.execute(unsettled).fetchone()[0] == 0


def test_abstracts_are_searched_and_outlive_the_index_that_held_them(root: Path) -> None:
    current(root).close()
    record = Record("arxiv", "arXiv:2103.00065", "misc", {}, abstract="We step on quivering plateaus.")
    Project.open(root).keep_abstracts([record, Record("crossref", "doi:10.9999/other", "misc", {})])
    for query in ("quivering", "abstract:plateaus", "has:abstract"):
        assert found(current(root), query) == ["cohen2021edge"]
    _by_another_release(root / NAME)
    (root / "references.bib").write_text(BIB.replace("cohen2021edge", "renamed"), encoding="utf-8")
    assert found(current(root), "quivering") == ["renamed"]


def test_an_abstract_that_came_before_its_paper_is_found(root: Path) -> None:
    Project.open(root).keep_abstracts([Record("crossref", "doi:10.9999/new", "misc", {}, abstract="Quivering.")])
    (root / "references.bib").write_text(BIB + "@misc{new, title = {N}, doi = {10.9999/NEW}}", encoding="utf-8")
    assert found(current(root), "quivering") == ["new"]


def test_every_table_has_the_documented_columns(root: Path) -> None:
    connection = current(root).connection
    for name, table in TABLES.items():
        assert [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] == list(table.columns)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_what_a_guide_cites_is_known_by_key_and_by_address(root: Path) -> None:
    connection = current(root).connection
    cited = connection.execute("SELECT key, guide, line, section FROM cited ORDER BY key").fetchall()
    assert cited == [("cohen2021edge", "guide", 3, "the-edge"), ("lee1998ntk", "guide", 3, "the-edge")]
    cues = connection.execute("SELECT text, settled_by, pattern != '', path FROM cues ORDER BY pattern").fetchall()
    assert cues[0] == ("cite the kernels here", "lee1998ntk", 0, "refs/guide.yaml")
    assert [cue[2] for cue in cues[1:]] == [1]


def test_the_example_queries_of_the_schema_run(root: Path) -> None:
    import citeman.index.schema as schema

    connection = current(root).connection
    text = (schema.__doc__ or "").partition("ask it:")[2]
    statements = [statement for statement in text.split(";") if "SELECT" in statement]
    assert len(statements) == 3
    assert [len(connection.execute(statement).fetchall()) for statement in statements] == [2, 0, 1]
