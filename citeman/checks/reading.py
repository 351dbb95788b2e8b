"""Rows for what the rooms that read the files find while they read."""

from __future__ import annotations

from citeman.checks import Rule

BIBLIOGRAPHY = (
    Rule("bib-unparsable-block", "error", "a block that cannot be read: a brace that is never closed, no type, no key"),
    Rule("bib-duplicate-key", "error", "a citation key that an entry above has too, or that differs from one in case only"),
    Rule("bib-missing-key", "warning", "an entry without a citation key"),
    Rule("bib-missing-comma", "error", "a comma missing between two fields", fix="adds the comma"),
    Rule("bib-missing-value", "error", "a field without a value"),
    Rule("bib-undelimited-value", "error", "a value that is neither delimited nor a number nor a macro", fix="puts it in braces"),
    Rule("bib-stray-text", "error", "text inside an entry that belongs to no field"),
    Rule("bib-text-after-entry", "error", "fields behind the end of an entry: a closing brace too many"),
    Rule("bib-duplicate-field", "warning", "a field that an entry has twice", fix="removes it where it says the same"),
    Rule("bib-comment-in-entry", "warning", "a % comment inside an entry, which BibTeX does not know"),
    Rule("bib-commented-entry", "hint", "an entry behind %, which BibTeX reads all the same"),
    Rule("bib-entry-in-value", "warning", "a line inside a value that looks like the start of an entry"),
    Rule("bib-undefined-macro", "warning", "a macro that is defined nowhere, or only further down"),
    Rule("bib-encoding", "warning", "bytes in the bibliography that are not UTF-8"),
)

LISTS = (
    Rule("list-bad-value", "error", "a value of the wrong form: a list where a text should be, an address that is none"),
    Rule("list-bad-section", "error", "a section that is no mapping, or whose name is no anchor"),
    Rule("list-bad-item", "error", "an item with none or several of `key`, `url`, `see`", fix="writes a bare key as `key: …`"),
    Rule("list-bad-key", "error", "an item's key that cannot be a citation key"),
    Rule("list-bad-cue", "error", "a cue without the guide's words"),
    Rule("list-bad-date", "error", "an `added` that is no ISO date"),
    Rule("list-missing-field", "error", "a field that an item or a question must have"),
    Rule("list-duplicate-section", "error", "a section that stands in the file twice"),
    Rule("list-duplicate-item", "error", "an item that stands in a section twice"),
    Rule("list-duplicate-alias", "error", "an alias that names two sections"),
    Rule("list-duplicate-field", "error", "a field that stands twice in one place"),
    Rule("list-unknown-field", "warning", "a field that citeman does not know", fix="writes the field that was meant"),
    Rule("list-unknown-role", "error", "a role that is none of the known ones", fix="writes the role that was meant"),
    Rule("list-unknown-level", "error", "a level that is none of the known ones", fix="writes the level that was meant"),
    Rule("list-unknown-tier", "error", "a tier that is none of the known ones", fix="writes the tier that was meant"),
    Rule("list-unknown-kind", "error", "a kind that is none of the known ones", fix="writes the kind that was meant"),
    Rule("list-circle", "error", "papers each of which is to be read after the other"),
    Rule("list-order", "warning", "an item that stands above what is to be read before it"),
    Rule("list-encoding", "error", "a line of a list that is not UTF-8 or not printable"),
)

GUIDES = (
    Rule("guide-duplicate-anchor", "error", "two headings with one anchor"),
    Rule("guide-bad-front-matter", "warning", "front matter that cannot be read"),
    Rule(
        "guide-encoding",
        "warning",
        "UTF-8 that was read as Windows-1252, or bytes that are not UTF-8",
        fix="writes what was meant",
    ),
)

UPSTREAM = (
    Rule(
        "unknown-identifier",
        "error",
        "`--online`, `sync`: an identifier that nobody knows (a hint for a DOI, which may be young)",
    ),
    Rule("another-paper", "error", "`--online`, `sync`: an identifier that resolves to another paper"),
    Rule("dead-url", "warning", "`--online`: an address of a page that is gone (HTTP 404 or 410)"),
    Rule("unreadable", "error", "in an editor: a file that cannot be read as it stands"),
    Rule("unwritable-answer", "error", "`sync`: a fact from upstream that no bibliography could hold"),
    Rule("watch-refused", "error", "`sync --watch`: a watch query that arXiv refuses"),
)
