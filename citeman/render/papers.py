"""From an entry and what the lock knows of it to a paper ready to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

from citeman import ids, labels
from citeman.bib import Bibliography
from citeman.lock import NOTHING as NOTHING_LOCKED
from citeman.lock import Lock, Locked
from citeman.model import Entry, Update
from citeman.render import addresses
from citeman.render.entries import NOTHING, Card, Read, Texts, card_of, labels_of, pinned, texts_of
from citeman.render.fingerprints import fingerprints
from citeman.render.page import seen_of
from citeman.render.view import Badge, Details, Link, Notice, Paper, ReadIn
from citeman.render.works import Work, work_of

SITES = {
    "openreview": "OpenReview",
    "pmlr": "PMLR",
    "neurips": "NeurIPS",
    "acl": "ACL Anthology",
    "jmlr": "JMLR",
}
"""Kind of identifier -> how its site is called; all of them let everybody read."""
SHOWN_PEOPLE = 8
"""So many names are shown of a list that is longer by three or more."""
_NOTICES = {
    "retraction": "Retracted",
    "withdrawal": "Withdrawn",
    "removal": "Removed",
    "expression_of_concern": "Expression of concern",
    "correction": "Corrected",
    "corrigendum": "Corrected",
    "erratum": "Corrected",
    "addendum": "Addendum",
}
_GRAVE = {"retraction", "withdrawal", "removal", "expression_of_concern"}


def paper_names(bibliography: Bibliography) -> Mapping[str, str]:
    """Return the word that each citation key has in file names and ids."""
    names = addresses.Names()
    return {key: names.give(key) for key in dict.fromkeys(bibliography.keys)}


class Shelf:
    """The papers of a bibliography, each read as far as it is asked for."""

    def __init__(
        self,
        bibliography: Bibliography,
        lock: Lock | None,
        names: Mapping[str, str],
        known: Read = NOTHING,
        read_in: Mapping[str, tuple[ReadIn, ...]] = MappingProxyType({}),
        references: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._bibliography = bibliography
        self._lock = lock
        self._names = names
        self._read_in = read_in
        self._references = references
        self._known = known.texts
        self._papers: dict[str, Paper] = {}
        self._works: dict[str, Work] = {}
        self._cards = dict(known.cards)
        self._seen: dict[str, str] = {}

    def paper(self, key: str) -> Paper | None:
        """Return the paper of a citation key, None where the bibliography lacks it."""
        if key not in self._names:
            return None
        if key not in self._papers:
            self._papers[key] = Paper(self, key, self._names[key], self._labels[key].text, self._read_in.get(key, ()))
        return self._papers[key]

    def sorted(self) -> tuple[Paper, ...]:
        """Return all papers, the newest first, within a year by author."""
        papers = [paper for key in self._names if (paper := self.paper(key))]
        return tuple(sorted(papers, key=lambda paper: (_descending(paper.year), paper.short.casefold(), paper.key)))

    def fill(self, kept: Mapping[str, Card]) -> dict[str, Card]:
        """Make the card of every paper, those that are kept by the fingerprint of their entries taken up; return them so."""
        bibliography = self._bibliography
        if kept:
            self._cards |= {key: kept[one] for key, one in self._fingerprints.items() if one in kept}
        if len(self._cards) * 2 < len(self._fingerprints):
            for entry in bibliography:
                if entry.key in self._names and entry.key not in self._cards:
                    self._cards[entry.key] = self._make_card(bibliography.resolved(entry))
        return {one: self.card(key) for key, one in self._fingerprints.items()}

    def card(self, key: str) -> Card:
        """Return what decides where a paper stands among all others."""
        if key not in self._cards:
            self._cards[key] = self._make_card(self._bibliography.resolved(self._entry(key)))
        return self._cards[key]

    def _make_card(self, whole: Entry) -> Card:
        work = self._works[whole.key] = work_of(whole)
        return card_of(whole, work)

    def details(self, key: str) -> Details:
        """Return what only a page that shows a paper needs of it."""
        texts, locked = self._known.get(key) or self._texts(key), self._locked(key)
        work = texts.work
        people, first, others = _people(work)
        return Details(
            *texts,
            badges=tuple(_badges(work, locked)),
            notices=tuple(_notices(locked)),
            facts=tuple(_facts(work, locked)),
            people=people,
            first_people=first,
            other_people=others,
        )

    def _texts(self, key: str) -> Texts:
        whole = self._bibliography.resolved(self._entry(key))
        work = self._works.pop(key, None) or work_of(whole)
        return texts_of(self._bibliography, whole, work, self._labels[key].suffix, self._references.get(key, ""))

    def fingerprint(self, key: str) -> str:
        """Return a digest of a paper's entry and all that this is read from."""
        return self._fingerprints[key]

    def seen(self, key: str) -> str:
        """Return a digest of all that a page can show of a paper, without the places that list it."""
        if key not in self._seen:
            itself = self._fingerprints[key], self._names[key], self._labels[key].text
            self._seen[key] = seen_of(*itself, self._references.get(key), self._aliases.get(key), self._locked(key))
        return self._seen[key]

    def aliases(self, key: str) -> tuple[str, ...]:
        """Return the names of a paper's earlier citation keys."""
        return self._aliases.get(key, ())

    def _entry(self, key: str) -> Entry:
        entry = self._bibliography.get(key)
        assert entry
        return entry

    def _locked(self, key: str) -> Locked:
        return self._lock.get(key) if self._lock else NOTHING_LOCKED

    @cached_property
    def _fingerprints(self) -> Mapping[str, str]:
        return fingerprints(self._bibliography)

    @cached_property
    def _labels(self) -> Mapping[str, labels.Label]:
        if not self._cards:
            return labels.labels(map(self._bibliography.resolved, self._bibliography), pinned(self._lock))
        return labels_of({key: self.card(key) for key in self._names}, self._lock)

    @cached_property
    def _aliases(self) -> Mapping[str, tuple[str, ...]]:
        given = addresses.Names(self._names.values())
        old_keys = {key: olds for key in self._names if (olds := self.card(key).old_keys)}
        return {key: tuple(given.give(old) for old in olds if old not in self._names) for key, olds in old_keys.items()}


