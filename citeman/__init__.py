"""citeman: the citations and reading lists of a Markdown guide, section by section."""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["__version__", "open"]

TYPE_CHECKING = False  # typing's own would be an import, and `citeman --version` makes none
if TYPE_CHECKING:
    from os import PathLike

    from citeman.project import Project


def open(start: str | PathLike[str] = ".") -> Project:
    """Open the project that a folder lies in; raises CitemanError when there is none."""
    from pathlib import Path

    from citeman.project import Project

    return Project.open(Path(start))
