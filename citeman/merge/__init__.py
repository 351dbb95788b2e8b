"""Merging, without touching anything: the facts of one work from its sources, and upstream's changes with a person's."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from citeman.merge.combine import PRECEDENCE, Combined, combine, role

if TYPE_CHECKING:
    from citeman.merge.changes import Change, Choice, Operation, Plan
    from citeman.merge.meaning import same
    from citeman.merge.news import is_withdrawal_suspected
    from citeman.merge.planning import Clock, adopted, plan
    from citeman.merge.threeway import Merge, three_way
    from citeman.merge.view import as_record, is_published, new_fields
    from citeman.merge.works import Verdict, same_work

__all__ = [
    "PRECEDENCE",
    "Change",
    "Choice",
    "Clock",
    "Combined",
    "Merge",
    "Operation",
    "Plan",
    "Verdict",
    "adopted",
    "as_record",
    "combine",
    "is_published",
    "is_withdrawal_suspected",
    "new_fields",
    "plan",
    "role",
    "same",
    "same_work",
    "three_way",
]

_HOMES = {
    **dict.fromkeys(("Change", "Choice", "Operation", "Plan"), "changes"),
    "same": "meaning",
    "is_withdrawal_suspected": "news",
    **dict.fromkeys(("Clock", "adopted", "plan"), "planning"),
    **dict.fromkeys(("Merge", "three_way"), "threeway"),
    **dict.fromkeys(("as_record", "is_published", "new_fields"), "view"),
    **dict.fromkeys(("Verdict", "same_work"), "works"),
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is first used: adding one paper needs a third of the room, and starts as fast."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
