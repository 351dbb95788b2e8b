"""Single files on disk: whether they can be read, and writing them whole, with the system's refusals as one line."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from citeman.errors import CitemanError
from citeman.text import encode

NOWHERE = "is a link that leads nowhere; mend it or remove it"
_LIMIT = 512 * 1024 * 1024


def write_file(path: str, text: str) -> None:
    """Write one file of the user's choice, whole or not at all; raises CitemanError where the disk refuses."""
    data, target = encode(text), Path(os.path.realpath(path))
    with plainly("write", path):
        if not target.parent.is_dir():
            raise CitemanError("its folder does not exist; make it first", path)
        if os.path.exists(target) and not target.is_file():
            target.write_bytes(data)
            return
        staged = target.with_name(f".{target.name}.citeman-new")
        try:
            write_durably(staged, data)
            copy_mode(target, staged)
            os.replace(staged, target)
        finally:
            staged.unlink(missing_ok=True)


def refuse_unreadable(path: Path, name: str) -> None:
    """Raise CitemanError where a file cannot be read; its content is not looked at."""
    with plainly("read", name):
        if path.is_symlink() and not os.path.exists(path):
            raise CitemanError(NOWHERE, name)
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            raise CitemanError("is a folder, not a file; move it out of the way", name)
        if not stat.S_ISREG(state.st_mode):
            raise CitemanError("is a pipe or a device, not a file; put a file in its place", name)
        if state.st_size > _LIMIT:
            raise CitemanError("is over 512 MB; split it", name)
        if not os.access(path, os.R_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@contextlib.contextmanager
def plainly(verb: str, name: str) -> Iterator[None]:
    """Turn the system's refusals into one line that a person can act on."""
    try:
        yield
    except FileNotFoundError:
        raise CitemanError("does not exist; check its name", name) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CitemanError(f"cannot {verb} this: {reason}; nothing was changed", name) from None


def write_durably(path: Path, data: bytes) -> None:
    """Write a file so that a power cut does not take it back."""
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def copy_mode(path: Path, staged: Path) -> None:
    """Give a staged file the mode of the file whose place it will take."""
    if path.exists():
        os.chmod(staged, stat.S_IMODE(path.stat().st_mode))


def replace_durably(path: Path, data: bytes) -> None:
    """Put new bytes in a file's place in one step."""
    staged = path.with_suffix(".new")
    write_durably(staged, data)
    os.replace(staged, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename durable, where the system can (POSIX)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
