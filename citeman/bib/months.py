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

_MONTH_WORD = re.compile(r"(?<![a-z])(" + "|".join(MONTHS) + r")[a-z]*", re.IGNORECASE)
_MONTH_NUMBER = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])(?!\d)")
_ISO_MONTH = re.compile(r"\d{4}-(\d{2})")


def month_number(entry: Entry) -> int:
    """Return the month of publication, 1 to 12, from `month` (macro, name or number) or an ISO `date`; 0 when there is none."""
    month = entry.get("month")
    word = _MONTH_WORD.search(month)
    if word:
        return list(MONTHS).index(word[1].lower()) + 1
    number = _MONTH_NUMBER.search(month) or _ISO_MONTH.match(entry.get("date"))
    return int(number[1]) if number and 1 <= int(number[1]) <= 12 else 0
