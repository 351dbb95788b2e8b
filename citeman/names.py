"""Person names in BibTeX's grammar: reading an author field, writing one, and the forms in which names are shown and compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from citeman import tex
from citeman.model import Name

OTHERS = Name(literal="others")
"""What `and others` stands for: there are more."""

_PIECE = re.compile(r"\\.|[{},]|[\s~]+|[^\\{},\s~]+", re.S)
_SUFFIX = re.compile(r"(?:[JS]r\.?|II|III|IV)")
_ABBREVIATED = re.compile(r"[A-Z]{2,3}")
_LAST_LETTER_OF_COMMAND = {"aa", "ae", "dh", "dj", "i", "j", "l", "ng", "o", "oe", "ss", "th"}
_SPECIAL_CHARACTER = re.compile(r"\{\\([A-Za-z]+|.)[\s{\\]*(\w?)", re.S)
_CAPITAL_PARTICLES = frozenset(
    ["Van", "Von", "De", "Del", "Della", "Der", "Den", "Dos", "Di", "Da", "Du", "Le", "La", "El", "Al", "Ter", "Ten"]
)
_PARTICLES = frozenset(
    [
        "af",
        "al",
        "ap",
        "aus",
        "av",
        "da",
        "dal",
        "de",
        "degli",
        "dei",
        "del",
        "della",
        "den",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "la",
        "le",
        "ten",
        "ter",
        "van",
        "vom",
        "von",
        "zu",
    ]
)
_VIETNAMESE = frozenset(
    [
        "nguyen",
        "tran",
        "le",
        "pham",
        "phan",
        "hoang",
        "huynh",
        "vu",
        "vo",
        "dang",
        "bui",
        "do",
        "ho",
        "ngo",
        "duong",
        "ly",
        "dinh",
        "truong",
        "trinh",
        "doan",
    ]
)
_JOINING = frozenset({"y", "e", "i"})
_COLLECTIVE = re.compile(
    r"\b(?:Team|Group|Collaboration|Consortium|Project|Initiative|Committee|Community|Contributors|Developers|Authors|Labs?|Institute"
    r"|University|Foundation|Association|Society|Network|Council|Agency|Organi[sz]ation|Inc|LLC|Ltd|AI|Research)\b|[@&\d]"
    r"|\b(?:team|group|collaboration|consortium|contributors|authors)\Z|\A(?:The|the|for the|on behalf of)\s"
)
_ONE_WORD_COLLECTIVE = re.compile(r".*?[a-z]-?[A-Z]|[A-Z]{3,}|.*-[A-Z]{2,}")


def split(value: str) -> list[str]:
    """Return the names of a field: what words `and` outside braces separate, with single blanks; no empty ones."""
    names: list[list[str]] = [[]]
    for word in _words(value):
        if word.lower() == "and":
            names.append([])
        else:
            names[-1].append(word)
    return [" ".join(words) for words in names if words]


@lru_cache(maxsize=4096)
def parse(value: str) -> tuple[Name, ...]:
    """Return the names of a BibTeX author or editor field, parts as TeX as written. Any text is accepted.

    A suffix is also seen where BibTeX would take it for a family name (`Robert Parker Jr.`, `Parker, Robert, Jr.`).
    """
    return tuple(parse_one(name) for name in split(value))


def parse_one(source: str) -> Name:
    """Return one name in any of BibTeX's forms: `First von Last`, `von Last, First`, `von Last, Jr, First`, `{Collective}`."""
    first, *rest = (_words(part) for part in _comma_parts(_balanced(source)))
    if not rest:
        return _given_first(first)
    if len(rest) == 1:
        return _family_first(first, [], rest[0])
    if _is_suffix(rest[-1]) and not _is_suffix(rest[0]):
        rest = [rest[-1], *rest[:-1]]
    return _family_first(first, rest[0], [word for part in rest[1:] for word in part])


def format(names: Iterable[Name]) -> str:
    """Return names as a BibTeX field: `Family, Given and von Family, Jr., Given and {Collective} and others`."""
    return " and ".join(written for name in names if (written := format_one(name)))


def format_one(name: Name) -> str:
    """Return one name as BibTeX; what would be read otherwise (a comma, a word `and`) is put in braces."""
    if name.literal:
        return "others" if name == OTHERS else f"{{{_unbraced(_balanced(name.literal))}}}"
    family = " ".join(filter(None, (_guarded(name.particle), _guarded(name.family))))
    if not name.given and not name.suffix:
        return family if len(_words(family)) < 2 and "," not in family else f"{family},"
    return ", ".join([family, *([_guarded(name.suffix)] if name.suffix else []), _guarded(name.given)])


