"""Rules on single fields of entries: identifiers, years, pages and addresses that are malformed or in the wrong place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from citeman import ids, tex
from citeman.checks import Problem, Rule
from citeman.checks.mend import change, is_plain
from citeman.library import Library
from citeman.model import Entry, Field, Fix

_BARE_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_SHORT_DOI = re.compile(r"(?:https?://doi\.org/)?10/[a-z0-9]+", re.I)
_DOI_WORD = re.compile(r"\A(?:doi|DOI)\s*:?\s*(?=10)")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.", re.I)
_ARXIV_KINDS = ("arxiv", "arxiv.org", "arxiv e-prints", "corr")
_ARXIV_LIKE = re.compile(r"arxiv|\A\d{4}\.\d{4,5}(?:v\d+)?\Z", re.I)
_EPRINT = re.compile(r"(?:\d{4}\.\d{4,5}|(?:[a-z-]+(?:\.[A-Za-z-]+)?/)?\d{7})(?:v\d{1,3})?", re.I)

_YEAR = re.compile(r"(?<!\d)(?:1[0-9]{3}|20[0-9]{2})(?!\d)")
_NO_YEAR = re.compile(
    r"\b(?:in press|press|forthcoming|to appear|appear\w*|submitted|accepted|in prep\w*|n\.? ?d\.?|no date|undated|unpublished|"
    r"ongoing|present|under review|in review|preprint|online|s\.a\.|early access|im erscheinen|in druck|bc|bce|ad|century)\b|"
    r"\Ao\. ?j\.|\A[?\s]*\Z",
    re.I,
)
_ROMAN = re.compile(r"M[MDCLXVI]{2,}", re.I)
_ANCIENT = re.compile(r"-?\d{1,3}")
_DATE_OF_BIBLATEX = re.compile(
    r"\[?(?:[-+]?\d{3,4}[\dXu]?|\d{2}(?:XX|uu)|\d{3}X|y-?\d{5,})?[~?%]*(?:-\d{2}[~?%]*(?:-\d{2}[~?%]*)?)?(?:T[\d:.+Zz-]+)?\]?",
    re.I,
)

_PLACEHOLDER = re.compile(r"\?+|n/?a|none|null|nil|tbd|tba|todo|xx+|0*[-\u2010-\u2015]*0*|1[-\u2010-\u2015]+\?*", re.I)
_LONGEST = 400
"""Characters of a value that may be pages."""
_RANGE = re.compile(r"([A-Za-z]?)(\d+)\s*(?:[-\u2010-\u2015]{1,3})\s*([A-Za-z]?)(\d+)")
_SINGLE_DASH = re.compile(r"([A-Za-z]?\d+)\s*(?:-|[\u2012-\u2015])\s*([A-Za-z]?\d+)")
_OPEN_RANGE = re.compile(r".*\d\s*[-\u2010-\u2015]+\s*\Z|\A\s*[-\u2010-\u2015]+\s*\d.*")

_ADDRESS = re.compile(r"(?:https?|ftps?|file|urn|doi|hdl|gopher|magnet|ipfs|mailto|s3|git|ssh|irc|news|nntp|tel|data):\S+", re.I)
_HOST = re.compile(r"(?:www\.)?(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/\S*)?", re.I)
_FILE = re.compile(r"[^/]+\.(?:pdf|ps|gz|html?|txt|dvi|docx?|pptx?|zip|md)", re.I)
_BETWEEN = re.compile(r"[\s,;]+")
_WRAPPED = re.compile(r"\s*(?:\\url\s*\{([^{}]*)\}|<([^<>\s]*)>)\s*")


def bad_doi(library: Library) -> Iterator[Problem]:
    """Yield every `doi` that is none; `10/abc12` is one that was made short."""
    for entry, field in _fields(library, "doi"):
        text = _DOI_WORD.sub("", field.value.strip())
        identifier = ids.parse(text)
        found = identifier and identifier.kind in {"doi", "arxiv"} and len(text.split()) == 1
        if not found and not _SHORT_DOI.fullmatch(text):
            yield _at(library, entry, field, f"{_shown(field)} is no DOI; a DOI is `10.`, digits, a slash and a name")


def doi_form(library: Library) -> Iterator[Problem]:
    """Yield every `doi` that is more than the bare DOI, as an address or with a prefix."""
    for entry, field in _fields(library, "doi"):
        identifier = ids.parse(_DOI_WORD.sub("", field.value.strip()))
        if identifier and identifier.kind == "doi" and not _BARE_DOI.match(field.value.strip().replace("\\", "")):
            bare = _as_written(field.value, identifier.value)
            fix = change(library, entry, f"writes {bare}", {"doi": bare})
            yield _at(library, entry, field, f"`doi` holds an address or a prefix; write {bare} alone", fix)


def _as_written(value: str, doi: str) -> str:
    """The DOI in the letters in which it was written, where they are its own."""
    start = value.lower().find(doi)
    return value[start : start + len(doi)] if start >= 0 else doi


def preprint_doi(library: Library) -> Iterator[Problem]:
    """Yield every `doi` that arXiv gave: it names the preprint, and its place is `eprint`."""
    for entry, field in _fields(library, "doi"):
        identifier = ids.parse(field.value)
        if not identifier or identifier.kind != "arxiv" or not _ARXIV_DOI.search(field.value):
            continue
        written = entry.get("eprint")
        other = ids.parse(written) if written else None
        message = f"{_shown(field)} is arXiv's DOI of the preprint; write `eprint = {{{identifier.value}}}` instead"
        if written and other != identifier:
            yield _at(library, entry, field, f"{_shown(field)} and `eprint` name two papers; keep the right one")
        elif written:
            yield _at(library, entry, field, message, change(library, entry, "removes `doi`", remove=("doi",)))
        else:
            new = {"eprint": identifier.value, **({} if _eprint_type(entry) else {"eprinttype": "arxiv"})}
            yield _at(library, entry, field, message, change(library, entry, "moves it to `eprint`", new, ("doi",)))


def bad_arxiv(library: Library) -> Iterator[Problem]:
    """Yield every `eprint` that is said to be arXiv's and cannot be."""
    for entry, field in _fields(library, "eprint"):
        kind, value = _eprint_type(entry), field.value.replace("{", "").replace("}", "").strip()
        said = kind in _ARXIV_KINDS or (not kind and _ARXIV_LIKE.search(value))
        if said and not any(found.kind == "arxiv" for found in ids.of_entry(_only_eprint(entry))):
            yield _at(library, entry, field, f"{_shown(field)} is no arXiv id; one reads 2103.00065 or hep-th/9901001")


