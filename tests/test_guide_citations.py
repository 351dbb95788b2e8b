"""The citations a guide makes, in every way of writing one; what is none; and notes, sentences, pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from citeman.guide import Citation, Guide
from citeman.text import decode

DATA = Path(__file__).parent / "data" / "guide"


@pytest.fixture(scope="module")
def guide() -> Guide:
    return Guide.parse((DATA / "citing.md").read_text("utf-8"), "citing.md")


def cited(source: str, rule: str = "pandoc") -> list[Citation]:
    return list(Guide.parse(source, rule=rule).citations)


def one(source: str, rule: str = "pandoc") -> Citation:
    (citation,) = cited(source, rule)
    return citation


def test_links_of_every_form(guide: Guide) -> None:
    found = [(c.line, c.form, c.label, str(c.identifier)) for c in guide.citations if c.section == "links"]
    assert found == [
        (8, "link", "first link", "arXiv:2103.00065"),
        (8, "link", "with a title", "arXiv:2103.00065"),
        (9, "link", "third", "doi:10.1073/pnas.1820226116"),
        (10, "reference", "by reference", "arXiv:2006.10739"),
        (10, "reference", "collapsed", "arXiv:2006.10740"),
        (10, "reference", "Ref", "arXiv:2006.10739"),
        (10, "autolink", "https://openreview.net/forum?id=HyeVtoRqtQ", "https://openreview.net/forum?id=HyeVtoRqtQ"),
        (11, "url", "https://arxiv.org/abs/1806.07572v4", "arXiv:1806.07572"),
        (11, "html", "Jacot et al.", "arXiv:1912.02803"),
        (13, "link", "Belkin and Hsu (2019)", "arXiv:1812.11118"),
        (14, "link", "Cohen et al.", "arXiv:2103.00065"),
        (15, "link", "Polyak", "doi:10.1016/0041-5553(64)90137-5"),
        (16, "link", "paper", "arXiv:1706.03762"),
    ]


def test_links_in_notes_belong_to_the_place_that_refers_to_the_note(guide: Guide) -> None:
    found = [(c.line, c.label) for c in guide.citations if c.section == "notes"]
    assert found == [(21, "Lee et al. (2019)"), (22, "Yang (2021)"), (22, "Bordelon"), (57, "Saxe (2013)")]


def test_links_in_tables_quotes_and_html_blocks(guide: Guide) -> None:
    found = [(c.line, c.form, c.label) for c in guide.citations if c.section == "blocks"]
    assert found == [(28, "link", "Attention"), (30, "link", "Hardt"), (33, "html", "Damian (2020)")]


def test_keys_with_locators_prefixes_and_braces(guide: Guide) -> None:
    found = [(c.form, c.keys, guide.source[c.start : c.end]) for c in guide.citations if c.section == "keys"]
    assert found == [
        ("pandoc", ("smith2020",), "[@smith2020]"),
        ("pandoc", ("smith2020", "jones2021"), "[see @smith2020, p. 3; -@jones2021, ch. 2]"),
        ("textual", ("doe99",), "@doe99"),
        ("textual", ("doe99",), "@doe99 [p. 4]"),
        ("textual", ("doe99",), "-@doe99"),
        ("pandoc", ("https://example.org/x",), "[@{https://example.org/x}]"),
        ("pandoc", ("doi:10.1038/nature14539",), "[@doi:10.1038/nature14539]"),
    ]
    assert str(guide.citations[-2].identifier) == "doi:10.1038/nature14539"


def test_code_math_mail_and_escapes_cite_nothing(guide: Guide) -> None:
    assert [c for c in guide.citations if c.section == "not-citations"] == []


def test_plain_pages_are_kept_apart(guide: Guide) -> None:
    assert [page.url for page in guide.pages] == [
        "https://example.org/post",
        "https://social.example/@no4",
        "https://social.example/@no5",
        "https://social.example/no10",
    ]
    assert all(page.identifier and not page.identifier.scholarly for page in guide.pages)


def test_sentence_is_plain_and_ends_where_it_ends() -> None:
    source = (
        "# A\n\nFirst. It was shown by Smith et al. in *two* papers [[A and B (2022)]](https://arxiv.org/abs/2103.00065)\n"
        "> and not, e.g., before. Last.\n"
    )
    assert one(source).sentence == "It was shown by Smith et al. in two papers [A and B (2022)] and not, e.g., before."


def test_version_and_address_are_kept_as_written() -> None:
    citation = one("[x](http://arxiv.org/pdf/2103.00065v3.pdf)\n")
    assert citation.url == "http://arxiv.org/pdf/2103.00065v3.pdf"
    assert citation.identifier
    assert citation.identifier.version == 3


@pytest.mark.parametrize(
    ("source", "form", "keys"),
    [
        ("See {cite:t}`a2020, b2021`.", "myst", ("a2020", "b2021")),
        ("See :cite:`a2020`.", "myst", ("a2020",)),
        ('See <d-cite key="a2020,b2021"></d-cite>.', "distill", ("a2020", "b2021")),
        ("See {% cite a2020 b2021 %}.", "liquid", ("a2020", "b2021")),
        ("See \\citep[p. 3]{a2020,b2021}.", "tex", ("a2020", "b2021")),
    ],
)
def test_keys_of_other_tools(source: str, form: str, keys: tuple[str, ...]) -> None:
    citation = one(source)
    assert (citation.form, citation.keys) == (form, keys)


def test_a_bare_name_outside_pandoc_is_a_person() -> None:
    assert cited("thanks to @somebody, after @smith2020 and [@somebody]", "github")[0].keys == ("smith2020",)
    assert [c.keys for c in cited("thanks to @somebody", "pandoc")] == [("somebody",)]


def test_raw_html_blocks_hold_no_markdown_outside_pandoc() -> None:
    source = '<div>\n[a](https://arxiv.org/abs/2103.00065)\n<a href="https://arxiv.org/abs/1806.07572">b</a>\n</div>\n'
    assert [c.label for c in cited(source, "github")] == ["b"]
    assert [c.label for c in cited(source, "pandoc")] == ["a", "b"]


def test_chunks_of_code_cite_nothing_whatever_the_dialect() -> None:
    chunk = "```{python}\n@wraps.here\ndef f():\n\n    return '[@a2020]'\n\n@b2020\n```\n\n"
    source = chunk + "```{figure} x.png\nFrom {cite}`c2020`.\n```\n"
    assert [c.keys for c in cited(source, "myst")] == [("c2020",)]
    assert ("b2020",) not in [c.keys for c in cited(source, "pandoc")]


def test_footnotes_are_listed(guide: Guide) -> None:
    assert [(note.label, note.line) for note in guide.footnotes] == [("far", 57), ("", 21)]
    assert guide.footnotes[1].text.startswith("See [Lee")


@pytest.mark.parametrize(
    ("name", "citations", "keys", "works"),
    [
        ("offconvex-2022-07-15-imp-reg-htf-cnn.md", 22, 0, 12),
        ("manubot-deep-review-02.intro.md", 27, 42, 16),
        ("url2cite-README.md", 2, 3, 1),
        ("fodl-2022-01-14-optimization02.md", 13, 0, 13),
        ("so-large-lm-ch03.zh.md", 25, 0, 23),
    ],
)
def test_counts_of_a_careful_reader(name: str, citations: int, keys: int, works: int, shared: Path) -> None:
    guide = Guide.parse(decode((shared / "corpora" / "guides" / name).read_bytes()).text, name)
    assert len(guide.citations) == citations
    assert sum(len(citation.keys) for citation in guide.citations) == keys
    assert len({citation.identifier for citation in guide.citations if citation.identifier}) == works


def test_prose_after_a_chunk_that_the_dialect_takes_for_text_is_read() -> None:
    source = "Before @a2020.\n\n```{r, echo=FALSE}\nx <- 1\n\nplot(x)\n```\n\nAfter @b2020.\n\n```{r}\ny\n\nz # @no\n```\n\nLast @c2020.\n"
    assert [c.keys for c in cited(source)] == [("a2020",), ("b2020",), ("c2020",)]


def test_a_less_than_sign_hides_no_citation() -> None:
    source = "For steps <lam, as in [A (2020)](https://arxiv.org/abs/2103.00065), and @b2020 x> y.\n"
    assert [c.label for c in cited(source)] == ["A (2020)", "@b2020"]


def test_every_citation_that_a_plain_search_finds_is_found(shared: Path) -> None:
    address = re.compile(r"(?:arxiv\.org/(?:abs|pdf|html)/|doi\.org/10|openreview\.net/(?:forum|pdf)|aclanthology\.org/)\S+")
    key = re.compile(r"(?<![\w\\/.])@[A-Za-z][\w:-]+\d{4}\w*|<d-cite key|\{cite|:cite:")
    missed = []
    for path in sorted(shared.glob("corpora/guides/*md")):
        guide = Guide.parse(decode(path.read_bytes()).text, path.name)
        spans = [(found.start, found.end) for found in (*guide.citations, *guide.pages)]
        places = [match.start() for pattern in (address, key) for match in pattern.finditer(guide.source)]
        lost = [place for place in places if not guide.in_code(place) and not any(a <= place < b for a, b in spans)]
        missed += [(path.name, guide.source.count("\n", 0, place) + 1) for place in lost]
    # a definition of a key's address, as pandoc-url2cite has them
    assert missed == [("url2cite-README.md", 164)]
