"""`citeman sync` while the services fail in every way: the others' results land, and nothing is judged by silence."""

from __future__ import annotations

import pytest

from tests.test_sync import FLOW, LISTS, NTK, Shelf, shelf

__all__ = ["shelf"]

KINDS = ("429", "406", "403", "500", "503", "504", "truncated", "reset", "html", "text", "empty", "bomb", "redirect", "loop")
STAND_INS = ("arxiv-oai", "datacite")
ARTICLE = """
@article{cole2020flow, title = {Flows of nets}, author = {Cole, Cy}, journal = {Journal of Flows}, year = {2020},
  doi = {10.5555/flow.1}}
"""


@pytest.fixture
def moved(shelf: Shelf) -> Shelf:
    """A synced store of a preprint and an article, both of which upstream has changed since."""
    world = shelf.upstream.world
    work = world.publish("10.5555/flow.1", "Flows of nets", "Cy Cole", "Journal of Flows", "2020-05-01")
    shelf.write(bib=NTK + FLOW + ARTICLE, lists=LISTS)
    shelf.sync()
    world.revise("2401.00001", "2024-03-01", title="Wide nets beyond the edge")
    work["title"] = ["Flows of many nets"]
    return shelf


def entries(shelf: Shelf) -> tuple[bool, bool]:
    """Whether the preprint and the article are up to date; everything else must be as it was."""
    preprint, article = "Wide nets beyond the edge" in shelf.bib, "Flows of many nets" in shelf.bib
    as_it_was = shelf.bib.replace("Wide nets beyond the edge", "Wide nets at the edge").replace(
        "Flows of many nets", "Flows of nets"
    )
    assert as_it_was == NTK + FLOW + ARTICLE
    return preprint, article


@pytest.mark.parametrize("kind", KINDS)
def test_crossref_fails_and_arxivs_results_land(moved: Shelf, kind: str) -> None:
    moved.upstream.break_("crossref", kind)
    report = moved.sync("--force", code=3)
    assert report["unreachable"] == ["crossref"]
    assert "cole2020flow" in report["unanswered"]
    assert entries(moved) == (True, False)
    moved.upstream.mend()
    moved.sync("--force")
    assert entries(moved) == (True, True)


@pytest.mark.parametrize("kind", KINDS)
def test_arxiv_and_its_stand_ins_fail_and_crossrefs_results_land(moved: Shelf, kind: str) -> None:
    for service in ("arxiv", *STAND_INS):
        moved.upstream.break_(service, kind)
    report = moved.sync("--force", code=3)
    assert "arxiv" in report["unreachable"]
    assert report["unanswered"] == ["ash2024wide", "jacot2018neural"]
    assert entries(moved) == (False, True)
    moved.upstream.mend()
    moved.sync("--force")
    assert entries(moved) == (True, True)


@pytest.mark.parametrize("broken", [("arxiv",), ("arxiv", "arxiv-oai")])
def test_arxiv_fails_and_its_stand_ins_speak(moved: Shelf, broken: tuple[str, ...]) -> None:
    for service in broken:
        moved.upstream.break_(service, "503")
    report = moved.sync("--force", code=3)
    assert report["unanswered"] == []
    assert entries(moved) == (True, True)
    moved.upstream.mend()
    settled = moved.bib
    moved.sync("--force")
    assert moved.bib == settled


@pytest.mark.parametrize("kind", ["429", "500", "reset", "truncated", "empty"])
def test_a_service_that_recovers_is_asked_again_and_nobody_notices(moved: Shelf, kind: str) -> None:
    for service in ("arxiv", "crossref"):
        moved.upstream.break_(service, kind, times=1)
    assert moved.sync("--force")["unreachable"] == []
    assert entries(moved) == (True, True)


def test_a_slow_service_is_given_up(moved: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEMAN_TIMEOUT", "0.1")
    moved.upstream.break_("crossref", "slow", after="0.5")
    assert moved.sync("--force", code=3)["unreachable"] == ["crossref"]
    assert entries(moved) == (True, False)


def test_a_withdrawal_that_cannot_be_confirmed_now_is_confirmed_later(moved: Shelf) -> None:
    moved.upstream.world.withdraw("1806.07572", "2025-08-01", "Withdrawn: Lemma 3 is wrong")
    moved.upstream.break_("arxiv-oai", "503")
    report = moved.sync("--force", code=3)
    assert [change["action"] for change in report["changes"] if change["kind"] == "withdrawn"] == ["kept"]
    assert moved.lock.get("jacot2018neural").withdrawn == ""
    moved.upstream.mend()
    report = moved.sync("--force")
    assert [change["action"] for change in report["changes"] if change["kind"] == "withdrawn"] == ["taken"]
    assert moved.lock.get("jacot2018neural").withdrawn == "Withdrawn: Lemma 3 is wrong"
