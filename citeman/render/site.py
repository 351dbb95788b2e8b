"""The whole site as files: pages, exports, feeds, indexes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from citeman.render import addresses
from citeman.render.formats import atom, bibtex, csl_json, index_json, markdown, ris
from citeman.render.pages import Page, Writer
from citeman.render.theme import Templates
from citeman.render.view import Section, Site


def files(site: Site, theme: Mapping[str, str], theme_folder: str = "") -> Iterator[Page]:
    """Yield the path and text of every file of the site, one at a time so that a large one need not fit in memory."""
    templates = Templates(theme, theme_folder)
    writer = Writer(site, templates)
    yield from ((f"static/{name}", text) for name, text in writer.static.items())
    yield from writer.pages()
    for section in site.sections:
        yield from section_exports(site, section)
    yield from _whole(site)


def section_exports(site: Site, section: Section) -> Iterator[Page]:
    """Yield a section's list in every other form."""
    works = [paper.work for paper in section.papers]
    yield f"{section.stem}.bib", bibtex.join((paper.work.key, paper.source) for paper in section.papers)
    yield f"{section.stem}.json", csl_json.dump(works)
    yield f"{section.stem}.ris", ris.dump(works)
    yield f"{section.stem}.md", markdown.section(section)
    news = atom.added([section])
    yield f"{section.stem}.xml", atom.feed(site, f"New papers: {section.title}", section.export("xml"), section.page_href, news)


def _whole(site: Site) -> Iterator[Page]:
    works = [paper.work for paper in site.papers]
    yield "papers.bib", site.bibtex
    yield "papers.json", csl_json.dump(works)
    yield "papers.ris", ris.dump(works)
    yield "papers.md", markdown.everything(site)
    yield "papers.xml", atom.feed(site, f"New papers: {site.title}", "papers.xml", "papers.html", atom.added(site.sections))
    yield "index.json", index_json.dump(site)
    yield "llms.txt", markdown.llms(site)
    if site.url:
        yield "sitemap.xml", _sitemap(site)


def _sitemap(site: Site) -> str:
    pages = ["index.html", "papers.html", *(one.page for one in site.sections), *(paper.page for paper in site.papers)]
    urls = "".join(f"<url><loc>{escape(site.url + addresses.href(page))}</loc></url>\n" for page in pages)
    head = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{urls}</urlset>\n"
