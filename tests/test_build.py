from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import reading
from tests.conftest import ROOT, Run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return reading.write(tmp_path / "project")


def test_build_writes_an_index_a_page_for_each_section_and_paper_and_the_exports(citeman: Run, root: Path) -> None:
    result = citeman("build", cwd=root)
    assert (result.returncode, result.stdout) == (0, "site/index.html\n")
    assert result.stderr.startswith("6 papers, 2 sections: ")
    there = reading.files(root / "site")
    section = [
        f"dynamics/{name}.{ending}" for name in ("classical", "edge") for ending in ("bib", "html", "json", "md", "ris", "xml")
    ]
    papers = [f"papers/{key}.html" for key in re.findall(r"^@\w+{(.+),", reading.BIB, re.M)]
    whole = [
        "index.html",
        "index.json",
        "llms.txt",
        *(f"papers.{ending}" for ending in ("bib", "html", "json", "md", "ris", "xml")),
    ]
    static = [f"static/{name}" for name in ("icon.svg", "papers.js", "search.js", "site.js", "style.css", "theme.js")]
    redirects = ["dynamics/convex.html", "dynamics/eos.html", "papers/muller1998old.html"]
    assert sorted(there) == sorted([*section, *papers, *whole, *static, *redirects])
    assert reading.broken_links(root / "site") == []


def test_the_same_input_gives_the_same_bytes(citeman: Run, root: Path, tmp_path: Path) -> None:
    citeman("build", cwd=root)
    other = reading.write(tmp_path / "elsewhere" / "project")
    citeman("build", cwd=other, env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "tr_TR.UTF-8"})
    assert reading.files(root / "site") == reading.files(other / "site")


def test_a_build_that_finds_nothing_changed_writes_nothing(citeman: Run, root: Path) -> None:
    citeman("build", cwd=root)
    before = {path: path.stat().st_mtime_ns for path in (root / "site").rglob("*")}
    again = citeman("build", cwd=root)
    assert (again.returncode, again.stdout) == (0, "site/index.html\n")
    (root / "references.bib").touch()
    assert citeman("build", "--out", "site", cwd=root).returncode == 0
    assert {path: path.stat().st_mtime_ns for path in (root / "site").rglob("*") if path.name[0] != "."} == {
        path: time for path, time in before.items() if path.name[0] != "."
    }


def test_a_folder_that_is_not_there_is_told_also_where_nothing_changed(citeman: Run, root: Path) -> None:
    citeman("build", cwd=root)
    result = citeman("-C", "nowhere", "build", cwd=root)
    assert (result.returncode, result.stderr) == (1, "nowhere: no such folder\n")


