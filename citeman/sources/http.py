"""One polite session to all services: who we are, whose turn it is, how long, how much, how often again, and what is kept."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from citeman import __version__
from citeman.sources.cache import Cache
from citeman.sources.turns import Pace, Turns
from citeman.sources.upstream import DAY, HOUR, Answer, Service, Unreachable, Upstream, host_of

if TYPE_CHECKING:
    from requests import Response
    from requests import Session as HttpSession

TRIES = 4
LARGEST_BODY = 32_000_000
"""Bytes after which an answer is no answer."""
LONGEST_ANSWER = 8
"""Times the timeout that a whole answer may take, drop by drop."""
HASTE = 5.0
"""Seconds of silence after which a question that is not worth a wait is given up."""
REDIRECTS = 5
KNOWN_HOSTS = (
    "arxiv.org",
    "crossref.org",
    "datacite.org",
    "doi.org",
    "openreview.net",
    "mlr.press",
    "jmlr.org",
    "neurips.cc",
    "nips.cc",
    "iclr.cc",
    "mlsys.org",
    "aclanthology.org",
    "thecvf.com",
)
"""Redirects go to these, to their subdomains, to where the question went, and nowhere else."""


class Busy(Exception):
    """The service said "not now", or what it said made no sense; worth another try."""

    def __init__(self, reason: str, after: float = 0.0) -> None:
        super().__init__(reason)
        self.after = after
        """Seconds that the service asked us to wait."""


class Gone(Exception):
    """There is no way to the service at all; another try would change nothing."""


Check = Callable[[Answer], str]
"""Says why an answer with status 200 is none (empty, another format), or nothing."""


class Session:
    """Asks the services, each at its own pace; counts the requests that went out, by service name."""

    def __init__(
        self,
        upstream: Upstream,
        *,
        max_age: float = DAY,
        offline: bool = False,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        notify: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.upstream = upstream
        self.max_age = max_age
        """Seconds for which a kept answer is good enough; 0 asks again."""
        self.offline = offline
        self.notify = notify
        self.requests: Counter[str] = Counter()
        self.cache = Cache(upstream.cache_dir, clock)
        self._clock = clock
        self._sleep = sleep
        self._turns = Turns(upstream.cache_dir, clock, sleep)
        self._down: dict[str, Unreachable] = {}
        self._http: HttpSession | None = None

    @property
    def cache_age(self) -> float | None:
        """The age that a kept answer may have: any when offline."""
        return None if self.offline else self.max_age

    def get(
        self,
        service: Service,
        url: str,
        parameters: Mapping[str, str | int] | None = None,
        *,
        check: Check = lambda _: "",
        route: str = "",
        keep: bool = False,
        hosts: tuple[str, ...] = (),
    ) -> Answer:
        """Ask a service, again and later where it is busy; 4xx answers come back, everything else raises Unreachable.

        `keep` keeps the answer (and a 404) for `max_age`, with a conditional request where the service gave an ETag.
        `hosts` are further hosts that a redirect may lead to.
        """
        full = f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}" if parameters else url
        kept = self.cache.get(full, self.cache_age) if keep else None
        if kept:
            return Answer(kept.status, kept.body, kept.url or full, kept.etag)
        if self.offline:
            raise Unreachable(service, "--offline asks nobody, and the cache does not know")
        place = f"{service.name} {host_of(full)}"
        if place in self._down:
            raise self._down[place]
        try:
            answer = self._persistently(service, partial(self._once, service, full, check, route or service.name, keep, hosts))
        except Unreachable as outage:
            self._down[place] = outage
            raise
        if keep and answer.status in {200, 404}:
            self.cache.put(full, answer.status, answer.body, answer.etag, answer.url)
        return answer

    def _persistently(self, service: Service, once: Callable[[], Answer]) -> Answer:
        """Try several times, each time later; the service's own wish for a pause goes before ours."""
        try:
            try:
                return once()
            except Busy as busy:
                if service.hasty:
                    raise
                return self._again(service, once, [busy])
        except (Busy, Gone) as reason:
            raise Unreachable(service, str(reason)) from None

    def _again(self, service: Service, once: Callable[[], Answer], refusals: list[Busy]) -> Answer:
        import tenacity

        backoff = self.upstream.backoff
        longer = tenacity.wait_exponential(multiplier=backoff, max=30) + tenacity.wait_random(0, backoff / 2)

        def attempt() -> Answer:
            if refusals:
                raise refusals.pop()
            return once()

        def pause(state: tenacity.RetryCallState) -> float:
            refusal = state.outcome.exception() if state.outcome else None
            return max(longer(state), refusal.after if isinstance(refusal, Busy) else 0.0)

        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Busy),
            stop=tenacity.stop_after_attempt(TRIES) | tenacity.stop_before_delay(self.upstream.patience),
            wait=pause,
            sleep=self._sleep,
            before_sleep=lambda state: self.notify(f"{service.title} is busy ({_reason(state)}); trying again"),
            reraise=True,
        )
        return retrying(attempt)

    def _once(self, service: Service, url: str, check: Check, route: str, keep: bool, hosts: tuple[str, ...]) -> Answer:
        old = self.cache.get(url) if keep else None
        headers = {"If-None-Match": old.etag} if old and old.etag else {}
        for _ in range(REDIRECTS):
            with self._turns.turn(service, route, self.upstream.patience, self.notify) as pace:
                self.requests[service.name] += 1
                try:
                    answer, target = self._ask(service, url, headers, pace, route)
                except Busy as busy:
                    self._cool(pace, busy.after)
                    raise
                pace.refusals = 0
            if not target:
                break
            url = self._allowed(service, url, target, hosts)
        else:
            raise Gone("it sends us in circles")
        if answer.status == 304 and old:
            return Answer(old.status, old.body, old.url, old.etag)
        if answer.status == 200 and (reason := check(answer)):
            raise Busy(reason)
        return answer

    def _ask(self, service: Service, url: str, headers: Mapping[str, str], pace: Pace, route: str) -> tuple[Answer, str]:
        """Send one request; return the answer, and where it redirects to. Raises Busy for what may be better later."""
        deadline = self._clock() + LONGEST_ANSWER * self.upstream.timeout
        try:
            with self._open(service, url, headers) as response:
                wait = _retry_after(response)
                pace.interval[route] = self._interval(service, response, pace.interval.get(route))
                if response.status_code in service.busy:
                    raise Busy(f"HTTP {response.status_code}", wait)
                body = self._body(response, deadline) if service.reads else b""
                target = response.headers.get("Location", "") if response.is_redirect else ""
                return Answer(response.status_code, body, url, response.headers.get("ETag", "")), target
        finally:
            pace.next[route] = self._clock() + pace.interval.get(route, self._interval(service, None, None))

    @contextmanager
    def _open(self, service: Service, url: str, headers: Mapping[str, str]) -> Iterator[Response]:
        """Open a response; tell what went wrong on the way in terms of Busy and Gone."""
        import requests
        import urllib3

        if self._http is None:
            self._http = _session(self.upstream.mailto)
        timeout = min(HASTE, self.upstream.timeout) if service.hasty else self.upstream.timeout
        try:
            response = self._http.get(
                url,
                headers={"Accept": service.accept, **headers},
                timeout=timeout,
                stream=True,
                allow_redirects=False,
            )
            with response:
                yield response
        except requests.Timeout:
            raise Busy(f"no answer within {timeout:g} s") from None
        except requests.ConnectionError as error:
            reason = getattr(error.args[0], "reason", None) if error.args else None
            if isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.NameResolutionError):
                raise Gone(f"no connection to {host_of(url)}") from None
            raise Busy("the connection broke") from None
        except urllib3.exceptions.TimeoutError:
            raise Busy(f"silence for {timeout:g} s") from None
        except (urllib3.exceptions.ProtocolError, urllib3.exceptions.DecodeError):
            raise Busy("the answer broke off") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError) as error:
            raise Gone(f"{host_of(url)}: {type(error).__name__}") from None

    def _body(self, response: Response, deadline: float) -> bytes:
        """Read a body as it comes in, within its limits of size and time; requests' own reading waits for whole chunks."""
        chunks, size = [], 0
        while chunk := response.raw.read1(65_536, decode_content=True):
            size += len(chunk)
            chunks.append(chunk)
            if size > LARGEST_BODY:
                raise Gone(f"its answer is larger than {LARGEST_BODY // 1_000_000} MB")
            if self._clock() > deadline:
                raise Busy("its answer comes too slowly")
        return b"".join(chunks)

    def _cool(self, pace: Pace, after: float) -> None:
        """Give the service its peace, also from other commands; with every refusal in a row a longer one."""
        pace.refusals += 1
        own = self.upstream.backoff * min(60.0, 2.0 ** (pace.refusals - 1))
        pace.cool_until = self._clock() + min(max(after, own), HOUR)

    def _interval(self, service: Service, response: Response | None, known: float | None) -> float:
        """Return the seconds between two requests: arXiv's rule, Crossref's headers, or a third of a second."""
        if not self.upstream.arxiv_interval or service.turn == "arxiv":
            return self.upstream.arxiv_interval
        if service.name != "crossref":
            return 1 / 3
        return self.upstream.crossref_interval or _advertised(response) or known or 1.0

    def _allowed(self, service: Service, url: str, target: str, hosts: tuple[str, ...]) -> str:
        """Return a redirect's absolute target; raises Gone where it leads to strangers or from https to http."""
        absolute = urljoin(url, target)
        parts = urlsplit(absolute)
        host = (parts.hostname or "").lower()
        own = {host_of(url), *map(host_of, (self.upstream.arxiv_url, self.upstream.arxiv_oai_url))}
        own |= set(map(host_of, (self.upstream.crossref_url, self.upstream.datacite_url)))
        known = host_of(absolute) in own or any(host == one or host.endswith(f".{one}") for one in (*KNOWN_HOSTS, *hosts))
        if parts.scheme not in {"http", "https"} or not known or (url.startswith("https:") and parts.scheme == "http"):
            raise Gone(f"{service.title} redirects to {parts.scheme}://{host}, which citeman does not follow")
        return absolute


def _session(mailto: str) -> HttpSession:
    import requests

    session = requests.Session()
    contact = f" (mailto:{mailto})" if mailto else ""
    session.headers["User-Agent"] = f"citeman/{__version__}{contact}"
    return session


def _retry_after(response: Response) -> float:
    """Read `Retry-After`, in seconds or as a date; 0 where there is none or nonsense."""
    from urllib3.exceptions import InvalidHeader
    from urllib3.util import Retry

    try:
        return Retry().parse_retry_after(response.headers.get("Retry-After", "0"))
    except InvalidHeader:
        return 0.0


def _advertised(response: Response | None) -> float:
    """Read Crossref's limit, in either spelling: `x-rate-limit-limit: 3`, `x-rate-limit-interval: 1s`."""
    if response is None:
        return 0.0
    for name in ("x-rate-limit", "x-ratelimit"):
        limit = response.headers.get(f"{name}-limit", "")
        interval = response.headers.get(f"{name}-interval", "1s").removesuffix("s")
        if limit.isdigit() and int(limit) and interval.isdigit():
            return int(interval) / int(limit)
    return 0.0


def _reason(state: object) -> str:
    outcome = getattr(state, "outcome", None)
    return str(outcome.exception()) if outcome else ""
