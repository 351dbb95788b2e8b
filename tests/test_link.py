from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest

from tests import project as sample
from tests.conftest import Run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def lists(root: Path) -> str:
    return (root / "refs" / "guide.yaml").read_text()


def changed_lines(before: str, after: str) -> list[str]:
    diff = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in diff if line[0] in "+-" and not line.startswith(("+++", "---"))]


def test_link_touches_only_its_own_lines_and_unlink_takes_them_back(citeman: Run, root: Path) -> None:
    result = citeman("link", "jacot2018neural", "--section", "eos", "--role", "background", "--why", "The wide limit: no edge.")
    assert (result.returncode, result.stdout, result.stderr) == (0, "listed jacot2018neural in guide#large-steps\n", "")
    changed = changed_lines(sample.LISTS, lists(root))
    assert changed[0] == "+      - key: jacot2018neural"
    assert '+        why: "The wide limit: no edge."' in changed or "+        why: 'The wide limit: no edge.'" in changed
    assert all(line.startswith("+") for line in changed)
    assert citeman("unlink", "jacot2018neural", "--section", "eos").stdout == "took jacot2018neural out of guide#large-steps\n"
    assert lists(root) == sample.LISTS


def test_unlink_takes_out_what_a_list_holds_twice(citeman: Run, root: Path) -> None:
    text = "sections:\n  large-steps:\n    reading: [{key: jacot2018neural}, {key: cohen2021gradient}, {key: jacot2018neural}]\n"
    path = root / "refs" / "guide.yaml"
    path.write_text(f"{text}  wide-networks:\n  large-steps:\n    reading:\n      - key: jacot2018neural\n      - key: a2000\n")
    assert citeman("unlink", "jacot2018neural").stdout == "took jacot2018neural out of guide#large-steps\n"
    assert path.read_text() == (
        "sections:\n  large-steps:\n    reading: [{key: cohen2021gradient}]\n"
        "  wide-networks:\n  large-steps:\n    reading:\n      - key: a2000\n"
    )


def test_linking_twice_changes_nothing(citeman: Run, root: Path) -> None:
    result = citeman("link", "cohen2021gradient", "--section", "eos")
    assert (result.returncode, result.stdout) == (0, "guide#large-steps lists cohen2021gradient already\n")
    assert lists(root) == sample.LISTS


def test_a_section_without_a_list_gets_one_in_the_guides_order(citeman: Run, root: Path) -> None:
    assert citeman("link", "jacot2018neural", "--section", "Deep linear networks").returncode == 0
    assert citeman("link", "jacot2018neural", "--section", "tell of real").returncode == 0
    assert citeman("check").stdout.count("list-unknown-anchor") == 0
    places = json.loads(citeman("show", "jacot2018neural", "--json").stdout)["sections"]
    anchors = [place["section"] for place in places]
    assert anchors[:2] == ["wide-networks", "deep-linear-networks"]
    assert len(anchors) == 3
    assert "tell-of-real-networks" in anchors[2]


def test_the_place_in_the_order_is_the_authors_to_say(citeman: Run, root: Path) -> None:
    citeman("link", "cohen2021gradient", "--section", "ntk", "--before", "jacot2018neural")
    assert lists(root).index("cohen2021gradient") < lists(root).index("jacot2018neural")
    citeman("unlink", "cohen2021gradient", "--section", "ntk")
    citeman("link", "cohen2021gradient", "--section", "ntk", "--after", "jacot2018neural")
    text = lists(root)
    assert text.index("jacot2018neural") < text.index("cohen2021gradient") < text.index("cues:")


def test_pages_and_pointers_can_be_listed(citeman: Run, root: Path) -> None:
    page = ("--url", "https://example.org/demo", "--title", "A demo", "--kind", "widget")
    assert citeman("link", *page, "--section", "eos").stdout == "listed https://example.org/demo in guide#large-steps\n"
    assert citeman("link", "--see", "wide-networks", "--section", "eos", "--why", "Same story.").returncode == 0
    assert "see: wide-networks" in lists(root)
    assert citeman("unlink", "see:wide-networks").stdout == "took see:wide-networks out of guide#large-steps\n"
    assert citeman("link", "--see", "ntk", "--section", "eos").stdout == "listed see:wide-networks in guide#large-steps\n"
    assert citeman("link", "--see", "elsewhere#ntk", "--section", "eos").returncode == 0
    assert "see: elsewhere#ntk" in lists(root)


