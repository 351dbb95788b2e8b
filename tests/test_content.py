"""This repository's own bibliography and lists: sound in themselves, and true to the verified facts where those are at hand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from citeman import tex
from citeman.bib import Bibliography
from citeman.checks.agreement import is_preprint
from citeman.guide import Guide
from citeman.ids import is_citation_key, of_entry
from citeman.lists import ReadingLists
from citeman.names import parse as parse_names
from citeman.render.works import work_of
from tests.conftest import ROOT

BIB = ROOT / "references.bib"
LISTS = ROOT / "refs" / "dynamics-of-training.yaml"

KEY = re.compile(r"[a-z]+\d{4}[a-z0-9]+")
FIELD = re.compile(r"  [a-z]+ = \{.+\},")
REQUIRED = {
    "article": {"author", "title", "journal", "year"},
    "book": {"author", "title", "publisher", "year"},
    "incollection": {"author", "title", "booktitle", "publisher", "year"},
    "inproceedings": {"author", "title", "booktitle", "year"},
    "misc": {"author", "title", "year"},
}


@pytest.fixture(scope="module")
def bibliography() -> Bibliography:
    return Bibliography.parse(BIB.read_text(encoding="utf-8"), "references.bib")


@pytest.fixture(scope="module")
def lists() -> ReadingLists:
    return ReadingLists.parse(LISTS.read_text(encoding="utf-8"), "refs/dynamics-of-training.yaml")


@pytest.fixture(scope="module")
def papers(shared: Path) -> dict[str, dict[str, Any]]:
    """The verified facts, by key; all scalars strings."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    facts = yaml.load((shared / "papers.yaml").read_text(encoding="utf-8"), Loader=loader)
    return {paper["key"]: paper for paper in facts}


@pytest.fixture(scope="module")
def guide(shared: Path) -> Guide:
    return Guide.parse((shared / "guide" / "dynamics-of-training.md").read_text(encoding="utf-8"))


# -- sound in themselves --


def test_both_files_parse_without_a_finding(bibliography: Bibliography, lists: ReadingLists) -> None:
    assert bibliography.findings == ()
    assert lists.findings == ()
    assert len(bibliography.entries) > 100
    assert len(lists.sections) == 8


def test_keys_follow_one_pattern_and_stand_in_order(bibliography: Bibliography) -> None:
    keys = [entry.key for entry in bibliography.entries]
    assert all(KEY.fullmatch(key) and is_citation_key(key) for key in keys)
    assert keys == sorted(set(keys))
    for entry in bibliography.entries:
        family = tex.fold(parse_names(entry.get("author"))[0].particle + parse_names(entry.get("author"))[0].family)
        assert entry.key.startswith(family.replace(" ", "")[:3])


def test_entries_are_written_in_one_style(bibliography: Bibliography) -> None:
    for block in re.split(r"\n\n(?=@)", bibliography.source.rstrip("\n"))[1:]:
        first, *fields, last = block.split("\n")
        assert re.fullmatch(r"@[a-z]+\{[a-z0-9]+,", first)
        assert [field for field in fields if not FIELD.fullmatch(field)] == []
        assert last == "}"


def test_entries_have_the_fields_of_their_type(bibliography: Bibliography) -> None:
    for entry in bibliography.entries:
        names = [field.name for field in entry.fields]
        assert set(names) >= REQUIRED[entry.type], entry.key
        assert len(names) == len(set(names)), entry.key
        assert of_entry(entry) or entry.key in ("nesterov1983method", "fukumizu1998effect")
        assert ("eprint" in names) == ("eprinttype" in names)
        assert not entry.get("doi").startswith("10.48550")
        assert not re.match(r"https?://(?:dx\.)?doi\.org/|https?://arxiv\.org/", entry.get("url"))
        assert "--" in entry.get("pages") or "-" not in entry.get("pages")


def test_capitals_that_a_style_must_not_lower_are_in_braces(bibliography: Bibliography) -> None:
    for entry in bibliography.entries:
        for value in (entry.get("title"), entry.get("titleaddon")):
            bare = re.sub(r"\{[^{}]*\}", "", value)
            assert not re.search(r"\w[A-Z]|\b[A-Z]{2}|[$]|Adam|Muon|Hessian|Gaussian|Bayesian", bare.replace("arXiv", "")), value


def test_every_listed_paper_is_there_and_every_paper_is_listed(bibliography: Bibliography, lists: ReadingLists) -> None:
    listed = {item.key for section in lists.sections for item in section.reading if item.key}
    assert listed == {entry.key for entry in bibliography.entries}
    settling = {key for section in lists.sections for cue in section.cues for key in cue.settled_by}
    assert settling <= listed


def test_every_item_says_why_and_core_comes_first(lists: ReadingLists) -> None:
    for section in lists.sections:
        tiers = [item.tier for item in section.reading]
        assert tiers == sorted(tiers), section.anchor
        keys = [item.key for item in section.reading]
        for item in section.reading:
            assert item.why, item.identity
            assert item.role or not item.key, item.identity
            assert set(item.after) <= set(keys[: keys.index(item.key)])
            assert not item.see or lists.section(item.see)


def test_sections_have_short_names(lists: ReadingLists) -> None:
    names = [alias for section in lists.sections for alias in section.aliases]
    assert {"classical", "ntk", "deep-linear", "eos", "optimizers"} <= set(names)
    assert len(names) == len(set(names))
    assert all(section.aliases and section.title for section in lists.sections)


# -- true to the verified facts --


def test_no_paper_is_missing_and_none_is_made_up(bibliography: Bibliography, papers: dict[str, dict[str, Any]]) -> None:
    assert {entry.key for entry in bibliography.entries} == set(papers)


