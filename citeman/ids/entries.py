"""Which identifiers an entry of the bibliography carries, in whatever fields people and programs put them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from citeman.ids import arxiv, doi, web
from citeman.ids.identifier import Identifier
from citeman.model import Entry

_EPRINT_KINDS = {"", "arxiv", "arxiv.org", "arxiv e-prints", "corr"}
_ADDRESS_FIELDS = (
    "url",
    "openreview",
    "link",
    "ee",
    "pdf",
    "howpublished",
    "adsurl",
    "biburl",
    "bdsk-url-1",
    "bdsk-url-2",
    "note",
)
_ADDRESS_IN_TEX = re.compile(r"\\(?:url|href)\s*\{([^{}]*)\}")
_JOURNAL = re.compile(r"arxiv|corr\b", re.IGNORECASE)


def of_entry(entry: Entry) -> tuple[Identifier, ...]:
    """Return the identifiers of an entry, each once: DOI, arXiv id, pages; a plain address only for want of better."""
    return _of_fields(tuple((field.name, field.value) for field in reversed(entry.fields)))


@lru_cache(maxsize=1024)
def _of_fields(pairs: tuple[tuple[str, str], ...]) -> tuple[Identifier, ...]:
    """Read the fields, of a name's several the last; kept, since pages, labels and checks all ask."""
    found = dict.fromkeys(_candidates(dict(pairs)))
    scholarly = tuple(identifier for identifier in found if identifier.scholarly)
    return scholarly or tuple(found)


def _candidates(fields: Mapping[str, str]) -> Iterator[Identifier]:
    for identifier in (doi.parse(fields.get("doi", "")), _eprint(fields)):
        if identifier:
            yield identifier
            yield from _same_work(identifier)
    for name in ("arxiv", "arxivid"):
        yield from filter(None, [arxiv.parse(fields.get(name, ""))])
    yield from _journal(fields)
    for name in _ADDRESS_FIELDS:
        if name in fields:
            yield from _addresses(fields[name])
    for alias in fields.get("ids", "").split(","):
        yield from filter(None, [arxiv.parse(alias), doi.parse(alias)])


def _same_work(identifier: Identifier) -> Iterator[Identifier]:
    """The ACL Anthology's DOIs hold the anthology's own id."""
    prefix = "10.18653/v1/"
    if identifier.kind == "doi" and identifier.value.startswith(prefix):
        yield Identifier("acl", acl_case(identifier.value.removeprefix(prefix)))


def acl_case(value: str) -> str:
    """Return an anthology id as the anthology writes it: `W04-1013`, `2020.emnlp-demos.6`."""
    return value.upper() if re.fullmatch(r"[a-z]\d{2}-\d{4}", value, re.IGNORECASE) else value.lower()


def _eprint(fields: Mapping[str, str]) -> Identifier | None:
    """Read `eprint` as arXiv's when its type says so or is absent; the class makes a bare old number whole."""
    value = _plain(fields.get("eprint", ""))
    kind = (fields.get("eprinttype") or fields.get("archiveprefix") or "").strip().lower()
    if not value or kind not in _EPRINT_KINDS:
        return None
    archive = _plain(fields.get("eprintclass") or fields.get("primaryclass") or "")
    if re.fullmatch(r"\d{7}(v\d+)?", value) and archive:
        value = f"{archive}/{value}"
    return arxiv.parse(value) or doi.parse(value) or web.parse(value)


def _journal(fields: Mapping[str, str]) -> Iterator[Identifier]:
    """Read `journal = {arXiv preprint arXiv:2103.00065}` and DBLP's `journal = {CoRR}, volume = {abs/2103.00065}`."""
    journal = _plain(fields.get("journal") or fields.get("journaltitle") or fields.get("publisher") or "")
    if not _JOURNAL.search(journal):
        return
    yield from arxiv.find(journal) or filter(None, [arxiv.parse(journal)])
    for name in ("volume", "number", "pages"):
        value = _plain(fields.get(name, ""))
        if value.lower().startswith(("abs/", "arxiv:")):
            yield from filter(None, [arxiv.parse(value)])


def _addresses(value: str) -> Iterator[Identifier]:
    """Read a field that is an address or an identifier as a whole; prose that only mentions one names another work."""
    if not value:
        return
    for text in (*_ADDRESS_IN_TEX.findall(value), *value.split()) if "://" in value else [value]:
        text = doi.untex(_plain(text))
        yield from filter(None, [web.parse(text) or arxiv.parse(text) or (doi.parse(text) if "10." in text else None)])


def _plain(value: str) -> str:
    return value.replace("{", "").replace("}", "").strip()
