"""The tables of `.citeman/index.db`: their columns, what each is for, and the version by which a foreign or older file is told.

Any SQLite tool reads the file, Datasette with a search box: `datasette .citeman/index.db`. Three questions to ask it:

    -- the ten people with most papers in the reading lists
    SELECT people.name, count(DISTINCT papers.id) AS papers FROM people JOIN authorship ON person = people.id
      JOIN papers ON papers.id = paper WHERE papers.listed GROUP BY people.id ORDER BY papers DESC LIMIT 10;
    -- what a full-text search finds, best first (words are folded: no accents, no capitals, no TeX)
    SELECT papers.key, papers.title FROM words JOIN papers ON papers.id = words.rowid
      WHERE words MATCH 'authors:cohen AND "edge of stability"' ORDER BY bm25(words, 10, 5, 1, 3, 1, 8);
    -- per section: papers, and how old they are on average
    SELECT sections.guide, sections.title, count(*) AS papers, round(avg(2026 - year)) AS years
      FROM items JOIN sections ON sections.id = section JOIN papers ON papers.key = items.key
      GROUP BY section ORDER BY guide, sections.position;
"""

from __future__ import annotations

from citeman.index.mark import WEIGHTS
from citeman.named import NamedTuple


class Table(NamedTuple):
    """One table: what it holds, its columns, and those that get an index (`!` before one: no two rows share it)."""

    meaning: str
    columns: dict[str, type]
    pk: str | tuple[str, ...] = "id"
    indexes: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


TABLES = {
    "meta": Table(
        "What made this index; `unread`: the lines of the bibliography whose entries could not be read.",
        {"name": str, "value": str},
        "name",
    ),
    "files": Table(
        "Every file that it was made from, as `stat` saw it, and its SHA-256; size -1: no such file; -3: not readable; -2: the "
        "folder of the lists, known by its files' names.",
        {"path": str, "size": int, "modified": int, "changed": int, "inode": int, "hash": str, "read": int},
        "path",
    ),
    "papers": Table(
        "One row per citation key. Text is plain Unicode; `authors` is a JSON list; `fields` names the entry's fields, between "
        "blanks; `listed`: in how many reading lists; `hash`: of all that the row was made from.",
        {
            "id": int,
            "key": str,
            "type": str,
            "title": str,
            "authors": str,
            "short": str,
            "year": int,
            "venue": str,
            "doi": str,
            "arxiv": str,
            "url": str,
            "fields": str,
            "listed": int,
            "hash": str,
        },
        indexes=("!key", "year"),
    ),
    "people": Table(
        "Everybody who wrote or edited a paper, under each form of the name.", {"id": int, "name": str}, indexes=("!name",)
    ),
    "authorship": Table(
        "Who wrote (or, where nobody is said to have, edited) which paper, in which place of the list.",
        {"paper": int, "position": int, "person": int},
        ("paper", "position"),
        ("person",),
        (("paper", "papers"), ("person", "people")),
    ),
    "guides": Table(
        "The guides: the file of their reading lists, and where their text is (`source`, relative to the project).",
        {"path": str, "name": str, "source": str, "title": str, "url": str},
        "path",
    ),
    "sections": Table(
        "The sections and open questions of every guide in their order; `aliases` between blanks. `heading` is the title in the "
        "guide's text, null where only the reading lists name the section.",
        {
            "id": int,
            "guide": str,
            "anchor": str,
            "title": str,
            "kind": str,
            "parent": str,
            "aliases": str,
            "position": int,
            "path": str,
            "line": int,
            "heading": str,
        },
        indexes=("path",),
    ),
    "items": Table(
        "The reading lists: papers (`key`), pages (`url`) and pointers (`see`), in reading order.",
        {
            "id": int,
            "section": int,
            "position": int,
            "key": str,
            "url": str,
            "see": str,
            "title": str,
            "kind": str,
            "role": str,
            "tier": str,
            "level": str,
            "why": str,
            "added": str,
            "line": int,
        },
        indexes=("section", "key"),
        links=(("section", "sections"),),
    ),
    "cues": Table(
        "The places in the prose that ask for a citation: those that the reading lists record, with the keys that settle them "
        "between blanks, and those that a pattern finds in the guide's text (`pattern` is its name).",
        {"id": int, "guide": str, "section": int, "text": str, "settled_by": str, "pattern": str, "path": str, "line": int},
        indexes=("guide", "section"),
        links=(("section", "sections"),),
    ),
    "citations": Table(
        "What the guides' texts cite, in order: by a citation key, or by the address of a work (`identifier`: `arXiv:…`, `doi:…` "
        "or an address). Which paper of the store that is, the view `cited` says.",
        {
            "id": int,
            "guide": str,
            "path": str,
            "line": int,
            "section": str,
            "label": str,
            "identifier": str,
            "key": str,
        },
        indexes=("guide", "identifier", "key"),
    ),
    "identifiers": Table(
        "Every name of a paper besides its key: `arXiv:…`, `doi:…`, addresses of proceedings.",
        {"paper": int, "identifier": str},
        ("paper", "identifier"),
        ("identifier",),
        (("paper", "papers"),),
    ),
    "abstracts": Table(
        "What the sources gave as the abstract of a work; no file of a person's holds it, so no rebuilding takes it out.",
        {"identifier": str, "text": str},
        "identifier",
    ),
}

CITED = """CREATE VIEW cited AS
    SELECT papers.key, guide, path, line, section, label FROM citations JOIN papers ON papers.key = citations.key
    UNION SELECT papers.key, guide, path, line, section, label FROM citations
    JOIN identifiers USING (identifier) JOIN papers ON papers.id = identifiers.paper WHERE citations.key = ''"""
"""`cited`: which paper is cited where in the guides' texts."""
FULL_TEXT = (
    f"CREATE VIRTUAL TABLE words USING fts5({', '.join(WEIGHTS)}, "
    "tokenize='unicode61 remove_diacritics 0 categories ''L* M* N* S* Co''')",
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, row)",
)
"""`words`: the full text, folded, one row per paper (rowid = papers.id); `vocabulary`: its words, to find what was mistyped."""
