"""Names of real bibliographies read as pybtex and bibtexparser read them, and every difference explained."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from citeman import names

pytest.importorskip("pybtex")

AUTHORS = re.compile(r"^\s*(?:author|editor)\s*=\s*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}", re.MULTILINE | re.IGNORECASE)
STRIDE = 6
"""Every such file is read: enough for some 15,000 names in a second or two."""

EXPLAINED = [
    r"\b[JS]r\.?|\bI{2,3}|\bIV\b",  # a suffix, which BibTeX leaves in the family name or takes for it
    r",\s*\Z",  # a stray comma at the end makes an empty given name
    r"\bfamily\s*=",  # biblatex's own form
    r"\\[\s~]",  # `\ ` parts words as a blank does; bibtexparser parts them within the accent `\~`
    r"\A,",  # a given name alone is what the person is called
    r"\A\W*(?:[a-z]|\\[\W\d]*[a-z{])",  # a small first word is a given name, unless it is a known particle
    r"\A\{\s|\s\}\Z",  # blanks inside the braces of a collective
    r"#",  # a concatenation that a macro reader has not resolved
    r"\A\{?\\|\{\\[A-Za-z]{1,2}\}|\s\{?\\",  # a special character first: bibtexparser loses its backslash or its case
    r"[^\W\d_]'[A-Z]|-",  # bibtexparser takes `d'Autume` and `al-Haytham` for particles
]


def fields(shared: Path) -> Iterator[str]:
    for path in sorted((shared / "corpora").glob("bib*/**/*.bib"))[::STRIDE]:
        for match in AUTHORS.finditer(path.read_bytes().decode("utf-8", "replace")):
            if match[1].count("{") == match[1].count("}"):
                yield " ".join(match[1].split())


@pytest.fixture(scope="module")
def values(shared: Path) -> list[str]:
    return sorted(set(fields(shared)))


def plain(text: str) -> str:
    return " ".join(re.sub(r"(?<!\\)~", " ", text).split())


def explained(source: str) -> bool:
    return any(re.search(pattern, source) for pattern in EXPLAINED)


def test_fields_are_split_as_others_split_them(values: list[str]) -> None:
    from bibtexparser.middlewares.names import split_multiple_persons_names
    from pybtex.bibtex.utils import split_name_list

    for value in values:
        if re.search(r"\band and\b|\\[\s~'\"{ce]", value):
            continue  # both keep a doubled `and`; bibtexparser loses a backslash after `and`
        ours = [plain(name) for name in names.split(value)]
        assert ours == [plain(name) for name in split_name_list(value) if name.strip()]
        assert ours == [plain(name) for name in split_multiple_persons_names(value) if name.strip()]


def test_names_are_parted_as_others_part_them(values: list[str]) -> None:
    from bibtexparser.middlewares.names import parse_single_name_into_parts
    from pybtex.database import InvalidNameString, Person

    sources = sorted({name for value in values for name in names.split(value)} - {"others"})
    assert len(sources) > 1000
    differ = 0
    for source in sources:
        name = names.parse_one(source)
        ours = tuple(map(plain, (name.particle, name.family or f"{{{name.literal}}}", name.suffix, name.given)))
        try:
            person = Person(source)
        except InvalidNameString:
            continue  # more commas than a name has: we take what we can
        theirs = [person.prelast_names, person.last_names, person.lineage_names, person.first_names + person.middle_names]
        parts = parse_single_name_into_parts(source, strict=False)
        for other in (theirs, [parts.von, parts.last, parts.jr, parts.first]):
            if tuple(plain(" ".join(part)) for part in other) != ours:
                differ += 1
                assert explained(source), (source, ours, other)
    assert differ < len(sources) / 100
