"""What the pages show, as values: papers, reading lists, sections, guides, the site. No look-up is left to the templates."""

from __future__ import annotations

from typing import NamedTuple

from citeman.render.addresses import href
from citeman.render.formats import coins
from citeman.render.formats.bibtex import Source
from citeman.render.works import Work

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


class Paper(NamedTuple):
    """One paper of the bibliography, ready to be shown."""

    work: Work
    name: str
    """Its own word in file names and ids."""
    title_html: str
    short: str
    reference_html: str
    source: Source
    """Its entry and what that needs."""
    badges: tuple[Badge, ...] = ()
    notices: tuple[Notice, ...] = ()
    facts: tuple[tuple[str, Link], ...] = ()
    """What its page says of its versions and identifiers."""
    read_in: tuple[ReadIn, ...] = ()
    people: str = ""
    """All its authors (or editors) in one line."""
    first_people: str = ""
    """The first of a long list of them, and how many more there are; empty for a list that is not long."""
    other_people: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """Names of earlier citation keys, whose pages lead to this one."""

    @property
    def bibtex(self) -> str:
        """Its source as a text of its own."""
        return str(self.source)

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
            filter(None, [self.work.title, names, self.place or ("Preprint" if self.work.is_preprint else ""), self.work.year])
        )

    @property
    def place(self) -> str:
        """Where it came out, in a few words."""
        return self.work.announced if self.work.is_preprint else self.work.container or self.work.publisher

    @property
    def status(self) -> str:
        """`preprint`, `published`, or empty for what is neither."""
        return "preprint" if self.work.is_preprint else "published" if self.work.container or self.work.publisher else ""


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
