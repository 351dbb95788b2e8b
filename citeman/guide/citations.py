"""The citations a guide makes: links to scholarly works in every way of writing one, and citation keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from citeman import ids
from citeman.guide import html, prose
from citeman.guide.inline import Node
from citeman.guide.places import Places
from citeman.guide.values import Citation
from citeman.text import Lines

_FORMS = {
    "link": "link",
    "reference": "reference",
    "autolink": "autolink",
    "bare": "url",
    "anchor": "html",
    "cite": "pandoc",
    "key": "textual",
    "role": "myst",
    "tex": "tex",
    "liquid": "liquid",
}
_ADDRESSES = {"link", "reference", "autolink", "bare", "anchor"}
_LINKED = {"link", "reference", "html"}
_ADDRESS = re.compile(r"(?:https?:)?//|doi:|arxiv:", re.I)
KEY = re.compile(r"(?<![\w@./])-?@(?:\{([^{}\s]+)\}|(\w(?:\w|[:.#$%&\-+?<>~/]+(?=\w))*))")
_CROSS_REFERENCE = re.compile(
    r"(?:fig|tbl|eq|sec|lst|thm|lem|cor|prp|cnj|def|exm|exr|rem|sol|cha|tip|nte|wrn|imp|cau)[:-]|ref$", re.I
)
_DEFINED = re.compile(r"^[ ]{0,3}\[@([^\]\s]+)\]:[ \t]*<?([^\s<>]+)", re.M)
DISTILL_TAGS = {"d-cite", "dt-cite"}
_GAP = re.compile(r"(?:\s|&nbsp;|\u00a0)*")
_DIGIT = re.compile(r"\d")
_PAGE = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of prose and the constructs in it."""

    start: int
    end: int
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What turning constructs into citations needs to know of the guide."""

    source: str
    rule: str
    lines: Lines
    places: Places
    note_starts: dict[int, int]
    """Where a footnote's definition starts -> where the guide first refers to it."""
    sentences: prose.Sentences


def citations(regions: Iterable[Region], context: Context) -> Iterator[Citation]:
    """Yield what the guide cites and its links to plain pages, in order of place."""
    for region in regions:
        found = sorted((c for node in region.nodes if (c := _citation(node, region, context))), key=lambda c: c.start)
        yield from _joined(found, context.source)


def keys_of(text: str) -> tuple[str, ...]:
    """Return the citation keys in a pandoc citation's text, cross-references left out."""
    found = (braced or bare for braced, bare in KEY.findall(text))
    return tuple(key for key in found if not _CROSS_REFERENCE.match(key))


def defined(source: str) -> dict[str, ids.Identifier]:
    """Return the keys to which a guide itself gives the address of a work, `[@key]: address`, as url2cite has them."""
    found = {key: _of_address(address) for key, address in _DEFINED.findall(source)}
    return {key: identifier for key, identifier in found.items() if identifier}


def _citation(node: Node, region: Region, context: Context) -> Citation | None:
    if node.kind in _ADDRESSES:
        return _linked(node, region, context)
    keys = _keys(node, context)
    if not keys:
        return None
    identifier = _of_key(keys[0]) if len(keys) == 1 else None
    text = context.source[node.start : node.end]
    label = prose.label(text) if node.kind == "cite" else " ".join(text.split())
    form = "distill" if node.kind == "tag" else _FORMS[node.kind]
    return _placed(node, region, context, Citation(0, node.start, node.end, "", label, "", identifier, keys, form, ""))


def _linked(node: Node, region: Region, context: Context) -> Citation | None:
    if not _ADDRESS.match(node.target):
        return None
    identifier = _of_address(node.target)
    if not identifier:
        return None
    label = prose.label(context.source[node.text_start : node.text_end])
    citation = Citation(0, node.start, node.end, "", label, node.target, identifier, (), _FORMS[node.kind], "")
    return _placed(node, region, context, citation)


def _placed(node: Node, region: Region, context: Context, citation: Citation) -> Citation:
    place = context.places.anchor(context.note_starts.get(region.start, node.start))
    sentence = context.sentences.around(node.start, node.end, region.start, region.end)
    return citation._replace(line=context.lines.line(node.start), section=place, sentence=sentence)


def _keys(node: Node, context: Context) -> tuple[str, ...]:
    text = context.source[node.text_start : node.text_end]
    match node.kind:
        case "cite":
            return keys_of(text)
        case "key":
            # outside pandoc a bare @name is a person, unless it looks like a key
            wanted = context.rule == "pandoc" or _DIGIT.search(text)
            return (text,) if wanted and not _CROSS_REFERENCE.match(text) else ()
        case "tag" if node.target in DISTILL_TAGS:
            found = html.attributes(node.attributes)
            return _split(found.get("key") or found.get("bibtex-key") or "")
        case "role" | "tex" | "liquid":
            return _split(re.sub(r"<[^<>]*>|\{[^{}]*\}|--\w+.*", "", text))
    return ()


def _split(text: str) -> tuple[str, ...]:
    return tuple(key for key in _PAGE.split(text.strip()) if key)


@lru_cache(maxsize=4096)
def _of_address(address: str) -> ids.Identifier | None:
    return ids.parse(address)


@lru_cache(maxsize=4096)
def _of_key(key: str) -> ids.Identifier | None:
    """A key that is itself an identifier, as manubot and url2cite write them."""
    return ids.parse(key.removeprefix("url:")) if ":" in key else None


def _joined(found: list[Citation], source: str) -> Iterator[Citation]:
    """Take a run of links to one work, each on a single word, as one citation."""
    run: list[Citation] = []
    for citation in found:
        if run and not _continues(run[-1], citation, source):
            yield _as_one(run)
            run = []
        run.append(citation)
    if run:
        yield _as_one(run)


def _as_one(run: list[Citation]) -> Citation:
    if len(run) == 1:
        return run[0]
    words = [run[0].label]
    for last, citation in pairwise(run):
        words += [" " if last.end < citation.start else "", citation.label]
    return run[0]._replace(end=run[-1].end, label="".join(words))


def _continues(last: Citation, citation: Citation, source: str) -> bool:
    return (
        last.form == citation.form
        and last.form in _LINKED
        and last.identifier == citation.identifier
        and " " not in citation.label
        and citation.start - last.end < 12
        and bool(_GAP.fullmatch(source, last.end, citation.start))
    )
