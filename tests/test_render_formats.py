"""The exports, read back by other programs: pandoc, rispy, an XML parser, a BibTeX parser."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
import rispy

from citeman.bib import Bibliography
from citeman.render import entries, prose
from citeman.render.addresses import Names, beside, outside, safe_name
from citeman.render.formats import csl_json, markdown, ris
from citeman.render.works import Work, work_of
from tests import reading
from tests.test_render_pages import build

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = 'title = "Learning <mechanics>"\nurl = "https://pages.example"\n'
    return build(reading.write(tmp_path_factory.mktemp("formats") / "project", settings=settings))


def work(bib: str) -> Work:
    return work_of(Bibliography.parse(bib).entries[0])


def test_a_sections_bibtex_holds_its_entries_as_they_stand(site: Path) -> None:
    bib = (site / "dynamics" / "classical.bib").read_text()
    assert [entry.key for entry in Bibliography.parse(bib).entries] == [
        "nesterov1983method",
        "polyak1964some",
        "muller1998tricks",
        "cohen2021gradient",
    ]
    assert all(block.strip() in reading.BIB for block in bib.split("\n\n"))
    assert (site / "papers.bib").read_text() == reading.BIB


def test_ris_is_read_by_another_program(site: Path) -> None:
    text = (site / "dynamics" / "classical.ris").read_bytes().decode()
    records = rispy.loads(text)
    assert [one["type_of_reference"] for one in records] == ["JOUR", "JOUR", "BOOK", "CPAPER"]
    assert records[1]["start_page"] == "1"
    assert records[1]["end_page"] == "17"
    assert records[2]["authors"] == ["Müller, Klaus-Robert", "van der Vaart, Aad"]
    assert records[3]["title"] == "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability"


@pytest.mark.parametrize(
    ("name", "reader"), [("classical.json", "csljson"), ("classical.ris", "ris"), ("classical.bib", "bibtex")]
)
def test_pandoc_reads_the_same_works_from_every_form(site: Path, name: str, reader: str) -> None:
    pypandoc = pytest.importorskip("pypandoc", reason="pypandoc_binary is not installed")
    text = (site / "dynamics" / name).read_text()
    items = json.loads(pypandoc.convert_text(text, "csljson", reader))
    families = [[person.get("family", person.get("literal")) for person in one["author"]] for one in items]
    assert families[0] == ["Nesterov"]
    assert families[2][0] == "Müller"
    assert families[2][1] in {"Vaart", "van der Vaart"}
    assert len(families[3]) == 5
    assert [one["issued"]["date-parts"][0][0] for one in items] == [1983, 1964, 1998, 2021]
    assert items[1]["title"].lower() == "some methods of speeding up the convergence of iteration methods"
    assert items[1]["DOI"] == "10.1016/0041-5553(64)90137-5"


def test_csl_json_says_what_kind_of_work_it_is() -> None:
    kinds = {
        "@article{a, title={T}, journal={J}, year=2020}": "article-journal",
        "@article{a, title={T}, journal={arXiv preprint arXiv:2103.00065}, eprint={2103.00065}, year=2021}": "article",
        "@misc{a, title={T}, eprint={2103.00065}, eprinttype={arxiv}}": "article",
        "@inproceedings{a, title={T}, booktitle={ICLR}}": "paper-conference",
        "@incollection{a, title={T}, booktitle={B}}": "chapter",
        "@book{a, title={T}, publisher={P}}": "book",
        "@phdthesis{a, title={T}, school={S}}": "thesis",
        "@techreport{a, title={T}, institution={I}}": "report",
        "@misc{a, title={T}}": "document",
    }
    assert {bib: csl_json.item(work(bib))["type"] for bib in kinds} == kinds


def test_dates_are_as_exact_as_the_entry() -> None:
    dates = {
        "date = {2020-05-17}": "2020-05-17",
        "year = 2020, month = may": "2020-05",
        "year = {2020}, month = {12}": "2020-12",
        "year = {to appear in 2021}": "2021",
        "date = {2020/2021}": "2020",
        "year = {soon}": "",
        "eprint = {2103.00065}, eprinttype = {arxiv}": "2021",
        "eprint = {math/0309136}, eprinttype = {arxiv}": "2003",
    }
    assert {fields: work(f"@article{{a, title={{T}}, {fields}}}").date for fields in dates} == dates


def test_pages_have_one_dash() -> None:
    assert [work(f"@article{{a, pages={{{pages}}}}}").pages for pages in ("1--17", "1-17", "1 – 17", "17", "e5")] == [
        "1–17",
        "1–17",
        "1–17",
        "17",
        "e5",
    ]


def test_a_record_of_ris_stays_on_its_lines() -> None:
    text = ris.record(work("@article{a,\n title = {Two\n  lines},\n note={x},\n abstract = {One.\n\n ER  - \n TY  - BOOK}\n}"))
    assert text.count("\r\nER  - \r\n") == 1
    assert all(len(line) > 5 and line[2:6] == "  - " for line in text.strip("\r\n").split("\r\n"))


def test_feeds_have_the_newest_papers_first_and_say_where_they_are_read(site: Path) -> None:
    feed = ElementTree.parse(site / "papers.xml").getroot()
    entries = feed.findall("a:entry", ATOM)
    assert [one.findtext("a:updated", "", ATOM)[:10] for one in entries] == ["2026-03-04", "2026-02-03", "2026-01-02"]
    assert feed.findtext("a:updated", "", ATOM) == "2026-03-04T00:00:00Z"
    assert feed.findtext("a:title", "", ATOM) == "New papers: Learning <mechanics>"
    ids = [one.findtext("a:id", "", ATOM) for one in entries]
    assert len(set(ids)) == 3
    assert ids[1] == "https://pages.example/papers/cohen2021gradient.html#edge"
    assert "Read in The edge of stability. Named the edge." in entries[1].findtext("a:summary", "", ATOM)
    links = {one.get("rel"): one.get("href") for one in feed.findall("a:link", ATOM)}
    assert links == {"self": "https://pages.example/papers.xml", "alternate": "https://pages.example/papers.html"}
    section = ElementTree.parse(site / "dynamics" / "edge.xml").getroot()
    assert len(section.findall("a:entry", ATOM)) == 1


def test_index_json_says_everything(site: Path) -> None:
    index = json.loads((site / "index.json").read_text())
    assert (index["format"], index["title"], index["url"]) == (1, "Learning <mechanics>", "https://pages.example/")
    (guide,) = index["guides"]
    first = guide["sections"][0]
    assert first["page"] == "dynamics/classical.html"
    assert first["reading"][1] == {
        "key": "polyak1964some",
        "role": "foundation",
        "tier": "core",
        "why": "Costs between $5 and $6.",
        "after": ["nesterov1983method"],
        "added": "2026-03-04",
    }
    assert first["reading"][3]["url"] == "https://widget.example/momentum"
    assert first["reading"][5]["see"] == "dynamics/edge.html"
    assert guide["sections"][1]["questions"][0]["reading"][0]["key"] == "nakkiran2019deep"
    papers = {one["key"]: one for one in index["papers"]}
    assert len(papers) == 6
    assert papers["cohen2021gradient"]["csl"]["title"].startswith("Gradient Descent")
    assert [one["section"] for one in papers["cohen2021gradient"]["read_in"]] == [
        "The classical picture",
        "The edge of stability",
    ]


def test_llms_txt_names_every_list(site: Path) -> None:
    text = (site / "llms.txt").read_text()
    assert text.startswith("# Learning \\<mechanics\\>\n\n> Reading lists: 6 papers")
    assert "- [The edge of stability](dynamics/edge.md): 2 papers ([page](dynamics/edge.html))" in text
    assert "[Everything as JSON](index.json)" in text


def test_markdown_shows_what_it_was_made_from(site: Path) -> None:
    text = (site / "dynamics" / "classical.md").read_text()
    assert "1. Yurii Nesterov. A method for solving the convex programming problem with convergence rate" in text
    assert (
        "[Some methods of speeding up the convergence of iteration methods](<https://doi.org/10.1016/0041-5553(64)90137-5>)"
        in text
    )
    assert "   Read first: Nesterov (1983)" in text
    assert "See also: The edge of stability" in text


@pytest.mark.parametrize(
    "text",
    ["*a* _b_ [c](d) `e` <f> \\g", "# no heading", "1. no list", "- none", "+ none", "12) x", "## two", "a\n\nb", "&amp; x"],
)
def test_markdown_text_is_shown_as_it_is(text: str) -> None:
    pypandoc = pytest.importorskip("pypandoc", reason="pypandoc_binary is not installed")
    shown = pypandoc.convert_text(markdown.escape(text), "plain", "commonmark", extra_args=["--wrap=none"])
    assert shown.strip() == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain & <simple>", "plain &amp; &lt;simple&gt;"),
        ("between $5 and $6", "between $5 and $6"),
        ("costs $5", "costs $5"),
        ("see `x < y`", "see <code>x &lt; y</code>"),
        ("really *new* work", "really <em>new</em> work"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("a*b*c", "a*b*c"),
        ("<script>$x$</script>", None),
        ("**", "**"),
    ],
)
def test_prose_knows_math_code_and_emphasis_and_nothing_else(text: str, html: str | None) -> None:
    shown = prose.to_html(text)
    if html is None:
        assert shown.startswith("&lt;script&gt;<math")
    else:
        assert shown == html


def test_safe_names_are_their_text_where_that_is_safe_and_differ_where_texts_do() -> None:
    assert [safe_name(text) for text in ("cohen2021gradient", "a+b", "x.y", "Größe")] == [
        "cohen2021gradient",
        "a+b",
        "x.y",
        "Größe",
    ]
    odd = [
        "..",
        ".",
        "",
        "/",
        "\\",
        "a/b",
        "a\\b",
        "a:b",
        "con",
        "CON",
        "nul.txt",
        "a ",
        " a",
        "a\n",
        "\x00",
        "-a",
        "_a",
        ".a",
        "a.",
        "~",
        "a..b",
        "é" * 99,
    ]
    names = [safe_name(text) for text in odd]
    assert len(set(names)) == len(odd)
    assert all(
        name and not set(name) & set('/\\:*?"<>| \x00') and name not in {".", ".."} and len(name.encode()) < 120 for name in names
    )


def test_names_that_differ_in_case_only_are_told_apart() -> None:
    names = Names(["papers"])
    given = [names.give(text) for text in ("Abc", "abc", "ABC", "Papers", "e\u0301", "\u00e9")]
    assert given[0] == "Abc"
    assert len({name.casefold() for name in given}) == len(given)


def test_addresses_out_of_the_site() -> None:
    assert outside("https://example.org/a b?c=<d>#e") == "https://example.org/a%20b?c=%3Cd%3E#e"
    assert [
        outside(url) for url in ("javascript:x", "//host/x", "ftp://x", "mailto:x", "", "https://", "https://[x", "/etc")
    ] == [""] * 8
    assert [beside("a/b.html", "a/c.html"), beside("a.html", "b/c.html"), beside("a/b.html", "c.html")] == [
        "c.html",
        "b/c.html",
        "../c.html",
    ]


def test_an_entrys_source_holds_the_macros_of_its_own_text_only() -> None:
    source = (
        "@string{place = {Oslo}}\n@misc{child, title = {C}, crossref = {PARENT}}\n@book{parent, title = {P}, address = place}\n"
    )
    read = entries.read(Bibliography.parse(source), None)
    assert read.texts["child"].source.strings == ()
    assert read.texts["parent"].source.strings == ("@string{place = {Oslo}}",)
