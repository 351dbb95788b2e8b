"""The house plan: who may import whom, and which room alone may touch the outside."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "citeman"

FLOORS = [
    {"errors", "text"},
    {"model"},
    {"tex"},
    {"names"},
    {"ids"},
    {"bib", "guide", "lists", "lock", "inbox", "config"},
    {"haystack"},
    {"library"},
    {"labels", "likeness"},
    {"draft"},
    {"checks", "merge", "render", "weave", "relink"},
    {"stamp"},
    {"store", "output", "csl", "index", "sources"},
    {"project", "preview"},
    {"commands"},
    {"lsp"},
    {"cli"},
]
FLOOR = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}

ONLY_IN = {
    "bibtexparser": {"bib"},
    "jinja2": {"render"},
    "requests": {"sources"},
    "sqlite_utils": {"index"},
    "sqlite3": {"index"},
    "pathlib": {"store", "index", "sources", "project", "commands", "lsp", "cli"},
}


EXTRA_OF = {"lsp": "lsp", "csl": "csl"}
"""Room -> the optional extra whose libraries it alone may need."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every imported module with its line, those inside functions too, those only for types not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "citeman":
                yield from ((f"citeman.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield node.module, node.lineno


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downward(path: Path) -> None:
    room = room_of(path)
    if room in {"__init__", "__main__"}:
        return
    assert room in FLOOR, f"give the new room {room!r} a floor in FLOORS"
    for name, line in imports(path):
        if name.startswith("citeman."):
            other = name.split(".")[1]
            if other == "__version__":
                continue
            assert other == room or FLOOR[other] < FLOOR[room], f"{path}:{line}: {room} must not import {other}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_outside_is_touched_in_one_room(path: Path) -> None:
    room = room_of(path)
    for name, line in imports(path):
        allowed = ONLY_IN.get(name.split(".")[0])
        assert not allowed or room in allowed | {"__init__"}, f"{path}:{line}: {name} belongs to {allowed}"


def test_every_outside_library_is_declared_and_every_declared_one_is_used() -> None:
    """What only happens to be installed here would be missing on a fresh machine."""
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = _distributions(project["dependencies"])
    homes = importlib.metadata.packages_distributions()
    used: set[str] = set()
    for path in modules():
        names = {name.split(".")[0] for name, _ in imports(path)} - sys.stdlib_module_names - {"citeman"}
        found = {_normal(homes.get(name, [name])[0]) for name in names}
        used |= found
        allowed = declared | _distributions(extras.get(EXTRA_OF.get(room_of(path), ""), []))
        assert found <= allowed, f"{path} needs {found - allowed}: declare it in pyproject.toml"
    assert declared <= used, f"nothing imports {declared - used}"


def _distributions(requirements: Iterable[str]) -> set[str]:
    return {_normal(re.split(r"[^\w.-]", requirement)[0]) for requirement in requirements}


def _normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_modules_open_with_a_sentence_and_stay_short() -> None:
    for path in modules():
        source = path.read_text(encoding="utf-8")
        lines = source.count("\n")
        assert lines <= 400, f"{path} has {lines} lines: split it into a folder of the same name"
        assert not source.strip() or ast.get_docstring(ast.parse(source)), f"{path} does not say what it owns"


def test_functions_stay_small() -> None:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 60, f"{path}:{node.lineno}: {node.name} has {length} lines"
