"""Which work a free text means: candidates with a score, decided by a person, or with `--yes` where only one can be meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from citeman import ids, merge
from citeman.commands.add.inputs import Wanted
from citeman.commands.add.results import Failed, told

if TYPE_CHECKING:
    from citeman.sources.candidates import Candidate
    from citeman.sources.http import Session

Choose = Callable[[str, Sequence["Candidate"]], "Candidate | None"]
"""Show a person what a text may mean and ask which it is; None: none of them, or nobody to ask."""


def choose(wanted: Wanted, session: Session, ask: Choose) -> tuple[Wanted | None, Failed | None, Mapping[str, str]]:
    """Turn a free text into a work, by a person's choice; what stays undecided fails. The outages come third."""
    from citeman.sources import candidates

    if session.offline:
        return None, Failed(wanted.input, "a title must be looked up; do it without --offline, or give an identifier"), {}
    result = candidates.find(session, wanted.query)
    pick = ask(wanted.query, result.found) if result.found else None
    if pick:
        return wanted._replace(identifier=ids.parse(pick.record.identifier), query=""), None, result.outages
    if result.found:
        best = result.found[0].record
        reason = f"a title decides nothing; the likeliest is {best.identifier}: add that if it is the one"
        return None, Failed(wanted.input, reason, candidates=result.found), result.outages
    if result.outages:
        return None, Failed(wanted.input, told(result.outages), True), result.outages
    return None, Failed(wanted.input, "neither arXiv nor Crossref knows anything like it"), result.outages


def beyond_doubt(found: Sequence[Candidate]) -> Candidate | None:
    """Return the work that alone can be meant: its whole title and nothing else is the text, and no other has it.

    Of a preprint and its version of record the preprint, which leads to both.
    """
    exact = [one for one in found if one.exact]
    if not exact or any(merge.same_work(exact[0].record, one.record).decision != "same" for one in exact[1:]):
        return None
    return next((one for one in exact if one.record.identifier.startswith("arXiv:")), exact[0])
