"""The language of `search`: what is read as what, and that any text at all can be typed."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeman.errors import UsageError
from citeman.index.condition import condition_of, match_of, sections_of
from citeman.index.query import Filter, Query, Word, parse, years
from citeman.index.schema import FULL_TEXT
from citeman.index.text import searchable


@pytest.mark.parametrize(
    ("text", "words", "filters"),
    [
        ("", (), ()),
        ("sharpness", (Word("sharpness"),), ()),
        ('"edge of stability"', (Word("edge of stability"),), ()),
        ('"never closed', (Word("never closed"),), ()),
        ("stab*", (Word("stab", prefix=True),), ()),
        ("*", (Word("*"),), ()),
        ("author:cohen", (Word("cohen", "authors"),), ()),
        ('Author:"Jeremy Cohen"', (Word("Jeremy Cohen", "authors"),), ()),
        ("-survey", (Word("survey", negated=True),), ()),
        ("edge-of-stability", (Word("edge-of-stability"),), ()),
        ("year:2019..2021", (), (Filter("year", "2019..2021"),)),
        ("-has:doi", (), (Filter("has", "doi", negated=True),)),
        ('section:"loss surfaces" x', (Word("x"),), (Filter("section", "loss surfaces"),)),
        ("arXiv:2103.00065", (Word("arXiv:2103.00065"),), ()),
        ("10.1000/a:b", (Word("10.1000/a:b"),), ()),
        ("author:", (Word("author:"),), ()),
    ],
)
def test_reads_words_and_filters(text: str, words: tuple[Word, ...], filters: tuple[Filter, ...]) -> None:
    assert parse(text) == Query(words, filters)


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("2019", (2019, 2019)),
        ("2019..2021", (2019, 2021)),
        ("2019..", (2019, 9999)),
        ("..2021", (0, 2021)),
        ("2019-2021", (2019, 2021)),
    ],
)
def test_reads_years(value: str, span: tuple[int, int]) -> None:
    assert years(value) == span


@pytest.mark.parametrize("value", ["soon", "..", "20x9", "2019..x"])
def test_refuses_what_is_no_year(value: str) -> None:
    with pytest.raises(UsageError, match="is no year; write year:2019"):
        parse(f"year:{value}")


@pytest.mark.parametrize(
    ("word", "match"),
    [
        (Word("Müller"), '"muller"'),
        (Word(r"Erd{\H o}s"), '"erdos"'),
        (Word("Edge-of-Stability"), '"edge of stability"'),
        (Word("stab", "title", prefix=True), 'title : "stab" *'),
        (Word("NEAR("), '"near"'),
        (Word('"*"'), ""),
        (Word("深度学习"), '"深 度 学 习"'),
        (Word("https://arxiv.org/abs/2103.00065v2"), '"arxiv 2103 00065"'),
        (Word("https://doi.org/10.1000/XYZ.1"), '"doi 10 1000 xyz 1"'),
    ],
)
def test_a_word_becomes_a_quoted_phrase_of_folded_words(word: Word, match: str) -> None:
    assert match_of(word) == match


SECTIONS = [
    (1, "a", "eos", "Edge of stability", "edge", ""),
    (2, "a", "open", "What is open", "", "eos"),
    (3, "b", "eos", "The edge again", "", ""),
    (4, "b", "loss-surfaces", "Loss surfaces", "surfaces hills", ""),
]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("eos", [1, 2, 3]),
        ("a#eos", [1, 2]),
        ("b#eos", [3]),
        ("hills", [4]),
        ("Loss Surfaces", [4]),
        ("surf", [4]),
        ("edge", [1, 2]),
        ("no", []),
    ],
)
def test_a_section_is_meant_by_anchor_alias_title_or_part_with_its_questions(name: str, found: list[int]) -> None:
    assert sections_of(name, SECTIONS) == found


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab1 \"*:-()^+{}\\$é中'.,#/ANDORNEAR\x00"), max_size=30))
def test_any_text_is_a_query_that_sqlite_takes(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(FULL_TEXT[0])
    connection.execute("CREATE TABLE papers (id, key, type, year, listed, fields, doi, arxiv)")
    try:
        condition = condition_of(parse(text), [])
    except UsageError:
        return
    assert connection.execute(f"SELECT 1 FROM {condition.source} WHERE {condition.sql}", condition.values).fetchall() == []


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_a_word_is_found_by_its_own_text(text: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(FULL_TEXT[0])
    connection.execute("INSERT INTO words (title) VALUES (?)", (searchable(text),))
    match = match_of(Word(text))
    if match:
        assert connection.execute("SELECT count(*) FROM words WHERE words MATCH ?", (match,)).fetchone() == (1,)
    else:
        assert searchable(text) == ""
