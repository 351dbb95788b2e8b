"""Every figure that citeman set out to reach, with what it was measured to be: ratios of CPU time within one run.

`misses` marks a figure that is not reached. Commands of one line ran in turns, on the generated library of that many papers.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks import building, importing, parsing, peers, searching, startup
from benchmarks.measure import Bench, Command, Cost, Listing, edit, settle

SIZE, GREAT = 10_000, 100_000


def run(bench: Bench) -> Iterator[Listing]:
    lines = [*_start(bench), *_search(bench), *_peers(bench), *_parse(bench), *_store(bench), *_build(bench)]
    yield Listing(f"{SIZE:,} papers", "\n".join(lines))


def _line(what: str, target: str, measured: float, limit: float, most: bool = True, unit: str = "x") -> str:
    """One figure: what it is, its target, what was measured; `most` when it may be no more than the limit, else no less."""
    reached = measured <= limit if most else measured >= limit
    return f"{what:<66} {target:>14} {measured:>8.2f}{unit}{'' if reached else '  misses'}"


def _costs(bench: Bench, title: str, **commands: Command) -> dict[str, Cost]:
    table = bench.compare(title, list(commands.values()))
    return dict(zip(commands, (cost for _, cost in table.rows), strict=True))


def _start(bench: Bench) -> Iterator[str]:
    home = bench.folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    papis = bench.environment("papis", "papis") / "papis"
    cost = _costs(
        bench,
        "start",
        empty=Command("", [startup.empty_script(bench)]),
        own=Command("", [bench.citeman(), "--version"]),
        papis=Command("", [papis, "--version"], env={"HOME": str(home)}),
    )
    yield _line("`--version` over an empty console script", "<= 1.2x", cost["own"].cpu / cost["empty"].cpu, 1.2)
    yield _line("`--version` over papis's", "<= 0.35x", cost["own"].cpu / cost["papis"].cpu, 0.35)


def _search(bench: Bench) -> Iterator[str]:
    citeman = bench.citeman()
    roots = {size: bench.library(size, "searching") for size in (SIZE, GREAT) if size <= max(bench.sizes)}
    search = [citeman, "search", *searching.QUERY]
    for root in roots.values():
        settle(root, *search)
    root = roots[SIZE]
    bare = [bench.python(), "-c", searching.BARE, root / ".citeman" / "index.db", " ".join(searching.QUERY)]
    cost = _costs(
        bench,
        "search",
        version=Command("", [citeman, "--version"], root),
        search=Command("", search, root),
        bare=Command("", bare, root),
        complete=Command("", [citeman, "__complete", "bash", "citeman show zhang202"], root),
        **({"great": Command("", search, roots[GREAT])} if GREAT in roots else {}),
    )
    version = cost["version"].cpu
    yield _line("`search`, index as it is, over `--version`", "<= 2.2x", cost["search"].cpu / version, 2.2)
    yield _line("   (a bare script that opens the index with sqlite3)", "", cost["bare"].cpu / version, 99)
    yield _line("completing a key, over `--version`", "<= 2x", cost["complete"].cpu / version, 2)
    if "great" in cost:
        yield _line("`search` among 100,000 papers, over 10,000", "<= 1.5x", cost["great"].cpu / cost["search"].cpu, 1.5)


def _peers(bench: Bench) -> Iterator[str]:
    # papis takes many minutes to read ten thousand papers into its cache; where it has not, a thousand must do.
    size = SIZE if peers.is_ready(bench, SIZE) else 1_000
    root, citeman = bench.library(size, "targets-peers"), bench.citeman()
    settle(root, citeman, "search", *searching.QUERY)
    papis = next(iter(peers.searches(bench, root, size, searching.QUERY)))
    cost = _costs(bench, "search beside papis", own=Command("", [citeman, "search", *searching.QUERY], root), papis=papis)
    yield _line(
        f"`search` among {size:,}, times as fast as `papis list`", ">= 20", cost["papis"].cpu / cost["own"].cpu, 20, most=False
    )


def _parse(bench: Bench) -> Iterator[str]:
    python, citeman = bench.python(), bench.citeman()
    for size in (1_000, SIZE):
        root = bench.library(size, "targets-parsing")
        path = root / "references.bib"
        settle(root, citeman, "search", "gradient")
        alone, own = _together(bench, python, path)
        yield _line(f"first parse of {size:,} entries, over bibtexparser alone", "<= 1.3x", own / alone, 1.3)
        search = [citeman, "search", *searching.QUERY]
        cost = _costs(bench, "after an edit", search=Command("", search, root, before=edit(root)))
        yield _line(f"`search` after a one-line edit of {size:,}, over that parse", "<= 0.1x", cost["search"].cpu / alone, 0.1)


def _together(bench: Bench, python: Path, path: Path) -> tuple[float, float]:
    runs = [
        (parsing.time(python, parsing.BIBTEXPARSER, path), parsing.time(python, parsing.CITEMAN, path)) for _ in range(bench.runs)
    ]
    return sorted(one for one, _ in runs)[len(runs) // 2], sorted(one for _, one in runs)[len(runs) // 2]


def _store(bench: Bench) -> Iterator[str]:
    own, theirs = importing.into(bench, SIZE)
    cost = _costs(bench, "import", own=own, theirs=theirs)
    yield _line("importing, times as fast as `bibm merge`", ">= 10", cost["theirs"].cpu / cost["own"].cpu, 10, most=False)
    own, theirs = importing.out_of(bench, SIZE)
    cost = _costs(bench, "export", own=own, theirs=theirs)
    yield _line("exporting, times as fast as `bibm export`", ">= 3", cost["theirs"].cpu / cost["own"].cpu, 3, most=False)


def _build(bench: Bench) -> Iterator[str]:
    cold, item = building.cold_and_item(bench, SIZE)
    cost = _costs(bench, "build", cold=cold)
    settle(cold.cwd, *cold.arguments)
    cost |= _costs(bench, "build after an item", item=item)
    yield _line("`build` after one changed item, over the cold build", "<= 0.05x", cost["item"].cpu / cost["cold"].cpu, 0.05)
