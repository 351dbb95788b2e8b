"""A guide is rewritten: each list finds its section again, and none is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from citeman import ids
from citeman.guide import Guide
from citeman.lists import ReadingLists
from citeman.relink import Proposal, moved, propose, relinked, repointed
from citeman.text import decode

ROOT = Path(__file__).parents[1]

GUIDE = """\
# Learning

## Classical convergence

Gradient descent on a smooth convex loss converges at a known rate; the descent lemma says why the step size matters.

## Kernels and wide networks

In the limit of infinite width the network is linear in its parameters and the neural tangent kernel stays constant.

## Sharpness

Training drives the top eigenvalue of the Hessian up to two over the step size and holds it there, which is the edge of stability.

<div class="question-box">

**Why does sharpness rise?** Nobody knows.

</div>

## Scaling of hyperparameters

The learning rate transfers between widths when the parametrization lets every layer learn features.
"""
LISTS = """\
# kept comment
sections:
  classical-convergence:
    title: Classical convergence
    reading:
      - key: a   # kept too
        why: Convergence rates of gradient descent on convex losses.
  kernels-and-wide-networks:
    title: Kernels and wide networks
    reading:
      - key: b
        why: The tangent kernel of infinitely wide networks.
      - key: c
  sharpness:
    title: Sharpness
    aliases: [eos]
    reading:
      - key: d
        why: Measures sharpness at the edge of stability.
    cues:
      - text: Jeremy's papers
  question-why-does-sharpness-rise:
    title: Why does sharpness rise?
    kind: question
    parent: sharpness
    reading:
      - key: e
  scaling-of-hyperparameters:
    title: Scaling of hyperparameters
    reading:
      - key: f
        why: Hyperparameters transfer across widths.
"""


def lists(source: str = LISTS) -> ReadingLists:
    return ReadingLists.parse(source, "refs/g.yaml")


def proposed(guide: str, source: str = LISTS, before: str = "") -> dict[str, Proposal]:
    former = Guide.parse(before) if before else None
    return {proposal.anchor: proposal for proposal in propose(lists(source), Guide.parse(guide), former)}


def targets(proposals: Mapping[str, Proposal]) -> dict[str, tuple[str, str]]:
    return {anchor: (proposal.action, proposal.candidate) for anchor, proposal in proposals.items()}


def keys(source: str) -> set[str]:
    both = lists(source).sections + lists(source).orphaned
    return {item.key for section in both for item in section.reading}


def test_nothing_is_proposed_while_every_section_is_there() -> None:
    assert propose(lists(), Guide.parse(GUIDE)) == ()


def test_a_reworded_heading_is_found() -> None:
    found = proposed(GUIDE.replace("## Sharpness", "## Sharpness and the edge of stability"))
    assert targets(found) == {"sharpness": ("move", "sharpness-and-the-edge-of-stability")}
    evidence = {item.kind: item for item in found["sharpness"].evidence}
    assert evidence["title"].detail == "“Sharpness” and “Sharpness and the edge of stability”"
    assert "slot" in evidence
    assert 0.5 <= found["sharpness"].score <= 1


def test_a_heading_in_other_words_is_found_by_its_text() -> None:
    guide = GUIDE.replace("## Kernels and wide networks", "## Linearization")
    guide = guide.replace("## Classical convergence", "## The lazy picture of old")
    found = proposed(guide, before=GUIDE)
    assert targets(found) == {
        "classical-convergence": ("move", "the-lazy-picture-of-old"),
        "kernels-and-wide-networks": ("move", "linearization"),
    }
    assert {item.kind for item in found["kernels-and-wide-networks"].evidence} >= {"title", "text", "position"}


def test_a_section_that_moved_and_was_renamed_is_found() -> None:
    head, kernels, rest = re.split(r"(?=## Kernels)|(?=## Sharpness)", GUIDE)
    found = proposed(head + rest + "\n" + kernels.replace("Kernels and wide networks", "Infinite width"), before=GUIDE)
    assert targets(found) == {"kernels-and-wide-networks": ("move", "infinite-width")}


def test_two_renamed_sections_are_not_confused() -> None:
    guide = GUIDE.replace("## Kernels and wide", "## Wide neural").replace(
        "## Scaling of hyperparameters", "## Hyperparameter scaling"
    )
    assert targets(proposed(guide)) == {
        "kernels-and-wide-networks": ("move", "wide-neural-networks"),
        "scaling-of-hyperparameters": ("move", "hyperparameter-scaling"),
    }


def test_a_section_that_was_split_goes_to_the_nearer_part_and_names_the_other() -> None:
    guide = GUIDE.replace("## Kernels and wide networks", "## Kernels of wide networks").replace(
        "## Sharpness",
        "## Wide networks without kernels\n\nInfinite width, the network, its parameters, the kernel.\n\n## Sharpness",
    )
    found = proposed(guide, before=GUIDE)["kernels-and-wide-networks"]
    assert (found.action, found.candidate) == ("move", "kernels-of-wide-networks")
    assert "wide-networks-without-kernels" in [anchor for anchor, _ in found.others]


def test_a_section_that_was_merged_joins_the_list_it_went_into() -> None:
    kernels = GUIDE.split("## Kernels and wide networks\n\n")[1].split("## Sharpness")[0]
    guide = GUIDE.replace("## Kernels and wide networks\n\n", "").replace(kernels, kernels + "\n" + kernels)
    found = proposed(guide, before=GUIDE)
    assert targets(found) == {"kernels-and-wide-networks": ("merge", "classical-convergence")}
    after = relinked(lists(), found.values())
    assert [item.key for item in lists(after).sections[0].reading] == ["a", "b", "c"]
    assert lists(after).sections[0].aliases == ("kernels-and-wide-networks",)
    assert "# kept comment" in after
    assert "# kept too" in after


WITH_EVERYTHING = """\
sections:
  classical-convergence:
    reading:
      - key: a
        why: Says it shortly.
        tier: further
      - see: sharpness
        why: The other side.
  kernels-and-wide-networks:
    title: Kernels and wide networks
    aliases: [ntk]
    reading:
      - key: a
        why: Proves it.
        role: foundation
        after: [b]
      - key: b
      - see: "#classical-convergence"
    cues:
      - text: Jeremy's papers
        settled-by: [a]
    watch:
      - ti:"tangent kernel"
  sharpness:
    reading:
      - see: kernels-and-wide-networks
        why: Where it began.
      - see: g#classical-convergence
  scaling-of-hyperparameters:
    reading:
      - see: g#kernels-and-wide-networks
  question-why-does-sharpness-rise:
    kind: question
    parent: kernels-and-wide-networks
