"""Ranking sections for a paper, and papers for a section."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeman import likeness

SECTIONS = {
    "classical": "Convex optimization: step sizes, convergence rates of gradient descent, heavy-ball momentum, acceleration.",
    "linear": "Deep linear networks: exact solutions of the learning dynamics; balanced weights, saddles, singular modes.",
    "stability": "The sharpness rises until it hovers at the edge of stability; large step sizes and catapults.",
    "kernel": "Wide networks behave as kernel machines; the tangent kernel is constant in the infinite width limit.",
}


def best(text: str) -> str:
    return likeness.rank(text, SECTIONS)[0][0]


@pytest.mark.parametrize(
    ("paper", "section"),
    [
        ("Exact dynamics of a {L}inear network with two layers. We solve the saddle-to-saddle motion of its modes.", "linear"),
        ("What happens to sharpness when the step size is large", "stability"),
        ("Tangent kernels at infinite width", "kernel"),
        ("A fast rate for accelerated methods of convex problems with momentum", "classical"),
    ],
)
def test_a_paper_is_ranked_into_the_section_that_speaks_of_its_topic(paper: str, section: str) -> None:
    assert best(paper) == section


def test_accents_case_tex_and_plural_do_not_matter() -> None:
    documents = {"a": "Erd\u0151s graphs", "b": "other things"}
    assert likeness.rank(r"An {E}rd{\H o}s Graph", documents)[0] == ("a", pytest.approx(1.0))


def test_small_words_bring_nothing_together() -> None:
    assert likeness.rank("This is what we show in our paper", {"a": "These are the things that we use here"}) == [("a", 0.0)]


def test_one_document_is_still_scored() -> None:
    assert likeness.rank("tangent kernel", {"a": "the tangent kernel of a network"})[0][1] > 0.5


def test_nothing_to_compare() -> None:
    assert likeness.rank("kernel", {}) == []
    assert likeness.rank("", {"a": "x y", "b": ""}) == [("a", 0.0), ("b", 0.0)]


@given(st.text(max_size=60), st.dictionaries(st.text(max_size=4), st.text(max_size=60), max_size=4))
def test_every_document_is_ranked_once_with_a_score_from_0_to_1(text: str, documents: dict[str, str]) -> None:
    ranked = likeness.rank(text, documents)
    assert sorted(name for name, _ in ranked) == sorted(documents)
    scores = [score for _, score in ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


@given(st.sampled_from(sorted(SECTIONS)))
def test_a_section_is_most_like_itself(name: str) -> None:
    assert best(SECTIONS[name]) == name
