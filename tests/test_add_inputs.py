"""Every way of naming a paper that `add` takes, and what it says of those that name none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from citeman.commands.add.inputs import read
from tests import project as sample
from tests.conftest import Run
from tests.pdf import made_pdf
from tests.upstream import Upstream


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def bib(root: Path) -> str:
    return (root / "references.bib").read_text()[len(sample.BIB) :]


@pytest.mark.parametrize(
    "text",
    [
        "1312.6120",
        "arXiv:1312.6120",
        "arxiv: 1312.6120v2",
        "https://arxiv.org/abs/1312.6120",
        "http://arxiv.org/pdf/1312.6120v3.pdf",
        "https://arxiv.org/html/1312.6120v1?utm=x#S1",
        "https://www.alphaxiv.org/abs/1312.6120",
        "https://ar5iv.labs.arxiv.org/html/1312.6120",
        "10.48550/arXiv.1312.6120",
        "https://doi.org/10.48550/ARXIV.1312.6120",
        "Saxe et al. (2013), https://arxiv.org/abs/1312.6120.",
        "- [[Saxe et al. (2013)]](https://arxiv.org/abs/1312.6120) the classic",
    ],
)
def test_any_way_of_writing_an_arxiv_id(text: str) -> None:
    (wanted,) = read([text], [])
    assert (wanted.name, wanted.query, wanted.problem) == ("arXiv:1312.6120", "", "")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("math.DG/0309136", "arXiv:math/0309136"),
        ("10.1073/PNAS.1820226116", "doi:10.1073/pnas.1820226116"),
        ("doi:10.1073/pnas.1820226116.", "doi:10.1073/pnas.1820226116"),
        ("https://www.pnas.org/doi/full/10.1073/pnas.1820226116", "doi:10.1073/pnas.1820226116"),
        ("https://doi.org/10.1016/0041-5553(64)90137-5", "doi:10.1016/0041-5553(64)90137-5"),
        (
            "10.1002/(SICI)1096-9861(20010212)430:3%3C283::AID-CNE1031%3E3.0.CO;2-V",
            "doi:10.1002/(sici)1096-9861(20010212)430:3<283::aid-cne1031>3.0.co;2-v",
        ),
        ("https://openreview.net/pdf?id=B1g5sA4twr", "https://openreview.net/forum?id=B1g5sA4twr"),
        ("https://aclanthology.org/N19-1423.pdf", "https://aclanthology.org/N19-1423/"),
    ],
)
def test_any_way_of_writing_another_name(text: str, name: str) -> None:
    assert [one.name for one in read([text], [])] == [name]


def test_several_identifiers_may_share_a_line() -> None:
    wanted = read(["1312.6120, 10.1073/pnas.1820226116"], [("2103.00065 1806.07572\n", "ids.txt")])
    assert [one.name for one in wanted] == [
        "arXiv:1312.6120",
        "doi:10.1073/pnas.1820226116",
        "arXiv:2103.00065",
        "arXiv:1806.07572",
    ]
    assert [one.input for one in wanted][2:] == ["2103.00065 (ids.txt:1)", "1806.07572 (ids.txt:1)"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1706.0376x", "this is no valid arXiv id (such as 2103.00065 or math/0309136)"),
        ("arXiv:2103.0006", "this is no valid arXiv id (such as 2103.00065 or math/0309136)"),
        ("arXiv 2113.00065", "this is no valid arXiv id (such as 2103.00065 or math/0309136)"),
        ("doi:99", "this is no valid DOI (such as 10.1073/pnas.1820226116)"),
        ("https://arxiv.org/abs/foo", "this address names no work"),
        ("http://[bad", "this address names no work"),
        ("nowhere.pdf", "no such file"),
        ("lists/papers.bib", "no such file"),
        ("..", "this is a folder; name the files in it"),
        ("?!", "this is no arXiv id, DOI, address or title"),
        (
            "https://arxiv.org/abs/1312.6120 is better than https://arxiv.org/abs/2103.00065",
            "this names several works (arXiv:1312.6120, arXiv:2103.00065); give the one you mean",
        ),
    ],
)
def test_a_mistake_is_told_and_never_searched_for(text: str, problem: str) -> None:
    (wanted,) = read([text], [])
    assert (wanted.problem, wanted.query, wanted.identifiers) == (problem, "", ())


@pytest.mark.parametrize("text", ["Adam", "Deep learning via Hessian-free optimization", "x" * 300, "Why 10.5 is a lot: a study"])
def test_other_words_are_searched_for(text: str) -> None:
    assert [one.query for one in read([text], [])] == [text]


def test_a_bibliography_keeps_its_keys_and_its_own_words(inside: Run, root: Path, upstream: Upstream) -> None:
    (root / "other.bib").write_text(
        "@string{things = {Annals of Things}}\n"
        "@article{mine, title={A Study of Things}, author={Doe, Jane}, year=2001, journal=things, abstract={Long.}, file={a.pdf}}\n"
        "@inproceedings{child, title={A Talk}, author={Roe, R.}, crossref={all}}\n"
        "@proceedings{all, title={All Talks}, booktitle={All Talks}, year=2003, publisher={Press}}\n"
    )
    snippet = "@misc{also, title={Another}, author={Roe, R.}, year=2002, url={https://example.org/x}}"
    result = inside("add", "other.bib", snippet)
    assert result.returncode == 0, result.stderr
    text = bib(root)
    assert "@article{mine,\n  title = {A Study of Things},\n  author = {Doe, Jane},\n  journal = {Annals of Things},\n" in text
    assert "booktitle = {All Talks},\n" in text.partition("@inproceedings{child,")[2].partition("}\n\n")[0]
    assert "@misc{also," in text
    assert "abstract" not in text
    assert "crossref" not in text


def test_a_snippets_identifier_brings_the_sources_facts(inside: Run, root: Path, upstream: Upstream) -> None:
    snippet = "@article{saxe19, title={A mathematical theory of semantic development in deep neural networks}, doi={10.1073/pnas.1820226116}, note={Read it.}}"
    assert inside("add", snippet).returncode == 0
    text = bib(root)
    assert text.startswith(
        "\n@article{saxe19,\n  title = {A mathematical theory of semantic development in deep neural networks},\n"
    )
    assert "note = {Read it.}" in text


def test_a_snippet_with_another_papers_identifier(inside: Run, root: Path, upstream: Upstream) -> None:
    result = inside("add", "@article{x, title={On frogs}, author={Frog, Fred}, year={1900}, doi={10.1073/pnas.1820226116}}")
    assert "the file's facts are another paper's than doi:10.1073/pnas.1820226116; the identifier decided" in result.stderr
    assert "frogs" not in bib(root)


def test_a_snippet_whose_identifier_nobody_knows(inside: Run, root: Path, upstream: Upstream) -> None:
    result = inside("add", "@article{x, title={On frogs}, author={Frog, Fred}, year={1900}, doi={10.9999/frogs}}")
    assert result.returncode == 0
    assert "doi:10.9999/frogs is unknown to Crossref and DataCite; the file's own facts were taken" in result.stderr
    assert "@article{x,\n  title = {On frogs},\n" in bib(root)


def test_csl_json_and_ris(inside: Run, root: Path, upstream: Upstream) -> None:
    csl = {"type": "article-journal", "title": "On frogs", "author": [{"family": "Frog", "given": "Fred"}], "id": "frog"}
    (root / "a.json").write_text(json.dumps([{**csl, "issued": {"date-parts": [[1900]]}, "container-title": "Ponds"}]))
    ris = "TY  - JOUR\nTI  - On newts\nAU  - Newt, Ned\nPY  - 1901\nJO  - Ponds\nER  - \n"
    assert inside("add", "a.json", "--from", "-", stdin=ris).returncode == 0
    text = bib(root)
    assert "@article{frog,\n  title = {On frogs},\n  author = {Frog, Fred},\n  journal = {Ponds},\n  year = {1900},\n}" in text
    assert "@article{newt1901newts,\n  title = {On newts},\n" in text


def test_what_is_broken_in_a_file_is_named_and_the_rest_is_added(inside: Run, root: Path, upstream: Upstream) -> None:
    (root / "other.bib").write_text("@article{ok, title={Fine}, year=2001}\n\n@article{broken, title={Never ends\n")
    result = inside("add", "other.bib")
    assert result.returncode == 1
    assert "other.bib:3: this entry is broken" in result.stderr
    assert "@article{ok," in bib(root)


def test_bytes_that_are_no_utf8_and_a_byte_order_mark(inside: Run, root: Path, upstream: Upstream) -> None:
    assert inside("add", "-", stdin=b"\xef\xbb\xbf1312.6120\r\n").returncode == 0
    assert "saxe2013exact" in bib(root)
    result = inside("add", "--from", "-", stdin=b"caf\xe9 2113.99\n")
    assert (result.returncode, "bug" in result.stderr) == (1, False)
    (root / "wide.txt").write_bytes("1812.07956\n".encode("utf-16"))
    assert "added chizat2018lazy" in inside("add", "--from", "wide.txt").stdout


def test_a_citation_key_that_is_there_is_listed(inside: Run, root: Path, upstream: Upstream) -> None:
    result = inside("add", "cohen2021gradient", "-s", "ntk")
    assert (result.returncode, upstream.log) == (0, [])
    assert "in the store: cohen2021gradient" in result.stdout
    assert "listed in guide#wide-networks" in result.stdout


def test_a_pdf_is_the_paper_that_it_says_it_is(inside: Run, root: Path, upstream: Upstream) -> None:
    (root / "stamped.pdf").write_bytes(made_pdf("Some words\narXiv:1312.6120v3 [cs.NE] 19 Feb 2014\nsee arXiv:1412.6980"))
    assert "added saxe2013exact" in inside("add", "stamped.pdf").stdout


def test_a_pdf_that_only_cites_a_paper_is_not_that_paper(inside: Run, root: Path, upstream: Upstream) -> None:
    (root / "cites.pdf").write_bytes(made_pdf("An essay\nwe build on arXiv:1412.6980\nand doi:10.1073/pnas.1820226116"))
    result = inside("add", "cites.pdf")
    assert result.returncode == 1
    assert result.stderr == (
        "cites.pdf: its first pages name arXiv:1412.6980, doi:10.1073/pnas.1820226116 but bear no such title; "
        "give the DOI or arXiv id of the paper itself\n"
    )
    (root / "own.pdf").write_bytes(
        made_pdf(
            "A MATHEMATICAL THEORY OF\nSEMANTIC DEVELOPMENT in deep neural networks\narXiv:1412.6980\n"
            "https://doi.org/10.1073/pnas.1820226116"
        )
    )
    assert "added saxe2019mathematical" in inside("add", "own.pdf").stdout


def test_a_pdf_that_says_nothing(inside: Run, root: Path, upstream: Upstream) -> None:
    (root / "mute.pdf").write_bytes(made_pdf("Some words"))
    (root / "broken.pdf").write_bytes(b"%PDF-1.4\nnonsense")
    result = inside("add", "mute.pdf", "broken.pdf", "1312.6120")
    assert result.returncode == 1
    assert "mute.pdf: this PDF does not say which paper it is; give its DOI or arXiv id" in result.stderr
    assert "broken.pdf: cannot read this PDF" in result.stderr
    assert "added saxe2013exact" in result.stdout


def test_a_ris_file_that_breaks_off_says_so_and_one_without_ends_is_read(inside: Run, root: Path, upstream: Upstream) -> None:
    one = "TY  - JOUR\nTI  - The first of a few long titles\nAU  - Doe, Jane\nPY  - 2020\n"
    two = "TY  - JOUR\nTI  - Another of a few long titles\nAU  - Roe, Rick\nPY  - 2021\n"
    (root / "some.ris").write_text(one + two + "ER  - \n" + one)
    result = json.loads(inside("add", "some.ris", "--json").stdout)
    assert [entry["title"] for entry in result["added"]] == ["The first of a few long titles", "Another of a few long titles"]
    assert [(one["input"], one["reason"]) for one in result["failed"]] == [
        ("some.ris:10", "this reference breaks off: its `ER  -` is missing")
    ]


@pytest.mark.parametrize("content", ["", "% nothing\n@comment{here}\n", "[]"])
def test_a_file_that_holds_nothing_is_no_silence(inside: Run, root: Path, upstream: Upstream, content: str) -> None:
    (root / "none.bib").write_text(content)
    result = inside("add", "1312.6120", "none.bib", "--json")
    assert result.returncode == 1
    (failed,) = json.loads(result.stdout)["failed"]
    assert (failed["input"], failed["reason"]) == ("none.bib", "holds nothing to add; is it whole?")


def test_a_list_may_have_bullets_and_numbers(inside: Run, root: Path, upstream: Upstream) -> None:
    (root / "list.txt").write_text("# to read\n- 1312.6120\n* https://arxiv.org/abs/1810.10531\n3. 10.1073/pnas.1820226116\n")
    result = json.loads(inside("add", "--from", "list.txt", "--json").stdout)
    assert result["failed"] == []
    assert {one["identifier"] for one in result["added"]} == {"arXiv:1312.6120", "arXiv:1810.10531"}


def test_running_text_in_a_file_is_told_and_never_searched_for(inside: Run, root: Path, upstream: Upstream) -> None:
    (root / "notes.md").write_text(
        "---\nlayout: post\n---\n\nWe met on Tuesday and talked about\nthe edge of stability. Bob knows more.\n\n"
        "- read https://arxiv.org/abs/1312.6120 first\n- then, perhaps, all the rest:\n\n$$\nx = 1,\n$$\nThis helps a lot.\n"
    )
    result = inside("add", "notes.md", "--json")
    shown = json.loads(result.stdout)
    assert result.returncode == 1
    assert [one["key"] for one in shown["added"]] == ["saxe2013exact"]
    (failed,) = shown["failed"]
    assert failed["input"] == "notes.md:1"
    assert failed["reason"].startswith("this line and 9 more are running text, which is not searched for; give an identifier, ")
    assert not any(word in str(upstream.log) for word in ("layout", "Tuesday", "stability", "perhaps", "helps"))


@pytest.mark.parametrize("text", ["We met on Tuesday and\ntalked. It was nice.\nBob says so.\n", "To do,\nand so on.\n"])
def test_a_few_lines_are_running_text_where_most_are_sentences(text: str) -> None:
    assert [(one.input, one.query) for one in read([], [(text, "notes.txt")])] == [("notes.txt:1", "")]


def test_titles_and_references_in_a_file_are_searched_for() -> None:
    lines = [
        "Attention Is All You Need",
        "gradient descent on neural networks: typically, at the edge",
        "Martens, James. Deep learning via Hessian-free optimization. ICML, 2010.",
        "Jacot, A., Gabriel, F., & Hongler, C. (2018). Neural tangent kernel. NeurIPS.",
        "Why do some optimizers work better than others?",
    ]
    wanted = read([], [("\n".join(["To read:", *lines]), "list.txt")])
    assert [one.query for one in wanted] == [*lines, ""]
    assert (wanted[-1].input, wanted[-1].problem[:27]) == ("list.txt:1", "this line is running text, ")


def test_a_dash_inside_a_line_is_no_bullet() -> None:
    (wanted,) = read([], [("1) Deep learning - a  review, 2. edition\n", "list.txt")])
    assert wanted.query == "Deep learning - a  review, 2. edition"
