"""The HTML pages of a site, one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from citeman.render import addresses, search
from citeman.render.formats import csl_json, highwire, ris, schema_org
from citeman.render.pictures import order, overview, shared, timeline
from citeman.render.pictures.svg import counted
from citeman.render.theme import Templates, address
from citeman.render.view import ROLE_TITLES, Cue, Guide, Paper, Section, Site

PER_PAGE = 500
"""So many papers stand on one page of all papers; without scripts a reader turns pages, with them she searches the index."""

Page = tuple[str, Callable[[], str]]
"""A file's path, and how to write it: who shows one page need not write the others."""


class Once:
    """Tells a template whether it meets a name for the first time, so that ids on a page stay unique."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def first(self, name: str) -> bool:
        """Tell whether the name is new, and note it."""
        new = name not in self._seen
        self._seen.add(name)
        return new


class Writer:
    """Writes the pages of one site."""

    def __init__(self, site: Site, templates: Templates) -> None:
        self.site = site
        self.templates = templates
        index = {"papers.js": search.script(site)}
        self.static = {**templates.static_files(), **index}
        self._lists: dict[tuple[int, str, int], str] = {}
        self._guides = {
            one.number: guide for guide in site.guides for section in guide.sections for one in (section, *section.questions)
        }
        self._addresses = {name: address(name, text) for name, text in self.static.items()}

    def pages(self) -> Iterator[Page]:
        """Yield the path of every page, and how to write it."""
        yield "index.html", lambda: self._page("index.html", "index.html", **self._index())
        for guide in self.site.guides:
            paged = [section for section in guide.sections if section.page]
            for place, section in enumerate(paged):
                yield section.page, partial(self.section, guide, section, paged[:place][-1:], paged[place + 1 :][:1])
                yield from self._redirects(section.aliases, section.page, section.title)
        yield from self._all_papers()
        if self.site.cues is not None:
            yield "todo.html", partial(self._todo, self.site.cues)
        for paper in self.site.papers:
            yield paper.page, partial(self.paper, paper)
            yield from self._redirects([f"papers/{name}.html" for name in paper.aliases], paper.page, paper.work.title)

    def section(self, guide: Guide, section: Section, previous: Sequence[Section], following: Sequence[Section]) -> str:
        """Return a section's page."""
        return self._page(
            "section.html",
            section.page,
            sections_html=self._sections(guide, addresses.up(section.page), section.number),
            section=section,
            summary=summary(section),
            previous=previous[0] if previous else None,
            next=following[0] if following else None,
            timeline_html=timeline.timeline(section, "timeline-words"),
            timeline_words=timeline.description(section),
            order_html=order.order(section, "order-words"),
            order_words=order.description(section),
            json_ld_html=schema_org.list_page(section.title, [paper.work for paper in section.papers]),
            ids=Once(),
        )

    def paper(self, paper: Paper) -> str:
        """Return a paper's page."""
        return self._page(
            "paper.html",
            paper.page,
            paper=paper,
            sections_html=self._sections(self._guides[paper.read_in[0].section], addresses.up(paper.page))
            if paper.read_in
            else "",
            highwire_html=highwire.html(paper.work),
            downloads=_downloads(paper),
            json_ld_html=schema_org.paper_page(paper.work),
        )

    def _todo(self, cues: Sequence[Cue]) -> str:
        unplaced = [paper for paper in self.site.papers if not paper.read_in]
        asking, loose = counted(len(cues), "place"), counted(len(unplaced), "paper")
        return self._page(
            "todo.html",
            "todo.html",
            summary=f"{asking} to cite something, {loose} in no section.",
            cues=cues,
            titles={f"{guide.name}#{one.anchor}": one.title for guide in self.site.guides for one in guide.sections},
            unplaced=unplaced,
        )

    def _page(self, template: str, path: str, **values: Any) -> str:
        common = {"site": self.site, "root": addresses.up(path), "canonical": addresses.href(path), "static": self._addresses}
        return self.templates.render(template, **{"sections_html": "", **common, **values})

    def _sections(self, guide: Guide, root: str, current: int = -1) -> str:
        """The list of a guide's sections, the current one marked; most pages have one that another has too."""
        known = guide.number, root, current
        if known not in self._lists:
            self._lists[known] = self.templates.render("sections.html", guide=guide, root=root, current=current)
        return self._lists[known]

    def _redirects(self, olds: Sequence[str], new: str, title: str) -> Iterator[Page]:
        for old in olds:
            target = addresses.beside(old, new)
            yield old, partial(self.templates.render, "redirect.html", target=target, title=title)

    def _index(self) -> dict[str, Any]:
        papers, sections = self.site.papers, len(self.site.sections)
        where = f" for {counted(sections, 'section')}" if sections else ""
        return {
            "summary": f"{counted(len(papers), 'paper')}{where}{_years(papers)}.",
            "overviews": [_overview(guide) for guide in self.site.guides],
        }

    def _all_papers(self) -> Iterator[Page]:
        papers = self.site.papers
        parts = [papers[start : start + PER_PAGE] for start in range(0, len(papers), PER_PAGE)] or [()]
        for number, part in enumerate(parts, 1):
            path = f"papers-{number}.html" if number > 1 else "papers.html"
            yield path, partial(self._papers_page, path, part, number, len(parts))

    def _papers_page(self, path: str, part: Sequence[Paper], number: int, pages: int) -> str:
        papers = self.site.papers
        roles = {one.role for paper in papers for one in paper.read_in}
        return self._page(
            "papers.html",
            path,
            papers=part,
            number=number,
            pages=pages,
            total=len(papers),
            guides=self.site.guides,
            roles=[role for role in ROLE_TITLES if role and role in roles],
            summary=f"{counted(len(papers), 'paper')}{_years(papers)}, the newest first.",
        )


