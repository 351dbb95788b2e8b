"""The HTML pages of a site, one after another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from citeman.render import addresses, search
from citeman.render.formats import csl_json, highwire, ris, schema_org
from citeman.render.page import Page, Piece, page, seen_of
from citeman.render.pictures import order, overview, shared, timeline
from citeman.render.pictures.svg import counted
from citeman.render.theme import Templates, address
from citeman.render.view import ROLE_TITLES, Cue, Guide, Paper, Section, Site

PER_PAGE = 500
"""So many papers stand on one page of all papers; without scripts a reader turns pages, with them she searches the index."""

SEARCH = "static/papers.js"
ITEMS = "<!-- papers -->"
"""Where the papers go on a page of them: no value that is shown can hold this."""


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
        static = templates.static_files()
        self._search = search.script(site, SEARCH)
        self._static = [page(f"static/{name}", seen_of(text), partial(str, text)) for name, text in static.items()]
        self._addresses = {name: address(name, text) for name, text in static.items()}
        self.common = seen_of(site.title, site.url, self._addresses)
        """A digest of what every page shows."""
        self._addresses["papers.js"] = address("papers.js", self._search.seen)
        self.bars = [_bar(guide) for guide in site.guides]
        """What the lists of the guides' sections show."""
        self._seen_bars = [seen_of(self.common, bar) for bar in self.bars]
        self._seen: dict[int, str] = {}
        self._lists: dict[tuple[int, str, int], str] = {}
        self._guides = {
            one.number: guide for guide in site.guides for section in guide.sections for one in (section, *section.questions)
        }

    def pages(self) -> Iterator[Page]:
        """Yield every page; where a theme's templates may show anything of the site, nothing is known of what they show."""
        for one in self._all():
            yield one if self.templates.are_citemans or one.path.startswith("static/") else one._replace(seen="")

    def _all(self) -> Iterator[Page]:
        yield from (*self._static, self._search)
        yield page("index.html", self._seen_index(), lambda: self._page("index.html", "index.html", **self._index()))
        for guide in self.site.guides:
            paged = [section for section in guide.sections if section.page]
            for place, section in enumerate(paged):
                around = paged[:place][-1:], paged[place + 1 :][:1]
                seen = seen_of(self._seen_bars[guide.number], self.section_seen(section))
                yield page(section.page, seen, partial(self.section, guide, section, *around))
                yield from self._redirects(section.aliases, section.page, section.title, partial(str, section.title))
        yield from self._all_papers()
        if self.site.cues is not None:
            seen = seen_of(self._seen_index(), self.site.cues, [paper for paper in self.site.papers if not paper.read_in])
            yield page("todo.html", seen, partial(self._todo, self.site.cues))
        for paper in self.site.papers:
            bar = self._seen_bars[self._guides[paper.read_in[0].section].number] if paper.read_in else self.common
            yield page(paper.page, f"{paper.seen} {bar}", partial(self.paper, paper))
            olds = [f"papers/{name}.html" for name in paper.aliases]
            yield from self._redirects(olds, paper.page, paper.fingerprint, partial(_title, paper))

    def section_seen(self, section: Section) -> str:
        """Return a digest of a section and all that it lists."""
        if section.number not in self._seen:
            self._seen[section.number] = seen_of(section)
        return self._seen[section.number]

    def _seen_index(self) -> str:
        sections = [self.section_seen(one) for guide in self.site.guides for one in guide.sections]
        return seen_of(self._seen_bars, sections, self._summary(), self.site.cues is None)

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

    def _redirects(self, olds: Sequence[str], new: str, seen: str, title: Callable[[], str]) -> Iterator[Page]:
        for old in olds:
            target = addresses.beside(old, new)
            yield page(old, seen_of(target, seen), partial(self._redirect, target, title))

    def _redirect(self, target: str, title: Callable[[], str]) -> str:
        return self.templates.render("redirect.html", target=target, title=title())

    def _index(self) -> dict[str, Any]:
        return {"summary": self._summary(), "overviews": [_overview(guide) for guide in self.site.guides]}

    def _summary(self) -> str:
        papers, sections = self.site.papers, len(self.site.sections)
        where = f" for {counted(sections, 'section')}" if sections else ""
        return f"{counted(len(papers), 'paper')}{where}{_years(papers)}."

    def _all_papers(self) -> Iterator[Page]:
        papers = self.site.papers
        parts = [papers[start : start + PER_PAGE] for start in range(0, len(papers), PER_PAGE)] or [()]
        roles = {one.role for paper in papers for one in paper.read_in}
        values = {
            "pages": len(parts),
            "total": len(papers),
            "roles": [role for role in ROLE_TITLES if role and role in roles],
            "summary": f"{counted(len(papers), 'paper')}{_years(papers)}, the newest first.",
        }
        seen = seen_of(self._seen_bars, values, self._search.seen)
        for number, part in enumerate(parts, 1):
            path = f"papers-{number}.html" if number > 1 else "papers.html"
            around = partial(self._page, "papers.html", path, papers=part, number=number, guides=self.site.guides, **values)
            items = partial(self._items, part)
            seens = [_seen_item(paper) for paper in part]
            known = seen_of(seen if number == 1 else values, self.common, number, seens)
            if self.templates.are_citemans:
                yield Page(path, known, partial(_cut, around), items)
            else:
                yield page(path, "", partial(_filled, around, items))

    def _items(self, papers: Sequence[Paper]) -> list[Piece]:
        item = self.templates.macro("listed.html", "item")
        return [Piece(_seen_item(paper), partial(item, paper)) for paper in papers]