"""


def test_a_list_that_joins_another_brings_all_it_has_and_pointers_follow() -> None:
    proposal = Proposal("kernels-and-wide-networks", "merge", "classical-convergence")
    after = lists(relinked(lists(WITH_EVERYTHING), [proposal]))
    home = after.section("classical-convergence")
    assert home
    assert [(item.identity, item.why, item.role, item.tier, item.after) for item in home.reading] == [
        ("a", "Says it shortly. Proves it.", "foundation", "core", ("b",)),
        ("see:sharpness", "The other side.", "", "core", ()),
        ("b", "", "", "core", ()),
    ]
    assert [(cue.text, cue.settled_by) for cue in home.cues] == [("Jeremy's papers", ("a",))]
    assert home.watch == ('ti:"tangent kernel"',)
    assert home.aliases == ("kernels-and-wide-networks", "ntk")
    sharpness = after.section("sharpness")
    assert sharpness
    assert [(item.see, item.why) for item in sharpness.reading] == [("g#classical-convergence", "Where it began.")]
    assert "see: g#classical-convergence" in after.source.split("scaling-of")[1]
    assert after.sections[-1].parent == "classical-convergence"
    assert after.orphaned == ()


def test_comments_stay_when_their_list_joins_another() -> None:
    source = """\
sections:
  one:
    reading:
      - key: a
  # the second: unfinished
  two:   # a working title
    title: "Two # no comment"
    reading:
      # the first group
      - key: a   # shown twice
        why: 'It''s # none'
      - key: b   # where it began
        why: |
          text
          # none either
    # the end
  three:
    reading:
      - key: c
