"""The facts that `add` writes: what each source says, who is believed, what a person is told about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from citeman.bib import Bibliography
from tests import project as sample
from tests.conftest import Run
from tests.upstream import Upstream


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def added(root: Path) -> dict[str, str]:
    """The fields and the type of the one entry that is new."""
    entries = Bibliography.parse((root / "references.bib").read_text()).entries
    (entry,) = [entry for entry in entries if entry.key not in {"jacot2018neural", "cohen2021gradient"}]
    return {"type": entry.type, "key": entry.key, **{field.name: field.value for field in entry.fields}}


def test_a_published_preprint_keeps_its_eprint_and_both_years_are_known(inside: Run, root: Path, upstream: Upstream) -> None:
    result = json.loads(inside("add", "https://arxiv.org/abs/1810.10531v1", "--json").stdout)["added"][0]
    assert added(root) == {
        "type": "article",
        "key": "saxe2019mathematical",
        "title": "A mathematical theory of semantic development in deep neural networks",
        "author": "Saxe, Andrew M. and McClelland, James L. and Ganguli, Surya",
        "journal": "Proceedings of the National Academy of Sciences",
        "volume": "116",
        "number": "23",
        "pages": "11537--11546",
        "year": "2019",
        "doi": "10.1073/pnas.1820226116",
        "eprint": "1810.10531",
        "eprinttype": "arxiv",
        "eprintclass": "cs.LG",
    }
    assert result["years"] == {"preprint": "2018", "published": "2019"}
    origins = {name: one["source"] for name, one in result["fields"].items()}
    assert {origins[name] for name in ("eprint", "eprinttype", "eprintclass")} == {"arxiv"}
    assert {origin for name, origin in origins.items() if not name.startswith("eprint")} == {"crossref"}
    assert result["notes"] == [
        "v1 was asked for; the facts are those of v2, the current version",
        "arXiv:1810.10531 is published as doi:10.1073/pnas.1820226116 (2019, the preprint is of 2018): arXiv says so",
    ]
    said = json.loads((root / "refs" / "citeman.lock").read_text())["papers"]["saxe2019mathematical"]["said"]
    assert (said["arxiv"]["published"][:4], said["crossref"]["fields"]["year"]) == ("2018", "2019")
    assert "We study" not in (root / "refs" / "citeman.lock").read_text() + (root / "references.bib").read_text()


def test_verbose_says_where_each_field_comes_from(inside: Run, root: Path, upstream: Upstream) -> None:
    said = inside("add", "1810.10531", "-v").stderr
    assert "  year from crossref: 2019\n" in said
    assert "  eprint from arxiv: 1810.10531\n" in said
    assert "  type from crossref: article\n" in said


def test_titles_that_differ_between_the_preprint_and_the_version_of_record(inside: Run, root: Path, upstream: Upstream) -> None:
    result = inside("add", "1812.11118")
    assert added(root)["title"] == ("Reconciling modern machine-learning practice and the classical bias–variance trade-off")
    told = "the preprint's title is “Reconciling modern machine learning practice and the bias-variance trade-off”"
    assert told in result.stderr


def test_a_version_of_record_found_by_a_search_is_taken_beyond_doubt_and_shown(
    inside: Run, root: Path, upstream: Upstream
) -> None:
    result = inside("add", "1804.06561")
    assert (added(root)["doi"], added(root)["eprint"]) == ("10.1073/pnas.1806579115", "1804.06561")
    assert (
        "arXiv:1804.06561 is published as doi:10.1073/pnas.1806579115 (2018, the preprint is of 2018): found by a search, "
        in (result.stderr)
    )


def test_fakes_and_near_titles_are_no_version_of_record(inside: Run, root: Path, upstream: Upstream) -> None:
    result = inside("add", "1412.6980")
    assert added(root)["type"] == "misc"
    assert "published" not in result.stderr
    refused = inside("add", "10.65215/adam.1")
    assert refused.returncode == 1
    assert refused.stderr.startswith("10.65215/adam.1: its prefix is known for copies of other people's papers; ")


@pytest.mark.parametrize(
    ("doi", "said"),
    [
        ("10.65215/adam.1", "arXiv points to doi:10.65215/adam.1, a prefix known for copies of other people's papers; not taken"),
        ("10.1214/aoms/1177729586", "arXiv points to doi:10.1214/aoms/1177729586, another paper (“A Stochastic Approximation"),
        ("10.9999/dead", "arXiv points to doi:10.9999/dead, which is unknown to Crossref and DataCite; not taken"),
    ],
)
def test_a_wrong_doi_that_arxiv_was_given_is_not_taken(inside: Run, root: Path, upstream: Upstream, doi: str, said: str) -> None:
    upstream.world.papers["1412.6980"].doi = doi
    result = inside("add", "1412.6980")
    assert (result.returncode, added(root)["type"], "doi" in added(root)) == (0, "misc", False)
    assert said in result.stderr


def test_two_candidates_for_the_version_of_record_are_shown_and_none_is_taken(
    inside: Run, root: Path, upstream: Upstream
) -> None:
    title, who = "A mean field view of the landscape of two-layer neural networks", "Song Mei, Andrea Montanari"
    upstream.world.publish("10.5555/again", title, who, "Another Journal", "2019-01-02")
    result = inside("add", "1804.06561")
    assert added(root)["type"] == "misc"
    assert "perhaps published as doi:10." in result.stderr
    assert "not beyond doubt" in result.stderr


def test_a_venue_in_words_is_only_a_hint(inside: Run, root: Path, upstream: Upstream) -> None:
    upstream.world.papers["1706.05350"].journal_ref = "Some Workshop (2017)"
    result = inside("add", "1706.05350", "1312.6120")
    assert "arXiv names where it was published, without a DOI that could be read: “Some Workshop (2017)”" in result.stderr
    assert "Submission to ICLR2014" not in result.stderr


def test_a_doi_of_another_preprint_server_leads_to_the_version_of_record(inside: Run, root: Path, upstream: Upstream) -> None:
    assert "Crossref says so" in inside("add", "10.1101/2020.12.01.406702").stderr
    assert (added(root)["type"], added(root)["doi"], added(root)["year"]) == ("article", "10.5555/vor.1", "2021")


def test_what_became_of_a_paper_is_told(inside: Run, root: Path, upstream: Upstream) -> None:
    said = inside("add", "10.5555/retracted.1", "0901.3666").stderr
    assert "BEWARE: retraction of 2019-02-03 doi:10.5555/notice.1" in said
    assert "BEWARE: withdrawn from arXiv: “This paper has been withdrawn by the author due to an error in Lemma 2”" in said


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"type": "article", "journal": "Journal of Types", "year": "2019"}),
        ({"type": "proceedings-article"}, {"type": "inproceedings", "booktitle": "Journal of Types", "publisher": "A Publisher"}),
        ({"type": "book", "ISBN": ["9783319915777"], "container-title": []}, {"type": "book", "isbn": "9783319915777"}),
        ({"type": "book-chapter"}, {"type": "incollection", "booktitle": "Journal of Types"}),
        ({"type": "dissertation", "container-title": []}, {"type": "phdthesis", "school": "A Publisher"}),
        ({"type": "report", "container-title": []}, {"type": "techreport", "institution": "A Publisher"}),
        ({"type": "posted-content", "container-title": []}, {"type": "misc"}),
        ({"type": "something-new", "container-title": []}, {"type": "misc"}),
        ({"published-print": {"date-parts": [[2020, 1]]}}, {"year": "2020"}),
        ({"issued": {"date-parts": [[None]]}, "published-online": {"date-parts": [[2018, 5, 3]]}}, {"year": "2018"}),
        ({"article-number": "113301", "volume": "2020"}, {"pages": "113301", "volume": "2020"}),
        ({"page": "E7665-E7671"}, {"pages": "E7665--E7671"}),
    ],
)
def test_types_venues_dates_and_pages(
    inside: Run, root: Path, upstream: Upstream, changes: dict[str, Any], expected: dict[str, str]
) -> None:
    work = upstream.world.publish("10.5555/types", "A work of some type", "Ann Other", "Journal of Types", "2019-05-17")
    work.update(changes)
    assert inside("add", "10.5555/types").returncode == 0
    entry = added(root)
    assert {name: entry.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A study of\n      folded lines", "A study of folded lines"),
        ("A study of <i>E. coli</i> and H<sub>2</sub>O", r"A study of \emph{E. coli} and {H}\textsubscript{2}{O}"),
        ("Pride &amp;amp; prejudice in machines", r"Pride \& prejudice in machines"),
        ("THE TRAINING OF WIDE NETWORKS", "The Training of Wide Networks"),
        ("Training GPT with a ResNet on ImageNet", "Training {GPT} with a {ResNet} on {ImageNet}"),
        (r"Scaling with $\mu$P and $\ell_\infty$", r"Scaling with $\mu${P} and $\ell_\infty$"),
        ("A title with 100% & more_or_less #1", r"A title with 100\% \& more\_or\_less \#1"),
    ],
)
def test_titles_are_cleaned(inside: Run, root: Path, upstream: Upstream, title: str, expected: str) -> None:
    upstream.world.publish("10.5555/title", title, "Ann Other", "Journal of Titles", "2019-05-17")
    assert inside("add", "10.5555/title").returncode == 0
    assert added(root)["title"] == expected


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ([{"given": "Twan", "family": "van Laarhoven"}], "van Laarhoven, Twan"),
        (
            [{"given": "Phan-Minh", "family": "Nguyen"}, {"name": "The Frog Collaboration"}],
            "Nguyen, Phan-Minh and {The Frog Collaboration}",
        ),
        ([{"family": "Robin"}], "Robin"),
        ([{"given": "Silpa"}], "Silpa"),
        ([{"given": "Yi", "family": "E"}], "E, Yi"),
        ([{"given": "Martin Luther", "family": "King", "suffix": "Jr."}], "King, Jr., Martin Luther"),
        ([{"given": "GARCÍA", "family": "MÁRQUEZ"}, {"given": "J. C.", "family": "O'NEIL"}], "Márquez, García and O'Neil, J. C."),
        ([{"family": "Enric Boix-Adserà"}], "Boix-Adserà, Enric"),
        ([{"role": [{"role": "author"}]}, {"given": "Ann", "family": "Other"}], "Other, Ann"),
    ],
)
def test_names_are_split_rightly(
    inside: Run, root: Path, upstream: Upstream, authors: list[dict[str, Any]], expected: str
) -> None:
    work = upstream.world.publish("10.5555/names", "A work of some people", "Ann Other", "Journal of Names", "2019-05-17")
    work["author"] = authors
    assert inside("add", "10.5555/names").returncode == 0
    assert added(root)["author"] == expected


def test_a_work_with_neither_author_nor_date(inside: Run, root: Path, upstream: Upstream) -> None:
    work = upstream.world.publish("10.5555/bare", "On nothing in particular", "", "Journal of Nothing", "2019-05-17")
    work["issued"] = work["published"] = {"date-parts": [[None]]}
    assert inside("add", "10.5555/bare").returncode == 0
    assert added(root)["key"] == "nothingparticular"


def test_capitals_and_accents_that_one_source_lost_come_from_the_other(inside: Run, root: Path, upstream: Upstream) -> None:
    who = "Lénaïc Chizat, Stanisław Jastrzębski"
    upstream.world.add("2001.99999", "Why SGD finds MLPs in ImageNet", who, "2020-01-30")
    work = upstream.world.publish("10.5555/lost", "Why sgd finds mlps in imagenet", who, "Journal", "2021-05", of="2001.99999")
    work["author"] = [{"given": "L.", "family": "Chizat"}, {"given": "S.", "family": "Jastrzebski"}]
    result = json.loads(inside("add", "10.5555/lost", "2001.99999", "--json").stdout)
    assert added(root)["title"] == "Why {SGD} finds {MLPs} in {ImageNet}"
    assert added(root)["author"] == "Chizat, Lénaïc and Jastrzębski, Stanisław"
    assert result["added"][0]["fields"]["author"]["source"] == "arxiv"


def test_a_page_of_proceedings(inside: Run, root: Path, upstream: Upstream) -> None:
    upstream.world.pages["paper"] = (
        "<html><head><meta name='citation_title' content='A Talk on SGD'><meta name='citation_author' content='Roe, Richard'>"
        "<meta name='citation_conference_title' content='Proceedings of Talks'>"
        "<meta name='citation_publication_date' content='2019/05/24'></head></html>"
    )
    assert inside("add", f"{upstream.address}/pages/paper").returncode == 0
    assert {"type": "inproceedings", "title": "A Talk on {SGD}", "booktitle": "Proceedings of Talks", "year": "2019"}.items() <= (
        added(root).items()
    )


def test_the_new_entry_follows_the_files_own_habits(inside: Run, root: Path, upstream: Upstream) -> None:
    old = (
        '@article{lecun2015deep,\n    Author = "LeCun, Yann",\n    Title = "Deep learning",\n    Journal = "Nature",\n'
        "    Year = 2015\n}\n"
    )
    (root / "references.bib").write_text(old)
    inside("add", "10.1073/pnas.1820226116")
    text = (root / "references.bib").read_text()
    assert text.startswith(old)
    assert '    Author = "Saxe, Andrew M. and McClelland, James L. and Ganguli, Surya",\n' in text
