"""What a person should know about a bibliography's form: each oddity as a finding with its line and, where safe, its fix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from citeman.bib.blocks import UNPARSABLE, Block
from citeman.bib.edits import remove_repetition
from citeman.bib.scan import NAME, Note
from citeman.bib.values import Macros
from citeman.model import Finding, Fix, Severity
from citeman.text import Edit, Lines, display

_SURROGATE = re.compile(r"[\udc80-\udcff]")
_FIELD_AHEAD = re.compile(rf"\s*+,?\s*+{NAME}\s*+=\s*+[{{\"\d]")
_HEAD = re.compile(r"@\s*(\w+)\s*[{(]\s*([^\s,=\"{}()]*)(?=\s*[,\r\n])")

_SAYINGS: dict[str, tuple[Severity, str]] = {
    "bib-comment-in-entry": ("warning", "a % comment inside an entry ends it for BibTeX: move {word!r} above the entry"),
    "bib-commented-entry": ("hint", "BibTeX reads an entry behind % all the same: remove it, or its @"),
    "bib-duplicate-field": ("warning", "the field {word} is here a second time, and only the first counts: remove one"),
    "bib-entry-in-value": ("warning", "{word!r} begins a line inside a value: it is read as text; let the line begin otherwise"),
    "bib-missing-comma": ("error", "a comma is missing here: add it"),
    "bib-missing-value": ("error", "a field has no value: write one, or remove the field"),
    "bib-stray-text": ("error", "{word!r} belongs to no field: remove it, or make it one"),
    "bib-undelimited-value": ("error", "{word!r} is no number and no macro: put it in braces"),
}


def find(source: str, path: str, blocks: Sequence[Block], macros: Macros) -> list[Finding]:
    """Return the findings of a bibliography in the order of its lines."""
    lines = Lines(source)
    found = [
        *_encoding(source, path),
        *_of_keys(path, blocks, lines),
        *(finding for block in blocks if block.notes for finding in _of_block(source, path, block, lines)),
        *_of_macros(path, blocks, macros, lines),
        *_after_entries(source, path, blocks, lines),
    ]
    return sorted(found, key=lambda finding: (finding.line, finding.rule))


def _encoding(source: str, path: str) -> Iterator[Finding]:
    first = _SURROGATE.search(source)
    if first:
        line = source.count("\n", 0, first.start()) + 1
        count = len(_SURROGATE.findall(source))
        start = max(source.rfind("\n", 0, first.start()) + 1, first.start() - 12)
        shown = display(source[start : start + 24].splitlines()[0])
        message = f"{count} bytes are not UTF-8, the first in {shown!r}; they are read as Windows-1252: save the file as UTF-8"
        yield Finding("bib-encoding", "warning", message, path, line)


def _of_keys(path: str, blocks: Sequence[Block], lines: Lines) -> Iterator[Finding]:
    exact: dict[str, Block] = {}
    folded: dict[str, Block] = {}
    for block in blocks:
        if block.kind != "entry":
            continue
        key = block.key
        if not key:
            message = f"this {block.type} has no citation key: give it one"
            yield Finding("bib-missing-key", "warning", message, path, lines.line(block.start))
            continue
        first = exact.setdefault(key, block)
        near = folded.setdefault(key.lower(), block)
        if first is not block:
            message = (
                f"{display(key)} is the key of the entry on line {lines.line(first.start)} too: give one of them another key"
            )
            yield Finding("bib-duplicate-key", "error", message, path, lines.line(block.start), key)
        elif near is not block:
            message = (
                f"{display(key)} differs only in case from {display(near.key)} on line {lines.line(near.start)}, "
                "and BibTeX takes them for one: give one of them another key"
            )
            yield Finding("bib-duplicate-key", "warning", message, path, lines.line(block.start), key)


def _of_block(source: str, path: str, block: Block, lines: Lines) -> Iterator[Finding]:
    for note in block.notes:
        rule, relative, word = note
        offset = block.start + relative
        if rule == UNPARSABLE:
            yield _unparsable(source, path, block, note, lines)
            continue
        severity, saying = _SAYINGS[rule]
        message = saying.format(word=display(word)) if word or "{word" not in saying else "a comma too many: remove it"
        yield Finding(rule, severity, message, path, lines.line(offset), block.key, fix=_fix(source, block, rule, offset, word))


def _fix(source: str, block: Block, rule: str, offset: int, word: str) -> Fix | None:
    if rule == "bib-duplicate-field" and (edits := remove_repetition(source, block.start, block.end, offset)):
        return Fix("remove the repetition", tuple(edits))
    if rule == "bib-missing-comma":
        return Fix("add the comma", (Edit(offset, offset, ","),))
    if rule == "bib-undelimited-value" and source.startswith(word, offset):
        return Fix("put the value in braces", (Edit(offset, offset + len(word), f"{{{word}}}"),))
    return None


def _unparsable(source: str, path: str, block: Block, note: Note, lines: Lines) -> Finding:
    _, relative, missing = note
    head = _HEAD.match(source, block.start, block.end)
    name = f"@{head[1]}{{{head[2]}" if head else source[block.start : block.start + 20].split("\n")[0]
    shown = display(name)
    line = lines.line(block.start + relative)
    if missing == "type":
        message = f"{shown!r} has no entry type: write one after the @"
    elif missing == ",":
        message = f"{shown!r} has no citation key that can be read: write one, and a comma"
    elif relative == 0:
        message = f"{shown!r} is never closed and was not read: add its {missing}"
    else:
        opener = {"}": "{", ")": "("}.get(missing, missing)
        message = f"the {opener} opened here is never closed, and {shown!r} was not read: add the {missing}"
    return Finding(UNPARSABLE, "error", message, path, line, head[2] if head else "")


def _of_macros(path: str, blocks: Sequence[Block], macros: Macros, lines: Lines) -> Iterator[Finding]:
    for block in blocks:
        for name, relative in block.uses:
            offset = block.start + relative
            if macros.is_defined(name, offset):
                continue
            below = macros.defined.get(name)
            what = (
                f"is defined only on line {lines.line(below[0][0])}: move its @string up"
                if below
                else ("is no macro that this file defines: put it in braces, or define it with @string")
            )
            message = f"{display(name)} {what}"
            yield Finding("bib-undefined-macro", "warning", message, path, lines.line(offset), block.key)


def _after_entries(source: str, path: str, blocks: Sequence[Block], lines: Lines) -> Iterator[Finding]:
    """See the fields that stand behind an entry's end because a brace too many closed it."""
    for index, block in enumerate(blocks):
        stop = blocks[index + 1].start if index + 1 < len(blocks) else len(source)
        if block.kind == "entry" and source[block.end : stop].strip() and _FIELD_AHEAD.match(source, block.end, stop):
            message = "the entry is closed here, but fields follow: a closing brace is too many"
            yield Finding("bib-text-after-entry", "error", message, path, lines.line(block.end - 1), block.key)
