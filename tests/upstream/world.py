"""The papers that the loopback upstream knows, and what may happen to them over the years."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any


@dataclass
class Version:
    """One version of a paper at arXiv."""

    date: str
    title: str
    authors: tuple[str, ...]
    abstract: str
    comment: str = ""
    withdrawn: bool = False


@dataclass
class Paper:
    """One paper at arXiv, as its latest version and its authors tell."""

    id: str
    versions: list[Version]
    category: str = "cs.LG"
    doi: str = ""
    journal_ref: str = ""


@dataclass
class World:
    """Everything that the four services know."""

    papers: dict[str, Paper] = field(default_factory=dict)
    works: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Lower-case DOI -> Crossref's work."""
    aliases: dict[str, str] = field(default_factory=dict)
    """A DOI that moved -> where it is now."""
    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Lower-case DOI -> DataCite's attributes, besides arXiv's papers."""
    pages: dict[str, str] = field(default_factory=dict)
    """Path under /pages/ -> HTML or BibTeX."""

    def add(self, id: str, title: str, authors: str, day: str, category: str = "cs.LG", **more: str) -> Paper:
        """Put a paper on arXiv; authors stand in one line, with commas between."""
        versions = int(more.pop("versions", "1"))
        comment = more.pop("comment", "")
        names = tuple(authors.split(", "))
        first = date.fromisoformat(day)
        made = [
            Version((first + timedelta(days=100 * number)).isoformat(), title, names, f"We study: {title}.", comment)
            for number in range(versions)
        ]
        self.papers[id] = Paper(id, made, category, **more)
        return self.papers[id]

    def publish(self, doi: str, title: str, authors: str, journal: str, day: str, *, of: str = "", **more: Any) -> dict[str, Any]:
        """Publish a work at Crossref; with `of`, the arXiv paper's author tells arXiv so."""
        parts = [int(part) for part in day.split("-")]
        work = {
            "DOI": doi.lower(),
            "type": more.pop("type", "journal-article"),
            "title": [title],
            "author": [_split(name) for name in authors.split(", ")] if authors else [],
            "container-title": [journal] if journal else [],
            "issued": {"date-parts": [parts]},
            "published": {"date-parts": [parts]},
            "publisher": more.pop("publisher", "A Publisher"),
            "URL": f"https://doi.org/{doi.lower()}",
            "relation": {},
            "reference": [{"key": "ref1", "unstructured": "An earlier work."}],
            **more,
        }
        self.works[doi.lower()] = work
        if of:
            self.papers[of].doi = doi
            self.papers[of].journal_ref = f"{journal} ({day[:4]})" if journal else ""
        return work

    def revise(self, id: str, day: str, **changes: Any) -> Version:
        """Post a new version of a paper."""
        paper = self.papers[id]
        paper.versions.append(replace(paper.versions[-1], date=day, withdrawn=False, **changes))
        return paper.versions[-1]

    def withdraw(self, id: str, day: str, reason: str) -> None:
        """Withdraw a paper: a last version without content, whose comment says why."""
        self.revise(id, day, comment=reason)
        self.papers[id].versions[-1].withdrawn = True

    def update(self, doi: str, kind: str, notice: str, day: str = "2024-01-15", source: str = "publisher") -> None:
        """Have a notice about a work: `retraction`, `expression_of_concern`, `correction`, `new_version`."""
        parts = [[int(part) for part in day.split("-")]]
        updates = self.works[doi.lower()].setdefault("updated-by", [])
        updates.insert(0, {"DOI": notice, "type": kind, "label": kind, "source": source, "updated": {"date-parts": parts}})

    def move(self, old: str, new: str) -> None:
        """Give a work another DOI; the old one redirects."""
        work = copy.deepcopy(self.works.pop(old.lower()))
        work["DOI"] = new.lower()
        self.works[new.lower()] = work
        self.aliases[old.lower()] = new.lower()

    def generate(self, count: int, published_every: int = 3) -> list[str]:
        """Make papers `2001.00001` …, every third with a version of record; return their ids."""
        found = []
        for number in range(1, count + 1):
            id = f"{2001 + number // 90_000}.{number % 90_000:05}"
            title, author = f"A study of phenomenon {number}", f"Ada Number{number}, Bo Common"
            day = (date(2020, 1, 1) + timedelta(days=number % 28)).isoformat()
            self.add(id, title, author, day)
            if published_every and number % published_every == 0:
                self.publish(
                    f"10.5555/gen.{number}",
                    title,
                    author,
                    "Journal of Studies",
                    "2021-06-01",
                    of=id,
                    page=f"{number}-{number + 9}",
                )
            found.append(id)
        return found

    def everything(self) -> Iterator[Paper]:
        """Yield the papers in an order that is nobody's."""
        return iter(sorted(self.papers.values(), key=lambda paper: paper.id[::-1]))


