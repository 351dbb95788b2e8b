"""HTML of what stands on hundreds of pages, item by item: written here, because a template takes thrice the time."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from citeman.render.view import Badge, Link


def badges(those: Iterable[Badge]) -> str:
    """Return a paper's badges as a list; nothing for none."""
    items = "\n".join(map(_badge, those))
    return f'<ul class="badges" aria-label="Where to find it">\n{items}\n</ul>' if items else ""


def facts(those: Iterable[tuple[str, Link]]) -> str:
    """Return the names and values of a paper's facts, as they stand in a `<dl>`."""
    return "\n".join(f"<div><dt>{name}</dt><dd>{_link(link)}</dd></div>" for name, link in those)


def _badge(badge: Badge) -> str:
    kind, text, href, title = badge
    told = f' title="{escape(title)}"' if title else ""
    shown = f'<a href="{escape(href)}"{told}>{escape(text)}</a>' if href else f"<span{told}>{escape(text)}</span>"
    return f'<li class="badge {kind}">{shown}</li>'


def _link(link: Link) -> str:
    text, href, _ = link
    return f'<a href="{escape(href)}">{escape(text)}</a>' if href else escape(text)
