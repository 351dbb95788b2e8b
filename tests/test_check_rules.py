from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import citeman
from citeman.checks import rules, run
from citeman.text import apply
from tests import rules_page
from tests.checking import library

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


TEX = st.text(alphabet=st.sampled_from('ab AB1.-–{}$\\~"#%&@,=/:é（年'), max_size=40)
FIELDS = st.dictionaries(
    st.sampled_from(["title", "author", "year", "date", "pages", "doi", "eprint", "url", "ids", "crossref"]), TEX
)
ENTRIES = st.lists(st.tuples(st.sampled_from(["article", "misc", "book", "x"]), TEX, FIELDS), max_size=4)


@settings(max_examples=60, deadline=None)
@given(ENTRIES, st.text(alphabet=st.sampled_from("# [](){}@;^!<>-_*`|\n aA1é."), max_size=200), st.lists(TEX, max_size=3))
def test_no_input_breaks_a_rule_and_every_fix_can_be_made(
    entries: list[tuple[str, str, dict[str, str]]], guide: str, labels: list[str]
) -> None:
    bib = "".join(
        f"@{kind}{{{key},\n" + "".join(f" {name} = {{{value}}},\n" for name, value in fields.items()) + "}\n"
        for kind, key, fields in entries
    )
    links = "\n".join(f"[{label}](https://arxiv.org/abs/1806.07572)" for label in labels)
    whole = library(bib, f"{guide}\n\n{links}\n")
    texts = {"references.bib": bib, "guide.md": whole.volumes[0].guide.source if whole.volumes[0].guide else ""}
    for finding in run(whole).findings:
        if finding.fix:
            apply(texts[finding.path], finding.fix.edits)


def test_what_is_long_or_many_takes_no_time_by_the_square() -> None:
    long = "x" * 100_000
    bib = f"@article{{a, title = {{{'Word ' * 50_000}}}, pages = {{{'1-' * 50_000}}}, author = {{{'A B and ' * 3000}C D}}, doi = {{{long}}}}}\n"
    bib += "".join(
        f"@misc{{e{n}, title = {{Editorial again}}, author = {{Doe, J.}}, year = {{{1900 + n}}}}}\n" for n in range(1000)
    )
    guide = "".join(
        f"## H{n}\n\n[x](#h{n}-no) [@{'k' * 50}{n}] [{'A' * 250}](https://arxiv.org/abs/1806.07572)\n\n" for n in range(500)
    )
    report = run(library(bib, guide + f"[@{long}]\n"))
    assert len([finding for finding in report.findings if finding.rule == "guide-broken-link"]) == 500
