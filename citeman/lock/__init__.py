"""`refs/citeman.lock`: what each source last said of each citation key, and what people settled about it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any, Literal, Self, get_args

from citeman.errors import CitemanError
from citeman.lock.papers import Papers, spans
from citeman.model import Record, SourceName, Update
from citeman.named import NamedTuple

FORMAT = 1
PATH = "refs/citeman.lock"
A_DAY = timedelta(days=1)

Choice = Literal["accept", "keep"]


class DamagedLock(CitemanError):
    """The lock cannot be read; it can be rebuilt from the sources, and no edit is lost by doing so."""


class Said(NamedTuple):
    """What one source last said of one work: a `Record` without its abstract, and when it was said."""

    source: SourceName
    identifier: str = ""
    type: str = ""
    fields: Mapping[str, str] = MappingProxyType({})
    version: int = 0
    published: str = ""
    updated: str = ""
    abstract: str = ""
    """A digest of the abstract, enough to see that it changed; the abstract itself lives in the local index only."""
    comment: str = ""
    journal_ref: str = ""
    published_doi: str = ""
    preprint: str = ""
    withdrawn: str = ""
    updates: tuple[Update, ...] = ()
    aliases: tuple[str, ...] = ()
    hash: str = ""
    fetched: str = ""
    """ISO time, UTC."""

    @classmethod
    def of(cls, record: Record, fetched: str = "") -> Self:
        """Keep of a record what the lock keeps."""
        values = {name: getattr(record, name) for name in RECORD_FIELDS}
        return cls(**values | {"fields": dict(record.fields), "abstract": digest(record.abstract), "fetched": fetched})

    @property
    def record(self) -> Record:
        """The record as it was said, its abstract left out."""
        return Record(**{name: getattr(self, name) for name in RECORD_FIELDS} | {"abstract": ""})


RECORD_FIELDS = Record._fields


class Decision(NamedTuple):
    """What a person settled for one field, and the upstream value it was settled for: another value asks again."""

    choice: Choice
    theirs: str = ""


class Locked(NamedTuple):
    """Everything the lock holds of one citation key."""

    said: Mapping[str, Said] = MappingProxyType({})
    """Source name -> what it last said."""
    settled: Mapping[str, Decision] = MappingProxyType({})
    """Field -> a person's decision."""
    open: Mapping[str, str] = MappingProxyType({})
    """Field in conflict -> the base value it was in before upstream and a person both changed it."""
    suffix: str = ""
    """The letter that tells this paper from another of the same authors and year, once given never moved."""

    @property
    def records(self) -> tuple[Record, ...]:
        """What every source last said, as records."""
        return tuple(self.said[source].record for source in sorted(self.said))

    @property
    def version(self) -> int:
        """The highest arXiv version that was seen; 0 when there is none."""
        return max((one.version for one in self.said.values()), default=0)

    @property
    def withdrawn(self) -> str:
        """The reason when a source says beyond doubt that the paper is withdrawn."""
        return next((one.withdrawn for one in self.said.values() if one.withdrawn), "")

    @property
    def updates(self) -> tuple[Update, ...]:
        """The notices about this work: retractions, corrections …"""
        return tuple(dict.fromkeys(update for one in self.said.values() for update in one.updates))


