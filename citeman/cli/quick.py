"""Command lines that can be read without argparse, which costs a sixth of a search: `search`, `list`, `build`, plain options."""

from __future__ import annotations

from types import SimpleNamespace

SORTED_BY = {"search": "relevance", "list": "section"}
"""Verb -> its order of results unless `--sort` says otherwise."""
WITH_VALUE = {
    "-n": "limit",
    "--limit": "limit",
    "--sort": "sort",
    "-o": "out",
    "--out": "out",
    "-C": "directory",
    "--directory": "directory",
}
FLAGS = {
    "--json": "json",
    "--keys": "keys",
    "--bib": "bib",
    "--check": "check",
    "--fragment": "fragment",
    "-q": "quiet",
    "--quiet": "quiet",
}
"""Option -> the attribute that it sets. What is not here, or not right, is for argparse."""
ANYWHERE = {"directory", "quiet"}
"""What may also stand before the verb."""
ASKED = {"limit", "sort", "json", "keys", "bib"}
TAKEN = {"search": ASKED, "list": ASKED, "build": {"out", "json", "check", "fragment"}}
"""Verb -> what else it takes."""


def parse(given: list[str]) -> tuple[str, SimpleNamespace] | None:
    """Return a verb of TAKEN and its arguments just as argparse would give them; None where argparse must look."""
    verb = ""
    query: list[str] = []
    values: dict[str, str] = {}
    flags: set[str] = set()
    rest = iter(given)
    for word in rest:
        name = WITH_VALUE.get(word) or FLAGS.get(word)
        if name:
            if name not in ANYWHERE and name not in TAKEN.get(verb, ()):
                return None
            if word in FLAGS:
                flags.add(name)
            else:
                values[name] = next(rest, "-")
        elif word.startswith("-"):
            return None
        elif verb:
            query.append(word)
        else:
            verb = word
    if any(value.startswith("-") for value in values.values()):
        return None
    plain = {"directory": values.get("directory", "."), "quiet": "quiet" in flags, "verbose": 0, "json": "json" in flags}
    own = _build(query, values, flags) if verb == "build" else _search(verb, query, values, flags) if verb in TAKEN else None
    return (verb, SimpleNamespace(**plain, **own)) if own else None


def _build(query: list[str], values: dict[str, str], flags: set[str]) -> dict[str, object] | None:
    return None if query else {"out": values.get("out", ""), "check": "check" in flags, "fragment": "fragment" in flags}


def _search(verb: str, query: list[str], values: dict[str, str], flags: set[str]) -> dict[str, object] | None:
    from citeman.index.condition import SORTS

    limit, sort = values.get("limit", "0"), values.get("sort", SORTED_BY[verb])
    if not (limit.isdecimal() and limit.isascii() and sort in SORTS and len(flags & {"json", "keys", "bib"}) < 2):
        return None
    chosen = int(limit) if "limit" in values else None
    return {"keys": "keys" in flags, "bib": "bib" in flags, "query": query, "sort": sort, "limit": chosen, "interactive": False}
