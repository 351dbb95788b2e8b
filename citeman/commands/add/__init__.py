"""`add`: from identifiers, addresses, files or titles to right entries, listed in the sections where they should be read."""

from __future__ import annotations

from citeman.commands.add.adding import Person, Progress, add
from citeman.commands.add.choosing import beyond_doubt
from citeman.commands.add.placing import Placing, likely_places
from citeman.commands.add.results import Addition, Failed, Filed
from citeman.commands.add.works import SPEAKERS

__all__ = ["SPEAKERS", "Addition", "Failed", "Filed", "Person", "Placing", "Progress", "add", "beyond_doubt", "likely_places"]