def test_a_paper_settles_a_cue(citeman: Run, root: Path) -> None:
    assert citeman("link", "cohen2021gradient", "--section", "ntk", "--settles", "newer work").returncode == 0
    assert "settled-by: [cohen2021gradient]" in lists(root)
    result = citeman("link", "cohen2021gradient", "--section", "eos", "--settles", "no such words")
    assert (result.returncode, result.stderr) == (2, "citeman: no cue with 'no such words' in large-steps\n")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["jacot2018nerual", "-s", "eos"],
            2,
            "citeman: no entry 'jacot2018nerual' in references.bib; did you mean 'jacot2018neural'?\n",
        ),
        (["jacot2018neural", "-s", "eso"], 2, "citeman: no section 'eso'; did you mean 'eos'?\n"),
        (
            ["jacot2018neural", "-s", "networks"],
            2,
            "citeman: section 'networks' is ambiguous: wide-networks, deep-linear-networks; ",
        ),
        (["jacot2018neural", "-s", "eos", "--role", "fundation"], 2, "citeman: --role 'fundation' is none of foundation, "),
        (["-s", "eos"], 2, "citeman: give just one of KEY, --url and --see\n"),
        (["--url", "https://example.org", "-s", "eos"], 2, "citeman: --url needs --title and --kind\n"),
        (
            ["--url", "javascript:alert(1)", "--title", "T", "--kind", "talk", "-s", "eos"],
            2,
            "citeman: --url 'javascript:alert(1)' is no address that a page can lead to; begin it with https://\n",
        ),
        (
            ["--see", "wide-netwroks", "-s", "eos"],
            2,
            "citeman: no section 'wide-netwroks'; did you mean 'wide-networks' or ",
        ),
        (["jacot2018neural", "-s", "eos", "--read-after", "nobody"], 2, "citeman: no entry 'nobody' in references.bib; "),
        (["--see", "guide#large-steps", "-s", "eos"], 2, "citeman: section 'large-steps' cannot point to itself\n"),
        (["--see", "eos", "-s", "large-steps"], 2, "citeman: section 'large-steps' cannot point to itself\n"),
        (
            ["--see", "networks", "-s", "eos"],
            2,
            "citeman: section 'networks' is ambiguous: wide-networks, deep-linear-networks; ",
        ),
        (
            ["JACOT2018NEURAL", "-s", "eos"],
            2,
            "citeman: no entry 'JACOT2018NEURAL' in references.bib; did you mean 'jacot2018neural'?\n",
        ),
        (
            ["jacot2018neural", "-s", "eos", "--read-after", "jacot2018neural"],
            2,
            "citeman: nobody can read 'jacot2018neural' after itself\n",
        ),
        (
            ["jacot2018neural", "-s", "eos", "--before", "cohen2021"],
            2,
            "citeman: guide#large-steps lists no 'cohen2021'; did you mean 'cohen2021gradient'?\n",
        ),
        (["jacot2018neural", "-s", "ntk", "--after", "nobody"], 2, "citeman: guide#wide-networks lists no 'nobody'\n"),
        (
            ["jacot2018neural", "-s", "deep-linear-networks", "--after", "nobody"],
            2,
            "citeman: guide#deep-linear-networks lists no ",
        ),
    ],
)
def test_wrong_input_is_one_line_and_changes_nothing(
    citeman: Run, root: Path, arguments: list[str], code: int, message: str
) -> None:
    result = citeman("link", *arguments)
    assert result.returncode == code
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1
    assert lists(root) == sample.LISTS


@pytest.mark.parametrize("key", ["../../x", "müller2000"])
def test_a_key_that_no_list_can_name_is_to_be_renamed(citeman: Run, root: Path, key: str) -> None:
    bib = root / "references.bib"
    bib.write_text(f"{sample.BIB}\n@misc{{{key}, title = {{T}}, author = {{A, B}}, year = 2000}}\n")
    result = citeman("link", key, "-s", "eos")
    line = sample.BIB.count("\n") + 2
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"references.bib:{line}: a list cannot name the key {key!r}; give it another (`citeman rename`)\n"
    assert lists(root) == sample.LISTS
    assert citeman("rename", key, "new2000").returncode == 0
    assert citeman("link", "new2000", "-s", "eos").returncode == 0


