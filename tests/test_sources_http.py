from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from citeman.sources import http
from citeman.sources import upstream as settings
from citeman.sources.http import Session
from citeman.sources.upstream import ARXIV, CROSSREF, DATACITE, WEB, Answer, Unreachable
from tests.conftest import ROOT
from tests.upstream import Upstream


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.naps: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


Open = Callable[..., Session]


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def open_(upstream: Upstream, time: Time, tmp_path: Path) -> Open:
    def made(interval: float = 3.0, mailto: str = "", offline: bool = False, max_age: float = 86_400.0, **more: float) -> Session:
        chosen = settings.Upstream(
            arxiv_url=f"{upstream.address}/api/query",
            arxiv_oai_url=f"{upstream.address}/oai",
            crossref_url=f"{upstream.address}/crossref",
            datacite_url=f"{upstream.address}/datacite",
            arxiv_interval=interval,
            mailto=mailto,
            cache_dir=tmp_path / "cache",
            **more,  # type: ignore[arg-type]
        )
        return Session(chosen, clock=time.clock, sleep=time.sleep, offline=offline, max_age=max_age)

    return made


def ask(session: Session, **more: object) -> Answer:
    return session.get(ARXIV, session.upstream.arxiv_url, {"id_list": "1806.07572"}, **more)  # type: ignore[arg-type]


def test_who_is_asking_and_how(open_: Open, upstream: Upstream) -> None:
    ask(open_(mailto="ada@example.org"))
    sent = upstream.log[0].headers
    assert sent["User-Agent"].startswith("citeman/")
    assert "mailto:ada@example.org" in sent["User-Agent"]
    assert sent["Accept"].startswith("application/atom+xml")
    assert {"Accept-Encoding", "Connection"} <= set(sent)


def test_arxiv_is_asked_every_three_seconds_also_by_the_next_command(open_: Open, time: Time) -> None:
    first = open_()
    ask(first)
    ask(first)
    ask(open_())
    assert [round(nap, 3) for nap in time.naps] == [3.0, 3.0]
    assert first.requests == {"arxiv": 2}


def test_two_processes_take_turns(upstream: Upstream, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from citeman.sources.http import Session; from citeman.sources.upstream import *\n"
        "s = Session(Upstream(arxiv_url=sys.argv[1], arxiv_interval=0.2, cache_dir=Path(sys.argv[2])))\n"
        "for n in range(3): s.get(ARXIV, sys.argv[1], {'id_list': '1806.07572', 'start': n})"
    )
    command = [sys.executable, "-c", program, f"{upstream.address}/api/query", str(tmp_path / "cache")]
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [process.wait(timeout=60) for process in running] == [0, 0]
    assert len(upstream.intervals("arxiv")) == 5
    assert min(upstream.intervals("arxiv")) > 0.15


def test_crossrefs_own_limit_is_kept(open_: Open, upstream: Upstream, time: Time) -> None:
    upstream.limit = "4"
    session = open_()
    for number in range(3):
        session.get(CROSSREF, f"{upstream.address}/crossref/works/10.5555/none.{number}")
    assert [round(nap, 3) for nap in time.naps] == [0.25, 0.25]


def test_without_an_advertised_limit_crossref_is_asked_once_a_second(open_: Open, upstream: Upstream, time: Time) -> None:
    upstream.limit = ""
    session = open_()
    for number in range(2):
        session.get(CROSSREF, f"{upstream.address}/crossref/works/10.5555/none.{number}")
    assert [round(nap, 3) for nap in time.naps] == [1.0]


@pytest.mark.parametrize("kind", ["429", "406", "503", "reset", "truncated"])
def test_a_refusal_is_waited_out(open_: Open, upstream: Upstream, time: Time, kind: str) -> None:
    upstream.break_("arxiv", kind, times=2)
    assert ask(open_()).status == 200
    assert len(upstream.log) == 3
    assert sum(time.naps) > 5.9


def test_retry_after_goes_before_our_own_pace(open_: Open, upstream: Upstream, time: Time) -> None:
    upstream.break_("arxiv", "429", times=1, after="17")
    assert ask(open_()).status == 200
    assert sum(time.naps) > 16.9


