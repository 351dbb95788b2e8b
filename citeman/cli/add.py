"""`citeman add`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from citeman.cli.console import Console, add_dry_run, add_json
from citeman.cli.link import add_item_options, described

if TYPE_CHECKING:
    from citeman.commands.add import Addition, Filed
    from citeman.commands.add.works import Work
    from citeman.project import Project
    from citeman.sources.candidates import Candidate

T = TypeVar("T")

DESCRIPTION = (
    "Add papers to references.bib with facts from arXiv and Crossref, list them in sections of the guide,\n"
    "and print the citation to paste. A paper that is there already is only listed."
)
EXAMPLES = """examples:
  citeman add arXiv:2103.00065 --section eos --why "Named the edge of stability."
  citeman add 10.1073/pnas.1820226116 https://arxiv.org/pdf/1312.6120v3 --section deep-linear
  citeman add paper.pdf other.bib "Deep learning via Hessian-free optimization"
  citeman add --from identifiers.txt

An input is an arXiv id or URL, a DOI or a URL that holds one, an OpenReview, PMLR, NeurIPS or ACL page, a PDF, a BibTeX,
CSL-JSON or RIS file or snippet, or a title. A title never decides by itself: candidates are shown and you choose."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("inputs", metavar="INPUT", nargs="*", help="what to add; `-` reads standard input")
    parser.add_argument(
        "--from", dest="files", action="append", default=[], metavar="FILE", help="read inputs from a file, or `-`"
    )
    parser.add_argument("-s", "--section", action="append", default=[], metavar="S", help="list it there; repeatable")
    add_item_options(parser)
    parser.add_argument("--key", default="", help="the citation key to give it (default: made by the project's pattern)")
    parser.add_argument("--yes", action="store_true", help="take a title's candidate unasked when it is beyond doubt")
    parser.add_argument(
        "--offline", action="store_true", help="ask nobody: take what the cache or a file knows, leave the rest to sync"
    )
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Add, list and print the citations."""
    from datetime import UTC, datetime

    from citeman.commands.add import Placing, add
    from citeman.commands.link import Where
    from citeman.commands.session import open_session
    from citeman.project import Project

    words, texts = _inputs(arguments)
    where = Where(arguments.before, arguments.after, arguments.first)
    placing = Placing(tuple(arguments.section), described(arguments), where, arguments.settles)
    project = Project.open(arguments.directory)
    session = open_session(project, CACHE_AGE, offline=arguments.offline, notify=console.note)
    result = add(
        project,
        words,
        texts,
        placing,
        session,
        now=datetime.now(UTC).isoformat(timespec="seconds"),
        key=arguments.key,
        choose=_chooser(arguments, console),
        choose_sections=_section_chooser(console) if _is_dialogue(arguments) else None,
        dry_run=arguments.dry_run,
    )
    report(result, arguments, console)
    return exit_code(result)


CACHE_AGE = 7 * 86_400.0
"""Seconds for which a kept answer is fresh enough to add a paper from."""


def _inputs(arguments: argparse.Namespace) -> tuple[list[str], list[tuple[str, str]]]:
    from pathlib import Path

    from citeman.commands.add.inputs import read_file

    names = [*arguments.files, *("-" for word in arguments.inputs if word == "-")]
    texts = [(sys.stdin.read(), "standard input") if name == "-" else (read_file(Path(name)), name) for name in names]
    return [word for word in arguments.inputs if word != "-"], texts


def _is_dialogue(arguments: argparse.Namespace) -> bool:
    """Whether a person sits there who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not (arguments.json or arguments.yes or arguments.quiet)


def _chooser(arguments: argparse.Namespace, console: Console) -> Callable[[str, Sequence[Candidate]], Candidate | None]:
    def choose(query: str, found: Sequence[Candidate]) -> Candidate | None:
        exact = [one for one in found if one.exact]
        if arguments.yes:
            return exact[0] if len(exact) == 1 else None
        shown = found[:SHOWN]
        console.note(f"candidates for {query!r}:")
        for number, one in enumerate(shown, 1):
            console.note(f"  {number}. {_candidate(one)}")
        return _ask_number(shown) if _is_dialogue(arguments) else None

    return choose


SHOWN = 6
"""Candidates and sections that are offered."""


def _candidate(one: Candidate) -> str:
    from citeman import names, tex

    fields = one.record.fields
    who = names.short(names.parse(fields.get("author", ""))) or "nobody"
    year = fields.get("year", "") or one.record.published[:4] or "no year"
    return f"{one.score:.2f}  {tex.to_text(fields.get('title', ''))} — {who} ({year})  {one.record.identifier}"


def _ask_number(offered: Sequence[T]) -> T | None:
    answer = _ask(f"Which one? (1-{len(offered)}, Enter: none) ")
    return offered[int(answer) - 1] if answer.isdigit() and 0 < int(answer) <= len(offered) else None


def _ask(question: str) -> str:
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def _section_chooser(console: Console) -> Callable[[Project, Work], Sequence[str]]:
    def choose(project: Project, work: Work) -> Sequence[str]:
        from citeman.commands.add.places import likely_places

        places = likely_places(project.library, work)[:SHOWN]
        if not places:
            return ()
        console.note("Where should it be read?")
        for number, (place, likeness) in enumerate(places, 1):
            console.note(f"  {number}. {likeness:.2f}  {place.section.title or place.section.anchor}")
        chosen = _ask_number(places)
        return (chosen[0].name,) if chosen else ()

    return choose


def report(result: Addition, arguments: argparse.Namespace, console: Console) -> None:
    """Print what was added and what failed: as JSON, as a diff of a dry run, or for a person."""
    if arguments.json:
        console.json(_as_json(result))
        return
    if arguments.dry_run:
        console.diff(result.changes)
    else:
        for filed in result.filed:
            _print(filed, console)
    for failed in result.failed:
        console.error(f"{failed.input}: {failed.reason}")
    for service, reason in result.outages.items():
        console.detail(f"{service}: {reason}")


def _print(filed: Filed, console: Console) -> None:
    state = "added" if filed.new else "in the store:"
    console.print(f"{state} {console.style(filed.key, 'bold')}  {filed.title}")
    for place in filed.sections:
        console.print(f"  listed in {place}")
    console.print(f"  {filed.markdown}  [@{filed.key}]")
    for note in filed.notes:
        console.note(f"  {note}")
    for name, source in filed.origins.items():
        if name in filed.fields:
            console.detail(f"  {name} from {source}: {filed.fields[name]}")


def _as_json(result: Addition) -> dict[str, Any]:
    return {
        "added": [_filed_as_json(filed) for filed in result.added],
        "existing": [_filed_as_json(filed) for filed in result.existing],
        "failed": [
            {"input": failed.input, "reason": failed.reason, "unreachable": failed.unreachable} for failed in result.failed
        ],
        "outages": dict(result.outages),
        "requests": dict(result.requests),
    }


def _filed_as_json(filed: Filed) -> dict[str, Any]:
    return {
        "key": filed.key,
        "identifier": filed.identifier,
        "sections": [place.partition("#")[2] for place in filed.sections],
        "title": filed.title,
        "citation": filed.markdown,
        "fields": {name: {"value": value, "source": filed.origins.get(name, "")} for name, value in filed.fields.items()},
        "notes": filed.notes,
    }


def exit_code(result: Addition) -> int:
    """Return 1 when an input led to no paper, 3 when only a service was missing."""
    if any(not failed.unreachable for failed in result.failed):
        return 1
    return 3 if result.failed else 0
