"""What people already have: BibTeX, CSL-JSON, RIS and lists of identifiers, told apart by content, as records."""

from citeman.sources.files.found import Found
from citeman.sources.files.reading import Contents, kind_of, read

__all__ = ["Contents", "Found", "kind_of", "read"]
