"""The services that know papers: arXiv, Crossref, DataCite, publishers' pages; and files that people already have."""

from citeman.sources.lookup import look_up

__all__ = ["look_up"]
