"""The index of all papers that the page of all papers searches: a script, because a page on disk may fetch nothing."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial

from citeman import __version__
from citeman.render.formats.schema_org import escaped
from citeman.render.page import Page, Piece, seen_of
from citeman.render.view import Paper, Section, Site


def script(site: Site, path: str) -> Page:
    """Return the index as a script that hands it to `search.js`, which says what a row holds."""
    places = Counter(place for paper in site.papers if (place := paper.place))
    venues = {place: number for number, (place, _) in enumerate(places.most_common())}
    sections = {section.number: [section.title, section.page_href, section.stem] for section in _sections(site)}
    head = f'{{"sections":{_json(sections)},"venues":{_json(list(venues))},"papers":['
    rows = [_seen(paper, venues.get(paper.place, -1)) for paper in site.papers]
    return Page(
        path,
        seen_of(__version__, head, rows),
        lambda: (f'citemanPapers(JSON.parse("{_quoted(head)}', ']}"));\n'),
        lambda: [
            Piece(seen, partial(_row, paper, venues.get(paper.place, -1))) for seen, paper in zip(rows, site.papers, strict=True)
        ],
        ",",
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _quoted(text: str) -> str:
    """Return JSON as it stands within the quotes of a script's text."""
    return json.dumps(escaped(text), ensure_ascii=False)[1:-1]


def _seen(paper: Paper, venue: int) -> str:
    return f"{paper.seen_with(tuple((one.section, one.role) for one in paper.read_in))} {venue}"


def _sections(site: Site) -> list[Section]:
    return [one for guide in site.guides for section in guide.sections for one in (section, *section.questions)]


def _row(paper: Paper, venue: int) -> str:
    work = paper.work
    row = [
        paper.name,
        work.title,
        paper.title_html if "<" in paper.title_html else 0,
        paper.people,
        int(work.year) if work.year.isdigit() else "",
        venue,
        paper.status,
        [[one.section, one.role] for one in paper.read_in],
        paper.short,
        next((notice.text for notice in paper.notices if notice.kind == "grave"), ""),
    ]
    return _quoted(_json(row))
