"""A real HTTP server on loopback that behaves like arXiv's API and OAI-PMH, Crossref and DataCite, faults included."""

from __future__ import annotations

import gzip
import itertools
import json
import re
import socket
import struct
import threading
import time
import zlib
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.upstream import bodies
from tests.upstream.world import World, seeded

SERVICES = ("arxiv", "arxiv-oai", "crossref", "datacite", "web")
KINDS = ("429", "406", "403", "500", "503", "504", "slow", "truncated", "reset", "html", "text", "empty", "bomb", "huge", "drip")
KINDS += ("redirect", "loop", "ok")
ARXIV_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(\d+))?")
_SELECTS = (
    "abstract URL resource member posted score created degree update-policy short-title license ISSN "
    "container-title issued update-to issue prefix approved indexed article-number accepted author group-title DOI "
    "is-referenced-by-count updated-by event chair original-title funder translator published archive "
    "published-print alternative-id subject subtitle published-online publisher-location content-domain reference "
    "title link type publisher volume references-count ISBN issn-type assertion deposited page content-created "
    "short-container-title relation editor"
)
SELECTS = frozenset(_SELECTS.split())


@dataclass
class Fault:
    """What a service does instead of answering."""

    kind: str
    times: int = 1_000_000
    after: str = ""
    """`Retry-After`."""


@dataclass
class Request:
    """One request as it came in."""

    service: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    began: float
    ended: float = 0.0
    status: int = 0


