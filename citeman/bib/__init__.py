"""The bibliography, `references.bib`: read whole and without loss, changed by edits of its text."""

from __future__ import annotations

from citeman.bib.bibliography import Bibliography
from citeman.bib.months import MONTHS, month_number

__all__ = ["MONTHS", "Bibliography", "month_number"]
