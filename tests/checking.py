"""A library in memory and what the rules say of it, for the tests of the checks."""

from __future__ import annotations

from citeman import checks, config
from citeman.bib import Bibliography
from citeman.guide import Guide
from citeman.library import Library, Volume
from citeman.lists import ReadingLists
from citeman.lock import Lock
from citeman.model import Finding
from citeman.text import apply


def library(
    bib: str = "", guide: str | None = None, lists: str = "", lock: Lock | None = None, rule: str = "pandoc", **more: str
) -> Library:
    """Put a library together; each of `more` is the text of a further guide by name."""
    guides = {**({"guide": guide} if guide is not None else {}), **more}
    volumes = [
        Volume(
            ReadingLists.parse((lists if name == "guide" else "") or "sections: {}", f"refs/{name}.yaml"),
            Guide.parse(text, f"{name}.md", rule),
        )
        for name, text in guides.items()
    ]
    if not guides and lists:
        volumes = [Volume(ReadingLists.parse(lists, "refs/guide.yaml"))]
    return Library(config.Config(), Bibliography.parse(bib), tuple(volumes), lock)


def found(rule: str, *arguments: object, **more: object) -> list[Finding]:
    """The findings of one rule, in the order of places."""
    return [finding for finding in checks.run(library(*arguments, **more)).findings if finding.rule == rule]  # type: ignore[arg-type]


def mended(rule: str, bib: str) -> str:
    """The bibliography with the first finding of a rule mended."""
    (finding, *_) = found(rule, bib)
    assert finding.fix, finding
    after = apply(bib, finding.fix.edits)
    assert not found(rule, after) or len(found(rule, after)) < len(found(rule, bib)), after
    return after


def entry(kind: str = "misc", key: str = "one2020", **fields: str) -> str:
    """One entry, a field a line: the type in line 1, the first field in line 2."""
    lines = [f"  {name.replace('_', '-')} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])
