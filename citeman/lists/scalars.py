"""Strings as YAML scalars: plain where every YAML reader takes them for the string they are, else quoted."""

from __future__ import annotations

import re

from citeman import text

# What YAML 1.1 or 1.2 readers take for a number, a date, a time or a boolean.
_NUMBER = re.compile(r"[-+.]*[0-9][-+.,:_0-9a-fA-FxoXOTtZz ]*|[-+]?\.(?:inf|nan)", re.IGNORECASE)
_WORDS = frozenset(("", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<"))
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_COUNT = re.compile(r"0|[1-9]\d*")
_FIRST = frozenset("-?:,[]{}#&*!|>'\"%@`= \t")
_FLOW = frozenset(",[]{}:?")
_ESCAPED = re.compile('[\\\\"\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ufeff\\ufffe\\uffff]')
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def scalar(value: str, quote: str = "", flow: bool = False) -> str:
    """Return the string as a one-line scalar in the wanted quotes (`"`, `'` or none), where it can stand so."""
    value = _SURROGATE.sub("\ufffd", text.display(value))
    if quote == "'" and not _ESCAPED.search(value.replace('"', "").replace("\\", "")):
        return "'" + value.replace("'", "''") + "'"
    if not quote and is_plain(value, flow):
        return value
    if not quote and re.search(r'["\\]', value):
        return scalar(value, "'")
    return '"' + _ESCAPED.sub(lambda match: _escape(match[0]), value) + '"'


def is_plain(value: str, flow: bool = False) -> bool:
    """Tell whether every YAML reader takes the unquoted text for that very string."""
    if value.lower() in _WORDS or value[0] in _FIRST or value[-1] in ": \t" or _NUMBER.fullmatch(value):
        return False
    if _ESCAPED.search(value.replace('"', "").replace("\\", "")) or ": " in value or " #" in value or "\t" in value:
        return False
    return not value.startswith("---") and not (flow and _FLOW.intersection(value))


def typed(name: str, value: str, quote: str = "", flow: bool = False) -> str:
    """Return a field's value as a scalar; a date and a number that are meant as such stay bare."""
    if (name == "added" and _DATE.fullmatch(value)) or (name == "order" and _COUNT.fullmatch(value)):
        return quote + value + quote
    return scalar(value, quote, flow)


def strings(values: tuple[str, ...], quote: str = "") -> str:
    """Return strings as a sequence in brackets."""
    return "[" + ", ".join(scalar(value, quote, flow=True) for value in values) + "]"


def _escape(char: str) -> str:
    return _ESCAPES.get(char) or (f"\\x{ord(char):02x}" if ord(char) < 0x100 else f"\\u{ord(char):04x}")