def _downloads(paper: Paper) -> list[tuple[str, str, str]]:
    """A paper's data as files within its page: name, ending, address. So a paper costs one file, and a saved page has it all."""
    forms = (
        ("BibTeX", "bib", "application/x-bibtex", f"{paper.bibtex}\n"),
        ("CSL-JSON", "json", "application/vnd.citationstyles.csl+json", csl_json.dump([paper.work])),
        ("RIS", "ris", "application/x-research-info-systems", ris.record(paper.work)),
    )
    return [(name, ending, f"data:{kind};charset=utf-8,{_in_data(text)}") for name, ending, kind, text in forms]


_IN_DATA = {char: f"%{ord(char):02X}" for char in ["%", *map(chr, range(33)), *'"#<>[\\]^`{|}', "\x7f"]}
"""What may not stand in a `data:` address, `%` first; characters beyond ASCII may."""


def _in_data(text: str) -> str:
    """Return a text as it stands in a `data:` address; character by character, half of `translate`'s work."""
    for char, code in _IN_DATA.items():
        text = text.replace(char, code)
    return text


def summary(section: Section) -> str:
    """Return a section's list in a line: how many papers, of which years, how many preprints."""
    papers = section.papers
    preprints = sum(paper.work.is_preprint for paper in papers)
    core = sum(one.tier == "core" for one in section.readings if one.paper)
    parts = [f"{counted(len(papers), 'paper')}{_years(papers)}"]
    if core and core != len(papers):
        parts.append(f"{core} to read, {len(papers) - core} to go further")
    if preprints:
        parts.append(counted(preprints, "preprint"))
    return ", ".join(parts) + "."


def _years(papers: Sequence[Paper]) -> str:
    years = sorted({paper.work.year for paper in papers if paper.work.year})
    return f" from {years[0]} to {years[-1]}" if len(years) > 1 else f" of {years[0]}" if years else ""


def _overview(guide: Guide) -> dict[str, Any]:
    years, tallest = overview.axis_of(guide.sections), overview.tallest_stack(guide.sections)
    roles = Counter(one.role for section in guide.sections for one in timeline.dated(section))
    return {
        "guide": guide,
        "roles": [role for role in ROLE_TITLES if roles[role]],
        "scale_html": overview.scale(years),
        "rows": [
            _row(section, guide, overview.strip(section, years, tallest, f"strip-{section.number}")) for section in guide.sections
        ],
        "ties": shared.ties(guide.sections),
        "shared_html": shared.shared(guide.sections, f"shared-words-{guide.number}"),
    }


def _row(section: Section, guide: Guide, strip: str) -> dict[str, Any]:
    return {
        "section": section,
        "papers": len(section.papers),
        "core": sum(one.tier == "core" for one in section.readings if one.paper),
        "preprints": sum(paper.work.is_preprint for paper in section.papers),
        "strip_html": strip,
        "words": overview.words(section),
        "gaps": overview.gaps(section, guide),
    }
