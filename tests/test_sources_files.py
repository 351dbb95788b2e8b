from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeman import ids
from citeman.errors import CitemanError
from citeman.model import Record
from citeman.sources import files, pdf
from tests.pdf import made_pdf

CSL = {
    "id": "jacot2018",
    "type": "paper-conference",
    "title": "Neural Tangent Kernel: Convergence and Generalization in Neural Networks",
    "author": [{"family": "Jacot", "given": "Arthur"}, {"family": "Goor", "given": "Ien", "non-dropping-particle": "van de"}],
    "container-title": "Advances in Neural Information Processing Systems",
    "issued": {"date-parts": [["2018", 12, 3]]},
    "page": "8571-8580",
    "volume": 31,
    "publisher": "Curran",
    "abstract": "We show …",
    "DOI": "10.5555/NTK",
}

RIS = """TY  - JOUR
AU  - Zou, Difan
AU  - van der Berg, Yuan
TI  - Gradient descent optimizes over-parameterized deep ReLU networks
JO  - Machine Learning
VL  - 109
IS  - 3
SP  - 467
EP  - 492
PY  - 2020
DA  - 2020/03/01
SN  - 1573-0565
DO  - 10.1007/s10994-019-05839-6
UR  - https://doi.org/10.1007/s10994-019-05839-6
ER  -
"""


def one(text: str) -> Record:
    (found,) = files.read(text).found
    return found.record


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (json.dumps(CSL), "csl-json"),
        (json.dumps([CSL]), "csl-json"),
        ("[]", "csl-json"),
        ("\ufeff" + RIS, "ris"),
        (RIS.replace("\n", "\r\n"), "ris"),
        ("@article{a, title={T}}", "bibtex"),
        ("% a comment\n\n@string(x = {y})\n@Article(a, title={T})", "bibtex"),
        ("2103.00065\n", "identifiers"),
        ("", "identifiers"),
        ("[@jacot2018neural]", "identifiers"),
        ("someone@example.org", "identifiers"),
    ],
)
def test_formats_are_told_apart_by_content(text: str, kind: str) -> None:
    assert files.kind_of(text) == kind


def test_a_list_of_identifiers() -> None:
    contents = files.read("# to read\n2103.00065  # edge of stability\n\nhttps://a.org/x#frag\r\n  doi:10.1000/x\n")
    assert contents.lines == ((2, "2103.00065"), (4, "https://a.org/x#frag"), (5, "doi:10.1000/x"))


@pytest.mark.parametrize("text", ["<!DOCTYPE html><html>", "<?xml version='1.0'?><a/>", "\n<html>", "2103.00065\0"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(CitemanError, match="no list of identifiers"):
        files.read(text, "page.html")


def test_csl_json() -> None:
    record = one(json.dumps([CSL]))
    assert (record.source, record.type, record.identifier) == ("file", "inproceedings", "doi:10.5555/ntk")
    assert dict(record.fields) == {
        "title": record.fields["title"],
        "author": "Jacot, Arthur and van de Goor, Ien",
        "year": "2018",
        "date": "2018-12-03",
        "booktitle": "Advances in Neural Information Processing Systems",
        "volume": "31",
        "pages": "8571--8580",
        "publisher": "Curran",
        "doi": "10.5555/ntk",
    }
    assert record.abstract == "We show …"
    assert files.read(json.dumps(CSL)).found[0].key == "jacot2018"


@pytest.mark.parametrize(
    "changes",
    [
        {"DOI": "10.48550/ARXIV.1806.07572", "type": "article", "publisher": "arXiv"},
        {"DOI": "", "URL": "http://arxiv.org/abs/1806.07572v2", "type": "article"},
        {"DOI": "", "number": "arXiv:1806.07572", "type": "article"},
    ],
)
def test_an_arxiv_paper_in_csl_json(changes: dict[str, str]) -> None:
    record = one(json.dumps({**CSL, **changes}))
    assert (record.type, record.identifier) == ("misc", "arXiv:1806.07572")
    assert (record.fields["eprint"], record.fields["eprinttype"]) == ("1806.07572", "arxiv")
    assert not {"doi", "url", "publisher"} & set(record.fields) - ({"publisher"} if "publisher" not in changes else set())


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ({"raw": "2018-12-03"}, "2018-12-03"),
        ({"literal": "2018"}, "2018"),
        ({"date-parts": [[]]}, None),
        (None, None),
        ("2018-05", "2018-05"),
    ],
)
def test_dates_in_csl_json(issued: object, date: str | None) -> None:
    assert one(json.dumps({**CSL, "issued": issued})).fields.get("date") == date


def test_what_is_broken_in_json_is_told() -> None:
    contents = files.read(json.dumps([CSL, {"type": "book"}, "odd"]))
    assert len(contents.found) == 1
    assert [complaint for _, complaint in contents.problems] == ["item 2 has no title", "item 3 has no title"]
    with pytest.raises(CitemanError, match="no CSL-JSON") as caught:
        files.read('[{"title": "T",\n nonsense]', "x.json")
    assert (caught.value.path, caught.value.line) == ("x.json", 2)
    with pytest.raises(CitemanError, match="nested too deeply"):
        files.read('[{"a":' + "[" * 100_000)


def test_ris() -> None:
    record = one(RIS)
    assert (record.type, record.identifier) == ("article", "doi:10.1007/s10994-019-05839-6")
    assert record.fields["author"] == "Zou, Difan and van der Berg, Yuan"
    assert record.fields["journal"] == "Machine Learning"
    assert (record.fields["pages"], record.fields["year"], record.fields["date"]) == ("467--492", "2020", "2020-03-01")
    assert record.fields["issn"] == "1573-0565"
    assert "url" not in record.fields
    assert "{ReLU}" in record.fields["title"]


