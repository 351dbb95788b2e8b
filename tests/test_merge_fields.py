"""The three-way merge of fields: its laws, and what means the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeman.merge import same, three_way

FORMS = {
    "title": ['The {$\\mu$P} of na{\\"\\i}ve nets', "The $\\mu$P of naïve nets", "{The $\\mu$P of naïve nets}", "Other"],
    "author": ["Ash, Ada and Birk, Bo", "Ada Ash and Bo Birk", "Ash, Ada and {B}irk, Bo", "Birk, Bo and Ash, Ada", "Ash, Ada"],
    "pages": ["1--22", "1-22", "1 – 22", "1--23"],
    "month": ["jan", "January", "1", "01", "{jan.}", "feb"],
    "doi": ["10.5555/ABC.1", "10.5555/abc.1", "https://doi.org/10.5555/abc.1", "doi:10.5555/abc.1", "10.5555/abc.2"],
    "eprint": ["2005.00001", "2005.00001v2", "arXiv:2005.00001", "2005.00002"],
    "eprinttype": ["arXiv", "arxiv", "jstor"],
    "url": ["https://a.org/x/", "http://www.a.org/x", "https://A.org/x", "https://a.org/X"],
    "type": ["misc", "online", "unpublished", "article"],
    "isbn": ["978-0-262-03561-3", "9780262035613", "1"],
    "date": ["2021-05-03", "2021-05", "2021", "2020"],
    "volume": ["12", "{12}", "13"],
}
NEITHER = {"date"}
"""A date that is less precise means the same as each of two that differ."""

names = st.sampled_from(sorted(FORMS.keys() - NEITHER))
sides = st.fixed_dictionaries({}, optional={name: st.sampled_from(FORMS[name]) for name in FORMS.keys() - NEITHER})


def meaning(one: dict[str, str], other: dict[str, str]) -> bool:
    return all(same(name, one.get(name, ""), other.get(name, "")) for name in {*one, *other})


@given(sides, sides)
def test_what_only_a_person_changed_is_kept(base: dict[str, str], ours: dict[str, str]) -> None:
    merge = three_way(base, ours, base)
    assert merge.fields == ours
    assert not merge.conflicts


@given(sides, sides)
def test_what_only_upstream_changed_is_taken(base: dict[str, str], theirs: dict[str, str]) -> None:
    merge = three_way(base, base, theirs)
    assert meaning(dict(merge.fields), theirs)
    assert all(merge.fields.get(name) in (theirs.get(name), base.get(name)) for name in merge.fields)
    assert not merge.conflicts


@given(sides, sides)
def test_what_both_changed_alike_is_no_conflict(base: dict[str, str], both: dict[str, str]) -> None:
    merge = three_way(base, both, both)
    assert merge.fields == both
    assert not merge.outcomes


@given(sides, sides, sides)
def test_merging_again_changes_nothing(base: dict[str, str], ours: dict[str, str], theirs: dict[str, str]) -> None:
    once = three_way(base, ours, theirs)
    again = three_way(base, dict(once.fields), theirs)
    assert again.fields == once.fields
    assert again.conflicts == once.conflicts


@given(sides, sides, sides)
def test_in_a_conflict_ours_stays(base: dict[str, str], ours: dict[str, str], theirs: dict[str, str]) -> None:
    merge = three_way(base, ours, theirs)
    for name in merge.conflicts:
        assert merge.fields.get(name, "") == ours.get(name, "")
        assert not same(name, ours.get(name, ""), theirs.get(name, ""))


@given(sides, sides)
def test_what_means_the_same_is_never_rewritten(base: dict[str, str], ours: dict[str, str]) -> None:
    alike = {name: next(form for form in FORMS[name] if same(name, form, value)) for name, value in ours.items()}
    assert three_way(base, ours, alike).fields == ours


@pytest.mark.parametrize(("name", "forms"), list(FORMS.items()))
def test_forms_of_one_value_mean_the_same_and_the_last_means_another(name: str, forms: list[str]) -> None:
    *alike, other = forms if name != "author" else [*forms[:3], forms[3]]
    for one in alike:
        assert same(name, one, alike[0])
        assert not same(name, one, other) or (name in NEITHER and len(one) < len(other))
        assert not same(name, one, "")
    assert same(name, "", " ")


@pytest.mark.parametrize(
    ("one", "other", "result"),
    [
        ("phdthesis", "thesis", True),
        ("phdthesis", "mastersthesis", False),
        ("conference", "inproceedings", True),
        ("techreport", "report", True),
        ("techreport", "misc", False),
    ],
)
def test_entry_types(one: str, other: str, result: bool) -> None:
    assert same("type", one, other) is result is same("type", other, one)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "outcome", "value"),
    [
        ("", "", "X", "taken", "X"),
        ("X", "X", "", "taken", ""),
        ("X", "", "X", "kept", ""),
        ("X", "", "Y", "conflict", ""),
        ("", "Z", "Y", "conflict", "Z"),
        ("X", "{X}", "Y", "taken", "Y"),
        ("X", "Y", "{Y}", "", "Y"),
    ],
)
def test_one_field(base: str, ours: str, theirs: str, outcome: str, value: str) -> None:
    fields = [{"title": text} if text else {} for text in (base, ours, theirs)]
    merge = three_way(*fields)
    assert merge.outcomes.get("title", "") == outcome
    assert merge.fields.get("title", "") == value
