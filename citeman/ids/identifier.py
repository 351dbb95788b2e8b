"""The value that names one work, and the one address that each kind of name stands for."""

from __future__ import annotations

from citeman.named import NamedTuple

ADDRESSES = {
    "arxiv": "https://arxiv.org/abs/{}",
    "doi": "https://doi.org/{}",
    "openreview": "https://openreview.net/forum?id={}",
    "pmlr": "https://proceedings.mlr.press/{}.html",
    "jmlr": "https://jmlr.org/papers/{}.html",
    "acl": "https://aclanthology.org/{}/",
    "neurips": "https://proceedings.neurips.cc/paper_files/paper/{}.html",
    "neurips-old": "https://papers.nips.cc/paper/{}",
    "neurips-datasets": "https://datasets-benchmarks-proceedings.neurips.cc/paper/{}.html",
    "iclr": "https://proceedings.iclr.cc/paper_files/paper/{}.html",
    "mlsys": "https://proceedings.mlsys.org/paper_files/paper/{}.html",
    "cvf": "https://openaccess.thecvf.com/{}.html",
    "acm": "https://dl.acm.org/doi/{}",
    "acm-old": "https://dl.acm.org/citation.cfm?id={}",
    "ieee": "https://ieeexplore.ieee.org/document/{}",
    "pii": "https://www.sciencedirect.com/science/article/pii/{}",
    "jstor": "https://www.jstor.org/stable/{}",
    "hal": "https://hal.science/{}",
    "s2": "https://www.semanticscholar.org/paper/{}",
    "pubmed": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "pmc": "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
    "url": "{}",
}
"""Kind of identifier -> the address of the work's landing page."""

HASHED = {"neurips", "neurips-datasets", "iclr", "mlsys"}
"""Proceedings whose pages are `2018/hash/<hash>-Abstract[-Track].html`; the value is `2018/<hash>[-Track]`."""

URL_SAFE = "/:;()._-~!$*+,=@&'"


class Identifier(NamedTuple):
    """One work's name; two are equal when they name the same work, whatever version was written."""

    kind: str
    """A key of ADDRESSES."""
    value: str
    """Canonical within its kind: a lower-case DOI, an arXiv id without version, an address for `url`."""
    version: int = 0
    """The arXiv version that was asked for, 0 for none."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identifier) and self[:2] == other[:2]

    def __ne__(self, other: object) -> bool:  # a tuple's own would look at all of it
        return not self == other

    def __hash__(self) -> int:
        return hash(self[:2])

    def __str__(self) -> str:
        if self.kind == "arxiv":
            return f"arXiv:{self.value}"
        if self.kind == "doi":
            return f"doi:{self.value}"
        return url_of(self)

    @property
    def scholarly(self) -> bool:
        """Whether it names a work by its kind, not merely a page on the web."""
        return self.kind != "url"


def url_of(identifier: Identifier) -> str:
    """Return the https address of the work's landing page, with the version where one was asked for."""
    if identifier.kind == "url":
        return identifier.value
    value = identifier.value
    if identifier.kind == "arxiv" and identifier.version:
        value += f"v{identifier.version}"
    if identifier.kind == "doi":
        from urllib.parse import quote

        value = quote(value, safe=URL_SAFE)
    if identifier.kind == "s2" and value.isdigit():
        return f"https://api.semanticscholar.org/CorpusID:{value}"
    if identifier.kind in HASHED:
        year, _, rest = value.partition("/")
        digest, _, track = rest.partition("-")
        value = f"{year}/hash/{digest}-Abstract" + (f"-{track}" if track else "")
    return ADDRESSES[identifier.kind].format(value)
