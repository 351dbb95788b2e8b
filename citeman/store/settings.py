"""Where a project is, and the table of its settings."""

from __future__ import annotations

import os
from pathlib import Path

from citeman import stamp
from citeman.errors import CitemanError
from citeman.store.files import plainly, refuse_unreadable


def find_root(start: Path) -> Path | None:
    """Return the nearest folder from `start` upward that is a project: a config table, `refs/` or `references.bib`."""
    root = stamp.root_of(str(start))
    return Path(root) if root else None


def read_table(root: Path) -> tuple[dict[str, object], str]:
    """Return the config table of the project and the name of its file; an empty table when there is none.

    Raises CitemanError with the line of a mistake in the TOML.
    """
    for name in ("citeman.toml", "pyproject.toml"):
        path = root / name
        if not os.path.lexists(path):
            continue
        table = _toml(path, name)
        tools = table.get("tool")
        tool = tools.get("citeman") if isinstance(tools, dict) else None
        if tool is None and name == "citeman.toml":
            tool = table
        if isinstance(tool, dict):
            return tool, name
        if tool is not None:
            raise CitemanError(f"`tool.citeman` must be a table of settings, not {tool!r}", name)
    return {}, ""


def _toml(path: Path, name: str) -> dict[str, object]:
    import tomllib

    refuse_unreadable(path, name)
    with plainly("read", name):
        data = path.read_bytes()
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CitemanError("is not UTF-8; save it as UTF-8", name, line) from None
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        named = message.rpartition("(at line ")[2].partition(",")[0]
        last = data.count(b"\n", 0, len(data) - 1) + 1
        raise CitemanError(f"is no valid TOML: {message}", name, int(named) if named.isdigit() else last) from None
