"""`citeman relink`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from citeman.cli.console import Console, add_dry_run, add_json
from citeman.errors import UsageError

if TYPE_CHECKING:
    from citeman.commands.relink import Relinked
    from citeman.relink import Proposal

DESCRIPTION = (
    "After a guide was rewritten: propose for each reading list whose section is gone where it belongs now, with the evidence.\n"
    "With --write the lists move and keep the old anchor as an alias; what has no successor waits under `orphaned`."
)
EXAMPLES = """examples:
  citeman relink                            what would move, and why
  citeman relink --write                    move it
  citeman relink old-anchor --to eos        place one list yourself"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "anchor", metavar="ANCHOR", nargs="?", default="", help="the vanished section to place by hand, with --to"
    )
    parser.add_argument("--to", default="", metavar="S", help="the section that its list goes to")
    parser.add_argument("--write", action="store_true", help="make the moves")
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Propose or move; exit code 1 while proposals wait."""
    from citeman.commands.relink import place_list, relink_project
    from citeman.project import Project

    if bool(arguments.anchor) != bool(arguments.to):
        raise UsageError("to place a list by hand give both: `citeman relink ANCHOR --to SECTION`")
    project = Project.open(arguments.directory)
    if arguments.anchor:
        result = place_list(project, arguments.anchor, arguments.to, arguments.dry_run)
    else:
        result = relink_project(project, write=arguments.write or arguments.dry_run, dry_run=arguments.dry_run)
    is_written = arguments.write or bool(arguments.anchor)
    if console.as_json:
        console.json(_as_json(result, is_written))
    elif arguments.dry_run:
        console.diff(result.changes)
    else:
        _print(result, is_written, console)
    waiting = any(proposal.action != "orphan" or not proposal.orphaned for _, proposal in result.proposals) or bool(result.moved)
    return int(waiting and not is_written)


def _print(result: Relinked, is_written: bool, console: Console) -> None:
    for moved in result.moved:
        where = (
            f"is now {moved.new} ({moved.share:.0%} of its sections)" if moved.new else "is gone, and no file has its sections"
        )
        console.print(f"{moved.guide}: the guide {moved.old} {where}")
    for guide, proposal in result.proposals:
        console.print(f"{guide}#{proposal.anchor} {_action(proposal, is_written)}")
        for evidence in proposal.evidence:
            console.print(f"    {evidence.score:.2f}  {evidence.kind}: {evidence.detail}")
        for other, score in proposal.others:
            console.print(f"    or {other} ({score:.2f}){_by_hand(proposal, other, is_written)}")
    if not result.proposals and not result.moved:
        console.print("every list has its section")
    elif not is_written:
        console.note("nothing was changed; `citeman relink --write` makes the moves")


def _by_hand(proposal: Proposal, other: str, is_written: bool) -> str:
    """How to choose another candidate instead; a list that has joined another one can no longer be told apart."""
    if is_written and proposal.action == "merge":
        return ""
    has_moved = is_written and proposal.action == "move"
    return f": `citeman relink {proposal.candidate if has_moved else proposal.anchor} --to {other}`"


def _action(proposal: Proposal, is_written: bool) -> str:
    target = f"{proposal.guide}#{proposal.candidate}" if proposal.guide else proposal.candidate
    if proposal.action == "orphan":
        return "has no successor: its list waits under `orphaned`"
    verb = {"move": ("moves to", "moved to"), "merge": ("joins the list of", "joined the list of")}[proposal.action][is_written]
    return f"{verb} {target} ({proposal.score:.2f})"


def _as_json(result: Relinked, is_written: bool) -> dict[str, Any]:
    return {
        "proposals": [
            {
                "guide": guide,
                "anchor": proposal.anchor,
                "action": proposal.action,
                "candidate": proposal.candidate,
                "candidate_guide": proposal.guide or guide,
                "score": round(proposal.score, 3),
                "evidence": [{"kind": one.kind, "score": round(one.score, 3), "detail": one.detail} for one in proposal.evidence],
                "others": [{"anchor": anchor, "score": round(score, 3)} for anchor, score in proposal.others],
            }
            for guide, proposal in result.proposals
        ],
        "moved": [{"guide": one.guide, "old": one.old, "new": one.new, "share": one.share} for one in result.moved],
        "written": is_written,
    }
