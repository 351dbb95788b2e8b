"""`[tool.citeman]` in pyproject.toml or citeman.toml: the project's settings, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from citeman.errors import CitemanError
from citeman.named import NamedTuple

SHAPES = ("list", "paragraph", "table")
SLUG_RULES = ("pandoc", "github", "hugo", "python-markdown", "myst")


class Waiver(NamedTuple):
    """One finding that a person has decided to live with, and why."""

    rule: str
    target: str
    """A citation key, an anchor or a path; `*` at its end stands for anything."""
    reason: str


class Config(NamedTuple):
    """The settings of one project. Paths are relative to the project's root."""

    title: str = ""
    """Title of the generated site; the guide's own title when empty."""
    mailto: str = ""
    """Address told to arXiv and Crossref, as their etiquette asks."""
    bibliography: str = "references.bib"
    lists: str = "refs"
    """Folder of the reading lists and the lock."""
    output: str = "site"
    url: str = ""
    """Where the pages will be published; needed for feeds' and sitemap's absolute links."""
    slug_rule: str = "pandoc"
    key_pattern: str = "{author}{year}{word}"
    theme: str = ""
    """Folder whose templates and styles replace citeman's own, one by one."""
    csl: str = ""
    """CSL style (a name or a path) for references; empty for the built-in style."""
    todo_page: bool = False
    """Whether the built site shows what is left to cite."""
    weave_shape: str = "list"
    """How `weave` writes a reading list: one of SHAPES."""
    weave_html: bool = False
    """Whether `weave` writes HTML instead of Markdown."""
    weave_heading: str = "Further reading"
    """Line above each woven list; empty for none."""
    weave_core: bool = False
    """Whether `weave` leaves further reading out."""
    weave_why: bool = True
    """Whether `weave` says why to read a paper."""
    max_age: int = 30
    """Days after which `sync` asks upstream again."""
    arxiv_url: str = "https://export.arxiv.org/api/query"
    arxiv_oai_url: str = "https://oaipmh.arxiv.org/oai"
    crossref_url: str = "https://api.crossref.org"
    datacite_url: str = "https://api.datacite.org"
    arxiv_interval: float = 3.0
    """Seconds between two requests to arXiv."""
    crossref_interval: float = 0.0
    """Seconds between two requests to Crossref; 0: what its headers ask for."""
    timeout: float = 30.0
    severities: Mapping[str, str] = MappingProxyType({})
    """Rule -> error, warning, hint or off."""
    waivers: tuple[Waiver, ...] = ()
    path: str = ""
    """The file the settings came from; empty when there is none."""


_ENVIRONMENT = (
    "arxiv_url",
    "arxiv_oai_url",
    "crossref_url",
    "datacite_url",
    "arxiv_interval",
    "crossref_interval",
    "mailto",
    "timeout",
)
_KINDS: Mapping[str, type] = {
    name: type(default)
    for name, default in Config._field_defaults.items()
    if name not in {"severities", "waivers", "path"} and default is not None
}


def parse(table: Mapping[str, Any], path: str = "") -> Config:
    """Read a `[tool.citeman]` table; raises CitemanError for a setting that does not exist or has the wrong kind."""
    settings: dict[str, Any] = {"path": path}
    for name, value in table.items():
        settings[name.replace("-", "_")] = _setting(name, value, path)
    return _checked(Config(**settings))


def with_environment(config: Config, environment: Mapping[str, str]) -> Config:
    """Return the settings with those that `CITEMAN_…` variables give; raises CitemanError where a number is none."""
    given = {name: environment.get(f"CITEMAN_{name.upper()}", "") for name in _ENVIRONMENT}
    settings: dict[str, Any] = {name: _number(name, value) for name, value in given.items() if value}
    return config._replace(**settings)


def _setting(name: str, value: Any, path: str) -> Any:
    attribute = name.replace("-", "_")
    if attribute == "waivers":
        return _waivers(value, path)
    if attribute == "severities":
        return _severities(value, path)
    kind = _KINDS.get(attribute)
    if kind is None:
        raise CitemanError(f"unknown setting {name!r}{did_you_mean(name, _names())}", path)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
        raise CitemanError(f"setting {name!r} must be {_described(kind)}, not {value!r}", path)
    return value


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` for the known name most like this one in any capitals, or nothing."""
    import difflib

    by_folded = {one.casefold(): one for one in known}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return f"; did you mean {by_folded[close[0]]!r}?" if close else ""


def _checked(config: Config) -> Config:
    if config.slug_rule not in SLUG_RULES:
        raise CitemanError(f"slug-rule {config.slug_rule!r} is none of {', '.join(SLUG_RULES)}", config.path)
    if config.weave_shape not in SHAPES:
        raise CitemanError(f"weave-shape {config.weave_shape!r} is none of {', '.join(SHAPES)}", config.path)
    for name in ("bibliography", "lists", "output"):
        value = getattr(config, name)
        if not value or value.startswith(("/", "\\")) or ".." in value.replace("\\", "/").split("/"):
            raise CitemanError(f"setting {name!r} must be a path inside the project, not {value!r}", config.path)
    if config.bibliography.endswith(".yaml"):
        raise CitemanError(f"setting 'bibliography' must be a BibTeX file, not {config.bibliography!r}", config.path)
    return config


def _waivers(value: Any, path: str) -> tuple[Waiver, ...]:
    if not isinstance(value, list):
        raise CitemanError("'waivers' must be a list of tables with rule, target and reason", path)
    return tuple(_waiver(waiver, path) for waiver in value)


def _waiver(value: Any, path: str) -> Waiver:
    parts = ("rule", "target", "reason")
    if not isinstance(value, dict) or set(value) != set(parts) or not all(isinstance(value[part], str) for part in parts):
        raise CitemanError(f"a waiver needs just rule, target and reason, as text, not {value!r}", path)
    if not value["reason"].strip():
        raise CitemanError(f"the waiver of {value['rule']!r} for {value['target']!r} needs a reason", path)
    return Waiver(**value)


def _severities(value: Any, path: str) -> dict[str, str]:
    levels = ("error", "warning", "hint", "off")
    if not isinstance(value, dict) or not all(level in levels for level in value.values()):
        raise CitemanError(f"'severities' must map rules to one of {', '.join(levels)}", path)
    return dict(value)


def _number(name: str, value: str) -> str | float:
    if _KINDS[name] is not float:
        return value
    try:
        return float(value)
    except ValueError:
        raise CitemanError(f"CITEMAN_{name.upper()} must be a number of seconds, not {value!r}") from None


def _described(kind: type) -> str:
    return {str: "text", bool: "true or false", int: "a whole number", float: "a number"}[kind]


def _names() -> list[str]:
    return [name.replace("_", "-") for name in (*_KINDS, "severities", "waivers")]
