"""`citeman __complete SHELL LINE`: what the word before the cursor can become; called by the scripts of `citeman completion`.

Keys, sections and roles come from the index without importing anything heavy: the shell waits for every answer.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

LIMIT = 1000
"""Citation keys offered at once; where there are more, the beginnings that they share are."""

Answer = tuple[str, str]
"""What the word can become, and a remark on it."""

ROLES = ("foundation", "result", "survey", "textbook", "empirical", "critique", "background")
LEVELS = ("intro", "core", "advanced")
FORMS = ("bib", "csl-json", "ris", "markdown", "references")
SHELLS = ("bash", "fish", "zsh")
KIND_OF_METAVAR = {
    "KEY": "keys",
    "OLD": "keys",
    "S": "sections",
    "SECTION": "sections",
    "ROLE": "roles",
    "LEVEL": "levels",
    "QUERY": "query",
    "FILTER": "query",
    "FORM": "forms",
    "SHELL": "shells",
}
"""The placeholder of an argument in the help -> what is offered for it."""
OPTIONS = {"--section": "sections", "-s": "sections", "--role": "roles", "--level": "levels"}
"""The options that mean the same for every verb; all others are looked up in the verb's parser."""
POSITIONALS = {
    "show": "keys",
    "cite": "keys",
    "link": "keys",
    "unlink": "keys",
    "remove": "keys",
    "rename": "keys",
    "search": "query",
    "list": "query",
    "completion": "shells",
}
"""Verb -> what its words that are no options stand for; the other verbs' parsers are asked."""
_FILTERS = ("author:", "title:", "venue:", "why:", "abstract:", "year:", "section:", "guide:", "role:", "level:", "type:", "has:")
_HAS = ("doi", "arxiv", "url", "abstract", "why", "role", "level", "section", "year")


def answer(shell: str, line: str, verbs: Mapping[str, str]) -> int:
    """Print what the last word of a command line can become, for one shell."""
    try:
        for value, remark in answers(line, verbs):
            print(value if shell == "bash" or not remark else f"{value}\t{remark}")
    except Exception:
        # A shell's prompt is no place for an error: then there is nothing to offer.
        return 1
    return 0


def answers(line: str, verbs: Mapping[str, str]) -> Iterator[Answer]:
    """Give what the last word of a command line can become."""
    *before, current = split(line)
    words = before[1:]
    directory, verb = _context(words)
    if not verb:
        yield from _starting(current, _verbs_or_options(current, verbs))
        return
    if verb not in verbs:
        return
    option, separator, value = current.partition("=")
    if separator and option.startswith("--"):
        kind = _kind_of_option(verb, option, verbs)
        yield from ((f"{option}={one}", remark) for one, remark in _offered(kind, value, directory))
    elif current.startswith("--") or (current.startswith("-") and POSITIONALS.get(verb) != "query"):
        yield from _starting(current, _options(verb, verbs))
    else:
        kind = _kind_of_option(verb, words[-1], verbs) if words[-1].startswith("-") else ""
        yield from _offered(kind or _kind_of_word(verb, verbs), current, directory)


def split(line: str) -> list[str]:
    """Split an unfinished command line as a shell does; the last word is the one being typed, empty after a blank."""
    words: list[str] = []
    word: str | None = None
    quote, escaped = "", False
    for char in line:
        if escaped:
            word, escaped = (word or "") + char, False
        elif char == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote, word = ("", word) if char == quote else (quote, (word or "") + char)
        elif char in "'\"":
            quote, word = char, word or ""
        elif not char.isspace():
            word = (word or "") + char
        elif word is not None:
            words, word = [*words, word], None
    return [*words, word or ""]


def _context(words: list[str]) -> tuple[str, str]:
    """The project's folder and the verb that the words before the cursor name."""
    directory, verb = ".", ""
    position = 0
    while position < len(words):
        if words[position] in ("-C", "--directory"):
            directory = words[position + 1] if position + 1 < len(words) else directory
            position += 1
        elif not verb and not words[position].startswith("-"):
            verb = words[position]
        position += 1
    return os.path.expanduser(directory), verb


def _verbs_or_options(current: str, verbs: Mapping[str, str]) -> Iterable[Answer]:
    if not current.startswith("-"):
        return verbs.items()
    return [("--version", "print the version"), ("--help", ""), ("--directory", ""), ("--quiet", ""), ("--verbose", "")]


def _options(verb: str, verbs: Mapping[str, str]) -> Iterator[Answer]:
    from citeman.cli.arguments import verb_parser

    for action in verb_parser(verb, verbs)[1]._actions:
        if action.option_strings:
            yield action.option_strings[-1], (action.help or "").partition(";")[0]


def _kind_of_option(verb: str, option: str, verbs: Mapping[str, str]) -> str:
    """What an option's value is; empty for a flag."""
    if option in OPTIONS:
        return OPTIONS[option]
    from citeman.cli.arguments import verb_parser

    for action in verb_parser(verb, verbs)[1]._actions:
        if option in action.option_strings and action.nargs != 0:
            if action.choices:
                return f"one of {' '.join(map(str, action.choices))}"
            return KIND_OF_METAVAR.get(str(action.metavar), "anything")
    return ""


def _kind_of_word(verb: str, verbs: Mapping[str, str]) -> str:
    """What a word that is no option stands for."""
    if verb in POSITIONALS:
        return POSITIONALS[verb]
    from citeman.cli.arguments import verb_parser

    words = (action for action in verb_parser(verb, verbs)[1]._actions if not action.option_strings)
    return next((KIND_OF_METAVAR.get(str(action.metavar), "") for action in words), "")


def _offered(kind: str, current: str, directory: str) -> Iterator[Answer]:
    fixed = {"roles": ROLES, "levels": LEVELS, "shells": SHELLS, "forms": FORMS}.get(kind, ())
    if kind.startswith("one of "):
        fixed = tuple(kind.split()[2:])
    if kind == "keys":
        yield from _keys(current, directory)
    elif kind == "sections":
        yield from _starting(current, _sections(directory))
    elif kind == "query":
        yield from _query(current, directory)
    else:
        yield from _starting(current, ((value, "") for value in fixed))


def _query(current: str, directory: str) -> Iterator[Answer]:
    minus = "-" if current.startswith("-") else ""
    name, colon, value = current.removeprefix("-").partition(":")
    if not colon:
        yield from _starting(current, ((f"{minus}{one}", "") for one in _FILTERS))
        return
    from citeman.commands.search import open_index

    if name in ("type", "guide"):
        with open_index(directory) as index:
            known: Iterable[Answer] = [(one, "") for one in index.values(name)]
    elif name == "section":
        known = _sections(directory)
    else:
        known = [(one, "") for one in {"role": ROLES, "level": LEVELS, "has": _HAS}.get(name, ())]
    yield from ((f"{minus}{name}:{one}", remark) for one, remark in _starting(value, known))


def _keys(current: str, directory: str) -> list[Answer]:
    from citeman.commands.search import open_index

    with open_index(directory) as index:
        return index.keys(current, LIMIT)


def _sections(directory: str) -> Iterator[Answer]:
    from citeman.commands.search import open_index

    with open_index(directory) as index:
        for _, _, anchor, title, aliases, _ in index.sections():
            yield from ((name, title) for name in (*aliases.split(), anchor))


def _starting(current: str, known: Iterable[Answer]) -> Iterator[Answer]:
    return ((value, remark) for value, remark in known if value.startswith(current))
