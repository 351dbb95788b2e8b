"""Raw HTML tags in Markdown: where one ends, what it is called, what its attributes say."""

from __future__ import annotations

import re
from html import unescape

from citeman.named import NamedTuple

_HTML = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "canvas",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "isindex",
    "main",
    "menu",
    "meta",
    "noframes",
    "nav",
    "ol",
    "output",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "textarea",
    "thead",
    "tfoot",
    "ul",
    "frameset",
    "li",
    "td",
    "th",
    "tr",
    "script",
    "style",
]
_RAW_DOCBOOK = [
    "calloutlist",
    "bibliolist",
    "glosslist",
    "itemizedlist",
    "orderedlist",
    "segmentedlist",
    "simplelist",
    "variablelist",
    "caution",
    "important",
    "note",
    "tip",
    "warning",
    "literallayout",
    "programlisting",
    "programlistingco",
    "screen",
    "screenco",
    "screenshot",
    "synopsis",
    "example",
    "informalexample",
    "informalfigure",
    "informaltable",
    "para",
    "simpara",
    "formalpara",
    "equation",
    "informalequation",
    "mediaobject",
    "qandaset",
    "procedure",
    "task",
    "cmdsynopsis",
    "funcsynopsis",
    "classsynopsis",
    "epigraph",
    "msgset",
    "sidebar",
    "title",
    "case",
    "switch",
    "default",
]
BLOCK_TAGS = frozenset(_HTML + _RAW_DOCBOOK)
"""Tags that start a block in pandoc, which lets raw DocBook and EPUB through as well."""
EITHER_TAGS = frozenset(
    [
        "audio",
        "applet",
        "button",
        "iframe",
        "embed",
        "del",
        "ins",
        "progress",
        "map",
        "area",
        "noscript",
        "script",
        "object",
        "svg",
        "video",
        "source",
        "track",
    ]
)
VOID_TAGS = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_SPECIAL = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>"}
_TAG = re.compile(
    r"""<(?P<closing>/?)(?P<name>[A-Za-z][\w:-]*+)(?P<attributes>(?:\s++|/(?!>)|[^\s"'<>/=]++|=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'<>]++))*+)/?>""",
)
COMMONMARK_NAMES = r"(?:[^\W\d]|:)[\w:.-]*"
PANDOC_NAMES = r"[^\W\d_][\w:-]*"
"""What an attribute may be called; with another name, `x <y, and z> w` for one, all is text."""
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++)))?""")


class Tag(NamedTuple):
    """One tag; comments, declarations and processing instructions have no name."""

    name: str
    """Lower-cased."""
    closing: bool
    attributes: str
    start: int
    end: int


def tag_at(source: str, offset: int, limit: int, absent: dict[str, int], names: str = "") -> Tag | None:
    """Return the tag or comment that starts at the offset, if one does and ends before the limit.

    `absent` remembers from where on a closing mark does not occur, so that many unclosed comments cost one search; `names` is
    what attributes may be called, for who minds.
    """
    for opening, closing in _SPECIAL.items():
        if source.startswith(opening, offset):
            end = find(source, closing, offset + len(opening), limit, absent)
            return Tag("", False, "", offset, end + len(closing)) if end >= 0 else None
    if source.startswith("<!", offset):
        end = find(source, ">", offset, limit, absent)
        return Tag("", False, "", offset, end + 1) if end >= 0 else None
    match = _TAG.match(source, offset, limit)
    if match and names and not all(re.fullmatch(names, name) for name, *_ in _ATTRIBUTE.findall(match["attributes"])):
        return None
    return Tag(match["name"].lower(), bool(match["closing"]), match["attributes"], offset, match.end()) if match else None


def find(source: str, mark: str, offset: int, limit: int, absent: dict[str, int]) -> int:
    """Return where the mark comes next before the limit, or -1; a search that failed is not made again."""
    memo = f"{mark}:{limit}"
    if offset >= absent.get(memo, limit):
        return -1
    found = source.find(mark, offset, limit)
    if found < 0:
        absent[memo] = offset
    return found


def closing_tag(source: str, name: str, offset: int, limit: int, absent: dict[str, int], nested: bool = False) -> int:
    """Return just after the `</name>` that closes an element opened before the offset, or -1.

    With `nested`, elements of the same name inside it are skipped.
    """
    memo = f"</{name}:{limit}"
    if offset >= absent.get(memo, limit):
        return -1
    depth = 1
    for match in re.compile(rf"<(/?){name}\b[^<>]*>", re.I).finditer(source, offset, limit):
        depth += (-1 if match[1] else 1) if match[1] or nested else 0
        if not depth:
            return match.end()
    absent[memo] = offset
    return -1


def attributes(text: str) -> dict[str, str]:
    """Return a tag's attributes with lower-cased names and entities resolved; the first of a name counts."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found
