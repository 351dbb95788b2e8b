"""What a guide consists of: sections, question boxes, footnotes, links. Offsets are into the guide's source as given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from citeman.named import NamedTuple

if TYPE_CHECKING:
    from citeman.ids import Identifier


class GuideSection(NamedTuple):
    """A heading and the text under it."""

    level: int
    title: str
    """The heading's text without markup; math keeps its dollars."""
    anchor: str
    line: int
    start: int
    """Where the heading's first line starts."""
    heading_end: int
    """Just after the newline of the heading's last line."""
    end: int
    """Where the next heading of the same or a higher level starts (or the container, or the guide, ends)."""
    body_end: int
    """Where the next heading of any level starts."""
    explicit: bool = False
    """The author wrote the anchor."""
    nested: bool = False
    """The heading stands in a list item, block quote or footnote, or is a comment in code that the site generator takes for text:
    it has an anchor, but divides no text outside of that."""


class Question(NamedTuple):
    """A `<div class="question-box">`: an open question, a place of its own inside a section."""

    title: str
    anchor: str
    """Unique among questions and headings; starts with `question-` unless the box has an id."""
    section: str
    """Anchor of the innermost section it stands in; empty before the first heading."""
    line: int
    start: int
    end: int


class Footnote(NamedTuple):
    """A note: `[^label]: text` or, with an empty label, `^[text]`."""

    label: str
    text: str
    """The Markdown of the note."""
    line: int
    start: int
    end: int


class PageLink(NamedTuple):
    """A link to a place in the same page: `[text](#target)` or `<a href="#target">`."""

    target: str
    """The anchor, percent-decoded, without `#`."""
    line: int
    start: int
    end: int


class Citation(NamedTuple):
    """A place where the guide cites a work: a link to one, or citation keys."""

    line: int
    start: int
    end: int
    section: str
    """Anchor of the innermost section or question box, no nested heading; for a footnote, of the place that refers to it."""
    label: str
    """The link's text, or the citation as written, without markup."""
    url: str
    """The address as written; empty for keys."""
    identifier: Identifier | None
    keys: tuple[str, ...]
    form: str
    """link reference autolink url html (to an address); pandoc textual myst tex liquid distill (by keys)."""
    sentence: str
    """The sentence around it, as plain text."""


class GuideCue(NamedTuple):
    """A place in the prose that asks for a citation."""

    pattern: str
    """The name of the pattern that found it, a key of `cues.PATTERNS`."""
    text: str
    """The note or sentence, as plain text."""
    section: str
    line: int
    start: int
    end: int