def test_sections_of_two_guides_are_told_apart(citeman: Run, root: Path) -> None:
    (root / "refs" / "other.yaml").write_text("sections:\n  large-steps:\n    title: Large steps\n")
    result = citeman("link", "jacot2018neural", "-s", "large-steps")
    ambiguous = "section 'large-steps' is ambiguous: guide#large-steps, other#large-steps; give more of it"
    assert (result.returncode, result.stderr) == (2, f"citeman: {ambiguous}\n")
    assert citeman("link", "jacot2018neural", "-s", "other#large-steps").returncode == 0


def test_a_woven_pointer_names_the_section_of_its_own_guide(citeman: Run, root: Path) -> None:
    (root / "refs" / "aaa.yaml").write_text("sections:\n  wide-networks:\n    title: Another guide's\n")
    citeman("link", "--see", "wide-networks", "-s", "eos")
    assert citeman("weave", "guide").returncode == 0
    woven = (root / "guide.md").read_text()
    assert "- See also [Wide networks](<#wide-networks>).\n" in woven
    assert "Another guide" not in woven


@pytest.mark.parametrize(
    ("style", "pointer", "page"),
    [
        ([], "- See also [Wide networks](<#wide-networks>). Same story.", "- Widget: [A \\[demo\\]](<https://example.org/d>)."),
        (
            ["--shape", "table"],
            "| See also | [Wide networks](<#wide-networks>) | Same story. |",
            "| Widget: | [A \\[demo\\]](<https://example.org/d>) |  |",
        ),
        (
            ["--html"],
            '<li>See also <a href="#wide-networks">Wide networks</a>. Same story.</li>',
            '<li>Widget: <a href="https://example.org/d">A &#91;demo&#93;</a>.</li>',
        ),
        (
            ["--html", "--shape", "paragraph"],
            'See also <a href="#wide-networks">Wide networks</a>.',
            'Widget: <a href="https://example.org/d">A &#91;demo&#93;</a>.',
        ),
    ],
)
def test_of_a_pointer_and_a_page_the_title_is_the_link(
    citeman: Run, root: Path, style: list[str], pointer: str, page: str
) -> None:
    citeman("link", "--see", "wide-networks", "-s", "eos", "--why", "Same story.")
    citeman("link", "--url", "https://example.org/d", "--title", "A [demo]", "--kind", "widget", "-s", "eos")
    assert citeman("weave", *style).returncode == 0
    lines = (root / "guide.md").read_text().splitlines()
    assert pointer in lines
    assert page in lines


def test_dry_run_shows_the_diff_and_writes_nothing(citeman: Run, root: Path) -> None:
    result = citeman("link", "jacot2018neural", "--section", "eos", "--dry-run")
    assert "+++ b/refs/guide.yaml" in result.stdout
    assert "+      - key: jacot2018neural" in result.stdout
    assert lists(root) == sample.LISTS


def test_json(citeman: Run, root: Path) -> None:
    result = json.loads(citeman("link", "jacot2018neural", "-s", "eos", "-s", "ntk", "--json").stdout)
    assert result == {"item": "jacot2018neural", "linked": ["guide#large-steps"], "existing": ["guide#wide-networks"]}


def test_windows_line_ends_stay(citeman: Run, root: Path) -> None:
    path = root / "refs" / "guide.yaml"
    path.write_bytes(sample.LISTS.replace("\n", "\r\n").encode())
    citeman("link", "jacot2018neural", "--section", "eos")
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > sample.LISTS.count("\n")


def test_show_tells_where_a_paper_is_read(citeman: Run, root: Path) -> None:
    result = citeman("show", "jacot2018neural")
    assert result.returncode == 0
    assert "arXiv:1806.07572" in result.stdout
    assert "read in guide#wide-networks (foundation)\n  Names the kernel.\n" in result.stdout
    assert "references.bib:2\n@inproceedings{jacot2018neural," in result.stdout


def test_show_of_an_unknown_key_names_the_near_miss(citeman: Run, root: Path) -> None:
    result = citeman("show", "cohen2021gradent")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "citeman: no entry 'cohen2021gradent' in references.bib; did you mean 'cohen2021gradient'?\n"


def test_a_cue_of_the_text_alone_is_noted_as_settled(citeman: Run, root: Path) -> None:
    (root / "refs" / "guide.yaml").write_text(
        sample.LISTS[: sample.LISTS.index("    cues:")] + sample.LISTS[sample.LISTS.index("  large-steps") :]
    )
    assert citeman("link", "cohen2021gradient", "--section", "ntk", "--settles", "newer work").returncode == 0
    assert "settled-by: [cohen2021gradient]" in lists(root)
    assert citeman("todo").stdout.startswith("cues: 0 open, 1 settled\n")