def display(name: Name) -> str:
    """Return a name as people write it: `Jeremy M. Cohen`, `Aad van der Vaart`, `Martin Luther King Jr.`, `DeepSeek-AI`."""
    if name.literal:
        return tex.to_unicode(name.literal)
    return " ".join(part for part in (tex.to_unicode(name.given), family(name), tex.to_unicode(name.suffix)) if part)


def family(name: Name) -> str:
    """Return what a citation calls someone: the family name with its particle, or the collective."""
    if name.literal or not name.particle:
        return tex.to_unicode(name.literal or name.family or name.given)
    particle = tex.to_unicode(name.particle)
    return particle + ("" if particle.endswith(("'", "’", "-")) else " ") + tex.to_unicode(name.family)


def short(names: Sequence[Name]) -> str:
    """Return `Cohen`, `Cohen and Damian` or `Cohen et al.`; empty for nobody."""
    people = [name for name in names if name != OTHERS]
    if len(people) == 2 and len(names) == 2:
        return f"{family(people[0])} and {family(people[1])}"
    return family(people[0]) + (" et al." if len(names) > 1 else "") if people else ""


def initials(given: str) -> str:
    """Return a given name as initials: `Jeremy M.` is `J. M.`, `Jean-Luc` is `J.-L.`."""
    words = tex.to_unicode(given).replace(".", ". ").split()
    return " ".join(_initial(word) for word in words if word.strip(".-"))


def sort_key(name: Name) -> tuple[str, str, str]:
    """Return the key that sorts names as a reader looks them up: by family name with its particle, accents folded."""
    return tex.fold(family(name)), tex.fold(name.given), tex.fold(name.suffix)


def from_display(text: str) -> Name:
    """Return the name of plain text in reading order: `Jeremy M. Cohen`, `L. van der Maaten`, `Gemma Team`, `John Smith, Jr.`."""
    text = " ".join(text.split())
    if text.lower().rstrip(".") in {"et al", "others"}:
        return OTHERS
    if is_collective(text):
        return collective(text)
    parts = [_words(tex.escape(part)) for part in _comma_parts(text)]
    if len(parts) == 2 and _is_suffix(parts[1]):
        return _reading_order([*parts[0], *parts[1]])
    return _reading_order(parts[0]) if len(parts) == 1 else parse_one(tex.escape(text))


def from_parts(family: str, given: str = "", suffix: str = "") -> Name:
    """Return the name of an upstream's plain parts; a lower-case particle is taken off the family name."""
    if not given and not suffix and is_collective(family):
        return collective(family)
    name = _family_first(_words(tex.escape(family)), _words(tex.escape(suffix)), _words(tex.escape(given)))
    return name if name.suffix or not name.given else _without_suffix_in_given(name)


def collective(text: str) -> Name:
    """Return the name of a group, as one unbreakable word."""
    return Name(literal=tex.escape(" ".join(text.split())))


def is_collective(text: str) -> bool:
    """Say whether plain text names a group (`DeepSeek-AI`, `Gemma Team`, `The ATLAS Collaboration`) rather than a person."""
    if _COLLECTIVE.search(text):
        return True
    return " " not in text.strip() and bool(_ONE_WORD_COLLECTIVE.match(text.strip()))


def same(one: str, other: str, loose: bool = False) -> bool:
    """Say whether two author fields name the same people in the same order, whatever the form, TeX or accents.

    With `loose`, initials agree with full given names, and a middle name may be missing.
    """
    if one == other:
        return True
    ours, theirs = parse(one), parse(other)
    return len(ours) == len(theirs) and all(same_name(a, b, loose) for a, b in zip(ours, theirs, strict=True))


def same_name(one: Name, other: Name, loose: bool = False) -> bool:
    """Say whether two names are the same; `loose` as in `same`."""
    if one == other:
        return True
    ours, theirs = sort_key(one), sort_key(other)
    if ours == theirs:
        return True
    if (loose or one.literal or other.literal) and tex.fold(display(one)) == tex.fold(display(other)):
        return True
    return loose and ours[0] == theirs[0] and _initials_agree(ours[1].split(), theirs[1].split())


def _initials_agree(ours: list[str], theirs: list[str]) -> bool:
    return all(
        a.startswith(b) if len(b) == 1 else b.startswith(a) if len(a) == 1 else a == b for a, b in zip(ours, theirs, strict=False)
    )


def _given_first(words: list[str]) -> Name:
    if len(words) == 1 and _is_group(words[0]):
        return Name(literal=_unbraced(words[0]))
    if words == ["others"]:
        return OTHERS
    words, suffix = _split_suffix(words)
    lower = [index for index, word in enumerate(words[:-1]) if _is_lower(word)]
    start, end = (lower[0], lower[-1] + 1) if lower else (len(words) - 1, len(words) - 1)
    return Name(" ".join(words[end:]), " ".join(words[:start]), " ".join(words[start:end]), suffix)


