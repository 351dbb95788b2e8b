"""`citeman show`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from citeman.cli.console import Console, add_json

if TYPE_CHECKING:
    from citeman.commands.show import Shown

DESCRIPTION = "Show a paper's reference, its identifiers, where it is read and why, and its BibTeX."


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("key", metavar="KEY", help="citation key")
    parser.add_argument("--bib", action="store_true", help="print the BibTeX entry only")
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Show the paper."""
    from citeman.commands.show import show
    from citeman.project import Project

    shown = show(Project.open(arguments.directory), arguments.key)
    if console.as_json:
        console.json(_as_json(shown))
    elif arguments.bib:
        console.print(shown.source)
    else:
        _print(shown, console)
    return 0


def _print(shown: Shown, console: Console) -> None:
    console.print(console.style(shown.reference, "bold"))
    if shown.identifiers:
        console.print("  ".join(shown.identifiers))
    for notice in shown.notices:
        console.print(console.style(notice, "red"))
    console.print()
    for placement in shown.placements:
        item = placement.item
        marks = ", ".join(filter(None, (item.role, item.level, "further" if item.tier == "further" else "")))
        console.print(f"read in {console.style(placement.place.name, 'cyan')}{f' ({marks})' if marks else ''}")
        if item.why:
            console.print(f"  {item.why}")
    if not shown.placements:
        console.print(f"read in no section yet; `citeman link {shown.entry.key} --section …`")
    console.print(f"\n{console.style(f'{shown.path}:{shown.entry.line}', 'dim')}\n{shown.source}")


def _as_json(shown: Shown) -> dict[str, Any]:
    return {
        "key": shown.entry.key,
        "type": shown.entry.type,
        "fields": {field.name: field.value for field in shown.entry.fields},
        "identifiers": shown.identifiers,
        "reference": shown.reference,
        "path": shown.path,
        "line": shown.entry.line,
        "notices": shown.notices,
        "sections": [
            {
                "guide": placement.place.volume.name,
                "section": placement.place.section.anchor,
                "role": placement.item.role,
                "why": placement.item.why,
                "level": placement.item.level,
                "tier": placement.item.tier,
            }
            for placement in shown.placements
        ],
    }
