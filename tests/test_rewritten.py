"""A guide is rewritten from top to bottom: after `relink` nothing of its reading lists is lost, and old addresses lead on."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from citeman.lists import ReadingLists, Section
from tests.conftest import ROOT, Run

PARTS = {
    "Convergence on convex losses": "Gradient descent with a small step size converges on smooth convex losses at a known rate.",
    "Wide networks and kernels": "In the infinite width limit a network is linear in its weights; the tangent kernel stays fixed.",
    "Progressive sharpening": "The top eigenvalue of the Hessian rises during training until it reaches two over the step size.",
    "Oscillation at the edge": "Once there, the loss oscillates from step to step and yet falls over long times.",
    "Batch size and noise": "Small batches add noise to each gradient; the noise scale tells how large a batch still pays.",
    "Momentum": "A heavy ball rolls through narrow valleys; momentum averages gradients over some steps.",
    "Adaptive optimizers": "Adam divides each coordinate of the gradient by a running estimate of its magnitude. Shampoo whitens matrices.",
    "Transfer of hyperparameters": "With the right parametrization the best learning rate at small width is the best at large width.",
    "Weight decay": "Shrinking the weights at each step balances growth in scale-invariant layers against the learning rate.",
    "Historical notes": "Perceptrons and early hardware, a story told often and better elsewhere.",
}
"""Heading -> text of a guide."""


def markdown(parts: dict[str, str], title: str = "Training") -> str:
    return f"# {title}\n\n" + "\n".join(f"## {heading}\n\n{text}\n" for heading, text in parts.items())


def anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


def lists_of(parts: dict[str, str]) -> str:
    """One or two papers for each section, with all that a list can hold."""
    lines = ["# by hand", "guide:", "  source: ../guide.md", "sections:"]
    for number, heading in enumerate(parts):
        lines += [f"  {anchor(heading)}:", f"    title: {heading}", f"    aliases: [a{number}]", "    reading:"]
        lines += [f"      - key: paper{number}   # note {number}", f"        why: Reason {number}.", "      - key: shared"]
        lines += [f"        why: Shared reason {number}.", f"      - see: {anchor(list(parts)[number - 1])}"]
        lines += [
            f"        why: Pointer {number}.",
            "    cues:",
            f"      - text: Cue {number}",
            f"        settled-by: [paper{number}]",
        ]
        lines += ["    watch:", f"      - abs:query{number}"]
    return "\n".join(lines) + "\n"


def rewritten() -> tuple[str, str]:
    """Four headings reworded, one section split, two merged, one deleted, one moved to a second guide; the rest in another order."""
    texts = dict(PARTS)
    convex, kernels = texts.pop("Convergence on convex losses"), texts.pop("Wide networks and kernels")
    adam, shampoo = re.split(r"(?<=\.) ", texts.pop("Adaptive optimizers"))
    noise, momentum = texts.pop("Batch size and noise"), texts.pop("Momentum")
    moved, _ = texts.pop("Transfer of hyperparameters"), texts.pop("Historical notes")
    new = {
        "The tangent kernel": kernels,
        "Classical rates": convex,
        "Noise from small batches": f"{noise}\n\n{momentum}",
        "Sharpness that rises by itself": texts["Progressive sharpening"],
        "Oscillation at the edge": texts["Oscillation at the edge"],
        "Adam": f"{adam} It is the default nearly everywhere.",
        "Shampoo and other matrices": f"{shampoo} This costs memory.",
        "Decay of weights": texts["Weight decay"],
    }
    return markdown(new), markdown({"Hyperparameters across widths": moved}, "Scaling")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project under git, as it was, and then the guide rewritten."""
    (tmp_path / "refs").mkdir()
    (tmp_path / "citeman.toml").write_text("")
    (tmp_path / "guide.md").write_text(markdown(PARTS))
    (tmp_path / "scaling.md").write_text("# Scaling\n\n## Why\n\nLarge models are expensive.\n")
    (tmp_path / "refs" / "guide.yaml").write_text(lists_of(PARTS))
    (tmp_path / "refs" / "scaling.yaml").write_text(
        "guide: {source: ../scaling.md}\nsections:\n  why:\n    reading:\n"
        f"      - see: guide#{anchor('Momentum')}\n      - see: guide#{anchor('Transfer of hyperparameters')}\n"
    )
    keys = [*(f"paper{number}" for number in range(len(PARTS))), "shared"]
    entry = "@misc{%s,\n title = {On %s},\n author = {Doe, Jane},\n year = {2020},\n url = {https://example.org/%s},\n}\n"
    (tmp_path / "references.bib").write_text("".join(entry % (key, key, key) for key in keys))
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "guide.md", "scaling.md"], ["commit", "-qm", "as it was"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    (tmp_path / "guide.md").write_text(rewritten()[0])
    (tmp_path / "scaling.md").write_text(rewritten()[1] + "\n## Why\n\nLarge models are expensive.\n")
    return tmp_path


def lists(root: Path, name: str) -> ReadingLists:
    return ReadingLists.parse((root / "refs" / f"{name}.yaml").read_text(), f"refs/{name}.yaml")


def everything(*parts: Section) -> str:
    return repr(parts)


def test_no_part_of_a_list_is_lost(citeman: Run, root: Path) -> None:
    before = lists(root, "guide")
    assert citeman("relink", "--write").returncode == 0
    guide, scaling = lists(root, "guide"), lists(root, "scaling")
    home = {paper: section.anchor for section in guide.sections for paper in [item.key for item in section.reading]}
    assert {paper: home.get(paper) for paper in (f"paper{number}" for number in range(10))} == {
        "paper0": "classical-rates",
        "paper1": "the-tangent-kernel",
        "paper2": "sharpness-that-rises-by-itself",
        "paper3": "oscillation-at-the-edge",
        "paper4": "noise-from-small-batches",
        "paper5": "noise-from-small-batches",
        "paper6": "adam",
        "paper7": None,
        "paper8": "decay-of-weights",
        "paper9": None,
    }
    assert [section.anchor for section in guide.orphaned] == ["historical-notes"]
    (moved,) = (section for section in scaling.sections if section.anchor == "hyperparameters-across-widths")
    assert moved.aliases == ("guide#transfer-of-hyperparameters", "guide#a7")
    whole = everything(*guide.sections, *guide.orphaned, *scaling.sections)
    for section in before.sections:
        assert f"'{section.aliases[0]}'" in whole or f"guide#{section.aliases[0]}" in whole
        for item in section.reading:
            assert item.key in whole
            assert item.why in whole or item.see in {"batch-size-and-noise"}, "only a pointer of a section to itself may go"
        assert [cue.text in whole and repr(cue.settled_by) in whole for cue in section.cues] == [True]
        assert section.watch[0] in whole
    assert "# by hand" in guide.source


def test_pointers_lead_to_the_new_places(citeman: Run, root: Path) -> None:
    citeman("relink", "--write")
    guide, scaling = lists(root, "guide"), lists(root, "scaling")
    why = next(section for section in scaling.sections if section.anchor == "why")
    assert [item.see for item in why.reading] == ["guide#noise-from-small-batches", "hyperparameters-across-widths"]
    decay = guide.section("decay-of-weights")
    assert decay
    assert [item.see for item in decay.reading if item.see] == ["scaling#hyperparameters-across-widths"]
    found = json.loads(citeman("check", "--json").stdout)["findings"]
    assert [one["message"] for one in found if "anchor" in one["rule"] or "pointer" in one["rule"]] == [
        "no section 'historical-notes' to see; correct it or take it out"
    ]


def test_a_second_relink_has_nothing_left_but_what_a_person_must_decide(citeman: Run, root: Path) -> None:
    citeman("relink", "--write")
    kept = {path.name: path.read_bytes() for path in (root / "refs").iterdir()}
    result = json.loads(citeman("relink", "--write", "--json").stdout)
    assert [(one["anchor"], one["action"]) for one in result["proposals"]] == [("historical-notes", "orphan")]
    assert {path.name: path.read_bytes() for path in (root / "refs").iterdir()} == kept


def test_pages_of_old_anchors_redirect(citeman: Run, root: Path) -> None:
    citeman("relink", "--write")
    assert citeman("build").returncode == 0
    site = root / "site"
    targets = {
        "guide/wide-networks-and-kernels.html": "the-tangent-kernel.html",
        "guide/batch-size-and-noise.html": "noise-from-small-batches.html",
        "guide/momentum.html": "noise-from-small-batches.html",
        "guide/adaptive-optimizers.html": "adam.html",
        "guide/transfer-of-hyperparameters.html": "../scaling/hyperparameters-across-widths.html",
        "guide/a7.html": "../scaling/hyperparameters-across-widths.html",
    }
    for old, new in targets.items():
        text = (site / old).read_text()
        assert f'url={new}"' in text
        assert ((site / old).parent / new).is_file()


def test_old_names_still_find_their_section(citeman: Run, root: Path) -> None:
    citeman("relink", "--write")
    for name in ("a7", "guide#transfer-of-hyperparameters", "momentum"):
        result = citeman("link", "paper9", "-s", name, "--dry-run")
        assert result.returncode == 0, result.stderr


def test_a_person_can_place_or_move_any_list(citeman: Run, root: Path) -> None:
    citeman("relink", "--write")
    assert citeman("relink", "guide#historical-notes", "--to", "scaling#why").returncode == 0
    why = next(section for section in lists(root, "scaling").sections if section.anchor == "why")
    assert "paper9" in [item.key for item in why.reading]
    assert lists(root, "guide").orphaned == ()
    assert citeman("relink", "adam", "--to", "adam").stderr == (
        "citeman: the list of 'adam' is there already; name another section\n"
    )
    assert citeman("relink", "adam", "--to", "shampoo-and-other-matrices").returncode == 0
    shampoo = lists(root, "guide").section("shampoo-and-other-matrices")
    assert shampoo
    assert "paper6" in [item.key for item in shampoo.reading]


def test_without_a_history_nothing_is_lost_either(citeman: Run, root: Path) -> None:
    subprocess.run(["rm", "-rf", ".git"], cwd=root, check=True)
    assert citeman("relink", "--write").returncode == 0
    guide, scaling = lists(root, "guide"), lists(root, "scaling")
    whole = everything(*guide.sections, *guide.orphaned, *scaling.sections)
    for number in range(10):
        for part in (
            f"'paper{number}'",
            f"Reason {number}.",
            f"Shared reason {number}.",
            f"'Cue {number}'",
            f"abs:query{number}",
        ):
            assert part in whole


def test_a_guide_that_went_into_another_one_is_followed(citeman: Run, root: Path) -> None:
    (root / "scaling.md").write_text((root / "scaling.md").read_text() + markdown(PARTS).replace("# Training", ""))
    (root / "guide.md").unlink()
    result = citeman("relink", "--write")
    assert "the guide ../guide.md is gone, and no file has its sections" in result.stdout
    assert lists(root, "guide").sections == ()
    assert len(lists(root, "scaling").sections) == 11


def test_what_the_inbox_keeps_for_a_section_moves_with_it(citeman: Run, root: Path) -> None:
    inbox = {
        "format": 1,
        "papers": {
            "arXiv:2401.00001": {
                "title": "T",
                "author": "A",
                "published": "2024-01-01",
                "sections": {"guide#momentum": 0.5},
                "state": "new",
            }
        },
        "watched": {"guide#momentum": {"abs:query5": "2024-01-02"}},
    }
    (root / "refs" / "citeman.inbox").write_text(json.dumps(inbox))
    citeman("relink", "--write")
    after = json.loads((root / "refs" / "citeman.inbox").read_text())
    assert after["papers"]["arXiv:2401.00001"]["sections"] == {"guide#noise-from-small-batches": 0.5}
    assert after["watched"] == {"guide#noise-from-small-batches": {"abs:query5": "2024-01-02"}}


def renamed(part: str, title: str) -> str:
    return re.sub(r"^### .*", f"### {title}", part)


@pytest.fixture
def real(tmp_path: Path, shared: Path) -> Path:
    """This repository's own lists beside the guide that they are for."""
    (tmp_path / "refs").mkdir()
    source = (ROOT / "refs" / "dynamics-of-training.yaml").read_text("utf-8")
    source = source.replace("guide:\n", "guide:\n  source: ../dynamics-of-training.md\n", 1)
    (tmp_path / "refs" / "dynamics-of-training.yaml").write_text(source, "utf-8")
    (tmp_path / "references.bib").write_bytes((ROOT / "references.bib").read_bytes())
    (tmp_path / "citeman.toml").write_text('title = "Learning mechanics"\n')
    (tmp_path / "dynamics-of-training.md").write_bytes((shared / "guide" / "dynamics-of-training.md").read_bytes())
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "all"],
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def test_the_real_guide_is_rewritten_and_no_paper_leaves_its_place(inside: Run, real: Path) -> None:
    """Headings reworded, a section moved, one split, two joined, one deleted, and the file renamed, all at once."""
    old = lists(real, "dynamics-of-training")
    text = (real / "dynamics-of-training.md").read_text("utf-8")
    head, classical, fitting, bias, linear, edge, scale, _ = re.split(r"(?m)^(?=### )", text)
    early, _, late = linear.partition("- Greedy")
    parts = [
        head,
        renamed(classical, "What classical theory says"),
        renamed(bias, "How gradient descent chooses, and the NTK") + fitting.partition("\n\n")[2],
        renamed(scale, "Scale-invariance and nondimensionalization"),
        renamed(early, "Deep linear networks"),
        f"\n### Greedy dynamics\n\n- Greedy{late}",
        renamed(edge, "The edge of stability"),
    ]
    (real / "dynamics-of-training.md").write_text("".join(parts), "utf-8")
    found = json.loads(inside("check", "--json").stdout)["findings"]
    assert {one["section"] for one in found if one["rule"] == "list-unknown-anchor"} == {
        section.anchor for section in old.sections if section.kind != "question"
    }
    (real / "dynamics-of-training.md").rename(real / "optimization.md")
    shown = json.loads(inside("relink", "--json").stdout)
    assert all(one["evidence"] for one in shown["proposals"] if one["action"] != "orphan")
    assert inside("relink", "--write").returncode == 0
    assert inside("build").returncode == 0
    new = lists(real, "dynamics-of-training")
    kept = {name: one for one in (*new.sections, *new.orphaned) for name in (one.anchor, *one.aliases)}
    for section in old.sections:
        whys = {item.key or item.url: item.why for item in kept[section.anchor].reading if not item.see}
        assert [item.identity for item in section.reading if not item.see and item.why not in whys[item.key or item.url]] == []
    assert [one.anchor for one in new.orphaned] == ["why-do-some-optimizers-work-better-than-others"]
    for section in (one for one in old.sections if one.kind != "question"):
        page = real / "site" / "dynamics-of-training" / f"{section.anchor}.html"
        assert page.is_file() == (section.anchor != new.orphaned[0].anchor)
        if page.is_file() and not new.section(section.anchor):
            assert 'http-equiv="refresh"' in page.read_text()
