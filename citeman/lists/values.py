"""The values of a reading list: items, cues, sections, and the words that may stand in them."""

from __future__ import annotations

import re

from citeman.named import NamedTuple

ROLES = ("foundation", "result", "survey", "textbook", "empirical", "critique", "background")
LEVELS = ("intro", "core", "advanced")
TIERS = ("core", "further")
KINDS = ("widget", "talk", "code", "notes", "chapter")
SECTION_KINDS = ("section", "question")
ADDRESS = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
"""What the pages can lead to."""


class Item(NamedTuple):
    """One place in a reading list: a paper (`key`), another resource (`url`) or a pointer (`see`); just one of them is set."""

    key: str = ""
    url: str = ""
    see: str = ""
    """`anchor` or `guide#anchor`."""
    title: str = ""
    kind: str = ""
    """One of KINDS, for a resource."""
    role: str = ""
    """One of ROLES, or empty while nobody has decided."""
    why: str = ""
    tier: str = "core"
    level: str = ""
    after: tuple[str, ...] = ()
    """Citation keys to read first."""
    added: str = ""
    """ISO date on which the item came into the list."""
    context: str = ""
    """The guide's sentence that cites it, as `scan` found it."""
    line: int = 0
    start: int = 0
    """Where the item's first line starts (its indent included)."""
    end: int = 0
    """Just after the newline of the item's last line; trailing comments and blank lines are not part."""

    @property
    def identity(self) -> str:
        """What makes two items the same: the key, the URL or the pointer."""
        return self.key or self.url or f"see:{self.see}"


class Cue(NamedTuple):
    """A place in the prose that asks for a citation, and the keys that settle it."""

    text: str
    settled_by: tuple[str, ...] = ()
    line: int = 0


class Section(NamedTuple):
    """The reading list of one place in the guide: a section, or an open question inside one."""

    anchor: str
    title: str = ""
    kind: str = "section"
    """`section` or `question`."""
    parent: str = ""
    """For a question: the anchor of the section it stands in."""
    aliases: tuple[str, ...] = ()
    reading: tuple[Item, ...] = ()
    cues: tuple[Cue, ...] = ()
    watch: tuple[str, ...] = ()
    """arXiv queries for new papers."""
    line: int = 0
