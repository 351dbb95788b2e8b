from __future__ import annotations

import pytest

from tests.checking import entry, found, mended

PAPER = {"author": "Jacot, Arthur", "title": "Kernels of wide networks", "journal": "Annals", "year": "2018"}


@pytest.mark.parametrize("key", ["jacot 2018", "o'brien2020", "jacot~2018", 'x"y', "per%cent"])
def test_keys_that_latex_does_not_take(key: str) -> None:
    (finding,) = found("entry-bad-key", entry(key=key, title="T"))
    assert (finding.severity, finding.line) == ("warning", 1)
    assert not found("entry-awkward-key", entry(key=key, title="T"))


@pytest.mark.parametrize("key", ["müller2019", "2014MNRAS.439..264G", "a&b", "_x", "x-"])
def test_keys_that_only_latex_takes_are_hints(key: str) -> None:
    (finding,) = found("entry-awkward-key", entry(key=key, title="T"))
    assert finding.severity == "hint"
    assert not found("entry-bad-key", entry(key=key, title="T"))


@pytest.mark.parametrize("key", ["jacot2018neural", "DBLP:journals/corr/abs-1412-6980", "a_b", "RFC2119", "2019x"])
def test_ordinary_keys_are_fine(key: str) -> None:
    assert not found("entry-bad-key", entry(key=key)) + found("entry-awkward-key", entry(key=key))


def test_two_entries_of_one_identifier_are_found_once_however_many_they_share() -> None:
    both = {"doi": "10.1000/xyz", "eprint": "1806.07572", "eprinttype": "arxiv"}
    (finding,) = found("entry-duplicate-identifier", entry(key="a", **both) + entry(key="b", **both))
    assert (finding.key, finding.line) == ("b", 6)
    assert "a in line 1 has doi:10.1000/xyz too" in finding.message
    written = entry(key="a", doi="10.1000/XYZ") + entry(key="b", url="https://doi.org/10.1000/xyz")
    assert len(found("entry-duplicate-identifier", written)) == 1


def test_entries_that_share_only_a_web_page_or_a_parents_doi_are_not_duplicates() -> None:
    page = "https://example.org/course"
    assert not found("entry-duplicate-identifier", entry(key="a", url=page) + entry(key="b", url=page))
    parts = entry("inbook", "a", crossref="book") + entry("book", "book", doi="10.1000/book", title="B")
    assert not found("entry-duplicate-identifier", parts)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PAPER, {**PAPER, "title": "{K}ernels of Wide Networks"}),
        (PAPER, {**PAPER, "journal": "arXiv preprint arXiv:1806.07572", "year": "2016"}),
        (PAPER, {**PAPER, "author": "A. Jacot and F. Gabriel"}),
    ],
)
def test_one_work_under_two_keys(one: dict[str, str], other: dict[str, str]) -> None:
    (finding,) = found("entry-duplicate-title", entry("article", "a", **one) + entry("article", "b", **other))
    assert finding.key == "b"
    assert "a in line 1 has the same title and first author" in finding.message
    assert "ids = {b}" in finding.message


@pytest.mark.parametrize(
    ("one", "other", "other_type"),
    [
        (PAPER, {**PAPER, "author": "LeCun, Yann"}, "article"),
        (PAPER, {**PAPER, "year": "2003"}, "article"),
        (PAPER, {"author": "Jacot, Arthur", "title": PAPER["title"], "school": "EPFL", "year": "2018"}, "phdthesis"),
        (PAPER, {**PAPER, "booktitle": "NeurIPS"}, "inproceedings"),
        ({**PAPER, "volume": "1"}, {**PAPER, "volume": "2"}, "article"),
        ({**PAPER, "pages": "1--9"}, {**PAPER, "pages": "10--19"}, "article"),
        (PAPER, {**PAPER, "related": "a"}, "article"),
    ],
)
def test_two_works_of_one_title(one: dict[str, str], other: dict[str, str], other_type: str) -> None:
    assert not found("entry-duplicate-title", entry("article", "a", **one) + entry(other_type, "b", **other))


