"""Which section each list belongs to: every free section goes to the list that is most like it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from citeman.guide import Guide
from citeman.ids import Identifier
from citeman.lists import ReadingLists, Section
from citeman.relink.evidence import Choice, Context, candidates_of, places_of
from citeman.relink.values import Action, Proposal

LEAST = 0.5
"""A candidate less alike than this is none."""
TELLING = {"text": 0.5, "title": 0.7}
"""How alike text or title must be for a list to join another one: a place that would do is not enough."""
MARGIN = 0.15
"""A section without a list is preferred to one that has a list and is more alike by less than this."""


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
    present = {place.anchor for place in places_of(guide)}
    gone = [section for section in lists.sections if section.anchor not in present]
    lost = [*gone, *lists.orphaned]
    if not lost:
        return ()
    candidates = candidates_of(lists, guide, elsewhere or {})
    context = Context(lists, guide, before, works or {}, candidates)
    ranked = {id(section): context.rank(section) for section in lost}
    chosen = _assign(lost, ranked)
    orphaned = {id(section) for section in lists.orphaned}
    return tuple(replace(chosen[id(section)], orphaned=id(section) in orphaned) for section in lost)


def moved(lists: ReadingLists, guides: Mapping[str, Guide]) -> list[tuple[str, float]]:
    """Rank guides by the share of the lists' anchors that they have, best first: which file a renamed guide is now.

    Guides that share no anchor are left out.
    """
    wanted = {name for section in lists.sections for name in (section.anchor, *section.aliases)}
    shares = []
    for path, guide in guides.items():
        found = wanted & {place.anchor for place in places_of(guide)}
        held = sum(bool({section.anchor, *section.aliases} & found) for section in lists.sections)
        if held:
            shares.append((path, held / len(lists.sections)))
    return sorted(shares, key=lambda share: -share[1])


def _assign(lost: Sequence[Section], ranked: Mapping[int, list[Choice]]) -> dict[int, Proposal]:
    """Give each free section to the list that is most like it; whoever is left may join a list, or is set aside."""
    pairs = [(choice, number) for number, section in enumerate(lost) for choice in _free(ranked[id(section)])]
    pairs.sort(key=lambda pair: (-pair[0].score, -_title(pair[0]), pair[1]))
    chosen: dict[int, Proposal] = {}
    taken: set[tuple[str, str]] = set()
    for choice, number in pairs:
        section, candidate = lost[number], choice.candidate
        if id(section) in chosen or candidate.key in taken:
            continue
        taken.add(candidate.key)
        chosen[id(section)] = _proposal(section, "move", choice, ranked[id(section)])
    for section in lost:
        if id(section) not in chosen:
            chosen[id(section)] = _join(section, ranked[id(section)])
    return chosen


def _title(choice: Choice) -> float:
    return max((item.score for item in choice.evidence if item.kind == "title"), default=0.0)


def _free(ranked: Sequence[Choice]) -> list[Choice]:
    """The candidates without a list that are alike enough, and not much less so than one with a list."""
    least = max((choice.score - MARGIN for choice in ranked if choice.candidate.taken and _is_telling(choice)), default=0.0)
    return [choice for choice in ranked if not choice.candidate.taken and choice.score >= max(LEAST, least)]


def _is_telling(choice: Choice) -> bool:
    """Whether title or text speak for a candidate."""
    return choice.score >= LEAST and any(item.score >= TELLING.get(item.kind, 2) for item in choice.evidence)


def _join(section: Section, ranked: Sequence[Choice]) -> Proposal:
    for choice in ranked:
        if _is_telling(choice):
            return _proposal(section, "merge", choice, ranked)
    others = tuple((choice.candidate.place.anchor, round(choice.score, 2)) for choice in ranked[:3])
    return Proposal(section.anchor, "orphan", others=others)


def _proposal(section: Section, action: Action, choice: Choice, ranked: Sequence[Choice]) -> Proposal:
    candidate, score, evidence = choice
    rest = [other for other in ranked if other is not choice and other.score >= LEAST]
    others = tuple((other.candidate.place.anchor, round(other.score, 2)) for other in rest[:3])
    return Proposal(section.anchor, action, candidate.place.anchor, candidate.name, round(score, 2), evidence, others)
