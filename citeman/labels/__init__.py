"""What a citation calls a paper: author-year labels that are unique over the store, and references in the built-in style."""

from citeman.labels.assign import Label, Naming, labels, lettered, markdown, naming, suffixes, who, year
from citeman.labels.reference import reference, reference_html, venue

__all__ = [
    "Label",
    "Naming",
    "labels",
    "lettered",
    "markdown",
    "naming",
    "reference",
    "reference_html",
    "suffixes",
    "venue",
    "who",
    "year",
]
