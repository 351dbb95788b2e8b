"""Whether addresses still lead anywhere: one look at each, its answer unread, of a bounded number of them."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from citeman.sources.http import Session
from citeman.sources.upstream import BUSY, Service, Unreachable, Upstream, host_of

MOST = 200
"""Addresses that one run looks at."""
MOST_OF_ONE_HOST = 20
PATIENCE = 10.0
"""Seconds that a server has for its answer."""
GONE = frozenset({404, 410})
"""Statuses that mean: there is no such page. All others, refusals to robots among them, say nothing of the page."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of the addresses that were looked at; those in neither are alive."""

    dead: Mapping[str, int] = field(default_factory=dict)
    """Address -> the status that says so."""
    unknown: Mapping[str, str] = field(default_factory=dict)
    """Address -> why it could not be looked at."""
    asked: int = 0
    """How many were looked at."""
    left: int = 0
    """How many there was no time for."""


def look(session: Session, urls: Iterable[str], step: Callable[[int], None] = lambda _: None) -> Looked:
    """Look at each address once, at each server's own pace; what is known lately is not asked again."""
    wanted = [url for url in dict.fromkeys(urls) if _is_public(url, session.upstream)]
    chosen = _few(wanted)
    brief = session.upstream._replace(timeout=min(PATIENCE, session.upstream.timeout), patience=0.0, cache_dir=None)
    visitor = Session(brief, max_age=0, offline=session.offline, notify=session.notify)
    dead: dict[str, int] = {}
    unknown: dict[str, str] = {}
    for url in chosen:
        try:
            status = _status(session, visitor, url)
        except Unreachable as outage:
            unknown[url] = outage.reason
        else:
            dead |= {url: status} if status in GONE else {}
        step(1)
    session.requests.update(visitor.requests)
    return Looked(dead, unknown, len(chosen), len(wanted) - len(chosen))


def _status(session: Session, visitor: Session, url: str) -> int:
    """Ask for a page, or remember what it answered; raises Unreachable."""
    name = f"link {url}"
    kept = session.cache.get(name, session.cache_age)
    if kept:
        return kept.status
    host = host_of(url)
    service = Service("web", host, "text/html, */*;q=0.8", host, BUSY, reads=False)
    status = visitor.get(service, url, hosts=(host.removeprefix("www."),)).status
    if status in GONE or status < 400:
        session.cache.put(name, status, b"")
    return status


def _few(urls: Iterable[str]) -> list[str]:
    """As many of the addresses as one run may look at."""
    chosen: list[str] = []
    of_host: Counter[str] = Counter()
    for url in urls:
        of_host[host_of(url)] += 1
        if len(chosen) < MOST and of_host[host_of(url)] <= MOST_OF_ONE_HOST:
            chosen.append(url)
    return chosen


def _is_public(url: str, upstream: Upstream) -> bool:
    """Whether an address is on the open web, or on a server that the settings name."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"}:
        return False
    if host_of(url) in map(host_of, (upstream.arxiv_url, upstream.crossref_url, upstream.datacite_url)):
        return True
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal", ".test", ".example"))
