"""`sync`: bring the store up to date from arXiv and Crossref; a person's edits always win."""

from __future__ import annotations

from citeman.commands.sync.settling import Synced, choices_of, settle
from citeman.commands.sync.syncing import Scope, Sync, listen

__all__ = ["Scope", "Sync", "Synced", "choices_of", "listen", "settle"]
