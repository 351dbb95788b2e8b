"""`citeman sync --watch` and `citeman inbox`: new papers for a section, ranked, and dismissed for good."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from citeman.inbox import Inbox
from tests.test_sync import LISTS, Shelf, shelf

__all__ = ["shelf"]

WATCHING = LISTS.replace("    title: Edge\n", '    title: Edge\n    watch: ["cat:cs.LG AND ti:edge"]\n')


def day(back: int) -> str:
    return (datetime.now(UTC) - timedelta(days=back)).date().isoformat()


@pytest.fixture
def watching(shelf: Shelf) -> Shelf:
    shelf.write(lists=WATCHING)
    world = shelf.upstream.world
    world.add("2611.00001", "Cooking at the edge of a table", "Cy Cole", day(5))
    world.add("2611.00002", "Wide nets train at the edge", "Di Dorn", day(6))
    world.add("2611.00003", "Wide nets in the middle", "Ed Ely", day(5))
    world.add("2411.00004", "The edge of long ago", "Flo Fink", day(400))
    shelf.sync("--watch")
    return shelf


def inbox(shelf: Shelf, *arguments: str, code: int = 0) -> Any:
    done = shelf.run("inbox", *arguments, "--json")
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout) if done.stdout else done.stderr


def listed(shelf: Shelf) -> list[str]:
    return [paper["identifier"] for paper in inbox(shelf)["papers"]]


def test_what_is_new_goes_to_the_inbox_ranked_by_likeness_to_the_section(watching: Shelf) -> None:
    assert listed(watching) == ["arXiv:2611.00002", "arXiv:2611.00001"]
    (first, second) = inbox(watching, "--section", "edge")["papers"]
    assert first["sections"]["guide#edge"] > second["sections"]["guide#edge"]
    assert inbox(watching, "--section", "kernels")["papers"] == []


def test_a_second_watch_changes_nothing_and_a_dismissed_paper_stays_away(watching: Shelf) -> None:
    before = watching.files()
    watching.sync("--watch")
    assert watching.files() == before
    inbox(watching, "dismiss", "2611.00001v1")
    assert listed(watching) == ["arXiv:2611.00002"]
    assert watching.sync("--watch")["inbox"] == []
    assert listed(watching) == ["arXiv:2611.00002"]


def test_a_paper_that_is_shown_days_after_its_submission_is_not_missed(watching: Shelf) -> None:
    watching.upstream.world.add("2611.00005", "Late at the edge", "Gus Gray", day(4))
    assert watching.sync("--watch")["inbox"] == ["arXiv:2611.00005"]


def test_a_paper_of_the_store_is_no_news(watching: Shelf) -> None:
    mine = (
        "@misc{dorn2026wide, title={Wide nets train at the edge}, author={Dorn, Di}, eprint={2611.00002}, eprinttype={arXiv}}\n"
    )
    watching.write(bib=watching.bib + mine)
    assert listed(watching) == ["arXiv:2611.00001"]


def test_empty_pages_are_paged_through(shelf: Shelf) -> None:
    shelf.write(lists=WATCHING)
    for number in range(210):
        shelf.upstream.world.add(f"2611.1{number:04}", f"Edge {number}", "Cy Cole", day(3))
    shelf.sync()
    shelf.upstream.empty_pages.add(0)
    assert len(shelf.sync("--watch")["inbox"]) == 200


def test_arxiv_down_is_asked_for_the_same_time_later(shelf: Shelf) -> None:
    shelf.write(lists=WATCHING)
    shelf.sync()
    shelf.upstream.break_("arxiv", "503")
    report = shelf.sync("--watch", code=3)
    assert report["unreachable"] == ["arxiv"]
    assert not (shelf.root / "refs/citeman.inbox").exists()


def test_a_refused_query_is_a_finding_with_its_place(shelf: Shelf) -> None:
    shelf.write(lists=LISTS.replace("    title: Edge\n", '    title: Edge\n    watch: [""]\n'))
    report = shelf.sync("--watch")
    assert report["inbox"] == []


def test_an_accepted_paper_is_added_and_listed_in_the_section_that_found_it(watching: Shelf) -> None:
    report = inbox(watching, "accept", "https://arxiv.org/abs/2611.00002", "--why", "It trains.")
    (added,) = report["added"]
    assert (added["key"], added["sections"]) == ("dorn2026wide", ["edge"])
    assert "@misc{dorn2026wide," in watching.bib
    assert "why: It trains." in (watching.root / "refs/guide.yaml").read_text(encoding="utf-8")
    assert listed(watching) == ["arXiv:2611.00001"]
    settled = watching.files()
    assert watching.sync("--watch", "--force")["changes"] == []
    assert watching.files() == settled


def test_a_paper_is_accepted_into_another_section(watching: Shelf) -> None:
    report = inbox(watching, "accept", "2611.00002", "2611.00001", "--section", "kernels")
    assert [paper["sections"] for paper in report["added"]] == [["kernels"], ["kernels"]]
    assert listed(watching) == []


def test_a_paper_that_cannot_be_asked_about_stays_in_the_inbox(watching: Shelf) -> None:
    for service in ("arxiv", "arxiv-oai", "datacite"):
        watching.upstream.break_(service, "503")
    before = watching.files()
    assert inbox(watching, "accept", "2611.00002", code=3)["failed"][0]["unreachable"] is True
    assert watching.files() == before


@pytest.mark.parametrize("name", ["2611.00009", "nonsense"])
@pytest.mark.parametrize("action", ["accept", "dismiss"])
def test_only_what_is_in_the_inbox_can_be_decided(watching: Shelf, action: str, name: str) -> None:
    done = watching.run("inbox", action, name)
    assert (done.returncode, f"no paper {name!r} in the inbox" in done.stderr) == (2, True)


def test_the_inbox_is_one_text_that_git_can_merge(watching: Shelf) -> None:
    text = (watching.root / "refs/citeman.inbox").read_text(encoding="utf-8")
    assert Inbox.loads(text).dumps() == text
    assert '"cat:cs.LG AND ti:edge": "' in text
