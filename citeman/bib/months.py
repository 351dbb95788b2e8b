"""The months: the macros that every style defines, their names, and which one an entry means."""

from __future__ import annotations

import re

from citeman.model import Entry

MONTHS = {
    "jan": "January",
    "feb": "February",
    "mar": "March",
    "apr": "April",
    "may": "May",
    "jun": "June",
    "jul": "July",
    "aug": "August",
    "sep": "September",
    "oct": "October",
    "nov": "November",
    "dec": "December",
}
"""The macros that every style defines."""

_WORD = r"(?<![a-z])(" + "|".join(MONTHS) + r")[a-z]*"
_NUMBER = r"(?<!\d)(1[0-2]|0?[1-9])(?!\d)"
_ISO = r"\d{4}-(\d{2})"


def month_number(entry: Entry) -> int:
    """Return the month of publication, 1 to 12, from `month` (macro, name or number) or an ISO `date`; 0 when there is none."""
    month = entry.get("month")
    word = re.search(_WORD, month, re.IGNORECASE)
    if word:
        return list(MONTHS).index(word[1].lower()) + 1
    number = re.search(_NUMBER, month) or re.match(_ISO, entry.get("date"))
    return int(number[1]) if number and 1 <= int(number[1]) <= 12 else 0