@dataclass
class Upstream:
    """The running server: its world, its log, its faults."""

    world: World = field(default_factory=seeded)
    log: list[Request] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    limit: str = "1000"
    """Crossref's advertised requests a second; empty: it advertises none."""
    empty_pages: set[int] = field(default_factory=set)
    """`start` values for which arXiv's next answer is an empty page."""
    address: str = ""

    def break_(self, service: str, kind: str, times: int = 1_000_000, after: str = "") -> None:
        """Make a service's next answers (all of them by default) a fault; faults of one service queue up, `ok` is none."""
        assert service in SERVICES, service
        assert kind in KINDS, kind
        self.faults.setdefault(service, []).append(Fault(kind, times, after))

    def mend(self, *services: str) -> None:
        """End all faults of the services, of every one by default."""
        for service in services or SERVICES:
            self.faults.pop(service, None)

    def forget(self) -> None:
        """Empty the request log."""
        self.log.clear()

    @property
    def counts(self) -> Counter[str]:
        """How many requests each service got."""
        return Counter(request.service for request in self.log)

    def intervals(self, service: str) -> list[float]:
        """Seconds from the end of each request to the beginning of the next; negative where two overlapped."""
        found = sorted((one for one in self.log if one.service == service), key=lambda one: one.began)
        return [later.began - earlier.ended for earlier, later in itertools.pairwise(found)]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead citeman here; arXiv's pace is off, the server is nobody else's."""
        return {
            "CITEMAN_ARXIV_URL": f"{self.address}/api/query",
            "CITEMAN_ARXIV_OAI_URL": f"{self.address}/oai",
            "CITEMAN_CROSSREF_URL": f"{self.address}/crossref",
            "CITEMAN_DATACITE_URL": f"{self.address}/datacite",
            "CITEMAN_ARXIV_INTERVAL": "0",
            "CITEMAN_TIMEOUT": "5",
        }

    def take(self, service: str) -> Fault | None:
        """Return the fault that the next answer is, if any."""
        queue = self.faults.get(service, [])
        while queue and queue[0].times <= 0:
            queue.pop(0)
        if not queue:
            return None
        queue[0].times -= 1
        return queue[0]

    def __enter__(self) -> Self:
        handler = type("BoundHandler", (Handler,), {"upstream": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away in the middle are part of the game."""


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    upstream: Upstream
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Keep stderr clean."""

    def do_GET(self) -> None:
        """Answer, or break as told."""
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        service = _service(parts.path)
        request = Request(service, parts.path, query, dict(self.headers), time.monotonic())
        self.upstream.log.append(request)
        fault = self.upstream.take(service)
        try:
            if fault and self._broken(fault, request):
                return
            self._answer(service, parts.path, query, request)
        finally:
            request.ended = time.monotonic()

    def _answer(self, service: str, path: str, query: dict[str, str], request: Request) -> None:
        if len(self.path) > 8_000:
            return self._send(414, b"Request-URI Too Large", "text/plain", request)
        world = self.upstream.world
        if service == "arxiv":
            status, body = query_arxiv(self.upstream, query)
            return self._send(status, body, "application/atom+xml; charset=utf-8", request)
        if service == "arxiv-oai":
            return self._send(200, get_oai(world, query), "text/xml", request)
        if service == "datacite":
            return self._datacite(path.removeprefix("/datacite"), query, request)
        if service == "crossref":
            return self._crossref(path.removeprefix("/crossref"), query, request)
        page = world.pages.get(unquote(path.removeprefix("/pages/")))
        if page is None:
            return self._send(404, b"<html>not here</html>", "text/html", request)
        return self._send(200, page.encode(), "text/html; charset=utf-8", request)

    def _crossref(self, path: str, query: dict[str, str], request: Request) -> None:
        world = self.upstream.world
        if path.rstrip("/") == "/works":
            status, body = list_works(world, query)
            return self._send(status, body, "application/json", request)
        doi = unquote(path.removeprefix("/works/")).lower()
        if doi in world.aliases:
            location = f"/crossref/works/{quote(world.aliases[doi], safe='/')}"
            return self._send(301, b"", "text/plain", request, {"Location": location})
        if doi not in world.works:
            return self._send(404, b"Resource not found.", "text/plain", request)
        return self._send(200, bodies.crossref("work", world.works[doi]), "application/json", request)

    def _datacite(self, path: str, query: dict[str, str], request: Request) -> None:
        world = self.upstream.world
        if path.rstrip("/") == "/dois":
            wanted = [doi.lower() for doi in query.get("ids", "").split(",") if doi]
            found = [resource for doi in sorted(wanted, reverse=True) if (resource := bodies.datacite(world, doi))]
            found += bodies.datacite_search(world, query.get("query", ""))
            page = found[: int(query.get("page[size]", "25"))]
            body = json.dumps({"data": page, "meta": {"total": len(found), "totalPages": 1, "page": 1}}).encode()
            return self._send(200, body, "application/vnd.api+json", request)
        resource = bodies.datacite(world, unquote(path.removeprefix("/dois/")).lower())
        if not resource:
            return self._send(
                404,
                b'{"errors":[{"status":"404","title":"The resource you are looking for doesn\'t exist."}]}',
                "application/json",
                request,
            )
        body = json.dumps({"data": resource}).encode()
        etag = f'"{zlib.crc32(body):x}"'
        if self.headers.get("If-None-Match") == etag:
            return self._send(304, b"", "application/vnd.api+json", request, {"ETag": etag})
        return self._send(200, body, "application/vnd.api+json", request, {"ETag": etag})

    def _send(self, status: int, body: bytes, kind: str, request: Request, headers: dict[str, str] | None = None) -> None:
        request.status = status
        self.send_response(status)
        self.send_header("Content-Type", kind)
        chunked = request.service == "datacite" and bool(body)
        if len(body) > 1_000 and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 1)
            self.send_header("Content-Encoding", "gzip")
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
            body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:100], body[100:]) if part) + b"0\r\n\r\n"
        else:
            self.send_header("Content-Length", str(len(body)))
        if request.service == "crossref" and self.upstream.limit:
            self.send_header("x-api-pool", "polite")
            self.send_header("x-rate-limit-limit", self.upstream.limit)
            self.send_header("x-rate-limit-interval", "1s")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if status != 304:
            self.wfile.write(body)

    def _broken(self, fault: Fault, request: Request) -> bool:
        """Do what the fault says; True when that was the answer."""
        headers = {"Retry-After": fault.after} if fault.after else {}
        if fault.kind == "ok":
            return False
        if fault.kind.isdigit():
            body = b"Rate exceeded." if request.service == "arxiv" else b"<html>Too many requests</html>"
            self._send(int(fault.kind), body, "text/plain", request, headers)
        elif fault.kind == "slow":
            time.sleep(float(fault.after or 1.0))
            return False
        elif fault.kind == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
        elif fault.kind == "redirect":
            self._send(302, b"", "text/plain", request, {"Location": fault.after or "http://elsewhere.example/"})
        elif fault.kind == "loop":
            self._send(302, b"", "text/plain", request, {"Location": self.path})
        else:
            self._odd_body(fault.kind, request)
        return True

    def _odd_body(self, kind: str, request: Request) -> None:
        whole = {"html": bodies.CAPTCHA, "text": b"Rate exceeded.", "empty": b"", "bomb": bodies.BOMB}
        if kind in whole:
            self._send(200, whole[kind], "text/html", request)
            return
        if kind == "truncated":
            self._start(request, length=10_000)
            self.wfile.write(b"<?xml version='1.0'?><feed><entry>")
        elif kind == "huge":
            self._start(request, length=200_000_000)
            for _ in range(200):
                self.wfile.write(b" " * 1_000_000)
        elif kind == "drip":
            self._start(request, length=1_000)
            for _ in range(1_000):
                self.wfile.write(b" ")
                time.sleep(0.05)
        self.close_connection = True

    def _start(self, request: Request, length: int) -> None:
        request.status = 200
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()


def _service(path: str) -> str:
    prefixes = {"/api/query": "arxiv", "/oai": "arxiv-oai", "/crossref": "crossref", "/datacite": "datacite"}
    return next((service for prefix, service in prefixes.items() if path.startswith(prefix)), "web")


def query_arxiv(upstream: Upstream, query: dict[str, str]) -> tuple[int, bytes]:
    """Answer arXiv's query API: ten results by default, in no order, all or nothing for a list with a malformed id."""
    size, start = query.get("max_results", "10"), query.get("start", "0")
    if not size.isdigit() or not start.isdigit():
        return 400, bodies.error_feed("max_results must be an integer")
    found: list[str] = []
    if listed := query.get("id_list", ""):
        for one in listed.split(","):
            match = ARXIV_ID.fullmatch(one)
            if not match:
                return 400, bodies.error_feed(f"incorrect id format for {one}")
            paper = upstream.world.papers.get(re.sub(r"\.[A-Z]{2}/", "/", match[1]))
            if paper and int(match[2] or 0) <= len(paper.versions):
                found.append(bodies.entry(paper, int(match[2] or 0)))
        found.sort(key=lambda text: zlib.crc32(text.encode()))
    elif query.get("search_query"):
        papers = [paper for paper in upstream.world.everything() if matches(paper, query["search_query"])]
        found = [bodies.entry(paper) for paper in relevant_first(papers, query["search_query"])]
    else:
        return 400, bodies.error_feed("Either a search_query or id_list must be specified for the classic API.")
    page = found[int(start) : int(start) + min(int(size), 2000)]
    if int(start) in upstream.empty_pages:
        upstream.empty_pages.discard(int(start))
        page = []
    return 200, bodies.feed(page, len(found), int(start), int(size), listed)