@pytest.mark.parametrize("options", [[], ["--check"], ["-q"]])
def test_a_build_that_finds_nothing_changed_opens_no_room(citeman: Run, root: Path, options: list[str]) -> None:
    citeman("build", cwd=root)
    script = (
        f"import sys; from citeman.cli import main; code = main({['build', *options]!r}); print(*sys.modules); sys.exit(code)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run([sys.executable, "-c", script], cwd=root, env=environment, capture_output=True, text=True, check=True)
    assert result.stdout.startswith("site/index.html\n")
    loaded = set(result.stdout.split())
    assert (
        loaded & {"argparse", "bibtexparser", "dataclasses", "jinja2", "pathlib", "yaml", "citeman.project", "citeman.render"}
        == set()
    )


@pytest.mark.parametrize(
    "change",
    [
        ("references.bib", "Tricks of the", "The tricks of the"),
        ("refs/dynamics.yaml", "Named the edge.", "Named it."),
        ("guide.md", "## The edge of stability {#edge}", "## The edge {#edge}\n\n## More {#more}"),
        ("citeman.toml", "mechanics", "machines"),
        ("site/index.html", "html", "HTML"),
    ],
)
def test_a_change_of_any_input_or_page_is_seen(citeman: Run, root: Path, change: tuple[str, str, str]) -> None:
    citeman("build", cwd=root)
    path, old, new = change
    file = root / path
    file.write_text(file.read_text().replace(old, new, 1))
    assert citeman("build", "--check", cwd=root).returncode == 1
    citeman("build", cwd=root)
    assert citeman("build", "--check", cwd=root).returncode == 0
    fresh = citeman("build", "--out", "fresh", cwd=root)
    assert fresh.returncode == 0, fresh.stderr
    assert reading.files(root / "site") == reading.files(root / "fresh")


def test_a_new_list_file_is_seen(citeman: Run, root: Path) -> None:
    citeman("build", cwd=root)
    (root / "refs" / "second.yaml").write_text(
        "guide:\n  title: Second\nsections:\n  one:\n    reading:\n      - key: muller1998tricks\n"
    )
    citeman("build", cwd=root)
    assert "second/one.html" in reading.files(root / "site")
    assert reading.broken_links(root / "site") == []


def test_only_pages_whose_content_changed_are_written(citeman: Run, root: Path) -> None:
    citeman("build", cwd=root)
    file = root / "refs" / "dynamics.yaml"
    file.write_text(file.read_text().replace("Move the slider.", "Move it."))
    result = citeman("build", "--json", cwd=root)
    assert re.findall(r'"([\w/]+\.\w+)"', result.stdout.partition('"removed"')[0]) == [
        "dynamics/classical.html",
        "dynamics/classical.md",
        "papers.md",
        "index.json",
    ]


def test_check_names_what_differs_and_writes_nothing(citeman: Run, root: Path) -> None:
    missing = citeman("build", "--check", cwd=root)
    assert missing.returncode == 1
    assert "site/index.html: missing\n" in missing.stdout
    assert missing.stderr.endswith("are not up to date; run `citeman build`\n")
    assert not (root / "site").exists()
    citeman("build", cwd=root)
    (root / "site" / "papers.html").write_text("mine")
    file = root / "refs" / "dynamics.yaml"
    file.write_text(file.read_text().replace("    aliases: [eos]\n", ""))
    result = citeman("build", "--check", cwd=root)
    assert (result.returncode, result.stdout) == (1, "site/papers.html: changed\nsite/dynamics/eos.html: stale\n")
    assert (root / "site" / "dynamics" / "eos.html").exists()


def test_what_nobody_wants_any_more_is_removed_but_only_what_citeman_wrote(citeman: Run, root: Path) -> None:
    citeman("build", cwd=root)
    site = root / "site"
    (site / "CNAME").write_text("guide.example")
    (site / "dynamics" / "mine.html").write_text("mine")
    (site / "dynamics" / "eos.html").write_text("changed by hand")
    lists = reading.LISTS.replace("    aliases: [eos]\n", "").replace("    aliases: [convex]\n", "")
    (root / "refs" / "dynamics.yaml").write_text(lists)
    result = citeman("build", cwd=root)
    assert "site/dynamics/eos.html: is no longer wanted, but somebody changed it; it stays" in result.stderr
    assert not (site / "dynamics" / "convex.html").exists()
    assert (site / "CNAME").read_text() == "guide.example"
    assert (site / "dynamics" / "mine.html").read_text() == "mine"
    assert (site / "dynamics" / "eos.html").read_text() == "changed by hand"


def test_a_folder_that_is_left_empty_goes(citeman: Run, root: Path) -> None:
    citeman("build", cwd=root)
    (root / "refs" / "dynamics.yaml").unlink()
    citeman("build", cwd=root)
    assert not (root / "site" / "dynamics").exists()


def test_a_file_of_somebody_else_in_the_way_is_not_overwritten(citeman: Run, root: Path) -> None:
    (root / "site" / "papers").mkdir(parents=True)
    (root / "site" / "papers" / "polyak1964some.html").write_text("mine")
    result = citeman("build", cwd=root)
    assert result.returncode == 1
    assert result.stderr == (
        "site/papers/polyak1964some.html: is in the way, and citeman did not write it; move it or build elsewhere (`--out DIR`)\n"
    )
    assert (root / "site" / "papers" / "polyak1964some.html").read_text() == "mine"


def test_a_build_after_one_that_was_killed_takes_its_files_for_its_own(citeman: Run, root: Path) -> None:
    site = root / "site"
    site.mkdir()
    (site / ".citeman-pages.part").write_text("index.html\npapers.html\n")
    (site / "index.html").write_text("<!doctype html><title>hal")
    assert citeman("build", cwd=root).returncode == 0
    assert not (site / ".citeman-pages.part").exists()
    assert reading.broken_links(site) == []


@pytest.mark.parametrize("out", [".", "..", "../.."])
def test_the_project_itself_is_no_output_folder(citeman: Run, root: Path, tmp_path: Path, out: str) -> None:
    result = citeman("build", "--out", out, cwd=root)
    assert result.returncode == 1
    assert result.stderr.startswith(f"{out if out != '../..' else tmp_path.parent}: is the project's own folder")


@pytest.mark.parametrize("out", ["refs", ".citeman", ".citeman/pages", ".git", ".git/hooks"])
def test_what_the_project_needs_is_no_output_folder(citeman: Run, root: Path, out: str) -> None:
    before = sorted((root / "refs").iterdir())
    result = citeman("build", "--out", out, cwd=root)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{out}: is the project's own folder")
    assert sorted((root / "refs").iterdir()) == before


def test_out_is_relative_to_the_folder_that_the_command_works_in(citeman: Run, root: Path, tmp_path: Path) -> None:
    result = citeman("-C", "project", "build", "--out", "../pages", cwd=tmp_path)
    assert result.stdout == "pages/index.html\n"
    assert (tmp_path / "pages" / "index.html").exists()
    assert citeman("-C", "project", "build", "--out", "../pages", cwd=tmp_path).stdout == "pages/index.html\n"
    assert citeman("build", "--out", "../pages", "--check", cwd=root).returncode == 0


def test_a_link_in_the_output_folder_leads_no_page_out_of_it(citeman: Run, root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "site").mkdir()
    (root / "site" / "papers").symlink_to(outside)
    result = citeman("build", cwd=root)
    assert result.returncode == 1
    assert result.stderr == "site/papers: is a link that leads out of the output folder; remove it\n"
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("name", ["site", "site/papers", "site/static"])
def test_a_file_where_a_folder_belongs_is_told_in_one_line(citeman: Run, root: Path, name: str) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text("a file")
    result = citeman("build", cwd=root)
    assert result.returncode == 1
    assert result.stderr == f"{name}: stands where a folder of pages belongs; move it or build elsewhere (`--out DIR`)\n"
    assert (root / name).read_text() == "a file"


def test_bytes_that_are_no_text_reach_no_page(citeman: Run, root: Path) -> None:
    with (root / "references.bib").open("ab") as file:
        file.write(b"\n@misc{odd, title = {T\x7f}, author = {A\x7f}, url = {https://x\xa3y.org/a\x7fb}}\n")
    lists = next((root / "refs").glob("*.yaml"))
    lists.write_text(lists.read_text().replace("title: ", 'title: "\\x7f\\uFFFE" # ', 1))
    assert citeman("build", cwd=root).returncode == 0
    texts = [path.read_text() for path in (root / "site").rglob("*.html")]
    assert not [text for text in texts if "\x7f" in text or "\ufffe" in text]
    assert any("https://x%C2%A3y.org/ab" in text for text in texts)


ODD_KEYS = [
    "../../x",
    "con",
    "CON.x",
    ".hidden",
    "_jekyll",
    "Größe2020",
    "cohen2021Gradient",
    "cohen2021gradient",
    "a" * 300,
    "x:y*z?",
    "-",
    "ａ",
]


def test_no_name_leaves_the_output_folder_or_meets_another(citeman: Run, tmp_path: Path) -> None:
    bib = "".join(
        f"@misc{{{key},\n  title = {{Title {number}}},\n  year = {{2020}},\n}}\n" for number, key in enumerate(ODD_KEYS)
    )
    items = "".join(f"      - key: '{key}'\n" for key in ODD_KEYS)
    lists = f"sections:\n  '../../y':\n    title: Up\n    aliases: ['../z', 'nul']\n    reading:\n{items}  'Über/x':\n    reading:\n{items}"
    root = reading.write(tmp_path / "project", bib, lists)
    (root / "refs" / "dynamics.yaml").rename(root / "refs" / "index.yaml")
    before = {path for path in tmp_path.rglob("*") if root / ".citeman" not in path.parents}
    result = citeman("build", cwd=root)
    assert result.returncode == 0, result.stderr
    new = {path for path in tmp_path.rglob("*") if root / ".citeman" not in path.parents} - before
    assert all(path.is_relative_to(root / "site") for path in new if path != root / ".citeman")
    names = [path.relative_to(root / "site").as_posix() for path in new if path.is_file()]
    assert len({name.casefold() for name in names}) == len(names)
    assert len([name for name in names if name.startswith("papers/")]) == len(ODD_KEYS)
    assert all(len(part.encode()) < 200 for name in names for part in name.split("/"))
    assert reading.broken_links(root / "site") == []


def test_a_theme_replaces_one_file_at_a_time(citeman: Run, root: Path) -> None:
    (root / "theme").mkdir()
    (root / "theme" / "style.css").write_text("body { color: teal }")
    (root / "theme" / "redirect.html.j2").write_text("gone to {{ target }}")
    (root / "citeman.toml").write_text('theme = "theme"\n')
    citeman("build", cwd=root)
    assert (root / "site" / "static" / "style.css").read_text() == "body { color: teal }"
    assert (root / "site" / "dynamics" / "eos.html").read_text() == "gone to edge.html"
    assert citeman("build", "--check", cwd=root).returncode == 0
    (root / "theme" / "style.css").write_text("body { color: red }")
    assert citeman("build", "--check", cwd=root).returncode == 1


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ("a\n{% if %}", "theme/redirect.html.j2:2: is no valid template: Expected an expression, got 'end of statement block'\n"),
        ("{{ nothing }}", "theme/redirect.html.j2: cannot be rendered: 'nothing' is undefined\n"),
        ("{% include 'no.j2' %}", "theme/redirect.html.j2: asks for a template 'no.j2' that is not there\n"),
    ],
)
def test_a_mistake_in_a_theme_is_told_in_one_line(citeman: Run, root: Path, template: str, error: str) -> None:
    (root / "theme").mkdir()
    (root / "theme" / "redirect.html.j2").write_text(template)
    (root / "citeman.toml").write_text('theme = "theme"\n')
    result = citeman("build", cwd=root)
    assert (result.returncode, result.stderr) == (1, error)


def test_a_theme_that_is_missing_is_told(citeman: Run, root: Path) -> None:
    (root / "citeman.toml").write_text('theme = "them"\n')
    assert citeman("build", cwd=root).stderr == "citeman.toml: the theme's folder 'them' does not exist\n"


def test_an_empty_project_has_pages_too(citeman: Run, tmp_path: Path) -> None:
    root = reading.write(tmp_path / "project", "", "sections: {}\n", "")
    assert citeman("build", cwd=root).returncode == 0
    assert reading.broken_links(root / "site") == []
