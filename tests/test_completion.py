"""Shell completion: what is offered for an unfinished command line, and that the scripts carry it into the shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from citeman import lists
from citeman.cli import VERBS, complete, parser_of
from citeman.cli.complete import KIND_OF_METAVAR, OPTIONS, POSITIONALS, answers, split
from citeman.cli.completion import SCRIPTS
from tests.conftest import Run

LISTS = (
    "sections:\n  the-edge:\n    title: The edge\n    aliases: [eos]\n    reading:\n      - {key: cohen2021edge, role: survey}\n"
)
BIB = "@misc{cohen2021edge, title = {Edges}}\n@misc{cohen2022more, title = {More}}\n@misc{lee1998ntk, title = {Kernels}}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "refs").mkdir()
    (tmp_path / "references.bib").write_text(BIB, encoding="utf-8")
    (tmp_path / "refs" / "guide.yaml").write_text(LISTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def offered(line: str) -> list[str]:
    return [value for value, _ in answers(line, VERBS)]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("citeman sea", ["search"]),
        ("citeman --verb", ["--verbose"]),
        ("citeman show cohen", ["cohen2021edge", "cohen2022more"]),
        ("citeman -q show lee", ["lee1998ntk"]),
        ("citeman show nobody", []),
        ("citeman link lee1998ntk --section e", ["eos"]),
        ("citeman link lee1998ntk --section=the", ["--section=the-edge"]),
        ("citeman link lee1998ntk -s ", ["eos", "the-edge"]),
        ("citeman link lee1998ntk --role su", ["survey"]),
        ("citeman link lee1998ntk --level i", ["intro"]),
        ("citeman link lee1998ntk --before coh", ["cohen2021edge", "cohen2022more"]),
        ("citeman link lee1998ntk --sec", ["--section"]),
        ("citeman search sec", ["section:"]),
        ("citeman search section:e", ["section:eos"]),
        ("citeman search -role:sur", ["-role:survey"]),
        ("citeman search type:", ["type:misc"]),
        ("citeman search x --sort ye", ["year"]),
        ("citeman list --key", ["--keys"]),
        ("citeman completion z", ["zsh"]),
        ("citeman nonsense ", []),
        ("citeman link --title ", []),
        ("citeman link --why 'unfinished ", []),
    ],
)
def test_offers_what_fits(project: Path, line: str, values: list[str]) -> None:
    assert offered(line) == values


def test_every_verb_is_offered_with_what_it_is_for(project: Path) -> None:
    assert dict(answers("citeman ", VERBS)) == VERBS


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("citeman ", ["citeman", ""]),
        ("citeman show a", ["citeman", "show", "a"]),
        ("citeman link 'a b' c\\ d", ["citeman", "link", "a b", "c d"]),
        ('citeman search "edge of', ["citeman", "search", "edge of"]),
        ("citeman -C '' ", ["citeman", "-C", "", ""]),
    ],
)
def test_splits_an_unfinished_line_as_a_shell_does(line: str, words: list[str]) -> None:
    assert split(line) == words


def test_too_many_keys_become_the_beginnings_that_they_share(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(complete, "LIMIT", 2)
    assert offered("citeman show ") == ["c", "l"]
    monkeypatch.setattr(complete, "LIMIT", 1)
    assert offered("citeman show c") == ["cohen2021", "cohen2022"]


def test_the_folder_of_another_project_counts(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert offered(f"citeman -C {project} show lee") == ["lee1998ntk"]
    assert offered("citeman show lee -C " + str(project) + " cohen2021") == ["cohen2021edge"]


def test_an_edit_is_seen_by_the_next_completion(project: Path) -> None:
    assert offered("citeman show new") == []
    (project / "references.bib").write_text(BIB + "@misc{new2026, title = {New}}\n", encoding="utf-8")
    assert offered("citeman show new") == ["new2026"]


def test_where_there_is_no_project_the_shell_hears_nothing(citeman: Run, tmp_path: Path) -> None:
    done = citeman("__complete", "bash", "citeman show ")
    assert (done.stdout, done.stderr) == ("", "")


def test_remarks_go_to_the_shells_that_show_them(citeman: Run, project: Path) -> None:
    assert citeman("__complete", "bash", "citeman show lee").stdout == "lee1998ntk\n"
    assert citeman("__complete", "fish", "citeman show lee").stdout == "lee1998ntk\tKernels\n"


def _arguments() -> Iterator[tuple[str, str, str, bool]]:
    """Verb, option (empty for a positional), placeholder, and whether its values are chosen from a few."""
    for verb in VERBS:
        for action in parser_of(verb)._actions:
            if action.nargs != 0:
                yield (
                    verb,
                    action.option_strings[-1] if action.option_strings else "",
                    str(action.metavar or ""),
                    bool(action.choices),
                )


def _helps() -> Iterator[tuple[str, str]]:
    for action in parser_of("export")._actions:
        yield from ((option, action.help or "") for option in action.option_strings)


def test_the_short_cuts_agree_with_the_parsers() -> None:
    words = {verb: KIND_OF_METAVAR.get(metavar, "") for verb, option, metavar, _ in reversed(list(_arguments())) if not option}
    for verb, kind in POSITIONALS.items():
        assert words.get(verb, kind) in (kind, "query"), f"{verb} takes {words[verb]}"
    for verb, option, metavar, choices in _arguments():
        if option in OPTIONS and not choices:
            assert KIND_OF_METAVAR.get(metavar) == OPTIONS[option], f"{verb} {option} {metavar}"
    assert complete.ROLES == lists.ROLES
    assert complete.LEVELS == lists.LEVELS
    assert all(form in dict(_helps())["--format"] for form in complete.FORMS)


@pytest.mark.parametrize("shell", sorted(SCRIPTS))
def test_the_script_is_one_that_its_shell_reads(citeman: Run, project: Path, shell: str) -> None:
    script = citeman("completion", shell).stdout
    assert "citeman __complete" in script
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    assert subprocess.run([shell, "-n"], input=script, text=True, capture_output=True, check=False).stderr == ""


def test_bash_completes_keys_sections_and_words_with_colons(citeman: Run, project: Path) -> None:
    if not shutil.which("bash"):
        pytest.skip("no bash here")
    (project / "references.bib").write_text(BIB + "@misc{DBLP:conf/x/1, title = {X}}\n", encoding="utf-8")
    wrapper = project / "citeman"
    wrapper.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m citeman "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    program = f"""{citeman("completion", "bash").stdout}
compopt() {{ :; }}
for COMP_LINE in 'citeman show lee' 'citeman show DBLP:co' 'citeman search section:e' 'citeman link x --role su'; do
    COMP_POINT=${{#COMP_LINE}}; _citeman; echo "${{COMPREPLY[*]}}"
done"""
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "PATH": f"{project}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(["bash", "-c", program], cwd=project, env=environment, text=True, capture_output=True, check=True)
    assert done.stdout.splitlines() == ["lee1998ntk", "conf/x/1", "eos", "survey"]
