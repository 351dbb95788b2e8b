"""remove, rename, cite, todo: as their users run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import project as sample
from tests.conftest import Run
from tests.upstream import Upstream


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def everything(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".citeman" not in path.parts
    }


def test_rename_changes_a_key_everywhere_and_nothing_else(citeman: Run, root: Path) -> None:
    guide = sample.GUIDE.replace(
        "Training settles at the edge.", "It settles [@cohen2021gradient, p. 3]; see @cohen2021gradient.\n\n`@cohen2021gradient`"
    )
    (root / "guide.md").write_text(guide)
    result = citeman("rename", "cohen2021gradient", "cohen2021edge")
    assert result.stdout == "renamed cohen2021gradient to cohen2021edge in references.bib, refs/guide.yaml, guide.md\n"
    assert (root / "guide.md").read_text() == guide.replace("[@cohen2021gradient", "[@cohen2021edge").replace(
        "see @cohen2021gradient", "see @cohen2021edge"
    )
    assert (root / "refs" / "guide.yaml").read_text() == sample.LISTS.replace("cohen2021gradient", "cohen2021edge")
    bib = (root / "references.bib").read_text()
    assert "@inproceedings{cohen2021edge, % the edge\n" in bib
    assert "ids = {cohen2021gradient}" in bib
    citeman("rename", "cohen2021edge", "cohen2021gradient")
    assert "ids = {cohen2021edge}" in (root / "references.bib").read_text()


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ("nobody", "x", 2, "citeman: no entry 'nobody'"),
        ("jacot2018neural", "cohen2021gradient", 2, "citeman: the key 'cohen2021gradient' is taken; choose another\n"),
        ("jacot2018neural", "../x y", 2, "citeman: '../x y' is no good citation key"),
        ("jacot2018neural", "müller", 2, "citeman: 'müller' is no good citation key"),
    ],
)
def test_a_rename_that_cannot_be_changes_nothing(citeman: Run, root: Path, old: str, new: str, code: int, message: str) -> None:
    before = everything(root)
    result = citeman("rename", old, new)
    assert result.returncode == code
    assert result.stderr.startswith(message)
    assert everything(root) == before


def test_remove_tells_where_a_paper_is_used_and_needs_force(citeman: Run, root: Path) -> None:
    before = everything(root)
    result = citeman("remove", "jacot2018neural")
    assert result.returncode == 1
    assert "refs/guide.yaml:10: listed in wide-networks" in result.stdout
    assert result.stderr.endswith("nothing was changed, remove it with --force\n")
    assert everything(root) == before
    assert citeman("remove", "jacot2018neural", "--force").returncode == 0
    assert "jacot2018neural" not in (root / "references.bib").read_text()
    assert "jacot2018neural" not in (root / "refs" / "guide.yaml").read_text()
    assert (root / "references.bib").read_text().startswith("% our papers\n")
    assert (root / "guide.md").read_text() == sample.GUIDE


def test_a_crossref_in_other_capitals_is_a_use(citeman: Run, root: Path) -> None:
    with (root / "references.bib").open("a") as file:
        file.write("\n@inproceedings{child, crossref={The-Book}}\n\n@book{the-book, title={B}}\n")
    assert "child points to it (crossref)" in citeman("remove", "the-book").stdout
    assert citeman("rename", "the-book", "book2001").returncode == 0
    assert "crossref={book2001}" in (root / "references.bib").read_text()


def test_an_unused_paper_goes_unasked(citeman: Run, root: Path) -> None:
    citeman("unlink", "cohen2021gradient")
    result = citeman("remove", "cohen2021gradient")
    assert (result.returncode, result.stdout) == (0, "removed cohen2021gradient\n")
    assert (root / "references.bib").read_text() == sample.BIB[: sample.BIB.index("\n@inproceedings{cohen")]


def with_uses_everywhere(root: Path) -> None:
    """Name jacot2018neural wherever a key can stand."""
    bib = root / "references.bib"
    bib.write_text(bib.read_text() + "\n@inbook{part, crossref = {jacot2018neural}, title = {Part}, ids = {piece, bit}}\n")
    lists = root / "refs" / "guide.yaml"
    text = lists.read_text().replace(
        "      - text: Cite the newer work here\n",
        "      - text: Cite the newer work here\n        settled-by: [jacot2018neural, cohen2021gradient]\n",
    )
    box = "question-open-question-do-they-tell-of-real-networks"
    text += f"  {box}:\n    kind: question\n    parent: deep-linear-networks\n    reading:\n      - key: part\n        after: [jacot2018neural]\n"
    text += "orphaned:\n  gone:\n    reading:\n      - key: jacot2018neural   # still wanted\n    cues:\n"
    lists.write_text(text + "      - text: An old cue\n        settled-by:\n          - jacot2018neural\n")


def test_rename_reaches_questions_lists_set_aside_cues_and_pointers(citeman: Run, root: Path) -> None:
    with_uses_everywhere(root)
    before = everything(root)
    assert citeman("rename", "jacot2018neural", "jacot2018ntk").returncode == 0
    for name in ("references.bib", "refs/guide.yaml"):
        text = before[name].decode().replace("jacot2018neural", "jacot2018ntk")
        assert (root / name).read_text().replace("  ids = {jacot2018neural},\n", "") == text
    assert citeman("check").stdout.count("jacot2018neural") == 0
    assert citeman("show", "jacot2018neural").stderr == (
        "citeman: no entry 'jacot2018neural' in references.bib; it is 'jacot2018ntk' now\n"
    )
    assert citeman("rename", "jacot2018ntk", "bit").stderr == (
        "citeman: 'bit' is a former key of 'part' (`ids`); choose another\n"
    )


def test_a_waiver_for_the_old_key_is_said(citeman: Run, root: Path) -> None:
    waiver = '[[waivers]]\nrule = "entry-unlisted"\ntarget = "jacot2018neural"\nreason = "for later"\n'
    (root / "citeman.toml").write_text(waiver)
    result = citeman("rename", "jacot2018neural", "jacot2018ntk")
    assert result.stderr == "citeman.toml waives entry-unlisted for jacot2018neural; write jacot2018ntk there\n"


def test_a_removal_by_force_leaves_no_trace_in_the_lists(citeman: Run, root: Path) -> None:
    with_uses_everywhere(root)
    result = citeman("remove", "jacot2018neural")
    uses = [line.partition(": ")[2] for line in result.stdout.splitlines()]
    assert uses == [
        "listed in wide-networks",
        "settles 'Cite the newer work here'",
        "to be read before part",
        "listed in gone",
        "settles 'An old cue'",
        "part points to it (crossref)",
    ]
    assert citeman("remove", "jacot2018neural", "--force").returncode == 0
    text = (root / "refs" / "guide.yaml").read_text()
    assert "jacot2018neural" not in text
    assert "settled-by: [cohen2021gradient]" in text
    assert "- text: An old cue" in text
    assert "- key: part" in text
    assert citeman("todo", "--json").returncode == 0


@pytest.mark.parametrize(
    "query",
    [
        "jacot2018neural",
        "@jacot2018neural",
        "arXiv:1806.07572",
        "https://arxiv.org/pdf/1806.07572v4",
        "jacot 18",
        "Jacot et al. (2018)",
        "tangent kernel",
    ],
)
def test_a_paper_is_found_in_every_way_of_naming_it(citeman: Run, root: Path, query: str) -> None:
    result = citeman("cite", query)
    assert (result.returncode, result.stdout) == (0, "[[Jacot et al. (2018)]](https://arxiv.org/abs/1806.07572)\n")


def test_a_citation_in_every_form(citeman: Run, root: Path) -> None:
    assert citeman("cite", "jacot", "18", "--as", "key").stdout == "[@jacot2018neural]\n"
    assert citeman("cite", "jacot 18", "--as", "bibtex").stdout.startswith("@inproceedings{jacot2018neural,\n")
    assert "Neural Tangent Kernel" in citeman("cite", "jacot 18", "--as", "reference").stdout


def test_several_hits_are_listed_and_none_is_said(citeman: Run, root: Path) -> None:
    several = citeman("cite", "neural", "networks")
    assert several.returncode == 1
    assert "jacot2018neural" in several.stdout
    assert "cohen2021gradient" in several.stdout
    assert citeman("cite", "zzz").stderr == "citeman: no paper fits 'zzz'; `citeman search` looks further\n"


def test_letters_never_swap_when_a_paper_is_added(citeman: Run, root: Path) -> None:
    second = "@misc{jacot2018another, title={Another}, author={Jacot, Arthur and Gabriel, Franck and Roe, R.}, year=2018, url={https://example.org}}"
    assert "(2018b)" in citeman("add", second, "--offline").stdout
    third = second.replace("another", "aaa").replace("Another", "A first by its title").replace("example.org", "example.com")
    assert "(2018c)" in citeman("add", third, "--offline").stdout
    labels = [
        json.loads(citeman("cite", key, "--json").stdout)[0]["label"]
        for key in ("jacot2018neural", "jacot2018another", "jacot2018aaa")
    ]
    assert labels == ["Jacot et al. (2018a)", "Jacot et al. (2018b)", "Jacot et al. (2018c)"]


TWIN = "@misc{%s, title = {%s}, author = {Jacot, Arthur and Gabriel, Franck and Roe, R.}, year = 2018}\n"


def labels(citeman: Run, *keys: str) -> list[str]:
    return [json.loads(citeman("cite", key, "--json").stdout)[0]["label"] for key in keys]


@pytest.mark.parametrize("command", [["sync"], ["scan", "--write"], ["weave"]])
def test_letters_of_entries_written_by_hand_stay_once_a_command_has_written(
    citeman: Run, root: Path, upstream: Upstream, command: list[str]
) -> None:
    with (root / "references.bib").open("a") as file:
        file.write(TWIN % ("zeta", "Zeta"))
    assert labels(citeman, "jacot2018neural", "zeta") == ["Jacot et al. (2018a)", "Jacot et al. (2018b)"]
    assert citeman(*command).returncode in {0, 1}
    with (root / "references.bib").open("a") as file:
        file.write(TWIN % ("alpha", "A first by its title"))
    assert labels(citeman, "jacot2018neural", "zeta", "alpha") == [
        "Jacot et al. (2018a)",
        "Jacot et al. (2018b)",
        "Jacot et al. (2018c)",
    ]


def test_a_letter_picks_among_papers_of_one_year(citeman: Run, root: Path) -> None:
    with (root / "references.bib").open("a") as file:
        file.write(TWIN % ("zeta", "Zeta"))
    assert citeman("cite", "jacot 2018b", "--as", "key").stdout == "[@zeta]\n"
    assert citeman("cite", "Jacot et al. (2018a)", "--as", "key").stdout == "[@jacot2018neural]\n"
    assert citeman("cite", "jacot 18").returncode == 1


def test_todo_lists_open_cues_thin_sections_and_unplaced_papers(citeman: Run, root: Path) -> None:
    citeman("unlink", "cohen2021gradient")
    result = json.loads(citeman("todo", "--json").stdout)
    (cue,) = [cue for cue in result["cues"] if not cue["settled_by"]]
    assert (cue["guide"], cue["section"], cue["path"]) == ("guide", "wide-networks", "guide.md")
    assert sample.GUIDE.splitlines()[cue["line"] - 1].endswith("Cite the newer work here.")
    assert {section["anchor"]: section["papers"] for section in result["sections"]} == {
        "wide-networks": 1,
        "large-steps": 0,
        "deep-linear-networks": 0,
    }
    assert result["unplaced"] == ["cohen2021gradient"]
    assert result["without_why"] == []
    citeman("link", "cohen2021gradient", "-s", "ntk", "--settles", "newer work")
    shown = citeman("todo").stdout
    assert shown.startswith("cues: 0 open, 1 settled\n")
    everything = citeman("todo", "--all").stdout
    assert "settled by cohen2021gradient" in everything
    assert "without a why: 1\n  refs/guide.yaml:13: cohen2021gradient\n" in everything


def test_a_whole_bibliography_is_imported_once_with_its_own_keys(citeman: Run, root: Path) -> None:
    other = "@book{doe2001things, title={Things}, author={Doe, Jane}, year=2001, publisher={North}, note={a gift}}\n"
    (root / "other.bib").write_text(other + sample.BIB)
    result = json.loads(citeman("import", "other.bib", "--section", "eos", "--json").stdout)
    assert [one["key"] for one in result["added"]] == ["doe2001things"]
    assert {one["key"] for one in result["existing"]} == {"jacot2018neural", "cohen2021gradient"}
    bib = (root / "references.bib").read_text()
    assert "note = {a gift}" in bib
    before = everything(root)
    assert citeman("import", "other.bib", "--section", "eos").returncode == 0
    assert everything(root) == before
    assert citeman("import", "nowhere.bib").stderr == "nowhere.bib: no such file or directory\n"
