"""Measuring: commands side by side in turns, medians and ratios, throw-away environments for citeman and its peers."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from benchmarks.generator import Generator

ROOT = Path(__file__).parents[1]


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a measured command from this source, its modules compiled once as an installed one's are."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **more, "PYTHONPATH": str(ROOT)}


CONSOLE_SCRIPT = Path(sys.executable).with_name("citeman")
"""The command as a user starts it, of the environment that runs the benchmarks."""


class Cost(NamedTuple):
    """What one command cost, as a median: seconds by the clock, of processors, and the most memory that it held, in megabytes."""

    wall: float
    cpu: float
    memory: float
    failed: bool = False


@dataclass(frozen=True)
class Command:
    """A command to measure; `before` puts everything back as it was, and is not counted."""

    label: str
    arguments: Sequence[str | Path]
    cwd: Path = ROOT
    env: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], object] = lambda: None
    fine: Sequence[int] = (0,)
    """The exit codes with which it has done its work."""
    runs: int = 0
    """How often, where a few times must do; 0: as often as the bench says."""


@dataclass(frozen=True)
class Table:
    """One table of results: commands as rows, ratios to the first of them."""

    title: str
    rows: Sequence[tuple[Command, Cost]]
    note: str = ""

    def markdown(self) -> str:
        """Return the table as Markdown."""
        unit = self.rows[0][1]
        lines = [f"### {self.title}", "", "| | wall | ratio | CPU | ratio | memory |", "|---|---:|---:|---:|---:|---:|"]
        for command, cost in self.rows:
            ratios = [f"{cost.wall / unit.wall:.2f}", f"{cost.cpu / unit.cpu:.2f}"]
            shown = (_seconds(cost.wall), ratios[0], _seconds(cost.cpu), ratios[1], f"{cost.memory:.0f} MB")
            cells = ("failed",) * 5 if cost.failed else shown
            lines.append(f"| {command.label} | {' | '.join(cells)} |")
        return "\n".join([*lines, "", *([self.note, ""] if self.note else [])])

    def cost(self, label: str) -> Cost:
        """Return what the command of that label cost."""
        return next(cost for command, cost in self.rows if command.label == label)


@dataclass(frozen=True)
class Listing:
    """Results that are no comparison of commands, as lines of text."""

    title: str
    text: str

    def markdown(self) -> str:
        """Return the listing as Markdown."""
        return f"### {self.title}\n\n```\n{self.text}\n```\n"


class Bench:
    """Where the benchmarks work: a folder of environments and libraries, the libraries' sizes, how often a command runs."""

    def __init__(self, folder: Path, sizes: Sequence[int], runs: int) -> None:
        self.folder = folder
        self.sizes = sizes
        self.runs = runs
        self.versions: dict[str, str] = {}

    @cached_property
    def own(self) -> Path:
        """The programs of an environment that has citeman, installed from this source as it is now."""
        programs = self._programs("citeman")
        if not (programs.parent / "ready").exists():
            self.environment("citeman", str(ROOT))
        self._pip(programs, "--force-reinstall", "--no-deps", str(ROOT))
        return programs

    def citeman(self) -> Path:
        """Return citeman's console script."""
        return self.own / "citeman"

    def python(self) -> Path:
        """Return the interpreter of citeman's environment."""
        return self.own / "python"

    def environment(self, name: str, *packages: str) -> Path:
        """Return the programs of an environment that has these packages, made at the first call."""
        programs = self._programs(name)
        ready = programs.parent / "ready"
        if not ready.exists():
            shutil.rmtree(programs.parent, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", programs.parent], check=True)
            self._pip(programs, *packages)
            ready.touch()
        listed = subprocess.run([programs / "python", "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True)
        known = dict(line.split("==", 1) for line in listed.stdout.splitlines() if "==" in line)
        self.versions |= {package: known[package] for package in ("citeman", *packages) if package in known}
        return programs

    def _programs(self, name: str) -> Path:
        return self.folder / "environments" / name / ("Scripts" if os.name == "nt" else "bin")

    def _pip(self, programs: Path, *arguments: str) -> None:
        command = [programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"pip install {' '.join(arguments)} failed:\n{done.stderr}")

    def node(self, package: str) -> Path:
        """Return the program of an npm package, installed at the first call."""
        place = self.folder / "node"
        if not (place / "node_modules" / package).exists():
            subprocess.run(["npm", "install", "--silent", "--prefix", place, package], check=True)
        self.versions[package] = subprocess.run(
            ["node", "-p", f"require('{place}/node_modules/{package}/package.json').version"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        return place / "node_modules" / ".bin" / package

    def library(self, papers: int, name: str = "") -> Path:
        """Return a generated project of that size; with a name, a copy of its own, new at every call."""
        original = self.folder / "libraries" / str(papers)
        if not original.exists():
            staged = original.with_name(f".{papers}")
            shutil.rmtree(staged, ignore_errors=True)
            Generator(papers).write(staged)
            staged.rename(original)
        if not name:
            return original
        copy = original.with_name(f"{papers}-{name}")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(original, copy)
        return copy

    def compare(self, title: str, commands: Sequence[Command], note: str = "") -> Table:
        """Run commands in turns, so that whatever else the machine does falls on all of them, and return their medians."""
        found: list[list[Cost]] = [[] for _ in commands]
        for turn in range(self.runs):
            for command, costs in zip(commands, found, strict=True):
                if turn < (command.runs or self.runs):
                    command.before()
                    costs.append(once(command))
        print(f"  {title}", file=sys.stderr, flush=True)
        return Table(title, [(command, _median(costs)) for command, costs in zip(commands, found, strict=True)], note)

    def machine(self) -> Iterator[str]:
        """Give what the figures depend on: machine, systems, versions."""
        processor = platform.processor() or platform.machine()
        with contextlib.suppress(OSError):
            lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            processor = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), processor)
        load = f", {os.getloadavg()[2]:.1f} processes at work" if hasattr(os, "getloadavg") else ""
        system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
        yield f"{os.cpu_count()} × {processor}, {system}{load}"
        yield ", ".join(
            f"{Path(name).name if name == str(ROOT) else name} {version}" for name, version in sorted(self.versions.items())
        )


def once(command: Command) -> Cost:
    """Run one command and return what it cost."""
    environment = {**os.environ, **command.env}
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(argument) for argument in command.arguments],
        cwd=command.cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / scale, process.returncode not in command.fine)


def edit(root: Path) -> Callable[[], None]:
    """Return what changes one title in the middle of a bibliography, each time to another one."""
    turn = iter(range(10**9))

    def change() -> None:
        path = root / "references.bib"
        text = path.read_text(encoding="utf-8")
        place = text.index("  title = {", len(text) // 2) + len("  title = {")
        path.write_text(f"{text[:place]}Edit {next(turn)} {text[place:]}", encoding="utf-8")

    return change


def settle(root: Path, *arguments: str | Path) -> None:
    """Run a command twice, the second time late enough for the files' times to be trusted."""
    for _ in range(2):
        subprocess.run([str(argument) for argument in arguments], cwd=root, check=False, capture_output=True)
        time.sleep(2.1)


def _median(costs: Sequence[Cost]) -> Cost:
    wall, cpu, memory = (statistics.median(values) for values in zip(*(cost[:3] for cost in costs), strict=True))
    return Cost(wall, cpu, memory, any(cost.failed for cost in costs))


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"
