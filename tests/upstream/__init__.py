"""A loopback stand-in for arXiv, Crossref and DataCite: papers that can change, faults that can be switched on."""

from tests.upstream.server import Upstream
from tests.upstream.world import World, seeded

__all__ = ["Upstream", "World", "seeded"]
