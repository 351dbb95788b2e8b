"""citeman: the citations and reading lists of a Markdown guide, section by section."""

__version__ = "0.1.0"
