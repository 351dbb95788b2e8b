"""What the pages show, as values: papers, reading lists, sections, guides, the site. No look-up is left to the templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from citeman.named import NamedTuple
from citeman.render import tags
from citeman.render.addresses import href
from citeman.render.formats import coins
from citeman.render.formats.bibtex import Source
from citeman.render.page import seen_of
from citeman.render.works import Work

if TYPE_CHECKING:
    from citeman.render.entries import Card

ROLE_TITLES = {
    "foundation": "Foundations",
    "result": "Results",
    "empirical": "Empirical studies",
    "critique": "Critiques",
    "survey": "Surveys",
    "textbook": "Textbooks",
    "background": "Background",
    "": "Other papers",
}
"""Role -> heading of its group, in the order in which a page by role shows them."""
ROLE_NAMES = {role: role.capitalize() for role in ROLE_TITLES}
KIND_NAMES = {"widget": "Interactive", "talk": "Talk", "code": "Code", "notes": "Notes", "chapter": "Chapter"}
START_HERE = 3
"""How many papers a section's lead shows."""


class Link(NamedTuple):
    """A place to go to: within the site where it is relative (to the site's root), out of it otherwise."""

    text: str
    href: str
    name: str = ""
    """For a paper of the same list: its word in ids."""


class Badge(NamedTuple):
    """One fact about a paper in a word or two, often with an address."""

    kind: str
    """arxiv, doi, page, open, published, preprint."""
    text: str
    href: str = ""
    title: str = ""


class Notice(NamedTuple):
    """A warning that a reader must see: withdrawn, retracted, corrected."""

    kind: str
    text: str
    href: str = ""


class ReadIn(NamedTuple):
    """One place where a paper is read, as its own page and the other lists show it."""

    title: str
    href: str
    guide: str
    section: int
    """Number of the section in the site."""
    role: str = ""
    level: str = ""
    tier: str = "core"
    question: bool = False
    why_html: str = ""
    context: str = ""
    guide_href: str = ""
    """The place in the published guide."""


class Details(NamedTuple):
    """What only a page that shows a paper needs of it."""

    work: Work
    title_html: str
    reference_html: str
    source: Source
    """Its entry and what that needs."""
    badges: tuple[Badge, ...] = ()
    notices: tuple[Notice, ...] = ()
    facts: tuple[tuple[str, Link], ...] = ()
    """What its page says of its versions and identifiers."""
    people: str = ""
    """All its authors (or editors) in one line."""
    first_people: str = ""
    """The first of a long list of them, and how many more there are; empty for a list that is not long."""
    other_people: tuple[str, ...] = ()


class Reader(Protocol):
    """Reads a paper of the bibliography as far as it is asked."""

    def card(self, key: str) -> Card:
        """Return what decides where it stands among all others."""

    def details(self, key: str) -> Details:
        """Return what its own page shows."""

    def aliases(self, key: str) -> tuple[str, ...]:
        """Return the names of its earlier citation keys."""

    def fingerprint(self, key: str) -> str:
        """Return a digest of its entry and all that this is read from."""

    def seen(self, key: str) -> str:
        """Return a digest of all that a page can show of it, without the places that list it."""


class Paper:
    """One paper of the bibliography; what pages without it do not need is read when it is first looked at."""

    __slots__ = ("_details", "_reader", "_seen", "key", "name", "read_in", "short")

    def __init__(self, reader: Reader, key: str, name: str, short: str, read_in: tuple[ReadIn, ...] = ()) -> None:
        self._reader = reader
        self._details: Details | None = None
        self._seen = ""
        self.key = key
        self.name = name
        """Its own word in file names and ids."""
        self.short = short
        """Its label."""
        self.read_in = read_in

    def __repr__(self) -> str:
        """It as it stands in what a page is made from."""
        return f"<{self.seen}>"

    def read(self) -> Details:
        """Return what is read of its entry for the pages that show it."""
        if self._details is None:
            self._details = self._reader.details(self.key)
        return self._details

    @property
    def seen(self) -> str:
        """A digest of all that a page can show of it."""
        if not self._seen:
            self._seen = self.seen_with(self.read_in)
        return self._seen

    def seen_with(self, places: tuple[object, ...]) -> str:
        """Return a digest of all that is shown of it where this is what is shown of the places that list it."""
        itself = self._reader.seen(self.key)
        return seen_of(itself, places) if places else itself

    @property
    def fingerprint(self) -> str:
        """A digest of its entry."""
        return self._reader.fingerprint(self.key)

    @property
    def year(self) -> str:
        """The year of the version of record, or of the preprint where there is none."""
        return self._reader.card(self.key).year

    @property
    def is_preprint(self) -> bool:
        """Tell whether it has been posted and not (yet) published."""
        return self._reader.card(self.key).is_preprint

    @property
    def place(self) -> str:
        """Where it came out, in a few words."""
        return self._reader.card(self.key).place

    @property
    def status(self) -> str:
        """`preprint`, `published`, or empty for what is neither."""
        return "preprint" if self.is_preprint else "published" if self.place else ""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Names of earlier citation keys, whose pages lead to this one."""
        return self._reader.aliases(self.key)

    @property
    def work(self) -> Work:
        """It in plain Unicode."""
        return self.read().work

    @property
    def title_html(self) -> str:
        """Its title."""
        return self.read().title_html

    @property
    def reference_html(self) -> str:
        """It in full, in the style of the pages."""
        return self.read().reference_html

    @property
    def source(self) -> Source:
        """Its entry and what that needs."""
        return self.read().source

    @property
    def bibtex(self) -> str:
        """Its source as a text of its own."""
        return str(self.read().source)

    @property
    def badges(self) -> tuple[Badge, ...]:
        """Where to find it."""
        return self.read().badges

    @property
    def badges_html(self) -> str:
        """The same as a list."""
        return tags.badges(self.badges)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a reader must be warned of."""
        return self.read().notices

    @property
    def facts(self) -> tuple[tuple[str, Link], ...]:
        """What its page says of its versions and identifiers."""
        return self.read().facts

    @property
    def facts_html(self) -> str:
        """The same as they stand in a `<dl>`."""
        return tags.facts(self.facts)

    @property
    def people(self) -> str:
        """All its authors (or editors) in one line."""
        return self.read().people

    @property
    def first_people(self) -> str:
        """The first of a long list of them; empty for a list that is not long."""
        return self.read().first_people

    @property
    def other_people(self) -> tuple[str, ...]:
        """The others of a long list."""
        return self.read().other_people

    @property
    def page(self) -> str:
        """Its page's path."""
        return f"papers/{self.name}.html"

    @property
    def href(self) -> str:
        """Its page's address."""
        return href(self.page)

    @property
    def coins(self) -> str:
        """It as a COinS title; only lists show it."""
        return coins.title(self.work)

    @property
    def described(self) -> str:
        """It in a line, for search engines and link previews."""
        names = f"{self.work.authors[0].display} and others" if len(self.work.authors) > 6 else self.people
        return ". ".join(
            filter(None, [self.work.title, names, self.place or ("Preprint" if self.is_preprint else ""), self.year])
        )


