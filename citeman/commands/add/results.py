"""What `add` comes back with: the papers that are in the store now, the inputs that led to none, the outages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from citeman.named import NamedTuple
from citeman.store import Change

if TYPE_CHECKING:
    from citeman.model import Finding
    from citeman.sources.candidates import Candidate


class Failed(NamedTuple):
    """An input that led to no paper, and why."""

    input: str
    reason: str
    unreachable: bool = False
    """Nobody could be asked: it says nothing about the paper."""
    candidates: tuple[Candidate, ...] = ()
    """For a free text: what it may mean, the likeliest first."""


class Filed(NamedTuple):
    """One input whose paper is in the store now: new, or there before."""

    input: str
    key: str
    identifier: str
    new: bool = True
    listed: tuple[str, ...] = ()
    """Places (`guide#anchor`) that list it now and did not before."""
    there: tuple[str, ...] = ()
    """Places that were asked for and listed it already."""
    unplaced: bool = False
    """No section lists it."""
    citation: str = ""
    """In the guide's own form: `[[Jacot et al. (2018)]](https://arxiv.org/abs/1806.07572)`."""
    title: str = ""
    fields: Mapping[str, str] = MappingProxyType({})
    """The entry's fields and its `type`, as they were written now."""
    origins: Mapping[str, str] = MappingProxyType({})
    """Field (and `type`) -> the source that it was taken from."""
    preprint_year: str = ""
    published_year: str = ""
    version: int = 0
    """The latest arXiv version."""
    notes: tuple[str, ...] = ()
    """What a person should know: another version was asked for, it is published or retracted, it may be another paper …"""
    proposal: str = ""
    """How the entry that is there could take in what this input says of the same work."""


class Addition(NamedTuple):
    """What `add` did."""

    filed: tuple[Filed, ...] = ()
    """In the order of the inputs."""
    failed: tuple[Failed, ...] = ()
    outages: Mapping[str, str] = MappingProxyType({})
    """Service -> why it could not be reached; another one may have answered in its place."""
    requests: Mapping[str, int] = MappingProxyType({})
    changes: tuple[Change, ...] = ()
    unread: tuple[Finding, ...] = ()
    """What of the bibliography could not be read, and so not be compared with the papers."""

    @property
    def added(self) -> tuple[Filed, ...]:
        """The papers that are new."""
        return tuple(one for one in self.filed if one.new)

    @property
    def existing(self) -> tuple[Filed, ...]:
        """The papers that were there already."""
        return tuple(one for one in self.filed if not one.new)


def told(outages: Mapping[str, str]) -> str:
    """Say which services could not be reached, and why."""
    reasons = "; ".join(f"{service}: {reason}" for service, reason in outages.items())
    return f"cannot be reached now ({reasons or 'no source answered'}); try again later"
