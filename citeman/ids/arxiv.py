"""The grammar of arXiv identifiers, so that a malformed one never reaches the API, which would refuse the whole batch."""

from __future__ import annotations

import re

from citeman.ids.identifier import Identifier

_ARCHIVES = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga funct-an "
    "gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph q-alg q-bio "
    "quant-ph solv-int supr-con"
)
ARCHIVES = frozenset(_ARCHIVES.split())

NEW = r"\d{4}\.\d{4,5}"
OLD = r"[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2}(?:-[a-z]+)?)?/\d{7}"
BODY = rf"(?:{NEW}|{OLD})(?:v\d{{1,3}})?"
TAIL = r"(?:\s*\[[\w.\s,-]+\])?"
"""The category that arXiv prints after an id: `2103.00065v3 [cs.LG]`."""

_HINT = re.compile(r"\d\.\d{4}|/\d{7}")
_PLAIN = re.compile(rf"({NEW})(?:v(\d{{1,3}}))?")
_SPLIT = rf"({NEW}|{OLD})(?:v(\d{{1,3}}))?"
_WHOLE = rf"(?:\W*(?:arxiv|corr)\b\W*(?:(?:e-?prints?|preprints?)\b)?[\s,:]*)*(?:abs/)?({BODY}){TAIL}[\s.,;]*"
_PREFIXED = rf"\barxiv\b[\s:./]*(?:(?:e-?prints?|preprints?)\b[\s,:]*)?(?:arxiv\s*:\s*)?(?:abs/)?({BODY})\b"
_STAMPED = rf"(?<![\w./])({BODY})\s*\[[a-z-]+(?:\.[A-Za-z-]+)?\]"


def parse(text: str) -> Identifier | None:
    """Read a whole text as an arXiv id: bare, prefixed, versioned, with its category, old or new."""
    text = text.strip()
    if _PLAIN.fullmatch(text):
        return bare(text)
    match = re.fullmatch(_WHOLE, text, re.IGNORECASE) if _HINT.search(text) else None
    return bare(match[1]) if match else None


def find(text: str) -> list[Identifier]:
    """Find the ids in running text that say they are arXiv's."""
    matches = [*re.finditer(_PREFIXED, text, re.IGNORECASE), *re.finditer(_STAMPED, text)]
    found = [bare(match[1]) for match in sorted(matches, key=lambda match: match.start())]
    return [identifier for identifier in found if identifier]


def bare(text: str) -> Identifier | None:
    """Read an id without prefix; None when no paper can have it."""
    match = _PLAIN.fullmatch(text) or re.fullmatch(_SPLIT, text, re.IGNORECASE)
    if not match:
        return None
    value = _new(match[1]) if "/" not in match[1] else _old(match[1].lower())
    return Identifier("arxiv", value, int(match[2] or 0)) if value else None


def _new(value: str) -> str:
    """Check `YYMM.NNNN` (April 2007 to December 2014) or `YYMM.NNNNN` (since 2015)."""
    month, number = value.split(".")
    digits = 4 if month < "1501" else 5
    fits = "0704" <= month < "9100" and "01" <= month[2:] <= "12" and len(number) == digits and int(number)
    return value if fits else ""


def _old(value: str) -> str:
    """Check `archive/YYMMNNN` (August 1991 to March 2007) and drop the subject class, which is no part of the name."""
    archive, number = value.split("/")
    archive = archive.split(".")[0]
    month = number[:4]
    fits = archive in ARCHIVES and "01" <= month[2:] <= "12" and int(number[4:])
    return f"{archive}/{number}" if fits and (month >= "9107" or month <= "0703") else ""
