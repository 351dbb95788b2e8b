"""The arXiv paper of a work that was asked for by its DOI: taken when its authors name the DOI or all agrees, and told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests import project as sample
from tests.conftest import Run
from tests.upstream import Upstream

AUTHORS = "Ada Bright, Cyrus Dole"
DOI = "10.5555/steps.1"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def added(run: Run, *inputs: str) -> dict[str, Any]:
    result = json.loads(run("add", *inputs, "--json").stdout)
    (one,) = result["added"]
    return {"requests": result["requests"], "outages": result["outages"], **one}


def eprint(one: dict[str, Any]) -> tuple[str, str]:
    found = one["fields"].get("eprint", {"value": "", "source": ""})
    return found["value"], found["source"]


def test_its_authors_name_the_doi(inside: Run, root: Path, upstream: Upstream) -> None:
    upstream.world.add("2101.00001", "On the steps of descent", AUTHORS, "2021-01-02")
    upstream.world.publish(DOI, "On the steps of steep descent", AUTHORS, "A Journal", "2022-05-01", of="2101.00001")
    one = added(inside, DOI.upper())
    assert eprint(one) == ("2101.00001", "datacite")
    assert (one["fields"]["eprintclass"]["value"], one["fields"]["year"]["value"]) == ("cs.LG", "2022")
    assert one["years"] == {"preprint": "2021", "published": "2022"}
    assert "DataCite says so" in one["notes"][0]
    assert one["requests"] == {"crossref": 1, "datacite": 1}
    assert set(json.loads((root / "refs" / "citeman.lock").read_text())["papers"][one["key"]]["said"]) == {"crossref", "datacite"}


def test_title_first_author_and_years_agree(inside: Run, root: Path, upstream: Upstream) -> None:
    upstream.world.add("2101.00001", "On the steps of steep descent", AUTHORS, "2021-01-02")
    upstream.world.add("2101.00002", "On the steps of steep descent", "Other People, Ada Bright", "2021-01-02")
    upstream.world.publish(DOI, "On the Steps of Steep Descent", AUTHORS, "A Journal", "2022-05-01")
    one = added(inside, DOI)
    assert eprint(one) == ("2101.00001", "datacite")
    assert "found by a search, the titles agree" in one["notes"][0]


def test_two_that_may_be_it_are_none(inside: Run, root: Path, upstream: Upstream) -> None:
    for number in ("2101.00001", "2101.00002"):
        upstream.world.add(number, "On the steps of steep descent", AUTHORS, "2021-01-02")
    upstream.world.publish(DOI, "On the steps of steep descent", AUTHORS, "A Journal", "2022-05-01")
    assert eprint(added(inside, DOI)) == ("", "")


def test_an_authors_mistake_is_told_and_not_taken(inside: Run, root: Path, upstream: Upstream) -> None:
    upstream.world.add("2101.00001", "Kernels of wide nets in one dimension", "Someone Else", "2021-01-02")
    upstream.world.publish(DOI, "On the steps of steep descent", AUTHORS, "A Journal", "2022-05-01", of="2101.00001")
    one = added(inside, DOI)
    assert eprint(one) == ("", "")
    assert one["notes"][0].startswith(
        "DataCite calls arXiv:2101.00001 (“Kernels of wide nets in one dimension”) its preprint, another"
    )


@pytest.mark.parametrize("kind", ["503", "html", "reset"])
def test_who_cannot_be_asked_is_asked_once_and_holds_nothing_up(inside: Run, root: Path, upstream: Upstream, kind: str) -> None:
    upstream.world.publish(DOI, "On the steps of steep descent", AUTHORS, "A Journal", "2022-05-01")
    upstream.break_("datacite", kind)
    one = added(inside, DOI)
    assert one["fields"]["journal"]["value"] == "A Journal"
    assert one["requests"] == {"crossref": 1, "datacite": 1}
    assert set(one["outages"]) == {"datacite"}


def test_many_dois_cost_a_request_in_fifty(inside: Run, root: Path, upstream: Upstream) -> None:
    dois = [f"10.5555/many.{number}" for number in range(60)]
    for number, doi in enumerate(dois):
        upstream.world.add(f"2101.1{number:04}", f"Many things, number {number}", AUTHORS, "2021-01-02")
        upstream.world.publish(doi, f"Many things, number {number}", AUTHORS, "A Journal", "2022-05-01", of=f"2101.1{number:04}")
    result = json.loads(inside("add", *dois, "--json").stdout)
    assert len(result["added"]) == 60
    assert all(eprint(one)[0] == f"2101.1{number:04}" for number, one in enumerate(result["added"]))
    assert (result["requests"]["datacite"], "arxiv" in result["requests"]) == (2, False)


def test_both_names_of_one_work_in_one_run_are_one_entry(inside: Run, root: Path, upstream: Upstream) -> None:
    upstream.world.add("2101.00001", "On the steps of steep descent", AUTHORS, "2021-01-02")
    upstream.world.publish(DOI, "On the steps of steep descent", AUTHORS, "A Journal", "2022-05-01")
    result = json.loads(inside("add", DOI, "2101.00001", "--json").stdout)
    assert [len(result[name]) for name in ("added", "existing", "failed")] == [1, 1, 0]
    assert (root / "references.bib").read_text().count("On the ") == 1
