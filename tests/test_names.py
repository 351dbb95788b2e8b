"""Names: BibTeX's grammar read and written, and names of plain text understood."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeman import names
from citeman.model import Name

WORD = st.sampled_from(
    ["Cohen", "Jeremy", "M.", "Jean-Luc", "Müller", "{\\'E}mile", "O'Neill", "Li", "E", "Łukasz", "{Barnes and Noble}", "Le"]
)
NAMES = st.builds(
    Name,
    family=st.lists(WORD, min_size=1, max_size=2).map(" ".join),
    given=st.lists(WORD, min_size=1, max_size=3).map(" ".join),
    particle=st.sampled_from(["", "van der", "de la", "von"]),
    suffix=st.sampled_from(["", "Jr.", "III"]),
    literal=st.just(""),
) | st.sampled_from([Name(literal=name) for name in ("DeepSeek-AI", "Gemma Team", "Barnes, Noble and Sons", "OpenAI")])


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Jeremy M. Cohen", Name("Cohen", "Jeremy M.")),
        ("Cohen, Jeremy M.", Name("Cohen", "Jeremy M.")),
        ("Aad van der Vaart", Name("Vaart", "Aad", "van der")),
        ("van der Vaart, Aad", Name("Vaart", "Aad", "van der")),
        ("de la Vall{\\'e}e Poussin, Charles", Name("Vall{\\'e}e Poussin", "Charles", "de la")),
        ("King, Jr., Martin Luther", Name("King", "Martin Luther", suffix="Jr.")),
        ("King Jr., Martin Luther", Name("King", "Martin Luther", suffix="Jr.")),
        ("Martin Luther King Jr.", Name("King", "Martin Luther", suffix="Jr.")),
        ("King, Martin Luther, Jr.", Name("King", "Martin Luther", suffix="Jr.")),
        ("{DeepSeek-AI}", Name(literal="DeepSeek-AI")),
        ("{{Barnes and Noble, Inc.}}", Name(literal="Barnes and Noble, Inc.")),
        ("{\\O}rsted", Name("{\\O}rsted")),
        ("Plato", Name("Plato")),
        ("Smith,", Name("Smith")),
        (", John", Name("John")),
        ("Donald~E. Knuth", Name("Knuth", "Donald E.")),
        ("{van der} Berg, Jan", Name("{van der} Berg", "Jan")),
        ("Brinch Hansen, Per", Name("Brinch Hansen", "Per")),
        ("others", names.OTHERS),
        ("King, Jr.", Name("King", suffix="Jr.")),
        ("Richard H. Granger, Jr", Name("Granger", "Richard H.", suffix="Jr")),
        ("Levine, Sergey,", Name("Levine", "Sergey")),
        ("danah boyd", Name("boyd", "danah")),
        ("van der Vaart", Name("Vaart", particle="van der")),
        ("Christina L.\\ Thiele", Name("Thiele", "Christina L.")),
        ("family=Ascoli, given={St{\\'e}phane}, prefix=d', useprefix=true", Name("Ascoli", "St{\\'e}phane", "d'")),
    ],
)
def test_a_name_is_read_in_every_form_of_bibtex(source: str, name: Name) -> None:
    assert names.parse(source) == (name,)


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("A and B\n  and\tC", ["A", "B", "C"]),
        ("{A and B} and C", ["{A and B}", "C"]),
        ("Anderson, A. AND Land, B.", ["Anderson, A.", "Land, B."]),
        ("and A and and B and", ["A", "B"]),
        ("", []),
    ],
)
def test_names_are_split_at_and_outside_braces(source: str, parts: list[str]) -> None:
    assert names.split(source) == parts


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Jeremy M. Cohen", "Cohen, Jeremy M."),
        ("Gérard Ben Arous", "Ben Arous, Gérard"),
        ("L. van der Maaten", "van der Maaten, L."),
        ("Laurens Van Der Maaten", "Van Der Maaten, Laurens"),
        ("Thanh Van Nguyen", "Nguyen, Thanh Van"),
        ("Santiago Ramón y Cajal", "Ramón y Cajal, Santiago"),
        ("Weinan E", "E, Weinan"),
        ("Quoc V. Le", "Le, Quoc V."),
        ("Yann Le Cun", "Le Cun, Yann"),
        ("danah boyd", "boyd, danah"),
        ("John Smith, Jr.", "Smith, Jr., John"),
        ("Sham Kakade III", "Kakade, III, Sham"),
        ("Cohen, Jeremy", "Cohen, Jeremy"),
        ("Plato", "Plato"),
        ("van der Vaart", "van der Vaart,"),
        ("OpenAI", "{OpenAI}"),
        ("DeepSeek-AI", "{DeepSeek-AI}"),
        ("Gemma Team", "{Gemma Team}"),
        ("The ATLAS Collaboration", "{The ATLAS Collaboration}"),
        ("AT&T Research", r"{AT\&T Research}"),
        ("Qingyao Ai", "Ai, Qingyao"),
        ("et al.", "others"),
        (r"Lenka Zdeborov\'a", r"Zdeborov\'a, Lenka"),
    ],
)
def test_a_displayed_name_is_understood(text: str, written: str) -> None:
    assert names.format_one(names.from_display(text)) == written


@pytest.mark.parametrize(
    ("family", "given", "suffix", "written"),
    [
        ("de Haan", "Pim", "", "de Haan, Pim"),
        ("Smith", "John Jr.", "", "Smith, Jr., John"),
        ("Smith", "John", "Jr.", "Smith, Jr., John"),
        ("CERN", "", "", "{CERN}"),
        ("Robin", "", "", "Robin"),
        ("Smith & Co", "A.", "", r"Smith \& Co, A."),
    ],
)
def test_an_upstreams_parts_make_a_name(family: str, given: str, suffix: str, written: str) -> None:
    assert names.format_one(names.from_parts(family, given, suffix)) == written


@pytest.mark.parametrize("author", ["Zhang, Hugh and et al.", "Zhang, Hugh et al.", "Hugh Zhang and others", "Hugh Zhang, et al"])
def test_et_al_means_others(author: str) -> None:
    assert names.parse(author) == (Name("Zhang", "Hugh"), names.OTHERS)


def test_names_are_shown() -> None:
    author = r"Cohen, Jeremy M. and van der Vaart, Aad and King, Jr., Martin and {Gemma Team} and Erd{\H o}s, P{\'a}l"
    author += " and d' Alembert, Jean"
    shown = [names.display(name) for name in names.parse(author)]
    assert shown == ["Jeremy M. Cohen", "Aad van der Vaart", "Martin King Jr.", "Gemma Team", "Pál Erdős", "Jean d'Alembert"]


@pytest.mark.parametrize(
    ("author", "shown"),
    [
        ("", ""),
        ("Jacot, Arthur", "Jacot"),
        ("Jacot, Arthur and Gabriel, Franck", "Jacot and Gabriel"),
        ("A, B and C, D and E, F", "A et al."),
        ("A, B and others", "A et al."),
        ("{Gemma Team}", "Gemma Team"),
        ("van der Vaart, Aad", "van der Vaart"),
        ("others", ""),
    ],
)
def test_a_citation_calls_them_shortly(author: str, shown: str) -> None:
    assert names.short(names.parse(author)) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [("Jeremy M.", "J. M."), ("Jean-Luc", "J.-L."), ("J.M.", "J. M."), ("JM", "J. M."), (r"{\'E}mile", "É."), ("", "")],
)
def test_given_names_become_initials(given: str, shown: str) -> None:
    assert names.initials(given) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cohen, Jeremy and Li, Yuanzhi", "Jeremy Cohen and Yuanzhi Li"),
        (r"M{\"u}ller, J.", "J. Muller"),
        ("van der Vaart, Aad", "Aad van der Vaart"),
        ("{Gemma Team}", "Gemma Team"),
        ("King, Jr., Martin", "Martin King Jr."),
    ],
)
def test_names_in_another_form_are_the_same(one: str, other: str) -> None:
    assert names.same(one, other)
    assert names.same(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("Cohen, J.", "Cohen, Jeremy M."), ("Cohen, J. M.", "Cohen, Jeremy"), ("J. Cohen", "Cohen, Jeremy")]
)
def test_initials_agree_only_loosely(one: str, other: str) -> None:
    assert not names.same(one, other)
    assert names.same(one, other, loose=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [("A, B", "A, B and C, D"), ("Cohen, Jeremy", "Cohen, Joseph"), ("A, B and C, D", "C, D and A, B"), ("A, B", "")],
)
def test_other_names_are_not_the_same(one: str, other: str) -> None:
    assert not names.same(one, other, loose=True)


def test_names_sort_as_a_reader_looks_them_up() -> None:
    people = names.parse("Zhang, A and van der Vaart, B and {\\'A}lvarez, C and Abel, D and Vapnik, E")
    assert [person.family for person in sorted(people, key=names.sort_key)] == [
        "Abel",
        "{\\'A}lvarez",
        "Vaart",
        "Vapnik",
        "Zhang",
    ]


@given(st.lists(NAMES, max_size=4))
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_back(people: list[Name]) -> None:
    assert names.parse(names.format(people)) == tuple(people)


@given(st.text(alphabet=st.sampled_from("aB{}\\,~ .-'and"), max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_written_stably(source: str) -> None:
    written = names.format(names.parse(source))
    assert names.format(names.parse(written)) == written
    assert names.same(written, written)
    names.short(names.parse(source)).encode()


@given(st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_displayed_text_makes_a_name_that_can_be_written(text: str) -> None:
    written = names.format([names.from_display(text)])
    assert len(names.parse(written)) <= 1
    assert written.count("{") == written.count("}")


@pytest.mark.parametrize(
    ("author", "trouble"),
    [
        ("Cohen, Jeremy and van der Vaart, Aad and {Gemma Team} and others", ""),
        ("King, Jr., Martin Luther", ""),
        ("family=Ascoli, given=St{\\'e}phane", ""),
        ("", ""),
        ("E, Weinan and Ai, Qingyao", ""),
        ("{Barnes and Noble}", ""),
        ("{U.S. Food and Drug Administration}", ""),
        ("Cohen, Jeremy {", "braces do not match"),
        ("Cohen, J. and and Li, Y.", "no name on one side"),
        ("Cohen, J. and", "no name on one side"),
        ("Cohen, J. and et al.", "`and others`"),
        ("Cohen, J., Li, Y., Kaur, S.", "several names"),
        ("J. Cohen; Y. Li", "several names"),
        ("J. Cohen \\& Y. Li", "several names"),
        ("{Cohen, J. and Li, Y.}", "braces hide 2 names"),
        ("Gemma Team", "put it in braces"),
        ("Jeremy Cohen1", "number"),
        ("COHEN, JEREMY", "capitals"),
    ],
)
def test_trouble_with_names_is_told(author: str, trouble: str) -> None:
    found = list(names.troubles(author))
    assert len(found) == bool(trouble)
    assert trouble in "".join(found)
