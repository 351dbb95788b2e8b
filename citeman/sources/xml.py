"""XML from the network: parsed without entities, and read without caring for namespaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


class NotXml(ValueError):
    """The bytes are no XML document that citeman would read."""


def parse(content: bytes) -> Element:
    """Parse a document; raises NotXml for other bytes, a truncated document and one with entities (a bomb)."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if not content.strip():
        raise NotXml("an empty answer")
    try:
        root: Element = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise NotXml("an answer that is no XML") from None
    return root


def name_of(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, name: str) -> Iterator[Element]:
    """Yield the direct children of a name, whatever their namespace."""
    return (child for child in element if name_of(child) == name)


def text_of(element: Element, name: str) -> str:
    """Return the text of the first child of a name with its whitespace collapsed; empty when there is none."""
    child = next(children(element, name), None)
    return " ".join("".join(child.itertext()).split()) if child is not None else ""


def digest(element: Element) -> str:
    """Return the SHA-256 of what an element says, however it was written down."""
    import hashlib

    said = [(part.tag, sorted(part.attrib.items()), (part.text or "").split()) for part in element.iter()]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def to_bytes(element: Element) -> bytes:
    """Return an element as a document of its own."""
    from xml.etree.ElementTree import tostring

    content: bytes = tostring(element, encoding="utf-8")
    return content