def test_several_references_and_one_without_a_title() -> None:
    contents = files.read(RIS + RIS.replace("TI  - ", "XX  - ") + RIS)
    assert len(contents.found) == 2
    assert contents.problems == ((0, "reference 2 has no title"),)


BIB = r"""@string{neurips = {Advances in Neural Information Processing Systems}}
@InProceedings{jacot2018ntk,
  title         = {Neural {T}angent {K}ernel},
  author        = "Jacot, Arthur and Hongler, Cl{\'e}ment",
  booktitle     = neurips,
  year          = 2018,
  eprint        = {1806.07572},
  archivePrefix = {arXiv},
  doi           = {10.5555/NTK},
  abstract      = {We show},
  file          = {:home/me/ntk.pdf:PDF},
}
@article{broken, title = {no end
"""


def test_bibtex_is_kept_as_a_person_wrote_it() -> None:
    contents = files.read(BIB)
    (found,) = contents.found
    assert (found.key, found.line) == ("jacot2018ntk", 2)
    assert (found.record.type, found.record.identifier, found.record.preprint) == (
        "inproceedings",
        "doi:10.5555/ntk",
        "arXiv:1806.07572",
    )
    assert dict(found.record.fields) == {
        "title": "Neural {T}angent {K}ernel",
        "author": r"Jacot, Arthur and Hongler, Cl{\'e}ment",
        "booktitle": "Advances in Neural Information Processing Systems",
        "year": "2018",
        "eprint": "1806.07572",
        "eprinttype": "arXiv",
        "doi": "10.5555/NTK",
    }
    assert found.record.abstract == "We show"
    assert contents.problems == ((13, "this entry is broken; its braces or commas do not match"),)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, "TY  - JOUR\n" + text, '[{"' + text):
        with suppress(CitemanError):
            files.read(candidate)


DOI_ORG = ("transform_", "crosscite_")


def test_every_recorded_csl_json_is_read(shared: Path) -> None:
    read = 0
    for path in sorted((shared / "upstream" / "data" / "doi-org").glob("*.json")):
        if not path.name.startswith(DOI_ORG):
            continue
        for found in files.read(path.read_text(encoding="utf-8"), path.name).found:
            assert ids.parse(found.record.identifier), path.name
            assert found.record.fields["title"]
            read += 1
    assert read > 40


def test_every_other_recorded_answer_is_read_or_refused(shared: Path) -> None:
    folder = shared / "upstream" / "data" / "doi-org"
    for path in sorted(folder.glob("*.bib")):
        (found,) = files.read(path.read_text(encoding="utf-8"), path.name).found
        assert found.record.identifier.startswith("doi:10."), path.name
        assert found.record.published_doi == ""
    for path in [*folder.glob("*.html"), *folder.glob("*.xml")]:
        with pytest.raises(CitemanError, match="no list of identifiers"):
            files.read(path.read_text(encoding="utf-8"), path.name)


# PDF


@pytest.mark.parametrize(
    ("name", "text", "info", "expected"),
    [
        ("a.pdf", "A Title\narXiv:2103.00065v3 [cs.LG] 28 Nov 2022\nsee 10.1038/nature14539", "", "arXiv:2103.00065"),
        ("a.pdf", "A Title\nhttps://doi.org/10.1073/pnas.1820226116", "", "doi:10.1073/pnas.1820226116"),
        ("a.pdf", "as in arXiv:1412.6980", "/doi (10.1073/pnas.1820226116)", "doi:10.1073/pnas.1820226116"),
        ("a.pdf", "A Title", "/Subject (Proc. 2019, doi:10.1073/pnas.1820226116)", "doi:10.1073/pnas.1820226116"),
        ("a.pdf", "A Title", "/DOI (https://doi.org/10.48550/arXiv.2103.00065) /Title (2103.00065)", "arXiv:2103.00065"),
        ("2103.00065v2.pdf", "A Title without more", "", "arXiv:2103.00065"),
    ],
)
def test_which_work_a_pdf_is(tmp_path: Path, name: str, text: str, info: str, expected: str) -> None:
    path = tmp_path / name
    path.write_bytes(made_pdf(text, info))
    assert pdf.is_pdf(path)
    assert str(pdf.identify(path).identifiers[0]) == expected


def test_a_pdf_that_does_not_say_has_perhaps_a_title(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(made_pdf("Some words", "/Title (On the theory of things)"))
    assert pdf.identify(path) == pdf.Paper((), "On the theory of things", 0, "Some words")
    path.write_bytes(made_pdf("Some words", "/Title (Microsoft Word - final.docx)"))
    assert pdf.identify(path) == pdf.Paper((), "", 0, "Some words")


@pytest.mark.parametrize("content", [b"%PDF-1.4\nnonsense", b"%PDF-1.7", made_pdf("x")[:300]])
def test_a_broken_pdf_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    with pytest.raises(CitemanError, match="cannot read this PDF") as caught:
        pdf.identify(path)
    assert "\n" not in str(caught.value)


def test_no_pdf_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"<html>")
    assert not pdf.is_pdf(tmp_path / "a.pdf")
    assert not pdf.is_pdf(tmp_path / "none.pdf")
    with pytest.raises(CitemanError, match="cannot read this PDF: No such file"):
        pdf.identify(tmp_path / "none.pdf")
