"""Every command over guides of any bytes: an answer and an exit code, never a traceback, in steps that grow with the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citeman.guide import Guide
from tests import project as sample
from tests.conftest import Run
from tests.test_guide_hostile import MARKS, SPACES, steps

COMMANDS = [
    ["scan"],
    ["scan", "--json"],
    ["check"],
    ["check", "--fix"],
    ["todo"],
    ["relink"],
    ["weave", "--check"],
    ["weave"],
    ["weave", "--remove"],
    ["cite", "jacot 18"],
    ["rename", "jacot2018neural", "jacot2018"],
    ["scan", "--to-keys"],
    ["scan", "--to-links"],
    ["scan", "--write", "--offline"],
    ["relink", "--write"],
    ["build"],
]
PIECES = [
    *MARKS.split(" "),
    *("<!-- citeman:reading-list -->", "<!-- citeman:reading-list large-steps sha256=abc -->", "<!-- /citeman:reading-list -->"),
    *("## Large steps", "# Wide networks", "[@jacot2018neural]", "@cohen2021gradient", "Cite the newer work here."),
    *("[Jacot et al. (2018)](https://arxiv.org/abs/1806.07572)", "https://arxiv.org/pdf/2103.00065v2", "---\ntitle: x\n---"),
]
TEXTS = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(SPACES)), max_size=40).map(
    lambda pairs: "".join(piece + space for piece, space in pairs).encode("utf-8", "surrogatepass")
)
DAMAGED = st.tuples(st.integers(0, len(sample.GUIDE)), st.integers(0, 40), st.binary(max_size=8)).map(
    lambda hole: sample.GUIDE[: hole[0]].encode() + hole[2] + sample.GUIDE[hole[0] + hole[1] :].encode()
)
ENCODED = st.tuples(st.sampled_from(["utf-16", "utf-32", "utf-8-sig", "cp1252"]), st.sampled_from([b"\r", b"\r\n", b"\0"])).map(
    lambda how: sample.GUIDE.encode(how[0]).replace(b"\n", how[1])
)


def start(root: Path, guide: bytes) -> None:
    sample.write(root)
    (root / "guide.md").write_bytes(guide)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(guide=st.one_of(TEXTS, DAMAGED, ENCODED, st.binary(max_size=200)))
def test_no_guide_brings_a_command_down(inside: Run, tmp_path: Path, guide: bytes) -> None:
    start(tmp_path, guide)
    for command in COMMANDS:
        result = inside(*command)
        assert result.returncode in (0, 1), (command, result.stderr)
        assert "Traceback" not in result.stderr
    (tmp_path / "citeman.toml").unlink()
    (tmp_path / "refs" / "guide.yaml").unlink()
    assert inside("init", "guide.md").returncode in (0, 1)


LONG = {
    "one line": "word ",
    "headings": "# a\n\n",
    "headings of three levels": "# a\n\n## b\n\n### c\n\n",
    "brackets": "[",
    "links": "[Jacot et al. (2018)](https://arxiv.org/abs/1806.07572) ",
    "keys": "[@jacot2018neural] ",
    "nested notes": "^[",
    "places for lists": '# a\n\n<!-- citeman:reading-list -->\n\n<div class="question-box">\n\n**Why?**\n\n</div>\n\n',
}


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG.keys())
def test_twice_the_guide_takes_every_command_twice_the_steps(inside: Run, tmp_path: Path, piece: str) -> None:
    commands = [["scan"], ["check"], ["todo"], ["relink"], ["weave"], ["build"]]
    taken: list[list[int]] = []
    for size in (1, 150, 300):
        start(tmp_path, sample.GUIDE.replace("## Large steps", piece * size).encode())
        taken.append([steps(lambda command=command: inside(*command)) for command in commands])  # type: ignore[misc]
    for command, once, twice in zip(commands, *taken[1:], strict=True):
        assert twice < 2.1 * once + 1_000, command


def test_weaving_reads_a_guide_twice(inside: Run, tmp_path: Path) -> None:
    links = " ".join(f"[A title](https://arxiv.org/abs/2103.{number:05})" for number in range(10_000))
    start(tmp_path, sample.GUIDE.replace("## Large steps", f"{links}\n\n## Large steps").encode())
    inside("weave", "--remove")
    # once before the lists stand in it and once after, to prove them
    once = steps(lambda: Guide.parse((tmp_path / "guide.md").read_text()))
    assert steps(lambda: inside("weave")) < 2.5 * once


@pytest.mark.parametrize(
    "guide",
    [b"a" * 10_000_000, b"\0" * 2_000_000, b"\xff\xfe" * 500_000, b"> " * 200_000, b"[" * 200_000, b"<" * 200_000],
    ids=["a line of ten megabytes", "nothing", "no characters", "quotations", "brackets", "tags"],
)
def test_a_very_long_line_is_answered(inside: Run, tmp_path: Path, guide: bytes) -> None:
    start(tmp_path, guide)
    for command in (["check"], ["weave", "--check"]):
        assert inside(*command).returncode in (0, 1)
