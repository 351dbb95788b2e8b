from __future__ import annotations

from itertools import pairwise

import pytest

from citeman import ids, names, tex
from citeman.bib import Bibliography
from citeman.checks import run
from citeman.labels import labels
from citeman.lock import Lock
from citeman.model import Entry, Record
from tests.checking import entry, found, library
from tests.conftest import ROOT

JACOT = entry(
    "inproceedings", "jacot2018neural", author="Jacot, Arthur and Gabriel, Franck and Hongler, Clément",
    title="Neural Tangent Kernel: Convergence and Generalization in Neural Networks", booktitle="NeurIPS", year="2018",
    eprint="1806.07572", eprinttype="arxiv",
)  # fmt: skip
COHEN = entry(
    "inproceedings", "cohen2021gradient", author="Cohen, Jeremy and Kaur, Simran and Li, Yuanzhi and Kolter, J. Zico and Talwalkar, Ameet",
    title="Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability", booktitle="ICLR", year="2021",
    eprint="2010.00065", eprinttype="arxiv",
)  # fmt: skip
TWO = entry(
    "article", "razin2020implicit", author="Razin, Noam and Cohen, Nadav", title="Implicit Regularization May Not Be Explainable by Norms",
    journal="Annals", year="2020", eprint="2005.06398", eprinttype="arxiv",
)  # fmt: skip
ONE = entry("article", "loewe1990", author="Löwe, Jörg", title="On saddles", journal="J", year="1990", doi="10.1000/saddles")
TEAM = entry(
    "misc",
    "gemma2024",
    author="{Gemma Team} and Riviere, Morgane",
    title="Gemma 2",
    year="2024",
    eprint="2408.00118",
    eprinttype="arxiv",
)
BIB = JACOT + COHEN + TWO + ONE + TEAM
URLS = {
    "jacot": "https://arxiv.org/abs/1806.07572",
    "cohen": "https://arxiv.org/abs/2010.00065",
    "razin": "https://arxiv.org/pdf/2005.06398v2",
    "loewe": "https://doi.org/10.1000/saddles",
    "gemma": "https://arxiv.org/abs/2408.00118",
}
LABELS = ("label-wrong-author", "label-wrong-title", "label-wrong-year", "label-incomplete", "label-doubtful")


def said(label: str, paper: str, lock: Lock | None = None) -> list[str]:
    """The rules that speak of one citation in a guide."""
    guide = f"# One\n\nAs [{label}]({URLS[paper]}) says.\n"
    return [finding.rule for finding in run(library(BIB, guide, lock=lock)).findings if finding.rule in LABELS]


@pytest.mark.parametrize(
    ("label", "paper"),
    [
        ("Jacot et al. (2018)", "jacot"), ("Jacot et al., 2018", "jacot"), ("[Jacot et al. 2018]", "jacot"), ("Jacot, et al 2018", "jacot"),
        ("Arthur Jacot et al. (2018)", "jacot"), ("Jacot (2018)", "jacot"), ("Jacot, Gabriel, and Hongler (2018)", "jacot"),
        ("Jacot, Gabriel & Hongler, 2018", "jacot"), ("Jacot et al. '18", "jacot"), ("see Jacot et al. (2018), Theorem 2", "jacot"),
        ("Jacot et al. (NeurIPS 2018)", "jacot"), ("Jacot et al.'s (2018) kernel", "jacot"), ("Jacot et al. (2018a)", "jacot"),
        ("Neural Tangent Kernel (Jacot et al., 2018)", "jacot"), ("Jacot等人（2018）", "jacot"), ("JACOT et al. (2018)", "jacot"),
        ("Cohen et al. (2021)", "cohen"), ("Cohen et al. (2020)", "cohen"), ("Cohen, Kaur et al. (2021)", "cohen"),
        ("Razin and Cohen (2020)", "razin"), ("Razin & Cohen 2020", "razin"), ("Razin et al. (2020)", "razin"),
        ("Löwe (1990)", "loewe"), ("Lowe (1990)", "loewe"), ("Loewe (1990)", "loewe"), ("Jörg Löwe, 1990", "loewe"),
        ("Gemma Team (2024)", "gemma"), ("Gemma Team et al. (2024)", "gemma"), ("Gemma (2024)", "gemma"), ("Gemma 2", "gemma"),
        ("Neural Tangent Kernel: Convergence and Generalization in Neural Networks", "jacot"), ("Edge of Stability (2021)", "cohen"),
        ("Gradient Descent (2021)", "cohen"), ("NTK", "jacot"), ("here", "jacot"), ("work", "razin"), ("AlexNet (2018)", "jacot"),
    ],
)  # fmt: skip
def test_labels_that_agree(label: str, paper: str) -> None:
    assert said(label, paper) == []


