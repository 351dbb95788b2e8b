"""Writes the tables of docs/checks.md from the rules themselves: `python -m tests.rules_page`."""

from __future__ import annotations

import re
from pathlib import Path

from citeman.checks import Rule, rules

PAGE = Path(__file__).parents[1] / "docs" / "checks.md"
GROUPS = {
    "bib": "The form of the bibliography",
    "entry": "Entries",
    "list": "Reading lists",
    "guide": "Guides",
    "label": "Labels of citations",
    "paper": "The life of papers, as of the last sync",
    "": "The sources and the project itself",
}
BLOCK = re.compile(r"(<!-- rules -->\n).*?(<!-- /rules -->)", re.DOTALL)


def tables() -> str:
    """Return one table for each group of rules, in the order of the report."""
    grouped: dict[str, list[Rule]] = {name: [] for name in GROUPS}
    for rule in rules():
        group = rule.id.partition("-")[0]
        grouped[group if group in GROUPS else ""].append(rule)
    return "\n".join(f"### {title}\n\n{table(grouped[name])}\n" for name, title in GROUPS.items())


def table(group: list[Rule]) -> str:
    """Return the table of one group."""
    head = ["| rule | severity | finds | `--fix` |", "|---|---|---|---|"]
    return "\n".join([*head, *(f"| `{rule.id}` | {rule.severity} | {rule.summary} | {rule.fix} |" for rule in group)])


def page(text: str) -> str:
    """Return the page with its tables as they should be."""
    return BLOCK.sub(lambda match: f"{match[1]}\n{tables()}\n{match[2]}", text)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
