"""Where lists belong after a guide was rewritten: for each list whose section is gone the most alike section, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from citeman import likeness, tex
from citeman.guide import Guide, GuideSection, Question
from citeman.ids import Identifier
from citeman.lists import ReadingLists, Section
from citeman.text import apply

Action = Literal["move", "merge", "orphan"]

LEAST = 0.5
"""A candidate less alike than this is none."""

_WEIGHTS = {"title": 0.45, "text": 0.35, "words": 0.2, "works": 0.2, "position": 0.12, "slot": 0.3}
_SURE = {"text": 0.95, "title": 0.9}
"""Where one kind of evidence is nearly complete, it stands for itself: its score, times this."""
_OTHER_GUIDE = 0.95
_NEARLY = 0.8
_SUPPORT = 0.4
"""Standing in the right place proves nothing where no other evidence is at least so good."""


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


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: GuideSection | Question
    guide: Guide
    name: str
    """The other guide's name; empty for the same guide."""
    taken: bool
    index: int
    """Position among the guide's places."""

    @property
    def key(self) -> tuple[str, str]:
        return self.name, self.place.anchor


class _Choice(NamedTuple):
    """A candidate for one list, judged."""

    candidate: _Candidate
    score: float
    evidence: tuple[Evidence, ...]


def propose(
    lists: ReadingLists,
    guide: Guide,
    before: Guide | None = None,
    works: Mapping[str, Collection[Identifier]] | None = None,
    elsewhere: Mapping[str, Guide] | None = None,
) -> tuple[Proposal, ...]:
    """Propose where each list goes whose section the guide does not have, in the file's order; orphaned lists last.

    `before` is the guide as it was when the lists were right (from version control), `works` maps citation keys to their
    identifiers, so that citations in the text count, and `elsewhere` names other guides that a section may have moved to.
    """
    present = {place.anchor for place in _places_of(guide)}
    gone = [section for section in lists.sections if section.anchor not in present]
    lost = [*gone, *lists.orphaned]
    if not lost:
        return ()
    candidates = _candidates(lists, guide, elsewhere or {})
    context = _Context(lists, guide, before, works or {}, candidates)
    ranked = {id(section): context.rank(section) for section in lost}
    chosen = _assign(lost, ranked)
    orphaned = {id(section) for section in lists.orphaned}
    return tuple(replace(chosen[id(section)], orphaned=id(section) in orphaned) for section in lost)


def relinked(lists: ReadingLists, proposals: Iterable[Proposal]) -> str:
    """Return the text of the reading lists with the proposals made; a former anchor stays as an alias.

    Proposals to another guide are left for the caller. Nothing is dropped: a merged list keeps its items, except those that the
    other list has already.
    """
    present = lists
    for proposal in proposals:
        if not proposal.guide:
            present = ReadingLists.parse(_made(present, proposal), lists.path)
    return present.source


def moved(lists: ReadingLists, guides: Mapping[str, Guide]) -> list[tuple[str, float]]:
    """Rank guides by the share of the lists' anchors that they have, best first: which file a renamed guide is now.

    Guides that share no anchor are left out.
    """
    wanted = {name for section in lists.sections for name in (section.anchor, *section.aliases)}
    shares = []
    for path, guide in guides.items():
        found = wanted & {place.anchor for place in _places_of(guide)}
        held = sum(bool({section.anchor, *section.aliases} & found) for section in lists.sections)
        if held:
            shares.append((path, held / len(lists.sections)))
    return sorted(shares, key=lambda share: -share[1])


def _made(lists: ReadingLists, proposal: Proposal) -> str:
    if proposal.action == "orphan":
        return lists.source if proposal.orphaned else apply(lists.source, lists.orphan_section(proposal.anchor))
    if proposal.action == "merge":
        return _merged(lists, proposal)
    source = apply(lists.source, lists.adopt_section(proposal.anchor)) if proposal.orphaned else lists.source
    home = ReadingLists.parse(source, lists.path)
    return apply(source, home.rename_section(proposal.anchor, proposal.candidate))


