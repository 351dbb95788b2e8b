"""From an entry to what pages show of it: a card, by which papers are sorted and named, and the texts of its own page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from citeman import ids, labels, tex
from citeman.bib import Bibliography
from citeman.labels import Naming
from citeman.model import Entry
from citeman.named import NamedTuple
from citeman.render.formats import bibtex
from citeman.render.works import Work, work_of

if TYPE_CHECKING:
    from citeman.lock import Lock


class Card(NamedTuple):
    """What of a paper decides where it stands among all others: enough for pages that do not show the paper itself."""

    naming: Naming
    year: str
    place: str
    """Where it came out, in a few words."""
    is_preprint: bool
    old_keys: tuple[str, ...]
    """The citation keys that it had before."""

    @classmethod
    def load(cls, row: Sequence[Any]) -> Card:
        """Take up a card that was kept as JSON."""
        naming, year, place, is_preprint, old_keys = row
        return cls(Naming(*naming), year, place, is_preprint, tuple(old_keys))


class Texts(NamedTuple):
    """What pages that show a paper say of its entry."""

    work: Work
    title_html: str
    reference_html: str
    source: bibtex.Source


class Read(NamedTuple):
    """What is read of papers, by their citation keys."""

    cards: Mapping[str, Card]
    texts: Mapping[str, Texts]
    """References are in the built-in style."""


NOTHING = Read({}, {})


def read(bibliography: Bibliography, lock: Lock | None) -> Read:
    """Read all papers at once."""
    wholes = {key: bibliography.resolved(entry) for key in bibliography.keys if (entry := bibliography.get(key))}
    works = {key: work_of(whole) for key, whole in wholes.items()}
    cards = {key: card_of(whole, works[key]) for key, whole in wholes.items()}
    letters = labels_of(cards, lock)
    return Read(cards, {key: texts_of(bibliography, whole, works[key], letters[key].suffix) for key, whole in wholes.items()})


def card_of(whole: Entry, work: Work) -> Card:
    """Return the card of an entry, its cross-references resolved, and the work that was read from it."""
    place = work.announced if work.is_preprint else work.container or work.publisher
    return Card(labels.naming(whole), work.year, place, work.is_preprint, tuple(_old_keys(whole)))


def texts_of(bibliography: Bibliography, whole: Entry, work: Work, letter: str, reference: str = "") -> Texts:
    """Return the texts of an entry, its cross-references resolved; `letter` is that of its label.

    `reference` is its reference as HTML, where another style than the built-in one has written it.
    """
    return Texts(
        work,
        tex.to_html(work.title_tex, links=False) or tex.escape_html(whole.key),
        reference or labels.reference_html(whole, letter),
        bibtex.source_of(bibliography, bibliography.get(whole.key) or whole),
    )


def labels_of(cards: Mapping[str, Card], lock: Lock | None) -> Mapping[str, labels.Label]:
    """Return the label of every paper of a bibliography by citation key."""
    return labels.lettered({key: card.naming for key, card in cards.items()}, pinned(lock))


def pinned(lock: Lock | None) -> Mapping[str, str]:
    """Return the letters that labels have once and for all."""
    return {key: locked.suffix for key, locked in lock.papers.items()} if lock else {}


def _old_keys(entry: Entry) -> Iterator[str]:
    """The citation keys that biblatex's `ids` says the entry had before; identifiers that stand there too are none."""
    for word in entry.get("ids").split(","):
        if word.strip() and ids.is_citation_key(word.strip()) and not ids.parse(word.strip()):
            yield word.strip()
