"""Rules on the labels of citations: each against its paper, and all of them against each other over the whole guide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from citeman import names, tex
from citeman.checks import Problem, Rule, agreement
from citeman.checks.citing import Cited, Citing
from citeman.labels import labels
from citeman.library import Library
from citeman.model import Entry

FEWEST = 5
"""So many citations must be called by name and year before one that is not stands out."""
MOST_PART = 0.75


def wrong_author(library: Library) -> Iterator[Problem]:
    """Yield every label that names other people than the paper behind its link has."""
    citing = Citing(library)
    for cited in citing.all:
        wrong = citing.disagreement(cited)
        if wrong and wrong.kind == "author":
            yield _at(cited, f"{_said(cited)} but {_address(cited)} is {_told(cited)}: {wrong.reason}{_meant(citing, cited)}")


def doubtful(library: Library) -> Iterator[Problem]:
    """Yield every label that may be right: of a name that may be a method's, of a year that the store may not know yet."""
    citing = Citing(library)
    for cited in citing.all:
        wrong, year = citing.disagreement(cited), citing.wrong_year(cited)
        if wrong and wrong.kind == "doubtful":
            yield _at(cited, f"{_said(cited)} and {_address(cited)} is {_told(cited)}: {wrong.reason}; correct one of the two")
        elif year and year.kind == "doubtful" and not wrong:
            yield _at(cited, f"{_said(cited)} and {year.reason}; `citeman sync` finds where it came out, or correct the year")


def incomplete_author(library: Library) -> Iterator[Problem]:
    """Yield every label that names some of a paper's people as if they were all."""
    citing = Citing(library)
    for cited in citing.all:
        wrong = citing.disagreement(cited)
        if wrong and wrong.kind == "incomplete":
            yield _at(cited, f"{_said(cited)} but {wrong.reason}")


def wrong_title(library: Library) -> Iterator[Problem]:
    """Yield every label that is the title of another paper in the store."""
    citing = Citing(library)
    for cited in citing.all:
        if other := citing.other_title(cited):
            yield _at(
                cited, f"{_said(cited)}, which is {other}, but {_address(cited)} is {_told(cited)}; correct the link or the label"
            )


def wrong_year(library: Library) -> Iterator[Problem]:
    """Yield every label with a year in which no version of the paper came out."""
    citing = Citing(library)
    for cited in citing.all:
        wrong = citing.wrong_year(cited)
        if wrong and wrong.kind == "year" and not citing.disagreement(cited):
            yield _at(cited, f"{_said(cited)} but {_told(cited)} {wrong.reason}; correct the year or the link")


def ambiguous(library: Library) -> Iterator[Problem]:
    """Yield every label that means another paper elsewhere in the guides."""
    first: dict[object, dict[str, Cited]] = {}
    for cited in Citing(library).all:
        if not cited.called or not cited.dated:
            continue
        others = first.setdefault(cited.called.identity, {})
        if cited.work not in others and (other := next((one for one in others.values() if _are_two(one, cited)), None)):
            message = (
                f"{cited.citation.label!r} is {_name(cited)} here and {_name(other)} {_where(other, cited)}; "
                f"tell them apart ({cited.called.years[0]}a, {cited.called.years[0]}b)"
            )
            yield _at(cited, message)
        others.setdefault(cited.work, cited)


def _are_two(one: Cited, other: Cited) -> bool:
    """Whether two addresses surely name two papers: a preprint and a page that the store lacks may be one."""
    kinds = {cited.citation.identifier.kind for cited in (one, other) if cited.citation.identifier}
    return bool(one.entry and other.entry) or len(kinds) == 1


def inconsistent(library: Library) -> Iterator[Problem]:
    """Yield every label of a paper that is called otherwise in more places."""
    citing = Citing(library)
    groups: dict[str, list[Cited]] = {}
    for cited in citing.all:
        if cited.called and cited.dated and not citing.disagreement(cited) and not citing.wrong_year(cited):
            groups.setdefault(cited.work, []).append(cited)
    for group in groups.values():
        yield from _other_names(group)


