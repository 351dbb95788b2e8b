"""The command line: arguments in, one command, its result on stdout, progress on stderr, an exit code."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False  # not typing's, which costs a tenth of a `--version`; type checkers take any constant of that name for true
if TYPE_CHECKING:
    import argparse
    from types import ModuleType, SimpleNamespace

VERBS = {
    "init": "start a project for a guide",
    "add": "add papers and list them in sections",
    "import": "take in a whole bibliography as it is",
    "link": "list a paper in a section",
    "unlink": "take a paper out of a section",
    "remove": "remove a paper from the bibliography",
    "rename": "give a paper another citation key, everywhere at once",
    "cite": "print the citation of a paper",
    "search": "find papers",
    "list": "list papers",
    "show": "show one paper and where it is read",
    "scan": "find the citations that the guides make, and take them in",
    "sync": "bring the store up to date from arXiv and Crossref",
    "inbox": "list, take or dismiss the new papers that watch queries found",
    "build": "write the reading-list pages",
    "serve": "show the pages on this machine, live",
    "export": "write papers as BibTeX, CSL-JSON, RIS or Markdown",
    "weave": "put the reading lists into the guides themselves",
    "relink": "find where the lists of vanished sections belong",
    "todo": "show what is left to cite",
    "check": "check bibliography, lists and guides against each other",
    "completion": "print the script by which a shell completes citeman's words",
    "lsp": "serve an editor: completion, hover, jumps, findings",
}
"""Verb -> what it is for, in the order of the help. Each is a module of this package, imported only when it is asked for."""

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run one command line and return its exit code (0 fine, 1 findings, 2 usage, 3 upstream unreachable, 130 interrupted)."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        code = _answer(given)
        if sys.stdout:
            sys.stdout.flush()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`| head`) went away; Python would complain once more at its exit.
        sys.stdout = None
        return 0
    except OSError as error:
        sys.stdout = None
        place = f"{error.filename}: " if error.filename else "citeman: cannot go on: "
        print(f"{place}{(error.strerror or str(error)).lower()}", file=sys.stderr)
        return 1
    if arguments is None and given != ["--version"]:
        _leave(code)
    return code


def _leave(code: int) -> None:
    """End the process at once: everything is written, and taking down what a command has loaded takes a twentieth of it."""
    if sys.stderr:
        sys.stderr.flush()
    os._exit(code)


def _answer(given: list[str]) -> int:
    if given == ["--version"]:
        from citeman import __version__

        print(f"citeman {__version__}")
        return 0
    if given[:1] == ["__complete"] and len(given) == 3:
        from citeman.cli.complete import answer

        return answer(given[1], given[2], VERBS)
    try:
        return 0 if _nothing_to_build(given) else _run(given)
    except SystemExit as done:
        # argparse leaves so once it has printed a help.
        return int(done.code or 0)


def _nothing_to_build(given: list[str]) -> bool:
    """Answer a build that would change nothing without opening any room, which takes longer than everything else it does."""
    if "build" not in given:
        return False
    from citeman.cli.early import answer

    if done := answer(given):
        print(done)
    return bool(done)


def _parsed(given: list[str]) -> tuple[ModuleType, argparse.Namespace | SimpleNamespace]:
    """The verb's module and its arguments."""
    from citeman.cli import quick

    plain = quick.parse(given)
    if plain:
        from importlib import import_module

        return import_module(f"citeman.cli.{plain[0]}"), plain[1]
    from citeman.cli import arguments

    return arguments.parse(given, VERBS)


def _run(given: list[str]) -> int:
    from citeman.cli.console import Console, settle_streams
    from citeman.errors import CitemanError

    settle_streams()
    # A command lives for a moment: looking for circular garbage every 700 objects costs it a tenth of its time.
    gc.set_threshold(100_000, 50, 50)
    try:
        module, parsed = _parsed(given)
        code: int = module.run(parsed, Console.of(parsed))
    except CitemanError as error:
        print(error if error.path else f"citeman: {error}", file=sys.stderr)
        return error.exit_code
    except OSError:
        raise
    except RecursionError:
        print("citeman: the input is nested too deeply", file=sys.stderr)
        return 1
    except MemoryError:
        print("citeman: the input is too large for this machine's memory", file=sys.stderr)
        return 1
    except Exception as error:
        return _report_bug(error)
    return code


def _report_bug(error: Exception) -> int:
    """Keep a bug's traceback in a file and tell the user in one line where."""
    import tempfile
    import traceback

    said = f"citeman: this is a bug in citeman ({type(error).__name__}: {error})".replace("\n", " ")
    try:
        with tempfile.NamedTemporaryFile("w", prefix="citeman-", suffix=".log", delete=False, encoding="utf-8") as log:
            log.write("".join(traceback.format_exception(error)))
    except OSError:
        place = traceback.extract_tb(error.__traceback__)[-1]
        print(f"{said}; please report it: {place.filename}:{place.lineno}", file=sys.stderr)
    else:
        print(f"{said}; please report it with {log.name}", file=sys.stderr)
    return 1


def parser_of(verb: str) -> argparse.ArgumentParser:
    """Return the argument parser of one verb; for the docs' test and the shell completion."""
    from citeman.cli import arguments as parsing

    return parsing.verb_parser(verb, VERBS)[1]