@pytest.mark.parametrize(
    ("label", "paper", "rule"),
    [
        ("Cohen et al. (2018)", "jacot", "label-wrong-author"),
        ("Gabriel et al. (2018)", "jacot", "label-wrong-author"),
        ("Jacob et al. (2018)", "jacot", "label-wrong-author"),
        ("Jacott (2018)", "jacot", "label-wrong-author"),
        ("Razin (2018)", "jacot", "label-wrong-author"),
        ("Jacot and Cohen (2018)", "jacot", "label-wrong-author"),
        ("Cohen and Razin (2020)", "razin", "label-wrong-author"),
        ("Smith (1990)", "loewe", "label-wrong-author"),
        ("Löwe et al. (1990)", "loewe", "label-wrong-author"),
        ("Smith et al.", "jacot", "label-wrong-author"),
        ("Du et al. (2018)", "jacot", "label-wrong-author"),
        ("Jeremy M. Cohen (2018)", "jacot", "label-wrong-author"),
        ("Jacot and Gabriel (2018)", "jacot", "label-incomplete"),
        ("Jacot et al. (2015)", "jacot", "label-wrong-year"),
        ("Jacot et al. '17", "jacot", "label-wrong-year"),
        ("Cohen et al. (2022)", "cohen", "label-wrong-year"),
        ("AlexNet (2012)", "jacot", "label-wrong-year"),
        ("Chinchilla (2018)", "jacot", "label-doubtful"),
        ("Gemma Team (2025)", "gemma", "label-doubtful"),
        ("On Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability", "jacot", ""),
        ("Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability", "jacot", "label-wrong-title"),
    ],
)
def test_labels_that_disagree(label: str, paper: str, rule: str) -> None:
    assert said(label, paper) == ([rule] if rule else [])


def test_the_message_names_the_paper_and_what_may_have_been_meant() -> None:
    (finding,) = found("label-wrong-author", BIB, f"# One\n\n## Two\n\n[[Cohen et al. (2021)]]({URLS['jacot']})\n")
    assert (finding.path, finding.line, finding.key, finding.section) == ("guide.md", 5, "jacot2018neural", "two")
    assert finding.message == (
        "the label says 'Cohen et al. (2021)' but arXiv:1806.07572 is Jacot et al. (2018) (jacot2018neural): "
        "it is by Jacot et al.; did you mean to link cohen2021gradient?"
    )


def test_the_year_of_a_version_that_the_sources_know_is_accepted() -> None:
    record = Record("arxiv", "arXiv:1806.07572", "misc", {"year": "2018"}, 4, "2018-06-20", "2020-02-10")
    lock = Lock().with_record("jacot2018neural", record, "2026-01-01T00:00:00+00:00")
    assert said("Jacot et al. (2020)", "jacot", lock) == []
    assert said("Jacot et al. (2020)", "jacot") == ["label-wrong-year"]


def test_a_paper_that_the_store_lacks_is_not_judged() -> None:
    assert (
        not run(library(BIB, "# One\n\n[Smith et al. (1999)](https://arxiv.org/abs/1412.6980)\n"))
        .findings[-1]
        .rule.startswith("label")
    )


def cites(*citations: tuple[str, str]) -> str:
    return "# One\n\n" + "\n\n".join(f"See [{label}]({url})." for label, url in citations) + "\n"


OTHER = "https://arxiv.org/abs/1901.00001"