def _other_names(group: list[Cited]) -> Iterator[Problem]:
    counts = Counter(cited.called.identity for cited in group if cited.called)
    usual = counts.most_common(1)[0][0]
    model = next(cited for cited in group if cited.called and cited.called.identity == usual)
    told = {usual}
    for cited in group:
        if cited.called and cited.called.identity not in told:
            told.add(cited.called.identity)
            yield _at(
                cited, f"{cited.citation.label!r} is called {model.citation.label!r} {_where(model, cited)}; call it the same"
            )


def unnamed(library: Library) -> Iterator[Problem]:
    """Yield every citation that names neither people nor year nor title, in a guide where the others do."""
    guides: dict[str, list[Cited]] = {}
    for cited in Citing(library).all:
        guides.setdefault(cited.guide.path, []).append(cited)
    for group in guides.values():
        named = [cited for cited in group if cited.called and cited.called.years]
        if len(named) >= FEWEST and len(named) >= MOST_PART * len(group):
            for cited in group:
                if not cited.called and not (cited.entry and _is_named(cited.citation.label, cited.entry)):
                    yield _at(
                        cited, f"{cited.citation.label!r} says neither who nor when, as the other citations do{_proposal(cited)}"
                    )


def _is_named(label: str, entry: Entry) -> bool:
    words = set(tex.fold(label).split())
    families = {word for name in agreement.people(entry)[:1] for word in tex.fold(names.family(name)).split()}
    return bool(words & families) or agreement.is_of_title(label, entry)


def _proposal(cited: Cited) -> str:
    return f"; write {labels([cited.entry])[cited.entry.key]}" if cited.entry else ""


def _meant(citing: Citing, cited: Cited) -> str:
    """Which paper of the store the label would fit."""
    assert cited.called
    who = tex.fold(
        " ".join(cited.called.names) if cited.called.more or len(cited.called.names) == 1 else " and ".join(cited.called.names)
    )
    owner = citing.owners.get(
        (f"{who} et al" if cited.called.more else who, cited.called.years[0] if cited.called.years else ""), ""
    )
    return f"; did you mean to link {owner}?" if owner else "; correct the label or the link"


def _said(cited: Cited) -> str:
    return f"the label says {cited.citation.label!r}"


def _address(cited: Cited) -> str:
    return str(cited.citation.identifier)


def _told(cited: Cited) -> str:
    """The paper as a label would call it."""
    assert cited.entry
    label = labels([cited.entry])[cited.entry.key]
    return f"{label} ({cited.entry.key})"


def _name(cited: Cited) -> str:
    return cited.work


def _where(other: Cited, here: Cited) -> str:
    place = f"in line {other.citation.line}"
    return place if other.guide.path == here.guide.path else f"{place} of {other.guide.path}"


def _at(cited: Cited, message: str) -> Problem:
    key = cited.entry.key if cited.entry else ""
    return Problem(message, cited.guide.path, cited.citation.line, key, cited.citation.section)


RULES = (
    Rule("label-wrong-author", "error", "a label that names other people than the paper behind its link has", wrong_author),
    Rule("label-wrong-title", "error", "a label that is the title of another paper than the one behind its link", wrong_title),
    Rule("label-wrong-year", "warning", "a label with a year in which no version of the paper came out", wrong_year),
    Rule("label-incomplete", "warning", "a label that names some of a paper's authors as if they were all", incomplete_author),
    Rule(
        "label-doubtful",
        "hint",
        "a label that may be right: a name that may be a method's, a year the store may not know yet",
        doubtful,
    ),
    Rule("label-ambiguous", "warning", "one label for two papers, anywhere in the guides", ambiguous),
    Rule("label-inconsistent", "warning", "two labels for one paper, anywhere in the guides", inconsistent),
    Rule("label-missing", "hint", "a citation without name and year among others that have them", unnamed),
)
