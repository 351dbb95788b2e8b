"""A person's comments in lists that join others: none of them is lost with the lines it stood beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from citeman.lists import ReadingLists
from citeman.text import apply


def lost(before: ReadingLists, after: ReadingLists) -> list[str]:
    """Return the comments that only the former text has, each with the name of the item that it stood beside."""
    kept = Counter(text for _, text in after.comments())
    return list(_lost(before, kept))


def noted(lists: ReadingLists, anchor: str, comments: list[str]) -> str:
    """Return the text of the lists with these comments above a section."""
    return apply(lists.source, lists.put_comments(anchor, comments)) if comments else lists.source


def _lost(before: ReadingLists, kept: Counter[str]) -> Iterator[str]:
    items = [item for section in (*before.sections, *before.orphaned) for item in section.reading]
    for offset, text in before.comments():
        if kept[text]:
            kept[text] -= 1
            continue
        beside = next((item.identity for item in items if item.start <= offset < item.end), "")
        yield f"# {beside}: {text.lstrip('# ')}" if beside else text
