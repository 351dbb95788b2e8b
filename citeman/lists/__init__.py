"""`refs/<guide>.yaml`: which papers a guide's sections list, in reading order, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from citeman import text
from citeman.errors import CitemanError
from citeman.lists.read import GUIDE_FIELDS, ITEM_FIELDS, read
from citeman.lists.tree import Node, compose
from citeman.lists.values import ADDRESS, KINDS, LEVELS, ROLES, SECTION_KINDS, TIERS, Cue, Item, Section
from citeman.model import Finding
from citeman.named import NamedTuple
from citeman.text import Edit

__all__ = ["ADDRESS", "KINDS", "LEVELS", "ROLES", "SECTION_KINDS", "TIERS", "Cue", "Item", "ReadingLists", "Section", "new"]


_INTRODUCTION = """\
Which papers to read at which section of the guide, in reading order.
Say under `guide:` where it is published (`url: https://...`), and the pages lead back to its sections.
A section's list is written like this, by hand or by `citeman link`:

    reading:
      - key: jacot2018neural      # from references.bib
        role: foundation          # foundation result survey textbook empirical critique background
        why: One sentence on why to read it here.
        level: intro              # intro core advanced; may be left out, like:
        tier: further             # for the reader who wants more
        after: [neal1996bayesian] # what to read first
