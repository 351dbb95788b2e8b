from __future__ import annotations

from typing import Any

import pytest

from citeman.config import Config, Waiver, parse, with_environment
from citeman.errors import CitemanError


def test_settings_are_read_with_dashes() -> None:
    waiver = {"rule": "list-missing-why", "target": "smith*", "reason": "obvious from the title"}
    config = parse({"slug-rule": "github", "timeout": 5, "waivers": [waiver]}, "pyproject.toml")
    assert (config.slug_rule, config.timeout, config.waivers) == ("github", 5.0, (Waiver(**waiver),))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"outptu": "x"}, r"unknown setting 'outptu'; did you mean 'output'\?"),
        ({"output": 3}, "'output' must be text, not 3"),
        ({"todo-page": "yes"}, "'todo-page' must be true or false"),
        ({"max-age": True}, "'max-age' must be a whole number"),
        ({"slug-rule": "jekyll"}, "slug-rule 'jekyll' is none of pandoc, github"),
        ({"weave-shape": "cloud"}, "weave-shape 'cloud' is none of list, paragraph, table"),
        ({"output": "../elsewhere"}, "'output' must be a path inside the project"),
        ({"output": "/etc"}, "'output' must be a path inside the project"),
        ({"bibliography": "refs/papers.yaml"}, "'bibliography' must be a BibTeX file"),
        ({"waivers": {}}, "'waivers' must be a list"),
        ({"waivers": [{"rule": "x", "target": "y"}]}, "needs just rule, target and reason"),
        ({"waivers": [{"rule": "x", "target": "y", "reason": " "}]}, "needs a reason"),
        ({"severities": {"x": "fatal"}}, "'severities' must map rules to one of"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(table: dict[str, Any], message: str) -> None:
    with pytest.raises(CitemanError, match=rf"citeman.toml: .*{message}"):
        parse(table, "citeman.toml")


def test_the_environment_wins() -> None:
    config = with_environment(Config(mailto="a@example.org"), {"CITEMAN_MAILTO": "b@example.org", "CITEMAN_ARXIV_INTERVAL": "0"})
    assert (config.mailto, config.arxiv_interval) == ("b@example.org", 0.0)
    with pytest.raises(CitemanError, match="CITEMAN_TIMEOUT must be a number"):
        with_environment(Config(), {"CITEMAN_TIMEOUT": "soon"})