def test_a_long_retry_after_ends_the_question_and_every_command_keeps_to_it(open_: Open, upstream: Upstream, time: Time) -> None:
    upstream.break_("arxiv", "429", times=1, after="600")
    with pytest.raises(Unreachable, match="arXiv cannot be reached: HTTP 429"):
        ask(open_())
    with pytest.raises(Unreachable, match="10 min of peace"):
        ask(open_())
    assert len(upstream.log) == 1
    time.now += 601
    assert ask(open_()).status == 200


def test_nonsense_in_retry_after_is_ignored(open_: Open, upstream: Upstream) -> None:
    upstream.break_("arxiv", "503", times=1, after="soon, hopefully")
    assert ask(open_()).status == 200


def test_a_clock_that_went_back_does_not_lock_a_service(open_: Open, upstream: Upstream, time: Time) -> None:
    upstream.break_("arxiv", "429", times=1, after="600")
    with pytest.raises(Unreachable):
        ask(open_())
    time.now -= 500_000
    assert ask(open_()).status == 200


def test_a_damaged_pace_is_no_pace(open_: Open, tmp_path: Path) -> None:
    ask(open_())
    for name in ("arxiv.json",):
        (tmp_path / "cache" / name).write_text("{", encoding="utf-8")
    assert ask(open_()).status == 200


def test_giving_up_is_remembered_for_the_command(open_: Open, upstream: Upstream) -> None:
    upstream.break_("arxiv", "503")
    session = open_()
    for _ in range(3):
        with pytest.raises(Unreachable, match="HTTP 503"):
            ask(session)
    assert len(upstream.log) == http.TRIES


def test_pauses_grow(open_: Open, upstream: Upstream, time: Time) -> None:
    upstream.break_("crossref", "500")
    with pytest.raises(Unreachable):
        open_().get(CROSSREF, f"{upstream.address}/crossref/works")
    assert time.naps == sorted(time.naps)
    assert time.naps[-1] >= 3


def test_no_server_is_told_at_once(tmp_path: Path, time: Time) -> None:
    nowhere = settings.Upstream(arxiv_url="http://127.0.0.1:9/", cache_dir=tmp_path)
    with pytest.raises(Unreachable, match=r"no connection to 127\.0\.0\.1:9"):
        ask(Session(nowhere, clock=time.clock, sleep=time.sleep))
    assert time.naps == []


def test_silence_ends(open_: Open, upstream: Upstream) -> None:
    upstream.break_("arxiv", "slow", after="0.5")
    with pytest.raises(Unreachable, match=r"no answer within 0\.05 s"):
        ask(open_(timeout=0.05))


def test_an_endless_answer_ends(upstream: Upstream) -> None:
    upstream.break_("arxiv", "drip")
    ticks = count(0, 100)
    chosen = settings.Upstream(arxiv_url=f"{upstream.address}/api/query", arxiv_interval=0)
    with pytest.raises(Unreachable, match="too slowly"):
        ask(Session(chosen, clock=lambda: float(next(ticks)), sleep=lambda _: None))


def test_a_huge_answer_ends(open_: Open, upstream: Upstream) -> None:
    upstream.break_("arxiv", "huge")
    with pytest.raises(Unreachable, match="larger than 32 MB"):
        ask(open_())


def test_redirects_go_to_known_places_only(open_: Open, upstream: Upstream) -> None:
    upstream.break_("arxiv", "redirect", times=1, after="http://elsewhere.example/steal")
    with pytest.raises(Unreachable, match=r"redirects to http://elsewhere\.example, which citeman does not follow"):
        ask(open_())
    upstream.break_("crossref", "redirect", times=1, after="file:///etc/passwd")
    with pytest.raises(Unreachable, match="does not follow"):
        open_().get(CROSSREF, f"{upstream.address}/crossref/works/x")
    upstream.break_("datacite", "loop")
    with pytest.raises(Unreachable, match="in circles"):
        open_(interval=0).get(DATACITE, f"{upstream.address}/datacite/dois")


