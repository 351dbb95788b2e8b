"""The index of all papers that the page of all papers searches: a script, because a page on disk may fetch nothing."""

from __future__ import annotations

import json
from collections import Counter

from citeman.render.formats.schema_org import escaped
from citeman.render.view import Paper, Section, Site


def script(site: Site) -> str:
    """Return the index as a script that hands it to `search.js`, which says what a row holds."""
    venues = {
        place: number
        for number, (place, _) in enumerate(Counter(paper.place for paper in site.papers if paper.place).most_common())
    }
    index = {
        "sections": {section.number: [section.title, section.page_href, section.stem] for section in _sections(site)},
        "venues": list(venues),
        "papers": [_row(paper, venues.get(paper.place, -1)) for paper in site.papers],
    }
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    return f"citemanPapers(JSON.parse({json.dumps(escaped(text), ensure_ascii=False)}));\n"


def _sections(site: Site) -> list[Section]:
    return [one for guide in site.guides for section in guide.sections for one in (section, *section.questions)]


def _row(paper: Paper, venue: int) -> list[object]:
    work = paper.work
    return [
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