def _only_eprint(entry: Entry) -> Entry:
    """The entry as far as its eprint goes."""
    wanted = {"eprint", "eprinttype", "archiveprefix", "eprintclass", "primaryclass"}
    return Entry(entry.type, entry.key, tuple(field for field in entry.fields if field.name in wanted))


def eprint_form(library: Library) -> Iterator[Problem]:
    """Yield every arXiv `eprint` that is more than the bare id, or does not say that it is arXiv's."""
    for entry, field in _fields(library, "eprint"):
        identifier = next((one for one in ids.of_entry(_only_eprint(entry)) if one.kind == "arxiv"), None)
        if identifier is None:
            continue
        new = {}
        if not _EPRINT.fullmatch(field.value.replace("{", "").replace("}", "").strip()):
            new["eprint"] = identifier.value + (f"v{identifier.version}" if identifier.version else "")
        if not _eprint_type(entry):
            new["eprinttype"] = "arxiv"
        if new:
            wanted = " and ".join(f"`{name} = {{{value}}}`" for name, value in new.items())
            yield _at(
                library,
                entry,
                field,
                f"programs would not read this as arXiv's; write {wanted}",
                change(library, entry, f"writes {wanted}", new),
            )


def _eprint_type(entry: Entry) -> str:
    return (entry.get("eprinttype") or entry.get("archiveprefix")).strip(" {}").lower()


def bad_year(library: Library) -> Iterator[Problem]:
    """Yield every year or date that names none; the day that some programs keep in `date` beside a `year` is no matter."""
    for entry, field in _fields(library, "year", "date"):
        other = entry.get("date" if field.name == "year" else "year")
        if not _names_a_year(field, entry.type) and not _YEAR.search(other):
            yield _at(library, entry, field, f"{_shown(field)} names no year; write four digits, or what it is (`to appear`)")


def _names_a_year(field: Field, type: str) -> bool:
    shown = tex.to_text(field.value)
    if not shown.isascii():
        shown = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in shown)
    if _YEAR.search(shown) or _YEAR.search(field.value) or _NO_YEAR.search(shown) or _ROMAN.fullmatch(shown):
        return True
    if field.name == "date":
        return all(map(_DATE_OF_BIBLATEX.fullmatch, shown.split("/")))
    return bool(_ANCIENT.fullmatch(shown)) and type not in {"article", "inproceedings"}


