"""`citeman add`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from citeman.cli.console import Console, add_dry_run, add_json
from citeman.cli.link import add_item_options, described

if TYPE_CHECKING:
    from citeman.commands.add import Addition, Failed, Filed, Person, Placing
    from citeman.commands.add.works import Work
    from citeman.library import Library
    from citeman.sources.candidates import Candidate

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
CSL-JSON or RIS file or snippet, a citation key that is there already, or a title. A title never decides by itself:
candidates are shown and you choose."""
CACHE_AGE = 7 * 86_400.0
"""Seconds for which a kept answer is fresh enough to add a paper from."""
FEW = 20
"""Papers that are asked for without a progress bar: one or two requests."""
SHOWN = 6
"""Candidates and sections that are offered."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("inputs", metavar="INPUT", nargs="*", help="what to add; `-` reads standard input")
    parser.add_argument(
        "--from", dest="files", action="append", default=[], metavar="FILE", help="read inputs from a file, or `-`"
    )
    parser.add_argument(
        "-s", "--section", action="append", default=[], metavar="S", help="anchor, alias, title or part of one; repeatable"
    )
    add_item_options(parser)
    parser.add_argument("--key", default="", help="the citation key to give it (default: made by the project's pattern)")
    parser.add_argument(
        "--yes",
        action="store_true",
        help="do unasked what is beyond doubt: take a title's only candidate, make preprint and published version one entry",
    )
    parser.add_argument(
        "--offline", action="store_true", help="ask nobody: take what the cache or a file knows, leave the rest to sync"
    )
    add_dry_run(parser)
    add_json(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Add, list and print the citations."""
    from datetime import UTC, datetime

    from citeman.commands.add import add
    from citeman.commands.session import open_session
    from citeman.project import Project

    words, texts = _inputs(arguments)
    dialogue = _is_dialogue(arguments)
    project = Project.open(arguments.directory)
    result = add(
        project,
        words,
        texts,
        _placing(arguments, dialogue),
        open_session(project, CACHE_AGE, offline=arguments.offline, notify=console.note),
        _person(arguments, console, dialogue),
        now=datetime.now(UTC).isoformat(timespec="seconds"),
        key=arguments.key,
        progress=lambda number: console.progress("asking arXiv, Crossref …", number if number > FEW else 0),
        dry_run=arguments.dry_run,
    )
    report(result, arguments, console)
    return exit_code(result)


def _inputs(arguments: argparse.Namespace) -> tuple[list[str], list[tuple[str, str]]]:
    from pathlib import Path

    from citeman.commands.add.inputs import read_file
    from citeman.text import decode

    names = [*arguments.files, *("-" for word in arguments.inputs if word == "-")]
    texts = [
        (decode(sys.stdin.buffer.read()).text, "standard input") if name == "-" else (read_file(Path(name)), name)
        for name in names
    ]
    return [word for word in arguments.inputs if word != "-"], texts


def _placing(arguments: argparse.Namespace, dialogue: bool) -> Placing:
    """Read where the papers go; where that is nowhere, no room of reading lists is opened."""
    from citeman.commands.add import Placing
    from citeman.commands.link import Where

    said = (arguments.role, arguments.why, arguments.level, arguments.further, arguments.read_after)
    item = described(arguments) if dialogue or arguments.section or arguments.settles or any(said) else None
    where = Where(arguments.before, arguments.after, arguments.first)
    return Placing(tuple(arguments.section), item, where, arguments.settles, dialogue)


def _is_dialogue(arguments: argparse.Namespace) -> bool:
    """Whether a person sits there who can be asked."""
    quiet = arguments.json or arguments.yes or arguments.quiet or arguments.dry_run
    return sys.stdin.isatty() and sys.stderr.isatty() and not quiet


def _person(arguments: argparse.Namespace, console: Console, dialogue: bool) -> Person:
    from citeman.commands.add import Person

    return Person(
        _chooser(arguments.yes, console, dialogue),
        _acceptor(arguments.yes, dialogue),
        _section_chooser(console) if dialogue else None,
    )


def _chooser(yes: bool, console: Console, dialogue: bool) -> Callable[[str, Sequence[Candidate]], Candidate | None]:
    def choose(query: str, found: Sequence[Candidate]) -> Candidate | None:
        from citeman.commands.add import beyond_doubt

        if yes and (certain := beyond_doubt(found)):
            return certain
        shown = found[:SHOWN]
        if not console.as_json:
            console.note(f"candidates for {query!r}:")
        for number, one in enumerate(shown, 1):
            if not console.as_json:
                console.note(f"  {number}. {_candidate(one)}")
        chosen = _ask_numbers(f"Which one? (1-{len(shown)}, Enter: none) ", len(shown)) if dialogue else []
        return shown[chosen[0]] if chosen else None

    return choose


def _candidate(one: Candidate) -> str:
    from citeman import names, tex

    fields = one.record.fields
    who = names.short(names.parse(fields.get("author", ""))) or "nobody"
    year = fields.get("year", "") or one.record.published[:4] or "no year"
    return f"{one.score:.2f}  {tex.to_text(fields.get('title', ''))} — {who} ({year})  {one.record.identifier}"


def _acceptor(yes: bool, dialogue: bool) -> Callable[[str], bool]:
    def accept(what: str) -> bool:
        return yes or (dialogue and _ask(f"{what}. Make them one entry? (y/N) ").lower() in {"y", "yes"})

    return accept


