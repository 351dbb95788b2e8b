"""From the YAML tree to sections and items, with a finding for whatever is not as it should be; the rest is still read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from citeman import text
from citeman.ids import is_citation_key
from citeman.lists import layout
from citeman.lists.order import circles, misplaced
from citeman.lists.tree import Node, forbidden
from citeman.lists.values import ADDRESS, KINDS, LEVELS, ROLES, SECTION_KINDS, TIERS, Cue, Item, Section
from citeman.model import Finding, Fix, Severity
from citeman.named import NamedTuple
from citeman.text import Edit

GUIDE_FIELDS = ("title", "source", "url", "sequence", "order")
SECTION_FIELDS = ("title", "kind", "parent", "aliases", "reading", "cues", "watch")
ITEM_FIELDS = ("key", "url", "see", "title", "kind", "role", "why", "tier", "level", "after", "added", "context")
CUE_FIELDS = ("text", "settled-by")
TOP_FIELDS = ("guide", "sections", "orphaned")

_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_WORDS = {"role": ROLES, "level": LEVELS, "tier": TIERS}


class Contents(NamedTuple):
    """What one file says."""

    guide: dict[str, str]
    sections: tuple[Section, ...]
    orphaned: tuple[Section, ...]
    findings: tuple[Finding, ...]


def read(root: Node, source: str, path: str) -> Contents:
    """Read the whole tree; the root is a mapping."""
    return _Reader(source, path).contents(root)


class _Reader:
    def __init__(self, source: str, path: str) -> None:
        self.source, self.path = source, path
        self.lines = text.Lines(source)
        self.findings: list[Finding] = []
        self.section_anchor = ""

    def contents(self, root: Node) -> Contents:
        for offset in forbidden(self.source):
            self.report(
                "list-encoding",
                offset,
                "this line holds a character that is not UTF-8 or not printable; mend it and save as UTF-8",
            )
        self.known(root, TOP_FIELDS, "field")
        guide = self.guide(root.get("guide"))
        sections = self.sections(root.get("sections"), "sections")
        orphaned = self.sections(root.get("orphaned"), "orphaned")
        self.aliases(root.get("sections"), sections)
        found = sorted(self.findings, key=lambda finding: finding.line)
        return Contents(guide, sections, orphaned, tuple(found))

    # the parts of the file

    def guide(self, node: Node | None) -> dict[str, str]:
        if not self.mapping(node, "guide"):
            return {}
        assert node is not None
        self.known(node, GUIDE_FIELDS, "field of `guide`")
        values = {name: self.word(node, name) for name in GUIDE_FIELDS}
        if values["order"] and not values["order"].isdecimal():
            self.report("list-bad-value", _place(node, "order"), f"`order` is {values['order']!r}; write a whole number")
            values["order"] = ""
        if values["url"] and not ADDRESS.fullmatch(values["url"]):
            message = f"`url` is {values['url']!r}, no address that a page can lead to; begin it with https://"
            self.report("list-bad-value", _place(node, "url"), message)
        return values

    def sections(self, node: Node | None, name: str) -> tuple[Section, ...]:
        found: dict[str, Section] = {}
        if self.mapping(node, name):
            assert node is not None
            for key, value in node.pairs:
                if key.value == "<<" and not key.style:
                    continue
                section = self.section(key, value)
                if key.value in found:
                    section = self.doubled(found[key.value], section, key)
                found[key.value] = section
        self.section_anchor = ""
        return tuple(found.values())

    def doubled(self, first: Section, second: Section, key: Node) -> Section:
        self.report(
            "list-duplicate-section", key.start, f"section {first.anchor!r} stands already in line {first.line}; join the two"
        )
        return first._replace(
            title=first.title or second.title,
            aliases=first.aliases + second.aliases,
            reading=self.unique(first.reading + second.reading),
            cues=first.cues + second.cues,
            watch=first.watch + second.watch,
        )

    def section(self, key: Node, node: Node) -> Section:
        anchor = self.section_anchor = key.value
        line = self.line(key.start)
        if key.kind != "scalar" or not anchor.strip():
            self.report("list-bad-section", key.start, "a section's name is the anchor of its heading, one word")
        if not self.mapping(node, f"section {anchor!r}", "list-bad-section"):
            return Section(anchor, line=line)
        self.known(node, SECTION_FIELDS, "field of a section")
        kind = self.choice(node, "kind", SECTION_KINDS) or "section"
        parent = self.word(node, "parent").removeprefix("#")
        if kind == "question" and not parent:
            self.report("list-missing-field", key.start, f"question {anchor!r} has no `parent`; name the section it stands in")
        return Section(
            anchor,
            title=self.word(node, "title"),
            kind=kind,
            parent=parent,
            aliases=self.words(node, "aliases"),
            reading=self.reading(node.get("reading")),
            cues=tuple(self.cues(node.get("cues"))),
            watch=self.words(node, "watch"),
            line=line,
        )

    def reading(self, node: Node | None) -> tuple[Item, ...]:
        if not self.sequence(node, "reading"):
            return ()
        assert node is not None
        spans = layout.item_spans(self.source, node)
        items = [self.item(item, span) for item, span in zip(node.items, spans, strict=True)]
        kept = self.unique(item for item in items if item)
        self.check_order(kept)
        return kept

    def item(self, node: Node, span: layout.Span) -> Item | None:
        line = self.line(span.start)
        if node.kind != "mapping":
            return self.bare_item(node, span, line)
        self.known(node, ITEM_FIELDS, "field of an item")
        values = {name: self.word(node, name) for name in ITEM_FIELDS if name not in ("after", *_WORDS)}
        values |= {name: self.choice(node, name, words) for name, words in _WORDS.items()}
        values["see"] = values["see"].removeprefix("#")
        places = [name for name in ("key", "url", "see") if values[name]]
        if len(places) != 1:
            what = f"has {' and '.join(f'`{name}`' for name in places)}" if places else "has none of `key`, `url` and `see`"
            self.report("list-bad-item", span.start, f"this item {what}; keep just one", line=line)
        if not places:
            return None
        values |= dict.fromkeys(places[1:], "")
        self.check_item(node, values, line)
        values["tier"] = values["tier"] or "core"
        return Item(**values, after=self.words(node, "after"), line=line, start=span.start, end=span.end)

    def bare_item(self, node: Node, span: layout.Span, line: int) -> Item | None:
        if node.kind != "scalar" or not is_citation_key(node.value):
            self.report("list-bad-item", node.start, "an item is a mapping with `key`, `url` or `see`", line=line)
            return None
        fix = Fix(f"write `key: {node.value}`", (Edit(node.start, node.start, "key: "),)) if not node.style else None
        self.report("list-bad-item", node.start, f"write this item as `key: {node.value}`", key=node.value, fix=fix, line=line)
        return Item(key=node.value, line=line, start=span.start, end=span.end)

    def cues(self, node: Node | None) -> Iterator[Cue]:
        if not self.sequence(node, "cues"):
            return
        assert node is not None
        for cue in node.items:
            if cue.kind == "scalar" and not cue.empty:
                yield Cue(cue.value.strip(), line=self.line(cue.start))
            elif self.mapping(cue, "a cue", "list-bad-cue"):
                self.known(cue, CUE_FIELDS, "field of a cue")
                value = self.word(cue, "text")
                if value:
                    yield Cue(value, self.words(cue, "settled-by"), self.line(cue.start))
                else:
                    self.report("list-bad-cue", cue.start, "this cue has no `text`; quote the guide's words")

    # rules

    def check_item(self, node: Node, values: dict[str, str], line: int) -> None:
        key = values["key"]
        if key and not is_citation_key(key):
            self.report(
                "list-bad-key",
                _place(node, "key"),
                f"{key!r} is no citation key; use ASCII letters, digits and _ - : . + inside it",
                key=key,
            )
        if values["url"]:
            if not ADDRESS.fullmatch(values["url"]):
                message = f"{values['url']!r} is no address that a page can lead to; begin it with https://"
                self.report("list-bad-value", _place(node, "url"), message)
            self.choice(node, "kind", KINDS)
            for name in ("title", "kind"):
                if not values[name]:
                    self.report(
                        "list-missing-field", node.start, f"a resource needs a `{name}`; say what {values['url']} is", line=line
                    )
        if values["added"] and not _DATE.fullmatch(values["added"]):
            message = f"`added` is {values['added']!r}; write a date such as 2026-01-31"
            self.report("list-bad-date", _place(node, "added"), message, key=key)

    def unique(self, items: Iterable[Item]) -> tuple[Item, ...]:
        kept: dict[str, Item] = {}
        for item in items:
            first = kept.setdefault(item.identity, item)
            if first is not item:
                message = f"{item.identity!r} stands already in line {first.line} of this section; keep one of them"
                self.report("list-duplicate-item", item.start, message, key=item.key, line=item.line)
        return tuple(kept.values())

    def check_order(self, items: Sequence[Item]) -> None:
        lines = {item.key: item for item in items if item.key}
        for circle in circles(items):
            chain = ", ".join(f"{one!r} after {other!r}" for one, other in pairwise((*circle, circle[0])))
            message = f"nobody can read {chain}; take one `after` away"
            self.report("list-circle", lines[circle[0]].start, message, key=circle[0], line=lines[circle[0]].line)
        for item, later in misplaced(items):
            message = f"{item.identity!r} is to be read after {later!r}, which stands below it; move one"
            self.report("list-order", item.start, message, key=item.key, line=item.line, severity="warning")

    def aliases(self, node: Node | None, sections: Sequence[Section]) -> None:
        owners = {section.anchor: section for section in sections}
        for section in sections:
            for alias in dict.fromkeys(section.aliases):
                owner = owners.setdefault(alias, section)
                if owner is not section:
                    self.section_anchor = section.anchor
                    message = f"{alias!r} names section {owner.anchor!r} too; take one of the two away"
                    self.report("list-duplicate-alias", 0, message, line=section.line)

    # shapes

    def mapping(self, node: Node | None, what: str, rule: str = "list-bad-value") -> bool:
        return self.shape(node, "mapping", what, "`name: value` lines", rule)

    def sequence(self, node: Node | None, what: str) -> bool:
        return self.shape(node, "sequence", f"`{what}`", "a list, each item after a dash", "list-bad-value")

    def shape(self, node: Node | None, kind: str, what: str, wanted: str, rule: str) -> bool:
        if node is not None and node.kind != kind and not node.empty:
            self.report(rule, node.start, f"{what} must be {wanted}")
        return node is not None and node.kind == kind

    def word(self, node: Node, name: str) -> str:
        value = node.get(name)
        if value is None or value.empty:
            return ""
        if value.kind != "scalar":
            self.report("list-bad-value", value.start, f"`{name}` must be one text, not a list or a mapping")
        return value.value.strip()

    def words(self, node: Node, name: str) -> tuple[str, ...]:
        value = node.get(name)
        if value is None or value.empty:
            return ()
        if value.kind == "scalar":
            return (value.value.strip(),)
        good = [item.value.strip() for item in value.items if item.kind == "scalar" and not item.empty]
        if value.kind == "mapping" or len(good) < len(value.items):
            self.report("list-bad-value", value.start, f"`{name}` must be a list of words")
        return tuple(dict.fromkeys(good))

    def choice(self, node: Node, name: str, words: Sequence[str]) -> str:
        """Return one of the words; another one is a finding and read as none."""
        value = self.word(node, name)
        if not value or value in words:
            return value
        written = node.get(name)
        assert written is not None
        near = close(value, words)
        fix = Fix(f"write {near!r}", (Edit(written.start, written.end, near),)) if near and not written.style else None
        advice = f"did you mean {near!r}?" if near else f"use one of {', '.join(words)}"
        self.report(
            f"list-unknown-{name}", written.start, f"unknown {name} {value!r}; {advice}", fix=fix, key=self.word(node, "key")
        )
        return ""

    def known(self, node: Node, names: Sequence[str], what: str) -> None:
        seen: set[str] = set()
        for key, _ in node.pairs:
            if key.value == "<<" and not key.style:
                continue
            if key.value in seen:
                self.report("list-duplicate-field", key.start, f"`{key.value}` stands here twice; the first one counts")
            elif key.value not in names:
                near = close(key.value, names)
                advice = f"did you mean `{near}`?" if near else f"known are {', '.join(names)}"
                fix = Fix(f"write `{near}`", (Edit(key.start, key.end, near),)) if near and not key.style else None
                self.report(
                    "list-unknown-field", key.start, f"unknown {what} {key.value!r}; {advice}", fix=fix, severity="warning"
                )
            seen.add(key.value)

    def line(self, offset: int) -> int:
        return self.lines.line(offset)

    def report(
        self,
        rule: str,
        offset: int,
        message: str,
        *,
        key: str = "",
        line: int = 0,
        severity: Severity = "error",
        fix: Fix | None = None,
    ) -> None:
        line = line or self.line(offset)
        self.findings.append(Finding(rule, severity, message, self.path, line, key, self.section_anchor, fix))


def close(word: str, words: Iterable[str]) -> str:
    """Return the word that was probably meant, or nothing."""
    import difflib

    return next(iter(difflib.get_close_matches(word.lower(), list(words), n=1, cutoff=0.7)), "")


def _place(node: Node, name: str) -> int:
    value = node.get(name)
    return value.start if value else node.start
