"""The templates and static files: citeman's own, replaced one by one by the project's theme."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from html import escape
from pkgutil import get_data
from typing import Any
from urllib.parse import quote

from jinja2 import (
    ChoiceLoader,
    DictLoader,
    Environment,
    FileSystemBytecodeCache,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
)
from jinja2.exceptions import TemplateSyntaxError

from citeman import __version__
from citeman.errors import CitemanError
from citeman.render.view import KIND_NAMES, ROLE_NAMES, ROLE_TITLES

STATIC = ("icon.svg", "search.js", "site.js", "style.css", "theme.js")
SUFFIX = ".j2"
ALWAYS = ("base.html", "macros.html", "sections.html", "index.html", "section.html", "papers.html", "listed.html", "paper.html")
CSP = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' data: file:; "
    "base-uri 'none'; form-action 'none'"
)
"""Only the site's own files may run or style; `file:` because a page on disk is nobody's `self` in some browsers."""


class Templates:
    """Renders pages with the templates of one theme."""

    def __init__(self, theme: Mapping[str, str], theme_folder: str = "") -> None:
        self._folder = theme_folder
        own = {name: text for name, text in theme.items() if name.endswith(SUFFIX)}
        self._environment = _environment(own) if own else _citemans()
        self.static = {name: text for name, text in theme.items() if not name.endswith(SUFFIX)}
        self.are_citemans = not own
        """Whether all templates are citeman's own, of which it is known what they show."""

    def static_files(self) -> dict[str, str]:
        """Return the text of every static file by its name, the theme's in place of citeman's."""
        own = {name: text for name, text in self.static.items() if name != "fragment.css"}
        return {**{name: own_file("static", name) for name in STATIC}, **own}

    def render(self, name: str, **values: Any) -> str:
        """Return one page; raises CitemanError for a mistake in a theme's template."""
        with self._told(name):
            return self._environment.get_template(f"{name}{SUFFIX}").render(values)

    def macro(self, name: str, macro: str) -> Callable[..., str]:
        """Return what writes one of many like pieces; raises CitemanError as `render` does."""
        with self._told(name):
            write = getattr(self._environment.get_template(f"{name}{SUFFIX}").module, macro)

        def written(*values: Any) -> str:
            with self._told(name):
                return str(write(*values))

        return written

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        try:
            yield
        except TemplateSyntaxError as error:
            raise CitemanError(f"is no valid template: {error.message}", self._path(error.name or name), error.lineno) from None
        except TemplateNotFound as error:
            raise CitemanError(f"asks for a template {error.name!r} that is not there", self._path(f"{name}{SUFFIX}")) from None
        except TemplateError as error:
            raise CitemanError(f"cannot be rendered: {error.message}", self._path(f"{name}{SUFFIX}")) from None

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}" if self._folder else name


def address(name: str, text: str) -> str:
    """Return a static file's address within the site, which changes with its text so that no old copy is used."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"static/{quote(name)}?v={digest}"


def load() -> None:
    """Load the templates and static files that every site needs, before this process is copied."""
    for name in ALWAYS:
        _citemans().get_template(f"{name}{SUFFIX}")
    for name in STATIC:
        own_file("static", name)


@cache
def _citemans() -> Environment:
    return _environment({})


def _environment(theme: Mapping[str, str]) -> Environment:
    """Return an environment in which these templates replace citeman's own."""
    environment = Environment(
        loader=ChoiceLoader([DictLoader(theme), FunctionLoader(_own_template)]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=_compiled(),
    )
    environment.filters["path"] = lambda name: quote(name, safe="~+")
    environment.filters["one_line_html"] = lambda text: escape(text).replace("\n", "&#10;")
    environment.globals |= {
        "csp": CSP,
        "version": __version__,
        "role_names": ROLE_NAMES,
        "role_titles": ROLE_TITLES,
        "kind_names": KIND_NAMES,
    }
    return environment


@cache
def own_file(folder: str, name: str) -> str:
    """Return one of the files that come with citeman."""
    data = get_data("citeman.render", f"{folder}/{name}")
    return data.decode("utf-8").replace("\r\n", "\n") if data is not None else ""


def _compiled() -> FileSystemBytecodeCache | None:
    """Keep compiled templates where Python keeps its own: compiling them takes as long as writing a hundred pages."""
    folder = os.path.join(os.path.dirname(__file__), "templates", "__pycache__")
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(folder, "%s.jinja") if os.access(folder, os.W_OK) else None


def _own_template(name: str) -> str | None:
    try:
        return own_file("templates", name)
    except OSError:
        return None
