"""Person names: BibTeX's grammar read and written, plain names understood, and the forms in which they are shown and compared."""

from citeman.names.grammar import OTHERS, format, format_one, parse, parse_one, split
from citeman.names.plain import collective, from_display, from_parts, is_collective
from citeman.names.show import display, family, initials, same, same_name, short, sort_key
from citeman.names.trouble import troubles

__all__ = [
    "OTHERS",
    "collective",
    "display",
    "family",
    "format",
    "format_one",
    "from_display",
    "from_parts",
    "initials",
    "is_collective",
    "parse",
    "parse_one",
    "same",
    "same_name",
    "short",
    "sort_key",
    "split",
    "troubles",
]
