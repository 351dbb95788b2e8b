from __future__ import annotations

from pathlib import Path

import pytest

from tests import project as sample
from tests.conftest import Run


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    path = tmp_path / "guide.md"
    path.write_text(sample.GUIDE, encoding="utf-8")
    return path


def test_a_project_starts_from_the_guides_headings(citeman: Run, tmp_path: Path, guide: Path) -> None:
    result = citeman("init", "guide.md")
    assert (result.returncode, sorted(result.stdout.splitlines())) == (
        0,
        ["wrote citeman.toml", "wrote references.bib", "wrote refs/guide.yaml  3 sections"],
    )
    assert (tmp_path / "references.bib").read_bytes() == b""
    text = (tmp_path / "refs" / "guide.yaml").read_text()
    assert text.index("wide-networks:") < text.index("large-steps:") < text.index("deep-linear-networks:")
    assert "source: ../guide.md" in text
    assert guide.read_text(encoding="utf-8") == sample.GUIDE
    check = citeman("check")
    assert "list-empty-section" in check.stdout
    assert "error" not in check.stdout


def test_nothing_is_overwritten(citeman: Run, tmp_path: Path, guide: Path) -> None:
    citeman("init", "guide.md")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and ".citeman" not in path.parts}
    result = citeman("init", "guide.md")
    assert (result.returncode, result.stderr) == (1, "refs/guide.yaml: is there already; nothing was overwritten\n")
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and ".citeman" not in path.parts}


def test_another_guide_joins_the_project(citeman: Run, tmp_path: Path, guide: Path) -> None:
    citeman("init", "guide.md")
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "index.md").write_text("# One\n\n## Two\n")
    assert "wrote refs/second.yaml  2 sections" in citeman("init", "second/index.md").stdout


def test_the_table_joins_an_existing_pyproject(citeman: Run, tmp_path: Path, guide: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'book'")
    assert "extended pyproject.toml" in citeman("init", "guide.md").stdout
    assert (tmp_path / "pyproject.toml").read_text().startswith("[project]\nname = 'book'\n\n[tool.citeman]\n")
    assert not (tmp_path / "citeman.toml").exists()


def test_the_slug_rule_that_resolves_the_guides_own_links_is_set(citeman: Run, tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text("[a](#5-steps--more)\n\n## 5 Steps & more\n\ntext\n")
    citeman("init", "guide.md")
    assert 'slug-rule = "github"' in (tmp_path / "citeman.toml").read_text().replace("# slug", "no")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "guide.md: does not exist; check its name\n"),
        (b"", "guide.md: is empty; write its headings first\n"),
        (b" \n\n", "guide.md: is empty; write its headings first\n"),
        (b"ab\0c", "guide.md:1: is no text (it holds NUL bytes); restore the file, or save it as UTF-8\n"),
        (b"- # In a list\n", "guide.md: has no headings, so no sections to tie papers to; add `## Headings`\n"),
        (b"only prose\n", "guide.md: has no headings, so no sections to tie papers to; add `## Headings`\n"),
    ],
)
def test_bad_guides_are_one_line_and_nothing_is_written(
    citeman: Run, tmp_path: Path, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "guide.md").write_bytes(content)
    result = citeman("init", "guide.md")
    assert (result.returncode, result.stderr) == (1, message)
    assert [path.name for path in tmp_path.iterdir()] == (["guide.md"] if content is not None else [])


def test_two_guides_of_one_name_are_refused(citeman: Run, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "intro.md").write_text("# Intro\n")
    result = citeman("init", "a/intro.md", "b/intro.md")
    assert (result.returncode, result.stderr) == (
        1,
        "b/intro.md: a second guide would share refs/intro.yaml; rename one of the guides\n",
    )


def test_a_guide_is_named_from_here_or_from_the_folder_of_the_project(citeman: Run, tmp_path: Path, guide: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "README.md").write_text("# One\n")
    assert "wrote refs/inside.yaml  1 section\n" in citeman("-C", "inside", "init", "README.md").stdout
    assert "wrote refs/guide.yaml" in citeman("-C", "inside", "init", "guide.md").stdout
    (inside / "deeper").mkdir()
    (tmp_path / "readme.md").write_text("# One\n")
    assert f"wrote refs/{tmp_path.name}.yaml" in citeman("init", "../../readme.md", cwd=inside / "deeper").stdout


def test_a_heading_that_says_nothing_has_no_list(citeman: Run, tmp_path: Path) -> None:
    (tmp_path / "citeman.toml").write_text('[tool.citeman]\nslug-rule = "github"\n')
    (tmp_path / "guide.md").write_text("#\n\n# ![](picture.png)\n\n# One\n")
    citeman("init", "guide.md")
    assert '"":' not in (tmp_path / "refs" / "guide.yaml").read_text()
    assert "error" not in citeman("check").stdout


def test_without_a_guide_the_user_is_told_the_usage(citeman: Run) -> None:
    result = citeman("init")
    assert (result.returncode, result.stderr) == (2, "citeman: name the guide's Markdown file: `citeman init GUIDE.md`\n")


@pytest.mark.parametrize("blank", ["", "\n", "  \n\n"])
def test_a_label_above_a_heading_is_mysts(citeman: Run, tmp_path: Path, blank: str) -> None:
    (tmp_path / "guide.md").write_text(f"(first)=\n{blank}# Title\n\nText.\n")
    assert "wrote refs/guide.yaml  1 section" in citeman("init", "guide.md").stdout
    assert 'slug-rule = "myst"' in (tmp_path / "citeman.toml").read_text()


def test_a_guide_that_only_myst_can_read_is_read_as_it_does(citeman: Run, tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text("(top)=\n# Title\n\n```{code-cell} python\n\n# a comment\n```\n\n(two)=\n## Two\n")
    assert "wrote refs/guide.yaml  2 sections" in citeman("init", "guide.md").stdout
    assert 'slug-rule = "myst"' in (tmp_path / "citeman.toml").read_text()