def _seen_item(paper: Paper) -> str:
    return paper.seen_with(tuple((one.title, one.href, one.question) for one in paper.read_in))


def _cut(write: Callable[..., str]) -> tuple[str, str]:
    """Write what stands before and behind the items of a page."""
    head, _, tail = write(items_html=ITEMS).partition(ITEMS)
    return head, tail


def _filled(write: Callable[..., str], items: Callable[[], Sequence[Piece]]) -> str:
    """Write a page by a theme's template, which may list the papers itself."""
    return write(items_html="".join(one.write() for one in items()))


def _title(paper: Paper) -> str:
    return paper.work.title


def _bar(guide: Guide) -> tuple[object, ...]:
    sections = [(one.number, one.page, one.href, one.title, len(one.papers)) for one in guide.sections]
    return guide.number, guide.name, guide.title, guide.url, sections


def _downloads(paper: Paper) -> list[tuple[str, str, str]]:
    """A paper's data as files within its page: name, ending, address. So a paper costs one file, and a saved page has it all."""
    forms = (
        ("BibTeX", "bib", "application/x-bibtex", f"{paper.bibtex}\n"),
        ("CSL-JSON", "json", "application/vnd.citationstyles.csl+json", csl_json.dump([paper.work])),
        ("RIS", "ris", "application/x-research-info-systems", ris.record(paper.work)),
    )
    return [(name, ending, f"data:{kind};charset=utf-8,{_in_data(text)}") for name, ending, kind, text in forms]


_IN_DATA = {char: f"%{ord(char):02X}" for char in '% \n\r"#<>[\\]^`{|}'}
"""What may not stand in a `data:` address, `%` first; characters beyond ASCII may."""
_CONTROLS = {chr(code): f"%{code:02X}" for code in (*range(32), 127) if chr(code) not in _IN_DATA}
_CONTROL = re.compile(f"[{re.escape(''.join(_CONTROLS))}]")


def _in_data(text: str) -> str:
    """Return a text as it stands in a `data:` address; character by character, half of `translate`'s work."""
    for char, code in _IN_DATA.items():
        text = text.replace(char, code)
    return text if text.isprintable() else _CONTROL.sub(lambda match: _CONTROLS[match[0]], text)


def summary(section: Section) -> str:
    """Return a section's list in a line: how many papers, of which years, how many preprints."""
    papers = section.papers
    preprints = sum(paper.is_preprint for paper in papers)
    core = sum(one.tier == "core" for one in section.readings if one.paper)
    parts = [f"{counted(len(papers), 'paper')}{_years(papers)}"]
    if core and core != len(papers):
        parts.append(f"{core} to read, {len(papers) - core} to go further")
    if preprints:
        parts.append(counted(preprints, "preprint"))
    return ", ".join(parts) + "."


def _years(papers: Sequence[Paper]) -> str:
    years = sorted({year for paper in papers if (year := paper.year)})
    return f" from {years[0]} to {years[-1]}" if len(years) > 1 else f" of {years[0]}" if years else ""


def _overview(guide: Guide) -> dict[str, Any]:
    years, tallest = overview.axis_of(guide.sections), overview.tallest_stack(guide.sections)
    newest = max(map(overview.newest_of, guide.sections), default=0)
    roles = Counter(one.role for section in guide.sections for one in timeline.dated(section))
    return {
        "guide": guide,
        "roles": [role for role in ROLE_TITLES if roles[role]],
        "scale_html": overview.scale(years),
        "rows": [
            _row(section, newest, overview.strip(section, years, tallest, f"strip-{section.number}"))
            for section in guide.sections
        ],
        "ties": shared.ties(guide.sections),
        "shared_html": shared.shared(guide.sections, f"shared-words-{guide.number}"),
    }


def _row(section: Section, newest: int, strip: str) -> dict[str, Any]:
    return {
        "section": section,
        "papers": len(section.papers),
        "core": sum(one.tier == "core" for one in section.readings if one.paper),
        "preprints": sum(paper.is_preprint for paper in section.papers),
        "strip_html": strip,
        "words": overview.words(section),
        "gaps": overview.gaps(section, newest),
    }
