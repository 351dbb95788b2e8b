"""`citeman search` and `citeman list`, as a person and a program call them."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from citeman.cli import VERBS, arguments, quick
from citeman.cli.search import prepare
from tests.conftest import Run

BIB = r"""@string{jml = {Journal of Made-up Learning}}
@article{cohen2021edge, author = {Cohen, Jeremy and M{\"u}ller, J{\"o}rg}, title = {Edges of {SGD}}, journal = jml, year = 2021}
@misc{lee1998ntk, author = {Lee, Ada}, title = {Kernels before breakfast}, year = {1998}, doi = {10.9999/K}}
@misc{wang2020深, author = {王, 伟}, title = {深度学习的边缘}, year = {2020}}
"""
LISTS = """sections:
  edge:
    title: The edge
    aliases: [eos]
    reading:
      - {key: lee1998ntk, role: survey, why: Slow but sure.}
      - {key: cohen2021edge, role: foundation, why: Named it.}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "refs").mkdir()
    (tmp_path / "references.bib").write_text(BIB, encoding="utf-8")
    (tmp_path / "refs" / "guide.yaml").write_text(LISTS, encoding="utf-8")
    return tmp_path


def test_prints_a_row_for_each_paper(citeman: Run, project: Path) -> None:
    done = citeman("search", "edges", "author:müller")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["cohen2021edge", "2021", "Cohen", "and", "Müller", "edge", "Edges", "of", "SGD"]


def test_json_is_the_documented_shape(citeman: Run, project: Path) -> None:
    done = citeman("search", "edges", "--json")
    (paper,) = json.loads(done.stdout)
    expected = {
        "key": "cohen2021edge",
        "title": "Edges of SGD",
        "authors": ["Jeremy Cohen", "Jörg Müller"],
        "year": 2021,
        "sections": ["edge"],
        "places": ["guide#edge"],
    }
    assert paper == paper | expected


def test_keys_and_bibtex_can_be_piped(citeman: Run, project: Path) -> None:
    assert citeman("search", "--keys", "edges").stdout == "cohen2021edge\n"
    printed = citeman("search", "edges", "--bib").stdout
    assert printed == "\n\n".join([BIB.splitlines()[0], BIB.splitlines()[1]]) + "\n"


def test_bibtex_comes_with_what_it_needs(citeman: Run, project: Path) -> None:
    macros = '@string{a = "A"}\n@string{b = a # " B"}\n@string{c = "C"}\n'
    parent = "@proceedings{p, title = b}"
    child = "@inproceedings{part, crossref = {p}, title = {Part}}"
    (project / "references.bib").write_text(f"{macros}{parent}\n{child}\n", encoding="utf-8")
    printed = citeman("search", "part", "--bib").stdout
    assert printed == "\n\n".join(["@string{b = {A B}}", child, parent]) + "\n"


def test_a_mistyped_word_finds_the_nearest(citeman: Run, project: Path) -> None:
    done = citeman("search", "brekfast", "--keys")
    assert done.stdout == "lee1998ntk\n"
    assert done.stderr == "nothing matches 'brekfast'; did you mean 'breakfast'?\n"
    assert citeman("search", "author:mueler", "-q").stdout.startswith("cohen2021edge")


def test_finding_nothing_is_no_failure(citeman: Run, project: Path) -> None:
    done = citeman("search", "zzzzzz", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    assert citeman("search", "zzzzzz").stderr == "no paper found\n"


@pytest.mark.parametrize(
    ("query", "remark"),
    [
        ("section:eoss", "no section 'eoss'; did you mean 'eos'?"),
        ("role:survy", "no role 'survy'; did you mean 'survey'?"),
        ("type:artcle", "no type 'artcle'; did you mean 'article'?"),
        ("guide:gide", "no guide 'gide'; did you mean 'guide'?"),
    ],
)
def test_what_does_not_exist_is_told_with_what_does(citeman: Run, project: Path, query: str, remark: str) -> None:
    assert citeman("search", query).stderr.splitlines()[0] == remark


def test_a_filter_that_is_misspelt_is_told_and_searched_for_as_words(citeman: Run, project: Path) -> None:
    done = citeman("search", "yeer:2020", "--json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "no filter 'yeer'; did you mean 'year'?\n")
    assert citeman("search", "Autor:cohen").stderr.splitlines()[0] == "no filter 'autor'; did you mean 'author'?"
    with (project / "references.bib").open("a", encoding="utf-8") as file:
        file.write("\n@misc{tile, title = {Titel:coding}, year = 2020}\n")
    done = citeman("search", "titel:coding", "--keys")
    assert (done.stdout, done.stderr) == ("tile\n", "no filter 'titel'; did you mean 'title'?\n")


@pytest.mark.parametrize(
    "query", ["arXiv:2103.00065", "doi:10.1/x", "https://a.org", "note:x", 'title:"yeer: x"', "pmid:1", "key:a"]
)
def test_what_is_nothing_like_a_filter_is_no_mistake(citeman: Run, project: Path, query: str) -> None:
    assert "no filter" not in citeman("search", query).stderr


def test_a_year_that_is_none_is_a_mistake(citeman: Run, project: Path) -> None:
    done = citeman("search", "year:recent")
    assert done.returncode == 2
    assert done.stderr.startswith("citeman: 'year:recent' is no year; write year:2019")


@pytest.mark.parametrize("query", ['"', "*", "NEAR(", 'a" OR "b', "(", "^x", "{title}:", "col:", "-"])
def test_the_syntax_of_the_database_is_plain_text(citeman: Run, project: Path, query: str) -> None:
    done = citeman("search", "--keys", "--", query)
    assert (done.returncode, done.stdout) == (0, "")


def test_words_with_a_minus_may_stand_anywhere(citeman: Run, project: Path) -> None:
    assert citeman("search", "-edges", "--keys", "-has:section").stdout == "wang2020深\n"
    assert citeman("search", "--keys", "-n1", "-edges").stdout == "lee1998ntk\n"


def test_options_and_words_are_told_apart() -> None:
    assert prepare(["-survey", "a", "-n", "5", "--sort", "year", "-n3", "-q", "--", "-x", "--json"]) == [
        *("-n", "5", "--sort", "year", "-n3", "-q", "--"),
        *("-survey", "a", "-x", "--json"),
    ]


def test_words_of_scripts_without_blanks_are_found(citeman: Run, project: Path) -> None:
    assert citeman("search", "学习", "--keys").stdout == "wang2020深\n"


def test_list_goes_in_reading_order(citeman: Run, project: Path) -> None:
    assert citeman("list", "--keys").stdout.split() == ["lee1998ntk", "cohen2021edge", "wang2020深"]
    assert citeman("list", "--keys", "--sort", "year").stdout.split() == ["cohen2021edge", "wang2020深", "lee1998ntk"]
    assert citeman("list", "--keys", "role:foundation").stdout.split() == ["cohen2021edge"]


def test_a_long_table_says_how_many_more_there_are(citeman: Run, project: Path) -> None:
    done = citeman("list", "-n", "1")
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == "2 more; `--limit 0` shows all\n"


def test_an_edit_by_hand_is_seen_by_the_next_command(citeman: Run, project: Path) -> None:
    assert citeman("search", "edges", "--keys").stdout == "cohen2021edge\n"
    bibliography = project / "references.bib"
    times = os.stat(bibliography)
    bibliography.write_text(BIB.replace("Edges of", "Ridges o"), encoding="utf-8")
    os.utime(bibliography, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert citeman("search", "ridges", "--keys").stdout == "cohen2021edge\n"


def test_works_from_a_folder_inside_and_with_a_directory(citeman: Run, project: Path) -> None:
    inside = project / "a" / "b"
    inside.mkdir(parents=True)
    assert citeman("search", "edges", "--keys").stdout == "cohen2021edge\n"
    assert citeman("search", "edges", "--keys", cwd=inside).stdout == "cohen2021edge\n"
    assert citeman("-C", str(project), "search", "edges", "--keys", cwd=inside).stdout == "cohen2021edge\n"


def test_the_nearest_project_counts(citeman: Run, project: Path) -> None:
    citeman("search", "edges")
    inside = project / "sub"
    inside.mkdir()
    (inside / "references.bib").write_text("@misc{inner, title = {Edges too}}", encoding="utf-8")
    assert citeman("search", "edges", "--keys", cwd=inside).stdout == "inner\n"


@pytest.fixture
def read_only(project: Path) -> Iterator[Path]:
    project.chmod(stat.S_IRUSR | stat.S_IXUSR)
    yield project
    project.chmod(stat.S_IRWXU)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="whoever runs this may write everywhere")
def test_a_read_only_folder_is_searched_without_an_index(citeman: Run, read_only: Path) -> None:
    assert citeman("search", "edges", "--keys").stdout == "cohen2021edge\n"


def test_where_no_index_can_be_written_the_search_works_and_says_so_once(citeman: Run, project: Path) -> None:
    (project / ".citeman").write_text("in the way", encoding="utf-8")
    done = citeman("search", "edges", "--keys")
    assert (done.stdout, done.stderr) == ("cohen2021edge\n", "")
    done = citeman("search", "edges", "--keys", "-v")
    assert done.stdout == "cohen2021edge\n"
    assert done.stderr.count("no index is kept, this search read every file: ") == 1


def test_a_list_that_cannot_be_read_is_told_and_the_rest_is_searched(citeman: Run, project: Path) -> None:
    (project / "refs" / "guide.yaml").write_text("sections: [", encoding="utf-8")
    done = citeman("search", "edges", "--keys")
    assert (done.returncode, done.stdout) == (1, "cohen2021edge\n")
    assert done.stderr.startswith("refs/guide.yaml:1: ")


def test_without_a_terminal_interactive_search_prints_the_table(citeman: Run, project: Path) -> None:
    assert citeman("search", "-i", "edges").stdout.startswith("cohen2021edge")


def test_outside_of_a_project_there_is_one_line(citeman: Run, tmp_path: Path) -> None:
    done = citeman("search", "x")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


def test_a_search_imports_nothing_heavy(project: Path, citeman: Run) -> None:
    citeman("search", "edges")
    loaded = "import sys; sys.argv = ['citeman', 'search', 'edges']; from citeman.cli import main; main(); print(*sys.modules)"
    environment = {"PYTHONPATH": str(Path(__file__).parents[1])}
    import subprocess

    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=project, env=environment, capture_output=True, text=True, check=True
    )
    heavy = {
        "bibtexparser",
        "sqlite_utils",
        "yaml",
        "requests",
        "jinja2",
        "rich",
        "prompt_toolkit",
        "dataclasses",
        "pathlib",
        "tomllib",
    }
    assert heavy & set(done.stdout.split()) == set()


def test_the_table_fits_the_terminal(project: Path) -> None:
    from citeman.cli.console import width_of
    from tests.terminal import output_in_terminal

    shown = output_in_terminal(["search", "的"], project, columns=60)
    assert shown.splitlines()[0].startswith("wang2020深")
    assert width_of(shown.splitlines()[0]) <= 60


@pytest.mark.parametrize("line", [["search", "breakfast"], ["list"], ["__complete", "bash", "citeman cite "]])
def test_nothing_of_a_search_stays_beside_the_index(project: Path, line: list[str]) -> None:
    result = subprocess.run([sys.executable, "-m", "citeman", *line], cwd=project, capture_output=True, text=True, check=True)
    assert "lee1998ntk" in result.stdout
    assert not list((project / ".citeman").glob("index.db-*"))


def test_a_paper_is_picked_while_typing(project: Path) -> None:
    from tests.terminal import output_in_terminal

    shown = output_in_terminal(["search", "-i"], project, typed=["breakf", "\r"])
    assert shown.rstrip().endswith("[@lee1998ntk]")


@pytest.mark.parametrize(
    "line",
    [
        "search a b",
        "search",
        "list",
        "list section:eos --sort year --limit 5",
        "search a --json -n 3 b -q",
        "search --keys -C elsewhere x",
        "list --bib",
        "-q -C elsewhere search a",
        "build",
        "-C elsewhere build --check -q",
        "build -o there --json --fragment",
    ],
)
def test_a_plain_command_line_is_read_as_argparse_reads_it(line: str) -> None:
    quickly = quick.parse(line.split())
    assert quickly
    module, slowly = arguments.parse(line.split(), VERBS)
    assert module.__name__ == f"citeman.cli.{quickly[0]}"
    assert vars(quickly[1]) == vars(slowly)


@pytest.mark.parametrize(
    "line",
    [
        "search -x",
        "search --help",
        "search -n",
        "search -n x",
        "search --sort best",
        "search --json --keys",
        "list -v",
        "show a",
        "search -i",
        "search --",
        "--keys search",
        "-o there build",
        "build --limit 3",
        "build -o",
        "build -o -q",
        "build here",
        "-C elsewhere",
        "-q",
        "",
    ],
)
def test_any_other_command_line_is_for_argparse(line: str) -> None:
    assert quick.parse(line.split()) is None