def test_every_fact_is_the_verified_one(bibliography: Bibliography, papers: dict[str, dict[str, Any]]) -> None:
    for entry in bibliography.entries:
        paper = papers[entry.key]
        expected = {
            "type": paper["type"],
            "author": " and ".join(paper["authors"]),
            "title": paper["title"],
            "year": paper["year"],
            "volume": paper.get("volume", volume_in_venue(paper["venue"])),
            "number": paper.get("number", ""),
            "pages": paper.get("pages", ""),
            "series": paper.get("series", ""),
            "publisher": paper.get("publisher", ""),
            "doi": paper.get("doi", ""),
            "eprint": paper.get("arxiv", ""),
            "eprintclass": paper.get("arxiv_category", ""),
            "eprinttype": "arxiv" if "arxiv" in paper else "",
            "edition": "2" if paper.get("evidence", "").startswith("Second edition") else "",
        }
        found = {name: entry.get(name) for name in expected} | {"type": entry.type, "title": tex.to_unicode(entry.get("title"))}
        found |= {name: found[name].replace("--", "-") for name in ("number", "pages")}
        assert found == expected, entry.key


def test_every_venue_is_the_verified_one(bibliography: Bibliography, papers: dict[str, dict[str, Any]]) -> None:
    for entry in bibliography.entries:
        venue = without_short_names(papers[entry.key]["venue"])
        places = [entry.get(name) for name in ("journal", "booktitle", "howpublished") if entry.get(name)]
        if entry.type == "book":
            assert (places, venue) == ([], entry.get("publisher"))
        elif venue == "arXiv preprint":
            assert places == []
        else:
            assert [without_short_names(place) for place in places] == [venue.split(", keller")[0].split(", jeremy")[0]]


def test_every_link_is_the_verified_one(bibliography: Bibliography, papers: dict[str, dict[str, Any]]) -> None:
    for entry in bibliography.entries:
        paper = papers[entry.key]
        url = paper.get("url", "")
        said_otherwise = "//arxiv.org/" in url or (entry.get("doi") and entry.get("doi").lower() in url.lower())
        assert entry.get("url") == ("" if said_otherwise else url), entry.key
        if "openreview" in paper:
            assert f"https://openreview.net/forum?id={paper['openreview']}" in (entry.get("url"), entry.get("openreview"))


def test_other_titles_are_made_of_what_the_facts_say(bibliography: Bibliography, papers: dict[str, dict[str, Any]]) -> None:
    said = {
        "arxiv",
        "title",
        "earlier",
        "english",
        "translation",
        "republished",
        "in",
        "extended",
        "reprint",
        "first",
        "edition",
        "companion",
        "paper",
        "pages",
    }
    allowed = {"author", "title", "journal", "booktitle", "series", "edition", "volume", "number", "pages", "publisher", "year"}
    allowed |= {"eprint", "eprinttype", "eprintclass", "doi", "url", "openreview", "howpublished", "titleaddon", "note"}
    for entry in bibliography.entries:
        assert {field.name for field in entry.fields} <= allowed
        known = set(tex.fold(repr(papers[entry.key])).split()) | said
        for name in ("titleaddon", "note"):
            assert set(tex.fold(tex.to_unicode(entry.get(name))).split()) <= known, entry.key


def test_every_placement_is_the_verified_one(lists: ReadingLists, papers: dict[str, dict[str, Any]]) -> None:
    wanted = {
        (place["section"], key): (place["tier"], place["role"], " ".join(place["why"].split()))
        for key, paper in papers.items()
        for place in paper["placements"]
    }
    found = {
        (section.anchor, item.key): (item.tier, item.role, item.why)
        for section in lists.sections
        if section.kind == "section"
        for item in section.reading
        if item.key
    }
    assert found == wanted


def test_every_cue_the_facts_answer_is_recorded(lists: ReadingLists, papers: dict[str, dict[str, Any]]) -> None:
    wanted: dict[str, set[str]] = {}
    for key, paper in papers.items():
        for place in paper["placements"]:
            for cue in place.get("cue", ()):
                wanted.setdefault(cue, set()).add(key)
    found = {cue.text: set(cue.settled_by) for section in lists.sections for cue in section.cues}
    assert found == wanted


def test_sections_and_cues_are_the_guides_own(lists: ReadingLists, guide: Guide) -> None:
    places = {section.anchor: section for section in guide.sections} | {box.anchor: box for box in guide.questions}
    order = sorted(places, key=lambda anchor: places[anchor].start)
    assert [section.anchor for section in lists.sections] == order
    for section in lists.sections:
        place = places[section.anchor]
        assert section.title == place.title
        assert all(cue.text in guide.source[place.start : place.end] for cue in section.cues)
    assert [section.parent for section in lists.sections if section.kind == "question"] == [
        box.section for box in guide.questions
    ]


def volume_in_venue(venue: str) -> str:
    found = re.search(r"Systems (\d+) \(", venue)
    return found[1] if found else ""


def without_short_names(venue: str) -> str:
    return re.sub(r"( \d+)? \((?:ICLR|NeurIPS|ECML PKDD)[^)]*\)", "", venue)


def test_the_terminal_and_the_pages_count_the_same_preprints(bibliography: Bibliography) -> None:
    """A blog post, for one, is no preprint."""
    preprints = {entry.key for entry in bibliography.entries if is_preprint(entry)}
    assert preprints == {entry.key for entry in bibliography.entries if work_of(entry).is_preprint}
    assert "jordan2024muon" not in preprints
