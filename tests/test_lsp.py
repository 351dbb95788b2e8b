"""The language server, spoken to in its own protocol over stdin and stdout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pygls")

from citeman.lsp.cursor import named_at, typed_at

BIB = """@misc{cohen2021edge,
  author = {Cohen, Jeremy},
  title = {Edges of {SGD}},
  year = {2021},
  eprint = {2103.00065},
  eprinttype = {arxiv},
}

@misc{lee1998ntk,
  author = {Lee, Ada},
  title = {Kernels before breakfast},
  year = {1998},
}
"""
LISTS = """guide:
  source: ../guide.md
sections:
  the-edge:
    title: The edge
    reading:
      - key: cohen2021edge
        role: survey
        why: Named it.
"""


class Editor:
    """An editor, as far as a language server can tell."""

    def __init__(self, root: Path) -> None:
        self.root = root
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        command = [sys.executable, "-m", "citeman", "lsp"]
        self.server = subprocess.Popen(command, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.number = 0
        self.versions: dict[str, int] = {}
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        self.request("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": {}})
        self.notify("initialized", {})

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def open(self, name: str, text: str) -> None:
        self.versions[name] = 1
        document = {"uri": self.uri(name), "languageId": "x", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, name: str, text: str) -> None:
        self.versions[name] += 1
        document = {"uri": self.uri(name), "version": self.versions[name]}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def save(self, name: str) -> None:
        self.notify("textDocument/didSave", {"textDocument": {"uri": self.uri(name)}})

    def ask(self, method: str, name: str, line: int, character: int) -> Any:
        position = {"line": line, "character": character}
        return self.request(f"textDocument/{method}", {"textDocument": {"uri": self.uri(name)}, "position": position})

    def completed(self, name: str, text: str) -> dict[str, str]:
        """What is offered at the end of a text -> how the last line reads when it is taken."""
        self.open(name, text)
        line = text.count("\n")
        last = text.rpartition("\n")[2]
        answer = self.ask("completion", name, line, len(last.encode("utf-16-le")) // 2)
        offers = {}
        for item in answer["items"] if answer else []:
            start = item["textEdit"]["range"]["start"]["character"]
            kept = last.encode("utf-16-le")[: 2 * start].decode("utf-16-le")
            offers[item["label"]] = kept + item["textEdit"]["newText"]
        return offers

    def request(self, method: str, params: Any) -> Any:
        self.number += 1
        self._send({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("method") == "textDocument/publishDiagnostics":
                self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
            if message.get("id") == self.number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def notify(self, method: str, params: Any) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def close(self) -> None:
        self.notify("exit", None)
        assert self.server.stdin
        assert self.server.stdout
        self.server.stdin.close()
        self.server.wait(timeout=20)
        self.server.stdout.close()

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        assert self.server.stdin
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.server.stdin.flush()

    def _receive(self) -> Any:
        assert self.server.stdout
        length = 0
        while (line := self.server.stdout.readline().strip()) or not length:
            assert line or length, "the server went away"
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        return json.loads(self.server.stdout.read(length))


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    (tmp_path / "refs").mkdir()
    (tmp_path / "references.bib").write_text(BIB, encoding="utf-8")
    (tmp_path / "refs" / "guide.yaml").write_text(LISTS, encoding="utf-8")
    (tmp_path / "guide.md").write_text("# The edge\n", encoding="utf-8")
    editor = Editor(tmp_path)
    yield editor
    editor.close()


def test_keys_are_completed_in_markdown(editor: Editor) -> None:
    assert editor.completed("guide.md", "# The edge\n\nAs 𝒻irst seen [@coh")["cohen2021edge"] == "As 𝒻irst seen [@cohen2021edge"
    assert list(editor.completed("other.md", "See [@lee1998ntk; @")) == ["cohen2021edge", "lee1998ntk"]


def test_a_key_is_found_by_the_words_of_its_paper(editor: Editor) -> None:
    assert editor.completed("guide.md", "[@breakf") == {"lee1998ntk": "[@lee1998ntk"}


def test_labels_are_completed_in_markdown(editor: Editor) -> None:
    offers = editor.completed("guide.md", "See [[Coh")
    assert list(offers.values()) == ["See [[Cohen (2021)]](https://arxiv.org/abs/2103.00065)"]


def test_keys_roles_and_sections_are_completed_in_lists(editor: Editor) -> None:
    assert editor.completed("refs/guide.yaml", LISTS + "      - key: le")["lee1998ntk"] == "      - key: lee1998ntk"
    assert "survey" in editor.completed("refs/a.yaml", "sections: {x: {reading: [{key: a, role: s")
    assert editor.completed("refs/b.yaml", "      - see: gui") == {"guide#the-edge": "      - see: guide#the-edge"}


def test_entries_that_are_not_saved_yet_are_offered(editor: Editor) -> None:
    editor.open("references.bib", BIB + "@misc{new2026, title = {New}}\n")
    assert "new2026" in editor.completed("guide.md", "[@new")


def test_hovering_shows_the_paper_and_where_it_is_read(editor: Editor) -> None:
    editor.open("guide.md", "# The edge\n\nAs 𝒻irst seen [@cohen2021edge, p. 3].\n")
    shown = editor.ask("hover", "guide.md", 2, 20)
    assert "Edges of SGD" in shown["contents"]["value"]
    assert "guide#the-edge" in shown["contents"]["value"]
    assert shown["range"] == {"start": {"line": 2, "character": 17}, "end": {"line": 2, "character": 30}}
    assert editor.ask("hover", "guide.md", 2, 2) is None


def test_hovering_over_an_address_shows_the_paper(editor: Editor) -> None:
    editor.open("guide.md", "See [this](https://arxiv.org/abs/2103.00065v3).\n")
    assert "Edges of SGD" in editor.ask("hover", "guide.md", 0, 20)["contents"]["value"]


def test_a_key_leads_to_its_entry(editor: Editor) -> None:
    editor.open("refs/guide.yaml", LISTS)
    target = editor.ask("definition", "refs/guide.yaml", 6, 16)
    assert (target["uri"], target["range"]["start"]["line"]) == (editor.uri("references.bib"), 0)
    editor.open("guide.md", "[@lee1998ntk]")
    assert editor.ask("definition", "guide.md", 0, 4)["range"]["start"]["line"] == 8
    editor.change("guide.md", "[@nobody]")
    assert editor.ask("definition", "guide.md", 0, 4) is None


def test_findings_come_and_go_as_one_types(editor: Editor) -> None:
    editor.open("refs/guide.yaml", LISTS.replace("cohen2021edge", "cohen2021egde"))
    editor.ask("hover", "refs/guide.yaml", 0, 0)
    (finding,) = [one for one in editor.diagnostics[editor.uri("refs/guide.yaml")] if "egde" in one["message"]]
    assert finding["range"]["start"]["line"] == 6
    assert (finding["severity"], finding["source"]) == (1, "citeman")
    editor.change("refs/guide.yaml", LISTS)
    editor.ask("hover", "refs/guide.yaml", 0, 0)
    assert [one for one in editor.diagnostics[editor.uri("refs/guide.yaml")] if "egde" in one["message"]] == []


def test_a_file_that_cannot_be_read_is_a_finding_and_no_end(editor: Editor) -> None:
    editor.open("refs/guide.yaml", "sections: [")
    editor.ask("hover", "refs/guide.yaml", 0, 0)
    assert [one["severity"] for one in editor.diagnostics[editor.uri("refs/guide.yaml")]] == [1]
    assert list(editor.completed("guide.md", "[@coh")) == ["cohen2021edge"]


def test_saved_files_are_read_from_disk_again(editor: Editor) -> None:
    editor.open("references.bib", "")
    assert editor.completed("guide.md", "[@coh") == {}
    editor.save("references.bib")
    assert list(editor.completed("a.md", "[@coh")) == ["cohen2021edge"]


def test_documents_outside_of_any_project_are_left_alone(editor: Editor, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    editor.root, inside = outside, editor.root
    assert editor.completed("note.md", "[@coh") == {}
    assert editor.ask("hover", "note.md", 0, 3) is None
    editor.root = inside


@pytest.mark.parametrize(
    ("language", "line", "typed"),
    [
        ("markdown", "see [@co", ("key", "co")),
        ("markdown", "as @co", ("key", "co")),
        ("markdown", "mail me@exa", None),
        ("markdown", "[[Jac", ("label", "Jac")),
        ("markdown", "[[Jacot]](", None),
        ("yaml", "      - key: co", ("key", "co")),
        ("yaml", "        after: [a, b", ("key", "b")),
        ("yaml", "        settled-by: [a", ("key", "a")),
        ("yaml", "        why: co", None),
        ("yaml", "        role: ", ("role", "")),
        ("bibtex", "  crossref = {pro", ("key", "pro")),
        ("bibtex", "  title = {pro", None),
        ("", "[@co", None),
    ],
)
def test_knows_what_is_being_typed(language: str, line: str, typed: tuple[str, str] | None) -> None:
    found = typed_at(language, line, len(line))
    assert (found and (found.kind, found.text)) == typed


@pytest.mark.parametrize(
    ("language", "line", "column", "name"),
    [
        ("markdown", "see [@a; @b].", 6, "a"),
        ("markdown", "see [@a; @b].", 10, "b"),
        ("markdown", "as @smith:2020.", 5, "smith:2020"),
        ("markdown", "[x](https://arxiv.org/abs/1)", 8, "https://arxiv.org/abs/1"),
        ("markdown", "see [@a; @b].", 1, None),
        ("yaml", "    after: [one, two]", 17, "two"),
        ("yaml", "  - one", 5, "one"),
        ("bibtex", "@misc{one,", 8, "one"),
    ],
)
def test_knows_what_is_under_the_cursor(language: str, line: str, column: int, name: str | None) -> None:
    found = named_at(language, line, column)
    assert (found and found.name) == name
