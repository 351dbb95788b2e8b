"""Keeping what was read, and reading anew only what changed: always the same as reading all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeman.bib import Bibliography, blocks, table
from citeman.text import decode
from tests.test_bib import FILES, read, variants

PIECES = [path.read_text(encoding="utf-8") for path in FILES]
SCRAPS = [
    "@misc{k, title = {x}}",
    "@misc{k2,\n  title = {x},\n  year = 2000,\n}\n",
    '@article(p, t = "a) b")',
    "@string{k = {v}}",
    "@comment{@misc{c, t = {x}}}",
    "\n@misc{open, title = {x\n",
    '\n@misc{q, title = "x\n',
    "% @misc{\n%}",
    "@",
    "@misc",
    "@misc{",
    "{",
    "}",
    '"',
    "\\",
    "\n",
    " ",
    ",",
    "=",
    "#",
    "%",
    ")",
    "k",
    "\ufeff",
    "\udce9",
    "\r\n",
]
TEXTS = st.lists(st.sampled_from(SCRAPS + PIECES[:4]), max_size=6).map("".join) | st.text(
    alphabet='@a{}(),="#% \n\\', max_size=25
)


def same(one: Bibliography, other: Bibliography) -> None:
    assert one.source == other.source
    assert one.blocks == other.blocks
    assert one.entries == other.entries
    assert one.findings == other.findings
    assert one.macros == other.macros


@pytest.fixture(params=[(16, 16, 2), (16, 1 << 15, 16), (8192, 24, 1), (8192, 1 << 15, 16)], ids=str)
def piece(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in pieces so small that every block is cut, and look hardly past a broken block; and as usual."""
    for name, value in zip(("_SMALL", "_WINDOW", "_CROSSED"), request.param, strict=True):
        monkeypatch.setattr(blocks, name, value)
    monkeypatch.setattr(blocks, "_LARGE", request.param[0])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_size_of_the_pieces_makes_no_difference(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for source in variants(path.read_text(encoding="utf-8")):
        whole = Bibliography.parse(source)
        for size in (1, 7, 50, 200):
            with monkeypatch.context() as patch:
                patch.setattr(blocks, "_SMALL", size)
                patch.setattr(blocks, "_LARGE", size)
                same(Bibliography.parse(source), whole)


@pytest.mark.usefixtures("piece")
@settings(max_examples=60, deadline=None)
@given(before=TEXTS, old=TEXTS, new=TEXTS, after=TEXTS)
def test_an_update_is_a_fresh_parse(before: str, old: str, new: str, after: str) -> None:
    previous = Bibliography.parse(before + old + after)
    changed = before + new + after
    same(Bibliography.update(changed, previous), Bibliography.parse(changed))


@pytest.mark.usefixtures("piece")
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_small_changes_of_whole_files_are_a_fresh_parse(data: st.DataObject) -> None:
    source = "\n".join(data.draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=3)))
    bibliography = Bibliography.parse(source)
    for _ in range(3):
        start = data.draw(st.integers(0, len(source)))
        end = min(len(source), start + data.draw(st.integers(0, 40)))
        source = source[:start] + data.draw(st.sampled_from(["", *SCRAPS])) + source[end:]
        bibliography = Bibliography.update(source, bibliography)
        same(bibliography, Bibliography.parse(source))


def test_an_update_reads_little_of_a_long_file(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "".join(f"@misc{{k{number},\n  title = {{Number {number}}},\n}}\n\n" for number in range(5000))
    previous = Bibliography.parse(source)
    spent: list[int] = []
    split = blocks.split
    monkeypatch.setattr(blocks, "split", lambda source, start, stop: spent.append(stop - start) or split(source, start, stop))
    for changed in (source.replace("{Number 2500}", "{Changed}"), source + "@misc{last}", "@misc{first}\n" + source, source):
        updated = Bibliography.update(changed, previous)
        assert updated.blocks == Bibliography(changed, "", [block for block, _ in blocks.read(changed)]).blocks
        assert sum(spent) - len(changed) < 40_000
        spent.clear()


def test_a_macro_that_changes_changes_what_uses_it() -> None:
    source = read("macros.bib").source
    updated = Bibliography.update(source.replace("Journal of Small Results", "JSR"), Bibliography.parse(source))
    assert updated.entries[0].get("journal") == "JSR (long), series 2"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dump_loads_as_it_was(path: Path) -> None:
    for source in variants(path.read_text(encoding="utf-8")):
        parsed = Bibliography.parse(source, "x.bib")
        loaded = Bibliography.load(source, parsed.dump(), "x.bib")
        same(loaded, parsed)
        assert loaded.path == "x.bib"


def test_a_dump_spares_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = read("aligned.bib")
    dumped = parsed.dump()
    monkeypatch.setattr(blocks, "split", None)
    assert Bibliography.load(parsed.source, dumped).entries == parsed.entries


@pytest.mark.parametrize("damage", ["", "{}", "[]", "null", "{", "other source", "other version", "short column", "another key"])
def test_a_dump_that_does_not_fit_is_not_believed(damage: str) -> None:
    parsed = read("aligned.bib")
    head, columns = parsed.dump().split(b"\n", 1)
    data = damage.encode()
    if damage == "other source":
        data = Bibliography.parse("@misc{a}").dump()
    elif damage == "other version":
        data = json.dumps(json.loads(head) | {"version": table.VERSION + 1}).encode() + b"\n" + columns
    elif damage == "short column":
        data = head + b"\n" + columns[:-1]
    elif damage == "another key":
        data = head + b"\n" + columns[:-1] + b"?"
    same(Bibliography.load(parsed.source, data), parsed)


def test_real_files_are_updated_as_read(shared: Path) -> None:
    files = sorted((shared / "corpora" / "bib").rglob("*.bib"))[::23]
    assert len(files) > 20
    for number, path in enumerate(files):
        source = decode(path.read_bytes()).text
        parsed = Bibliography.parse(source)
        same(Bibliography.load(source, parsed.dump()), parsed)
        for scrap in (SCRAPS[number % len(SCRAPS)], "@misc{new, title = {x}}\n"):
            place = source.find("\n", len(source) * (number % 10) // 10) + 1
            changed = source[:place] + scrap + source[place:]
            same(Bibliography.update(changed, parsed), Bibliography.parse(changed))