def bad_pages(library: Library) -> Iterator[Problem]:
    """Yield every `pages` that cannot be one: a placeholder, a range without an end or from a high page to a low one."""
    for entry, field in _fields(library, "pages"):
        shown = tex.to_text(field.value).strip()
        if len(shown) > _LONGEST:
            continue
        if _PLACEHOLDER.fullmatch(shown):
            yield _at(library, entry, field, f"{_shown(field)} stands for nothing; write the pages or take the field out")
        elif _OPEN_RANGE.fullmatch(shown):
            yield _at(library, entry, field, f"{_shown(field)} is half a range; write both ends, or one page")
        elif _is_backward(shown):
            yield _at(library, entry, field, f"{_shown(field)} runs backward; correct one end")


def _is_backward(shown: str) -> bool:
    """Whether a plain range ends before it begins; `123--25` is short for `123--125`, and so no accident."""
    match = _RANGE.fullmatch(shown)
    if not match or match[1].lower() != match[3].lower():
        return False
    first, last = match[2], match[4]
    return len(first) == len(last) and int(last) < int(first)


def pages_dash(library: Library) -> Iterator[Problem]:
    """Yield every plain range of pages with one dash, which BibTeX prints as a hyphen."""
    for entry, field in _fields(library, "pages"):
        match = _SINGLE_DASH.fullmatch(field.value.strip()) if len(field.value) <= _LONGEST else None
        if match and is_plain(library, field):
            wanted = f"{match[1]}--{match[2]}"
            fix = change(library, entry, f"writes {wanted}", {"pages": wanted})
            yield _at(library, entry, field, f"{_shown(field)} has one dash; write {wanted}", fix)


def bad_url(library: Library) -> Iterator[Problem]:
    """Yield every `url` that is no address, or more than one."""
    for entry, field in _fields(library, "url"):
        text = " ".join(field.value.split())
        if not _ADDRESS.fullmatch(text.strip("{}")) or _several(text):
            yield _at(library, entry, field, *_bad_url(library, entry, field, text))


def _several(text: str) -> bool:
    """Whether addresses stand side by side; one in another one (an archive's, a proxy's) does not."""
    pieces = _BETWEEN.split(text)
    return len([piece for piece in pieces if piece.startswith(("http://", "https://"))]) > 1


def _bad_url(library: Library, entry: Entry, field: Field, text: str) -> tuple[str, Fix | None]:
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped and _ADDRESS.fullmatch(inner := (wrapped[1] or wrapped[2] or "").strip()):
        fix = change(library, entry, "takes the wrapping off", {"url": inner})
        return "`url` is an address already; write it without \\url and brackets", fix
    if _several(text):
        return f"{_shown(field)} holds several addresses; keep one, the others in `note`", None
    if _HOST.fullmatch(text) and not _FILE.fullmatch(text):
        return f"{_shown(field)} has no scheme; write https://{text}", None
    if " " in text:
        return f"{_shown(field)} has blanks in it; write one address", None
    return f"{_shown(field)} is no address; write one that starts with https://, or take it out", None


def _fields(library: Library, *wanted: str) -> Iterator[tuple[Entry, Field]]:
    """Every first field of these names that says something."""
    for entry in library.bibliography.entries:
        for name in wanted:
            field = entry.field(name)
            if field and field.value.strip(" {}\t\r\n"):
                yield entry, field


def _at(library: Library, entry: Entry, field: Field, message: str, fix: Fix | None = None) -> Problem:
    return Problem(message, library.bibliography.path, field.line, entry.key, fix=fix)


def _shown(field: Field) -> str:
    text = " ".join(field.value.split())
    return f"{field.name} {text if len(text) <= 60 else f'{text[:59]}…'!r}"


RULES = (
    Rule("entry-bad-doi", "error", "a `doi` that is no DOI", bad_doi),
    Rule("entry-doi-form", "hint", "a `doi` with an address or a prefix around it", doi_form, "writes the bare DOI"),
    Rule("entry-preprint-doi", "warning", "arXiv's DOI of a preprint in `doi`", preprint_doi, "moves it to `eprint`"),
    Rule("entry-bad-arxiv", "error", "an `eprint` that is no arXiv id though it is said to be one", bad_arxiv),
    Rule(
        "entry-eprint-form",
        "hint",
        "an arXiv `eprint` with a prefix, or that does not say it is arXiv's",
        eprint_form,
        "writes the bare id and its type",
    ),
    Rule("entry-bad-year", "warning", "a `year` or `date` that names none", bad_year),
    Rule("entry-bad-pages", "warning", "`pages` that cannot be: a placeholder, half a range, one that runs backward", bad_pages),
    Rule("entry-pages-dash", "hint", "a range of pages with a single dash", pages_dash, "writes two"),
    Rule("entry-bad-url", "warning", "a `url` that is no address, or several", bad_url, "takes `\\url{…}` off"),
)