"""
    after = relinked(lists(source), [Proposal("two", "merge", "one")])
    for remark in (
        "# the second: unfinished",
        "# a working title",
        "# the first group",
        "# a: shown twice",
        "# b: where it began",
        "# the end",
    ):
        assert after.count(f"  {remark}\n") == 1, after
    assert after.count("none") == 2
    assert [item.key for item in lists(after).sections[0].reading] == ["a", "b"]
    assert lists(after).section("three") == lists(source).section("three") or "- key: c" in after


def test_a_list_joins_one_that_moves_in_the_same_run_whatever_their_order() -> None:
    guide = GUIDE.replace("## Sharpness", "## Sharpness at its edge").replace(
        "## Kernels and wide networks\n\nIn the limit of infinite width the network is linear in its parameters and the neural tangent kernel stays constant.\n\n",
        "",
    )
    guide = guide.replace(
        "which is the edge of stability.", "which is the edge of stability.\n\n" + " ".join(GUIDE.split("\n\n")[4:5])
    )
    found = proposed(guide, before=GUIDE)
    assert {proposal.candidate for proposal in found.values()} == {"sharpness-at-its-edge"}
    assert {proposal.action for proposal in found.values()} == {"move", "merge"}
    after = lists(relinked(lists(), found.values()))
    home = after.section("sharpness-at-its-edge")
    assert home
    assert {item.key for item in home.reading} == {"d", "b", "c"}
    assert after.orphaned == ()


def test_a_list_that_was_set_aside_comes_back_under_its_own_name() -> None:
    aside = relinked(lists(), [Proposal("sharpness", "orphan")])
    assert lists(aside).orphaned[0].anchor == "sharpness"
    (found,) = propose(lists(aside), Guide.parse(GUIDE))
    home = lists(relinked(lists(aside), [found])).section("sharpness")
    assert home
    assert home.aliases == ("eos",)
    again = aside.replace("sections:\n", "sections:\n  sharpness:\n    reading:\n      - key: new\n", 1)
    (found,) = propose(lists(again), Guide.parse(GUIDE))
    both = lists(relinked(lists(again), [found]))
    assert [item.key for item in both.sections[0].reading] == ["new", "d"]
    assert both.sections[0].aliases == ("eos",)


def test_pointers_from_another_file_follow_too() -> None:
    other = ReadingLists.parse("sections:\n  x:\n    reading:\n      - see: g#sharpness\n      - see: sharpness\n", "refs/h.yaml")
    after = ReadingLists.parse(repointed(other, "g#sharpness", "h#y"), other.path)
    assert [item.see for item in after.sections[0].reading] == ["y", "sharpness"]
    assert [item.see for item in ReadingLists.parse(repointed(after, "h#y", "g#z"), other.path).sections[0].reading] == [
        "g#z",
        "sharpness",
    ]


def test_a_section_that_is_gone_is_set_aside() -> None:
    guide = re.sub(r"## Scaling.*", "", GUIDE, flags=re.S)
    found = proposed(guide, before=GUIDE)
    assert targets(found) == {"scaling-of-hyperparameters": ("orphan", "")}
    after = lists(relinked(lists(), found.values()))
    assert [section.anchor for section in after.orphaned] == ["scaling-of-hyperparameters"]
    assert keys(after.source) == keys(LISTS)


def test_a_list_that_was_set_aside_comes_home_when_its_section_returns() -> None:
    guide = re.sub(r"## Scaling.*", "", GUIDE, flags=re.S)
    aside = relinked(lists(), proposed(guide, before=GUIDE).values())
    assert propose(lists(aside), Guide.parse(guide))[0].action == "orphan"
    assert relinked(lists(aside), propose(lists(aside), Guide.parse(guide))) == aside
    found = proposed(GUIDE.replace("## Scaling of", "## The scaling of"), aside)
    assert found["scaling-of-hyperparameters"].orphaned
    assert targets(found) == {"scaling-of-hyperparameters": ("move", "the-scaling-of-hyperparameters")}
    home = lists(relinked(lists(aside), found.values()))
    assert home.orphaned == ()
    assert home.section("the-scaling-of-hyperparameters")


def test_an_open_question_goes_to_a_question() -> None:
    guide = GUIDE.replace("Why does sharpness rise?", "Why does the sharpness rise at all?")
    found = proposed(guide)
    assert targets(found) == {"question-why-does-sharpness-rise": ("move", "question-why-does-the-sharpness-rise-at-all")}


def test_moving_keeps_the_old_anchor_and_every_other_byte() -> None:
    found = proposed(GUIDE.replace("## Sharpness", "## Sharpness and its edge"))
    after = relinked(lists(), found.values())
    section = lists(after).section("sharpness-and-its-edge")
    assert section
    assert section.aliases == ("eos", "sharpness")
    assert lists(after).sections[3].parent == "sharpness-and-its-edge"
    changed = [line for line in after.splitlines() if line not in LISTS.splitlines()]
    assert changed == ["  sharpness-and-its-edge:", "    aliases: [eos, sharpness]", "    parent: sharpness-and-its-edge"]


def test_papers_cited_in_the_text_are_evidence() -> None:
    guide = GUIDE.replace("## Sharpness", "## Curvature") + "\n## Zebra\n\nSee [x](https://arxiv.org/abs/2103.00065).\n"
    work = ids.parse("arXiv:2103.00065")
    assert work
    (found,) = propose(lists(), Guide.parse(guide.replace("step size and", "step size [@d] and")), works={"d": [work]})
    assert found.candidate == "curvature"
    assert [item.detail for item in found.evidence if item.kind == "works"] == ["1 of its papers are cited there"]


def test_a_section_can_have_gone_to_another_guide() -> None:
    other = "# Widths\n\n" + GUIDE[GUIDE.index("## Scaling") :]
    guide = GUIDE[: GUIDE.index("## Scaling")]
    (found,) = propose(lists(), Guide.parse(guide), elsewhere={"widths": Guide.parse(other)})
    assert (found.action, found.guide, found.candidate) == ("move", "widths", "scaling-of-hyperparameters")
    assert relinked(lists(), [found]) == LISTS


def test_a_renamed_guide_is_recognised() -> None:
    guides = {"new.md": Guide.parse(GUIDE), "other.md": Guide.parse("# Sharpness\n"), "none.md": Guide.parse("# Cooking\n")}
    assert moved(lists(), guides) == [("new.md", 1.0), ("other.md", 0.2)]


def test_a_guide_without_headings_orphans_everything_and_loses_nothing() -> None:
    found = propose(lists(), Guide.parse("nothing\n"))
    assert {proposal.action for proposal in found} == {"orphan"}
    after = relinked(lists(), found)
    assert keys(after) == keys(LISTS)
    assert lists(after).sections == ()


REWORDED = {
    "The classical picture: optimization as distinct from generalization": "What classical optimization theory says",
    "Overparameterization, overfitting, and the slow death of the classical perspective": "How overparameterization broke the picture",
    "The inductive bias of gradient descent and the NTK picture": "Inductive bias and the neural tangent kernel",
    "Deep linear nets: a solvable case of dynamics in weight space": "Deep linear networks, solved in weight space",
    "Progressive sharpening and the edge of stability": "The edge of stability",
    "Nondimensionalization and scale-invariance": "Scale invariance and nondimensional hyperparameters",
    "Why do some optimizers work better than others?": "Which optimizer is best, and why",
}


@pytest.mark.parametrize("with_before", [True, False])
def test_a_rewritten_copy_of_the_real_guide_loses_nothing(with_before: bool, shared: Path) -> None:
    source = decode((shared / "guide" / "dynamics-of-training.md").read_bytes()).text
    real = ReadingLists.parse((ROOT / "refs" / "dynamics-of-training.yaml").read_text("utf-8"), "refs/dynamics-of-training.yaml")
    rewritten = source
    for old, new in REWORDED.items():
        rewritten = rewritten.replace(f"### {old}", f"### {new}")
    guide = Guide.parse(rewritten)
    found = propose(real, guide, Guide.parse(source) if with_before else None)
    assert {proposal.action for proposal in found} == {"move"}
    expected = {
        Guide.parse(f"# {old}\n").sections[0].anchor: Guide.parse(f"# {new}\n").sections[0].anchor
        for old, new in REWORDED.items()
    }
    assert {proposal.anchor: proposal.candidate for proposal in found} == {
        anchor: new for anchor, new in expected.items() if real.section(anchor)
    }
    after = ReadingLists.parse(relinked(real, found), real.path)
    placements = [item.identity for section in after.sections for item in section.reading if item.key]
    assert placements == [item.identity for section in real.sections for item in section.reading if item.key]
    assert propose(after, guide) == ()
