"""`citeman sync`."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from citeman.cli.console import Console, add_dry_run, add_json
from citeman.errors import UsageError

if TYPE_CHECKING:
    from citeman.commands.sync import Scope, Sync, Synced
    from citeman.commands.watch import Watched
    from citeman.merge import Choice
    from citeman.project import Project

DESCRIPTION = (
    "Bring the store up to date from arXiv and Crossref: new versions, published versions, withdrawals, retractions,\n"
    "corrections. What a person changed stays; what both changed is a conflict that `--accept` or `--keep` settles once."
)
EXAMPLES = """examples:
  citeman sync                                  ask for what was not asked for 30 days
  citeman sync cohen2021gradient --force        ask for one paper now
  citeman sync --accept cohen2021gradient.title take upstream's title
  citeman sync --check --format markdown        change nothing, exit 1 when anything is new
exit codes: 0 fine, 1 conflicts or findings (with --check: anything new), 3 a service could not be reached"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("keys", metavar="KEY", nargs="*", help="citation keys to bring up to date (default: all)")
    parser.add_argument("-s", "--section", default="", metavar="S", help="only the papers of this section")
    parser.add_argument(
        "--max-age", type=_days, default=None, metavar="DAYS", help="ask for what was not asked for so long (default: 30)"
    )
    parser.add_argument("--force", action="store_true", help="ask for everything, however fresh")
    parser.add_argument("--accept", action="append", default=[], metavar="KEY[.FIELD]", help="settle for upstream's value")
    parser.add_argument("--keep", action="append", default=[], metavar="KEY[.FIELD]", help="settle for the value that is there")
    parser.add_argument("--watch", action="store_true", help="also look for new papers by the sections' watch queries")
    parser.add_argument("--review", action="store_true", help="step through the changes one at a time")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when anything would change")
    parser.add_argument("--format", choices=("text", "markdown", "json"), default="text", help="how to print the report")
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Sync and report."""
    from citeman.commands.sync import settle
    from citeman.project import Project

    if arguments.review and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("--review asks questions and needs a terminal; use --accept and --keep here")
    project = Project.open(arguments.directory)
    sync, watched = _listen(project, arguments, console)
    choices = _choices(project, sync, arguments, console)
    dry = arguments.dry_run or arguments.check
    synced = settle(project, sync, choices, dry)
    _report(synced, watched, arguments, console)
    return _exit_code(synced, watched, arguments.check)


def _listen(project: Project, arguments: argparse.Namespace, console: Console) -> tuple[Sync, Watched]:
    """Ask the sources, unless there is only something to settle."""
    from datetime import UTC, datetime

    from citeman.commands.session import open_session
    from citeman.commands.sync import Sync, listen
    from citeman.commands.sync.asking import Heard
    from citeman.commands.watch import Watched, watch

    scope, now = _scope(project, arguments), datetime.now(UTC)
    settles = arguments.accept or arguments.keep
    if settles and not (arguments.keys or arguments.section or arguments.force or arguments.watch):
        return Sync(Heard(), (), now, scope), Watched()
    dry = arguments.dry_run or arguments.check
    session = open_session(project, min(86_400.0, scope.age.total_seconds()), notify=console.note)
    sync = listen(project, scope, session, now, lambda total: console.progress("asking arXiv and Crossref", total))
    watched = watch(project, session, now.date(), arguments.section, dry) if arguments.watch else Watched()
    return sync, watched


def _scope(project: Project, arguments: argparse.Namespace) -> Scope:
    from citeman.commands.sync import Scope

    age = project.config.max_age if arguments.max_age is None else arguments.max_age
    return Scope(tuple(arguments.keys), arguments.section, timedelta(days=age), arguments.force)


def _choices(project: Project, sync: Sync, arguments: argparse.Namespace, console: Console) -> dict[tuple[str, str], Choice]:
    from citeman.commands.sync import choices_of, settle

    choices = choices_of(project, arguments.accept, arguments.keep)
    if arguments.review:
        from citeman.cli.sync.review import review

        choices |= review(settle(project, sync, choices, dry_run=True), console)
    return choices


def _report(synced: Synced, watched: Watched, arguments: argparse.Namespace, console: Console) -> None:
    from citeman.cli.sync import report

    style = "json" if arguments.json else arguments.format
    if style == "json":
        console.json(report.as_json(synced, watched))
    elif style == "markdown":
        console.print(report.as_markdown(synced, watched))
    else:
        report.show(synced, watched, console)
        if arguments.dry_run:
            console.diff(synced.files)


def _exit_code(synced: Synced, watched: Watched, check: bool) -> int:
    grave = any(told.action == "conflict" for told in synced.changes)
    grave |= any(finding.severity != "hint" for finding in (*synced.findings, *watched.findings))
    if grave or (check and (synced.pending or watched.found)):
        return 1
    return 3 if synced.unreachable or watched.unreachable else 0


def _days(text: str) -> int:
    try:
        days = int(text.removesuffix("d"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days") from None
    if days < 0:
        raise argparse.ArgumentTypeError("a number of days is not negative")
    return days
