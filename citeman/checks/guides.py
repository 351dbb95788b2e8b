"""Rules on the guides' text: links inside a page, citation keys, papers that the store lacks, odd addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from citeman import ids
from citeman.checks import Problem, Rule
from citeman.checks.citing import known_identifiers
from citeman.checks.entries import known_keys
from citeman.checks.near import Near
from citeman.guide import Citation, Guide, PageLink
from citeman.guide.places import Places
from citeman.ids import Identifier
from citeman.library import Library
from citeman.model import Fix
from citeman.text import Edit

_MADE_LATER = re.compile(r"top|refs|references|bibliography|fn(?:ref)?:?[\w-]+|(?:ref|cite(?:ref)?)-.+|footnotes?", re.I)
"""Anchors that the site's generator or the browser makes."""
_DEFINED = re.compile(r"^[ ]{0,3}\[@([^\]\s]+)\]:", re.M)
"""A key that the guide itself gives an address, for url2cite."""
_JOINED = (".Rmd", ".qmd", ".rmd")
"""Sources of books whose chapters are joined before anchors are made."""
_OTHER_KEYS = re.compile(
    r"(?:pmid|pmcid|isbn|issn|url|https?|wikidata|raw|tag|swh|clinicaltrials|inchikey|uniprot|rrid|gnd)[:_]", re.I
)
"""Keys of manubot and the like that name a work by themselves."""
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|mc_[ce]id|igshid)=")
_MIRRORS = re.compile(r"(?:export\.|www\.|[a-z]{2}\.)arxiv\.org|xxx\.lanl\.gov|(?:www\.|dx\.)doi\.org")


def broken_link(library: Library) -> Iterator[Problem]:
    """Yield every link inside a page to an anchor that the page does not have."""
    homes: dict[str, str] = {}
    for guide in _guides(library):
        for target in guide.targets:
            homes.setdefault(target, guide.path)
    for guide in _guides(library):
        known = homes.keys() if guide.path.endswith(_JOINED) else guide.targets
        broken = [link for link in guide.links if link.target not in known and not _MADE_LATER.fullmatch(link.target)]
        if broken:
            yield from _broken(guide, broken, homes)


def _broken(guide: Guide, links: Sequence[PageLink], homes: Mapping[str, str]) -> Iterator[Problem]:
    near, places = Near(sorted(guide.targets)), Places((*guide.sections, *guide.questions), len(guide.source))
    same = {target.casefold(): target for target in sorted(guide.targets)}
    for link in links:
        fix = None
        if meant := same.get(link.target.casefold()):
            hint, fix = f"; anchors are told apart by case: write #{meant}", _retarget(guide, link, meant)
        elif home := homes.get(link.target):
            hint = f"; {home} has it, so link to that page"
        else:
            hint = near.hint(link.target) or "; correct the link or the heading"
        yield Problem(
            f"no place #{link.target} in this page{hint}", guide.path, link.line, section=places.anchor(link.start), fix=fix
        )


def _retarget(guide: Guide, link: PageLink, target: str) -> Fix | None:
    start = guide.source.find(f"#{link.target}", link.start, link.end)
    if start < 0:
        return None
    return Fix(f"writes #{target}", (Edit(start + 1, start + 1 + len(link.target), target),))


def unknown_key(library: Library) -> Iterator[Problem]:
    """Yield every citation key in a guide that the bibliography lacks.

    A bare `@name` that looks like no key is taken for a person, and a key that the guide itself defines for an address.
    """
    keyed = [(guide, citation) for guide in _guides(library) for citation in guide.citations if citation.keys]
    known = known_keys(library) if keyed else Near(())
    defined = {
        guide.path: frozenset(_DEFINED.findall(guide.source)) for guide in {id(guide): guide for guide, _ in keyed}.values()
    }
    for guide, citation in keyed:
        for key in citation.keys:
            if key in known or _names_a_work(key) or key in defined[guide.path]:
                continue
            hint = known.hint(key)
            if hint or citation.form != "textual" or any(map(str.isdigit, key)):
                message = f"no entry {key!r} in {library.bibliography.path}{hint or '; add it (`citeman add`) or correct it'}"
                yield Problem(message, guide.path, citation.line, key, citation.section)


