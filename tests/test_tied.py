"""weave, relink: as their users run them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from tests import project as sample
from tests.conftest import Run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def everything(root: Path) -> dict[str, bytes]:
    kept = (path for path in root.rglob("*") if path.is_file() and not {".citeman", ".git"} & set(path.parts))
    return {str(path.relative_to(root)): path.read_bytes() for path in kept}


def sections(root: Path, name: str = "guide") -> dict[str, list[str]]:
    lists = yaml.load((root / "refs" / f"{name}.yaml").read_text(), yaml.BaseLoader)
    return {
        anchor: [item.get("key") or item.get("url") or f"see:{item['see']}" for item in (section or {}).get("reading", [])]
        for anchor, section in lists["sections"].items()
    }


def test_weave_puts_lists_at_the_ends_of_sections_and_takes_them_out_again(citeman: Run, root: Path) -> None:
    before = everything(root)
    result = citeman("weave")
    assert (result.returncode, result.stdout) == (0, "guide.md: 2 lists, changed\n")
    text = (root / "guide.md").read_text()
    line = (
        "- [[Jacot et al. (2018)]](https://arxiv.org/abs/1806.07572). "
        "*Neural Tangent Kernel: Convergence and Generalization in Neural Networks.* Names the kernel.\n"
    )
    assert f"**Further reading**\n\n{line}" in text
    assert text.index(line) < text.index("## Large steps")
    assert citeman("weave").stdout == "guide.md: 2 lists, up to date\n"
    assert (root / "guide.md").read_text() == text
    assert citeman("weave", "--check").returncode == 0
    assert citeman("weave", "--remove").returncode == 0
    assert everything(root) == before


def test_weave_check_fails_when_the_lists_moved_on(citeman: Run, root: Path) -> None:
    assert citeman("weave", "--check").returncode == 1
    citeman("weave")
    citeman("link", "jacot2018neural", "-s", "eos")
    before = everything(root)
    result = citeman("weave", "--check")
    assert (result.returncode, result.stdout) == (1, "guide.md: 2 lists, would change\n")
    assert everything(root) == before


def test_the_project_says_how_its_lists_are_woven_and_options_win(citeman: Run, root: Path) -> None:
    (root / "citeman.toml").write_text('weave-shape = "table"\nweave-why = false\nweave-heading = ""\nweave-html = true\n')
    citeman("weave")
    html = (root / "guide.md").read_text()
    assert "<td><em>Neural Tangent Kernel" in html
    assert "Names the kernel." not in html
    assert "Further reading" not in html
    assert citeman("weave", "--check").returncode == 0
    citeman("weave", "guide.md", "--shape", "list", "--no-html", "--why", "--heading", "Read on")
    assert "**Read on**\n\n- [[Jacot" in (root / "guide.md").read_text()
    assert "Names the kernel." in (root / "guide.md").read_text()
    assert citeman("weave", "nope.md").stderr == "citeman: no guide 'nope.md'; the guides are guide\n"


def test_a_list_without_its_section_is_not_forgotten_silently(citeman: Run, root: Path) -> None:
    (root / "guide.md").write_text(sample.GUIDE.replace("## Large steps", "## Enormous leaps"))
    result = citeman("weave")
    assert result.stdout == "guide.md: 1 list, changed\n"
    assert result.stderr == "guide.md has no section #large-steps for its list; `citeman relink` finds where it belongs\n"


def test_further_reading_is_woven_unless_the_core_alone_is_wanted(citeman: Run, root: Path) -> None:
    citeman("link", "cohen2021gradient", "-s", "ntk", "--further", "--why", "Later.")
    citeman("weave")
    assert (root / "guide.md").read_text().count("2103.00065") == 2
    citeman("weave", "--core")
    assert (root / "guide.md").read_text().count("2103.00065") == 1


def test_the_letters_that_a_weave_shows_stay(citeman: Run, root: Path) -> None:
    twin = "@misc{%s, title = {%s}, author = {Jacot, Arthur and Gabriel, F. and Hongler, C.}, year = 2018}\n"
    (root / "references.bib").write_text(sample.BIB + twin % ("zeta", "Zeta"))
    citeman("weave")
    assert "Jacot et al. (2018a)" in (root / "guide.md").read_text()
    (root / "references.bib").write_text(sample.BIB + twin % ("zeta", "Zeta") + twin % ("alpha", "A first by its title"))
    assert citeman("weave", "--check").returncode == 0
    labels = {key: json.loads(citeman("cite", key, "--json").stdout)[0]["label"] for key in ("zeta", "alpha")}
    assert labels == {"zeta": "Jacot et al. (2018b)", "alpha": "Jacot et al. (2018c)"}


def test_two_files_of_lists_for_one_guide_do_not_weave_over_each_other(citeman: Run, root: Path) -> None:
    second = sample.LISTS.replace("wide-networks", "deep-linear-networks").replace("aliases: [ntk]", "aliases: [dln]")
    (root / "refs" / "other.yaml").write_text(second)
    before = everything(root)
    for arguments in ([], ["guide"], ["other"]):
        result = citeman("weave", *arguments)
        assert result.returncode == 1
        assert "another file has lists for the same guide; put all of them into one file" in result.stderr
    assert everything(root) == before
    found = json.loads(citeman("check", "--json").stdout)["findings"]
    assert [(one["path"], one["message"]) for one in found if one["rule"] == "list-shared-guide"] == [
        ("refs/other.yaml", "the guide guide.md has its lists in refs/guide.yaml already; put all of them into one file")
    ]


def test_a_list_edited_by_hand_is_refused(citeman: Run, root: Path) -> None:
    citeman("weave")
    text = (root / "guide.md").read_text().replace("Names the kernel.", "Names the kernel, I say.")
    (root / "guide.md").write_text(text)
    line = text[: text.index("<!-- citeman:reading-list wide-networks")].count("\n") + 1
    result = citeman("weave")
    assert result.returncode == 1
    assert result.stderr.startswith(f"guide.md:{line}: the reading list of #wide-networks was edited by hand")
    assert (root / "guide.md").read_text() == text
    assert citeman("weave", "--force").returncode == 0
    assert "I say" not in (root / "guide.md").read_text()


@pytest.mark.parametrize("shape", ["list", "paragraph", "table"])
@pytest.mark.parametrize("language", [[], ["--html"]])
def test_pandoc_shows_the_lists_and_leaves_the_rest_as_it_was(citeman: Run, root: Path, shape: str, language: list[str]) -> None:
    pypandoc = pytest.importorskip("pypandoc", reason="pypandoc_binary is not installed")
    before = pypandoc.convert_text(sample.GUIDE, "html", format="markdown")
    citeman("weave", "--shape", shape, *language)
    after = pypandoc.convert_text((root / "guide.md").read_text(), "html", format="markdown")
    assert after.count("Neural Tangent Kernel: Convergence") == 1
    assert '<a href="https://arxiv.org/abs/2103.00065">' in after
    kept = [line for line in before.splitlines() if line.strip()]
    found = iter(after.splitlines())
    assert all(line in found for line in kept)


def test_hostile_titles_cannot_leave_their_place(citeman: Run, root: Path) -> None:
    title = "A <script>alert(1)</script> | $x_1*$ and *y* [z](javascript:alert) --> end"
    bib = sample.BIB.replace("Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability", title)
    (root / "references.bib").write_text(bib)
    pypandoc = pytest.importorskip("pypandoc", reason="pypandoc_binary is not installed")
    for options in ([], ["--shape", "table"], ["--html"]):
        citeman("weave", "--force", *options)
        html = pypandoc.convert_text((root / "guide.md").read_text(), "html", format="markdown")
        assert "<script>" not in html
        assert 'href="javascript' not in html
        assert html.count("<h2") == 3


REWRITTEN = sample.GUIDE.replace("## Wide networks", "## The limit of wide networks").replace(
    "## Large steps", "## Training with large steps"
)


def test_relink_follows_reworded_headings_and_keeps_the_old_anchor(citeman: Run, root: Path) -> None:
    (root / "guide.md").write_text(REWRITTEN)
    before = everything(root)
    proposal = citeman("relink")
    assert proposal.returncode == 1
    assert "guide#wide-networks moves to the-limit-of-wide-networks" in proposal.stdout
    assert "title:" in proposal.stdout
    assert everything(root) == before
    assert citeman("relink", "--write").returncode == 0
    assert sections(root) == {
        "the-limit-of-wide-networks": ["jacot2018neural"],
        "training-with-large-steps": ["cohen2021gradient"],
    }
    text = (root / "refs" / "guide.yaml").read_text()
    assert "aliases: [ntk, wide-networks]" in text
    assert "# where it began" in text
    assert citeman("relink").stdout == "every list has its section\n"
    assert "read in guide#the-limit-of-wide-networks" in citeman("show", "jacot2018neural").stdout


def test_a_list_without_a_successor_waits_until_a_person_decides(citeman: Run, root: Path) -> None:
    guide = sample.GUIDE.replace("## Large steps\n\nTraining settles at the edge.\n", "")
    (root / "guide.md").write_text(guide)
    citeman("relink", "--write")
    text = (root / "refs" / "guide.yaml").read_text()
    assert "cohen2021gradient" in text
    assert "orphaned:" in text
    assert "list-orphaned" in citeman("check").stdout
    assert citeman("relink", "large-steps", "--to", "deep-linear").returncode == 0
    assert sections(root)["deep-linear-networks"] == ["cohen2021gradient"]
    assert "orphaned" not in citeman("check").stdout


def test_a_guide_whose_file_was_renamed_is_found_again(citeman: Run, root: Path) -> None:
    (root / "guide.md").rename(root / "chapter.md")
    assert "the guide ../guide.md is now chapter.md (100% of its sections)" in citeman("relink").stdout
    assert citeman("relink", "--write").returncode == 0
    assert "source: ../chapter.md" in (root / "refs" / "guide.yaml").read_text()
    assert "list-missing-guide" not in citeman("check").stdout


def test_of_a_renamed_guide_the_moves_are_shown_before_they_are_made(citeman: Run, root: Path) -> None:
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "guide.md"], ["commit", "-qm", "guide"]):
        subprocess.run([*git, *command], cwd=root, check=True)
    (root / "guide.md").unlink()
    (root / "chapter.md").write_text(sample.GUIDE.replace("## Large steps", "## Oscillation") + "\n## ntk\n")
    before = everything(root)
    shown = json.loads(citeman("relink", "--json").stdout)
    assert everything(root) == before
    assert [(one["old"], one["new"]) for one in shown["moved"]] == [("../guide.md", "chapter.md")]
    (proposal,) = shown["proposals"]
    assert (proposal["anchor"], proposal["candidate"]) == ("large-steps", "oscillation")
    assert {"kind": "text", "score": 1.0, "detail": "how alike the texts are"} in proposal["evidence"]
    made = json.loads(citeman("relink", "--write", "--json").stdout)
    assert made["proposals"] == shown["proposals"]
    assert sections(root) == {"wide-networks": ["jacot2018neural"], "oscillation": ["cohen2021gradient"]}


def test_git_remembers_the_text_under_a_heading_that_changed_entirely(citeman: Run, root: Path) -> None:
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run([*git, "init", "-q"], cwd=root, check=True)
    subprocess.run([*git, "add", "guide.md"], cwd=root, check=True)
    subprocess.run([*git, "commit", "-qm", "guide"], cwd=root, check=True)
    (root / "guide.md").write_text(sample.GUIDE.replace("## Large steps", "## Oscillation"))
    proposal = json.loads(citeman("relink", "--json").stdout)["proposals"][0]
    assert (proposal["anchor"], proposal["candidate"]) == ("large-steps", "oscillation")
    assert "text" in {one["kind"] for one in proposal["evidence"]}


def test_relink_needs_both_halves_of_a_decision(citeman: Run, root: Path) -> None:
    result = citeman("relink", "large-steps")
    assert (result.returncode, result.stderr) == (
        2,
        "citeman: to place a list by hand give both: `citeman relink ANCHOR --to SECTION`\n",
    )
    assert citeman("relink", "nothing", "--to", "eos").stderr.startswith("citeman: no list of a section 'nothing'")