"""


_TANGLED = "citeman cannot change this place without changing another (is it written with YAML aliases?); edit it by hand"


class ReadingLists(NamedTuple):
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
    findings: tuple[Finding, ...] = ()

    @classmethod
    def parse(cls, source: str, path: str) -> ReadingLists:
        """Read the text of a `refs/<guide>.yaml`; what is wrong in places becomes findings.

        Raises CitemanError with the line where the text is no YAML or no mapping.
        """
        return _parsed(source, path)

    def section(self, anchor: str) -> Section | None:
        """Return the section of that exact anchor."""
        return next((section for section in self.sections if section.anchor == anchor), None)

    def add_item(self, anchor: str, item: Item, before: str = "", after: str = "", first: bool = False) -> list[Edit]:
        """Add an item to a section: before or after the item of that identity, as the first, or where its tier ends."""
        return self.add_items(anchor, (item,), before, after, first)

    def add_items(self, anchor: str, items: Sequence[Item], before: str = "", after: str = "", first: bool = False) -> list[Edit]:
        """Add items to a section, one after the other. Raises CitemanError for one that is there already."""
        from citeman.lists import edits as edit_items

        section = self.section(anchor)
        held = {item.identity for item in section.reading} if section else set()
        for item in items:
            self._check_key(item.key)
            if item.identity in held:
                raise CitemanError(
                    f"{item.identity!r} is listed in section {anchor!r} already", self.path, section.line if section else 0
                )
            held.add(item.identity)
        edits = self._edits(edit_items.add_items, anchor, items, before=before, after=after, first=first)
        return self._proved(edits, [anchor], [item.identity for item in items])

    def remove_item(self, anchor: str, identity: str) -> list[Edit]:
        """Take an item (its key, its URL, or `see:` and what it points to) out of a section."""
        from citeman.lists import edits as edit_items

        return self._proved(self._edits(edit_items.remove_item, anchor, identity), [anchor], [identity])

    def set_item(self, anchor: str, identity: str, name: str, value: str | Sequence[str] | None) -> list[Edit]:
        """Set a field of an item by its name in the file (`why`, `after` …), or take it out with None."""
        from citeman.lists import edits as edit_items

        if name not in ITEM_FIELDS or name in ("key", "url", "see"):
            raise ValueError(f"{name} is no field of an item that can be set")
        return self._proved(self._edits(edit_items.set_item, anchor, identity, name, value), [anchor], [identity])

    def rename_key(self, old: str, new: str) -> list[Edit]:
        """Write another citation key wherever this file names the old one."""
        from citeman.lists import edits as edit_items

        return self._proved(self._edits(edit_items.rename_key, old, new), self._anchors())

    def without_key(self, key: str) -> str:
        """Return the text with a citation key forgotten: its items, what is to be read after it, the cues that it settles.

        Raises CitemanError where the file is written in a way (YAML aliases) in which that would change more.
        """
        from citeman.lists import forget

        present = self
        while edits := present._edits(forget.forget_key, key):
            source = text.apply(present.source, edits)
            if len(source) >= len(present.source):
                break
            present = ReadingLists.parse(source, self.path)
        for before, after in ((self.sections, present.sections), (self.orphaned, present.orphaned)):
            if forget.without_key(before, key) != forget.without_key(after, key) or _uses(after, key):
                raise CitemanError(_TANGLED, self.path)
        return present.source

    def add_cue(self, anchor: str, words: str, settled_by: Sequence[str] = ()) -> list[Edit]:
        """Add a cue to a section."""
        from citeman.lists import edits as edit_items

        return self._proved(self._edits(edit_items.add_cue, anchor, Cue(words, tuple(settled_by))), [anchor])

    def settle_cue(self, anchor: str, words: str, key: str) -> list[Edit]:
        """Record that a key settles the cue of that text; the cue is added where the section does not have it."""
        from citeman.lists import edits as edit_items

        self._check_key(key)
        return self._proved(self._edits(edit_items.settle_cue, anchor, words, key), [anchor])

    def set_guide(self, name: str, value: str | None) -> list[Edit]:
        """Set a fact about the guide by its name in the file (`title`, `source` …), or take it out with None."""
        from citeman.lists import edits as edit_items

        if name not in GUIDE_FIELDS:
            raise ValueError(f"{name} is no field of `guide`")
        return self._proved(self._edits(edit_items.set_guide, name, value), ())

    def add_section(self, section: Section, before_anchor: str = "") -> list[Edit]:
        """Add a section with all that it holds, before another one or as the last."""
        from citeman.lists import places as edit_sections

        if there := self.section(section.anchor):
            raise CitemanError(f"section {section.anchor!r} is there already", self.path, there.line)
        return self._proved(self._edits(edit_sections.add_section, section, before_anchor), [section.anchor])

    def remove_section(self, anchor: str) -> list[Edit]:
        """Take out a section with all its lines."""
        from citeman.lists import places as edit_sections

        return self._proved(self._edits(edit_sections.remove_section, anchor), [anchor])

    def rename_section(self, old: str, new: str, title: str | None = None, keep_alias: bool = True) -> list[Edit]:
        """Give a section another anchor, with the old one as alias; what points to it in this file follows."""
        from citeman.lists import places as edit_sections

        if old != new and (there := self.section(new)):
            raise CitemanError(f"section {new!r} is there already; join the two by hand", self.path, there.line)
        edits = self._edits(edit_sections.rename_section, self.name, old, new, title, keep_alias)
        return self._proved(edits, (*self._anchors(), new))

    def add_alias(self, anchor: str, alias: str) -> list[Edit]:
        """Give a section another name by which it can be asked for; a former anchor, so that old pages redirect."""
        from citeman.lists import places as edit_sections

        return self._proved(self._edits(edit_sections.add_alias, anchor, alias), [anchor])

    def add_watch(self, anchor: str, query: str) -> list[Edit]:
        """Add an arXiv query for new papers to a section."""
        from citeman.lists import places as edit_sections

        return self._proved(self._edits(edit_sections.add_watch, anchor, query), [anchor])

    def repoint(self, old: str, new: str) -> list[Edit]:
        """Lead whatever points to the section `old` to `new`; both are written `guide#anchor`."""
        from citeman.lists import places as edit_sections

        edits = self._edits(edit_sections.repoint, self.name, old, new)
        return self._proved(edits, self._anchors()) if edits else []

    def orphan_section(self, anchor: str) -> list[Edit]:
        """Set a section aside under `orphaned:`, with all its lines."""
        from citeman.lists import places as edit_sections

        return self._proved(self._edits(edit_sections.move_section, anchor, "sections", "orphaned"), [anchor])

    def adopt_section(self, anchor: str, before_anchor: str = "") -> list[Edit]:
        """Bring a section back from `orphaned:`, before another one or as the last."""
        from citeman.lists import places as edit_sections

        return self._proved(self._edits(edit_sections.move_section, anchor, "orphaned", "sections", before_anchor), [anchor])

    def remove_orphan(self, anchor: str) -> list[Edit]:
        """Take out an orphaned section with all its lines."""
        from citeman.lists import places as edit_sections

        return self._proved(self._edits(edit_sections.remove_section, anchor, "orphaned"), [anchor])

    def comments(self) -> tuple[tuple[int, str], ...]:
        """Return every comment in the file with its offset."""
        from citeman.lists.comments import comments

        return tuple(comments(self.source, _root(self.source, self.path)))

    def put_comments(self, anchor: str, lines: Sequence[str]) -> list[Edit]:
        """Write comments, each from its `#`, above a section."""
        from citeman.lists.comments import put_above

        return self._proved(self._edits(put_above, anchor, lines), [])

    def _check_key(self, key: str) -> None:
        """Refuse a key with bytes that are no UTF-8: in YAML, which has none, it would be another key."""
        if key != text.display(key):
            raise CitemanError(
                f"{text.display(key)!r} is no key that a list can name: it holds bytes that are not UTF-8; `citeman rename` it",
                self.path,
            )

    def _anchors(self) -> tuple[str, ...]:
        return tuple(section.anchor for section in (*self.sections, *self.orphaned))

    def _edits(self, make: Callable[..., list[Edit]], *arguments: object, **options: object) -> list[Edit]:
        try:
            return make(self.source, _root(self.source, self.path), *arguments, **options)
        except CitemanError as error:
            section = self.section(str(arguments[0]))
            raise CitemanError(error.message, self.path, error.line or (section.line if section else 0)) from None

    def _proved(self, edits: list[Edit], anchors: Sequence[str], identities: Sequence[str] = ()) -> list[Edit]:
        """Return the edits when everything outside of these anchors' items still reads the same, else raise CitemanError.

        YAML has ways (aliases, merge keys, odd indents) in which a change of one place is a change of another.
        """
        try:
            after = ReadingLists.parse(text.apply(self.source, edits), self.path)
        except CitemanError:
            after = None
        if after is None or self._outside(anchors, identities) != after._outside(anchors, identities):
            raise CitemanError(_TANGLED, self.path, text.line_of(self.source, edits[0].start))
        return edits

    def _outside(self, anchors: Sequence[str], identities: Sequence[str]) -> object:
        from citeman.lists import proof

        guide = (self.title, self.guide_source, self.url, self.sequence, self.order) if anchors else ()
        return guide, *(proof.outside(sections, anchors, identities) for sections in (self.sections, self.orphaned))


def new(guide: Mapping[str, str], sections: Iterable[Section], comment: str = "") -> str:
    """Return the text of a fresh `refs/<guide>.yaml`: facts about the guide by their names in the file, and sections.

    The comment goes on top; without one it is a short introduction to the format.
    """
    from citeman.lists import write

    return write.fresh(guide, sections, comment or _INTRODUCTION)


@lru_cache(maxsize=4)
def _parsed(source: str, path: str) -> ReadingLists:
    """Read a text; what proves an edit and what then takes it read the same one."""
    contents = read(_root(source, path), source, path)
    guide = contents.guide
    return ReadingLists(
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


def _uses(sections: Iterable[Section], key: str) -> bool:
    used = [item.key for section in sections for item in section.reading]
    used += [other for section in sections for item in section.reading for other in item.after]
    used += [other for section in sections for cue in section.cues for other in cue.settled_by]
    return key in used


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
