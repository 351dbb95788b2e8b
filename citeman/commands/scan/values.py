"""What a scan comes back with: the citations, the texts that could not be read, and what became of both."""

from __future__ import annotations

from dataclasses import dataclass

from citeman.commands.add import Addition
from citeman.store import Change


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation of one work in one guide."""

    guide: str
    path: str
    line: int
    section: str
    """Empty before the guide's first heading."""
    label: str
    url: str
    identifier: str
    key: str | None
    """The citation key; None when the store lacks the work."""
    sentence: str = ""
    citekey: str = ""
    """The key as the guide writes it, `[@key]`; empty for a link."""

    @property
    def work(self) -> str:
        """What tells two works apart, in the store or not."""
        return self.key or self.identifier or f"@{self.citekey}"


@dataclass(frozen=True, slots=True)
class Unread:
    """A text that could not be scanned, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the guides cite, and what `--write` did about it."""

    citations: tuple[Cited, ...]
    unread: tuple[Unread, ...] = ()
    addition: Addition | None = None
    linked: int = 0
    started: tuple[str, ...] = ()
    """The files of new reading lists."""
    loose: tuple[Cited, ...] = ()
    """Citations of papers of the store that stand in no section, so that no list has them."""
    changes: tuple[Change, ...] = ()

    @property
    def lacking(self) -> tuple[Cited, ...]:
        """The citations of works that the store lacks."""
        return tuple(one for one in self.citations if one.key is None)