def matches(paper: Any, query: str) -> bool:
    """Tell whether a paper fits a query of `field:word` and phrases joined by AND or by OR, and a submittedDate window."""
    first, last = paper.versions[0], paper.versions[-1]
    if window := re.search(r"submittedDate:\[(\d{8})\d{4} TO (\d{8})\d{4}\]", query):
        if not window[1] <= first.date.replace("-", "") <= window[2]:
            return False
        query = query.replace(window[0], "")
    haystacks = {"ti": last.title, "au": " ".join(last.authors), "abs": last.abstract, "cat": paper.category}
    haystacks["all"] = " ".join(haystacks.values())
    found = [
        (phrase or word).lower() in haystacks[name or "all"].lower()
        for name, phrase, word in re.findall(r'(?:(ti|au|abs|cat|all):)?(?:"([^"]+)"|([^\s()"]+))', query)
        if phrase or word not in {"AND", "OR", ""}
    ]
    return any(found) if " OR " in query else all(found)


def relevant_first(papers: list[Any], query: str) -> list[Any]:
    """Sort papers of an OR query by how many of its words their titles have; others stay in order."""
    words = re.findall(r":(\w+)", query) if " OR " in query else []
    return sorted(papers, key=lambda paper: -sum(word.lower() in paper.versions[-1].title.lower() for word in words))


def get_oai(world: World, query: dict[str, str]) -> bytes:
    """Answer OAI-PMH's GetRecord; errors come with HTTP 200."""
    if query.get("verb") != "GetRecord":
        return bodies.oai_error("badVerb", "Only GetRecord here")
    name = query.get("identifier", "").removeprefix("oai:arXiv.org:")
    paper = world.papers.get(re.sub(r"v\d+$", "", name))
    return bodies.oai_record(paper) if paper else bodies.oai_error("idDoesNotExist", "Nothing found for this ID")


def list_works(world: World, query: dict[str, str]) -> tuple[int, bytes]:
    """Answer Crossref's list of works: 20 rows by default, unknown DOIs silently absent."""
    selected = [name for name in query.get("select", "").split(",") if name]
    if unknown := [name for name in selected if name not in SELECTS]:
        return 400, _refusal(f"Select {unknown[0]} specified but there is no such select for this route")
    rows = query.get("rows", "20")
    if not rows.isdigit() or int(rows) > 1000:
        return 400, _refusal("Integer specified as rows must be less than or equal to 1000")
    if terms := query.get("filter", ""):
        wanted = []
        for term in terms.split(","):
            name, colon, value = term.partition(":")
            if name != "doi" or not colon:
                return 400, _refusal(f"Filter {name} specified but there is no such filter for this route")
            wanted.append(value.lower())
        found = [world.works[doi] for doi in sorted(set(wanted), key=lambda doi: doi[::-1]) if doi in world.works]
    else:
        found = ranked(world, query.get("query.bibliographic") or query.get("query") or "")
    items = [{name: work[name] for name in work if not selected or name in selected} for work in found[: int(rows)]]
    message = {"total-results": len(found), "items": items, "items-per-page": int(rows), "query": {"start-index": 0}}
    return 200, bodies.crossref("work-list", message)


def ranked(world: World, text: str) -> list[dict[str, Any]]:
    """Rank works by the words they share with a text; fakes come first, as they do."""
    words = set(re.findall(r"\w+", text.lower()))

    def score(work: dict[str, Any]) -> float:
        people = " ".join(author.get("family", "") for author in work["author"])
        own = set(re.findall(r"\w+", f"{work['title'][0]} {people}".lower()))
        return len(words & own) + (0.5 if work["DOI"].startswith("10.65215/") else 0.0)

    return sorted((work for work in world.works.values() if score(work) >= 1), key=score, reverse=True)


def _refusal(message: str) -> bytes:
    return bodies.crossref("validation-failure", [{"type": "not-valid", "value": "", "message": message}], "failed")
