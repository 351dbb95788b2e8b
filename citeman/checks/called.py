"""What a citation's label says of a paper: the people it names, whether there are more, and the years."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from citeman import tex
from citeman.names.words import PARTICLES


@dataclass(frozen=True, slots=True)
class Called:
    """A label of the kind `Jacot et al. (2018)`, read."""

    names: tuple[str, ...]
    """The people as written, given names included where the label has them."""
    more: bool = False
    """`et al.`"""
    years: tuple[str, ...] = ()
    """Four digits each, or two where the label has but two."""
    suffix: str = ""
    """The letter behind a single year: `2023a`."""

    @property
    def identity(self) -> tuple[object, ...]:
        """What two labels have in common that call the same paper the same way: punctuation and given names aside."""
        families = tuple(tex.fold(name).split()[-1:] for name in self.names)
        return tuple(map(tuple, families)), self.more, self.years, self.suffix


_MORE = re.compile(
    r",?\s*\b(?:et\.?,?\s+al\b\.?|and others\b|and colleagues\b|u\. ?a\.|et coll\.)\s*|\s*\+(?=\s|\Z|\()|\s*(?:等人?|ら)\s*"
)
_YEAR = r"(?:1[6-9]\d\d|20\d\d)(?:[a-z](?![a-z]))?"
_YEARS = rf"({_YEAR}(?:\s*(?:[,;/&–-]|and)\s*(?:{_YEAR}|[b-z]\b))*|['’]\d\d\b)"
_VENUE = r"(?:[A-Z][\w.&' -]{0,30}[\s,'’]+)"
_WHEN = re.compile(rf"[\s,]*(?:[(\[]\s*{_VENUE}?)?{_YEARS}\s*年?\s*[)\]]?")
_WHEN_AFTER = re.compile(rf"[\s,]*[(\[]?\s*{_VENUE}?{_YEARS}\s*年?\s*[)\]]?")
_SHORT = re.compile(r"['’](\d\d)\b")
_ONE_YEAR = re.compile(r"(\d{4})([a-z]?)")
_INNER = re.compile(r"[(\[]([^()\[\]]*\d\d[^()\[\]]*)[)\]]\s*\Z")
_POSSESSIVE = re.compile(r"['’]s\b|(?<=s)['’](?=\s|\Z)")
_TOKEN = re.compile(r"[,;&]|[^\s,;&]+")
_AND = frozenset({"and", "&", "und", "et", "y", "和", "与", "及", "と"})
_LEAD_WORDS = "by of in from see via following cf cf. e.g. eg to with also compare and as per after"
_OPENER_WORDS = "See In As From By Following And The Also Cf Cf. E.g. Eg Compare Per After While Both Like Via"
_LEADS, _OPENERS = frozenset(_LEAD_WORDS.split()), frozenset(_OPENER_WORDS.split())
_OTHER_WORDS = """
    Section Sec Chapter Appendix Figure Fig Table Theorem Thm Lemma Proposition Corollary Equation Eq Algorithm Part
    Page Paper Papers Article Arxiv Preprint Thesis Blog Post Book Talk Slides Video Lecture Lectures Notes Course
    Tutorial Survey Review Report Code Demo Version Volume Vol Issue Workshop Conference Proceedings Journal Link Here
    This That These Those Our Their His Her NeurIPS January February March April May June July August September October
    November December Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Monday Tuesday Wednesday Thursday Friday Saturday
    Sunday Spring Summer Autumn Fall Winter
"""
_NO_NAMES = frozenset(_OTHER_WORDS.split())
_INITIALS = re.compile(r"(?:[A-Z]\.?-?){1,3}")
_SURNAME_WITH_CAPITAL = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Fitz|Van|Von|O['’]|D['’]|L['’])[A-Z]\w+")
_LONGEST = 300


@lru_cache(maxsize=4096)
def read(label: str) -> Called | None:
    """Read a label; None for what names nobody in a way that is certain enough: a title, `here`, a name without a year."""
    if len(label) > _LONGEST:
        return None
    text = unicodedata.normalize("NFKC", label).strip(" \t\"'“”‘’")
    while len(text) > 2 and (text[0], text[-1]) in {("(", ")"), ("[", "]")} and not set("()[]") & set(text[1:-1]):
        text = text[1:-1].strip()
    text = _POSSESSIVE.sub("", text)
    inner = _INNER.search(text)
    if inner and (_MORE.search(inner[1]) or not _people(text[: inner.start()])[0]) and (found := _read(inner[1])):
        return found
    return _read(text)


def _read(text: str) -> Called | None:
    more = _MORE.search(text)
    when = _WHEN_AFTER.match(text, more.end()) if more else _last_year(text)
    before = more or when
    if not before:
        return None
    names, lead = _people(text[: before.start()], bool(more))
    if not names or (lead and not more and lead.lower() not in _LEADS):
        return None
    years, suffix = _years(when[1]) if when else ((), "")
    return Called(names, bool(more), years, suffix)


def _last_year(text: str) -> re.Match[str] | None:
    """The first year that something stands before; what stands after it, a page or a theorem, says nothing."""
    for match in _WHEN.finditer(text):
        after = text[match.end() : match.end() + 1]
        if match.start() > 0 and not after.isalnum():
            return match
    return None


def _years(text: str) -> tuple[tuple[str, ...], str]:
    if short := _SHORT.search(text):
        return (short[1],), ""
    found = _ONE_YEAR.findall(text)
    return tuple(dict.fromkeys(year for year, _ in found)), found[0][1] if len(found) == 1 else ""


def _people(text: str, more: bool = False) -> tuple[tuple[str, ...], str]:
    """The names at the end of a text, and the word before them, if any; before `et al.` any word with a capital is a name."""
    tokens = _TOKEN.findall(text.strip(" ,;(["))
    start = len(tokens)
    if more and tokens and tokens[-1][0].isupper():
        start -= 1
    while start and (_is_joint(tokens[start - 1]) or _is_name_word(tokens[start - 1])):
        start -= 1
    while start < len(tokens) - 1 and (_is_joint(tokens[start]) or tokens[start] in _OPENERS):
        start += 1
    names: list[list[str]] = [[]]
    for token in tokens[start:]:
        if _is_joint(token):
            names.append([])
        else:
            names[-1].append(token)
    full = [name for name in names if name and not all(map(_INITIALS.fullmatch, name))]
    kept = full or [name for name in names if name and more]
    sound = kept and all(map(_is_name, kept))
    return tuple(map(" ".join, kept)) if sound else (), tokens[start - 1] if start else ""


def _is_joint(token: str) -> bool:
    return token in {",", ";"} or token in _AND


def _is_name_word(word: str) -> bool:
    if word in _NO_NAMES or any(char.isdigit() for char in word):
        return False
    return word in PARTICLES or word[0].isupper() or (word[0].isalpha() and not word[0].islower())


def _is_name(words: Sequence[str]) -> bool:
    """Whether words can be a name: at most four, the last one no particle and no acronym."""
    last = words[-1]
    if len(words) > 4 or last in PARTICLES:
        return False
    return len(last) < 2 or not last.isupper()


def is_odd(name: str) -> bool:
    """Whether a name has capitals where people's have none, as methods and firms do: `AlexNet`, `OpenAI`."""
    last = name.split()[-1]
    parts = [part for part in re.split(r"[-‐‑–]", last) if part]
    return any(not part[1:].islower() and len(part) > 1 and not _SURNAME_WITH_CAPITAL.fullmatch(part) for part in parts)