def test_a_misspelt_type_is_found_but_peoples_own_are_theirs() -> None:
    (finding,) = found("entry-unknown-type", entry("inproceeding", title="T"))
    assert "did you mean 'inproceedings'?" in finding.message
    assert not any(found("entry-unknown-type", entry(kind)) for kind in ("article", "softwareversion", "recipe", "etd"))


def test_a_pointer_to_nowhere_is_found_with_a_near_miss() -> None:
    bib = entry("inproceedings", "a", title="T", crossref="icml2O18") + entry("proceedings", "icml2018", title="P")
    (finding,) = found("entry-unknown-pointer", bib)
    assert (finding.line, finding.key) == (3, "a")
    assert "did you mean 'icml2018'?" in finding.message
    bib = entry("inproceedings", "a", title="T", crossref="IC-ML") + entry("proceedings", "ic-ml", title="P")
    assert "did you mean 'ic-ml'?" in found("entry-unknown-pointer", bib)[0].message
    renamed = entry("inproceedings", "a", crossref="old") + entry("proceedings", "new", ids="older, old")
    assert not found("entry-unknown-pointer", renamed)


def test_what_no_section_lists_is_a_hint_but_not_what_others_point_to() -> None:
    bib = entry("inproceedings", "a", crossref="p") + entry("proceedings", "p", title="P")
    assert [finding.key for finding in found("entry-unlisted", bib)] == ["a"]


@pytest.mark.parametrize(
    ("kind", "fields", "lacks"),
    [
        ("article", {"author": "A", "title": "T", "year": "2020"}, "`journal` or `journaltitle`"),
        ("article", {"title": "T", "journal": "J"}, "`author` and `year` or `date`"),
        ("inproceedings", {"author": "A", "title": "T", "year": "2020"}, "`booktitle`"),
        ("phdthesis", {"author": "A", "title": "T", "year": "2020"}, "`school` or `institution`"),
        ("book", {"title": "T", "year": "2020"}, "`author` or `editor`"),
        ("online", {"title": "T"}, "`url` or `doi`"),
        ("techreport", {"author": "A", "title": "{}", "institution": "I", "year": "2020"}, "`title`"),
    ],
)
def test_a_field_that_the_type_asks_for(kind: str, fields: dict[str, str], lacks: str) -> None:
    (finding,) = found("entry-missing-field", entry(kind, **fields))
    assert f"this {kind} lacks {lacks}; add" in finding.message


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("article", {"author": "A", "title": "T", "journaltitle": "J", "date": "2020-01"}),
        ("article", {"author": "A", "title": "T", "eprint": "1806.07572", "year": "2018"}),
        ("inproceedings", {"author": "A", "title": "T", "crossref": "elsewhere"}),
        ("phdthesis", {"author": "A", "title": "T", "institution": "I", "year": "2020"}),
        ("book", {"editor": "E", "title": "T", "date": "2020"}),
        ("misc", {"howpublished": "a letter"}),
        ("recipe", {}),
    ],
)
def test_what_is_asked_for_may_have_either_name_or_be_inherited(kind: str, fields: dict[str, str]) -> None:
    assert not found("entry-missing-field", entry(kind, **fields))


@pytest.mark.parametrize("doi", ["n/a", "1000/xyz", "10.1000", "https://example.org/paper", "10.1000/a, 10.1000/b"])
def test_what_is_no_doi(doi: str) -> None:
    (finding,) = found("entry-bad-doi", entry(title="T", doi=doi))
    assert (finding.severity, finding.line) == ("error", 3)


@pytest.mark.parametrize(
    "doi", ["10.1000/xyz", "10/cmwds4", r"10.1007/978-3\_2", "10.1002/(SICI)1097(1998)12:3<1::AID-X>3.0.CO;2-V"]
)
def test_dois_of_every_kind_are_fine(doi: str) -> None:
    assert not found("entry-bad-doi", entry(doi=doi)) + found("entry-doi-form", entry(doi=doi))


@pytest.mark.parametrize(
    "written", ["https://doi.org/10.1000/XyZ", "doi:10.1000/XyZ", "DOI: 10.1000/XyZ", "http://dx.doi.org/10.1000/XyZ"]
)
def test_a_doi_with_something_around_it_is_made_bare(written: str) -> None:
    assert mended("entry-doi-form", entry(doi=written)) == entry(doi="10.1000/XyZ")
    assert not found("entry-bad-doi", entry(doi=written))


