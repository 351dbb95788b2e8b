"""What the four services answer, in the shapes that they really use."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from tests.upstream.world import Paper, World

FEED = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/q</id>
  <title>arXiv Query: {query}</title>
  <updated>2026-11-01T00:00:00Z</updated>
  <opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
{entries}
</feed>"""

ERROR_ENTRY = """  <entry>
    <id>https://arxiv.org/api/errors#{anchor}</id>
    <title>Error</title>
    <updated>2026-11-01T00:00:00Z</updated>
    <link href="https://arxiv.org/api/errors#{anchor}" rel="alternate" type="text/html"/>
    <summary>{message}</summary>
    <author><name>arXiv api core</name></author>
  </entry>"""

OAI = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
    <responseDate>2026-11-01T00:00:00Z</responseDate>
    <request verb="GetRecord">http://oaipmh.arxiv.org/oai</request>
{content}
</OAI-PMH>"""

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<feed xmlns="http://www.w3.org/2005/Atom"><title>&c;&c;&c;&c;&c;&c;</title></feed>"""

CAPTCHA = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><p>Are you a robot?</body></html>"


def feed(entries: list[str], total: int, start: int, size: int, query: str) -> bytes:
    """Return an Atom feed."""
    return FEED.format(entries="\n".join(entries), total=total, start=start, size=size, query=escape(query)).encode()


def error_feed(message: str) -> bytes:
    """Return the one-entry feed that arXiv sends with a 400."""
    entry = ERROR_ENTRY.format(anchor=message.replace(" ", "_"), message=escape(message))
    return feed([entry], 1, 0, 1, "")


def entry(paper: Paper, version: int = 0) -> str:
    """Return one version of a paper (0: the latest) as a feed's entry."""
    number = version or len(paper.versions)
    one = paper.versions[number - 1]
    parts = [
        f"<id>http://arxiv.org/abs/{paper.id}v{number}</id>",
        f"<title>{escape(one.title)}</title>",
        f"<updated>{one.date}T10:00:00Z</updated>",
        f'<link href="https://arxiv.org/abs/{paper.id}v{number}" rel="alternate" type="text/html"/>',
        f"<summary>{escape(one.abstract)}</summary>",
        f'<category term="{paper.category}" scheme="http://arxiv.org/schemas/atom"/>',
        f"<published>{paper.versions[0].date}T10:00:00Z</published>",
        f"<arxiv:comment>{escape(one.comment)}</arxiv:comment>" if one.comment else "",
        f'<arxiv:primary_category term="{paper.category}"/>',
        f"<arxiv:journal_ref>{escape(paper.journal_ref)}</arxiv:journal_ref>" if paper.journal_ref else "",
        *(f"<author><name>{escape(name)}</name></author>" for name in one.authors),
        f'<arxiv:doi>{paper.doi}</arxiv:doi><link rel="related" href="https://doi.org/{paper.doi}" title="doi"/>'
        if paper.doi
        else "",
    ]
    return "  <entry>\n    " + "\n    ".join(part for part in parts if part) + "\n  </entry>"


def oai_record(paper: Paper) -> bytes:
    """Return arXivRaw of a paper."""
    last = paper.versions[-1]
    versions = "".join(
        f'<version version="v{number}"><date>{date.fromisoformat(one.date):%a, %d %b %Y} 10:00:00 GMT</date>'
        + ("<size>0kb</size><source_type>I</source_type>" if one.withdrawn else "<size>123kb</size><source_type>D</source_type>")
        + "</version>"
        for number, one in enumerate(paper.versions, 1)
    )
    content = (
        f"<GetRecord><record><header><identifier>oai:arXiv.org:{paper.id}</identifier><datestamp>{last.date}</datestamp></header>"
        f'<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{paper.id}</id><submitter>{escape(last.authors[0])}</submitter>'
        f"{versions}<title>{escape(last.title)}</title><authors>{escape(', '.join(last.authors))}</authors>"
        f"<categories>{paper.category}</categories>"
        + (f"<comments>{escape(last.comment)}</comments>" if last.comment else "")
        + (f"<journal-ref>{escape(paper.journal_ref)}</journal-ref>" if paper.journal_ref else "")
        + (f"<doi>{paper.doi}</doi>" if paper.doi else "")
        + f"<abstract>{escape(last.abstract)}</abstract></arXivRaw></metadata></record></GetRecord>"
    )
    return OAI.format(content=content).encode()


def oai_error(code: str, message: str) -> bytes:
    """Return an OAI error; its HTTP status is 200."""
    return OAI.format(content=f"<error code='{code}'>{escape(message)}</error>").encode()


def datacite(world: World, doi: str) -> dict[str, Any] | None:
    """Return DataCite's resource for a DOI: one of its own, or any arXiv paper."""
    attributes = world.data.get(doi)
    if doi.startswith("10.48550/arxiv."):
        found = next((paper for paper in world.papers.values() if paper.id.lower() == doi.removeprefix("10.48550/arxiv.")), None)
        attributes = _arxiv_attributes(found, doi) if found else None
    return {"id": doi, "type": "dois", "attributes": attributes} if attributes else None


def datacite_search(world: World, query: str) -> list[dict[str, Any]]:
    """Return DataCite's resources for arXiv's papers that a query finds, by related DOIs and by titles."""
    clauses = dict(re.findall(r"([\w.]+):\(([^)]*)\)", query)) if query else {}
    dois = re.findall(r'"([^"]*)"', clauses.get("relatedIdentifiers.relatedIdentifier", ""))
    titles = re.findall(r'"([^"]*)"', clauses.get("titles.title", ""))
    papers = (
        paper
        for paper in world.papers.values()
        if paper.doi.lower() in dois or _folded(paper.versions[-1].title) in map(_folded, titles)
    )
    found = (datacite(world, f"10.48550/arxiv.{paper.id.lower()}") for paper in papers)
    return [one for one in found if one]


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _arxiv_attributes(paper: Paper, doi: str) -> dict[str, Any]:
    last = paper.versions[-1]
    dates = [
        {"date": f"{one.date}T10:00:00Z", "dateType": "Submitted" if number == 1 else "Updated", "dateInformation": f"v{number}"}
        for number, one in enumerate(paper.versions, 1)
    ]
    related = [{"relationType": "IsVersionOf", "relatedIdentifier": paper.doi.lower(), "relatedIdentifierType": "DOI"}]
    return {
        "doi": doi,
        "identifiers": [{"identifier": paper.id, "identifierType": "arXiv"}],
        "creators": [_creator(name) for name in last.authors],
        "titles": [{"title": last.title}],
        "publisher": "arXiv",
        "publicationYear": int(paper.versions[0].date[:4]),
        "subjects": [{"subject": f"Some Subject ({paper.category})", "subjectScheme": "arXiv"}],
        "dates": dates,
        "types": {"resourceTypeGeneral": "Preprint"},
        "relatedIdentifiers": related if paper.doi else [],
        "version": str(len(paper.versions)),
        "descriptions": [{"description": last.abstract, "descriptionType": "Abstract"}],
    }


def _creator(name: str) -> dict[str, str]:
    given, _, family = name.rpartition(" ")
    return (
        {"name": f"{family}, {given}", "nameType": "Personal", "givenName": given, "familyName": family}
        if given
        else {"name": name}
    )


def crossref(kind: str, message: Any, status: str = "ok") -> bytes:
    """Return Crossref's envelope around a message."""
    return json.dumps({"status": status, "message-type": kind, "message-version": "1.0.0", "message": message}).encode()