def test_one_label_for_two_papers_over_all_guides() -> None:
    here, there = cites(("Cohen et al. (2021)", URLS["cohen"])), cites(("Cohen et al., 2021", OTHER))
    (finding,) = found("label-ambiguous", BIB, here, second=there)
    assert finding.path == "second.md"
    assert "in line 3 of guide.md; tell them apart (2021a, 2021b)" in finding.message
    assert not found("label-ambiguous", BIB, cites(("Cohen et al. (2021a)", URLS["cohen"]), ("Cohen et al. (2021b)", OTHER)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            ("Cohen et al. (2021)", "https://arxiv.org/abs/2010.00065v1"),
            ("Cohen et al. (2021)", "https://doi.org/10.48550/arXiv.2010.00065"),
        ),
        (("A. et al. (2021)", OTHER), ("A. et al. (2021)", "https://doi.org/10.1000/perhaps-the-same")),
        (("Cohen et al.", URLS["cohen"]), ("Cohen et al.", OTHER)),
        (("paper", URLS["cohen"]), ("paper", OTHER)),
    ],
)
def test_what_may_be_one_paper_or_no_label_is_not_ambiguous(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert not found("label-ambiguous", BIB, cites(one, other))


def test_two_labels_for_one_paper_are_found_once_each() -> None:
    guide = cites(
        ("Cohen et al. (2021)", URLS["cohen"]), ("Cohen et al. (2020)", URLS["cohen"]), ("Cohen (2021)", URLS["cohen"]),
        ("Cohen et al., 2021", URLS["cohen"]), ("Cohen et al. 2020", URLS["cohen"]), ("the edge of stability", URLS["cohen"]),
    )  # fmt: skip
    findings = found("label-inconsistent", BIB, guide)
    assert [finding.line for finding in findings] == [5, 7]
    assert "'Cohen et al. (2020)' is called 'Cohen et al. (2021)' in line 3" in findings[0].message
    assert not found("label-wrong-year", BIB, guide)


def test_two_labels_are_found_for_papers_that_the_store_lacks_too() -> None:
    guide = cites(("Doe et al. (2019)", OTHER), ("Doe et al. (2018)", OTHER))
    assert len(found("label-inconsistent", "", guide)) == 1


def test_a_citation_without_name_and_year_stands_out_among_labelled_ones_only() -> None:
    labelled = [(f"Cohen et al. (20{year})", f"https://arxiv.org/abs/{year}01.00001") for year in range(15, 21)]
    (finding,) = found("label-missing", BIB, cites(*labelled, ("this paper", URLS["jacot"])))
    assert (finding.severity, finding.line) == ("hint", 15)
    assert "write Jacot et al. (2018)" in finding.message
    assert not found("label-missing", BIB, cites(*labelled, ("Neural Tangent Kernel", URLS["jacot"])))
    assert not found("label-missing", BIB, cites(*labelled[:4], ("this paper", URLS["jacot"])))
    assert not found("label-missing", BIB, cites(*labelled, *[("this paper", URLS["jacot"])] * 3))


OWN = Bibliography.parse((ROOT / "references.bib").read_text(encoding="utf-8"))
PAPERS = [one for one in OWN.entries if names.parse(one.get("author")) and (ids.of_entry(one) or [None])[0]]


def address(paper: Entry) -> str:
    return ids.url_of(ids.of_entry(paper)[0])


def ways(paper: Entry) -> list[str]:
    """Some of the ways in which people write one label."""
    label = labels([paper])[paper.key]
    who, year, first = label.who, label.year, names.family(names.parse(paper.get("author"))[0])
    folded = tex.fold(first).title() + who.removeprefix(first) if who.startswith(first) else who
    return [
        f"{who} ({year})",
        f"{who.replace(' and ', ' & ')}, {year}",
        f"see {folded} {year}",
        f"{tex.to_text(paper.get('title'))} ({who}, {year})",
    ]


def test_every_paper_of_this_repository_may_be_called_in_every_way() -> None:
    guide = "# One\n\n" + "".join(f"See [{way}]({address(paper)}).\n\n" for paper in PAPERS for way in ways(paper))
    assert len(PAPERS) > 100
    assert [finding for finding in run(library(OWN.source, guide)).findings if finding.rule in LABELS] == []


def test_a_label_on_the_wrong_paper_is_always_found() -> None:
    pairs = [
        (one, other)
        for one, other in pairwise(sorted(PAPERS, key=lambda paper: paper.key[::-1]))
        if one.get("author") != other.get("author")
    ]
    guide = "# One\n\n" + "".join(f"See [{ways(one)[0]}]({address(other)}).\n\n" for one, other in pairs)
    lines = {finding.line for finding in run(library(OWN.source, guide)).findings if finding.rule in LABELS}
    missed = [(ways(one)[0], other.key) for number, (one, other) in enumerate(pairs) if 3 + 2 * number not in lines]
    assert missed == []
