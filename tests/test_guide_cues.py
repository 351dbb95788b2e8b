"""Cues: found where authors leave notes to themselves, silent in finished prose."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeman.guide import Guide, GuideCue
from citeman.guide.cues import PATTERNS, Pattern
from citeman.text import decode

FALSE_ALARMS = 2
"""In the finished guides of the folder beside the project, 1.4 MB of prose. May shrink, not grow."""


def cues(source: str) -> list[GuideCue]:
    return list(Guide.parse(source).cues)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_each_pattern_finds_its_own_example(pattern: Pattern) -> None:
    (cue,) = cues(f"# A\n\n- {pattern.example}\n")
    assert (cue.pattern, cue.section, cue.line) == (pattern.name, "a", 3)


def test_a_cue_has_the_sentence_and_its_place() -> None:
    source = "# A\n\nText before. TODO cite *the* source.\nText after.\n"
    (cue,) = cues(source)
    assert cue.text == "TODO cite the source."
    assert source[cue.start : cue.end] == "TODO cite *the* source."


@pytest.mark.parametrize(
    "source",
    [
        "# A\n\nPlease cite this page as Smith (2020), and cite us.\n",
        "# A\n\nCohen's paper ([Cohen et al. 2021](https://arxiv.org/abs/2103.00065)) shows it.\n",
        "# A\n\nLet's work it out. What if? We discuss this in the previous section.\n",
        "# A\n\nCode: `TODO cite ???` and [x](https://example.org/???).\n",
        "# A\n\nIntroduction.\n\n- Speed: twice as fast\n- Memory: half of it\n",
        "# A\n\n- [Speed](https://example.org): twice as fast\n- Memory: half of it\n",
    ],
)
def test_finished_prose_has_no_cues(source: str) -> None:
    assert cues(source) == []


def plain(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


def test_every_recorded_cue_of_the_guide_is_found(shared: Path) -> None:
    import yaml

    papers = yaml.load((shared / "papers.yaml").read_text("utf-8"), Loader=yaml.CBaseLoader)
    wanted = {cue for paper in papers for place in paper["placements"] for cue in place.get("cue", [])}
    guide = Guide.parse(decode((shared / "guide" / "dynamics-of-training.md").read_bytes()).text)
    found = [plain(cue.text) for cue in guide.cues]
    assert wanted
    assert [cue for cue in sorted(wanted) if not any(plain(cue) in text for text in found)] == []


def test_false_alarms_in_finished_guides_are_few(shared: Path) -> None:
    guides = [Guide.parse(decode(path.read_bytes()).text, path.name) for path in sorted(shared.glob("corpora/guides/*md"))]
    assert guides
    assert sum(len(guide.cues) for guide in guides) <= FALSE_ALARMS
