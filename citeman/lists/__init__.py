"""`refs/<guide>.yaml`: which papers a guide's sections list, in reading order, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from citeman.errors import CitemanError
from citeman.lists.read import read
from citeman.lists.tree import Node, compose
from citeman.lists.values import KINDS, LEVELS, ROLES, SECTION_KINDS, TIERS, Cue, Item, Section
from citeman.model import Finding

__all__ = ["KINDS", "LEVELS", "ROLES", "SECTION_KINDS", "TIERS", "Cue", "Item", "ReadingLists", "Section"]


@dataclass(frozen=True, slots=True)
class ReadingLists:
    """One parsed `refs/<guide>.yaml`."""

    name: str
    """The guide's name: the file's name without `.yaml`."""
    path: str
    source: str
    title: str = ""
    guide_source: str = ""
    """The Markdown file, relative to the YAML file; empty when the guide lives elsewhere."""
    url: str = ""
    sequence: str = ""
    order: int = 0
    sections: tuple[Section, ...] = ()
    orphaned: tuple[Section, ...] = ()
    """Lists of sections that the guide no longer has and that no person has placed yet."""
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    @classmethod
    def parse(cls, source: str, path: str) -> ReadingLists:
        """Read the text of a `refs/<guide>.yaml`; what is wrong in places becomes findings.

        Raises CitemanError with the line where the text is no YAML or no mapping.
        """
        contents = read(_root(source, path), source, path)
        guide = contents.guide
        return cls(
            name=_name(path),
            path=path,
            source=source,
            title=guide.get("title", ""),
            guide_source=guide.get("source", ""),
            url=guide.get("url", ""),
            sequence=guide.get("sequence", ""),
            order=int(guide.get("order") or 0),
            sections=contents.sections,
            orphaned=contents.orphaned,
            findings=contents.findings,
        )

    def section(self, anchor: str) -> Section | None:
        """Return the section of that exact anchor."""
        return next((section for section in self.sections if section.anchor == anchor), None)


def _root(source: str, path: str) -> Node:
    root = compose(source, path)
    if root is None or root.empty:
        raise CitemanError("this file says nothing; write `sections:` with the guide's anchors, or delete it", path, 1)
    if root.kind != "mapping":
        raise CitemanError("a reading list is a mapping with `guide:` and `sections:`; this is none", path, 1)
    return root


def _name(path: str) -> str:
    file = path.replace("\\", "/").rpartition("/")[2]
    return file.removesuffix(".yml") if file.endswith(".yml") else file.removesuffix(".yaml")
