from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import citeman
from citeman.checks import rules
from tests import rules_page

PACKAGE = Path(citeman.__file__).parent
ID = re.compile(r"(?:bib|list|guide)-[a-z]+(?:-[a-z]+)*")
NO_RULES = {"guide-name"}


def emitted() -> Iterator[tuple[str, str]]:
    """Every rule id in the source: what `Finding` is called with, and in the reading rooms whatever looks like an id."""
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "Finding"
                and isinstance(node.args[0], ast.Constant)
            ):
                yield str(node.args[0].value), str(path)
            elif room in {"bib", "guide", "lists"} and isinstance(node, ast.Constant) and ID.fullmatch(str(node.value)):
                yield str(node.value), str(path)


def test_every_rule_that_is_reported_anywhere_has_a_row() -> None:
    known = {rule.id for rule in rules()}
    ids = dict(emitted())
    assert len(ids) > 20
    assert {id: path for id, path in ids.items() if id not in known | NO_RULES} == {}


def test_the_lists_unknown_words_have_rows() -> None:
    from citeman.lists.read import _WORDS

    assert {f"list-unknown-{name}" for name in (*_WORDS, "kind")} <= {rule.id for rule in rules()}


def test_the_documentation_lists_every_rule_as_it_is() -> None:
    text = rules_page.PAGE.read_text(encoding="utf-8")
    assert text == rules_page.page(text), "run `make docs`"
    assert all(f"| `{rule.id}` | {rule.severity} |" in text for rule in rules())


def test_rules_are_named_alike() -> None:
    for rule in rules():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
        assert rule.severity in {"error", "warning", "hint"}
        assert len(rule.summary) > 10
        assert not rule.summary.endswith(".")
