"""Fragments, and the examples that put them into other generators' pages, built with the generators that are here."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import reading
from tests.browser import npm_package
from tests.conftest import ROOT, Run
from tests.reading import Page
from tests.test_render_pages import hostile

EXAMPLES = ROOT / "examples" / "embedding"


@pytest.fixture(scope="module")
def fragments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("fragments"))


def build(folder: Path, *project: str) -> Path:
    from citeman.commands.build import build
    from citeman.project import Project

    build(Project.open(reading.write(folder / "project", *project)), fragment=True)
    return folder / "project" / "fragments"


def test_build_fragment_writes_a_piece_for_each_section_and_question(citeman: Run, tmp_path: Path) -> None:
    root = reading.write(tmp_path / "project")
    result = citeman("build", "--fragment", cwd=root)
    assert (result.returncode, result.stdout) == (0, "fragments\n")
    assert sorted(reading.files(root / "fragments")) == [
        "citeman.css",
        *(f"dynamics/{name}.html" for name in ("classical", "does-it-last", "edge")),
    ]
    assert citeman("build", "--fragment", "--check", cwd=root).returncode == 0
    assert not (root / "site").exists()


def test_a_fragment_has_one_root_and_names_of_its_own(fragments: Path) -> None:
    for path in fragments.rglob("*.html"):
        page = Page(f"<!doctype html><html lang=en><title>x</title><body>{path.read_text()}")
        (root,) = page.tree.find("body")
        assert (root.tag, root.get("class")) == ("section", "citeman")
        inside = [one for one in page.elements if one.name not in {"html", "head", "title", "body"}][1:]
        names = [name for one in inside for name in one.attributes.get("class", "").split() if not one.name.startswith("m")]
        assert all(name.startswith("citeman-") for name in (*names, *page.ids))
        assert not {one.name for one in inside} & {"script", "style", "link", "h1", "h2", "h3"}
        assert len(page.ids) == len(set(page.ids))


def test_the_style_touches_nothing_outside(fragments: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", (fragments / "citeman.css").read_text(), flags=re.S)
    selectors = [part.strip() for rule in re.findall(r"(?:^|[{}])\s*([^{}@]+?)\s*\{", css) for part in rule.split(",")]
    assert len(selectors) > 10
    assert all(selector.startswith(".citeman") for selector in selectors)


def test_links_of_a_fragment_lead_to_papers_the_guide_and_its_own_items(fragments: Path) -> None:
    page = Page((fragments / "dynamics" / "classical.html").read_text(), strict=False)
    links = {one.text: one.attributes["href"] for one in page.all("a")}
    assert (
        links["Some methods of speeding up the convergence of iteration methods"]
        == "https://doi.org/10.1016/0041-5553(64)90137-5"
    )
    assert links["Nesterov (1983)"] == "#citeman-nesterov1983method"
    assert links["The edge of stability"] == "https://guide.example/dynamics#edge"
    assert links["Momentum, to play with"] == "https://widget.example/momentum"


@pytest.mark.parametrize("project", [(), hostile()], ids=["sample", "hostile"])
def test_a_fragment_survives_markdown_and_templates(tmp_path: Path, project: tuple[str, ...]) -> None:
    from markdown_it import MarkdownIt

    for path in build(tmp_path, *project).rglob("*.html"):
        text = path.read_text()
        assert "\n\n" not in text
        assert not set(text) & set("{}")
        assert MarkdownIt("commonmark").render(f"Before.\n\n{text}\nAfter.\n") == f"<p>Before.</p>\n{text}<p>After.</p>\n"


def check(html: Path, fragments: Path) -> None:
    """The page holds the list as it was, within its own text."""
    page, wanted = html.read_text(encoding="utf-8"), (fragments / "dynamics" / "edge.html").read_text()
    shown, meant = Page(page, strict=False), Page(wanted, strict=False)
    assert items(shown) == items(meant)
    assert page.index("Training settles at the edge.") < page.index('<section class="citeman"')
    assert any("citeman.css" in one.attributes.get("href", "") for one in shown.all("link"))


def items(page: Page) -> list[tuple[str, str, str]]:
    found = (one for one in page.elements if "citeman" in one.attributes.get("class", ""))
    return [(one.name, one.attributes["class"], " ".join(one.text.split())) for one in found]


def example(name: str, tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLES / name, tmp_path / name)
    return tmp_path / name


def run(*command: str | Path, cwd: Path) -> None:
    result = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def tool(name: str) -> str:
    import sys

    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed (`pip install -e .[embedding]`, or from the system's packages)")
    return found


def pandoc() -> str:
    pypandoc = pytest.importorskip("pypandoc", reason="pypandoc_binary is not installed")
    return str(pypandoc.get_pandoc_path())


def test_pandoc(fragments: Path, tmp_path: Path) -> None:
    folder = example("pandoc", tmp_path)
    shutil.copytree(fragments, folder / "fragments")
    command = (
        pandoc(),
        "guide.md",
        "--lua-filter",
        "reading-list.lua",
        "--css",
        "fragments/citeman.css",
        "--standalone",
        "-o",
        "guide.html",
    )
    run(*command, cwd=folder)
    check(folder / "guide.html", fragments)
    (folder / "fragments" / "dynamics" / "edge.html").unlink()
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "no reading list dynamics/edge in fragments; run `citeman build --fragment`" in result.stderr


def test_quarto_by_its_reader_pandoc(fragments: Path, tmp_path: Path) -> None:
    folder = example("quarto", tmp_path)
    source = (folder / "guide.qmd").read_text()
    include = re.search(r"\{\{< include fragments/(\S+) >\}\}", source)
    assert include
    (folder / "guide.md").write_text(source.replace(include[0], (fragments / include[1]).read_text()))
    run(pandoc(), "guide.md", "--css", "fragments/citeman.css", "--standalone", "-o", "guide.html", cwd=folder)
    check(folder / "guide.html", fragments)


def test_hugo(fragments: Path, tmp_path: Path) -> None:
    folder = example("hugo", tmp_path)
    shutil.copytree(fragments, folder / "fragments")
    run(tool("hugo"), "--quiet", cwd=folder)
    check(folder / "public" / "guide" / "index.html", fragments)


def test_jekyll(fragments: Path, tmp_path: Path) -> None:
    folder = example("jekyll", tmp_path)
    shutil.copytree(fragments, folder / "_includes" / "reading")
    run(tool("jekyll"), "build", "--quiet", cwd=folder)
    check(folder / "_site" / "guide.html", fragments)


def test_mkdocs(fragments: Path, tmp_path: Path) -> None:
    pytest.importorskip("pymdownx", reason="pymdown-extensions is not installed (`pip install -e .[embedding]`)")
    folder = example("mkdocs", tmp_path)
    shutil.copytree(fragments, folder / "fragments")
    shutil.copy(fragments / "citeman.css", folder / "docs")
    run(tool("mkdocs"), "build", "--quiet", cwd=folder)
    check(folder / "site" / "index.html", fragments)


def test_eleventy(fragments: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    command = npm_package(pytestconfig, "@11ty/eleventy", "cmd.cjs")
    folder = example("eleventy", tmp_path)
    shutil.copytree(fragments, folder / "_includes")
    run("node", command, "--quiet", cwd=folder)
    check(folder / "_site" / "guide.html", fragments)
