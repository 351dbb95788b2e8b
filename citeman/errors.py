"""The errors that a user is meant to read: one line, with the place and what to do."""

from __future__ import annotations


class CitemanError(Exception):
    """Something a person can mend: printed as `path:line: message`, never as a traceback."""

    exit_code = 1

    def __init__(self, message: str, path: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.path and self.line else self.path
        return f"{place}: {self.message}" if place else self.message


class UsageError(CitemanError):
    """The command line asks for something that does not exist or does not fit together."""

    exit_code = 2


class SourceError(CitemanError):
    """An upstream service cannot be reached now; says nothing about the paper."""

    exit_code = 3
