"""Reading order: what the `after` of a section's items asks for, and where it cannot be had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from citeman.lists.values import Item


def circles(items: Sequence[Item]) -> Iterator[tuple[str, ...]]:
    """Yield each circle of `after` once, as the keys along it, starting with the one that stands first in the list."""
    wanted = {item.key: item.after for item in items if item.key}
    done: set[str] = set()
    for start in wanted:
        yield from _walk(start, wanted, done)


def misplaced(items: Sequence[Item]) -> Iterator[tuple[Item, str]]:
    """Yield items that ask for one that stands below them in the list, with its key."""
    places = {item.key: number for number, item in enumerate(items) if item.key}
    in_circle = {key for circle in circles(items) for key in circle}
    for number, item in enumerate(items):
        for key in item.after:
            if places.get(key, -1) > number and not {key, item.key} <= in_circle:
                yield item, key


def _walk(start: str, wanted: dict[str, tuple[str, ...]], done: set[str]) -> Iterator[tuple[str, ...]]:
    # Depth first, without recursion: a list may be long and one chain.
    path: list[str] = []
    stack: list[tuple[str, Iterator[str]]] = []
    if start not in done:
        path, stack = [start], [(start, iter(wanted[start]))]
        done.add(start)
    on_path = set(path)
    while stack:
        _, rest = stack[-1]
        key = next(rest, None)
        if key is None:
            on_path.discard(path.pop())
            stack.pop()
        elif key in on_path:
            yield tuple(path[path.index(key) :])
        elif key in wanted and key not in done:
            done.add(key)
            on_path.add(key)
            path.append(key)
            stack.append((key, iter(wanted[key])))
