"""A small whole project for tests: a guide of three sections, two papers, lists with comments of a person's own."""

from __future__ import annotations

from pathlib import Path

GUIDE = """---
title: A small guide
---

## Wide networks

They become kernels [[Jacot et al. (2018)]](https://arxiv.org/abs/1806.07572). Cite the newer work here.

## Large steps

Training settles at the edge.

## Deep linear networks

Solvable, and still interesting.

<div class="question-box">

**Open question: Do they tell of real networks?** Nobody knows.

</div>
"""

BIB = """% our papers
@inproceedings{jacot2018neural,
  title = {Neural Tangent Kernel: Convergence and Generalization in Neural Networks},
  author = {Jacot, Arthur and Gabriel, Franck and Hongler, Clément},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2018},
  eprint = {1806.07572},
  eprinttype = {arxiv},
}

@inproceedings{cohen2021gradient, % the edge
  title = {Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability},
  author = {Cohen, Jeremy and Kaur, Simran and Li, Yuanzhi and Kolter, J. Zico and Talwalkar, Ameet},
  booktitle = {International Conference on Learning Representations},
  year = {2021},
  eprint = {2103.00065},
  eprinttype = {arxiv},
}
"""

LISTS = """# what to read, by section
guide:
  title: A small guide
  source: ../guide.md
sections:
  wide-networks:
    title: "Wide networks"
    aliases: [ntk]
    reading:
      - key: jacot2018neural   # where it began
        role: foundation
        why: Names the kernel.
    cues:
      - text: Cite the newer work here
  large-steps:
    title: Large steps
    aliases: [eos]
    reading:
      - key: cohen2021gradient
        role: empirical
        why: 'Measured it everywhere.'
"""


def write(folder: Path, bib: str = BIB, lists: str = LISTS, guide: str = GUIDE) -> Path:
    """Write the project into a folder and return the folder."""
    (folder / "refs").mkdir(exist_ok=True)
    (folder / "references.bib").write_text(bib, encoding="utf-8")
    (folder / "refs" / "guide.yaml").write_text(lists, encoding="utf-8")
    (folder / "guide.md").write_text(guide, encoding="utf-8")
    (folder / "citeman.toml").write_text('mailto = "tests@example.org"\n', encoding="utf-8")
    return folder