def _names_a_work(key: str) -> bool:
    """Whether a key is itself an identifier, as manubot and url2cite write them."""
    return bool(_OTHER_KEYS.match(key)) or (":" in key and ids.parse(key) is not None)


def unstored(library: Library) -> Iterator[Problem]:
    """Yield every paper that a guide cites and the store lacks, once a guide."""
    known = known_identifiers(library)
    for guide in _guides(library):
        missing: dict[Identifier, list[Citation]] = {}
        for citation in guide.citations:
            for identifier in _identifiers(citation):
                if identifier.scholarly and str(identifier) not in known:
                    missing.setdefault(identifier, []).append(citation)
        for identifier, citations in missing.items():
            again = len(citations) - 1
            more = f" and {'once' if again == 1 else f'{again} times'} more" if again else ""
            message = (
                f"the store lacks {identifier}, cited here{more}; `citeman add {identifier}`, or `citeman scan --write` for all"
            )
            yield Problem(message, guide.path, citations[0].line, section=citations[0].section)


def _identifiers(citation: Citation) -> list[Identifier]:
    if citation.url:
        return [citation.identifier] if citation.identifier else []
    found = (ids.parse(key) for key in citation.keys if ":" in key and not _OTHER_KEYS.match(key))
    return [identifier for identifier in found if identifier]


def odd_address(library: Library) -> Iterator[Problem]:
    """Yield every address of a paper that works by courtesy: without https, a mirror, a stray `?` or tracking behind it."""
    for guide in _guides(library):
        for citation in guide.citations:
            if citation.url and citation.identifier and (wanted := _tidy(citation.url)) != citation.url:
                start = guide.source.find(citation.url, citation.start, citation.end)
                fix = Fix(f"writes {wanted}", (Edit(start, start + len(citation.url), wanted),)) if start >= 0 else None
                message = f"{citation.url} is not the plain address; write {wanted}"
                yield Problem(message, guide.path, citation.line, section=citation.section, fix=fix)


def _tidy(url: str) -> str:
    """The same page's address without what may stop to work; as it is where that would name another work."""
    parts = urlsplit(url)
    host = parts.netloc.lower()
    if _MIRRORS.fullmatch(host):
        host = "doi.org" if host.endswith("doi.org") else "arxiv.org"
    elif host not in {"arxiv.org", "doi.org"}:
        host = parts.netloc
    scheme = "https" if host in {"arxiv.org", "doi.org"} else parts.scheme
    query = (
        parts.query
        if not _TRACKING.search(parts.query) and not (host == "arxiv.org" and parts.query)
        else _untracked(parts.query)
    )
    rest = url.partition(parts.netloc)[2].partition("?")[0].partition("#")[0]
    tidied = f"{scheme}://{host}{rest}{f'?{query}' if query else ''}{f'#{parts.fragment}' if parts.fragment else ''}"
    if not parts.scheme.startswith("http") or not parts.netloc or ids.parse(tidied) != ids.parse(url):
        return url
    return tidied


def _untracked(query: str) -> str:
    return "&".join(part for part in query.split("&") if part and not _TRACKING.match(part))


def _guides(library: Library) -> list[Guide]:
    return [volume.guide for volume in library.volumes if volume.guide]


RULES = (
    Rule(
        "guide-broken-link",
        "error",
        "a link inside a page to an anchor that is not there",
        broken_link,
        "corrects the case of letters",
    ),
    Rule("guide-unknown-key", "error", "a citation key that the bibliography lacks", unknown_key),
    Rule("guide-unstored-paper", "warning", "a citation of a paper that the store lacks", unstored),
    Rule(
        "guide-odd-address",
        "hint",
        "an address of a paper with http, a mirror, a stray `?` or tracking in it",
        odd_address,
        "writes the plain one",
    ),
)