class Reading(NamedTuple):
    """One item of a reading list: a paper, a page on the web (`href` leads out) or a pointer to another section."""

    paper: Paper | None = None
    title: str = ""
    href: str = ""
    guide_href: str = ""
    """For a pointer: the section in the published guide."""
    kind: str = ""
    """For a resource what it is; `see` for a pointer."""
    role: str = ""
    level: str = ""
    tier: str = "core"
    why_html: str = ""
    why: str = ""
    """The same as plain text, as its author wrote it."""
    after: tuple[Link, ...] = ()
    after_keys: tuple[str, ...] = ()
    also: tuple[ReadIn, ...] = ()
    """The other places that list the paper."""
    added: str = ""
    missing: str = ""
    """The citation key of a paper that the bibliography lacks."""


class Section(NamedTuple):
    """One section of a guide with its reading list, or an open question within one."""

    number: int
    guide: int
    title: str
    anchor: str
    page: str
    """Its page's path; empty for a section with nothing to read."""
    href: str
    """Its page's address, for a question with its spot there."""
    guide_url: str = ""
    """Its place in the published guide."""
    readings: tuple[Reading, ...] = ()
    questions: tuple[Section, ...] = ()
    papers: tuple[Paper, ...] = ()
    """Its papers, the open questions' too, each once, in reading order."""
    aliases: tuple[str, ...] = ()
    """Pages of earlier anchors, which lead to this one."""

    @property
    def page_href(self) -> str:
        """Its page's address; empty for a section with nothing to read."""
        return href(self.page) if self.page else ""

    @property
    def stem(self) -> str:
        """Its page's path without the ending: the exports stand beside it."""
        return self.page.removesuffix(".html")

    def export(self, ending: str) -> str:
        """Return the address of one of its exports."""
        return href(f"{self.stem}.{ending}")

    @property
    def start(self) -> tuple[Reading, ...]:
        """The first core papers: where to begin."""
        core = [reading for reading in self.readings if reading.paper and reading.tier == "core"]
        return tuple(core[:START_HERE]) if len(core) > START_HERE else ()

    @property
    def rest(self) -> tuple[Reading, ...]:
        """The core items that the lead does not show."""
        start = {id(one) for one in self.start}
        return tuple(one for one in self.readings if one.tier == "core" and id(one) not in start)

    @property
    def further(self) -> tuple[Reading, ...]:
        """What is there for those who want more."""
        return tuple(one for one in self.readings if one.tier != "core")


class Guide(NamedTuple):
    """One guide of the project."""

    number: int
    name: str
    title: str
    url: str = ""
    sections: tuple[Section, ...] = ()


class Cue(NamedTuple):
    """A place in a guide's prose that asks for a citation and has none yet."""

    section: str
    """`guide#anchor`."""
    path: str
    line: int
    text: str


class Site(NamedTuple):
    """Everything that the pages show."""

    title: str
    url: str = ""
    """Where the site will be published, with a slash at its end; empty when nobody has said."""
    guides: tuple[Guide, ...] = ()
    papers: tuple[Paper, ...] = ()
    """All papers, newest first."""
    bibtex: str = ""
    """The whole bibliography."""
    cues: tuple[Cue, ...] | None = None
    """What the page of what is left to cite shows; None: there is no such page."""

    @property
    def sections(self) -> tuple[Section, ...]:
        """Every section that has a page, in order."""
        return tuple(section for guide in self.guides for section in guide.sections if section.page)