def test_a_redirect_is_followed_and_told(open_: Open, upstream: Upstream) -> None:
    answer = open_().get(CROSSREF, f"{upstream.address}/crossref/works/10.26434%2Fold.5406907")
    assert answer.status == 200
    assert answer.url.endswith("/works/10.26434/new.5406907.v5")


def test_an_answer_that_is_none_is_an_outage(open_: Open, upstream: Upstream) -> None:
    with pytest.raises(Unreachable, match="not what was asked for"):
        ask(open_(), check=lambda answer: "not what was asked for")
    assert len(upstream.log) == http.TRIES


def test_what_was_said_is_kept_for_a_while_a_404_too(open_: Open, upstream: Upstream, time: Time) -> None:
    page, nothing = f"{upstream.address}/pages/a", f"{upstream.address}/pages/b"
    upstream.world.pages["a"] = "<html>one</html>"
    for _ in range(2):
        assert open_().get(WEB, page, keep=True).body == b"<html>one</html>"
        assert open_().get(WEB, nothing, keep=True).status == 404
    assert len(upstream.log) == 2
    upstream.world.pages["a"] = "<html>two</html>"
    time.now += 86_401
    assert open_().get(WEB, page, keep=True).body == b"<html>two</html>"
    assert open_(max_age=0).get(WEB, page, keep=True).body == b"<html>two</html>"
    assert len(upstream.log) == 4


def test_an_outage_is_not_kept(open_: Open, upstream: Upstream) -> None:
    upstream.world.pages["a"] = "<html>one</html>"
    upstream.break_("web", "503")
    with pytest.raises(Unreachable):
        open_().get(WEB, f"{upstream.address}/pages/a", keep=True)
    upstream.mend()
    assert open_().get(WEB, f"{upstream.address}/pages/a", keep=True).status == 200


def test_an_old_answer_is_asked_about_with_its_etag(open_: Open, upstream: Upstream, time: Time) -> None:
    url = f"{upstream.address}/datacite/dois/10.5281/zenodo.1196821"
    first = open_().get(DATACITE, url, keep=True)
    time.now += 86_401
    second = open_().get(DATACITE, url, keep=True)
    assert first.body == second.body
    assert [request.status for request in upstream.log] == [200, 304]
    open_().get(DATACITE, url, keep=True)
    assert len(upstream.log) == 2


def test_offline_asks_nobody_and_remembers_everything(open_: Open, upstream: Upstream, time: Time) -> None:
    upstream.world.pages["a"] = "<html>one</html>"
    url = f"{upstream.address}/pages/a"
    open_().get(WEB, url, keep=True)
    time.now += 100 * 86_400
    assert open_(offline=True).get(WEB, url, keep=True).body == b"<html>one</html>"
    with pytest.raises(Unreachable, match="--offline"):
        open_(offline=True).get(WEB, f"{upstream.address}/pages/b", keep=True)
    assert len(upstream.log) == 1


def test_a_damaged_or_unwritable_cache_is_no_cache(open_: Open, upstream: Upstream, tmp_path: Path) -> None:
    url = f"{upstream.address}/pages/a"
    upstream.world.pages["a"] = "<html>one</html>"
    open_().get(WEB, url, keep=True)
    files = [path for path in (tmp_path / "cache" / "answers").rglob("*") if path.is_file()]
    assert len(files) == 1
    assert json.loads(files[0].read_bytes().partition(b"\n")[0])["key"] == url
    files[0].write_bytes(b"\xff{")
    assert open_().get(WEB, url, keep=True).status == 200
    chosen = settings.Upstream(cache_dir=files[0] / "below-a-file", arxiv_interval=0)
    assert Session(chosen).get(WEB, url, keep=True).status == 200


def test_waiting_is_told(upstream: Upstream, time: Time) -> None:
    said: list[str] = []
    upstream.break_("arxiv", "429", times=1)
    chosen = settings.Upstream(arxiv_url=f"{upstream.address}/api/query")
    ask(Session(chosen, clock=time.clock, sleep=time.sleep, notify=said.append))
    assert any("arXiv is busy (HTTP 429)" in line for line in said)
