"""Proposals made: lists moved, joined or set aside as edits of their YAML, with everything that points to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from citeman.lists import Item, ReadingLists, Section
from citeman.relink.remarks import lost, noted
from citeman.relink.values import Proposal
from citeman.text import Edit, apply

_ORDER = ("move", "merge", "orphan")
Step = Callable[[ReadingLists], list[Edit]]
_WORDS = ("role", "level", "context")


def turn(proposal: Proposal) -> int:
    """Return the turn of a proposal among others: a list that moves must be there before another one joins it."""
    return _ORDER.index(proposal.action)


def relinked(lists: ReadingLists, proposals: Iterable[Proposal]) -> str:
    """Return the text of the reading lists with the proposals made; a former anchor stays as an alias.

    Proposals to another guide are left for the caller. Nothing is dropped: a list that joins another brings its items, cues,
    watch queries and names, and of a paper that both have what either says of it.
    """
    present = lists
    for proposal in sorted(proposals, key=turn):
        if not proposal.guide:
            present = ReadingLists.parse(_made(present, proposal), lists.path)
    return present.source


def joined(lists: ReadingLists, anchor: str, section: Section, names: Iterable[str], origin: str = "") -> str:
    """Return the text of the lists with everything of a section in the list of `anchor`, and these names as its aliases.

    `origin` is the guide that the section comes from, where it is another one.
    """
    present = lists
    items = [item for item in _items_here(lists, section, origin or lists.name) if item.see != anchor]
    for edits in _joining(lists, anchor, section._replace(reading=tuple(items)), names):
        present = ReadingLists.parse(apply(present.source, edits(present)), lists.path)
    return present.source


def repointed(lists: ReadingLists, old: str, new: str) -> str:
    """Return the text of the lists with every pointer to the section `old` (`guide#anchor`) led to `new`.

    A pointer of the new section to itself, or a second one of a section to the same place, goes.
    """
    present = lists
    void, whys = _void_pointers(lists, old, new)
    for anchor, identity in void:
        present = ReadingLists.parse(apply(present.source, present.remove_item(anchor, identity)), lists.path)
    for anchor, identity, why in whys:
        present = ReadingLists.parse(apply(present.source, present.set_item(anchor, identity, "why", why)), lists.path)
    return apply(present.source, present.repoint(old, new))


def _made(lists: ReadingLists, proposal: Proposal) -> str:
    if proposal.action == "orphan":
        return lists.source if proposal.orphaned else apply(lists.source, lists.orphan_section(proposal.anchor))
    if proposal.action == "merge":
        return _merged(lists, proposal)
    source = apply(lists.source, lists.adopt_section(proposal.anchor)) if proposal.orphaned else lists.source
    home = ReadingLists.parse(source, lists.path)
    if proposal.anchor == proposal.candidate:
        return source
    return apply(source, home.rename_section(proposal.anchor, proposal.candidate))


def _merged(lists: ReadingLists, proposal: Proposal) -> str:
    """Put everything of a list into another one, then take it out; without the other one it is set aside instead."""
    pool = lists.orphaned if proposal.orphaned else lists.sections
    section = next(section for section in pool if section.anchor == proposal.anchor)
    if lists.section(proposal.candidate) is None:
        return _made(lists, replace(proposal, action="orphan"))
    present = ReadingLists.parse(joined(lists, proposal.candidate, section, _names(section)), lists.path)
    remove = present.remove_orphan if proposal.orphaned else present.remove_section
    present = ReadingLists.parse(apply(present.source, remove(proposal.anchor)), lists.path)
    present = ReadingLists.parse(noted(present, proposal.candidate, lost(lists, present)), lists.path)
    if proposal.anchor == proposal.candidate:
        return present.source
    return repointed(present, f"{lists.name}#{proposal.anchor}", f"{lists.name}#{proposal.candidate}")


def _names(section: Section) -> tuple[str, ...]:
    return (section.anchor, *section.aliases)


def _items_here(lists: ReadingLists, section: Section, origin: str) -> Iterator[Item]:
    """Yield a section's items as another guide's lists write them: pointers with the name of the guide they point into."""
    for item in section.reading:
        guide, _, anchor = item.see.rpartition("#")
        guide = guide or origin
        yield item._replace(see=anchor if guide == lists.name else f"{guide}#{anchor}") if item.see else item


def _joining(lists: ReadingLists, anchor: str, section: Section, names: Iterable[str]) -> Iterator[Step]:
    """Yield the edits, each to be made on the lists as the ones before have left them."""
    target = lists.section(anchor)
    assert target is not None
    held = {item.identity: item for item in target.reading}
    if new := [item for item in section.reading if item.identity not in held]:
        yield partial(ReadingLists.add_items, anchor=anchor, items=new)
    for item in section.reading:
        for name, value in _told(held[item.identity], item) if item.identity in held else ():
            yield partial(ReadingLists.set_item, anchor=anchor, identity=item.identity, name=name, value=value)
    cues = {cue.text: cue.settled_by for cue in target.cues}
    for cue in section.cues:
        if cue.text not in cues:
            yield partial(ReadingLists.add_cue, anchor=anchor, words=cue.text, settled_by=cue.settled_by)
        for key in cue.settled_by if cue.text in cues else ():
            if key not in cues[cue.text]:
                yield partial(ReadingLists.settle_cue, anchor=anchor, words=cue.text, key=key)
    for query in section.watch:
        if query not in target.watch:
            yield partial(ReadingLists.add_watch, anchor=anchor, query=query)
    for name in names:
        if name not in (anchor, *target.aliases):
            yield partial(ReadingLists.add_alias, anchor=anchor, alias=name)


def _told(own: Item, other: Item) -> Iterable[tuple[str, str | Sequence[str]]]:
    """What another item of the same paper says that this one does not: field and value."""
    if why := _both(own.why, other.why):
        yield "why", why
    yield from ((name, getattr(other, name)) for name in _WORDS if getattr(other, name) and not getattr(own, name))
    if missing := [key for key in other.after if key not in own.after]:
        yield "after", (*own.after, *missing)
    if own.tier == "further" and other.tier == "core":
        yield "tier", ""


def _both(own: str, other: str) -> str:
    """Return two sentences as one text; empty where the first says it all."""
    return "" if not other or other in own else f"{own} {other}".strip()


def _void_pointers(lists: ReadingLists, old: str, new: str) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    """The pointers that would lead nowhere new once `old` is `new`, and the whys that the remaining ones take over."""
    void: list[tuple[str, str]] = []
    whys: list[tuple[str, str, str]] = []
    for section in lists.sections:
        there = f"{lists.name}#{section.anchor}" == new
        kept = [item for item in section.reading if item.see and _whole(lists, item.see) == new]
        for item in section.reading:
            if item.see and _whole(lists, item.see) == old and (there or kept):
                void.append((section.anchor, item.identity))
                if kept and (why := _both(kept[0].why, item.why)):
                    whys.append((section.anchor, kept[0].identity, why))
    return void, whys


def _whole(lists: ReadingLists, see: str) -> str:
    return see if "#" in see else f"{lists.name}#{see}"