def _family_first(family: list[str], suffix: list[str], given: list[str]) -> Name:
    if not suffix:
        family, found = _split_suffix(family)
        suffix = [found] if found else []
    if not family:
        family, given = given, []
    end = max((index + 1 for index, word in enumerate(family[:-1]) if _is_lower(word)), default=0)
    return Name(" ".join(family[end:]), " ".join(given), " ".join(family[:end]), " ".join(suffix))


def _reading_order(words: list[str]) -> Name:
    """Split a name by what its words are: BibTeX's rule, and particles that are written with a capital."""
    words, suffix = _split_suffix(words)
    start = len(words) - 1
    if start > 1 and words[start - 1] in _JOINING:
        start -= 2
    while start > 1 and _is_particle(words, start - 1):
        start -= 1
    start = 0 if words and words[0] in _PARTICLES else max(start, 0)
    return _family_first(words[start:], [suffix] if suffix else [], words[:start])


def _is_particle(words: list[str], index: int) -> bool:
    word = words[index]
    if word in _CAPITAL_PARTICLES:
        return tex.fold(words[-1]) not in _VIETNAMESE
    return _is_lower(word) and len(word.rstrip(".")) > 1


def _without_suffix_in_given(name: Name) -> Name:
    """Mend `given="Robert Jr."`, as some upstreams send it."""
    words, suffix = _split_suffix(name.given.split())
    return Name(name.family, " ".join(words).rstrip(","), name.particle, suffix)


def _split_suffix(words: list[str]) -> tuple[list[str], str]:
    if len(words) > 1 and _is_suffix(words[-1:]):
        return words[:-1], words[-1]
    return words, ""


def _is_suffix(words: list[str]) -> bool:
    return len(words) == 1 and bool(_SUFFIX.fullmatch(words[0]))


def _is_lower(word: str) -> bool:
    """Say whether BibTeX takes a word for a particle: its first letter outside braces, or in `{\\…}`, is lower case."""
    depth = 0
    for index, char in enumerate(word):
        if char == "{":
            special = _SPECIAL_CHARACTER.match(word, index) if depth == 0 else None
            if special:
                return _special_is_lower(special)
            depth += 1
        elif char == "}":
            depth -= 1
        elif depth <= 0 and char.isalpha():
            return char.islower()
    return False


def _special_is_lower(special: re.Match[str]) -> bool:
    command, letter = special.groups()
    if command.lower() in _LAST_LETTER_OF_COMMAND:
        return bool(command.islower())
    return bool(letter.islower())


def _initial(word: str) -> str:
    if _ABBREVIATED.fullmatch(word):
        return " ".join(f"{letter}." for letter in word)
    return "-".join(f"{piece[0]}." for piece in re.split(r"[-‐‑]", word) if piece)


def _words(source: str) -> list[str]:
    """Return what blanks and `~` outside braces separate."""
    if "{" not in source and "\\" not in source:
        return source.replace("~", " ").split()
    return [word for word in _pieces(source, lambda piece: not piece.replace("~", " ").strip()) if word]


def _comma_parts(source: str) -> list[str]:
    if "{" not in source:
        return source.split(",")
    return _pieces(source, lambda piece: piece == ",")


def _pieces(source: str, separates: Callable[[str], bool]) -> list[str]:
    """Cut a source at the pieces outside braces that separate."""
    parts: list[list[str]] = [[]]
    depth = 0
    for match in _PIECE.finditer(source):
        piece = match.group()
        depth = max(0, depth + {"{": 1, "}": -1}.get(piece, 0))
        if depth == 0 and separates(piece):
            parts.append([])
        else:
            parts[-1].append(piece)
    return ["".join(part) for part in parts]


def _is_group(word: str) -> bool:
    """Say whether a word is one brace group and no TeX letter (`{DeepSeek-AI}`, not `{\\O}`)."""
    return word.startswith("{") and not word.startswith("{\\") and word.endswith("}") and _closes_at_end(word)


def _closes_at_end(word: str) -> bool:
    depth = 0
    for index, char in enumerate(word):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return index == len(word) - 1
    return False


def _unbraced(word: str) -> str:
    while _is_group(word):
        word = word[1:-1].strip()
    return word


def _guarded(part: str) -> str:
    part = _balanced(part)
    return f"{{{part}}}" if len(_comma_parts(part)) > 1 or "and" in (word.lower() for word in _words(part)) else part


def _balanced(part: str) -> str:
    """Take the braces out of a part where they do not match, whether or not an escaped one counts (BibTeX counts it)."""
    whole = _matches(part) and _matches(piece for piece in _PIECE.findall(part))
    return part if whole else re.sub(r"\\*[{}]", "", part)


def _matches(pieces: Iterable[str]) -> bool:
    depth = 0
    for piece in pieces:
        depth += (piece == "{") - (piece == "}")
        if depth < 0:
            return False
    return depth == 0
