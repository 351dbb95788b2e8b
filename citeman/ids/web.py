"""Which work an address on the web names: arXiv and mirrors, publishers' pages that hold a DOI, proceedings, else the page."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from citeman.ids import arxiv, doi
from citeman.ids.identifier import Identifier

_SCHEME = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_SCHEMELESS = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,12}(?::\d+)?/\S+"

_ARXIV_HOST = re.compile(
    r"(?:[\w-]+\.)?(?:arxiv\.org|alphaxiv\.org|ar5iv\.org|arxiv-vanity\.com|ar5iv\.labs\.arxiv\.org)|xxx\.lanl\.gov"
)
_ARXIV_PAGES = (
    r"(?:scirate\.com/arxiv/|(?:huggingface\.co|hf\.co)/papers/|semanticscholar\.org/arxiv/|api\.semanticscholar\.org/arxiv:)"
    rf"({arxiv.BODY})\b"
)
_ARXIV_MIRRORS = ("scirate.com", "huggingface.co", "hf.co", "semanticscholar.org", "api.semanticscholar.org")
_ARXIV_IN_PATH = rf"(?<![\w.-])(?:arxiv:)?({arxiv.BODY})(?!\d)"
_ADS = r"/abs/\d{4}arxiv(\d{4})\.?(\d{4,5})\w"
_DBLP = r"/journals/corr/abs-(\d{4}-\d{4,5}|[a-z]+(?:-[a-z]+)?-\d{7})(?!\d)"

_HASHED = (
    r"/(?:paper_files/)?paper/(\d{{4}})/(?:hash|file)/([0-9a-f]{{32}})-(?:abstract|paper|supplemental|metadata|bibtex|review|"
    r"authorfeedback|metareview)s?(?:-({track}))?\.\w+"
)
_RULES = (
    ("openreview", "openreview.net", r"openreview\.net/(?:forum|pdf|attachment|notes)\?(?:.*&)?id=([\w-]+)(?:&.*)?", "{0}"),
    (
        "pmlr",
        "proceedings.mlr.press",
        r"proceedings\.mlr\.press/(v\d+|r\d+)/([\w-]+?)(?:/[\w-]+)?(?:\.(?:html|pdf|bib))?",
        "{0}/{1}",
    ),
    (
        "pmlr",
        "jmlr.",
        r"(?:jmlr\.org|jmlr\.csail\.mit\.edu)/proceedings/papers/(v\d+)/([\w-]+?)(?:/[\w-]+)?(?:\.(?:html|pdf))?",
        "{0}/{1}",
    ),
    (
        "pmlr",
        "githubusercontent.com",
        r"raw\.githubusercontent\.com/mlresearch/(v\d+)/\w+/assets/([\w-]+)/[\w-]+\.pdf",
        "{0}/{1}",
    ),
    ("jmlr", "jmlr.", r"(?:jmlr\.org|jmlr\.csail\.mit\.edu)/papers/(v\d+)/([\w-]+?)\.(?:html|bib)", "{0}/{1}"),
    ("jmlr", "jmlr.", r"(?:jmlr\.org|jmlr\.csail\.mit\.edu)/papers/v(?:olume)?(\d+)/([\w-]+)/[\w-]+\.pdf", "v{0}/{1}"),
    ("neurips", "ips.cc", r"(?:proceedings|papers)\.(?:neurips|nips)\.cc" + _HASHED.format(track="[a-z_]+"), "{0}/{1}-{2}"),
    (
        "neurips-datasets",
        "neurips.cc",
        r"datasets-benchmarks-proceedings\.neurips\.cc" + _HASHED.format(track=r"round\d"),
        "{0}/{1}-{2}",
    ),
    ("iclr", "iclr.cc", r"proceedings\.iclr\.cc" + _HASHED.format(track="[a-z_]+"), "{0}/{1}-{2}"),
    ("mlsys", "mlsys.org", r"proceedings\.mlsys\.org" + _HASHED.format(track="[a-z_]+"), "{0}/{1}-{2}"),
    ("neurips-old", "ips.cc", r"(?:proceedings|papers)\.(?:neurips|nips)\.cc/paper/(\d+-[\w-]+?)(?:\.\w+)?", "{0}"),
    ("acl", "aclanthology.org", r"aclanthology\.org/([a-z]\d{2}-\d{4}|\d{4}\.[\w-]+\.\d+)(?:v\d)?(?:\.(?:pdf|bib))?", "{0}"),
    (
        "acl",
        "acl",
        r"(?:aclweb\.org|aclanthology\.info)/anthology/(?:papers/\w/\w+/)?([a-z]\d{2}-\d{4}|\d{4}\.[\w-]+\.\d+)(?:\.\w+)?",
        "{0}",
    ),
    (
        "cvf",
        "thecvf.com",
        r"openaccess\.thecvf\.com/(content[_/]\w+(?:/[\w+-]+)*?)/(?:html|papers)(/(?:[\w+-]+/)*)([\w+-]+_paper)\.(?:html|pdf)",
        "{0}/html{1}{2}",
    ),
    ("acm", "dl.acm.org", r"dl\.acm\.org/doi/(?:[a-z]+/)?(10\.5555/[\w.]+)", "{0}"),
    # the number after the dot is the article's own; which DOI it has, these addresses do not tell
    ("acm-old", "acm.org", r"(?:dl|portal)\.acm\.org/citation\.cfm\?(?:.*&)?(?:do)?id=(?:\d+\.)?(\d+)(?:&.*)?", "{0}"),
    (
        "ieee",
        "ieeexplore",
        r"ieeexplore\.ieee\.org/(?:abstract/)?(?:document|stamp/stamp\.jsp|xpls/\w+\.jsp)[/?](?:.*&)?(?:\w*arnumber=)?(\d{4,})(?:&.*)?",
        "{0}",
    ),
    ("pii", "sciencedirect.com", r"sciencedirect\.com/science/article/(?:abs/|am/)?pii/([SB]\w{16})(?:[/?].*)?", "{0}"),
    ("jstor", "jstor.org", r"jstor\.org/(?:stable|pss)/(?:pdf/)?(\d+)(?:\.pdf)?(?:\?.*)?", "{0}"),
    ("hal", ".", r"(?:[\w.-]+\.)?(?:hal\.science|archives-ouvertes\.fr|hal\.inria\.fr)/([a-z]+-\d{6,})(?:v\d+)?(?:/.*)?", "{0}"),
    (
        "s2",
        "semanticscholar.org",
        r"(?:api\.)?semanticscholar\.org/(?:corpusid:|paper/(?:[^/]+/)?)([0-9a-f]{40}|\d{4,})(?:[/?].*)?",
        "{0}",
    ),
    ("pubmed", "ncbi.nlm.nih.gov", r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d+)(?:/?\?.*)?", "{0}"),
    ("pmc", "ncbi.nlm.nih.gov", r"(?:pmc\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pmc)/articles/(pmc\d+)(?:[/?].*)?", "{0}"),
    ("doi", "nature.com", r"nature\.com/articles/([\w.-]+?)(?:\.pdf|/.*)?", "10.1038/{0}"),
    ("doi", "nature.com", r"nature\.com/\w+/journal/.*/(?:full|abs|pdf)/([\w.-]+?)\.(?:html|pdf)", "10.1038/{0}"),
    ("doi", "elifesciences.org", r"elifesciences\.org/articles/(\d{5,})(?:v\d+)?(?:[./].*)?", "10.7554/elife.{0}"),
    ("doi", "zenodo.org", r"zenodo\.org/records?/(\d+)(?:/.*)?", "10.5281/zenodo.{0}"),
    ("doi", "ssrn.com", r"(?:papers\.)?ssrn\.com/.*\babstract(?:_id)?=(\d+).*", "10.2139/ssrn.{0}"),
)
"""(kind, part of the host, pattern of `host/path?query` without `www.`, template of the value)."""

_DOI_IN_PATH = re.compile(r"(?<![\w.])(10\.\d{4,9}(?:\.\d+)*/.+)")
_DOI_TAILS = (
    r"(?:/(?:e?pdf(?:direct|plus)?|full(?:text)?|abstract|abs|meta|summary|html|xml|references|citedby|metrics|suppl_file/.*|fulltext\.html)"
    r"|(?:\.(?:full|abstract|short|long|full-text|figures-only))?(?:\.pdf|\.epub)?(?:\+html)?|\.html?)/?$"
)
_PREPRINT_VERSION = r"(10\.(?:1101|64898)/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,8})v\d+.*"
_NO_DOI = re.compile(r"10\.5555/")
_TRACKING = r"utm_\w+|gclid|fbclid|mc_[ce]id|igshid|ref_src"


def is_address(text: str) -> bool:
    """Tell whether a text is an address, with or without its scheme."""
    return bool(_SCHEME.match(text) or _compiled(_SCHEMELESS).fullmatch(text))


def parse(text: str) -> Identifier | None:
    """Read a whole text as an address; None when it is none, or holds a malformed arXiv id or host."""
    if len(text.split()) != 1 or not is_address(text):
        return None
    scheme = "" if _SCHEME.match(text) else "https://"
    try:
        parts = urlsplit((f"https:{text}" if text.startswith("//") else scheme + text).rstrip("\\"))
        host = (parts.hostname or "").removeprefix("www.")
        parts.port  # noqa: B018 (raises for a port that is no number)
    except ValueError:
        return None
    return _of_host(host, parts) if "." in host or host == "localhost" else None


def _of_host(host: str, parts: SplitResult) -> Identifier | None:
    path = re.sub(r"/{2,}", "/", unquote(parts.path))
    target = host + path + (f"?{unquote(parts.query)}" if parts.query else "")
    if _ARXIV_HOST.fullmatch(host):
        return _of_arxiv(path, parts)
    own = _of_mirror(target) or _of_doi_host(host, parts) or _of_rules(target) or _of_path(host, parts)
    return own or _of_inner(path) or _page(parts)


def _of_arxiv(path: str, parts: SplitResult) -> Identifier | None:
    """Read a page of arXiv or a mirror: any of them that holds an id, else the page (a listing) itself."""
    for text in (path, unquote(parts.query), unquote(parts.fragment)):
        for match in _compiled(_ARXIV_IN_PATH).finditer(text):
            if identifier := arxiv.bare(match[1]):
                return identifier
    return None if re.match(r"/(?:abs|pdf|html)/", path) else _page(parts)


def _of_mirror(target: str) -> Identifier | None:
    if target.startswith(_ARXIV_MIRRORS) and (match := _compiled(_ARXIV_PAGES).match(target)):
        return arxiv.bare(match[1])
    if "adsabs" in target and (match := _compiled(_ADS).search(target)):
        return arxiv.bare(f"{match[1]}.{match[2]}")
    if "dblp" in target and (match := _compiled(_DBLP).search(target)):
        archive, _, number = match[1].rpartition("-")
        return arxiv.bare(f"{archive}.{number}" if archive.isdigit() else f"{archive}/{number}")
    return None


def _of_inner(path: str) -> Identifier | None:
    """Read the address that an archive's or a proxy's address ends with, where that names a work."""
    match = _compiled(r"/(https?):/+([^/].*)").search(path)
    found = parse(f"{match[1]}://{match[2]}") if match else None
    return found if found and found.scholarly else None


def _of_doi_host(host: str, parts: SplitResult) -> Identifier | None:
    """Read a resolver's address: all of the path is the DOI, and what follows `?` or `#` in it when that was not encoded."""
    if host not in {"doi.org", "dx.doi.org", "doi.acm.org", "doi.ieeecomputersociety.org"}:
        return None
    rest = parts.path + (f"#{parts.fragment}" if "<" in unquote(parts.path) and parts.fragment else "")
    return doi.parse(rest.lstrip("/"))