def _split(name: str) -> dict[str, Any]:
    given, _, family = name.rpartition(" ")
    return {"given": given, "family": family, "sequence": "additional", "affiliation": []} if given else {"name": name}


def seeded() -> World:
    """Return a world with some of the guide's own papers, and with traps beside them."""
    world = World()
    _preprints(world)
    _published(world)
    _books(world)
    _traps(world)
    return world


def _preprints(world: World) -> None:
    ntk = "Neural Tangent Kernel: Convergence and Generalization in Neural Networks"
    world.add("1806.07572", ntk, "Arthur Jacot, Franck Gabriel, Clément Hongler", "2018-06-20", versions="4")
    eos = "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability"
    who = "Jeremy M. Cohen, Simran Kaur, Yuanzhi Li, J. Zico Kolter, Ameet Talwalkar"
    world.add("2103.00065", eos, who, "2021-02-26", versions="3", comment="To appear in ICLR 2021")
    catapult = "The large learning rate phase of deep learning: the catapult mechanism"
    who = "Aitor Lewkowycz, Yasaman Bahri, Ethan Dyer, Jascha Sohl-Dickstein, Guy Gur-Ari"
    world.add("2003.02218", catapult, who, "2020-03-04", category="stat.ML")
    exact = "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks"
    saxe = "Andrew M. Saxe, James L. McClelland, Surya Ganguli"
    world.add("1312.6120", exact, saxe, "2013-12-20", category="cs.NE", versions="3", comment="Submission to ICLR2014")
    muon = "Jingyuan Liu, Jianlin Su, Xingcheng Yao, Zhejun Jiang, Guokun Lai, Yulun Du, Yidao Qin, Weixin Xu, Zhilin Yang"
    world.add("2502.16982", "Muon is Scalable for LLM Training", muon, "2025-02-24")
    lazy = "Lénaïc Chizat, Edouard Oyallon, Francis Bach"
    world.add(
        "1812.07956", "On Lazy Training in Differentiable Programming", lazy, "2018-12-19", category="math.OC", versions="5"
    )
    damian = "Self-Stabilization: The Implicit Bias of Gradient Descent at the Edge of Stability"
    world.add("2209.15594", damian, "Alex Damian, Eshaan Nichani, Jason D. Lee", "2022-09-30", versions="2")
    l2 = "L2 Regularization versus Batch and Weight Normalization"
    world.add("1706.05350", l2, "Twan van Laarhoven", "2017-06-16")
    even = "The Break-Even Point on Optimization Trajectories of Deep Neural Networks"
    who = "Stanisław Jastrzębski, Maciej Szymczak, Stanislav Fort, Devansh Arpit, Jacek Tabor, Kyunghyun Cho, Krzysztof Geras"
    world.add("2002.09572", even, who, "2020-02-21")
    world.add(
        "1412.6980", "Adam: A Method for Stochastic Optimization", "Diederik P. Kingma, Jimmy Ba", "2014-12-22", versions="9"
    )
    who = "Enric Boix-Adserà, Etai Littwin, Emmanuel Abbe, Samy Bengio, Joshua Susskind"
    world.add("2306.07042", "Transformers learn through gradual rank increase", who, "2023-06-12")
    world.add("math/0309136", "The entropy formula for graph flows", "Gemma Team, Robin", "2003-09-08", category="math.DG")
    world.add("2601.00001", r"Scaling with $\mu$P: a study of $\ell_\infty$ geometry", "X. Y. Z, Wei Li Jr.", "2026-01-02")


