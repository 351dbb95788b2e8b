"""What the last build was made from: whether building again would change anything, told without reading more than files' bytes.

It is imported before anything else of a build, so it imports nothing before it is needed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

PACKAGE = os.path.dirname(os.path.abspath(__file__))


class Stamp:
    """What a build was made from and what it left: when nothing of it has changed, building again would change nothing."""

    def __init__(
        self,
        folder: str,
        options: Sequence[str],
        inputs: Mapping[str, str],
        listings: Mapping[str, Sequence[str]],
        outputs: Mapping[str, Sequence[int]],
    ) -> None:
        self.folder = folder
        """The output folder."""
        self.options = options
        """The program's fingerprint and how it was asked."""
        self.inputs = inputs
        """Path, relative to the project -> digest; empty where there is no such file."""
        self.listings = listings
        """Folder -> the names in it."""
        self.outputs = outputs
        """Path, relative to the output folder -> size and time."""

    @classmethod
    def load(cls, path: str) -> Stamp | None:
        """Read a stamp, None when there is none that can be read."""
        try:
            with open(path, "rb") as file:
                import json

                return cls(**json.load(file))
        except (OSError, ValueError, TypeError):
            return None

    def save(self, path: str) -> None:
        """Keep the stamp; a place that cannot be written only makes the next build longer."""
        import json

        try:
            with open(path, "w", encoding="utf-8") as file:
                file.write(json.dumps(vars(self)))  # not `dump`, which puts it together piece by piece in Python
        except OSError:
            return

    def holds(self, root: str, options: Sequence[str]) -> bool:
        """Tell whether everything is still as it was when the stamp was made."""
        return (
            list(self.options) == list(options)
            and all(listing(os.path.join(root, name)) == names for name, names in self.listings.items())
            and all(file_digest(os.path.join(root, name)) == known for name, known in self.inputs.items())
            and all(_state(os.path.join(self.folder, name)) == known for name, known in self.outputs.items())
        )


def stamp_path(root: str, out: str = "") -> str:
    """Return where the stamp of an output folder is kept; `out` is empty for the project's own."""
    name = digest(os.path.realpath(out).encode("utf-8", "surrogateescape"))[:16] if out else "output"
    return os.path.join(root, ".citeman", "pages", f"{name}.json")


def made_path(root: str, out: str = "", fragment: bool = False) -> str:
    """Return where it is kept what was made for an output folder, beside its stamp."""
    return stamp_path(root, out).removesuffix(".json") + (".fragments" if fragment else "") + ".made"


def shown(folder: str) -> str:
    """Return a folder as a user in the working folder may open it."""
    relative = os.path.relpath(folder)
    return folder if relative.startswith(os.path.join("..", "..")) else relative


def digest(data: bytes) -> str:
    """Return a file's digest."""
    from hashlib import sha256

    return sha256(data).hexdigest()


def listing(folder: str) -> list[str]:
    """Return the names in a folder, sorted, without those that are hidden; empty where it is none."""
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except OSError:
        return []


def file_digest(path: str) -> str:
    """Return a file's digest, empty where there is none (a pipe is none: it would keep the reader waiting)."""
    if not os.path.isfile(path):
        return ""
    try:
        with open(path, "rb") as file:
            return digest(file.read())
    except OSError:
        return ""


def program() -> str:
    """Return a fingerprint of citeman itself, so that another version builds anew."""
    parts = [f"{path} {state}" for path in _sources(PACKAGE) if (state := _state(path))]
    return digest("\n".join(parts).encode("utf-8", "surrogateescape"))


def _sources(package: str) -> Iterator[str]:
    for folder, folders, names in os.walk(package):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (os.path.join(folder, name) for name in sorted(names))


def _state(path: str) -> list[int] | None:
    try:
        state = os.stat(path)
    except OSError:
        return None
    return [state.st_size, state.st_mtime_ns]


def root_of(start: str) -> str:
    """Return the nearest folder from `start` upward that is a project; empty when there is none."""
    folder = os.path.realpath(start)
    while True:
        if _is_root(folder):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above


def _is_root(folder: str) -> bool:
    if any(os.path.lexists(os.path.join(folder, name)) for name in ("citeman.toml", "references.bib")):
        return True
    try:
        settings = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(settings):
            with open(settings, "rb") as file:
                if b"[tool.citeman" in file.read():
                    return True
    except OSError:
        pass
    return any(name.endswith(".yaml") for name in listing(os.path.join(folder, "refs")))