def _merged(lists: ReadingLists, proposal: Proposal) -> str:
    """Put a list's items and cues into another list, then take it out; what cannot move is set aside instead."""
    pool = lists.orphaned if proposal.orphaned else lists.sections
    section = next(section for section in pool if section.anchor == proposal.anchor)
    target = lists.section(proposal.candidate)
    if target is None or section.watch:
        return _made(lists, replace(proposal, action="orphan"))
    held = {item.identity for item in target.reading}
    items = [item for item in section.reading if item.identity not in held]
    source = apply(lists.source, lists.add_items(target.anchor, items)) if items else lists.source
    for cue in section.cues:
        present = ReadingLists.parse(source, lists.path)
        if cue.text not in {other.text for other in (present.section(target.anchor) or target).cues}:
            source = apply(source, present.add_cue(target.anchor, cue.text, cue.settled_by))
    for alias in (section.anchor, *section.aliases):
        source = apply(source, ReadingLists.parse(source, lists.path).add_alias(target.anchor, alias))
    present = ReadingLists.parse(source, lists.path)
    remove = present.remove_orphan if proposal.orphaned else present.remove_section
    return apply(source, remove(proposal.anchor))


def _places_of(guide: Guide) -> list[GuideSection | Question]:
    headings = [section for section in guide.sections if not section.nested]
    return sorted([*headings, *guide.questions], key=lambda place: place.start)


def _candidates(lists: ReadingLists, guide: Guide, elsewhere: Mapping[str, Guide]) -> list[_Candidate]:
    listed = {section.anchor for section in lists.sections}
    found = [_Candidate(place, guide, "", place.anchor in listed, index) for index, place in enumerate(_places_of(guide))]
    for name, other in elsewhere.items():
        found += [_Candidate(place, other, name, False, index) for index, place in enumerate(_places_of(other))]
    return found


def _assign(lost: Sequence[Section], ranked: Mapping[int, list[_Choice]]) -> dict[int, Proposal]:
    """Give each free section to the list that is most like it; whoever is left may join a list, or is set aside."""
    pairs = [(choice, number) for number, section in enumerate(lost) for choice in ranked[id(section)]]
    pairs.sort(key=lambda pair: (-pair[0].score, pair[1]))
    chosen: dict[int, Proposal] = {}
    taken: set[tuple[str, str]] = set()
    for choice, number in pairs:
        section, candidate = lost[number], choice.candidate
        if choice.score < LEAST or id(section) in chosen or candidate.taken or candidate.key in taken:
            continue
        taken.add(candidate.key)
        chosen[id(section)] = _proposal(section, "move", choice, ranked[id(section)])
    for section in lost:
        if id(section) not in chosen:
            chosen[id(section)] = _join(section, ranked[id(section)])
    return chosen


def _join(section: Section, ranked: list[_Choice]) -> Proposal:
    for choice in ranked:
        telling = any(item.kind in {"text", "title"} and item.score >= LEAST for item in choice.evidence)
        if choice.score >= LEAST and telling and not choice.candidate.name:
            return _proposal(section, "merge", choice, ranked)
    others = tuple((choice.candidate.place.anchor, round(choice.score, 2)) for choice in ranked[:3])
    return Proposal(section.anchor, "orphan", others=others)


def _proposal(section: Section, action: Action, choice: _Choice, ranked: list[_Choice]) -> Proposal:
    candidate, score, evidence = choice
    rest = [other for other in ranked if other is not choice and other.score >= LEAST]
    others = tuple((other.candidate.place.anchor, round(other.score, 2)) for other in rest[:3])
    return Proposal(section.anchor, action, candidate.place.anchor, candidate.name, round(score, 2), evidence, others)


