"""`index.json`: everything the pages show, for programs; docs/index-json.md says what each member means."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from citeman.render.formats import csl_json
from citeman.render.page import Page, Piece, seen_of
from citeman.render.view import Guide, Paper, Reading, Section, Site

FORMAT = 1


def page(site: Site, path: str) -> Page:
    """Return the document; each of its papers is a piece."""
    seen = seen_of(site.title, site.url, site.guides, site.papers)
    return Page(path, seen, partial(_frame, site), lambda: [Piece(one.seen, partial(_line, one)) for one in site.papers], ",\n")


def _frame(site: Site) -> tuple[str, str]:
    head = json.dumps({"format": FORMAT, "title": site.title, "url": site.url}, ensure_ascii=False)
    guides = csl_json.lines(_guide(guide) for guide in site.guides)
    before, behind = csl_json.frame(site.papers)
    return f'{head[:-1]},\n"guides": {guides},\n"papers": {before}', f"{behind}\n}}\n"


def _line(paper: Paper) -> str:
    return f'{json.dumps(_paper(paper), ensure_ascii=False)[:-1]}, "csl": {csl_json.line(paper.work)}}}'


def _guide(guide: Guide) -> dict[str, Any]:
    return {"name": guide.name, "title": guide.title, "url": guide.url, "sections": [_section(one) for one in guide.sections]}


def _section(section: Section) -> dict[str, Any]:
    return {
        "anchor": section.anchor,
        "title": section.title,
        "page": section.href,
        "url": section.guide_url,
        "reading": [_reading(one) for one in section.readings],
        "questions": [_section(question) for question in section.questions],
    }


def _reading(reading: Reading) -> dict[str, Any]:
    what = {"key": reading.paper.key} if reading.paper else {"key": reading.missing} if reading.missing else {}
    values = {
        **what,
        "see": reading.href if reading.kind == "see" else "",
        "url": reading.href if reading.kind != "see" else "",
        "title": reading.title,
        "kind": reading.kind,
        "role": reading.role,
        "tier": reading.tier,
        "level": reading.level,
        "why": reading.why,
        "after": list(reading.after_keys),
        "added": reading.added,
    }
    return {name: value for name, value in values.items() if value}


def _paper(paper: Paper) -> dict[str, Any]:
    """A paper without its CSL-JSON, which is written for other files too."""
    return {
        "key": paper.key,
        "label": paper.short,
        "page": paper.href,
        "status": paper.status,
        "notices": [notice.text for notice in paper.notices],
        "read_in": [
            {"guide": one.guide, "section": one.title, "page": one.href, "role": one.role, "tier": one.tier}
            for one in paper.read_in
        ],
    }