def _people(work: Work) -> tuple[str, str, tuple[str, ...]]:
    """All names in a line; and for a long list the line's beginning and the names that can be folded away."""
    names = [person.display for person in work.authors or work.editors]
    ending = " and others" if work.more_authors else ""
    if not work.authors and names:
        ending += " (editor)" if len(names) == 1 else " (editors)"
    line = ", ".join(names) + ending
    if len(names) <= SHOWN_PEOPLE + 2:
        return line, "", ()
    return line, ", ".join(names[:SHOWN_PEOPLE]), (*names[SHOWN_PEOPLE:-1], names[-1] + ending)


def _badges(work: Work, locked: Locked) -> Iterator[Badge]:
    if work.container and work.arxiv:
        yield Badge("published", "Published", title=f"The version of record is in {work.container}")
    if work.is_preprint:
        yield Badge("preprint", "Preprint", title="Not yet published in a journal or at a conference, as far as is known")
    if work.arxiv:
        version = f"v{locked.version}" if locked.version else ""
        yield Badge("arxiv", f"arXiv:{work.arxiv}{version}", work.addresses.get("arxiv", ""))
    if work.doi:
        yield Badge("doi", "DOI", work.addresses.get("doi", ""), f"doi:{work.doi}")
    for kind, name in SITES.items():
        if kind in work.addresses:
            yield Badge("page", name, work.addresses[kind])
    if work.arxiv:
        yield Badge("open", "PDF", f"https://arxiv.org/pdf/{work.arxiv}", "Open access at arXiv")
    if work.url and not work.addresses:
        yield Badge("page", "Web page", work.url)


def _notices(locked: Locked) -> Iterator[Notice]:
    if locked.withdrawn:
        yield Notice("grave", f"Withdrawn: {locked.withdrawn}")
    for update in locked.updates:
        yield _notice(update)


def _notice(update: Update) -> Notice:
    kind = update.type.replace("-", "_").lower()
    name = _NOTICES.get(kind, update.type.replace("_", " ").capitalize())
    identifier = ids.parse(update.doi) if update.doi else None
    day = f" ({update.date})" if update.date else ""
    return Notice("grave" if kind in _GRAVE else "mild", f"{name}{day}", ids.url_of(identifier) if identifier else "")


def _facts(work: Work, locked: Locked) -> Iterator[tuple[str, Link]]:
    where = ", ".join(filter(None, [work.container, work.series if work.series != work.container else "", work.extent]))
    known = [
        (
            "Published in" if not work.is_preprint else "Posted at",
            Link(where or ("arXiv" if work.is_preprint and work.arxiv else ""), ""),
        ),
        ("Publisher", Link(work.publisher, "")),
        ("Date", Link(work.date, "")),
        ("DOI", Link(work.doi, work.addresses.get("doi", ""))),
        *_arxiv_facts(work, locked),
        *((name, Link(work.addresses[kind], work.addresses[kind])) for kind, name in SITES.items() if kind in work.addresses),
        ("Web page", Link(work.url, work.url) if not work.addresses else Link("", "")),
        ("Editors", Link(", ".join(person.display for person in work.editors), "")),
        ("ISBN", Link(work.isbn, "")),
        ("Citation key", Link(work.key, "")),
    ]
    return ((name, link) for name, link in known if link.text)


def _arxiv_facts(work: Work, locked: Locked) -> Iterator[tuple[str, Link]]:
    if not work.arxiv:
        return
    subject = f" [{work.arxiv_class}]" if work.arxiv_class else ""
    yield "arXiv", Link(f"{work.arxiv}{subject}", work.addresses.get("arxiv", ""))
    said = locked.said.get("arxiv") or locked.said.get("arxiv-oai")
    yield "First posted", Link(said.published[:10] if said and said.published else work.preprint_year, "")
    if said and said.version > 1:
        yield (
            "Latest version",
            Link(f"v{said.version} {said.updated[:10]}".strip(), f"https://arxiv.org/abs/{work.arxiv}v{said.version}"),
        )


def _descending(year: str) -> int:
    return -int(year) if year.isdigit() else 1
