"""A polite session to the upstream services, as a project's settings ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from citeman.project import Project

if TYPE_CHECKING:
    from citeman.sources.http import Session


def open_session(
    project: Project, max_age: float, *, offline: bool = False, notify: Callable[[str], None] = lambda _: None
) -> Session:
    """Open a session whose answers may come from the project's cache where they are at most `max_age` seconds old."""
    from citeman.sources.http import Session
    from citeman.sources.upstream import Upstream

    config = project.config
    upstream = Upstream(
        config.arxiv_url,
        config.arxiv_oai_url,
        config.crossref_url,
        config.datacite_url,
        config.arxiv_interval,
        config.crossref_interval,
        config.mailto,
        config.timeout,
        cache_dir=project.store.state_folder() / "http",
    )
    return Session(upstream, max_age=max_age, offline=offline, notify=notify)
