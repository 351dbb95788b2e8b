"""What is proposed for a list whose section is gone, and the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Action = Literal["move", "merge", "orphan"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a candidate: `title`, `text` (of the guide before), `words` (of the list), `works`, `position` or `slot`."""

    kind: str
    score: float
    """From 0 to 1."""
    detail: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to do with a list whose section is gone."""

    anchor: str
    """The list's anchor, which the guide no longer has."""
    action: Action
    """`move` to a section without a list, `merge` into one that has a list, `orphan`: set aside until a person decides."""
    candidate: str = ""
    guide: str = ""
    """The other guide that has the candidate; empty for the same guide."""
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    others: tuple[tuple[str, float], ...] = ()
    """Further candidates (a section that was split has several), best first."""
    orphaned: bool = False
    """The list stands under `orphaned` already."""
