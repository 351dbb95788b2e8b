"""The language server: pygls on one side, the desk on the other, positions and paths translated between them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path
from pygls.workspace import TextDocument

from citeman import __version__
from citeman.errors import CitemanError
from citeman.lsp.cursor import Named, Typed, language_of, named_at, typed_at
from citeman.lsp.desk import Desk, Offer
from citeman.model import Finding
from citeman.store import find_root

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "hint": types.DiagnosticSeverity.Hint,
}
Answer = TypeVar("Answer")
_TRIGGERS = ["@", "[", ":", " ", ","]


class Server(LanguageServer):
    """A language server with a desk for every project that a document of the editor lies in."""

    def __init__(self) -> None:
        super().__init__("citeman", __version__)
        self.desks: dict[Path, Desk] = {}
        self.told: dict[Path, set[str]] = {}

    def desk_of(self, uri: str) -> tuple[Desk, str] | None:
        """Return the desk of a document and the document's path in the project; None outside of any project."""
        path = Path(to_fs_path(uri) or "").resolve()
        root = find_root(path.parent)
        if root is None or not language_of(path.name):
            return None
        return self.desks.setdefault(root, Desk(root)), path.relative_to(root).as_posix()

    def publish(self, desk: Desk) -> None:
        """Tell the editor what `check` finds in the project, and what it finds no more."""
        by_path: dict[str, list[Finding]] = {}
        for finding in desk.findings():
            by_path.setdefault(finding.path, []).append(finding)
        for path in by_path.keys() | self.told.get(desk.root, set()):
            shown = [_diagnostic(finding) for finding in by_path.get(path, ())]
            uri = from_fs_path(str(desk.root / path)) or ""
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, shown))
        self.told[desk.root] = set(by_path)


def serve() -> None:
    """Speak the Language Server Protocol on stdin and stdout until the editor goes."""
    # pygls closes what it has spoken on; the program's own streams stay open for whoever comes after.
    with os.fdopen(os.dup(0), "rb") as heard, os.fdopen(os.dup(1), "wb") as said:
        make_server().start_io(heard, said)


def make_server() -> Server:
    """Return a server that knows what to do with every message."""
    server = Server()
    _follow_documents(server)
    _answer_questions(server)
    return server


def _follow_documents(server: Server) -> None:
    def changed(uri: str, saved: bool) -> None:
        found = server.desk_of(uri)
        if found:
            desk, path = found
            desk.see(path, None if saved else server.workspace.get_text_document(uri).source)
            server.publish(desk)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        changed(params.text_document.uri, saved=False)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def edited(params: types.DidChangeTextDocumentParams) -> None:
        changed(params.text_document.uri, saved=False)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        changed(params.text_document.uri, saved=True)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        changed(params.text_document.uri, saved=True)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def moved_on(params: types.DidChangeWatchedFilesParams) -> None:
        for desk in server.desks.values():
            desk.refresh()
            server.publish(desk)


def _answer_questions(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=_TRIGGERS))
    def complete(params: types.CompletionParams) -> types.CompletionList | None:
        found = server.desk_of(params.text_document.uri)
        document = server.workspace.get_text_document(params.text_document.uri)
        line, column = _line_and_column(document, params.position)
        typed = typed_at(language_of(document.filename or ""), line, column)
        if not found or not typed:
            return None
        offers: list[Offer] = _asked(lambda: found[0].offers(typed), [])
        items = [_item(offer, place, document, params.position.line, typed) for place, offer in enumerate(offers)]
        return types.CompletionList(is_incomplete=typed.kind in ("key", "label"), items=items)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        found, named, document = _named(server, params)
        text = _asked(lambda: found.description(named), "") if found and named else ""
        if not text or not named:
            return None
        span = _range(document, params.position.line, named.start, named.end)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), span)

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def definition(params: types.DefinitionParams) -> types.Location | None:
        found, named, _ = _named(server, params)
        target = _asked(lambda: found.definition(named), None) if found and named else None
        if not target or not found:
            return None
        start = types.Position(max(0, target.line - 1), 0)
        return types.Location(from_fs_path(str(found.root / target.path)) or "", types.Range(start, start))


def _named(server: Server, params: types.HoverParams | types.DefinitionParams) -> tuple[Desk | None, Named | None, TextDocument]:
    """What a question is about: the desk, the name under the cursor, the document."""
    found = server.desk_of(params.text_document.uri)
    document = server.workspace.get_text_document(params.text_document.uri)
    line, column = _line_and_column(document, params.position)
    return (found[0] if found else None), named_at(language_of(document.filename or ""), line, column), document


def _asked(question: Callable[[], Answer], nothing: Answer) -> Answer:
    """The answer to a question; nothing while a file of the project cannot be read (that is a diagnostic)."""
    try:
        return question()
    except CitemanError:
        return nothing


def _line_and_column(document: TextDocument, position: types.Position) -> tuple[str, int]:
    """The line of a position without its end, and the column in characters."""
    lines = document.lines
    if position.line >= len(lines):
        return "", 0
    column = document.position_codec.position_from_client_units(lines, position).character
    return lines[position.line].rstrip("\r\n"), column


def _range(document: TextDocument, line: int, start: int, end: int) -> types.Range:
    span = types.Range(types.Position(line, start), types.Position(line, end))
    return document.position_codec.range_to_client_units(document.lines, span)


def _item(offer: Offer, place: int, document: TextDocument, line: int, typed: Typed) -> types.CompletionItem:
    """An offer as the editor takes it; it keeps citeman's order, and its own filter lets every offer pass."""
    edit = types.TextEdit(_range(document, line, typed.start, typed.end), offer.text)
    return types.CompletionItem(
        offer.name, detail=offer.remark, text_edit=edit, filter_text=typed.text or offer.name, sort_text=f"{place:04}"
    )


def _diagnostic(finding: Finding) -> types.Diagnostic:
    line = max(0, finding.line - 1)
    span = types.Range(types.Position(line, 0), types.Position(line + 1, 0))
    return types.Diagnostic(span, finding.message, _SEVERITIES[finding.severity], code=finding.rule, source="citeman")