def test_arxivs_own_doi_moves_to_eprint() -> None:
    after = mended("entry-preprint-doi", entry(title="T", doi="10.48550/arXiv.1806.07572"))
    assert after == entry(title="T", eprint="1806.07572", eprinttype="arxiv")
    twice = entry(eprint="1806.07572", eprinttype="arxiv", doi="10.48550/arXiv.1806.07572")
    assert mended("entry-preprint-doi", twice) == entry(eprint="1806.07572", eprinttype="arxiv")
    (finding,) = found("entry-preprint-doi", entry(eprint="2103.00065", eprinttype="arxiv", doi="10.48550/arXiv.1806.07572"))
    assert "name two papers" in finding.message
    assert finding.fix is None
    assert not found("entry-preprint-doi", entry(doi="10.1101/2020.12.01.406702"))


@pytest.mark.parametrize(
    "fields", [{"eprint": "1806.0757", "eprinttype": "arxiv"}, {"eprint": "arXiv:1813.07572"}, {"eprint": "1899.07572"}]
)
def test_what_is_no_arxiv_id(fields: dict[str, str]) -> None:
    assert len(found("entry-bad-arxiv", entry(**fields))) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"eprint": "1806.07572v3", "eprinttype": "arxiv"},
        {"eprint": "9901001", "archiveprefix": "arXiv", "primaryclass": "hep-th"},
        {"eprint": "hep-th/9901001", "eprinttype": "arxiv"},
        {"eprint": "http://www.jstor.org/stable/1", "eprinttype": "jstor"},
        {"eprint": "hal-02090402", "eprinttype": "hal"},
        {"eprint": "10.1146/annurev"},
    ],
)
def test_arxiv_ids_and_other_archives_are_fine(fields: dict[str, str]) -> None:
    assert not found("entry-bad-arxiv", entry(**fields))


def test_an_eprint_is_made_bare_and_says_whose_it_is() -> None:
    assert mended("entry-eprint-form", entry(eprint="arXiv:1806.07572v2")) == entry(eprint="1806.07572v2", eprinttype="arxiv")
    assert not found("entry-eprint-form", entry(eprint="1806.07572", archiveprefix="arXiv"))


@pytest.mark.parametrize(
    "fields", [{"year": "20118"}, {"year": "two thousand"}, {"year": "18"}, {"date": "Mar 3"}, {"year": "2919"}]
)
def test_years_that_are_none(fields: dict[str, str]) -> None:
    assert len(found("entry-bad-year", entry("article", **fields))) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"year": "2018"}, {"year": "to appear"}, {"year": "{In press}"}, {"year": "1998--2001"}, {"year": "c. 1850"}, {"year": "2018a"},
        {"date": "2001-04/2002"}, {"date": "-0876"}, {"date": "2004-04-24T10:34:00"}, {"date": "19XX"}, {"date": "/1997"},
        {"date": "Sept. 29", "year": "2024"}, {"year": "१९८७"}, {"year": "MCMLXXXV"}, {"year": r"{\noopsort{1973}}1981"},
    ],
)  # fmt: skip
def test_years_in_many_forms_are_fine(fields: dict[str, str]) -> None:
    assert not found("entry-bad-year", entry("article", **fields))


@pytest.mark.parametrize("pages", ["??", "--", "n/a", "12--", "-17", "120--113", "e9--e3", "0"])
def test_pages_that_cannot_be(pages: str) -> None:
    assert len(found("entry-bad-pages", entry(pages=pages))) == 1


@pytest.mark.parametrize(
    "pages",
    [
        "1--9",
        "i--xx",
        "E7665--E7671",
        "123--25",
        "43+",
        "12",
        "e1234",
        "100:1--100:29",
        "1--3, 7--9",
        "L13--L17",
        "ix",
        "11537–11546",
    ],
)
def test_pages_in_many_forms_are_fine(pages: str) -> None:
    assert not found("entry-bad-pages", entry(pages=pages))