def _section_chooser(console: Console) -> Callable[[Library, Work], Sequence[str] | None]:
    def choose(library: Library, work: Work) -> Sequence[str] | None:
        from citeman.commands.add import likely_places
        from citeman.tex import to_text

        places = likely_places(library, work)[:SHOWN]
        if not places:
            return None
        title = to_text(work.combined.fields.get("title", "")) or next(iter(work.identifiers), "this")
        console.note(f"Where should “{title}” be read?")
        for number, (place, score) in enumerate(places, 1):
            console.note(f"  {number}. {score:.2f}  {place.section.title or place.section.anchor}")
        answer = _ask_numbers("Which sections? (such as 1 or 1,3; Enter: none yet; q: ask no more) ", len(places), "q")
        return None if answer is None else [places[number][0].name for number in answer]

    return choose


def _ask_numbers(question: str, most: int, end: str = "") -> list[int] | None:
    """Ask for one or several of the numbers shown, until the answer is one; None for the answer that ends all questions."""
    while True:
        words = _ask(question).replace(",", " ").split()
        if end and words == [end]:
            return None
        if all(word.isdigit() and 0 < int(word) <= most for word in words):
            return [int(word) - 1 for word in dict.fromkeys(words)]


def _ask(question: str) -> str:
    """Ask a person on the terminal; the end of the input counts as Enter."""
    print(question, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        print(file=sys.stderr)
    return line.strip()


def report(result: Addition, arguments: argparse.Namespace, console: Console) -> None:
    """Print what was added and what failed: as JSON, as a diff of a dry run, or for a person."""
    if console.as_json:
        console.json(_as_json(result))
    elif arguments.dry_run:
        console.diff(result.changes)
    else:
        for filed in result.filed:
            _print(filed, console)
        _print_unplaced([filed.key for filed in result.filed if filed.unplaced], console)
    if arguments.dry_run and not console.as_json:
        for filed in result.filed:
            _print_notes(filed, console)
    console.unread([(finding.path, finding.line) for finding in result.unread])
    for failed in () if console.as_json else result.failed:
        console.error(f"{failed.input}: {failed.reason}")
    for outage in _outages(result) if result.filed and not console.as_json else ():
        console.note(outage)


def _outages(result: Addition) -> Iterator[str]:
    """Say which sources were silent, and who spoke in their place."""
    from citeman.commands.add import SPEAKERS

    for service, reason in result.outages.items():
        others = _in_its_place(service, result)
        instead = f"; {' and '.join(SPEAKERS[other] for other in others)} answered in its place" if others else ""
        yield f"{SPEAKERS.get(service, service)} cannot be reached ({reason}){instead}"


def _in_its_place(service: str, result: Addition) -> list[str]:
    spoke = {source for filed in result.added for source in filed.origins.values()}
    stand_ins = {"arxiv": ("arxiv-oai", "datacite"), "arxiv-oai": ("datacite",)}.get(service, ())
    return [source for source in stand_ins if source in spoke]


def _print(filed: Filed, console: Console) -> None:
    state = "added" if filed.new else "in the store:"
    console.print(f"{state} {console.style(filed.key, 'bold')}  {filed.title}")
    for place in filed.listed:
        console.print(f"  listed in {place}")
    for place in filed.there:
        console.print(f"  {place} lists it already")
    console.print(f"  {filed.citation}  [@{filed.key}]")
    _print_notes(filed, console)


def _print_unplaced(keys: Sequence[str], console: Console) -> None:
    if len(keys) == 1:
        console.note(f"{keys[0]} is in no section yet: `citeman link {keys[0]} --section …`, or later by `citeman todo`")
    elif keys:
        console.note(f"{len(keys)} papers are in no section yet; `citeman todo` lists them")


def _print_notes(filed: Filed, console: Console) -> None:
    for note in filed.notes:
        console.note(f"  {note}")
    if filed.proposal:
        console.note(f"  {filed.proposal}; `--yes` takes what it says into the entry")
    if filed.new:
        for name, value in filed.fields.items():
            console.detail(f"  {name} from {filed.origins.get(name, 'the input')}: {value}")


def _as_json(result: Addition) -> dict[str, Any]:
    return {
        "added": [_filed_as_json(filed) for filed in result.added],
        "existing": [_filed_as_json(filed) for filed in result.existing],
        "failed": [_failed_as_json(failed) for failed in result.failed],
        "outages": dict(result.outages),
        "requests": dict(result.requests),
        "files": [change.path for change in result.changes],
        "unread": [{"path": one.path, "line": one.line, "message": one.message} for one in result.unread],
    }


def _filed_as_json(filed: Filed) -> dict[str, Any]:
    return {
        "input": filed.input,
        "key": filed.key,
        "identifier": filed.identifier,
        "sections": [place.partition("#")[2] for place in (*filed.listed, *filed.there)],
        "listed": list(filed.listed),
        "title": filed.title,
        "citation": filed.citation,
        "fields": {name: {"value": value, "source": filed.origins.get(name, "")} for name, value in filed.fields.items()},
        "years": {"preprint": filed.preprint_year, "published": filed.published_year},
        "version": filed.version,
        "notes": list(filed.notes),
        "proposal": filed.proposal,
    }


def _failed_as_json(failed: Failed) -> dict[str, Any]:
    candidates = [
        {
            "identifier": one.record.identifier,
            "title": one.record.fields.get("title", ""),
            "author": one.record.fields.get("author", ""),
            "year": one.record.fields.get("year", ""),
            "score": one.score,
        }
        for one in failed.candidates
    ]
    return {"input": failed.input, "reason": failed.reason, "unreachable": failed.unreachable, "candidates": candidates}


def exit_code(result: Addition) -> int:
    """Return 1 when an input led to no paper, 3 when only a service was missing."""
    if any(not failed.unreachable for failed in result.failed):
        return 1
    return 3 if result.failed else 0
