"""The law of building: whatever was built before and whatever became of it, a build leaves what a first one would leave."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeman.commands.build import build
from citeman.errors import CitemanError
from citeman.project import Project
from tests import reading

BIB = (
    "@string{press = {The Press}}\n"
    + reading.BIB
    + r"""
@inproceedings{cohen2021other,
  title = {Another one by the same},
  author = {Cohen, Jeremy and Kaur, Simran and Li, Yuanzhi},
  year = {2021},
  crossref = {meeting2021},
}

@proceedings{meeting2021,
  title = {Proceedings of the Meeting},
  booktitle = {Proceedings of the Meeting},
  publisher = press,
  year = {2021},
}

@book{press1950,
  title = {Said by the press},
  author = {Zed, Ann},
  publisher = press,
  year = {1950},
}
"""
)
SECOND = """guide:
  title: Second
  source: ../second.md
sections:
  one:
    aliases: [dynamics#uno]
    reading:
      - key: cohen2021other
        role: survey
        why: To compare.
        added: 2026-05-06
      - see: dynamics#edge
  two:
    title: Two
    reading:
      - key: press1950
        after: [cohen2021gradient, cohen2021other]
"""
LOCK = """{
"format": 1,
"papers": {
"cohen2021gradient": {"suffix": "%s", "said": {"arxiv": {"identifier": "arXiv:2103.00065", "version": %d,
 "withdrawn": "%s", "published": "2021-02-26T00:00:00Z", "updated": "2022-11-23T00:00:00Z", "fetched": "2026-01-01T00:00:00Z"}}}
}
}
"""
SOURCES = {
    "references.bib": BIB,
    "refs/dynamics.yaml": reading.LISTS,
    "refs/second.yaml": SECOND,
    "guide.md": reading.GUIDE,
    "second.md": "# Second\n\n## One {#one}\n\nCite somebody here. TODO cite\n\n## Two {#two}\n\n## Three {#three}\n",
    "citeman.toml": 'title = "Learning <mechanics>"\n',
}
SETTINGS = (
    'title = "Learning <mechanics>"\n',
    'title = "Other"\nurl = "https://site.example/lists"\n',
    "todo-page = true\n",
    'slug-rule = "github"\n',
    'theme = "theme"\n',
)
THEME = {
    "theme/style.css": "p { color: %s }\n",
    "theme/papers.html.j2": "<p>{{ site.papers|length }} papers, %s</p>{% for paper in papers %}{{ paper.title_html }}{% endfor %}\n",
    "theme/paper.html.j2": "<p>%s {% for one in site.papers %}{{ one.short }}: {{ one.people }}; {% endfor %}</p>\n",
}
Change = Callable[[Path, int], object]


def replaced(name: str, old: str, new: str) -> Change:
    """Return what replaces one place that matches a pattern; of several the number says which."""

    def change(root: Path, number: int) -> None:
        text = read(root / name)
        if found := list(re.finditer(old, text)):
            match = found[number % len(found)]
            (root / name).write_text(text[: match.start()] + match.expand(new.replace("N", str(number))) + text[match.end() :])

    return change


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def moved_entry(root: Path, number: int) -> None:
    """Take an entry to the end of the file."""
    blocks = re.split(r"(?m)^(?=@)", read(root / "references.bib"))
    blocks.append(blocks.pop(number % len(blocks)))
    (root / "references.bib").write_text("".join(blocks))


def without_entry(root: Path, number: int) -> None:
    blocks = re.split(r"(?m)^(?=@)", read(root / "references.bib"))
    del blocks[number % len(blocks)]
    (root / "references.bib").write_text("".join(blocks))


def another_entry(root: Path, number: int) -> None:
    entry = f"\n@misc{{new{number},\n title = {{New}},\n author = {{Cohen, Jeremy and Kaur, Simran and Li, Yuanzhi}},\n year = 2021}}\n"
    (root / "references.bib").write_text(read(root / "references.bib") + entry)


def other_settings(root: Path, number: int) -> None:
    (root / "citeman.toml").write_text(SETTINGS[number % len(SETTINGS)])
    if "theme" in read(root / "citeman.toml"):
        (root / "theme").mkdir(exist_ok=True)


def other_theme(root: Path, number: int) -> None:
    (root / "theme").mkdir(exist_ok=True)
    name = list(THEME)[number % len(THEME)]
    (root / name).write_text(THEME[name].replace("%s", f"word{number}"))
    (root / "citeman.toml").write_text(SETTINGS[-1])


def other_lock(root: Path, number: int) -> None:
    (root / "refs" / "citeman.lock").write_text(LOCK % ("ab"[number % 2], number % 5, "in error" if number % 3 == 0 else ""))


def other_volumes(root: Path, number: int) -> None:
    """Take a guide away, or bring it back."""
    path = root / "refs" / "second.yaml"
    if path.exists():
        path.unlink()
    else:
        path.write_text(SECOND)


def pages(root: Path) -> list[Path]:
    return [path for path in sorted((root / "site").rglob("*")) if path.is_file() and path.name[0] != "."]


def edited_page(root: Path, number: int) -> None:
    if found := pages(root):
        path = found[number % len(found)]
        path.write_text(f"{read(path)}<!-- {number} -->")


def lost_page(root: Path, number: int) -> None:
    if found := pages(root):
        found[number % len(found)].unlink()


def touched_page(root: Path, number: int) -> None:
    if found := pages(root):
        found[number % len(found)].touch()


def kept(root: Path) -> list[Path]:
    """What a build keeps for the next one."""
    return [
        path for path in sorted((root / ".citeman").rglob("*")) if path.is_file() and path.suffix in {".json", ".parsed", ".made"}
    ]


def lost_state(root: Path, number: int) -> None:
    if found := kept(root):
        found[number % len(found)].unlink()


def damaged_state(root: Path, number: int) -> None:
    if found := kept(root):
        path = found[number % len(found)]
        data = path.read_bytes()
        path.write_bytes(
            (data[: len(data) * (number % 7) // 7], b"{}\n", b"[]", b"\x00\xff", b'{"format": 1}\n' + data)[number % 5]
        )


CHANGES: dict[str, Change] = {
    "title": replaced("references.bib", r"title = \{", r"title = {Now N "),
    "year": replaced("references.bib", r"year = \{\d+\}", "year = {19N}"),
    "author": replaced("references.bib", r"author = \{", "author = {Adams, Ann and "),
    "entry type": replaced("references.bib", r"@article", "@misc"),
    "macro": replaced("references.bib", r"\{The Press\}|\{Press N\}", "{Press N}"),
    "key": replaced("references.bib", r"\{(\w+),\n", r"{\1x,\n"),
    "old key": replaced("references.bib", r"\n  year", r"\n  ids = {oldN},\n  year"),
    "parent": replaced("references.bib", "Proceedings of the Meeting", "Proceedings of Meeting N"),
    "same key twice": replaced("references.bib", r"\{(\w+),\n", r"{nesterov1983method,\n"),
    "moved entry": moved_entry,
    "removed entry": without_entry,
    "new entry": another_entry,
    "why": replaced("refs/dynamics.yaml", "why: ", "why: For reason N. "),
    "role": replaced("refs/dynamics.yaml", "role: [a-z]+", "role: survey"),
    "level": replaced("refs/dynamics.yaml", "( +)role: ", r"\1level: advanced\n\1role: "),
    "tier": replaced("refs/dynamics.yaml", "( +)role: ", r"\1tier: further\n\1role: "),
    "added": replaced("refs/dynamics.yaml", r"added: \d{4}", "added: 2027"),
    "listed": replaced("refs/dynamics.yaml", "reading:\n", "reading:\n      - key: press1950\n"),
    "unlisted": replaced("refs/dynamics.yaml", r"      - key: .*\n(        .*\n)*", ""),
    "no list": replaced("refs/dynamics.yaml", r"reading:\n(      .*\n)+", "reading: []\n"),
    "section's title": replaced("refs/dynamics.yaml", r"    title: ", "    title: N "),
    "alias": replaced("refs/second.yaml", r"aliases: \[", "aliases: [aliasN, "),
    "pointer": replaced("refs/second.yaml", "see: .*", "see: two"),
    "guide's title": replaced("refs/second.yaml", "title: Second", "title: Second N"),
    "guide's address": replaced("refs/dynamics.yaml", "url: https://guide.example/", "url: https://guide.example/N"),
    "heading": replaced("guide.md", r"## (.*) \{", r"## N \1 {"),
    "anchor": replaced("guide.md", r"\{#", "{#aN"),
    "prose": replaced("second.md", "Cite somebody here.", "Cite somebody here. N papers."),
    "settings": other_settings,
    "theme": other_theme,
    "lock": other_lock,
    "guides": other_volumes,
    "edited page": edited_page,
    "lost page": lost_page,
    "touched page": touched_page,
    "lost state": lost_state,
    "damaged state": damaged_state,
    "all pages lost": lambda root, _: shutil.rmtree(root / "site", ignore_errors=True),
}


@pytest.fixture(autouse=True)
def short_pages() -> Iterator[None]:
    """Let a few papers fill several pages."""
    with patch("citeman.render.pages.PER_PAGE", 4):
        yield


def write(root: Path) -> Path:
    for name, text in SOURCES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def built(root: Path) -> dict[str, bytes] | str:
    """Build and return the pages, or the error."""
    try:
        build(Project.open(root))
    except CitemanError as error:
        return str(error)
    return reading.files(root / "site")


def built_anew(root: Path, place: Path) -> dict[str, bytes] | str:
    """Build what a first build of the same files makes."""
    shutil.copytree(root, place, ignore=lambda folder, _: [".citeman", "site"] if folder == str(root) else [])
    try:
        return built(place)
    finally:
        shutil.rmtree(place)


@settings(max_examples=40)
@given(st.lists(st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(0, 99)), min_size=1, max_size=3), max_size=5))
def test_a_build_leaves_what_a_first_build_would_leave(rounds: list[list[tuple[str, int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder) / "project")
        assert built(root) == built_anew(root, Path(folder) / "fresh")
        by_hand: set[str] = set()
        for changes in rounds:
            before = reading.files(root / "site")
            for name, number in changes:
                CHANGES[name](root, number)
            now = reading.files(root / "site")
            by_hand |= {path for path, data in now.items() if before.get(path) != data}
            found, wanted = built(root), built_anew(root, Path(folder) / "fresh")
            if isinstance(found, str) or isinstance(wanted, str):
                assert found == wanted
            else:
                # A page that a person changed stays when nobody wants it any more.
                assert {path: data for path, data in found.items() if path in wanted or path not in by_hand} == wanted
                assert build(Project.open(root), check=True).differences == ()


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_check_after_a_change_finds_what_it_finds_without_an_earlier_build(tmp_path: Path, name: str) -> None:
    root = write(tmp_path / "project")
    built(root)
    CHANGES[name](root, 4)
    shutil.copytree(root, tmp_path / "fresh", ignore=shutil.ignore_patterns(".citeman"))
    found = build(Project.open(root), check=True).differences
    assert found == build(Project.open(tmp_path / "fresh"), check=True).differences