@pytest.mark.parametrize("pages", ["12-34", "12–34", "12 - 34", "E1-E9"])
def test_a_single_dash_is_made_two(pages: str) -> None:
    assert "--" in mended("entry-pages-dash", entry(pages=pages))
    assert not found("entry-pages-dash", entry(pages="1-2-3")) + found("entry-pages-dash", entry(pages="12--34"))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("www.example.org/x", "has no scheme"),
        ("https://a.org/x https://b.org/y", "several addresses"),
        ("https://a.org/x; https://b.org/y", "several addresses"),
        ("https://a.org/Volume 9/x", "has blanks"),
        ("paper.pdf", "is no address"),
    ],
)
def test_what_is_no_address(url: str, told: str) -> None:
    (finding,) = found("entry-bad-url", entry(url=url))
    assert told in finding.message


@pytest.mark.parametrize(
    "url", ["https://a.org/x", "ftp://a.org/x", "https://web.archive.org/web/2010/http://a.org/", r"https://a.org/b\_c?q=1\&r=2"]
)
def test_addresses_are_fine(url: str) -> None:
    assert not found("entry-bad-url", entry(url=url))


def test_an_address_is_taken_out_of_its_wrapping() -> None:
    assert mended("entry-bad-url", entry(url=r"\url{https://a.org/x}")) == entry(url="https://a.org/x")


def test_a_title_in_capitals() -> None:
    (finding,) = found("entry-title-capitals", entry("article", title="THE TRAINING OF DEEP NETWORKS WITH SGD"))
    assert "The Training of Deep Networks with {SGD}" in finding.message
    assert not found("entry-title-capitals", entry("article", title="GPT-4 Technical Report"))


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Training ReLU networks with SGD", "Training {ReLU} networks with {SGD}"),
        ("On Gaussian processes", "On {Gaussian} processes"),
        ("The best constants in the Khintchine inequality", "The best constants in the {Khintchine} inequality"),
    ],
)
def test_capitals_that_a_style_would_lose_are_put_in_braces(title: str, wanted: str) -> None:
    assert mended("entry-title-unprotected", entry("article", title=title)) == entry("article", title=wanted)


@pytest.mark.parametrize(
    "title",
    [
        "Neural Networks and Deep Learning",
        "{The ReLU}",
        "Pachinko Allocation: directed mixture models of topic",
        "Training {ReLU} nets",
        r"The $\mu$P",
    ],
)
def test_titles_that_lose_nothing_are_fine(title: str) -> None:
    assert not found("entry-title-unprotected", entry("article", title=title))


def test_books_keep_their_capitals_anyway() -> None:
    assert not found("entry-title-unprotected", entry("book", title="The ReLU book"))


def test_a_title_made_of_macros_is_not_mended() -> None:
    bib = '@string{x = "ReLU"}\n@article{a, title = "Training " # x # " nets"}\n'
    (finding,) = found("entry-title-unprotected", bib)
    assert finding.fix is None


@pytest.mark.parametrize(
    "author", ["Smith, John and", "John Smith; Jane Doe", "Gemma Team and Smith, John", "Smith, John et al."]
)
def test_names_that_bibtex_misreads(author: str) -> None:
    (finding, *_) = found("entry-names", entry(author=author))
    assert finding.message.startswith("author: ")


@pytest.mark.parametrize("author", ["Smith, John and van der Maaten, L.", "{Gemma Team}", "McLachlan and LeCun, Yann and others"])
def test_names_that_are_sound(author: str) -> None:
    assert not found("entry-names", entry(author=author))


def test_an_encoding_accident_is_mended_where_it_can_be_read() -> None:
    assert mended("entry-encoding", entry(author="Müller, JÃ¼rgen")) == entry(author="Müller, Jürgen")
    assert "should read 'Jürgen'" in found("entry-encoding", entry(author="Müller, JÃ¼rgen"))[0].message
    (lost,) = found("entry-encoding", entry(title="Na\ufffdve Bayes"))
    assert lost.fix is None
    for title in ("Élève à l’École", "« LIBERTÉ» ", "CAFÉ… und mehr", "Jastrzębski"):
        assert not found("entry-encoding", entry(title=title)), title
