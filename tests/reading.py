"""A small project with something of everything that pages show, and what reads the pages that were built from it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import html5lib

BIB = r"""
@inproceedings{cohen2021gradient,
  title = {Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability},
  author = {Cohen, Jeremy M. and Kaur, Simran and Li, Yuanzhi and Kolter, J. Zico and Talwalkar, Ameet},
  booktitle = {International Conference on Learning Representations},
  year = {2021},
  eprint = {2103.00065},
  eprinttype = {arxiv},
  eprintclass = {cs.LG},
  url = {https://openreview.net/forum?id=jh-rTtvkGeM},
}

@article{nesterov1983method,
  title = {A method for solving the convex programming problem with convergence rate $O(1/k^2)$},
  author = {Nesterov, Yurii},
  journal = {Doklady Akademii Nauk SSSR},
  year = {1983},
  volume = {269},
  number = {3},
  pages = {543--547},
}

@article{nakkiran2019deep,
  title = {Deep Double Descent & other <stories>},
  author = {Nakkiran, Preetum and Kaplun, Gal and Bansal, Yamini and Yang, Tristan and Barak, Boaz and Sutskever, Ilya
            and One, A. and Two, B. and Three, C. and Four, D. and Five, E. and others},
  year = {2019},
  eprint = {1912.02292},
  eprinttype = {arxiv},
}

@book{muller1998tricks,
  title = {Tricks of the {TRADE}},
  author = {M{\"u}ller, Klaus-Robert and van der Vaart, Aad},
  publisher = {Springer},
  year = {1998},
  doi = {10.1007/3-540-49430-8},
  isbn = {978-3-540-65311-0},
  ids = {muller1998old},
}

@article{polyak1964some,
  title = {Some methods of speeding up the convergence of iteration methods},
  author = {Polyak, Boris T.},
  journal = {USSR Computational Mathematics and Mathematical Physics},
  volume = {4},
  pages = {1--17},
  year = {1964},
  doi = {10.1016/0041-5553(64)90137-5},
}

@misc{unplaced2020page,
  title = {A page that nobody lists},
  author = {{The Team}},
  year = {2020},
  url = {https://example.org/page?a=1&b=2},
}
"""

LISTS = r"""
guide:
  title: Dynamics & training
  source: ../guide.md
  url: https://guide.example/dynamics
sections:
  classical:
    title: The classical picture
    aliases: [convex]
    reading:
      - key: nesterov1983method
        role: foundation
        why: The rate $O(1/k^2)$ is the best *possible*; see `momentum`.
        level: intro
        added: 2026-01-02
      - key: polyak1964some
        role: foundation
        why: Costs between $5 and $6.
        after: [nesterov1983method]
        added: 2026-03-04
      - key: muller1998tricks
        role: textbook
      - url: https://widget.example/momentum
        title: Momentum, to play with
        kind: widget
        why: Move the slider.
      - key: cohen2021gradient
        role: result
        tier: further
        why: Where the classical picture ends.
      - see: edge
        why: The story goes on there.
  edge:
    title: The edge of stability
    aliases: [eos]
    reading:
      - key: cohen2021gradient
        role: foundation
        why: Named the edge.
        level: core
        added: 2026-02-03
      - key: nakkiran2019deep
        role: empirical
  does-it-last:
    title: Does it last?
    kind: question
    parent: edge
    reading:
      - key: nakkiran2019deep
        role: critique
        why: Perhaps not.
  empty:
    title: Still to be filled
    reading: []
"""

GUIDE = """# Dynamics

## The classical picture {#classical}

Convex.

## The edge of stability {#edge}

<div class="question-box">

**Open question: Does it last?** Who knows.

</div>

## Still to be filled {#empty}
"""


def write(
    root: Path, bib: str = BIB, lists: str = LISTS, guide: str = GUIDE, settings: str = 'title = "Learning <mechanics>"\n'
) -> Path:
    """Write a project and return its root."""
    (root / "refs").mkdir(parents=True)
    (root / "references.bib").write_text(bib, encoding="utf-8")
    (root / "refs" / "dynamics.yaml").write_text(lists, encoding="utf-8")
    (root / "guide.md").write_text(guide, encoding="utf-8")
    (root / "citeman.toml").write_text(settings, encoding="utf-8")
    return root


def files(folder: Path) -> dict[str, bytes]:
    """Return every file that a reader may ask for, by its path."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


class Element(NamedTuple):
    """One element of a page."""

    name: str
    attributes: dict[str, str]
    text: str


class Page:
    """A page as a browser reads it; a parse error of the HTML standard is a failure."""

    def __init__(self, source: str | bytes, strict: bool = True) -> None:
        text = source if isinstance(source, str) else source.decode("utf-8")
        self.tree = html5lib.HTMLParser(strict=strict, namespaceHTMLElements=False).parse(text)

    @property
    def elements(self) -> Iterator[Element]:
        """Every element, in document order."""
        for element in self.tree.iter():
            if isinstance(element.tag, str):
                yield Element(element.tag.rpartition("}")[2], dict(element.attrib), "".join(element.itertext()))

    def all(self, name: str, **attributes: str) -> list[Element]:
        """Return the elements of that name whose attributes have these values; `class_` means one of its classes."""
        return [one for one in self.elements if one.name == name and all(_has(one, *pair) for pair in attributes.items())]

    def one(self, name: str, **attributes: str) -> Element:
        """Return the only such element."""
        (found,) = self.all(name, **attributes)
        return found

    @property
    def ids(self) -> list[str]:
        """Every id on the page."""
        return [one.attributes["id"] for one in self.elements if "id" in one.attributes]

    def json_ld(self) -> dict[str, object]:
        """Return the page's schema.org description."""
        found = json.loads(self.one("script", type="application/ld+json").text)
        assert isinstance(found, dict)
        return found


def pages(folder: Path) -> dict[str, Page]:
    """Parse every page of a site."""
    return {path: Page(data) for path, data in files(folder).items() if path.endswith(".html")}


def broken_links(folder: Path) -> list[str]:
    """Return every link within the site that leads to no file or to no spot of it."""
    parsed = pages(folder)
    there = set(files(folder))
    found = []
    for path, page in parsed.items():
        for one in page.elements:
            for name in ("href", "src"):
                target = one.attributes.get(name, "")
                if one.name == "math" or not target or re.match(r"[a-zA-Z][\w+.-]*:", target):
                    continue
                where, _, spot = target.partition("#")
                wanted = (
                    os.path.normpath(os.path.join(os.path.dirname(path), unquote(where.partition("?")[0]))) if where else path
                )
                if wanted not in there or (spot and unquote(spot) not in parsed[wanted].ids):
                    found.append(f"{path}: {target}")
    return found


def _has(one: Element, name: str, value: str) -> bool:
    if name == "class_":
        return value in one.attributes.get("class", "").split()
    return one.attributes.get(name) == value
