"""Crossref: works by DOI in batches, bibliographic searches, and its JSON to records."""

from citeman.sources.crossref.fetch import fetch, fetch_moved, search_bibliographic
from citeman.sources.crossref.works import SELECT, TYPES, Refused, parse

__all__ = ["SELECT", "TYPES", "Refused", "fetch", "fetch_moved", "parse", "search_bibliographic"]
