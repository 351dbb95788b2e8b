"""Atom feeds (RFC 4287) of the papers that came into the lists, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from citeman.named import NamedTuple
from citeman.render.view import Reading, Section, Site

MOST = 100
"""A feed holds so many entries."""
NEVER = "1970-01-01"


class Added(NamedTuple):
    """A paper that came into a section's list on a day."""

    day: str
    section: Section
    reading: Reading


def added(sections: Iterable[Section]) -> list[Added]:
    """Return the papers of these sections and their open questions that have a day, the newest first."""
    found = [
        Added(reading.added, one, reading)
        for section in sections
        for one in (section, *section.questions)
        for reading in one.readings
        if reading.paper and reading.added
    ]
    return sorted(found, key=lambda one: one.day, reverse=True)[:MOST]


def feed(site: Site, title: str, path: str, page: str, news: Sequence[Added]) -> str:
    """Return a feed. `path` and `page` are its own address and the page's it stands for, within the site."""
    root = site.url or "urn:citeman:"
    day = news[0].day if news else NEVER
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{_text(title)}</title>",
        f"<id>{_text(root + path)}</id>",
        f"<updated>{day}T00:00:00Z</updated>",
        f"<author><name>{_text(site.title)}</name></author>",
    ]
    if site.url:
        lines.append(f'<link rel="self" type="application/atom+xml" href="{_text(site.url + path)}"/>')
        lines.append(f'<link rel="alternate" type="text/html" href="{_text(site.url + page)}"/>')
    return "\n".join([*lines, *(entry for one in news for entry in _entry(site, one)), "</feed>"]) + "\n"


def _entry(site: Site, one: Added) -> Iterator[str]:
    paper = one.reading.paper
    assert paper is not None
    home = site.url + paper.href if site.url else paper.work.home
    summary = f"{paper.people}. Read in {one.section.title}." + (f" {one.reading.why}" if one.reading.why else "")
    yield "<entry>"
    yield f"<title>{_text(paper.work.title or paper.work.key)}</title>"
    yield f"<id>{_text((site.url or 'urn:citeman:') + paper.href + '#' + one.section.anchor)}</id>"
    yield f"<updated>{one.day}T00:00:00Z</updated>"
    if home:
        yield f'<link rel="alternate" href="{_text(home)}"/>'
    yield f"<summary>{_text(summary)}</summary>"
    yield "</entry>"


def _text(text: str) -> str:
    return escape("".join(char if char in "\t\n" or char >= " " else " " for char in text))
