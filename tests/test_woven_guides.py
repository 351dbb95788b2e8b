"""weave, as its users run it, over guides of every habit: pandoc shows the lists in place and nothing else changed."""

from __future__ import annotations

import json
import subprocess
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from citeman.guide import Guide
from citeman.text import decode
from tests import project as sample
from tests.conftest import SHARED, Run

STYLES = [
    ("--shape", shape, language, core, why)
    for why, core, language, shape in product(
        ("--why", "--no-why"), ("--no-core", "--core"), ("--no-html", "--html"), ("list", "paragraph", "table")
    )
]
READING = """\
  {anchor}:
    reading:
      - key: jacot2018neural
        why: Names the kernel $K$.
      - key: cohen2021gradient
        tier: further
        why: Measured at the edge.
      - {{url: "https://example.org/a_b", title: "A_page *here*", kind: widget}}
"""
MARK = "citeman:reading-list"

GUIDES = {
    "code that MyST runs": """\
(top)=

# Title

```{code-cell} ipython3
:tags: [hide]

# A comment of the code

x = 1

## Another

```

Text.

(second)=

## Second

More.

```{note}
A note.
```
""",
    "chunks that knitr runs": """\
# Title {-}

```{r grid-ch-2, echo=FALSE}
x <- 1

# A comment of the code

y <- 2
```

::: rmdnote
Text.
:::

## Second {#second}

More `r 1 + 1`.
""",
    "anchors as people set them": """\
## Contents
- [One](#one)
  - [Two](#two)
<a name="one" />

## One
+ a
+ b

### Inner

<a name="two" />

### Two
Text
<!-- a comment under text -->

## Three

* * *

## Four
<a name="empty"></a>

## Five
""",
    "containers": """\
# Title

::: {.column}

## Inside

Text.

:::

<details>
<summary>More</summary>

## In details

| a | b |
|---|---|
| 1 | 2 |

</details>

## Notes

Words.[^1]

[^1]: A note.

    Of two paragraphs.

## List

1. one
2. two

       code

## Math

$$
x
$$

## Definitions

Term

:   What it is.
""",
    "front matter that pandoc refuses": """\
---
title: "A" title: that is none
---

# One

Text.

# Two
""",
}


def blocks(pandoc: str, path: Path, dialect: str) -> Any:
    """Return pandoc's reading of a file; None where it refuses the front matter."""
    command = [pandoc, f"--from={dialect}", "--to=json", "--quiet", str(path)]
    answer = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    if answer.returncode and "YAML" in answer.stderr:
        return None
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)["blocks"]


def split(tree: Any, woven: list[str]) -> Any:
    """Return a pandoc document without what stands between citeman's marks, and put that into `woven`."""
    if isinstance(tree, dict):
        return {key: split(value, woven) for key, value in tree.items()}
    if not isinstance(tree, list):
        return tree
    kept: list[Any] = []
    inside: list[Any] | None = None
    for node in tree:
        raw = node["c"][1] if isinstance(node, dict) and node.get("t") == "RawBlock" else ""
        if f"/{MARK}" in raw:
            assert inside
            woven.append(json.dumps(inside))
            inside = None
        elif MARK in raw:
            assert inside is None
            inside = []
        elif inside is not None:
            inside.append(node)
        else:
            kept.append(split(node, woven))
    assert inside is None
    return kept


def anchors(root: Path, run: Run, rule: str = "") -> list[str]:
    """Start a project for guide.md, list three items in each of its places, and return these."""
    if rule:
        (root / "citeman.toml").write_text(f'slug-rule = "{rule}"\n')
    started = run("init", "guide.md", "--json")
    assert started.returncode == 0, started.stderr
    config = (root / "citeman.toml").read_text()
    guide = Guide.parse(
        decode((root / "guide.md").read_bytes()).text, "guide.md", config.partition('slug-rule = "')[2].split('"')[0]
    )
    places = [place.anchor for place in (*guide.sections, *guide.questions) if not getattr(place, "nested", False)]
    lists = "".join(READING.format(anchor=json.dumps(anchor)) for anchor in places)
    (root / "refs" / "guide.yaml").write_text(f"guide:\n  source: ../guide.md\nsections:\n{lists}", encoding="utf-8")
    (root / "references.bib").write_text(sample.BIB, encoding="utf-8")
    return places


def holds(root: Path, run: Run, pandoc: str, styles: list[tuple[str, ...]]) -> None:
    """Weave in each style, render, weave again, take out: the laws of weaving."""
    path = root / "guide.md"
    original = path.read_bytes()
    dialect, rule = "markdown", "pandoc"
    before = blocks(pandoc, path, dialect)
    if before is None:
        dialect, rule = "gfm-yaml_metadata_block", "github"
        before = blocks(pandoc, path, dialect)
    places = anchors(root, run, rule)
    for style in styles:
        result = run("weave", *style)
        assert (result.returncode, result.stderr) == (0, "")
        once = path.read_bytes()
        assert once != original
        found: list[str] = []
        assert split(blocks(pandoc, path, dialect), found) == before
        assert len(found) == len(places)
        for text in found:
            assert "Tangent" in text
            assert ("2103.00065" in text) == ("--core" not in style)
            assert ("Names" in text) == ("--why" in style and "paragraph" not in style)
        assert run("weave", *style, "--check").returncode == 0
        assert run("weave", *style).returncode == 0
        assert path.read_bytes() == once
        assert run("weave", "--remove").returncode == 0
        assert path.read_bytes() == original


@pytest.mark.parametrize("source", GUIDES.values(), ids=GUIDES.keys())
def test_lists_come_and_go_in_every_style(inside: Run, tmp_path: Path, pandoc: str, source: str) -> None:
    (tmp_path / "guide.md").write_text(source, encoding="utf-8")
    number = len(source)
    holds(tmp_path, inside, pandoc, [STYLES[(number + step) % len(STYLES)] for step in range(0, len(STYLES), 5)])


def test_a_comment_in_code_is_no_section(inside: Run, tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(GUIDES["code that MyST runs"], encoding="utf-8")
    assert anchors(tmp_path, inside) == ["title", "second"]


def test_an_anchor_that_goes_on_with_a_list_stays_there_and_one_of_its_own_with_its_heading(inside: Run, tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text(GUIDES["anchors as people set them"], encoding="utf-8")
    anchors(tmp_path, inside)
    inside("weave")
    text = (tmp_path / "guide.md").read_text()
    assert f'  - [Two](#two)\n<a name="one" />\n\n<!-- {MARK} contents' in text
    assert f'<!-- /{MARK} -->\n\n<a name="two" />\n\n### Two' in text


CORPUS = sorted(path.name for path in (SHARED / "corpora" / "guides").glob("*") if path.suffix in {".md", ".Rmd", ".qmd"})


@pytest.mark.parametrize("name", [*CORPUS, "../../guide/dynamics-of-training.md"] if CORPUS else [])
def test_lists_come_and_go_in_real_guides(inside: Run, tmp_path: Path, pandoc: str, shared: Path, name: str) -> None:
    """Each guide has a style of its own, so that all styles meet many guides."""
    source = (shared / "corpora" / "guides" / name).read_bytes()
    if name.startswith("pandoc-"):
        pytest.skip("a text without headings")
    (tmp_path / "guide.md").write_bytes(source)
    holds(tmp_path, inside, pandoc, [STYLES[len(source) % len(STYLES)]])
