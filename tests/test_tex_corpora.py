"""Laws of the TeX room over titles and names of real bibliographies, beside the project."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from citeman import names, tex

TITLES = re.compile(r"^\s*title\s*=\s*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}", re.MULTILINE | re.IGNORECASE)
STRIDE = 8
ACCIDENT = re.compile(r"[\u00c2-\u00f4][\u0080-\u00bf\u2013-\u203a\u20ac\u2122]")


def fields(shared: Path) -> Iterator[str]:
    for path in sorted((shared / "corpora").glob("bib*/**/*.bib"))[::STRIDE]:
        yield from TITLES.findall(path.read_bytes().decode("utf-8", "replace"))


@pytest.fixture(scope="module")
def titles(shared: Path) -> list[str]:
    return sorted(set(fields(shared)))


@pytest.fixture(scope="module")
def papers(shared: Path) -> list[dict[str, object]]:
    return list(yaml.load((shared / "papers.yaml").read_text(encoding="utf-8"), Loader=yaml.CBaseLoader))


def test_every_real_title_is_well_formed_html(titles: list[str]) -> None:
    assert len(titles) > 500
    for title in titles:
        ElementTree.fromstring(f"<p>{tex.to_html(title)}</p>")


def test_writing_a_real_title_twice_is_writing_it_once(titles: list[str]) -> None:
    for title in titles:
        for write in (tex.protect, tex.clean_title):
            value = write(title)
            assert write(value) == value


def test_cleaning_a_real_title_keeps_its_meaning(titles: list[str]) -> None:
    for title in titles:
        if not ACCIDENT.search(title):
            assert tex.fold(tex.clean_title(title)) == tex.fold(title)


def test_titles_read_as_pandoc_reads_them(shared: Path) -> None:
    compared = 0
    for expected in sorted((shared / "corpora/bib-expected/pandoc-csljson").glob("*.csl.json")):
        source = next((shared / "corpora").rglob(expected.name.replace(".csl.json", ".bib")), None)
        if source is None:
            continue
        theirs = {
            tex.fold(re.sub(r"</?\w[^>]*>", "", item.get("title", "")))
            for item in json.loads(expected.read_text(encoding="utf-8"))
        }
        for title in TITLES.findall(source.read_text(encoding="utf-8")):
            assert tex.fold(title) in theirs
            compared += 1
    assert compared > 500


def test_the_papers_names_and_titles_survive_being_shown(papers: list[dict[str, object]]) -> None:
    for paper in papers:
        assert tex.to_unicode(tex.protect(str(paper["title"]))) == paper["title"]
        authors = paper["authors"]
        assert isinstance(authors, list)
        for author in authors:
            name = names.parse_one(author)
            assert names.format_one(name) == author
            assert names.from_display(names.display(name)) == name


def test_every_formula_of_the_papers_becomes_mathml(papers: list[dict[str, object]]) -> None:
    formulas = [str(paper["title"]) for paper in papers if "$" in str(paper["title"])]
    assert formulas
    assert all("<math>" in tex.to_html(title) and 'class="math"' not in tex.to_html(title) for title in formulas)
