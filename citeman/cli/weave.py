"""`citeman weave`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from citeman.cli.console import Console, add_dry_run, add_json, counted
from citeman.config import SHAPES

if TYPE_CHECKING:
    from citeman.config import Config
    from citeman.render.woven import Style

DESCRIPTION = (
    "Put each section's reading list into the guide's Markdown, at the end of the section or where\n"
    "`<!-- citeman:reading-list -->` stands. Only what is between citeman's own marks is ever changed; what you edited there is\n"
    "refused unless --force is given. How lists look is set for the whole project by `weave-…` settings; options win over these."
)
EXAMPLES = """examples:
  citeman weave                         put the lists in, or renew them
  citeman weave --dry-run               how the guides would change
  citeman weave --check                 for CI: do the guides hold the lists as they are now?
  citeman weave --remove                take them out; the guides are what they were"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("guides", metavar="GUIDE", nargs="*", help="names or files of guides (default: all)")
    switch = argparse.BooleanOptionalAction
    parser.add_argument("--shape", choices=SHAPES, help="how to write a list (default: the project's `weave-shape`, else list)")
    parser.add_argument("--html", action=switch, help="write HTML instead of Markdown")
    parser.add_argument("--heading", metavar="TEXT", help="line above each list; empty for none (default: Further reading)")
    parser.add_argument("--core", action=switch, help="leave further reading out")
    parser.add_argument("--why", action=switch, help="say why to read a paper (default: yes)")
    parser.add_argument("--remove", action="store_true", help="take all lists out again")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 when a guide would change")
    parser.add_argument("--force", action="store_true", help="overwrite lists that were edited by hand")
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Weave and tell what changed."""
    from citeman.commands.weave import weave_project
    from citeman.project import Project

    is_trial = arguments.check or arguments.dry_run
    project = Project.open(arguments.directory)
    style = _style(arguments, project.config)
    result = weave_project(project, style, arguments.guides, remove=arguments.remove, force=arguments.force, dry_run=is_trial)
    if console.as_json:
        guides = [{"path": one.path, "lists": one.lists, "changed": one.changed, "left": list(one.left)} for one in result.guides]
        console.json({"guides": guides})
    elif arguments.dry_run:
        console.diff(result.changes)
    else:
        for one in result.guides:
            state = "up to date" if not one.changed else "would change" if arguments.check else "changed"
            console.print(f"{one.path}: {counted(one.lists, 'list')}, {state}")
    for one in result.guides:
        for anchor in one.left:
            console.note(f"{one.path} has no section #{anchor} for its list; `citeman relink` finds where it belongs")
    return int(arguments.check and any(one.changed for one in result.guides))


def _style(arguments: argparse.Namespace, config: Config) -> Style:
    """The project's style, where the arguments do not say otherwise."""
    from citeman.render.woven import Style

    def chosen(given: Any, setting: Any) -> Any:
        return setting if given is None else given

    return Style(
        chosen(arguments.shape, config.weave_shape),
        "html" if chosen(arguments.html, config.weave_html) else "markdown",
        chosen(arguments.heading, config.weave_heading),
        chosen(arguments.core, config.weave_core),
        chosen(arguments.why, config.weave_why),
    )