class Lock(NamedTuple):
    """The whole lock file. All times are ISO in UTC."""

    papers: Mapping[str, Locked] = MappingProxyType({})
    """Citation key -> what is locked for it."""
    damage: str = ""
    """Why the file could not be read as it stands; empty for a sound one."""

    @classmethod
    def empty(cls) -> Self:
        """A lock that knows nothing: the first sync fills it."""
        return cls()

    @classmethod
    def loads(cls, text: str, path: str = PATH) -> Self:
        """Read a lock file. Raises DamagedLock when it can only be rebuilt, CitemanError when a newer citeman wrote it."""
        if not text.strip():
            return cls()
        document = _json(text, path)
        _check_format(document, path)
        try:
            return cls({key: _locked(value) for key, value in document["papers"].items()})
        except (AttributeError, KeyError, TypeError, ValueError):
            raise DamagedLock(f"the lock is not in its own form; {REBUILD}", path) from None

    def dumps(self) -> str:
        """Write the lock as JSON: sorted, one value a line, nothing that is empty."""
        if isinstance(self.papers, Papers):
            return self.papers.dumps()
        papers = {key: _plain(value) for key, value in self.papers.items()}
        return json.dumps({"format": FORMAT, "papers": papers}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    def get(self, key: str) -> Locked:
        """Return what is locked for a key; an empty `Locked` for an unknown one."""
        return self.papers.get(key, NOTHING)

    def with_paper(self, key: str, locked: Locked) -> Self:
        """Return the lock with all that is known of one key replaced."""
        return self.with_papers({key: locked})

    def with_papers(self, new: Mapping[str, Locked]) -> Self:
        """Return the lock with all that is known of some keys replaced."""
        papers = self.papers
        return self._replace(papers=papers.with_papers(new) if isinstance(papers, Papers) else {**papers, **new})

    def with_record(self, key: str, record: Record, fetched: str, renew: timedelta = timedelta(0)) -> Self:
        """Return the lock with what one source said of a key.

        The time of an answer that says nothing new moves only when the old one is at least `renew` old: asking twice
        leaves no trace.
        """
        locked = self.get(key)
        said, before = Said.of(record, fetched), locked.said.get(record.source)
        if before and _says(before) == _says(said) and not _older(before.fetched, fetched, renew):
            return self
        return self.with_paper(key, locked._replace(said={**locked.said, record.source: said}))

    def with_suffix(self, key: str, suffix: str) -> Self:
        """Return the lock with the year suffix of a key pinned."""
        return self.with_paper(key, self.get(key)._replace(suffix=suffix))

    def without(self, key: str) -> Self:
        """Return the lock with a key forgotten."""
        return self._replace(papers={other: value for other, value in self.papers.items() if other != key})

    def renamed(self, old: str, new: str) -> Self:
        """Return the lock with what is known of `old` under the name `new`."""
        if old == new or old not in self.papers:
            return self
        return self.without(old).with_paper(new, self.papers[old])

    def due(self, key: str, now: datetime, max_age: timedelta, *sources: SourceName) -> bool:
        """Whether a key is to be asked for again: none of these sources (all, when none is named) spoke within `max_age`.

        A time in the future, left by a clock that was put back, never keeps a key from being asked.
        """
        said = self.get(key).said
        times = (moment(one.fetched) for name, one in said.items() if not sources or name in sources)
        return not any(time and timedelta(0) <= now - time < max_age for time in times)


NOTHING = Locked()
REBUILD = "`citeman sync` rebuilds it, and what you edited in references.bib stays"
MARKER = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(\s|$)", re.MULTILINE)


def read(text: str, path: str = PATH) -> Lock:
    """Read a lock file even when it is damaged: what git left in conflict from both sides, else as one that knows nothing.

    `damage` then says what is wrong. Raises CitemanError when a newer citeman wrote it.
    """
    try:
        return Lock.loads(text, path)
    except DamagedLock as damage:
        try:
            rescued = merged(text, path)
        except DamagedLock:
            rescued = Lock.empty()
        return rescued._replace(damage=str(damage))


def glance(text: str, path: str = PATH) -> Lock:
    """Read a lock file paper by paper, as each is asked for: for who looks at few of many, and changes fewer.

    What is wrong with a paper is found when it is looked at, as DamagedLock; what is wrong with the whole, as by `read`.
    """
    found = spans(text)
    return Lock(Papers(text, found, partial(_paper, path), _plain)) if found is not None else read(text, path)


def merged(text: str, path: str = PATH) -> Lock:
    """Read a lock that git left in conflict: both sides are read, and of each source's two answers the later one stays.

    Raises DamagedLock when a side cannot be read by itself.
    """
    ours, theirs = (Lock.loads(side, path) for side in _sides(text))
    keys = {**ours.papers, **theirs.papers}
    return Lock({key: _later(ours.get(key), theirs.get(key)) for key in keys})


def digest(text: str) -> str:
    """A short fingerprint of a text, blind to its line breaks; empty for an empty text."""
    words = " ".join(text.split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16] if words else ""


def moment(text: str) -> datetime | None:
    """Read an ISO time as UTC; None when it is none."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _says(said: Said) -> Said:
    """What was said, whenever, and in an answer of whatever bytes."""
    return said._replace(fetched="", hash="")


def _older(before: str, now: str, age: timedelta) -> bool:
    """Whether `before` lies at least `age` back, or is no time in the past at all."""
    then, today = moment(before), moment(now)
    return not (then and today and timedelta(0) <= today - then < age) and before != now


def _json(text: str, path: str) -> dict[str, Any]:
    marker = MARKER.search(text)
    if marker:
        raise DamagedLock(f"git left a merge conflict in the lock; {REBUILD}", path, text.count("\n", 0, marker.start()) + 1)
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise DamagedLock(f"the lock is no JSON; {REBUILD}", path, getattr(error, "lineno", 1)) from None
    if not isinstance(document, dict):
        raise DamagedLock(f"the lock is not in its own form; {REBUILD}", path)
    return document


def _check_format(document: dict[str, Any], path: str) -> None:
    found = document.get("format")
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise DamagedLock(f"the lock does not say its format; {REBUILD}", path)
    if found > FORMAT:
        raise CitemanError(
            f"the lock was written by a newer citeman (format {found}, this one reads {FORMAT}); upgrade citeman", path
        )


def _plain(value: Any) -> Any:
    """A frozen value as JSON values, without what is empty."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, str | int):
        return value
    if not hasattr(value, "_asdict"):
        return [_plain(item) for item in value]
    hidden = {"source"} if isinstance(value, Said) else set()
    return {name: _plain(member) for name, member in value._asdict().items() if member and name not in hidden}


def _paper(path: str, text: str) -> Locked:
    """Read what is locked for one key."""
    try:
        return _locked(json.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        raise DamagedLock(f"the lock is not in its own form; {REBUILD}", path) from None


def _locked(value: dict[str, Any]) -> Locked:
    return Locked(
        said={source: _said(source, said) for source, said in value.get("said", {}).items() if source in get_args(SourceName)},
        settled={name: _decision(one) for name, one in value.get("settled", {}).items()},
        open=_texts(value.get("open", {})),
        suffix=_text(value.get("suffix", "")),
    )


def _said(source: str, value: dict[str, Any]) -> Said:
    special: dict[str, Any] = {
        "source": source,
        "fields": _texts(value.get("fields", {})),
        "version": int(value.get("version", 0)),
        "updates": tuple(Update(**{"type": "", "doi": ""} | _texts(update)) for update in value.get("updates", [])),
        "aliases": tuple(_text(alias) for alias in value.get("aliases", [])),
    }
    plain = {name: _text(value.get(name, "")) for name in Said._fields if name not in special}
    return Said(**plain | special)


def _decision(value: dict[str, Any]) -> Decision:
    if value["choice"] not in get_args(Choice):
        raise ValueError(value["choice"])
    return Decision(value["choice"], _text(value.get("theirs", "")))


def _texts(value: dict[str, Any]) -> dict[str, str]:
    return {name: _text(text) for name, text in value.items()}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _sides(text: str) -> tuple[str, str]:
    """The two texts that a conflicted one stands for; the common ancestor that git may show is in neither."""
    sides: tuple[list[str], list[str]] = ([], [])
    where: tuple[int, ...] = (0, 1)
    for line in text.splitlines(keepends=True):
        marker = MARKER.match(line)
        if marker:
            where = {"<": (0,), "|": (), "=": (1,), ">": (0, 1)}[line[0]]
            continue
        for side in where:
            sides[side].append(line)
    return "".join(sides[0]), "".join(sides[1])


def _later(ours: Locked, theirs: Locked) -> Locked:
    """Join what two branches know of one key."""
    said = dict(theirs.said)
    for source, one in ours.said.items():
        if source not in said or said[source].fetched < one.fetched:
            said[source] = one
    return Locked(
        said,
        {**theirs.settled, **ours.settled},
        {**theirs.open, **ours.open},
        ours.suffix or theirs.suffix,
    )


def conflicts(lock: Lock) -> Iterator[tuple[str, str]]:
    """Every (key, field) that waits for a person to settle it."""
    for key in sorted(lock.papers):
        for name in sorted(lock.papers[key].open):
            yield key, name
