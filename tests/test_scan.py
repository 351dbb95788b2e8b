"""scan: what guides cite, found, taken in, and rewritten; as its users run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests import project as sample
from tests.conftest import Run
from tests.upstream import Upstream

CITING = """# Training

## Wide networks

They become kernels [[Jacot et al. (2018)]](https://arxiv.org/abs/1806.07572v3), as [others](https://arxiv.org/pdf/1312.6120.pdf)
saw.^[Compare <https://doi.org/10.1073/pnas.1820226116>.] Code: `https://arxiv.org/abs/2003.02218`.

## Edges

See [@cohen2021gradient, p. 2] and [a page](https://example.org/page).
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def everything(root: Path) -> dict[str, bytes]:
    kept = (path for path in root.rglob("*") if path.is_file() and ".citeman" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in kept}


def write(root: Path, **texts: str) -> None:
    """Write `a__b="text"` to `a/b.md`."""
    for name, text in texts.items():
        path = root / f"{name.replace('__', '/')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def reading(root: Path, name: str = "guide") -> dict[str, list[str]]:
    lists = yaml.load((root / "refs" / f"{name}.yaml").read_text(), yaml.BaseLoader)
    return {
        anchor: [item.get("key") or item.get("url") for item in (section or {}).get("reading", [])]
        for anchor, section in lists["sections"].items()
    }


def test_scan_finds_what_a_reader_finds(citeman: Run, root: Path) -> None:
    (root / "guide.md").write_text(CITING)
    found = json.loads(citeman("scan", "--json").stdout)["citations"]
    assert [(one["line"], one["section"], one["identifier"], one["key"]) for one in found] == [
        (5, "wide-networks", "arXiv:1806.07572", "jacot2018neural"),
        (5, "wide-networks", "arXiv:1312.6120", None),
        (6, "wide-networks", "doi:10.1073/pnas.1820226116", None),
        (10, "edges", "arXiv:2103.00065", "cohen2021gradient"),
    ]
    assert found[0]["label"] == "Jacot et al. (2018)"
    pages = json.loads(citeman("scan", "--json", "--pages").stdout)["citations"]
    assert [one["url"] for one in pages if one not in found] == ["https://example.org/page"]


def test_scan_takes_everything_in_and_a_second_time_changes_nothing(citeman: Run, root: Path, upstream: Upstream) -> None:
    (root / "more").mkdir()
    (root / "more" / "other.md").write_text(CITING)
    result = citeman("scan", "more/other.md", "--write")
    assert result.returncode == 0, result.stderr
    assert result.stderr.endswith(
        "4 citations of 4 works, 0 of them not in the store; added 2, listed 4 times, started 1 guide\n"
    )
    assert reading(root, "other") == {
        "training": [],
        "wide-networks": ["jacot2018neural", "saxe2013exact", "saxe2019mathematical"],
        "edges": ["cohen2021gradient"],
    }
    text = (root / "refs" / "other.yaml").read_text()
    assert "\n        role:" not in text
    assert "context: They become kernels" in text
    assert (root / "more" / "other.md").read_text() == CITING
    assert upstream.counts["arxiv"] + upstream.counts["crossref"] <= 4
    before = everything(root)
    assert citeman("scan", "more/other.md", "--write").returncode == 0
    assert everything(root) == before


def test_a_dry_run_shows_every_file_that_would_change_and_writes_nothing(citeman: Run, root: Path, upstream: Upstream) -> None:
    write(root, guide=CITING, more__other="# Other\n\nAs in <https://arxiv.org/abs/1412.6980>.\n")
    before = everything(root)
    result = citeman("scan", "guide.md", "more", "--write", "--dry-run")
    assert result.returncode == 0
    assert {line for line in result.stdout.splitlines() if line.startswith("+++")} == {
        "+++ b/references.bib",
        "+++ b/refs/guide.yaml",
        "+++ b/refs/other.yaml",
        "+++ b/refs/citeman.lock",
    }
    assert "+@misc{saxe2013exact," in result.stdout
    assert "+      - key: saxe2013exact" in result.stdout
    assert result.stderr.endswith("; would have added 3, listed 4 times, started 1 guide\n")
    assert everything(root) == before


def test_a_folder_of_posts_that_is_no_project_becomes_one_in_one_command(
    citeman: Run, tmp_path: Path, upstream: Upstream
) -> None:
    papers = upstream.world.generate(90)
    cited = [papers[number % 90] for number in range(140)]
    posts = {}
    for number in range(15):
        links = "\n\n".join(f"## Part {id}\n\nSee [this](https://arxiv.org/abs/{id}v1)." for id in cited[number::15])
        posts[f"posts__deep__post{number}"] = f"# Post {number}\n\n{links}\n"
    write(tmp_path, **posts, posts__node_modules__package="# Not mine\n\n<https://arxiv.org/abs/1412.6980>\n")
    result = citeman("scan", "posts", "--write")
    assert result.returncode == 0, result.stderr
    assert result.stderr.endswith(
        "140 citations of 90 works, 0 of them not in the store; added 90, listed 140 times, started 15 guides\n"
    )
    assert upstream.counts["arxiv"] == 1
    assert upstream.counts["crossref"] <= 2
    assert len(list((tmp_path / "refs").glob("*.yaml"))) == 15
    assert (tmp_path / "citeman.toml").exists()
    before = everything(tmp_path)
    again = citeman("scan", "posts/**/*.md", "--write", "--json")
    found = json.loads(again.stdout)
    assert (len(found["citations"]), found["added"], found["linked"], found["started"]) == (140, [], 0, [])
    assert everything(tmp_path) == before
    assert not [one for one in json.loads(citeman("check", "--json").stdout)["findings"] if one["severity"] == "error"]


def test_a_folder_can_be_looked_at_without_a_project(citeman: Run, tmp_path: Path) -> None:
    write(tmp_path, posts__one=CITING)
    assert len(json.loads(citeman("scan", "posts/*.md", "--json").stdout)["citations"]) == 4
    assert set(everything(tmp_path)) == {"posts/one.md"}
    assert citeman("scan").stderr.endswith("no citeman project here or above; start one with `citeman init GUIDE.md`\n")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("empty", "citeman: no Markdown in the folder empty\n"),
        ("drafts/*.md", "citeman: no Markdown file matches 'drafts/*.md'\n"),
        ("nothing.md", "nothing.md: does not exist; check its name\n"),
    ],
)
def test_paths_that_lead_to_nothing_are_said(citeman: Run, root: Path, given: str, message: str) -> None:
    (root / "empty").mkdir()
    result = citeman("scan", given, "--write")
    assert result.returncode in {1, 2}
    assert result.stderr.startswith(message[:-1])


def test_one_bad_file_or_identifier_does_not_hinder_the_others(citeman: Run, root: Path, upstream: Upstream) -> None:
    text = "# One\n\n<https://arxiv.org/abs/1412.6980>\n\nand <https://arxiv.org/abs/2401.99999>\n"
    write(root, one=text, two="# Two\n\n<https://arxiv.org/abs/1706.05350>\n")
    (root / "three.md").write_bytes(b"\x00\x01 binary")
    result = citeman("scan", "one.md", "two.md", "three.md", "gone.md", "--write")
    assert result.returncode == 1
    assert "three.md: is no text (it holds NUL bytes); " in result.stderr
    assert "gone.md: " in result.stderr
    assert "one.md:5: arXiv:2401.99999: " in result.stderr
    assert reading(root, "one") == {"one": ["kingma2014adam"]}
    assert reading(root, "two") == {"two": ["laarhoven2017l2"]} or reading(root, "two") == {"two": ["vanlaarhoven2017l2"]}


def test_an_outage_lists_what_is_known_and_leaves_the_rest_for_the_next_run(citeman: Run, root: Path) -> None:
    write(root, guide=CITING)
    result = citeman("scan", "--write")
    assert result.returncode == 3
    assert "guide.md:5: arXiv:1312.6120: cannot be reached now" in result.stderr
    assert reading(root)["edges"] == ["cohen2021gradient"]
    assert "saxe" not in (root / "references.bib").read_text()


def test_what_is_cited_before_the_first_heading_is_added_and_said(citeman: Run, root: Path, upstream: Upstream) -> None:
    write(root, guide=f"Read <https://arxiv.org/abs/1412.6980> first.\n\n{sample.GUIDE.partition('---')[2].partition('---')[2]}")
    write(root, bare="Only <https://arxiv.org/abs/1706.05350>, no heading.\n")
    result = citeman("scan", "guide.md", "bare.md", "--write")
    assert (
        "guide.md:1: kingma2014adam is cited outside of every section; `citeman link kingma2014adam -s SECTION` lists it\n"
        in (result.stderr)
    )
    assert "bare.md:1: " in result.stderr
    assert result.returncode == 0
    bib = (root / "references.bib").read_text()
    assert "kingma2014adam" in bib
    assert "1706.05350" in bib
    assert not (root / "refs" / "bare.yaml").exists()


def test_keys_that_nobody_has_are_told_apart_and_said(citeman: Run, root: Path, upstream: Upstream) -> None:
    write(root, guide="# A\n\nSee [@nobody2020; @cohen2021gradient], [@another2021] and [@doi:10.1073/pnas.1820226116].\n")
    found = json.loads(citeman("scan", "--json").stdout)["citations"]
    assert [(one["citekey"], one["identifier"], one["key"]) for one in found] == [
        ("nobody2020", "", None),
        ("cohen2021gradient", "arXiv:2103.00065", "cohen2021gradient"),
        ("another2021", "", None),
        ("doi:10.1073/pnas.1820226116", "doi:10.1073/pnas.1820226116", None),
    ]
    result = citeman("scan", "--write")
    assert result.returncode == 1
    assert "guide.md:3: no entry has the key 'nobody2020'; " in result.stderr
    assert "4 citations of 4 works, 2 of them not in the store; added 1, listed 2 times" in result.stderr
    assert reading(root)["a"] == ["cohen2021gradient", "saxe2019mathematical"]


def test_a_key_of_former_days_is_known(citeman: Run, root: Path) -> None:
    write(root, guide="# A\n\nSee [@cohen2021gradient].\n")
    bib = (root / "references.bib").read_text()
    (root / "references.bib").write_text(bib.replace("{cohen2021gradient,", "{cohen2021edge, ids = {c21, cohen2021gradient},"))
    assert [one["key"] for one in json.loads(citeman("scan", "--json").stdout)["citations"]] == ["cohen2021edge"]


def test_papers_cited_in_a_question_box_or_under_a_quoted_heading_are_listed(citeman: Run, root: Path) -> None:
    box = "\n> ### Quoted\n>\n> As [said](https://arxiv.org/abs/2103.00065).\n"
    guide = sample.GUIDE.replace("Nobody knows.", "Perhaps <https://arxiv.org/abs/1806.07572>.") + box
    write(root, guide=guide)
    assert citeman("scan", "--write").returncode == 0
    lists = reading(root)
    assert lists["question-open-question-do-they-tell-of-real-networks"] == ["jacot2018neural"]
    assert lists["deep-linear-networks"] == ["cohen2021gradient"]
    text = (root / "refs" / "guide.yaml").read_text()
    assert "kind: question\n    parent: deep-linear-networks\n" in text


def test_guides_of_one_file_name_get_lists_of_their_own(citeman: Run, root: Path) -> None:
    write(root, a__notes=CITING, b__notes=CITING, c__index="# C\n\n<https://arxiv.org/abs/1806.07572>\n", empty="# No citation\n")
    result = citeman("scan", "a", "b", "c", ".", "--write", "--offline", "--json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["started"] == ["refs/notes.yaml", "refs/b-notes.yaml", "refs/c.yaml"]
    assert citeman("scan", "empty.md", "--write").returncode == 0
    assert (root / "refs" / "empty.yaml").exists()


def test_links_become_keys_and_links_again(citeman: Run, root: Path) -> None:
    text = sample.GUIDE
    assert citeman("scan", "--to-keys").stdout == "guide.md: 1 citation rewritten\n"
    assert (root / "guide.md").read_text() == text.replace(
        "[[Jacot et al. (2018)]](https://arxiv.org/abs/1806.07572)", "[@jacot2018neural]"
    )
    assert citeman("scan", "--to-links").stdout == "guide.md: 1 citation rewritten\n"
    assert (root / "guide.md").read_text() == text


def test_only_the_guides_named_are_rewritten(citeman: Run, root: Path) -> None:
    write(root, other=CITING)
    assert citeman("scan", "other.md", "--write", "--offline").returncode == 0
    result = citeman("scan", "other.md", "--to-keys", "--json")
    assert json.loads(result.stdout) == {"guides": [{"path": "other.md", "rewritten": 3}]}
    assert (root / "guide.md").read_text() == sample.GUIDE
    assert citeman("scan", "nope.md", "--to-keys").stderr == (
        "citeman: nope.md is no guide of this project; `citeman scan nope.md --write` makes it one\n"
    )


def test_another_name_of_a_work_that_is_there_is_proposed_and_with_yes_taken(
    citeman: Run, root: Path, upstream: Upstream
) -> None:
    saxe = "@article{saxe2019,\n  title = {A mathematical theory of semantic development in deep neural networks},\n"
    saxe += "  author = {Saxe, Andrew M.},\n  year = {2019},\n  doi = {10.1073/pnas.1820226116},\n}\n"
    (root / "references.bib").write_text(sample.BIB + "\n" + saxe)
    (root / "guide.md").write_text((root / "guide.md").read_text() + "\nFree to [read](https://arxiv.org/abs/1810.10531).\n")
    written = citeman("scan", "--write")
    proposal = "arXiv:1810.10531 is the preprint of saxe2019: an identifier says so; `--yes` makes them one entry"
    assert proposal in written.stderr
    before = everything(root)
    assert json.loads(citeman("scan", "--write", "--json").stdout)["proposals"][0]["key"] == "saxe2019"
    assert everything(root) == before
    assert proposal not in citeman("scan", "--write", "--yes").stderr
    assert "eprint = {1810.10531}" in (root / "references.bib").read_text()
    assert "not in the store" not in citeman("scan").stdout


def test_a_key_that_the_guide_gives_an_address_is_that_work(citeman: Run, tmp_path: Path) -> None:
    text = '## Nets\n\nSee [@jac; @edge] and [@nobody].\n\n[@jac]: https://arxiv.org/abs/1806.07572\n[@edge]: <https://arxiv.org/pdf/2103.00065v2> "T"\n'
    sample.write(tmp_path, guide=text)
    found = json.loads(citeman("scan", "--json").stdout)["citations"]
    assert [(one["line"], one["identifier"], one["key"]) for one in found] == [
        (3, "arXiv:1806.07572", "jacot2018neural"),
        (3, "arXiv:2103.00065", "cohen2021gradient"),
        (3, "", None),
    ]
    unknown = [one for one in json.loads(citeman("check", "--json").stdout)["findings"] if one["rule"] == "guide-unknown-key"]
    assert ["nobody" in one["message"] for one in unknown] == [True]
    assert "listed 2 times" in citeman("scan", "--write", "--offline").stderr
    assert "nets:" in (tmp_path / "refs" / "guide.yaml").read_text()
