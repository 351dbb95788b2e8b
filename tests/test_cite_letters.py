"""The letters of citations: the same whether all of a store is read for them or only what shares a label."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeman.commands.cite import cite
from citeman.project import Project


def test_a_letter_is_the_same_however_many_papers_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = ["Jacot, Arthur and Lee, Ada and Ng, Bo", "Müller, Jörg", "Muller, J.", "{The Group}", ""]
    entries = (
        f"@misc{{k{number}, author = {{{people[number % 5]}}}, title = {{T{number % 7}: {number}}}, year = {{{2000 + number % 4}}}}}\n"
        for number in range(60)
    )
    (tmp_path / "references.bib").write_text("".join(entries) + "@misc{k3, author = {Jacot, Arthur}}\n", encoding="utf-8")
    few = [cite(Project.open(tmp_path), f"k{number}")[0].label for number in range(60)]
    monkeypatch.setattr("citeman.haystack.FEW_ENTRIES", 10)
    assert [cite(Project.open(tmp_path), f"k{number}")[0].label for number in range(60)] == few
    assert len(set(few)) == 60
