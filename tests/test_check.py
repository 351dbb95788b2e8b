from __future__ import annotations

import json
from pathlib import Path

import pytest

from citeman.checks import rules
from tests import project as sample
from tests.conftest import Run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample.write(tmp_path)


def found(citeman: Run, *arguments: str) -> dict[str, list[tuple[str, int, str]]]:
    """Rule -> (path, line, message) of every finding."""
    result: dict[str, list[tuple[str, int, str]]] = {}
    for finding in json.loads(citeman("check", "--json", *arguments).stdout)["findings"]:
        result.setdefault(finding["rule"], []).append((finding["path"], finding["line"], finding["message"]))
    return result


def test_a_clean_project_exits_0_though_hints_remain(citeman: Run, root: Path) -> None:
    citeman("link", "jacot2018neural", "--section", "deep", "--why", "x", "--role", "result")
    result = citeman("check", "refs")
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr == "nothing found\n"


def test_paths_are_named_from_here_or_from_the_project(citeman: Run, root: Path, tmp_path: Path) -> None:
    lists = root / "refs" / "guide.yaml"
    lists.write_text(sample.LISTS.replace("key: cohen2021gradient", "key: nobody2021"))
    inside = [
        ("refs", root),
        ("./refs/", root),
        (str(lists), root),
        ("guide.yaml", root / "refs"),
        (".", root),
        ("../refs", root / "refs"),
    ]
    for path, folder in [*inside, ("refs/guide.yaml", root / "refs")]:
        assert "list-unknown-key" in citeman("check", path, cwd=folder).stdout, path
    assert "list-unknown-key" not in citeman("check", "references.bib", cwd=root).stdout
    result = citeman("check", "nowhere.md", cwd=root)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "citeman: nowhere.md does not exist; name a file or folder of the project\n"


def test_unknown_keys_are_found_with_a_near_miss_and_their_line(citeman: Run, root: Path) -> None:
    text = sample.LISTS.replace("key: cohen2021gradient", "key: cohen2021gradent\n        after: [nobody]")
    (root / "refs" / "guide.yaml").write_text(text)
    line = text[: text.index("cohen2021gradent")].count("\n") + 1
    path, number, message = found(citeman)["list-unknown-key"][0]
    assert (path, number) == ("refs/guide.yaml", line)
    assert message == "no entry 'cohen2021gradent' in references.bib; did you mean 'cohen2021gradient'?"
    assert len(found(citeman)["list-unknown-key"]) == 2


def test_an_anchor_that_the_guide_lacks_is_found(citeman: Run, root: Path) -> None:
    (root / "guide.md").write_text(sample.GUIDE.replace("## Large steps", "## Big steps"))
    (finding,) = found(citeman)["list-unknown-anchor"]
    assert "no section 'large-steps'" in finding[2]


def test_a_pointer_to_nowhere_is_found_but_another_projects_guide_is_not_judged(citeman: Run, root: Path) -> None:
    lists = root / "refs" / "guide.yaml"
    lists.write_text(f"{sample.LISTS}      - see: wide-netwroks\n")
    assert citeman("link", "--see", "elsewhere#anything", "--section", "eos").returncode == 0
    (finding,) = found(citeman)["list-unknown-pointer"]
    assert "did you mean 'guide#wide-networks'" in finding[2]


def test_missing_text_empty_sections_and_missing_whys(citeman: Run, root: Path) -> None:
    citeman("link", "jacot2018neural", "--section", "eos")
    assert set(found(citeman)) >= {"list-empty-section", "list-missing-why"}
    (root / "guide.md").unlink()
    assert "list-missing-guide" in found(citeman)


WAIVER = '[[tool.citeman.waivers]]\nrule = "{rule}"\ntarget = "{target}"\nreason = "known"\n'


def test_waivers_are_counted_and_an_unused_one_is_a_finding(citeman: Run, root: Path) -> None:
    (root / "citeman.toml").write_text(WAIVER.format(rule="list-empty-section", target="deep-*"))
    result = json.loads(citeman("check", "--json").stdout)
    assert result["waived"] == 1
    assert "list-empty-section" not in {finding["rule"] for finding in result["findings"]}
    (root / "citeman.toml").write_text(WAIVER.format(rule="list-empty-sectoin", target="*"))
    assert "did you mean 'list-empty-section'?" in found(citeman)["waiver-unused"][0][2]


