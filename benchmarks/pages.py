"""What pages cost: building them, their weight on the wire, references beside pandoc's, a search in the browser.

Run as `python -m benchmarks.pages [PAPERS]`. Times are ratios, taken side by side in one run.
"""

from __future__ import annotations

import gzip
import math
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.generator import Generator
from benchmarks.measure import CONSOLE_SCRIPT, Bench, Listing, environment

ROOT = Path(__file__).parents[1]
ASSETS = ("style.css", "site.js", "theme.js", "icon.svg")
Row = tuple[str, str, str]
"""What was measured, the figure, and what it is beside."""


def rows(papers: int = 10_000) -> list[Row]:
    """Return all figures; `papers` is the size of the large library."""
    with tempfile.TemporaryDirectory() as folder:
        own, large = Path(folder) / "own", Path(folder) / "large"
        own.mkdir()
        for name in ("references.bib", "refs", "pyproject.toml"):
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, own / name)
        Generator(papers).write(large)
        return [
            *_builds(own, "this repository"),
            *_builds(large, f"{papers:,} papers", rounds=1),
            *_weights(own),
            *_fifty(Path(folder) / "fifty"),
            *_index_weight(large, papers),
            *_references(Path(folder) / "thousand"),
            *_searches(large, papers),
        ]


def timed(root: Path, *arguments: str) -> float:
    """Return the time of a command, in seconds."""
    began = time.perf_counter()
    subprocess.run([CONSOLE_SCRIPT, *arguments], cwd=root, env=environment(), capture_output=True, check=True)
    return time.perf_counter() - began


def _builds(root: Path, name: str, rounds: int = 15) -> Iterator[Row]:
    """Building in three states of things beside `--version`, in turns; the least time of each counts."""
    aside = root.parent / f"{root.name}-before"
    aside.mkdir()

    def clean() -> None:
        """Put away what was built: where it is removed, ext4 makes new files slowly for a minute, a fifth of a cold build."""
        for folder in ("site", ".citeman"):
            if (root / folder).exists():
                (root / folder).rename(aside / f"{folder}-{len(list(aside.iterdir()))}")

    def touch() -> None:
        path = next((root / "refs").glob("*.yaml"))
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    states = {"cold build": clean, "build after an edit": touch, "build, nothing changed": lambda: None}
    unit, least = math.inf, dict.fromkeys(states, math.inf)
    for _ in range(rounds):
        for state, bring_about in states.items():
            unit = min(unit, timed(root, "--version"))
            bring_about()
            least[state] = min(least[state], timed(root, "build"))
    for state, seconds in least.items():
        yield f"{state}, {name}", _ratio(seconds / unit), "citeman --version"


def _weights(root: Path) -> Iterator[Row]:
    site = root / "site"
    pages = [path for path in site.rglob("*.html") if path.parent.name not in {"papers", "site"}]
    heaviest = max(pages, key=lambda path: path.stat().st_size)
    yield "heaviest section with its assets", _kilobytes(_packed(heaviest) + _assets(site)), "gzipped"
    yield (
        "a paper's page with its assets",
        _kilobytes(_packed(site / "papers" / "cohen2021gradient.html") + _assets(site)),
        "gzipped",
    )
    search = sum(_packed(site / name) for name in ("papers.html", "static/papers.js", "static/search.js"))
    yield "page of all papers with index and assets", _kilobytes(search + _assets(site)), "gzipped"


def _fifty(root: Path) -> Iterator[Row]:
    """A section of fifty papers with whys, taken from this repository's lists."""
    import yaml

    root.mkdir()
    shutil.copy(ROOT / "references.bib", root)
    lists = yaml.safe_load(next((ROOT / "refs").glob("*.yaml")).read_text(encoding="utf-8"))
    items = {item["key"]: item for section in lists["sections"].values() for item in section["reading"] if "key" in item}
    for item in items.values():
        item.pop("after", None)
    (root / "refs").mkdir()
    text = yaml.safe_dump({"sections": {"fifty": {"title": "Fifty", "reading": list(items.values())[:50]}}}, allow_unicode=True)
    (root / "refs" / "guide.yaml").write_text(text, encoding="utf-8")
    timed(root, "build")
    weight = _packed(root / "site" / "guide" / "fifty.html") + _assets(root / "site")
    yield "a section of 50 papers with its assets", _kilobytes(weight), "gzipped; the limit is 60 kB"


def _index_weight(root: Path, papers: int) -> Iterator[Row]:
    yield f"search index of {papers:,} papers", _kilobytes(_packed(root / "site" / "static" / "papers.js")), "gzipped"


def _references(root: Path) -> Iterator[Row]:
    """1,000 references to HTML, from the same .bib: the built-in style beside pandoc's citeproc."""
    try:
        import pypandoc
    except ImportError:
        return
    from citeman import labels
    from citeman.bib import Bibliography

    root.mkdir()
    source = Generator(1000).bibliography()
    (root / "references.bib").write_text(source, encoding="utf-8")
    (root / "all.md").write_text('---\nnocite: "@*"\n---\n', encoding="utf-8")
    began = time.perf_counter()
    bibliography = Bibliography.parse(source)
    found = [labels.reference_html(entry) for entry in bibliography.entries]
    own = time.perf_counter() - began
    assert len(found) == 1000
    began = time.perf_counter()
    command = [
        pypandoc.get_pandoc_path(),
        "all.md",
        "--citeproc",
        "--bibliography",
        "references.bib",
        "--to",
        "html",
        "-o",
        "x.html",
    ]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    yield "1,000 references to HTML from a .bib", f"{(time.perf_counter() - began) / own:.1f}x faster", "pandoc --citeproc"


def _searches(root: Path, papers: int) -> Iterator[Row]:
    """The time from a key to the list being there, in the browser."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        return
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((root / "site" / "papers.html").as_uri())
        page.wait_for_function("document.getElementById('venues').children.length > 0")
        for words in ("a", "deep learning", "no such word"):
            took = page.evaluate(
                "words => { const q = document.getElementById('q'); q.value = words; const began = performance.now();"
                " document.getElementById('search').dispatchEvent(new CustomEvent('citeman:search'));"
                " document.getElementById('results').getBoundingClientRect(); return performance.now() - began; }",
                words,
            )
            yield f"searching {papers:,} papers for “{words}”", f"{took:.0f} ms", "the list laid out; a frame is 16 ms"
        browser.close()


def _packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def _assets(site: Path) -> int:
    return sum(_packed(site / "static" / name) for name in ASSETS)


def _kilobytes(size: int) -> str:
    return f"{size / 1000:.1f} kB"


def _ratio(value: float) -> str:
    return f"{value:.1f}x"


def lines(papers: int = 10_000) -> Iterator[str]:
    """Yield the figures as lines of text."""
    for name, figure, beside in rows(papers):
        yield f"{name:<48} {figure:>14}  {beside}"


def run(_: Bench) -> list[Listing]:
    return [Listing("This repository, and 10,000 papers", "\n".join(lines()))]


if __name__ == "__main__":
    print("\n".join(lines(*map(int, sys.argv[1:]))))