class _Context:
    """What the likeness of a list and a section is judged by."""

    def __init__(
        self,
        lists: ReadingLists,
        guide: Guide,
        before: Guide | None,
        works: Mapping[str, Collection[Identifier]],
        candidates: list[_Candidate],
    ) -> None:
        self.lists, self.guide, self.before, self.works, self.candidates = lists, guide, before, works, candidates
        self.texts = {_name(candidate): _text(candidate.guide, candidate.place) for candidate in candidates}
        self.cited = {_name(candidate): _cited(candidate.guide, candidate.place) for candidate in candidates}
        self.order = {place.anchor: index for index, place in enumerate(_places_of(guide))}

    def rank(self, section: Section) -> list[_Choice]:
        """Order the candidates of a section's kind by likeness, best first."""
        kind = Question if section.kind == "question" else GuideSection
        former = self.before and (self.before.section(section.anchor) or self.before.question(section.anchor))
        if self.before and former:
            texts, text_kind = self._alike(_text(self.before, former)), "text"
        else:
            texts, text_kind = self._alike(" ".join(_words(section))), "words"
        best = max(texts.values(), default=0.0)
        if text_kind == "words":
            texts = {name: score / best if best > 0.05 else 0.0 for name, score in texts.items()}
        title = section.title or (former.title if former else section.anchor.replace("-", " "))
        found = []
        for candidate in self.candidates:
            if not isinstance(candidate.place, kind):
                continue
            evidence = [
                _title(title, candidate.place.title),
                *([Evidence(text_kind, texts[_name(candidate)], "how alike the texts are")] if best else []),
                *self._works(section, candidate),
                *self._position(section, candidate),
            ]
            found.append(_Choice(candidate, _score(evidence, candidate), tuple(evidence)))
        return sorted(found, key=lambda choice: -choice.score)

    def _alike(self, text: str) -> dict[str, float]:
        return dict(likeness.rank(text, self.texts))

    def _works(self, section: Section, candidate: _Candidate) -> list[Evidence]:
        listed = {work for item in section.reading if item.key for work in (item.key, *map(str, self.works.get(item.key, ())))}
        shared = listed & self.cited[_name(candidate)]
        if not shared:
            return []
        share = len(shared) / max(1, len(self.cited[_name(candidate)]))
        return [Evidence("works", min(1.0, share), f"{len(shared)} of its papers are cited there")]

    def _position(self, section: Section, candidate: _Candidate) -> list[Evidence]:
        """Compare with the neighbours in the list that the guide still has."""
        anchors = [other.anchor for other in self.lists.sections]
        if candidate.name or section.anchor not in anchors:
            return []
        place = anchors.index(section.anchor)
        above = next((self.order[a] for a in reversed(anchors[:place]) if a in self.order), -1)
        below = next((self.order[a] for a in anchors[place + 1 :] if a in self.order), len(self.order))
        if not above < candidate.index < below:
            distance = min(abs(candidate.index - above), abs(candidate.index - below))
            return [Evidence("position", 1 / (2 + distance), "elsewhere in the guide")]
        between = [
            c for c in self.candidates if not c.name and above < c.index < below and type(c.place) is type(candidate.place)
        ]
        missing = [a for a in anchors if a not in self.order and self._between(anchors, a, above, below)]
        if len(between) == len(missing) == 1:
            return [Evidence("slot", 1.0, "the only new section where the only lost one was")]
        return [Evidence("position", 1.0, "between the same sections")]

    def _between(self, anchors: list[str], anchor: str, above: int, below: int) -> bool:
        place = anchors.index(anchor)
        first = next((self.order[a] for a in reversed(anchors[:place]) if a in self.order), -1)
        last = next((self.order[a] for a in anchors[place + 1 :] if a in self.order), len(self.order))
        return (first, last) == (above, below)


def _score(evidence: Sequence[Evidence], candidate: _Candidate) -> float:
    if max((item.score for item in evidence if item.kind != "slot"), default=0.0) < _SUPPORT:
        evidence = [item for item in evidence if item.kind != "slot"]
    total = sum(_WEIGHTS[item.kind] for item in evidence)
    score = sum(_WEIGHTS[item.kind] * item.score for item in evidence) / total
    sure = (item.score * _SURE[item.kind] for item in evidence if item.kind in _SURE and item.score >= _NEARLY)
    return max(score, *sure, 0.0) * (_OTHER_GUIDE if candidate.name else 1.0)


def _title(old: str, new: str) -> Evidence:
    from rapidfuzz import fuzz

    one, other = tex.fold(old), tex.fold(new)
    score = max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other)) / 100
    if min(len(one.split()), len(other.split())) > 1:
        score = max(score, 0.85 * fuzz.token_set_ratio(one, other) / 100)
    return Evidence("title", round(score, 3), f"“{old}” and “{new}”")


def _words(section: Section) -> Iterable[str]:
    """What a list itself says about its topic."""
    yield section.title
    yield from (cue.text for cue in section.cues)
    for item in section.reading:
        yield from (item.why, item.context, item.title)


def _text(guide: Guide, place: GuideSection | Question) -> str:
    start = place.heading_end if isinstance(place, GuideSection) else place.start
    return guide.source[start : place.end]


def _cited(guide: Guide, place: GuideSection | Question) -> set[str]:
    inside = [citation for citation in guide.citations if place.start <= citation.start < place.end]
    return {str(citation.identifier) for citation in inside if citation.identifier} | {key for c in inside for key in c.keys}


def _name(candidate: _Candidate) -> str:
    return f"{candidate.name}#{candidate.place.anchor}"
