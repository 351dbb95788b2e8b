"""The whole site as files: pages, exports, feeds, indexes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from html import escape

from citeman.render import addresses
from citeman.render.formats import atom, bibtex, csl_json, index_json, markdown, ris
from citeman.render.pages import Page, Writer
from citeman.render.theme import Templates
from citeman.render.view import Section, Site


def files(site: Site, theme: Mapping[str, str], theme_folder: str = "") -> Iterator[Page]:
    """Yield the path of every file of the site, and how to write it, so that a large site need not fit in memory."""
    writer = Writer(site, Templates(theme, theme_folder))
    yield from ((f"static/{name}", partial(str, text)) for name, text in writer.static.items())
    yield from writer.pages()
    for section in site.sections:
        yield from _section_exports(site, section)
    yield from _whole(site)


def _section_exports(site: Site, section: Section) -> Iterator[Page]:
    """Yield a section's list in every other form."""
    works = [paper.work for paper in section.papers]
    yield f"{section.stem}.bib", lambda: bibtex.join((paper.work.key, paper.source) for paper in section.papers)
    yield f"{section.stem}.json", lambda: csl_json.dump(works)
    yield f"{section.stem}.ris", lambda: ris.dump(works)
    yield f"{section.stem}.md", lambda: markdown.section(section)
    yield f"{section.stem}.xml", lambda: _section_feed(site, section)


def _section_feed(site: Site, section: Section) -> str:
    return atom.feed(site, f"New papers: {section.title}", section.export("xml"), section.page_href, atom.added([section]))


def _whole(site: Site) -> Iterator[Page]:
    works = [paper.work for paper in site.papers]
    yield "papers.bib", lambda: site.bibtex
    yield "papers.json", lambda: csl_json.dump(works)
    yield "papers.ris", lambda: ris.dump(works)
    yield "papers.md", lambda: markdown.everything(site)
    yield (
        "papers.xml",
        lambda: atom.feed(site, f"New papers: {site.title}", "papers.xml", "papers.html", atom.added(site.sections)),
    )
    yield "index.json", lambda: index_json.dump(site)
    yield "llms.txt", lambda: markdown.llms(site)
    if site.url:
        yield "sitemap.xml", lambda: _sitemap(site)


def _sitemap(site: Site) -> str:
    pages = ["index.html", "papers.html", *(one.page for one in site.sections), *(paper.page for paper in site.papers)]
    urls = "".join(f"<url><loc>{escape(site.url + addresses.href(page))}</loc></url>\n" for page in pages)
    head = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{urls}</urlset>\n"
