"""Where lists belong after a guide was rewritten: for each list whose section is gone the most alike section, and why."""

from __future__ import annotations

from citeman.relink.making import joined, relinked, repointed, turn
from citeman.relink.proposing import LEAST, moved, propose
from citeman.relink.remarks import lost, noted
from citeman.relink.values import Action, Evidence, Proposal

__all__ = [
    "LEAST",
    "Action",
    "Evidence",
    "Proposal",
    "joined",
    "lost",
    "moved",
    "noted",
    "propose",
    "relinked",
    "repointed",
    "turn",
]
