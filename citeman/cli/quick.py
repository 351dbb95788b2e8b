"""Command lines that can be read without argparse, which costs a sixth of a search: `search` and `list` with plain options."""

from __future__ import annotations

from types import SimpleNamespace

SORTED_BY = {"search": "relevance", "list": "section"}
"""Verb -> its order of results unless `--sort` says otherwise."""
WITH_VALUE = {"-n": "limit", "--limit": "limit", "--sort": "sort", "-C": "directory", "--directory": "directory"}
FLAGS = {"--json": "json", "--keys": "keys", "--bib": "bib", "-q": "quiet", "--quiet": "quiet"}
"""Option -> the attribute that it sets. What is not here, or not right, is for argparse."""


def parse(given: list[str]) -> SimpleNamespace | None:
    """Return the arguments of `search` or `list` just as argparse would give them; None where argparse must look."""
    if not given or given[0] not in SORTED_BY:
        return None
    query: list[str] = []
    values: dict[str, str] = {}
    flags: set[str] = set()
    rest = iter(given[1:])
    for word in rest:
        if word in WITH_VALUE:
            values[WITH_VALUE[word]] = next(rest, "-")
        elif word in FLAGS:
            flags.add(FLAGS[word])
        elif word.startswith("-"):
            return None
        else:
            query.append(word)
    return _checked(given[0], query, values, flags)


def _checked(verb: str, query: list[str], values: dict[str, str], flags: set[str]) -> SimpleNamespace | None:
    from citeman.index.condition import SORTS

    limit, sort, directory = values.get("limit", "0"), values.get("sort", SORTED_BY[verb]), values.get("directory", ".")
    alone = len(flags & {"json", "keys", "bib"}) < 2
    if not (limit.isdecimal() and limit.isascii() and sort in SORTS and alone and not directory.startswith("-")):
        return None
    chosen = {name: name in flags for name in ("json", "keys", "bib", "quiet")}
    return SimpleNamespace(
        **chosen,
        query=query,
        directory=directory,
        sort=sort,
        limit=int(limit) if "limit" in values else None,
        interactive=False,
        verbose=0,
    )
