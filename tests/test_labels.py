"""Labels that are unique over the store and never swap, citations in Markdown, and references for every entry type."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeman.labels import labels, markdown, reference, reference_html, suffixes, venue
from citeman.model import Entry, Field


def entry(kind: str, key: str = "key", /, **fields: str) -> Entry:
    return Entry(kind, key, tuple(Field(name, value, 0, 0, 0, 0, 0) for name, value in fields.items()))


def paper(
    key: str, author: str = "Jacot, Arthur and Gabriel, Franck and Hongler, Cl{\\'e}ment", year: str = "2018", title: str = ""
) -> Entry:
    return entry("article", key, author=author, title=title or key, year=year)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"author": "Jacot, A. and Gabriel, F. and Hongler, C.", "year": "2018"}, "Jacot et al. (2018)"),
        ({"author": "Cohen, J. and Damian, A.", "year": "2021"}, "Cohen and Damian (2021)"),
        ({"author": "Polyak, Boris", "date": "1964-05-01"}, "Polyak (1964)"),
        ({"author": "{Gemma Team} and Doe, J. and Roe, R.", "year": "{2024}"}, "Gemma Team et al. (2024)"),
        ({"author": "{DeepSeek-AI}", "year": "2025"}, "DeepSeek-AI (2025)"),
        ({"author": r"Erd{\H o}s, P. and others", "year": "1960"}, "Erdős et al. (1960)"),
        ({"editor": 'Orr, G. and M{\\"u}ller, K.', "year": "1998"}, "Orr and Müller (1998)"),
        ({"title": "The {Bitter} Lesson: an essay", "year": "2019"}, "The Bitter Lesson (2019)"),
        ({"author": "van der Vaart, A.", "year": "to appear"}, "van der Vaart (to appear)"),
        ({"author": "Kim, B."}, "Kim (n.d.)"),
    ],
)
def test_a_paper_is_called_by_author_and_year(fields: dict[str, str], text: str) -> None:
    assert labels([entry("article", "key", **fields)])["key"].text == text


def test_papers_of_one_label_get_letters_by_title() -> None:
    found = labels([paper("k1", title="Zeta"), paper("k2", title="Alpha"), paper("k3", year="2019")])
    assert {key: label.text for key, label in found.items()} == {
        "k1": "Jacot et al. (2018b)",
        "k2": "Jacot et al. (2018a)",
        "k3": "Jacot et al. (2019)",
    }


def test_accents_do_not_tell_labels_apart() -> None:
    found = labels([paper("k1", 'M{\\"u}ller, A'), paper("k2", "Muller, B")])
    assert sorted(label.suffix for label in found.values()) == ["a", "b"]


def test_a_pinned_letter_stays_and_a_new_paper_takes_the_next() -> None:
    first = labels([paper("k1", title="M"), paper("k2", title="N")])
    pinned = suffixes(first)
    second = labels([paper("k0", title="A"), paper("k1", title="M"), paper("k2", title="N")], pinned)
    assert {key: label.suffix for key, label in second.items()} == {"k0": "c", "k1": "a", "k2": "b"}


def test_the_paper_that_was_there_first_takes_the_first_letter() -> None:
    pinned = suffixes(labels([paper("old", title="Z")]))
    assert pinned == {"old": ""}
    assert suffixes(labels([paper("new", title="A"), paper("old", title="Z")], pinned)) == {"old": "a", "new": "b"}


def test_one_letter_pinned_twice_is_given_once() -> None:
    found = labels([paper("k1", title="A"), paper("k2", title="B")], {"k1": "a", "k2": "a"})
    assert suffixes(found) == {"k1": "a", "k2": "b"}


def test_letters_go_on_after_z() -> None:
    found = suffixes(labels([paper(f"k{number:02}") for number in range(28)]))
    assert [found["k00"], found["k25"], found["k26"], found["k27"]] == ["a", "z", "aa", "ab"]


@given(st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1), st.sets(st.sampled_from("abcdefgh"), min_size=1))
@settings(max_examples=60, deadline=None)
def test_adding_papers_never_changes_a_letter(before: list[str], added: set[str]) -> None:
    pinned = suffixes(labels([paper(key) for key in before]))
    after = suffixes(labels([paper(key) for key in {*before, *added}], pinned))
    assert all(after[key] == suffix for key, suffix in pinned.items() if suffix)
    assert len(set(after.values())) == len(after)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("abcdef")), max_size=20))
def test_no_letter_is_swapped_in_whatever_order_papers_come_and_go(steps: list[tuple[bool, str]]) -> None:
    present: set[str] = set()
    pinned: dict[str, str] = {}
    for comes, key in steps:
        present = present | {key} if comes else present - {key}
        now = suffixes(labels([paper(one) for one in present], pinned))
        assert all(now[one] == letter for one, letter in pinned.items() if letter and one in present)
        assert len(set(now.values())) == len(now)
        pinned = now


@pytest.mark.parametrize(
    ("label", "url", "citation"),
    [
        ("Jacot et al. (2018)", "https://arxiv.org/abs/1806.07572", "[[Jacot et al. (2018)]](https://arxiv.org/abs/1806.07572)"),
        (
            "Polyak (1964)",
            "https://doi.org/10.1016/0041(64)90137-5",
            "[[Polyak (1964)]](https://doi.org/10.1016/0041%2864%2990137-5)",
        ),
        ("A*_[b]", "http://a.b/<c> d", "[[A\\*\\_\\[b\\]]](http://a.b/%3Cc%3E%20d)"),
        ("Robin (2020)", "", "Robin (2020)"),
    ],
)
def test_a_citation_is_written_as_markdown_reads_it(label: str, url: str, citation: str) -> None:
    assert markdown(label, url) == citation


REFERENCES = [
    (
        entry(
            "article",
            author="Robbins, Herbert and Monro, Sutton",
            title="A Stochastic Approximation Method",
            year="1951",
            volume="22",
            journal="The Annals of Mathematical Statistics",
            number="3",
            pages="400--407",
            doi="10.1214/aoms/1177729586",
        ),
        "Herbert Robbins and Sutton Monro (1951). A Stochastic Approximation Method. "
        "The Annals of Mathematical Statistics, 22(3):400–407. doi:10.1214/aoms/1177729586",
    ),
    (
        entry("article", author="A, B", title="No issue", year="2020", journal="J. X", eid="e12-3", volume="7"),
        "B A (2020). No issue. J. X, 7:e12-3.",
    ),
    (
        entry(
            "inproceedings",
            author="Jacot, Arthur and Gabriel, Franck and Hongler, Cl{\\'e}ment",
            year="2018",
            eprint="1806.07572",
            title="Neural Tangent Kernel: Convergence and Generalization",
            booktitle="Advances in Neural Information Processing Systems",
            volume="31",
            pages="8571-8580",
            publisher="Curran Associates",
            eprinttype="arxiv",
        ),
        "Arthur Jacot, Franck Gabriel, and Clément Hongler (2018). Neural Tangent Kernel: Convergence and Generalization. "
        "In Advances in Neural Information Processing Systems, volume 31, pp. 8571–8580. Curran Associates. arXiv:1806.07572",
    ),
    (
        entry(
            "inproceedings", author="A, B", title="Why?", year="2019", booktitle="Proceedings of ICML", series="PMLR", volume="97"
        ),
        "B A (2019). Why? In Proceedings of ICML, PMLR 97.",
    ),
    (
        entry(
            "incollection",
            author="LeCun, Yann",
            title="Efficient {BackProp}",
            year="1998",
            editor='Orr, Genevieve B. and M{\\"u}ller, K.',
            booktitle="Neural Networks: Tricks of the Trade",
            pages="9",
            publisher="Springer",
            address="Berlin",
            edition="2",
        ),
        "Yann LeCun (1998). Efficient BackProp. In Genevieve B. Orr and K. Müller (eds.), "
        "Neural Networks: Tricks of the Trade, 2nd ed., p. 9. Springer, Berlin.",
    ),
    (
        entry("inbook", author="A, B", title="The Book", year="2001", chapter="4", pages="1--9", publisher="MIT Press"),
        "B A (2001). The Book. Chapter 4, pp. 1–9. MIT Press.",
    ),
    (
        entry(
            "book",
            author="Boyd, Stephen and Vandenberghe, Lieven",
            title="Convex Optimization",
            year="2004",
            edition="Second",
            series="Texts",
            volume="4",
            publisher="Cambridge University Press",
            url="https://web.stanford.edu/~boyd/cvxbook/",
        ),
        "Stephen Boyd and Lieven Vandenberghe (2004). Convex Optimization (Second ed.). Texts 4. Cambridge University Press. "
        "https://web.stanford.edu/~boyd/cvxbook/",
    ),
    (entry("book", editor="Orr, G.", title="Tricks", year="1998", edition="12"), "G. Orr (ed.) (1998). Tricks (12th ed.)."),
    (
        entry("phdthesis", author="Saxe, Andrew", title="Deep Linear Networks", year="2015", school="Stanford University"),
        "Andrew Saxe (2015). Deep Linear Networks. PhD thesis, Stanford University.",
    ),
    (
        entry("thesis", author="A, B", title="T", year="2015", type="mathesis", institution="ETH"),
        "B A (2015). T. Master’s thesis, ETH.",
    ),
    (
        entry("techreport", author="Widrow, B.", title="Switching", year="1960", institution="Stanford", number="1553-1"),
        "B. Widrow (1960). Switching. Technical report 1553-1, Stanford.",
    ),
    (
        entry(
            "misc",
            author="A, B",
            title="A Preprint",
            year="2021",
            eprint="2103.00065",
            archiveprefix="arXiv",
            note="Spotlight",
            howpublished="\\url{https://arxiv.org/abs/2103.00065}",
        ),
        "B A (2021). A Preprint. Spotlight. arXiv:2103.00065",
    ),
    (
        entry("article", author="A, B", title="A Preprint", year="2021", journal="arXiv preprint arXiv:2103.00065"),
        "B A (2021). A Preprint. arXiv:2103.00065",
    ),
    (
        entry(
            "online",
            title="The Bitter Lesson",
            author="Sutton, Richard",
            year="2019",
            organization="Incomplete Ideas",
            url="http://a.b/~x",
        ),
        "Richard Sutton (2019). The Bitter Lesson. Incomplete Ideas. http://a.b/~x",
    ),
    (
        entry("software", author="{Google}", title="JAX", year="2018", version="0.3", url="https://jax.dev"),
        "Google (2018). JAX. Version 0.3. https://jax.dev",
    ),
    (entry("unpublished", author="A, B", title="Draft", year="2022"), "B A (2022). Draft. Unpublished manuscript."),
    (entry("unpublished", author="A, B", title="Draft", year="2022", note="Lecture notes"), "B A (2022). Draft. Lecture notes."),
    (
        entry(
            "inproceedings", author="A, B", title="T", year="2016", booktitle="COLT", publisher="arXiv preprint arXiv:1602.04485"
        ),
        "B A (2016). T. In COLT. arXiv:1602.04485",
    ),
    (entry("misc", title="Nobody's work"), "Nobody's work."),
    (entry("misc"), ""),
]


@pytest.mark.parametrize(("work", "text"), REFERENCES, ids=lambda value: value.type if isinstance(value, Entry) else "")
def test_a_reference_reads_well_for_every_type(work: Entry, text: str) -> None:
    assert reference(work) == text


@pytest.mark.parametrize(("work", "text"), REFERENCES, ids=lambda value: value.type if isinstance(value, Entry) else "")
def test_the_html_says_the_same(work: Entry, text: str) -> None:
    root = ElementTree.fromstring(f"<p>{reference_html(work)}</p>")
    assert "".join(root.itertext()) == text


def test_html_marks_works_and_links_identifiers() -> None:
    markup = reference_html(REFERENCES[0][0])
    assert "<cite>The Annals of Mathematical Statistics</cite>, 22(3):400–407." in markup
    assert '<a href="https://doi.org/10.1214/aoms/1177729586">doi:10.1214/aoms/1177729586</a>' in markup
    assert "Optimization</cite> (Second ed.)" in reference_html(REFERENCES[6][0])


def test_the_letter_of_the_label_stands_after_the_year() -> None:
    assert reference(paper("k", "Abel, N"), suffix="b").startswith("N Abel (2018b).")


def test_a_long_list_of_authors_is_cut() -> None:
    many = " and ".join(f"N{number}, G" for number in range(12))
    assert reference(entry("misc", author=many, year="2020")) == "G N0, G N1, G N2, G N3, G N4, G N5, G N6, G N7, et al. (2020)."


def test_nothing_in_an_entry_becomes_markup() -> None:
    hostile = "<script>alert(1)</script>\"'&\\href{javascript:x}{y}"
    names = (
        "author",
        "title",
        "journal",
        "volume",
        "pages",
        "doi",
        "url",
        "note",
        "publisher",
        "year",
        "edition",
        "series",
        "howpublished",
    )
    for kind in ("article", "book", "misc", "inproceedings", "phdthesis", "online"):
        for skipped in names:
            markup = reference_html(entry(kind, **{name: hostile for name in names if name != skipped}))
            root = ElementTree.fromstring(f"<p>{markup}</p>")
            assert {element.tag for element in root.iter()} <= {"p", "a", "cite", "i", "em"}
            assert all(element.get("href", "https:").startswith("http") for element in root.iter())


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"journal": "The {A}nnals"}, "The Annals"),
        ({"journal": "CoRR", "booktitle": "ICML"}, "ICML"),
        ({"howpublished": "\\url{http://a}"}, ""),
        ({"school": "MIT"}, "MIT"),
    ],
)
def test_the_venue_is_where_it_came_out(fields: dict[str, str], shown: str) -> None:
    assert venue(entry("article", **fields)) == shown
