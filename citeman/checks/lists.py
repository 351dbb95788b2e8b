"""Rules on the reading lists: keys, anchors, order, and what is missing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from citeman.checks import Problem, Rule
from citeman.checks.near import Near
from citeman.library import Library, Place, Volume, guide_path
from citeman.lists.values import ROLES


def unknown_key(library: Library) -> Iterator[Problem]:
    """Yield every key of a list that the bibliography lacks."""
    near = Near(library.bibliography.keys)
    for place in library.places:
        for key, line in _keys(place):
            if key not in near:
                hint = near.hint(key) or f"; add it (`citeman add`) or take it out (`citeman unlink {key}`)"
                yield Problem(
                    f"no entry {key!r} in {library.bibliography.path}{hint}", *_at(place, line), key, place.section.anchor
                )


def unknown_anchor(library: Library) -> Iterator[Problem]:
    """Yield every list whose section the guide does not have."""
    for volume in library.volumes:
        if volume.guide is None:
            continue
        near = Near([section.anchor for section in volume.guide.sections] + [box.anchor for box in volume.guide.questions])
        for section in volume.lists.sections:
            if section.anchor not in near:
                hint = near.hint(section.anchor) or "; `citeman relink` proposes where it went"
                message = f"the guide {volume.guide.path} has no section {section.anchor!r}{hint}"
                yield Problem(message, volume.lists.path, section.line, section=section.anchor)


def unknown_pointer(library: Library) -> Iterator[Problem]:
    """Yield every `see` that points to its own section or to none there is; a guide that the project lacks is not judged."""
    anchors = Near(place.name for place in library.places)
    guides = {volume.name for volume in library.volumes}
    for place in library.places:
        for item in place.section.reading:
            guide, _, anchor = item.see.rpartition("#")
            target = f"{guide or place.volume.name}#{anchor}"
            if item.see and (guide or place.volume.name) in guides and target not in anchors:
                hint = anchors.hint(target) or "; correct it or take it out"
                yield Problem(f"no section {item.see!r} to see{hint}", *_at(place, item.line), section=place.section.anchor)
            elif target == place.name:
                message = f"{item.see!r} points to the very section in which it stands; correct it or take it out"
                yield Problem(message, *_at(place, item.line), section=place.section.anchor)


def missing_guide(library: Library) -> Iterator[Problem]:
    """Yield every guide whose Markdown is named but is not there."""
    for volume in library.volumes:
        if volume.lists.guide_source and volume.guide is None:
            message = f"the guide's text {volume.lists.guide_source} is not there; correct `source` or take it out"
            yield Problem(message, volume.lists.path)


def shared_guide(library: Library) -> Iterator[Problem]:
    """Yield every list file whose guide is another file's already: each would weave its own lists over those of the other."""
    first: dict[str, str] = {}
    for volume in library.volumes:
        path = guide_path(volume.lists)
        if path and first.setdefault(path, volume.lists.path) != volume.lists.path:
            message = f"the guide {path} has its lists in {first[path]} already; put all of them into one file"
            yield Problem(message, volume.lists.path)


def empty_section(library: Library) -> Iterator[Problem]:
    """Yield every section that lists no paper, and whose subsections list none either."""
    for volume in library.volumes:
        places = [place for place in library.places if place.volume is volume and place.section.kind == "section"]
        listing = {place.section.anchor for place in places if any(item.key for item in place.section.reading)}
        filled = listing | set(_around(volume, listing))
        for place in places:
            anchor = place.section.anchor
            if anchor not in filled:
                message = f"section {anchor!r} lists no paper; `citeman link KEY --section {anchor}`"
                yield Problem(message, *_at(place, place.section.line), section=anchor)


def _around(volume: Volume, anchors: set[str]) -> Iterator[str]:
    """The sections of a guide that hold one of these."""
    sections = volume.guide.sections if volume.guide else ()
    starts = sorted(section.start for section in sections if section.anchor in anchors)
    for section in sections:
        if bisect_left(starts, section.start) < bisect_left(starts, section.end):
            yield section.anchor


def missing_why(library: Library) -> Iterator[Problem]:
    """Yield every item that does not say why it should be read."""
    for place in library.places:
        for item in place.section.reading:
            if not item.why:
                message = f"{item.identity} does not say why to read it; add `why:`"
                yield Problem(message, *_at(place, item.line), item.key, place.section.anchor)


def missing_role(library: Library) -> Iterator[Problem]:
    """Yield every paper whose role nobody has decided."""
    for place in library.places:
        for item in place.section.reading:
            if item.key and not item.role:
                message = f"{item.key} has no role here; add `role:` (one of {', '.join(ROLES)})"
                yield Problem(message, *_at(place, item.line), item.key, place.section.anchor)


def unlisted_cue(library: Library) -> Iterator[Problem]:
    """Yield every cue that is settled by a paper which neither its section lists nor one that it points to."""
    listed = {place.name: {item.key for item in place.section.reading} for place in library.places}
    for place in library.places:
        near = listed[place.name].union(*(listed.get(target, ()) for target in _pointers(place)))
        for cue in place.section.cues:
            for key in cue.settled_by:
                if key not in near and library.bibliography.get(key):
                    anchor = place.section.anchor
                    message = f"{key} settles “{cue.text}” but is not listed in {anchor}; `citeman link {key} --section {anchor}`"
                    yield Problem(message, *_at(place, cue.line), key, anchor)


def _pointers(place: Place) -> Iterator[str]:
    """The sections that a section points to with `see`, as `guide#anchor`."""
    for item in place.section.reading:
        if item.see:
            yield item.see if "#" in item.see else f"{place.volume.name}#{item.see}"


def orphaned(library: Library) -> Iterator[Problem]:
    """Yield every list that waits for a person to place it."""
    for volume in library.volumes:
        for section in volume.lists.orphaned:
            message = f"the list of {section.anchor!r} has no section any more; `citeman relink` or move it by hand"
            yield Problem(message, volume.lists.path, section.line, section=section.anchor)


def _keys(place: Place) -> Iterator[tuple[str, int]]:
    for item in place.section.reading:
        yield from ((key, item.line) for key in (item.key, *item.after) if key)
    for cue in place.section.cues:
        yield from ((key, cue.line) for key in cue.settled_by)


def _at(place: Place, line: int) -> tuple[str, int]:
    return place.volume.lists.path, line


RULES = (
    Rule("list-unknown-key", "error", "a key that the bibliography lacks", unknown_key),
    Rule("list-unknown-anchor", "error", "a list for a section that the guide lacks", unknown_anchor),
    Rule("list-unknown-pointer", "error", "a `see` that points to no section, or to its own", unknown_pointer),
    Rule("list-missing-guide", "warning", "a guide's text that is named but not there", missing_guide),
    Rule("list-shared-guide", "error", "a second file of lists for one guide's text", shared_guide),
    Rule("list-empty-section", "hint", "a section with no paper, in its subsections neither", empty_section),
    Rule("list-missing-why", "hint", "an item that does not say why to read it", missing_why),
    Rule("list-missing-role", "hint", "a paper whose role in its section nobody has decided", missing_role),
    Rule("list-unlisted-cue", "hint", "a cue settled by a paper that its section does not list", unlisted_cue),
    Rule("list-orphaned", "warning", "a list whose section is gone", orphaned),
)
