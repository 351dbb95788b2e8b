"""Names of works: the grammar of arXiv ids, DOIs and proceedings' addresses, from any way of writing one; and citation keys."""

from __future__ import annotations

import re

from citeman.ids import arxiv, doi, web
from citeman.ids.entries import acl_case, of_entry
from citeman.ids.identifier import Identifier, url_of
from citeman.ids.keys import DEFAULT_PATTERN, check_pattern, citation_key, free_key, is_citation_key, key_base

__all__ = [
    "DEFAULT_PATTERN",
    "Identifier",
    "check_pattern",
    "citation_key",
    "find",
    "free_key",
    "is_citation_key",
    "key_base",
    "of_entry",
    "parse",
    "url_of",
]

_PUBMED = re.compile(r"pmid:?\s*(?P<pmid>[1-9]\d{0,8})|(?:pmcid:?\s*)?pmc(?P<pmc>[1-9]\d{0,8})", re.I)
_WRAPPING = {"<": ">", "(": ")", "[": "]", "{": "}", '"': '"', "'": "'"}


def parse(text: str) -> Identifier | None:
    """Read any way of writing the name of one work: bare, prefixed or an address; None for other text and impossible ids."""
    text = _unwrap(text.replace("\u200b", "").strip())
    if identifier := arxiv.parse(text):
        return identifier
    if web.is_address(text):
        return _in_anthology_case(web.parse(doi.trim(text)) or web.parse(text))
    return _in_pubmed(text) or _one_doi(text)


def find(text: str) -> tuple[Identifier, ...]:
    """Find the arXiv ids (where they say so) and DOIs in running text, in order, each once; arXiv's first."""
    return tuple(dict.fromkeys([*arxiv.find(text), *doi.find(text)]))


def _one_doi(text: str) -> Identifier | None:
    """Read a DOI; a sentence that only starts with one names nothing."""
    found = doi.parse(text)
    return found if found and len(text.split()) <= 2 else None


def _in_pubmed(text: str) -> Identifier | None:
    """Read PubMed's own numbers, as manubot's keys have them: `pmid:31452104`, `pmcid:PMC6103790`, `PMC6103790`."""
    match = _PUBMED.fullmatch(text)
    if not match:
        return None
    return Identifier("pubmed", match["pmid"]) if match["pmid"] else Identifier("pmc", f"PMC{match['pmc']}")


def _in_anthology_case(identifier: Identifier | None) -> Identifier | None:
    if identifier and identifier.kind == "acl":
        return Identifier("acl", acl_case(identifier.value))
    return identifier


def _unwrap(text: str) -> str:
    """Take off the angle brackets, quotes or braces around a whole text, and the sentence's full stop behind them."""
    text = text.rstrip(".,;")
    while len(text) > 1 and _WRAPPING.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    return text
