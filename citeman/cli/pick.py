"""`citeman search -i`: type to filter, look at what is found, Enter takes it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import BufferControl, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.layout.processors import BeforeInput
from prompt_toolkit.output.defaults import create_output

from citeman.cli.console import cut
from citeman.errors import UsageError
from citeman.index.query import parse
from citeman.index.read import Hit, Index

if TYPE_CHECKING:
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

ROWS = 12
"""Papers shown at once."""
_FOUND = 200
_SHORT = 22


class Picker:
    """What is typed, what it finds, and which of these is chosen."""

    def __init__(self, index: Index, text: str, sort: str) -> None:
        self.index = index
        self.sort = sort
        self.hits: list[Hit] = []
        self.chosen = 0
        self.error = ""
        self.buffer = Buffer(multiline=False, on_text_changed=lambda buffer: self.search(buffer.text))
        self.buffer.insert_text(text)
        self.search(text)

    def search(self, text: str) -> None:
        """Find what the text says so far; the word that is still being typed may go on."""
        open_ended = text and text[-1] not in ' "*:.'
        try:
            self.hits = self.index.search(
                parse(f"{text}*" if open_ended and ":" not in text.split()[-1] else text), self.sort, _FOUND
            )
            self.error = ""
        except UsageError as error:
            self.error = error.message
        self.chosen = 0

    def move(self, rows: int) -> None:
        """Choose a paper further down, or up."""
        self.chosen = max(0, min(len(self.hits) - 1, self.chosen + rows))

    def rows(self, width: int) -> StyleAndTextTuples:
        """Return the papers around the chosen one as they are shown."""
        first = max(0, min(self.chosen - ROWS // 2, len(self.hits) - ROWS))
        shown: StyleAndTextTuples = []
        for position, hit in enumerate(self.hits[first : first + ROWS], first):
            line = f"{hit.year or '':<4}  {cut(hit.short, _SHORT):<{_SHORT}}  {hit.title}"
            style = "reverse" if position == self.chosen else ""
            shown.append((style, f"{cut(line, width)}\n"))
        return shown or [("", self.error or "no paper found")]

    def preview(self) -> StyleAndTextTuples:
        """Return what is known of the chosen paper."""
        if not self.hits:
            return []
        hit = self.hits[self.chosen]
        identifiers = "  ".join(filter(None, (hit.doi and f"doi:{hit.doi}", hit.arxiv and f"arXiv:{hit.arxiv}", hit.url)))
        lines = [", ".join(self.index.authors(hit.key)), f"{hit.venue} {hit.year or ''}".strip(), identifiers]
        lines += [f"read in {place}: {why}".rstrip(": ") for place, why in self.index.places(hit.key)]
        return [("bold", f"{hit.title}\n"), ("fg:ansicyan", f"@{hit.key}\n"), ("", "\n".join(filter(None, lines)))]


def pick(index: Index, text: str, sort: str, read: Input | None = None, show: Output | None = None) -> int:
    """Let a person choose a paper in the terminal and print its citation on stdout; 130 when nothing was chosen.

    The terminal is drawn on stderr, so that the citation alone can be taken up: `$(citeman search -i)`.
    """
    picker = Picker(index, text, sort)
    key = _application(picker, read, show or create_output(stdout=sys.stderr)).run()
    if key is None:
        return 130
    print(f"[@{key}]")
    return 0


def _application(picker: Picker, read: Input | None, show: Output) -> Application[str | None]:
    def width() -> int:
        return show.get_size().columns

    prompt = Window(BufferControl(picker.buffer, input_processors=[BeforeInput("find: ", style="bold")]), height=1)
    rows = Window(FormattedTextControl(lambda: picker.rows(width())), height=ROWS)
    line = Window(char="─", height=1, style="fg:ansibrightblack")
    preview = Window(FormattedTextControl(picker.preview), height=8, wrap_lines=True)
    return Application(
        Layout(HSplit([prompt, rows, line, preview])), key_bindings=_keys(picker), input=read, output=show, erase_when_done=True
    )


def _keys(picker: Picker) -> KeyBindings:
    keys = KeyBindings()

    def moving(rows: int, *names: str) -> None:
        for name in names:
            keys.add(name)(lambda event: picker.move(rows))

    moving(1, "down", "c-n")
    moving(-1, "up", "c-p")
    moving(ROWS, "pagedown")
    moving(-ROWS, "pageup")

    @keys.add("enter")
    def take(event: KeyPressEvent) -> None:
        if picker.hits:
            event.app.exit(result=picker.hits[picker.chosen].key)

    @keys.add("escape", eager=True)
    @keys.add("c-c")
    @keys.add("c-d")
    def leave(event: KeyPressEvent) -> None:
        event.app.exit(result=None)

    return keys
