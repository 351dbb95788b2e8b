"""The documentation of the pages names what is really written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from citeman.render.theme import STATIC
from tests import project as sample
from tests.conftest import ROOT, Run


def members(value: Any) -> set[str]:
    """Every member's name in a document, those of CSL items left out."""
    if isinstance(value, list):
        return {name for one in value for name in members(one)}
    if not isinstance(value, dict):
        return set()
    return set(value) | {name for key, one in value.items() if key != "csl" for name in members(one)}


def test_every_member_of_index_json_is_documented(citeman: Run, tmp_path: Path) -> None:
    sample.write(tmp_path)
    citeman("link", "cohen2021gradient", "-s", "tell of real", "--level", "intro", "--read-after", "jacot2018neural")
    citeman("link", "--url", "https://example.org", "--title", "A demo", "--kind", "widget", "-s", "eos")
    citeman("link", "--see", "wide-networks", "-s", "eos")
    assert citeman("build").returncode == 0
    document = json.loads((tmp_path / "site" / "index.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "index-json.md").read_text(encoding="utf-8")
    assert members(document) <= set(re.findall(r"`([a-z_]+)`", page))


def test_templates_and_static_files_are_all_named() -> None:
    page = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")
    templates = {path.name for path in (ROOT / "citeman" / "render" / "templates").glob("*.j2")}
    assert {name for name in (*templates, *STATIC) if f"`{name}`" not in page} == set()
