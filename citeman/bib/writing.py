"""Writing entries, fields and values in the habits of a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from citeman.bib.habits import Case, Habits, Months
from citeman.bib.months import MONTHS


def write_entry(kind: str, key: str, fields: Mapping[str, str], habits: Habits) -> str:
    """Write a whole entry; a field's value is what shall stand between its delimiters."""
    habits = _with_width(habits, fields)
    written = [write_field(name, write_value(name, value, habits), habits) for name, value in fields.items()]
    closer = ")" if "(" in habits.head else "}"
    start = f"@{cased(kind, habits.type_case)}{habits.head}{key}"
    if not written:
        return f"{start},{habits.ending.replace(',', '', 1)}{closer}"
    return f"{start}{habits.first_lead}{habits.lead.join(written)}{habits.ending}{closer}"


def write_field(name: str, value: str, habits: Habits) -> str:
    """Write `name = value`, aligned as the file is; the value has its delimiters already."""
    name = cased(name, habits.name_case)
    least = 1 if habits.before or habits.after else 0
    if habits.alignment == "equals":
        return f"{name}{' ' * max(habits.width - len(name), least)}={habits.after}{value}"
    if habits.alignment == "value":
        return f"{name}{habits.before}={' ' * max(habits.width - len(name) - len(habits.before) - 1, least)}{value}"
    if habits.alignment == "right":
        name = name.rjust(habits.width)
    return f"{name}{habits.before}={habits.after}{value}"


def write_value(name: str, value: str, habits: Habits) -> str:
    """Put a value between the file's delimiters, or leave it bare where the file does and it can be."""
    if name == "month" and value.lower() in MONTHS:
        if habits.months == "macro":
            return value.lower()
        value = _month(value.lower(), habits.months)
    if habits.bare_numbers and value.isascii() and value.isdigit():
        return value
    return delimited(value, habits.delimiter)


def _month(macro: str, style: Months) -> str:
    if style == "number":
        return str(list(MONTHS).index(macro) + 1)
    return macro.title() if style == "short" else MONTHS[macro]


def delimited(value: str, delimiter: str) -> str:
    """Put a value between `{}` or, where no quote of its own forbids it, between quotes."""
    return f'"{value}"' if delimiter == '"' and '"' not in value else f"{{{value}}}"


def _with_width(habits: Habits, names: Collection[str]) -> Habits:
    """Align on the entry's own longest name where the file does that."""
    if habits.alignment == "none" or habits.width or not names:
        return habits
    longest = max(map(len, names))
    return habits._replace(width=longest + (1 if habits.alignment == "equals" else len(habits.before) + 2))


def cased(word: str, case: Case) -> str:
    """Write a lower-case word as the file writes such words."""
    return word.upper() if case == "upper" else word.title() if case == "title" else word
