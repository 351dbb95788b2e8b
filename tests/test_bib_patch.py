"""An edit inside one entry: what is kept of the source after it is what reading all of it would keep, or nothing is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeman.bib import Bibliography
from citeman.bib.patch import Patched, patched
from citeman.bib.table import dumps, encoded, table_of
from citeman.text import decode
from tests.test_bib_changes import PIECES, SCRAPS

PLAIN = r"""@string{jml = {Journal of Mäde-up Learning}}
@article{cohen2021edge,
  author = {Cohen, J. and M{\"u}ller, J{\"o}rg},
  title = {Edges of {SGD}},
  journal = jml,
  year = 2021,
}

@misc{lee1998ntk, title = "Kernels before breakfast", year = {1998}}
@string{later = {Later}}
"""


def after(old: str, new: str) -> Patched | None:
    """Return what the edit makes of what was kept, and hold it against reading all."""
    before, now = Bibliography.parse(old), Bibliography.parse(new)
    found = patched(encoded(new), encoded(old), table_of(old, before.blocks))
    if found:
        assert dumps(found.table) == dumps(table_of(new, now.blocks)._replace(names=found.table.names, types=found.table.types))
        assert [found.table.names[number] for number in found.table.types] == [block.type for block in now.blocks]
        (entry,) = Bibliography(found.excerpt, "", found.blocks).at([found.place])
        whole = now.get(entry.key)
        assert whole
        assert (entry.type, [field[:2] for field in shown(entry)]) == (whole.type, [field[:2] for field in shown(whole)])
        assert found.excerpt[entry.start : entry.end] == new[whole.start : whole.end]
    return found


def shown(entry: object) -> list[tuple[str, str]]:
    return [(field.name, field.value) for field in getattr(entry, "fields")]  # noqa: B009


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SGD", "SGD and more"),
        ("Edges of {SGD}", "Ränder"),
        ('J{\\"o}rg', "Jörg"),
        ("  year = 2021,\n", ""),
        ("  year = 2021,\n", "  year = 2021,\n  month = jan,\n  note = later,\n"),
        ("@article", "@online"),
        ("breakfast", "supper"),
        ("year = {1998}", "year = {1998},"),
    ],
)
def test_plain_edits_are_taken(old: str, new: str) -> None:
    assert after(PLAIN, PLAIN.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lee1998ntk", "lee1998new"),
        ("lee1998ntk", "cohen2021edge"),
        ("@article", "@\ufeffarticle"),
        ("  author", "  author \\"),
        ("@article", "@\r\narticle"),
        ("Edges", "Edges}"),
        ("  year = 2021,\n", "  year = 2021\n  month = jan,\n"),
        ("  year = 2021,\n", "  year = 2021,\n  year = 2022,\n"),
        ("Edges of {SGD}", "@misc{x, title = {Edges}}"),
        ("Edges of {SGD}", "Edges\\\\}"),
        ("= jml", '= jml # " (long)"'),
        ("  year", "  crossref = {lee1998ntk},\n  year"),
        ("Later", "Sooner"),
        ("@string{later", "@misc{new}\n@string{later"),
        ('before breakfast"', 'before {"}breakfast"'),
        (PLAIN, ""),
    ],
)
def test_what_may_reach_further_is_not(old: str, new: str) -> None:
    assert after(PLAIN, PLAIN.replace(old, new)) is None


def test_a_parent_is_left_to_those_who_read_all() -> None:
    source = PLAIN + "@misc{child, crossref = {LEE1998ntk}}\n"
    assert after(source, source.replace("breakfast", "supper")) is None
    assert after(source, source.replace("SGD", "GD"))


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_edit_is_told_right_or_not_at_all(data: st.DataObject) -> None:
    old = "\n".join(data.draw(st.lists(st.sampled_from([PLAIN, *PIECES]), min_size=1, max_size=2)))
    start = data.draw(st.integers(0, len(old)))
    end = min(len(old), start + data.draw(st.sampled_from([0, 0, 1, 2, 40])))
    after(old, old[:start] + data.draw(st.sampled_from(["", "x", "year = 3,", *SCRAPS])) + old[end:])


def test_edits_of_real_files_are_told_right(shared: Path) -> None:
    taken = 0
    files = sorted((shared / "corpora" / "bib").rglob("*.bib"))[::37]
    for number, path in enumerate(files):
        old = decode(path.read_bytes()).text
        for turn, scrap in enumerate(("x", "\n", "{y}", '"', "}", "note = {z},\n", "\\")):
            place = old.find("\n" if turn % 2 else "{", len(old) * (number % 7 + turn) // 14) + 1
            taken += after(old, old[:place] + scrap + old[place:]) is not None
    assert taken > len(files)
