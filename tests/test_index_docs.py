"""The documentation of the index and of the search says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import citeman.index.schema as schema
from citeman.index.mark import WEIGHTS
from citeman.index.query import COLUMNS, FILTERS

DOCS = Path(__file__).parents[1] / "docs"


def test_every_table_is_documented_as_it_is() -> None:
    page = (DOCS / "index-database.md").read_text(encoding="utf-8")
    for name, table in schema.TABLES.items():
        assert f"| `{name}` | {table.meaning} | {', '.join(f'`{column}`' for column in table.columns)} |" in page
    assert ", ".join(f"`{column}`" for column in WEIGHTS) in page
    assert ", ".join(f"{weight:g}" for weight in WEIGHTS.values()) in page


def test_the_example_queries_are_those_that_are_tested() -> None:
    page = (DOCS / "index-database.md").read_text(encoding="utf-8")
    examples = (schema.__doc__ or "").partition("ask it:")[2]
    shown = page.partition("```sql\n")[2].partition("```")[0]
    assert shown.split() == examples.split()


def test_every_part_and_property_of_a_query_is_documented() -> None:
    page = (DOCS / "search-and-editors.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:-)?([a-z]+):", page))
    assert set(FILTERS) <= named
    assert {COLUMNS[name] for name in named & COLUMNS.keys()} == set(COLUMNS.values())
