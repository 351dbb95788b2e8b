"""A guide's Markdown, read: front matter, sections and anchors, question boxes, footnotes, links."""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from citeman.guide.values import Citation, Footnote, GuideCue, GuideSection, PageLink, Question
from citeman.model import Finding
from citeman.named import NamedTuple
from citeman.text import Edit

if TYPE_CHECKING:
    from citeman.ids import Identifier

__all__ = [
    "Citation",
    "Footnote",
    "Guide",
    "GuideCue",
    "GuideSection",
    "PageLink",
    "Question",
    "propose_rule",
    "rename_key",
    "to_keys",
    "to_links",
]


class Guide(NamedTuple):
    """One parsed guide. Offsets are into `source`."""

    source: str
    path: str = ""
    rule: str = "pandoc"
    front_matter: Mapping[str, str] = MappingProxyType({})
    """Top-level scalars as written; nested values are left out."""
    sections: tuple[GuideSection, ...] = ()
    questions: tuple[Question, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    links: tuple[PageLink, ...] = ()
    """Links to places in the page itself."""
    targets: frozenset[str] = frozenset()
    """Everything a link in the page can point to: headings, ids in raw HTML, attributes and labels."""
    citations: tuple[Citation, ...] = ()
    """Every place that cites a work, by a link to it or by keys, in order."""
    pages: tuple[Citation, ...] = ()
    """Links to web pages that are no known kind of publication."""
    code: tuple[tuple[int, int], ...] = ()
    """Spans of the code blocks."""
    cues: tuple[GuideCue, ...] = ()
    """Places in the prose that ask for a citation."""
    findings: tuple[Finding, ...] = ()

    @classmethod
    def parse(cls, source: str, path: str = "", rule: str = "pandoc") -> Guide:
        """Read a guide as the site generator behind `rule` (one of `anchors.RULES`) does; never fails on any text."""
        from citeman.guide.reading import read

        return cls(source, path, rule, **read(source, path, rule))

    def section(self, anchor: str) -> GuideSection | None:
        """Return the section of that exact anchor."""
        return next((section for section in self.sections if section.anchor == anchor), None)

    def question(self, anchor: str) -> Question | None:
        """Return the question box of that exact anchor."""
        return next((question for question in self.questions if question.anchor == anchor), None)

    def place_at(self, offset: int) -> GuideSection | Question | None:
        """Return the innermost question box or section that holds the offset; None before the first heading."""
        for question in self.questions:
            if question.start <= offset < question.end:
                return question
        return self.section_at(offset)

    def section_at(self, offset: int) -> GuideSection | None:
        """Return the innermost section that holds the offset (the end of the source belongs to the last)."""
        inside = [
            section
            for section in self.sections
            if section.start <= offset < section.end or offset == section.end == len(self.source)
        ]
        return inside[-1] if inside else None

    def in_code(self, offset: int) -> bool:
        """Tell whether an offset stands in a code block."""
        index = bisect.bisect_right(self.code, offset, key=lambda span: span[0]) - 1
        return index >= 0 and offset < self.code[index][1]

    def defined_keys(self) -> dict[str, Identifier]:
        """Return the keys to which the guide itself gives the address of a work, `[@key]: address`."""
        from citeman.guide import citations

        return citations.defined(self.source)

    def text_of(self, section: GuideSection) -> str:
        """Return the Markdown under a heading, up to the next heading of any level."""
        return self.source[section.heading_end : section.body_end]


def propose_rule(source: str) -> str:
    """Return the slug rule that resolves most of the guide's own `#links`; of equals MyST's where the text is written in it, else
    the default."""
    from citeman.guide.anchors import RULES
    from citeman.guide.blocks import is_myst
    from citeman.guide.reading import resolved

    is_its_own = is_myst(source)
    return max(RULES, key=lambda rule: (resolved(source, rule), is_its_own and rule == "myst"))


def to_keys(guide: Guide, keys: Mapping[Identifier, str]) -> list[Edit]:
    """Write the links to works in `keys` as pandoc citations.

    A label "Author (Year)" becomes `@key`, one in doubled brackets or without words of its own `[@key]`; any other label stays in
    the sentence, with `[@key]` behind it.
    """
    from citeman.guide import rewrite

    return rewrite.to_keys(guide, keys)


def to_links(guide: Guide, links: Mapping[str, tuple[str, str]]) -> list[Edit]:
    """Write pandoc citations as Markdown links; `links` maps a key to its label, "Author (Year)", and its address.

    `@key` becomes `[label](address)`, `[@key]` the same with doubled brackets; prefixes and locators stay, in parentheses. A
    citation with a key that is not in `links` is left alone.
    """
    from citeman.guide import rewrite

    return rewrite.to_links(guide, links)


def rename_key(guide: Guide, old: str, new: str) -> list[Edit]:
    """Write another key in every citation that has the old one, whatever its form."""
    from citeman.guide import rewrite

    return rewrite.rename_key(guide, old, new)