def _published(world: World) -> None:
    saxe = "Andrew M. Saxe, James L. McClelland, Surya Ganguli"
    semantic = "A mathematical theory of semantic development in deep neural networks"
    pnas = "Proceedings of the National Academy of Sciences"
    world.add("1810.10531", semantic, saxe, "2018-10-23", versions="2")
    printed = {
        "published-print": {"date-parts": [[2019, 6, 4]]},
        "volume": "116",
        "issue": "23",
        "page": "11537-11546",
        "ISSN": ["0027-8424"],
    }
    world.publish("10.1073/pnas.1820226116", semantic, saxe, pnas, "2019-05-17", of="1810.10531", **printed)
    who = "Mikhail Belkin, Daniel Hsu, Siyuan Ma, Soumik Mandal"
    bias = "Reconciling modern machine-learning practice and the classical bias–variance trade-off"
    world.add(
        "1812.11118",
        "Reconciling modern machine learning practice and the bias-variance trade-off",
        who,
        "2018-12-28",
        category="stat.ML",
    )
    world.publish(
        "10.1073/pnas.1903070116", bias, who, pnas, "2019-07-24", of="1812.11118", volume="116", issue="32", page="15849-15854"
    )
    who = "Difan Zou, Yuan Cao, Dongruo Zhou, Quanquan Gu"
    relu = "Gradient descent optimizes over-parameterized deep ReLU networks"
    world.add("1811.08888", relu, who, "2018-11-21")
    printed = {
        "published-print": {"date-parts": [[2020, 3]]},
        "volume": "109",
        "issue": "3",
        "page": "467-492",
        "ISSN": ["0885-6125"],
    }
    world.publish("10.1007/s10994-019-05839-6", relu, who, "Machine Learning", "2019-10-23", of="1811.08888", **printed)
    who = "Mario Geiger, Stefano Spigler, Arthur Jacot, Matthieu Wyart"
    title = "Disentangling feature and lazy training in deep neural networks"
    world.add("1906.08034", title, who, "2019-06-19", versions="2")
    journal = "Journal of Statistical Mechanics: Theory and Experiment"
    world.publish(
        "10.1088/1742-5468/abc4de", title, who, journal, "2020-11-01", of="1906.08034", volume="2020", issue="11", page="113301"
    )
    who = "Abdulkadir Canatar, Blake Bordelon, Cengiz Pehlevan"
    title = (
        "Spectral bias and task-model alignment explain generalization in kernel regression and infinitely wide neural networks"
    )
    world.add("2006.13198", title, who, "2020-06-23", category="stat.ML", versions="6")
    more = {"volume": "12", "issue": "1", "article-number": "2914", "ISSN": ["2041-1723"]}
    world.publish("10.1038/s41467-021-23103-1", title, who, "Nature Communications", "2021-05-18", of="2006.13198", **more)
    who = "Song Mei, Andrea Montanari, Phan-Minh Nguyen"
    title = "A mean field view of the landscape of two-layer neural networks"
    world.add("1804.06561", title, who, "2018-04-18", category="stat.ML", versions="2")
    world.publish("10.1073/pnas.1806579115", title, who, pnas, "2018-07-27", volume="115", issue="33", page="E7665-E7671")