def test_severities_can_be_changed_or_turned_off(citeman: Run, root: Path) -> None:
    (root / "citeman.toml").write_text('[tool.citeman.severities]\nlist-empty-section = "error"\n')
    assert "error: list-empty-section" in citeman("check").stdout
    (root / "citeman.toml").write_text('[tool.citeman.severities]\nlist-empty-section = "off"\n')
    assert "list-empty-section" not in citeman("check").stdout


def test_github_annotations_are_escaped(citeman: Run, root: Path) -> None:
    (root / "refs" / "guide.yaml").write_text(sample.LISTS.replace("key: cohen2021gradient", 'key: "50%,a"'))
    line = next(line for line in citeman("check", "--format", "github").stdout.splitlines() if "list-unknown-key" in line)
    assert line.startswith("::error file=refs/guide.yaml,line=")
    assert "50%25,a" in line


def test_sarif_names_rules_and_places(citeman: Run, root: Path) -> None:
    log = json.loads(citeman("check", "--format", "sarif").stdout)
    (one,) = log["runs"]
    known = {rule["id"] for rule in one["tool"]["driver"]["rules"]}
    assert known == {rule.id for rule in rules()}
    assert all(result["ruleId"] in known and result["locations"] for result in one["results"])


def test_sarif_paths_are_addresses(citeman: Run, root: Path) -> None:
    (root / "refs" / "a guide.yaml").write_text("sections:\n  one:\n    title: One\n")
    (one,) = json.loads(citeman("check", "--format", "sarif").stdout)["runs"]
    places = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in one["results"]}
    assert "refs/a%20guide.yaml" in places


def test_fixes_are_shown_made_and_told(citeman: Run, root: Path) -> None:
    text = sample.BIB.replace("{1806.07572}", "{arXiv:1806.07572}").replace("year = {2018}", "pages = {1-9},\n  year = {2018}")
    (root / "references.bib").write_text(text)
    shown = citeman("check", "--fix", "--dry-run").stdout
    assert "+  pages = {1--9}," in shown
    assert (root / "references.bib").read_text() == text
    assert "2 fixed" in citeman("check", "--fix").stderr
    mended = text.replace("{arXiv:1806.07572}", "{1806.07572}").replace("{1-9}", "{1--9}")
    assert (root / "references.bib").read_text() == mended
    assert "fixed" not in citeman("check", "--fix").stderr


def test_a_waived_finding_is_not_mended(citeman: Run, root: Path) -> None:
    text = sample.BIB.replace("{1806.07572}", "{arXiv:1806.07572}")
    (root / "references.bib").write_text(text)
    (root / "citeman.toml").write_text(WAIVER.format(rule="entry-eprint-form", target="jacot2018neural"))
    citeman("check", "--fix")
    assert (root / "references.bib").read_text() == text


def test_the_report_can_be_narrowed(citeman: Run, root: Path) -> None:
    assert set(found(citeman, "--section", "deep-linear")) == {"list-empty-section"}
    assert found(citeman, "references.bib").get("list-empty-section") is None


def test_rules_are_listed_and_their_ids_are_unique(citeman: Run) -> None:
    listed = json.loads(citeman("check", "--list-rules", "--json").stdout)
    ids = [rule["rule"] for rule in listed]
    assert len(ids) == len(set(ids)) == len(rules())
    assert all(rule["summary"] for rule in listed)


def test_many_hints_of_one_rule_are_cut_for_people_only(citeman: Run, root: Path) -> None:
    (root / "references.bib").write_text(sample.BIB + "".join(f"@misc{{extra{n}, title = {{Title {n}}}}}\n" for n in range(30)))
    result = citeman("check")
    assert result.stdout.count("entry-unlisted") == 20
    assert "10 more hints of entry-unlisted (-v shows them)" in result.stderr
    assert citeman("check", "-v").stdout.count("entry-unlisted") == 30
    assert len(found(citeman)["entry-unlisted"]) == 30
