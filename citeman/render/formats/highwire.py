"""Highwire Press tags: the `<meta name="citation_…">` that Google Scholar, Zotero and Mendeley read on a paper's page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from citeman.render.works import Work


def html(work: Work) -> str:
    """Return the tags as HTML: written here because a page has a score of them, and a template takes thrice the time."""
    return "\n".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in _tags(work) if value)


def _tags(work: Work) -> Iterator[tuple[str, str]]:
    yield "citation_title", work.title
    for person in work.authors:
        yield (
            "citation_author",
            person.literal or ", ".join(part for part in (person.surname, person.given, person.suffix) if part),
        )
    yield "citation_publication_date", work.date.replace("-", "/")
    if work.type in {"inproceedings", "conference"}:
        yield "citation_conference_title", work.container
    elif work.type in {"incollection", "inbook"}:
        yield "citation_inbook_title", work.container
    else:
        yield "citation_journal_title", work.container
    thesis = work.type in {"phdthesis", "mastersthesis", "thesis"}
    yield ("citation_dissertation_institution" if thesis else "citation_publisher"), work.publisher
    yield "citation_volume", work.volume
    yield "citation_issue", work.number
    yield "citation_firstpage", work.first_page
    yield "citation_lastpage", work.last_page
    yield "citation_doi", work.doi
    yield "citation_arxiv_id", work.arxiv
    yield "citation_isbn", work.isbn
    yield "citation_issn", work.issn
    yield "citation_pdf_url", f"https://arxiv.org/pdf/{work.arxiv}" if work.arxiv else ""
    yield "citation_public_url", work.home
    yield from (("citation_keywords", word) for word in work.keywords)
