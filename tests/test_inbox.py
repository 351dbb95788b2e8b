"""The inbox of new papers: kept in git, ranked, dismissed for good."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeman.errors import CitemanError
from citeman.inbox import Found, Inbox

texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=10)
founds = st.builds(
    Found,
    texts,
    texts,
    texts,
    texts,
    st.dictionaries(texts, st.integers(0, 1000).map(lambda part: part / 1000), max_size=2),
    st.sampled_from(["new", "dismissed"]),
)
inboxes = st.builds(
    Inbox,
    st.lists(founds, max_size=3).map(lambda found: {one.identifier: one for one in found}),
    st.dictionaries(texts, st.dictionaries(texts, texts, max_size=2), max_size=2),
)


@given(inboxes)
def test_what_is_written_is_read_again(inbox: Inbox) -> None:
    assert Inbox.loads(inbox.dumps()) == inbox


def test_the_likest_paper_comes_first_and_one_of_the_store_not_at_all() -> None:
    inbox = Inbox()
    for number, score in ((1, 0.1), (2, 0.9), (3, 0.5)):
        inbox = inbox.with_found(Found(f"arXiv:2601.0000{number}", f"T{number}", sections={"g#a": score}))
    assert [found.title for found in inbox.waiting()] == ["T2", "T3", "T1"]
    assert [found.title for found in inbox.waiting(["arXiv:2601.00003"])] == ["T2", "T1"]


def test_a_dismissed_paper_never_comes_back() -> None:
    found = Found("arXiv:2601.00001", "T", sections={"g#a": 0.5})
    inbox = Inbox().with_found(found).dismissed(found.identifier)
    again = Inbox.loads(inbox.dumps()).with_found(Found("arXiv:2601.00001", "T", sections={"g#b": 0.9}))
    assert again.waiting() == ()
    assert set(again.papers[found.identifier].sections) == {"g#a", "g#b"}
    assert again.without(found.identifier).papers == {}


def test_how_far_a_query_was_asked_is_kept_by_section() -> None:
    inbox = Inbox().asked("g#a", "cat:cs.LG", "2026-01-01").asked("g#a", "ti:edge", "2026-02-01")
    assert (inbox.since("g#a", "cat:cs.LG"), inbox.since("g#b", "cat:cs.LG")) == ("2026-01-01", "")
    assert inbox.asked("g#a", "ti:edge", "2026-03-01").since("g#a", "ti:edge") == "2026-03-01"


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"format": 1}', '{"format": 1, "papers": {"a": {}}, "watched": {}}', "<<<<<<< ours"]
)
def test_a_damaged_inbox_is_one_line_that_says_what_to_do(text: str) -> None:
    with pytest.raises(CitemanError, match=r"citeman\.inbox.*git"):
        Inbox.loads(text)


def test_a_newer_inbox_is_refused() -> None:
    with pytest.raises(CitemanError, match="upgrade"):
        Inbox.loads('{"format": 9, "papers": {}, "watched": {}}')
