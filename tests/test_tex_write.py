"""Plain text written as BibTeX: what is escaped, and which words of a title keep their capitals."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeman import tex

WORDS = st.sampled_from(
    ["Adam", "ReLU", "the", "neural", "GPT-4", "O'Neill's", "R&D", "50%", "a_b", "$34m", "$x^2$", "#1", "Q-Learning", "Müller:"]
)
TITLES = st.lists(
    WORDS | st.text(alphabet=st.characters(exclude_characters="\\{}$~`'", exclude_categories=["C"]), max_size=8), max_size=12
)


@pytest.mark.parametrize(
    ("title", "value"),
    [
        (
            "Gradient Descent Typically Occurs at the Edge of Stability",
            "Gradient Descent Typically Occurs at the Edge of Stability",
        ),
        ("Adam: A Method for Stochastic Optimization", "Adam: A Method for Stochastic Optimization"),
        ("Training deep nets with Adam and ReLU units", "Training deep nets with {Adam} and {ReLU} units"),
        ("SGD on CIFAR-10 with GPT-4's budget", "{SGD} on {CIFAR-10} with {GPT-4}'s budget"),
        (
            "Bayesian Deep Learning and Hessian-Free Newton's Methods",
            "Bayesian Deep Learning and {Hessian}-Free {Newton}'s Methods",
        ),
        ("Bounds for the Kullback-Leibler Divergence", "Bounds for the {Kullback-Leibler} Divergence"),
        ("t-SNE, mRNA and C++ in the U.S.", "t-{SNE}, {mRNA} and {C++} in the {U.S.}"),
        ("On Q-Learning and O(n) Bounds", "On {Q}-Learning and {O}(n) Bounds"),
        ("A rate of $O(1/k^2)$ & $34m", r"A rate of $O(1/k^2)$ \& \$34m"),
        ("DEEP LEARNING WITH SGD AND MORE", "DEEP LEARNING WITH SGD AND MORE"),
        ("The {NTK} of `x_y`", r"The {NTK} of `x\_y`"),
        ("See http://a.b/c_d%20e", "See http://a.b/c_d%20e"),
    ],
)
def test_a_title_keeps_the_capitals_that_mean_something(title: str, value: str) -> None:
    assert tex.protect(title) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a & b_c 50% #1 x^2", r"a \& b\_c 50\% \#1 x\textasciicircum{}2"),
        (r"already \& done $a_b$ \emph{x}", r"already \& done $a_b$ \emph{x}"),
        ("lone { brace", r"lone \textbraceleft{} brace"),
        (r"\{1, 2", r"\textbraceleft{}1, 2"),
        ("C:\\", r"C:\textbackslash{}"),
    ],
)
def test_specials_are_escaped_once(text: str, value: str) -> None:
    assert tex.escape(text) == value
    assert tex.escape(value) == value


@given(TITLES)
@settings(max_examples=150, deadline=None)
def test_a_protected_title_shows_the_title(words: list[str]) -> None:
    title = " ".join(" ".join(words).split())
    assert tex.to_unicode(tex.protect(title)) == tex.to_unicode(title)


@given(st.text(alphabet=st.sampled_from("\\{}$aB1-&%_ :'."), max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_text_can_stand_in_an_entry_and_is_written_once(text: str) -> None:
    value = tex.protect(text)
    assert tex.protect(value) == value
    depth = 0
    for char in value:
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0
