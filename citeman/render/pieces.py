"""Reading lists as bare pieces of HTML for other generators' pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from citeman.render.addresses import Names
from citeman.render.page import Page, page, seen_of
from citeman.render.pages import Once
from citeman.render.theme import Templates, own_file
from citeman.render.view import Section, Site

STYLE = "citeman.css"
_BRACES = {ord("{"): "&#123;", ord("}"): "&#125;"}


def fragments(site: Site, theme: Mapping[str, str], theme_folder: str = "") -> Iterator[Page]:
    """Yield a fragment for each section and open question that has a list, and a style sheet that touches nothing else."""
    templates = Templates(theme, theme_folder)
    style = templates.static.get("fragment.css") or own_file("static", "fragment.css")
    yield page(STYLE, seen_of(style), partial(str, style))
    for guide in site.guides:
        names = Names()
        for one in (one for section in guide.sections for one in (section, *section.questions) if one.readings):
            path = f"{one.page.partition('/')[0]}/{names.give(one.anchor)}.html"
            yield page(path, seen_of(one) if templates.are_citemans else "", partial(fragment, templates, one))


def fragment(templates: Templates, section: Section) -> str:
    """Return one list so that it survives being pasted into Markdown and into templates.

    No blank line, which would end an HTML block of Markdown, and no brace, which Liquid, Jinja and Go templates would read.
    """
    text = templates.render("fragment.html", section=section, ids=Once())
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line).translate(_BRACES) + "\n"
