"""Facts of one work from several sources: who is believed, what is mended, who is another work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeman.merge import combine, same_work
from citeman.merge.titles import mended
from citeman.model import Record, SourceName

PREPRINT = Record(
    "arxiv",
    "arXiv:2103.00065",
    "misc",
    {
        "title": "Gradient descent on neural networks typically occurs at the edge of {SGD} stability",
        "author": "Cohen, Jeremy M. and Kaur, Simran and Zico Kolter, J.",
        "year": "2021",
        "eprint": "2103.00065",
        "eprinttype": "arxiv",
        "eprintclass": "cs.LG",
    },
    version=3,
    published="2021-02-26",
    updated="2022-11-23",
)
PUBLISHED = Record(
    "crossref",
    "doi:10.5555/edge.2022",
    "article",
    {
        "title": "Gradient descent on neural networks typically occurs at the edge of sgd stability",
        "author": "Cohen, J. and Kaur, S. and Kolter, J.",
        "year": "2022",
        "journal": "Journal of Sharp Results",
        "volume": "7",
        "pages": "1--22",
        "publisher": "Society",
        "doi": "10.5555/edge.2022",
    },
)


def record(of: Record = PREPRINT, fields: dict[str, str] | None = None, **changes: object) -> Record:
    return of._replace(fields={**of.fields, **(fields or {})}, **changes)  # type: ignore[arg-type]


def test_a_preprint_alone_is_what_arxiv_says() -> None:
    combined = combine([PREPRINT])
    assert (combined.type, dict(combined.fields), combined.formal) == ("misc", dict(PREPRINT.fields), False)
    assert set(combined.origins.values()) == {"arxiv"}
    assert (combined.version, combined.preprint_year, combined.published_year) == (3, "2021", "")


def test_nothing_is_known_of_no_records() -> None:
    assert combine([]).fields == {}


def test_the_version_of_record_gives_the_facts_and_the_preprint_its_number_names_and_capitals() -> None:
    combined = combine([PREPRINT, PUBLISHED])
    assert combined.type == "article"
    assert combined.fields["title"] == PREPRINT.fields["title"]
    assert combined.fields["author"] == PUBLISHED.fields["author"]
    for name in ("year", "journal", "volume", "pages", "publisher", "doi"):
        assert (combined.fields[name], combined.origins[name]) == (PUBLISHED.fields[name], "crossref")
    for name in ("eprint", "eprinttype", "eprintclass"):
        assert (combined.fields[name], combined.origins[name]) == (PREPRINT.fields[name], "arxiv")
    assert (combined.preprint_year, combined.published_year, combined.formal) == ("2021", "2022", True)


@given(st.permutations([PREPRINT, PUBLISHED, record(source="datacite", version=2), record(PUBLISHED, source="file")]))
def test_the_order_in_which_sources_answer_means_nothing(records: list[Record]) -> None:
    assert combine(records) == combine(sorted(records, key=lambda one: one.source))


def test_fuller_names_of_the_same_people_are_taken_from_either_source() -> None:
    authors = {"author": "Cohen, Jeremy M. and Kaur, Simran and Kolter, J. Zico"}
    combined = combine([record(fields=authors), PUBLISHED])
    assert (combined.fields["author"], combined.origins["author"]) == (authors["author"], "arxiv")
    accents = {"author": "Chizat, Lénaïc"}
    assert combine([record(fields=accents), record(PUBLISHED, {"author": "Chizat, Lenaic"})]).fields["author"] == "Chizat, Lénaïc"


@pytest.mark.parametrize(
    "authors",
    [
        "Kaur, Simran and Cohen, Jeremy M. and Kolter, J. Zico",
        "Cohen, Jeremy M. and Kaur, Simran",
        "Cohen, Xavier and Kaur, Simran",
    ],
)
def test_other_people_or_another_order_are_never_mixed(authors: str) -> None:
    assert combine([record(fields={"author": authors}), PUBLISHED]).fields["author"] == PUBLISHED.fields["author"]


@pytest.mark.parametrize("doi", ["10.48550/arXiv.2103.00065", "https://doi.org/10.48550/arxiv.2103.00065"])
def test_the_preprints_own_doi_is_never_the_doi(doi: str) -> None:
    datacite = Record("datacite", "arXiv:2103.00065", "misc", {"title": "T", "doi": doi})
    combined = combine([datacite])
    assert "doi" not in combined.fields
    assert combined.fields["eprint"] == "2103.00065"


def test_of_the_preprints_sources_the_one_that_knows_a_later_version_is_believed() -> None:
    later = record(source="datacite", fields={"title": "A better title"}, version=4)
    assert combine([PREPRINT, later]).fields["title"] == "A better title"
    assert combine([PREPRINT, record(later, version=3)]).fields["title"] == PREPRINT.fields["title"]


def test_a_preprint_gives_a_published_work_no_date_address_or_note() -> None:
    loud = record(fields={"url": "https://arxiv.org/abs/2103.00065", "note": "x", "publisher": "arXiv", "date": "2021-02-26"})
    fields = combine([loud, record(PUBLISHED, source="crossref")]).fields
    assert "url" not in fields
    assert "note" not in fields
    assert "date" not in fields
    assert fields["publisher"] == "Society"


@pytest.mark.parametrize("source", ["file", "datacite"])
def test_a_published_works_snippet_fills_what_crossref_leaves_open(source: SourceName) -> None:
    snippet = record(PUBLISHED, {"editor": "Doe, Jane", "pages": "9"}, source=source)
    fields = combine([PREPRINT, snippet, PUBLISHED]).fields
    assert (fields["editor"], fields["pages"]) == ("Doe, Jane", "1--22")


@pytest.mark.parametrize(
    ("title", "other", "result"),
    [
        ("DEEP NETS AT THE EDGE", "Deep nets at the edge", "Deep nets at the edge"),
        ("DEEP NETS AT THE EDGE", "Wide nets at the edge", "DEEP NETS AT THE EDGE"),
        ("DEEP NETS AT THE EDGE", "DEEP NETS AT THE EDGE", "DEEP NETS AT THE EDGE"),
        ("Deep nets at …", "Deep nets at the edge", "Deep nets at the edge"),
        ("Deep nets at th...", "Deep nets at the edge", "Deep nets at the edge"),
        ("Deep nets", "Deep nets at the edge", "Deep nets"),
        ("Why sgd and adam differ", "Why {SGD} and {Adam} differ", "Why {SGD} and {Adam} differ"),
        ("Why sgd, and gans: differ", "On {SGD} and {GANs}", "Why {SGD}, and {GANs}: differ"),
        ("A note on IT and {SGD}", "A note on it and sgd", "A note on IT and {SGD}"),
        ("A Title In Headline Style", "A title in headline style", "A Title In Headline Style"),
        ("why sgd works", "WHY SGD WORKS WELL", "why sgd works"),
        ("Networks", "", "Networks"),
        ("$ A", "$A$", "$ A"),
        ("A", "{.A….", "A"),
    ],
)
def test_a_title_gets_back_what_it_evidently_lost(title: str, other: str, result: str) -> None:
    assert mended(title, other) == result


@given(st.text("aA{}$\\ .…", max_size=12), st.text("aA{}$\\ .…", max_size=12))
def test_mending_settles(title: str, other: str) -> None:
    once = mended(title, other)
    assert mended(once, other) == once
    assert mended(title, title) == title


def paper(title: str, author: str = "Ash, Ada and Birk, Bo", year: str = "2021", identifier: str = "doi:10.5555/x") -> Record:
    return Record("crossref", identifier, "article", {"title": title, "author": author, "year": year})


def preprint(title: str, author: str = "Ash, Ada and Birk, Bo", published: str = "2020-05-01") -> Record:
    return Record("arxiv", "arXiv:2005.00001", "misc", {"title": title, "author": author}, published=published)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (preprint("On wide nets"), paper("On Wide Nets")),
        (preprint("On {ReLU} pre-training"), paper("On {ReLU} pretraining.")),
        (preprint(r"The {$\mu$P} of na{\"\i}ve nets"), paper("The $\\mu$P of naïve nets")),
        (preprint("The theory of wide nets"), paper("Theory of wide nets")),
        (preprint("On wide nets", "Ada Ash and Bo Birk"), paper("On wide nets", "Ash, A. and Birk, B.")),
        (preprint("On wide nets", published="2021-01-30"), paper("On wide nets", year="2020")),
        (preprint("On wide nets", published="2017-01-30"), paper("On wide nets")),
    ],
)
def test_one_work_beyond_doubt(one: Record, other: Record) -> None:
    assert same_work(one, other).decision == same_work(other, one).decision == "same"


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (preprint("On wide nets"), paper("On wide nets", year="2031"), "the years lie far apart"),
        (preprint("On wide nets"), paper("On wide nets", year=""), "a year is missing"),
        (preprint("On wide nets"), paper("On wide nets", "Birk, Bo and Ash, Ada"), "authors agree in another order"),
        (preprint("On wide nets"), paper("On wide nets", ""), "authors are missing"),
        (preprint("On wide nets"), paper(""), "a title is missing"),
        (preprint("Generalization of wide nets"), paper("Generalisation of wide nets"), "the titles are alike"),
        (preprint("Wide nets learn very fast"), paper("Wide nets learn very fast: A proof"), "the titles are alike"),
    ],
)
def test_perhaps_one_work(one: Record, other: Record, reason: str) -> None:
    verdict = same_work(one, other)
    assert verdict.decision == same_work(other, one).decision == "doubtful"
    assert reason in verdict.reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (preprint("Off-diagonal Ramsey numbers"), paper("Off-diagonal book Ramsey numbers")),
        (preprint("Off-diagonal Ramsey numbers"), paper("Off-Diagonal (Book) Ramsey Numbers")),
        (preprint("Self-attention is all you need"), paper("Self-attention is not all you need")),
        (preprint("Learning with labels"), paper("Learning without labels")),
        (preprint("Scaling nets, part 1"), paper("Scaling nets, part 2")),
        (preprint("Linear nets"), paper("Nonlinear nets")),
        (preprint("Deep learning"), paper("Deep learning", "Cole, Cy and Dorn, Di")),
        (preprint("On wide nets"), paper("A reply to: On wide nets")),
    ],
)
def test_other_works_with_similar_titles(one: Record, other: Record) -> None:
    assert same_work(one, other).decision == same_work(other, one).decision == "different"


def test_known_fakes_are_never_the_work() -> None:
    fake = paper("On wide nets", identifier="doi:10.65215/abc.1")
    assert same_work(preprint("On wide nets"), fake).decision == "different"


@pytest.mark.parametrize(
    ("one", "other", "contradicts"),
    [
        (preprint("On wide nets"), paper("A theory of width"), False),
        (preprint("On wide nets"), paper("A theory of width", year="2035"), True),
        (preprint("On wide nets"), paper("A theory of width", "Cole, Cy and Dorn, Di"), True),
        (preprint("On wide nets"), paper("On wide nets", "The Width Collaboration"), False),
        (preprint("On wide nets", ""), paper("A theory of width"), True),
        (preprint(""), paper("A theory of width", "Cole, Cy"), False),
    ],
)
def test_what_contradicts_an_assertion_and_what_does_not(one: Record, other: Record, contradicts: bool) -> None:
    assert same_work(one, other).contradicts is contradicts
