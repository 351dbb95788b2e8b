"""Words of upstream as they stand in references.bib: titles, people, dates, pages, DOIs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from citeman import names, tex
from citeman.model import Name

_ET_AL = re.compile(r"(?:and\s+)?(?:et\s+al\.?|others)", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_AFFILIATION = re.compile(r"\s*\((?:[^()]|\([^()]*\))*\)")


def title(text: str) -> str:
    """Return a title as BibTeX: markup, folded lines, entities and shouting mended, acronyms and names in braces."""
    return tex.clean_title(text)


def plain(text: str) -> str:
    """Return a venue, publisher or place as BibTeX: markup and entities gone, specials escaped."""
    return tex.clean_text(text).strip(" ,;")


def people(found: Iterable[Name]) -> str:
    """Return people as an author field, each once."""
    return names.format(tuple(dict.fromkeys(found)))


def displayed(texts: Iterable[str]) -> tuple[Name, ...]:
    """Read names as they are printed: `Peter H. N. de With`, `Gemma Team`; "et al." is nobody."""
    cleaned = (tidy(text) for text in texts)
    return tuple(names.from_display(text) for text in cleaned if text and not _ET_AL.fullmatch(text))


def split(parts: Sequence[Mapping[str, Any]]) -> tuple[Name, ...]:
    """Read names that came in parts (`family`, `given`, `suffix`, `prefix`, or `name`), and mend how publishers fill these in."""
    loud = any(len(family) > 3 and family.isupper() for family in (tidy(part.get("family")) for part in parts))
    read = (_of_parts(part, loud) for part in parts)
    return tuple(name for name in read if name)


def _of_parts(part: Mapping[str, Any], loud: bool) -> Name | None:
    given, family = tidy(part.get("given")), tidy(part.get("family"))
    literal = tidy(part.get("name") or part.get("literal"))
    if literal or not (given or family):
        return names.collective(literal) if literal and not _ET_AL.fullmatch(literal) else None
    if not given and ("," in family or " " in family):
        return _whole(family)
    if not family or not given:
        return names.collective(family) if family.isupper() else names.from_parts(family or given)
    if loud:
        family, given = _quiet(family), _quiet(given) if len(given) > 4 and given.isupper() else given
    particle = tidy(part.get("prefix") or part.get("non-dropping-particle") or part.get("dropping-particle"))
    name = names.from_parts(family, given, tidy(part.get("suffix")))
    return name._replace(particle=tex.escape(particle)) if particle and not name.particle else name


def _whole(text: str) -> Name | None:
    """Read a whole name that stands in the family's place."""
    if _ET_AL.fullmatch(text):
        return None
    family, comma, given = text.partition(",")
    if comma and "," not in given and not names.is_collective(text):
        return names.from_parts(_quiet(family), _quiet(given.strip()))
    return names.from_display(text)


def _quiet(text: str) -> str:
    """Return a shouted name in ordinary letters: `O'NEIL` becomes `O'Neil`, `H. S. C.` stays."""
    return re.sub(r"[^\W\d_]{2,}", lambda word: word[0].capitalize() if word[0].isupper() else word[0], text)


def authors_line(text: str) -> tuple[Name, ...]:
    """Read arXivRaw's one line of authors: `A. One (1), B. Two and C. Three ((1) Here, (2) There)`."""
    previous, text = "", re.sub(r"\\+", r"\\", text)
    while previous != text:
        previous, text = text, _AFFILIATION.sub("", text)
    parts = re.split(r":\s+|\s*,\s*(?:and\s+)?|\s+and\s+|\s+for\s+(?=the\s)", text)
    return displayed(tex.to_text(part) for part in parts)


def tidy(value: object) -> str:
    """Return a text without markup, doubled entities and folded lines; empty for what is no text."""
    text = html.unescape(html.unescape(value)) if isinstance(value, str) else ""
    return " ".join(_MARKUP.sub("", text).replace("\ufffd", "").split()).strip(" ,;")


def pages(value: str) -> str:
    """Return a page range with an en dash's two hyphens: `11537--11546`; one page once."""
    first, _, last = re.sub(r"\s*[-‐-―−]+\s*", "--", value.strip()).partition("--")
    return f"{first}--{last}" if last and last != first else first


def iso_date(parts: object) -> str:
    """Return Crossref's `{"date-parts": [[2019, 5, 17]]}` as an ISO date, `2019-05` or `2019`; empty for `[[null]]`."""
    value = parts.get("date-parts") if isinstance(parts, dict) else None
    first = value[0] if isinstance(value, list) and value and isinstance(value[0], list) else []
    numbers = [int(part) for part in first[:3] if str(part).isdigit() and int(part)]
    if not numbers or not 1000 <= numbers[0] <= 2999:
        return ""
    return "-".join([f"{numbers[0]:04}", *(f"{number:02}" for number in numbers[1:])])


def earliest(dates: Iterable[str]) -> str:
    """Return the earliest of ISO dates; of `2019` and `2019-05-17` the exact one."""
    return min((date for date in dates if date), key=lambda date: f"{date}-99", default="")


def day(text: str) -> str:
    """Return the ISO date of a time stamp, ISO or as in mail headers; empty for anything else."""
    text = text.strip()
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        pass
    try:
        from email.utils import parsedate_to_datetime

        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError):
        return ""


def first_doi(text: str) -> str:
    """Return the first DOI of a field that may hold several, in lower case; empty for none, and for arXiv's own."""
    from citeman import ids

    for part in re.split(r"[\s,;]+(?=(?:doi:\s*|https?://\S*?)?10\.)|\s+", text.strip()):
        identifier = ids.parse(part)
        if identifier and identifier.kind == "doi":
            return identifier.value
    return ""


def filled(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that have a value."""
    return {name: value for name, value in fields.items() if value}