def _books(world: World) -> None:
    world.publish(
        "10.1007/3-540-49430-8_2",
        "Efficient BackProp",
        "Yann LeCun, Leon Bottou, Genevieve B. Orr, Klaus-Robert Müller",
        "",
        "1998",
        type="book-chapter",
        publisher="Springer Berlin Heidelberg",
        page="9-50",
        **{"container-title": ["Lecture Notes in Computer Science", "Neural Networks: Tricks of the Trade"]},
    )
    more = {"volume": "22", "issue": "3", "page": "400-407", "publisher": "Institute of Mathematical Statistics"}
    journal = "The Annals of Mathematical Statistics"
    title = "A Stochastic Approximation Method"
    world.publish("10.1214/aoms/1177729586", title, "Herbert Robbins, Sutton Monro", journal, "1951-09", **more)
    more = {"type": "book", "publisher": "Springer International Publishing", "publisher-location": "Cham"}
    book = world.publish("10.1007/978-3-319-91578-4", "Lectures on Convex Optimization", "Yurii Nesterov", "", "2018", **more)
    book["ISBN"] = ["9783319915777", "9783319915784"]
    sici = "10.1002/(sici)1096-9861(20010212)430:3<283::aid-cne1031>3.0.co;2-v"
    world.publish(sici, "A work with an old kind of DOI", "Jon H. Kaas", "Journal of Old Numbers", "2001-02-12")
    world.publish("10.5555/with,comma", "A work whose DOI has a comma", "Ann Other", "Journal of Odd Numbers", "2010")
    world.data["10.5281/zenodo.1196821"] = {
        "doi": "10.5281/zenodo.1196821",
        "titles": [{"title": "Measurements of a thing"}],
        "creators": [{"name": "Staib, Matthias", "nameType": "Personal", "givenName": "Matthias", "familyName": "Staib"}],
        "publisher": "Zenodo",
        "publicationYear": 2018,
        "types": {"resourceTypeGeneral": "Dataset"},
        "dates": [{"date": "2018-03-14", "dateType": "Issued"}],
    }


def _traps(world: World) -> None:
    """Works that look like another: fakes, near titles, a preprint and its version of record elsewhere, a DOI that moved."""
    adam = "Diederik P. Kingma, Jimmy Ba"
    fake = {"type": "posted-content", "subtype": "preprint"}
    world.publish("10.65215/adam.1", "Adam: A Method for Stochastic Optimization", adam, "", "2025-05-01", **fake)
    near = "Analysis of Adam: A Method for Stochastic Optimization"
    world.publish("10.5555/near.adam", near, "Some Body", "Journal of Near Misses", "2019")
    title = "A preprint that another server has"
    preprint = world.publish("10.1101/2020.12.01.406702", title, "Ann Other", "", "2020-12-01", **fake)
    preprint["institution"] = [{"name": "bioRxiv"}]
    preprint["relation"] = {"is-preprint-of": [{"id-type": "doi", "id": "10.5555/vor.1", "asserted-by": "subject"}]}
    record = world.publish("10.5555/vor.1", title, "Ann Other", "Journal of Records", "2021-03")
    record["relation"] = {"has-preprint": [{"id-type": "doi", "id": "10.1101/2020.12.01.406702", "asserted-by": "object"}]}
    world.publish("10.26434/new.5406907.v5", "A work whose DOI moved", "Ann Other", "Journal of Movers", "2018")
    world.aliases["10.26434/old.5406907"] = "10.26434/new.5406907.v5"
    title = "RETRACTED: Findings that did not hold"
    world.publish("10.5555/retracted.1", title, "Ann Other", "Journal of Regrets", "2015", volume="1")
    world.update("10.5555/retracted.1", "retraction", "10.5555/notice.1", "2019-02-03")
    world.update("10.5555/retracted.1", "correction", "10.5555/notice.2", "2016-05-01", source="retraction-watch")
    title = "A result that was taken back"
    world.add("0901.3666", title, "Fabio Musso", "2009-01-23", category="q-bio.PE")
    world.withdraw("0901.3666", "2011-02-02", "This paper has been withdrawn by the author due to an error in Lemma 2")
