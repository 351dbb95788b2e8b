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
    {"errors", "named"},
    {"text"},
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
    {"stamp", "locking", "copies"},
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
    "pickle": {"copies"},
    "pathlib": {"store", "index", "sources", "project", "commands", "lsp", "cli"},
    # of the standard library, what reaches out of the program
    "errno": {"store"},
    "fcntl": {"locking"},
    "gc": {"cli"},
    "glob": {"commands"},
    "http": {"preview"},
    "os": {
        "render",
        "stamp",
        "locking",
        "copies",
        "store",
        "output",
        "csl",
        "index",
        "sources",
        "project",
        "commands",
        "lsp",
        "cli",
    },
    "pkgutil": {"render"},
    "shutil": {"csl", "cli"},
    "stat": {"store"},
    "subprocess": {"store", "csl"},
    "tempfile": {"csl", "cli"},
    "threading": {"preview", "commands"},
    "time": {"locking", "sources"},
    "argparse": {"cli"},
    "traceback": {"cli"},
    "webbrowser": {"cli"},
}

IDEAS = {
    *(
        "bisect",
        "codecs",
        "collections",
        "contextlib",
        "copy",
        "dataclasses",
        "datetime",
        "difflib",
        "email",
        "fnmatch",
        "functools",
    ),
    *("hashlib", "html", "importlib", "ipaddress", "itertools", "json", "logging", "math", "operator", "posixpath", "re"),
    *("array", "string", "sys", "tomllib", "types", "typing", "unicodedata", "urllib", "xml", "zlib"),
}
"""What every room may import from the standard library: it computes, and touches nothing."""

HANDS = {
    "stamp",
    "locking",
    "copies",
    "store",
    "output",
    "csl",
    "index",
    "sources",
    "project",
    "preview",
    "commands",
    "lsp",
    "cli",
}
"""The rooms that may look at the clock and at files; all others take values and give values."""

OUTSIDE = {"open", "input", ".now", ".today", ".utcnow", ".read_text", ".read_bytes", ".write_text", ".write_bytes"}
"""What only hands call: functions, and methods whoever they belong to."""

TEMPLATES_OWN = "render/theme.py"
"""Reads what is part of the package, and keeps Jinja's compiled templates beside it."""


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


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_ideas_touch_nothing(path: Path) -> None:
    """Files, clock, processes and the network are left to hands; what is printed is printed by `cli`."""
    room, name = room_of(path), path.relative_to(PACKAGE).as_posix()
    for module, line in imports(path):
        top = module.split(".")[0]
        if top in sys.stdlib_module_names and top != "__future__":
            assert top in IDEAS | ONLY_IN.keys(), f"{name}:{line}: give {top} a place in IDEAS or ONLY_IN"
            assert top not in ("os", "pkgutil") or room in HANDS or name == TEMPLATES_OWN, (
                f"{name}:{line}: {room} must not use {top}"
            )
            assert module != "urllib.request", f"{name}:{line}: the network is for sources, through requests"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = f".{node.func.attr}" if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in OUTSIDE or room in HANDS | {"__init__"}, f"{name}:{node.lineno}: {room} must not call {called}"
            assert called != "print" or room == "cli", f"{name}:{node.lineno}: only cli prints"


def test_the_plan_that_is_drawn_is_the_house_that_stands() -> None:
    drawn = (PACKAGE.parent / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## The house")[1]
    floors = [set(re.findall(r"\w+", floor)) for floor in drawn.split("```")[1].split("→")]
    assert floors == FLOORS[::-1]
    rows = [row.split("|")[1] for row in drawn.splitlines() if row.startswith("| `")]
    named = [room for row in rows for room in re.findall(r"`(\w+)`", row)]
    standing = {room_of(path) for path in modules()} - {"__init__", "__main__"}
    assert sorted(named) == sorted(standing) == sorted(FLOOR)


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
