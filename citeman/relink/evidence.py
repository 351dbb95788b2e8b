"""How alike a list and a section are: title, text, the list's own words, citations in the text, position."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from citeman import likeness, tex
from citeman.guide import Guide, GuideSection, Question
from citeman.ids import Identifier
from citeman.lists import ReadingLists, Section
from citeman.named import NamedTuple
from citeman.relink.values import Evidence

_WEIGHTS = {"title": 0.45, "text": 0.35, "words": 0.2, "works": 0.2, "position": 0.12, "slot": 0.3}
_SURE = {"text": 0.95, "title": 0.9}
"""Where one kind of evidence is nearly complete, it stands for itself: its score, times this."""
_OTHER_GUIDE = 0.95
_NEARLY = 0.8
_SUPPORT = 0.4
"""Standing in the right place proves nothing where no other evidence is at least so good."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A section or question box that a list may belong to."""

    place: GuideSection | Question
    guide: Guide
    name: str
    """The other guide's name; empty for the same guide."""
    taken: bool
    index: int
    """Position among the guide's places."""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other candidate."""
        return self.name, self.place.anchor


class Choice(NamedTuple):
    """A candidate for one list, judged."""

    candidate: Candidate
    score: float
    evidence: tuple[Evidence, ...]


def places_of(guide: Guide) -> list[GuideSection | Question]:
    """Return the sections and question boxes of a guide in the order of its text."""
    headings = [section for section in guide.sections if not section.nested]
    return sorted([*headings, *guide.questions], key=lambda place: place.start)


def candidates_of(lists: ReadingLists, guide: Guide, elsewhere: Mapping[str, Guide]) -> list[Candidate]:
    """Return every place of the guide and of the other ones."""
    listed = {section.anchor for section in lists.sections}
    found = [Candidate(place, guide, "", place.anchor in listed, index) for index, place in enumerate(places_of(guide))]
    for name, other in elsewhere.items():
        found += [Candidate(place, other, name, False, index) for index, place in enumerate(places_of(other))]
    return found


class Context:
    """What the likeness of a list and a section is judged by."""

    def __init__(
        self,
        lists: ReadingLists,
        guide: Guide,
        before: Guide | None,
        works: Mapping[str, Collection[Identifier]],
        candidates: list[Candidate],
    ) -> None:
        self.lists, self.guide, self.before, self.works, self.candidates = lists, guide, before, works, candidates
        self.texts = {_name(candidate): _text(candidate.guide, candidate.place) for candidate in candidates}
        self.bodies = {_name(candidate): _body(candidate.guide, candidate.place) for candidate in candidates}
        guides = {candidate.name: candidate.guide for candidate in candidates}
        tellers = {name: _works_of(other) for name, other in guides.items()}
        self.cited = {_name(candidate): tellers[candidate.name](candidate.place) for candidate in candidates}
        self.order = {place.anchor: index for index, place in enumerate(places_of(guide))}
        own = [candidate for candidate in candidates if not candidate.name]
        self.indices = {kind: [one.index for one in own if isinstance(one.place, kind)] for kind in (GuideSection, Question)}
        self.slots = _slots([section.anchor for section in lists.sections], self.order)
        self.lost = Counter(slot for anchor, slot in self.slots.items() if anchor not in self.order)

    def rank(self, section: Section) -> list[Choice]:
        """Order the candidates of a section's kind by likeness, best first."""
        kind = Question if section.kind == "question" else GuideSection
        former = self.before and (self.before.section(section.anchor) or self.before.question(section.anchor))
        if self.before and former:
            texts, text_kind = self._kept(self.before, former), "text"
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
                *(
                    [Evidence(text_kind, texts[_name(candidate)], "how alike the texts are")]
                    if best or text_kind == "text"
                    else []
                ),
                *self._works(section, candidate),
                *self._position(section, candidate),
            ]
            found.append(Choice(candidate, _score(evidence, candidate), tuple(evidence)))
        return sorted(found, key=lambda choice: -choice.score)

    def _alike(self, text: str) -> dict[str, float]:
        return dict(likeness.rank(text, self.texts))

    def _kept(self, before: Guide, former: GuideSection | Question) -> dict[str, float]:
        """Compare with a section's former text, of which a section that took it in holds every word."""
        held = likeness.held(_body(before, former), self.bodies)
        return {name: max(score, held[name]) for name, score in self._alike(_text(before, former)).items()}

    def _works(self, section: Section, candidate: Candidate) -> list[Evidence]:
        listed = {work for item in section.reading if item.key for work in (item.key, *map(str, self.works.get(item.key, ())))}
        shared = listed & self.cited[_name(candidate)]
        if not shared:
            return []
        share = len(shared) / max(1, len(self.cited[_name(candidate)]))
        return [Evidence("works", min(1.0, share), f"{len(shared)} of its papers are cited there")]

    def _position(self, section: Section, candidate: Candidate) -> list[Evidence]:
        """Compare with the neighbours in the list that the guide still has."""
        if candidate.name or section.anchor not in self.slots:
            return []
        above, below = slot = self.slots[section.anchor]
        if not above < candidate.index < below:
            distance = min(abs(candidate.index - above), abs(candidate.index - below))
            return [Evidence("position", 1 / (2 + distance), "elsewhere in the guide")]
        alike = self.indices[type(candidate.place)]
        between = bisect.bisect_left(alike, below) - bisect.bisect_right(alike, above)
        if between == self.lost[slot] == 1:
            return [Evidence("slot", 1.0, "the only new section where the only lost one was")]
        return [Evidence("position", 1.0, "between the same sections")]


def _slots(anchors: Sequence[str], order: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Anchor of a list -> the positions in the guide of the nearest lists above and below it that the guide still has."""
    above, below = [-1], [len(order)]
    for anchor in anchors:
        above.append(order.get(anchor, above[-1]))
    for anchor in reversed(anchors):
        below.append(order.get(anchor, below[-1]))
    return dict(zip(reversed(anchors), zip(above[-2::-1], below[:-1], strict=True), strict=True))


def _score(evidence: Sequence[Evidence], candidate: Candidate) -> float:
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


def _body(guide: Guide, place: GuideSection | Question) -> str:
    """The text under a heading alone, its subsections left out."""
    return guide.text_of(place) if isinstance(place, GuideSection) else _text(guide, place)


def _works_of(guide: Guide) -> Callable[[GuideSection | Question], set[str]]:
    """Return what tells the works that are cited in a place of a guide."""
    starts = [citation.start for citation in guide.citations]

    def cited(place: GuideSection | Question) -> set[str]:
        inside = guide.citations[bisect.bisect_left(starts, place.start) : bisect.bisect_left(starts, place.end)]
        return {str(citation.identifier) for citation in inside if citation.identifier} | {key for c in inside for key in c.keys}

    return cited


def _name(candidate: Candidate) -> str:
    return f"{candidate.name}#{candidate.place.anchor}"
