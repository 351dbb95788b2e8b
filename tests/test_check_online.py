"""`check --online`: what only the sources can tell, on a loopback upstream."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from citeman.cli import main
from tests import project as sample
from tests.checking import entry
from tests.upstream import Upstream

GUIDE = """# One

Known is [Jacot et al. (2018)](https://arxiv.org/abs/1806.07572), mistyped is [Cohen et al. (2021)](https://arxiv.org/abs/2103.09999),
and there are [a page]({web}/pages/here) and [another]({web}/pages/gone).
"""
NTK = entry(
    "misc", "jacot2018neural", author="Jacot, Arthur and Gabriel, Franck and Hongler, Clément", year="2018",
    title="Neural Tangent Kernel: Convergence and Generalization in Neural Networks", eprint="1806.07572", eprinttype="arxiv",
)  # fmt: skip
LISTS = "guide:\n  source: ../guide.md\nsections:\n  one:\n    title: One\n"


class Shelf:
    def __init__(self, root: Path, upstream: Upstream, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.upstream, self.capsys = root, upstream, capsys
        upstream.world.pages["here"] = "<html>here</html>"
        sample.write(root, NTK, LISTS, GUIDE.format(web=upstream.address))

    def check(self, *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
        code = main(["-C", str(self.root), "check", "--online", "--json", *arguments])
        printed = self.capsys.readouterr()
        return code, json.loads(printed.out)["findings"], printed.err

    def told(self, *rules: str) -> list[tuple[str, str, int]]:
        return [(found["rule"], found["path"], found["line"]) for found in self.check()[1] if found["rule"] in rules]


@pytest.fixture
def shelf(tmp_path: Path, upstream: Upstream, capsys: pytest.CaptureFixture[str]) -> Shelf:
    return Shelf(tmp_path, upstream, capsys)


ONLINE = ("unknown-identifier", "another-paper", "dead-url")


def test_a_mistyped_link_and_a_dead_page_are_found_in_the_guide(shelf: Shelf) -> None:
    assert shelf.told(*ONLINE) == [("unknown-identifier", "guide.md", 3), ("dead-url", "guide.md", 4)]


def test_without_online_nobody_is_asked(shelf: Shelf) -> None:
    assert main(["-C", str(shelf.root), "check"]) == 1
    assert not shelf.upstream.log


def test_an_identifier_that_nobody_knows_and_one_of_another_paper(shelf: Shelf) -> None:
    bib = NTK.replace("1806.07572", "2103.00065") + entry(
        "misc", "b", title="T", author="A, B", eprint="2103.09998", eprinttype="arxiv"
    )
    bib += entry("article", "c", title="T", author="C, D", doi="10.5555/nothing")
    (shelf.root / "references.bib").write_text(bib + entry(key="d", title="T", url=f"{shelf.upstream.address}/pages/away"))
    (shelf.root / "guide.md").write_text("# One\n")
    assert shelf.told(*ONLINE) == [
        ("another-paper", "references.bib", 5),
        ("unknown-identifier", "references.bib", 11),
        ("unknown-identifier", "references.bib", 17),
        ("dead-url", "references.bib", 21),
    ]
    found = {finding["key"]: finding for finding in shelf.check()[1] if finding["rule"] in ONLINE}
    assert "Typically Occurs at the Edge of Stability" in found["jacot2018neural"]["message"]
    assert (found["b"]["severity"], found["c"]["severity"]) == ("error", "hint")


def test_works_are_asked_for_in_batches_and_remembered(shelf: Shelf) -> None:
    ids = shelf.upstream.world.generate(120, published_every=0)
    papers = [
        entry("misc", f"p{id}", title=f"A study of phenomenon {n}", author=f"Number{n}, Ada", eprint=id, eprinttype="arxiv")
        for n, id in enumerate(ids, 1)
    ]
    (shelf.root / "references.bib").write_text("".join(papers))
    (shelf.root / "guide.md").write_text("# One\n")
    assert shelf.told(*ONLINE) == []
    assert shelf.upstream.counts["arxiv"] == 2
    shelf.upstream.forget()
    assert shelf.told(*ONLINE) == []
    assert not shelf.upstream.log


@pytest.mark.parametrize("kind", ["503", "reset", "html"])
def test_an_outage_is_no_finding(shelf: Shelf, kind: str) -> None:
    for service in ("arxiv", "arxiv-oai", "crossref", "datacite", "web"):
        shelf.upstream.break_(service, kind)
    (shelf.root / "citeman.toml").write_text(
        '[tool.citeman.severities]\nguide-unstored-paper = "off"\nlist-empty-section = "off"\n'
    )
    code, found, errors = shelf.check()
    assert [one for one in found if one["rule"] in ONLINE] == []
    assert code == 3
    assert "nothing was judged by silence" in errors


def test_a_refusal_or_a_stranger_says_nothing_of_a_page_and_is_no_outage(shelf: Shelf) -> None:
    shelf.upstream.break_("web", "403", times=1)
    shelf.upstream.break_("web", "redirect", times=1)
    assert ("dead-url", "guide.md", 4) not in shelf.told("dead-url")


def test_a_section_asks_for_its_papers_only(shelf: Shelf) -> None:
    shelf.check("--section", "one")
    assert not shelf.upstream.log


def test_online_findings_can_be_waived(shelf: Shelf) -> None:
    (shelf.root / "citeman.toml").write_text(
        '[[tool.citeman.waivers]]\nrule = "dead-url"\ntarget = "guide.md"\nreason = "moves"\n'
    )
    assert shelf.told("dead-url") == []
