"""The whole site as files: pages, exports, feeds, indexes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from html import escape

from citeman.render import addresses
from citeman.render.formats import atom, bibtex, csl_json, index_json, markdown, ris
from citeman.render.page import Page, Piece, page, seen_of
from citeman.render.pages import Writer
from citeman.render.theme import Templates
from citeman.render.view import Paper, Section, Site


def files(site: Site, theme: Mapping[str, str], theme_folder: str = "") -> Iterator[Page]:
    """Yield every file of the site, each written when it is asked for, so that a large site need not fit in memory."""
    writer = Writer(site, Templates(theme, theme_folder))
    yield from writer.pages()
    for section in site.sections:
        yield from _section_exports(writer, section)
    yield from _whole(writer)


def _section_exports(writer: Writer, section: Section) -> Iterator[Page]:
    """Yield a section's list in every other form."""
    works = [paper.fingerprint for paper in section.papers]
    seen = seen_of(writer.common, writer.section_seen(section))
    yield page(f"{section.stem}.bib", seen_of(works), lambda: bibtex.join((one.key, one.source) for one in section.papers))
    yield page(f"{section.stem}.json", seen_of(works), lambda: csl_json.dump(one.work for one in section.papers))
    yield page(f"{section.stem}.ris", seen_of(works), lambda: ris.dump(one.work for one in section.papers))
    yield page(f"{section.stem}.md", seen, lambda: markdown.section(section))
    yield page(f"{section.stem}.xml", seen, lambda: _section_feed(writer.site, section))


def _section_feed(site: Site, section: Section) -> str:
    return atom.feed(site, f"New papers: {section.title}", section.export("xml"), section.page_href, atom.added([section]))


def _whole(writer: Writer) -> Iterator[Page]:
    site, common = writer.site, writer.common
    works = [paper.fingerprint for paper in site.papers]
    news = atom.added(site.sections)
    yield page("papers.bib", seen_of(site.bibtex), lambda: site.bibtex)
    yield Page(
        "papers.json",
        seen_of(works),
        lambda: _with_newline(*csl_json.frame(site.papers)),
        lambda: [Piece(one.fingerprint, partial(_csl_line, one)) for one in site.papers],
        ",\n",
    )
    yield Page(
        "papers.ris",
        seen_of(works),
        lambda: ("", ""),
        lambda: [Piece(one.fingerprint, partial(_ris_record, one)) for one in site.papers],
        "\r\n",
    )
    yield markdown.everything(site, "papers.md", writer.section_seen)
    yield page(
        "papers.xml",
        seen_of(common, news),
        lambda: atom.feed(site, f"New papers: {site.title}", "papers.xml", "papers.html", news),
    )
    yield index_json.page(site, "index.json")
    yield page("llms.txt", seen_of(common, len(site.papers), writer.bars), lambda: markdown.llms(site))
    if site.url:
        yield page("sitemap.xml", seen_of(common, writer.bars, [one.name for one in site.papers]), lambda: _sitemap(site))


def _csl_line(paper: Paper) -> str:
    return csl_json.line(paper.work)


def _ris_record(paper: Paper) -> str:
    return ris.record(paper.work)


def _with_newline(before: str, behind: str) -> tuple[str, str]:
    return before, f"{behind}\n"


def _sitemap(site: Site) -> str:
    pages = ["index.html", "papers.html", *(one.page for one in site.sections), *(paper.page for paper in site.papers)]
    urls = "".join(f"<url><loc>{escape(site.url + addresses.href(page))}</loc></url>\n" for page in pages)
    head = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{urls}</urlset>\n"
