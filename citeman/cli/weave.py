"""`citeman weave`."""

from __future__ import annotations

import argparse

from citeman.cli.console import Console, add_dry_run, add_json, counted

DESCRIPTION = (
    "Put each section's reading list into the guide's Markdown, at the end of the section or where\n"
    "`<!-- citeman:reading-list -->` stands. Only what is between citeman's own marks is ever changed; what you edited there is\n"
    "refused unless --force is given."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("guides", metavar="GUIDE", nargs="*", help="names of guides (default: all)")
    parser.add_argument(
        "--shape", choices=("list", "paragraph", "table"), default="list", help="how to write a list (default: list)"
    )
    parser.add_argument("--html", action="store_true", help="write HTML instead of Markdown")
    parser.add_argument("--heading", default="Further reading", metavar="TEXT", help="line above each list; empty for none")
    parser.add_argument("--core", action="store_true", help="leave further reading out")
    parser.add_argument("--no-why", action="store_true", help="leave the whys out")
    parser.add_argument("--remove", action="store_true", help="take all lists out again")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 when a guide would change")
    parser.add_argument("--force", action="store_true", help="overwrite lists that were edited by hand")
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Weave and tell what changed."""
    from citeman.commands.weave import weave_project
    from citeman.project import Project
    from citeman.render.woven import Style

    style = Style(
        arguments.shape, "html" if arguments.html else "markdown", arguments.heading, arguments.core, not arguments.no_why
    )
    is_trial = arguments.check or arguments.dry_run
    project = Project.open(arguments.directory)
    result = weave_project(project, style, arguments.guides, remove=arguments.remove, force=arguments.force, dry_run=is_trial)
    changed = [change.path for change in result.changes]
    if console.as_json:
        console.json({"guides": [{"path": path, "lists": count, "changed": path in changed} for path, count in result.guides]})
    elif arguments.dry_run:
        console.diff(result.changes)
    else:
        for path, count in result.guides:
            state = "would change" if arguments.check and path in changed else "changed" if path in changed else "up to date"
            console.print(f"{path}: {counted(count, 'list')}, {state}")
    return int(arguments.check and bool(changed))
