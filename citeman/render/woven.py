"""A section's reading list as it stands in the guide itself: Markdown or HTML, as a list, a paragraph or a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from citeman import ids, labels, tex
from citeman.labels import Label
from citeman.library import Library, Place
from citeman.lists import Item
from citeman.render import prose
from citeman.render.formats.markdown import escape

Shape = Literal["list", "paragraph", "table"]
Language = Literal["markdown", "html"]


@dataclass(frozen=True, slots=True)
class Style:
    """How a reading list is written into a guide."""

    shape: Shape = "list"
    language: Language = "markdown"
    heading: str = "Further reading"
    core_only: bool = False
    with_why: bool = True


@dataclass(frozen=True, slots=True)
class _Line:
    """One item, in its parts."""

    label: str
    """A paper's citation, which leads to it; of what is no paper a word on what it is, and the title leads to it."""
    url: str
    title: str
    """TeX for a paper, plain text else."""
    why: str
    is_tex: bool = True


def woven(library: Library, place: Place, style: Style, names: Mapping[str, Label]) -> str:
    """Return the text of a place's reading list; empty where it lists nothing. `names` are the labels of the whole store."""
    items = [item for item in place.section.reading if not (style.core_only and item.tier == "further")]
    lines = [line for item in items if (line := _line(library, place, item, names))]
    if not lines:
        return ""
    write = _html if style.language == "html" else _markdown
    return "\n".join(write(lines, style))


def _line(library: Library, place: Place, item: Item, names: Mapping[str, Label]) -> _Line | None:
    if item.see:
        target = item.see if "#" in item.see else f"{place.volume.name}#{item.see}"
        title = next((other.section.title for other in library.places if other.name == target), item.see)
        return _Line("See also", _address(library, item.see), title, item.why, False)
    if item.url:
        return _Line(f"{item.kind.capitalize()}:", item.url, item.title, item.why, False)
    entry = library.bibliography.get(item.key)
    if entry is None:
        return None
    found = ids.of_entry(entry)
    best = next((one for one in found if one.kind == "arxiv"), next(iter(found), None))
    return _Line(names[entry.key].text, ids.url_of(best) if best else "", entry.get("title"), item.why)


def _address(library: Library, see: str) -> str:
    """The address of another section: in the page itself, or in another guide where that has a URL."""
    guide, _, anchor = see.rpartition("#")
    volume = next((volume for volume in library.volumes if volume.name == guide), None)
    return f"{volume.lists.url if volume else ''}#{anchor}"


def _markdown(lines: Sequence[_Line], style: Style) -> Iterator[str]:
    if style.heading:
        yield from (f"**{escape(style.heading)}**", "")
    if style.shape == "table":
        yield from ("| Read | Title | Why |", "|---|---|---|") if style.with_why else ("| Read | Title |", "|---|---|")
        yield from (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in _cells(line, style))} |" for line in lines)
    elif style.shape == "paragraph":
        yield "; ".join(f"{_label(line, ',')} {_title(line)}" for line in lines) + "."
    else:
        yield from (f"- {_label(line, '.')} {_title(line, '.')}{_why(line, style)}" for line in lines)


def _cells(line: _Line, style: Style) -> list[str]:
    return [_label(line), _title(line), *([_why(line, style).strip()] if style.with_why else [])]


def _label(line: _Line, stop: str = "") -> str:
    return f"{labels.markdown(line.label, line.url)}{stop}" if line.is_tex else escape(line.label)


def _title(line: _Line, stop: str = "") -> str:
    return f"*{_escaped(line)}{stop}*" if line.is_tex else f"[{_escaped(line)}](<{line.url}>){stop}"


def _escaped(line: _Line) -> str:
    """The title with its math in dollars, and everything else that Markdown would read as markup escaped."""
    text = " ".join((tex.to_unicode(line.title) if line.is_tex else line.title).split()).rstrip(".")
    parts = text.split("$") if line.is_tex else [text]
    if len(parts) % 2 == 0:
        return escape(text).replace("$", "\\$")
    return "$".join(part if number % 2 else escape(f"x{part}")[1:] for number, part in enumerate(parts))


def _why(line: _Line, style: Style) -> str:
    return f" {' '.join(line.why.split())}" if style.with_why and line.why else ""


def _html(lines: Sequence[_Line], style: Style) -> Iterator[str]:
    yield '<aside class="citeman-reading-list">'
    if style.heading:
        yield f"<p><strong>{tex.escape_html(style.heading)}</strong></p>"
    opened, closed = {"list": ("<ul>", "</ul>"), "table": ("<table>", "</table>"), "paragraph": ("<p>", "</p>")}[style.shape]
    yield opened
    yield from (_html_line(line, style) for line in lines)
    yield from (closed, "</aside>")


def _html_line(line: _Line, style: Style) -> str:
    stop = "." * (style.shape == "list")
    label = _opaque(tex.escape_html(line.label))
    title = _opaque(tex.to_html(line.title, links=False) if line.is_tex else tex.escape_html(line.title))
    if line.is_tex:
        label, title = _linked(label, line.url), f"<em>{title}{stop}</em>"
    else:
        title = f"{_linked(title, line.url)}{stop}"
    why = _opaque(prose.to_html(line.why)) if style.with_why and line.why else ""
    if style.shape == "table":
        return f"<tr><td>{label}</td><td>{title}</td>{f'<td>{why}</td>' if style.with_why else ''}</tr>"
    if style.shape == "paragraph":
        return f"{label}{',' * line.is_tex} {title}."
    return f"<li>{label}{stop * line.is_tex} {title}{f' {why}' if why else ''}</li>"


def _linked(html: str, url: str) -> str:
    is_safe = url.startswith("#") or tex.is_safe_url(url)
    return f'<a href="{tex.escape_html(url)}">{html}</a>' if url and is_safe else html


_MARKDOWN = re.compile(r"(<[^>]*>|&#?\w+;)|([\\`*_\[\]$~^|@#!])")


def _opaque(html: str) -> str:
    """Return HTML whose text Markdown does not read once more, as pandoc does inside of HTML blocks."""
    return _MARKDOWN.sub(lambda match: match[1] or f"&#{ord(match[2])};", html)