def _of_rules(target: str) -> Identifier | None:
    for kind, host, pattern, template in _RULES:
        if host in target and (match := _compiled(pattern).fullmatch(target.rstrip("/"))):
            value = template.format(*(group or "" for group in match.groups())).rstrip("-")
            return Identifier(kind, _canonical_case(kind, value))
    return None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile the pattern when the first address of its host is read: no project meets all of them."""
    return re.compile(pattern, re.IGNORECASE)


def _canonical_case(kind: str, value: str) -> str:
    """Fold what the site folds; OpenReview's ids, tracks and paper names differ by case."""
    if kind in {"pii", "pmc"}:
        return value.upper()
    return value.lower() if kind in {"doi", "pmlr", "jmlr", "neurips-old", "hal", "s2"} else value


def _of_path(host: str, parts: SplitResult) -> Identifier | None:
    """Find a DOI in a publisher's path or query, without the page's own tail (`/full`, `.pdf`, `/meta`)."""
    query = "&".join(value for name, value in parse_qsl(parts.query) if name.lower() in {"doi", "id", "url"})
    for text in (doi.decode(parts.path), doi.decode(query)):
        match = _DOI_IN_PATH.search(text)
        if not match or _NO_DOI.match(match[1]):
            continue
        value = _compiled(_PREPRINT_VERSION).sub(r"\1", match[1])
        while (tail := _compiled(_DOI_TAILS).search(value)) and tail[0]:
            value = value[: tail.start()]
        return doi.from_path(value)
    return None


def _page(parts: SplitResult) -> Identifier:
    """Name a page by its address, without what does not change the page: tracking, fragment, default port, last slash."""
    kept = _untracked(parts.query) if parts.query else ""
    port = f":{parts.port}" if parts.port and parts.port not in {80, 443} else ""
    path = re.sub(r"/(?:index\.html?)?/*$", "", parts.path) or "/"
    return Identifier("url", urlunsplit((parts.scheme.lower(), (parts.hostname or "") + port, path, kept, "")))


def _untracked(query: str) -> str:
    tracking = _compiled(_TRACKING)
    kept = urlencode([pair for pair in parse_qsl(query, keep_blank_values=True) if not tracking.fullmatch(pair[0])])
    return kept if len(kept) < len(query) and tracking.search(query) else query
