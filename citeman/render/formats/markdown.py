"""A reading list as plain Markdown: for a README, a wiki, a language model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial

from citeman.render.page import Page, Piece, seen_of
from citeman.render.view import ROLE_NAMES, Guide, Paper, Reading, Section, Site

_SPECIAL = re.compile(r"([\\`*_\[\]<>]|&(?=#?\w+;))")
_AT_START = re.compile(r"\A(\d*)([#+.)-])(?=[\s#]|\Z)")


def section(one: Section, level: int = 1) -> str:
    """Return a section's list, its open questions' too."""
    return "\n".join(_section(one, level)) + "\n"


def papers(those: Iterable[Paper]) -> str:
    """Return papers as a list of references."""
    return "".join(f"- {reference(paper)}\n" for paper in those)


def everything(site: Site, path: str, seen: Callable[[Section], str]) -> Page:
    """Return all lists of all guides as a page; `seen` is the digest of a section, which is a piece of it."""
    pieces = []
    for guide in site.guides:
        title = f"## {escape(guide.title)}\n"
        pieces += [Piece(title, partial(str, title))]
        pieces += [Piece(seen(one), partial(section, one, 3)) for one in guide.sections if one.page]
    head = f"# {escape(site.title)}\n"
    return Page(path, seen_of(head, [one.seen for one in pieces]), lambda: (head + "\n" * bool(pieces), ""), lambda: pieces, "\n")


def llms(site: Site) -> str:
    """Return `llms.txt` (https://llmstxt.org): what is here and where, for language models."""
    lines = [
        f"# {escape(site.title)}",
        "",
        f"> Reading lists: {len(site.papers)} papers, by section of the guide, each with why to read it there.",
        "",
    ]
    for guide in site.guides:
        lines += [f"## {escape(guide.title)}", "", *_pages(guide), ""]
    lines += ["## Data", ""]
    lines += [f"- [{name}]({path}): {what}" for name, path, what in _DATA]
    return "\n".join(lines) + "\n"


_DATA = (
    ("All lists", "papers.md", "every section's list in Markdown"),
    ("Everything as JSON", "index.json", "guides, sections, papers, and why each is read where"),
    ("Bibliography", "papers.bib", "BibTeX"),
    ("CSL-JSON", "papers.json", "for citation processors"),
    ("Feed", "papers.xml", "Atom, newly added papers"),
)


def reference(paper: Paper) -> str:
    """Return a paper as a line of Markdown, its title a link to it."""
    work = paper.work
    title = escape(work.title or work.key)
    linked = f"[{title}](<{work.home}>)" if work.home and not set(work.home) & set("<>\n") else title
    parts = [escape(paper.people), linked, escape(paper.place) or ("Preprint" if work.is_preprint else ""), work.year]
    return ". ".join(part for part in parts if part) + "."


def escape(text: str) -> str:
    """Return plain text so that Markdown shows it as it is, on one line."""
    line = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return line if line[:1].isalpha() else _AT_START.sub(r"\1\\\2", line)


def _section(one: Section, level: int) -> Iterator[str]:
    yield f"{'#' * level} {escape(one.title)}\n"
    for title, readings in (("", (*one.start, *one.rest)), ("Going further", one.further)):
        if title and readings:
            yield f"{'#' * (level + 1)} {title}\n"
        yield from (f"{_item(number, reading)}" for number, reading in enumerate(readings, 1))
        if readings:
            yield ""
    for question in one.questions:
        yield f"{'#' * (level + 1)} Open question: {escape(question.title)}\n"
        yield from (_item(number, reading) for number, reading in enumerate(question.readings, 1))
        yield ""


@lru_cache(maxsize=4096)
def _item(number: int, reading: Reading) -> str:
    """Write one item: for its section's list, and for that of everything."""
    marks = ", ".join(filter(None, [ROLE_NAMES.get(reading.role, "") if reading.role else "", reading.level]))
    notice = "".join(f" **{escape(one.text)}.**" for one in reading.paper.notices) if reading.paper else ""
    lines = [f"{number}. {_what(reading)}{f' ({marks})' if marks else ''}{notice}"]
    if reading.why:
        lines.append(escape(reading.why))
    if reading.after:
        lines.append(f"Read first: {', '.join(escape(one.text) for one in reading.after)}")
    return "\n   ".join(lines)


def _what(reading: Reading) -> str:
    if reading.paper:
        return reference(reading.paper)
    title = escape(reading.title or reading.missing)
    if reading.kind == "see":
        return f"See also: {title}"
    return f"[{title}](<{reading.href}>)" if reading.href else title


def _pages(guide: Guide) -> list[str]:
    return [
        f"- [{escape(one.title)}]({one.export('md')}): {len(one.papers)} papers ([page]({one.page_href}))"
        for one in guide.sections
        if one.page
    ]
