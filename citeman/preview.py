"""The pages shown on this machine while they are written: a server on loopback that tells its pages when they changed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from citeman import render
from citeman.errors import CitemanError

HOSTS = ("127.0.0.1", "localhost", "[::1]")
TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "json": "application/json",
    "xml": "application/atom+xml",
    "bib": "text/plain",
    "ris": "text/plain",
    "md": "text/plain",
    "txt": "text/plain",
}
LIVE = "/-/live.js"
EVENTS = "/-/events"
PATIENCE = 15.0
"""Seconds after which a silent connection is kept alive by a comment."""

Files = Mapping[str, Callable[[], str]]


class Board:
    """What is shown now: how each file is written, and what is wrong. Safe between threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._files: Files = {}
        self._written: dict[str, str] = {}
        self.built = 0
        """Grows by one with every build."""
        self.problems: tuple[str, ...] = ()
        self.closed = False

    def put(self, files: Files, problems: tuple[str, ...] = ()) -> None:
        """Show new files."""
        with self._changed:
            self._files, self._written, self.problems = files, {}, problems
            self.built += 1
            self._changed.notify_all()

    def complain(self, problems: tuple[str, ...]) -> None:
        """Keep the files and say what is wrong."""
        with self._changed:
            self.problems = problems
            self._changed.notify_all()

    def close(self) -> None:
        """Let everybody go who waits for news."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def text(self, path: str) -> str | None:
        """Return a file's text, written when it is first asked for; None where there is none."""
        with self._changed:
            if path not in self._written and path in self._files:
                self._written[path] = self._files[path]()
            return self._written.get(path)

    @property
    def news(self) -> tuple[int, tuple[str, ...]]:
        """Return the build that is shown and what is wrong."""
        with self._changed:
            return self.built, self.problems

    def wait(self, known: tuple[int, tuple[str, ...]] | None) -> tuple[int, tuple[str, ...]] | None:
        """Return news other than the known ones as soon as there are any; None when nothing came for a while."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or (self.built, self.problems) != known, PATIENCE)
            return None if (self.built, self.problems) == known else (self.built, self.problems)


def server(board: Board, port: int) -> ThreadingHTTPServer:
    """Return a server of the board on loopback, not yet running; port 0 takes any. Raises CitemanError for a port in use."""
    try:
        made = ThreadingHTTPServer((HOSTS[0], port), partial(_Handler, board))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CitemanError(f"cannot listen on port {port}: {reason}; choose another (`--port N`)") from None
    made.daemon_threads = True
    return made


class _Handler(BaseHTTPRequestHandler):
    """Answers one request from the board."""

    protocol_version = "HTTP/1.1"

    def __init__(self, board: Board, *connection: Any) -> None:
        self.board = board
        super().__init__(*connection)

    def do_GET(self) -> None:
        host = self.headers.get("Host", "")
        if host.rpartition(":")[0] not in HOSTS and host not in HOSTS:
            # A page of another name that leads here (DNS rebinding) may read nothing.
            self._send(HTTPStatus.FORBIDDEN, "text/plain", "this server answers to localhost only\n")
        elif urlsplit(self.path).path == EVENTS:
            self._events()
        else:
            self._file(unquote(urlsplit(self.path).path))

    do_HEAD = do_GET

    def log_message(self, format: str, *values: Any) -> None:
        """Say nothing: the terminal is for what changes and what is wrong."""

    def _file(self, path: str) -> None:
        try:
            found = render.live_script() if path == LIVE else self.board.text(_file_name(path))
        except CitemanError as error:
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, "text/plain", f"{error}\n")
            return
        if found is None:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", f"no page {path}\n")
            return
        kind = TYPES.get(path.rpartition(".")[2], "text/html")
        self._send(HTTPStatus.OK, kind, lively(found, self.board.built) if kind == "text/html" else found)

    def _send(self, status: HTTPStatus, kind: str, text: str) -> None:
        data = text.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _events(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        known: tuple[int, tuple[str, ...]] | None = None
        try:
            while not self.board.closed:
                news = self.board.wait(known)
                self.wfile.write(_event(news))
                self.wfile.flush()
                known = news or known
        except OSError:
            # The page was left.
            self.close_connection = True


def lively(page: str, built: int) -> str:
    """Return a page that listens for news: with the script that does, and a policy that allows it."""
    allowed = page.replace("default-src &#39;none&#39;;", "default-src &#39;none&#39;; connect-src &#39;self&#39;;", 1)
    return allowed.replace("</head>", f'<script src="{LIVE}?built={built}" defer></script>\n</head>', 1)


def _event(news: tuple[int, tuple[str, ...]] | None) -> bytes:
    if news is None:
        return b": still here\n\n"
    return f"data: {json.dumps({'built': news[0], 'problems': news[1]})}\n\n".encode()


def _file_name(path: str) -> str:
    name = path.lstrip("/")
    return f"{name}index.html" if not name or name.endswith("/") else name
