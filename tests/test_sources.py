from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from citeman import ids
from citeman.ids import identifier
from citeman.model import Record, Update
from citeman.sources import arxiv, candidates, crossref, datacite, look_up, oai, pages, xml
from citeman.sources import upstream as settings
from citeman.sources.http import TRIES, Session
from citeman.sources.upstream import Answers, Unreachable
from tests.upstream import Upstream, bodies

Open = Callable[..., Session]


@pytest.fixture
def open_(upstream: Upstream, tmp_path: Path) -> Open:
    def made(offline: bool = False, max_age: float = 86_400.0) -> Session:
        chosen = settings.Upstream(
            arxiv_url=f"{upstream.address}/api/query",
            arxiv_oai_url=f"{upstream.address}/oai",
            crossref_url=f"{upstream.address}/crossref",
            datacite_url=f"{upstream.address}/datacite",
            arxiv_interval=0,
            mailto="ada@example.org",
            cache_dir=tmp_path / "cache",
        )
        return Session(chosen, offline=offline, max_age=max_age)

    return made


def found(answers: Answers, name: str) -> Record:
    record = answers.of(name)
    assert record is not None, (name, answers.missing, answers.unreachable, answers.outages)
    return record


# arXiv


def test_a_paper_from_arxiv(open_: Open) -> None:
    record = found(arxiv.fetch(open_(), ["https://arxiv.org/pdf/1312.6120v2"]), "arXiv:1312.6120")
    assert record.source == "arxiv"
    assert record.type == "misc"
    assert dict(record.fields) == {
        "title": "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
        "author": "Saxe, Andrew M. and McClelland, James L. and Ganguli, Surya",
        "year": "2013",
        "date": "2013-12-20",
        "eprint": "1312.6120",
        "eprinttype": "arxiv",
        "eprintclass": "cs.NE",
    }
    assert (record.version, record.published, record.updated) == (3, "2013-12-20", "2014-07-08")
    assert record.comment == "Submission to ICLR2014"
    assert record.abstract.startswith("We study")
    assert re.fullmatch(r"[0-9a-f]{64}", record.hash)


def test_names_and_titles_of_arxiv(open_: Open) -> None:
    answers = arxiv.fetch(open_(), ["1706.05350", "2601.00001", "math.DG/0309136", "2002.09572"])
    assert found(answers, "arXiv:1706.05350").fields["author"] == "van Laarhoven, Twan"
    assert found(answers, "arXiv:2601.00001").fields["author"] == "Z, X. Y. and Li, Jr., Wei"
    assert found(answers, "arXiv:math/0309136").fields["author"] == "{Gemma Team} and Robin"
    assert found(answers, "arXiv:2002.09572").fields["author"].startswith("Jastrzębski, Stanisław and ")
    assert r"$\mu$" in found(answers, "arXiv:2601.00001").fields["title"]


def test_what_the_author_told_arxiv_of_the_version_of_record(open_: Open) -> None:
    record = found(arxiv.fetch(open_(), ["1810.10531"]), "arXiv:1810.10531")
    assert record.published_doi == "10.1073/pnas.1820226116"
    assert record.journal_ref.startswith("Proceedings of the National Academy")
    assert "doi" not in record.fields


def test_many_papers_in_few_requests_in_any_order(open_: Open, upstream: Upstream) -> None:
    names = upstream.world.generate(250)
    answers = arxiv.fetch(open_(), [*names, "9999.99999", "2001.99999", "doi:10.1000/x"])
    assert len(answers.records) == 250
    assert answers.missing == ("arXiv:2001.99999",)
    assert upstream.counts == {"arxiv": 3}
    assert {record.identifier: record.fields["title"] for record in answers.records}[
        "arXiv:2001.00117"
    ] == "A study of phenomenon 117"


def test_a_malformed_id_never_reaches_arxiv(open_: Open, upstream: Upstream) -> None:
    answers = arxiv.fetch(open_(), ["1806.07572", "2113.00001", "0000.0000", "1706.0376x"])
    assert [record.identifier for record in answers.records] == ["arXiv:1806.07572"]
    assert upstream.log[0].query["id_list"] == "1806.07572"


def test_an_id_that_arxiv_refuses_all_the_same_is_asked_about_alone(
    open_: Open, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.upstream import server

    monkeypatch.setattr(server, "ARXIV_ID", re.compile(r"((?!2001\.00002)\d{4}\.\d{5})(?:v(\d+))?"))
    names = upstream.world.generate(5)
    answers = arxiv.fetch(open_(), names)
    assert len(answers.records) == 4
    assert answers.missing == ("arXiv:2001.00002",)
    assert answers.outages == {}


@pytest.mark.parametrize("kind", ["406", "429", "503", "403", "empty", "html", "text", "bomb", "truncated", "reset"])
def test_what_arxiv_cannot_say_now_oai_says(open_: Open, upstream: Upstream, kind: str) -> None:
    upstream.break_("arxiv", kind)
    answers = arxiv.fetch(open_(), ["1806.07572", "2001.99999"])
    record = found(answers, "arXiv:1806.07572")
    assert record.source == "arxiv-oai"
    assert record.version == 4
    assert record.fields["author"] == "Jacot, Arthur and Gabriel, Franck and Hongler, Clément"
    assert record.published == "2018-06-20"
    assert answers.missing == ("arXiv:2001.99999",)
    assert list(answers.outages) == ["arxiv"]
    assert upstream.counts["arxiv"] == TRIES


def test_when_all_of_arxiv_is_down_datacite_says_it(open_: Open, upstream: Upstream) -> None:
    upstream.break_("arxiv", "503")
    upstream.break_("arxiv-oai", "html")
    answers = arxiv.fetch(open_(), ["1810.10531", "2001.99999"])
    record = found(answers, "arXiv:1810.10531")
    assert record.source == "datacite"
    assert (record.version, record.published, record.updated) == (2, "2018-10-23", "2019-01-31")
    assert record.published_doi == "10.1073/pnas.1820226116"
    assert record.fields["eprintclass"] == "cs.LG"
    assert answers.missing == ()
    assert answers.unreachable == ("arXiv:2001.99999",)
    assert set(answers.outages) == {"arxiv", "arxiv-oai"}


def test_many_papers_go_to_datacite_at_once(open_: Open, upstream: Upstream) -> None:
    upstream.break_("arxiv", "406")
    answers = arxiv.fetch(open_(), upstream.world.generate(120))
    assert len(answers.records) == 120
    assert upstream.counts["datacite"] == 3
    assert upstream.counts["arxiv-oai"] == 0


def test_when_everything_is_down_nothing_is_missing(open_: Open, upstream: Upstream) -> None:
    for service in ("arxiv", "arxiv-oai", "datacite"):
        upstream.break_(service, "503")
    answers = arxiv.fetch(open_(), ["1806.07572", "2001.99999"])
    assert answers.records == answers.missing == ()
    assert answers.unreachable == ("arXiv:1806.07572", "arXiv:2001.99999")


def test_what_was_fetched_together_is_kept_apart(open_: Open, upstream: Upstream) -> None:
    arxiv.fetch(open_(), ["1806.07572", "2103.00065", "2001.99999"])
    upstream.forget()
    answers = arxiv.fetch(open_(offline=True), ["2103.00065", "2001.99999", "1412.6980"])
    assert [record.identifier for record in answers.records] == ["arXiv:2103.00065"]
    assert answers.missing == ("arXiv:2001.99999",)
    assert answers.unreachable == ("arXiv:1412.6980",)
    assert arxiv.fetch(open_(), ["2103.00065"]).records == answers.records
    assert not upstream.log
    assert arxiv.fetch(open_(max_age=0), ["2103.00065"]).records == answers.records
    assert upstream.counts == {"arxiv": 1}


def test_a_broken_entry_is_no_paper() -> None:
    entry = "<entry><id>http://arxiv.org/abs/{}</id><title>{}</title><author><name>A B</name></author></entry>"
    body = "".join(
        entry.format(*pair) for pair in [("2001.00001v1", "0"), ("2001.00002v1", ""), ("nonsense", "T"), ("2001.00003v1", "T")]
    )
    read = arxiv.parse(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>arXiv Query</title>{body}</feed>'.encode())
    assert [record.identifier for record in read] == ["arXiv:2001.00003"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_error_feed_is_no_paper(scheme: str) -> None:
    body = bodies.error_feed("incorrect id format for abc").replace(b"https://arxiv.org", f"{scheme}://arxiv.org".encode())
    with pytest.raises(arxiv.Refused, match="incorrect id format for abc"):
        arxiv.parse(body)


@pytest.mark.parametrize(
    "body", [b"", b"  ", b"Rate exceeded.", bodies.CAPTCHA, bodies.BOMB, b"<feed><entry>", b"\x00\xff", b"<html/>"]
)
def test_other_bytes_are_no_feed(body: bytes) -> None:
    with pytest.raises(xml.NotXml):
        arxiv.parse(body)


def test_a_search_goes_through_pages_and_over_empty_ones(open_: Open, upstream: Upstream) -> None:
    upstream.world.generate(450, published_every=0)
    upstream.empty_pages = {200}
    everything = arxiv.search(open_(), "ti:phenomenon", limit=1000)
    assert len(everything) == 450
    assert upstream.counts == {"arxiv": 4}
    assert len(arxiv.search(open_(), "ti:phenomenon", limit=5)) == 5


def test_a_search_in_a_window_of_days(open_: Open) -> None:
    hits = arxiv.search(open_(), 'abs:"edge of stability"', since="2022-01-01", until="2022-12-31")
    assert [record.identifier for record in hits] == ["arXiv:2209.15594"]
    assert arxiv.search(open_(), 'ti:"no such words"') == ()


def test_a_search_when_arxiv_is_down_says_so(open_: Open, upstream: Upstream) -> None:
    upstream.break_("arxiv", "429")
    with pytest.raises(Unreachable, match="arXiv cannot be reached"):
        arxiv.search(open_(), "ti:phenomenon")


# OAI-PMH


def test_a_withdrawal_beyond_doubt(open_: Open) -> None:
    withdrawn = arxiv.withdrawal(open_(), "arXiv:0901.3666")
    assert withdrawn is not None
    assert withdrawn.withdrawn == "This paper has been withdrawn by the author due to an error in Lemma 2"
    assert withdrawn.version == 2
    alive = arxiv.withdrawal(open_(), "1806.07572")
    assert alive is not None
    assert alive.withdrawn == ""
    assert arxiv.withdrawal(open_(), "2001.99999") is None


RAW = """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><metadata>
<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2001.00001</id>
<version version="v1"><date>Wed, 01 Jan 2020 10:00:00 GMT</date>
<size>5kb</size></version><title>On
  folded lines</title><authors>{authors}</authors><categories>cs.LG stat.ML</categories><doi>{doi}</doi></arXivRaw>
</metadata></record></GetRecord></OAI-PMH>"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ann One (1), Bo Two (2) and Cy Three (1) ((1) Dept. A, Town, (2) Dept. B)", "One, Ann and Two, Bo and Three, Cy"),
        (r"Mustafa Bora \c{C}elik, Hayriye Akta\c{s} Din\c{c}er", "Çelik, Mustafa Bora and Dinçer, Hayriye Aktaş"),
        ("Piotr T. Chrusciel, Erwann Delay (LANLG)", "Chrusciel, Piotr T. and Delay, Erwann"),
        (
            "HESS Collaboration: A. Abramowski, F. Acero, and J. van der Berg",
            "{HESS Collaboration} and Abramowski, A. and Acero, F. and van der Berg, J.",
        ),
    ],
)
def test_one_line_of_authors(line: str, expected: str) -> None:
    (record,) = oai.parse(RAW.format(authors=line, doi="").encode())
    assert record.fields["author"] == expected
    assert record.fields["title"] == "On folded lines"


def test_several_dois_in_one_field() -> None:
    (record,) = oai.parse(
        RAW.format(authors="A B", doi="10.1103/PhysRevD.93.016005, 10.1103/PhysRevD.98.079901;10.1103/x").encode()
    )
    assert record.published_doi == "10.1103/physrevd.93.016005"
    (record,) = oai.parse(RAW.format(authors="A B", doi="10.48550/arXiv.2001.00001").encode())
    assert record.published_doi == ""


def test_the_format_arxiv_dates_the_latest_version_only() -> None:
    body = b"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><metadata><arXiv><id>1101.5805</id>
    <created>2011-08-11</created><authors><author><keyname>Robin</keyname></author><author>
    <keyname>Berg</keyname><forenames>J. van den
    </forenames><suffix>Jr</suffix></author></authors><title>T</title>
    <categories>cs.DB</categories></arXiv></metadata></record></GetRecord></OAI-PMH>"""
    (record,) = oai.parse(body)
    assert record.published == ""
    assert "year" not in record.fields
    assert record.updated == "2011-08-11"
    assert record.fields["author"].startswith("Robin and ")


def test_an_oai_error_is_no_paper() -> None:
    body = bodies.oai_error("idDoesNotExist", "Nothing found")
    assert oai.parse(body) == ()
    assert oai.error(body) == "idDoesNotExist"


# Crossref


def work(**changes: object) -> Record:
    base: dict[str, object] = {
        "DOI": "10.1000/XYZ",
        "type": "journal-article",
        "title": ["A title"],
        "container-title": ["A Journal"],
    }
    (record,) = crossref.parse(json.dumps({"message-type": "work", "message": {**base, **changes}}).encode())
    return record


def test_a_work_from_crossref(open_: Open) -> None:
    record = found(crossref.fetch(open_(), ["doi:10.1073/PNAS.1820226116"]), "doi:10.1073/pnas.1820226116")
    assert (record.source, record.type) == ("crossref", "article")
    assert dict(record.fields) == {
        "title": "A mathematical theory of semantic development in deep neural networks",
        "author": "Saxe, Andrew M. and McClelland, James L. and Ganguli, Surya",
        "year": "2019",
        "date": "2019-06-04",
        "journal": "Proceedings of the National Academy of Sciences",
        "volume": "116",
        "number": "23",
        "pages": "11537--11546",
        "doi": "10.1073/pnas.1820226116",
        "issn": "0027-8424",
    }
    assert record.published == "2019-05-17"


def test_the_volumes_year_is_the_printed_one(open_: Open) -> None:
    record = found(crossref.fetch(open_(), ["10.1007/s10994-019-05839-6"]), "doi:10.1007/s10994-019-05839-6")
    assert record.fields["year"] == "2020"
    assert record.published == "2019-10-23"


def test_chapters_and_books(open_: Open) -> None:
    answers = crossref.fetch(open_(), ["10.1007/3-540-49430-8_2", "10.1007/978-3-319-91578-4"])
    chapter = found(answers, "doi:10.1007/3-540-49430-8_2")
    assert chapter.type == "incollection"
    assert chapter.fields["booktitle"] == "Neural Networks: Tricks of the Trade"
    assert chapter.fields["series"] == "Lecture Notes in Computer Science"
    assert "journal" not in chapter.fields
    book = found(answers, "doi:10.1007/978-3-319-91578-4")
    assert book.type == "book"
    assert book.fields["publisher"] == "Springer International Publishing"
    assert book.fields["address"] == "Cham"
    assert book.fields["isbn"] == "9783319915777"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("journal-article", "article"),
        ("proceedings-article", "inproceedings"),
        ("book-chapter", "incollection"),
        ("monograph", "book"),
        ("proceedings", "proceedings"),
        ("dissertation", "phdthesis"),
        ("report", "techreport"),
        ("posted-content", "misc"),
        ("dataset", "misc"),
        (None, "misc"),
        ("something-new", "misc"),
    ],
)
def test_crossrefs_types(given: str | None, expected: str) -> None:
    assert work(type=given).type == expected


def test_a_new_type_in_a_volume_of_a_journal_is_an_article() -> None:
    assert work(type="something-new", volume="3").type == "article"
    assert work(type="dissertation", degree=["Master of Science"]).type == "mastersthesis"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ([{"family": "Laarhoven", "given": "Twan", "prefix": "van"}], "van Laarhoven, Twan"),
        ([{"family": "van de Goor", "given": "Ien"}], "van de Goor, Ien"),
        ([{"family": "Hora", "given": "Donald", "suffix": "Jr."}], "Hora, Jr., Donald"),
        ([{"name": "GTEx Consortium"}], "{GTEx Consortium}"),
        ([{"family": "Wagman"}], "Wagman"),
        ([{"given": "Robin"}], "Robin"),
        ([{"family": "Chun-Li Chang"}], "Chang, Chun-Li"),
        ([{"family": "BROWNE, CAROLYN S."}], "Browne, Carolyn S."),
        ([{"family": "KUSUMOTO", "given": "Hiroyuki"}, {"family": "LI", "given": "J.-P."}], "Kusumoto, Hiroyuki and Li, J.-P."),
        ([{"family": "Li", "given": "A."}, {"family": "MA", "given": "JingHao"}], "Li, A. and MA, JingHao"),
        ([{"family": "Z", "given": "Xin"}], "Z, Xin"),
        ([{"family": "One", "given": "A."}, {"name": "et al."}, {"role": [{"role": "author"}]}], "One, A."),
        ([{"family": "M&amp;M", "given": "<i>A</i>"}], r"M\&M, A"),
        (None, None),
        ([None, "odd"], None),
    ],
)
def test_how_publishers_fill_in_names(author: object, expected: str | None) -> None:
    assert work(author=author).fields.get("author") == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": ["The <i>E. coli</i>\n      family"]}, "E. coli"),
        ({"title": ["A &amp;amp; B"]}, r"A \& B"),
        ({"title": ["One"], "subtitle": ["Two"]}, "One: Two"),
        ({"title": ["Why?"], "subtitle": ["Because"]}, "Why? Because"),
        ({"title": ["One: Two"], "subtitle": ["Two"]}, "One: Two"),
        ({"title": ["One"], "subtitle": ["ONE"]}, "One"),
        ({"title": ["Original", "Translation"]}, "Original"),
        ({"title": "A bare text"}, "A bare text"),
    ],
)
def test_how_publishers_fill_in_titles(changes: dict[str, object], expected: str) -> None:
    from citeman import tex

    assert tex.to_unicode(expected) in tex.to_unicode(work(**changes).fields["title"])


@pytest.mark.parametrize(
    ("changes", "year", "date"),
    [
        ({"issued": {"date-parts": [[None]]}}, None, None),
        ({"issued": {"date-parts": [[2019]]}}, "2019", "2019"),
        ({"issued": {"date-parts": [[2019, 5]]}}, "2019", "2019-05"),
        ({"issued": {"date-parts": [["2019", "5", "7"]]}}, "2019", "2019-05-07"),
        ({"issued": None, "posted": {"date-parts": [[2018, 1, 2]]}}, "2018", "2018-01-02"),
        ({"issued": {"date-parts": [[2019]]}, "published-print": {"date-parts": [[2020, 3]]}}, "2020", "2020-03"),
        ({"issued": {"date-parts": [[20190]]}}, None, None),
        ({"issued": {}}, None, None),
    ],
)
def test_how_publishers_fill_in_dates(changes: dict[str, object], year: str | None, date: str | None) -> None:
    fields = work(**changes).fields
    assert (fields.get("year"), fields.get("date")) == (year, date)


def test_pages_and_article_numbers() -> None:
    assert work(page="1-9").fields["pages"] == "1--9"
    assert work(page="1–9").fields["pages"] == "1--9"
    assert work(page="e14276-e14276").fields["pages"] == "e14276"
    assert work(**{"article-number": "113301"}).fields["pages"] == "113301"
    assert work(page="6.35.1-6.35.7").fields["pages"] == "6.35.1--6.35.7"


def test_two_container_titles_in_either_order() -> None:
    lecture, book = "Lecture Notes in Computer Science", "Neural Networks"
    for titles in ([lecture, book], [book, lecture]):
        record = work(type="proceedings-article", **{"container-title": titles})
        assert (record.fields["booktitle"], record.fields["series"]) == (book, lecture)
    named = work(type="proceedings-article", **{"container-title": [], "event": {"name": "A Conference"}})
    assert named.fields["booktitle"] == "A Conference"


def test_preprint_and_version_of_record_point_at_each_other(open_: Open) -> None:
    answers = crossref.fetch(open_(), ["10.1101/2020.12.01.406702", "10.5555/vor.1"])
    preprint = found(answers, "doi:10.1101/2020.12.01.406702")
    assert preprint.published_doi == "10.5555/vor.1"
    assert (preprint.type, preprint.fields["year"]) == ("misc", "2020")
    assert found(answers, "doi:10.5555/vor.1").preprint == "doi:10.1101/2020.12.01.406702"
    assert work(relation=[]).published_doi == ""
    assert work(relation={"has-preprint": [{"id": "10.48550/arXiv.2001.00001"}]}).preprint == "arXiv:2001.00001"


def test_notices_about_a_work(open_: Open) -> None:
    record = found(crossref.fetch(open_(), ["10.5555/retracted.1"]), "doi:10.5555/retracted.1")
    assert [update.type for update in record.updates] == ["correction", "retraction"]
    assert record.updates[1] == Update("retraction", "10.5555/notice.1", "2019-02-03", "publisher")
    assert record.fields["title"] == "Findings that did not hold"


def test_a_new_version_is_no_notice_and_a_word_in_the_title_is_one() -> None:
    versions = [{"DOI": "10.1/v2", "type": "new_version", "updated": {"date-time": "2024-01-01T00:00:00Z"}}]
    assert work(**{"updated-by": versions}).updates == ()
    concern = [{"DOI": "10.1/C", "type": "expression-of-concern", "updated": {"date-time": "2024-01-01T00:00:00Z"}}]
    assert work(**{"updated-by": concern}).updates == (Update("expression_of_concern", "10.1/c", "2024-01-01", ""),)
    assert work(title=["RETRACTED ARTICLE: A finding"]).updates == (Update("retraction", "10.1000/xyz", "", "title"),)
    assert work(title=["WITHDRAWN: A finding"]).updates[0].type == "withdrawal"
    assert work(title=["Retracted potentials in nuclei"]).updates == ()


def test_a_hundred_dois_in_few_requests(open_: Open, upstream: Upstream) -> None:
    upstream.world.generate(300)
    dois = [doi for doi in upstream.world.works if doi.startswith("10.5555/gen.")]
    assert len(dois) == 100
    answers = crossref.fetch(open_(), [f"https://doi.org/{doi.upper()}" for doi in dois])
    assert len(answers.records) == 100
    assert upstream.counts == {"crossref": 1}
    assert "reference" not in upstream.log[0].query["select"].split(",")


def test_a_thousand_long_dois_keep_addresses_short(open_: Open, upstream: Upstream) -> None:
    for number in range(1000):
        upstream.world.publish(f"10.1016/j.journal.2020.{number:06}", f"Work {number}", "A B", "J", "2020")
    answers = crossref.fetch(open_(), [f"doi:{doi}" for doi in upstream.world.works if "j.journal" in doi])
    assert len(answers.records) == 1000
    assert upstream.counts["crossref"] <= 12


def test_odd_dois(open_: Open) -> None:
    sici = "10.1002/(SICI)1096-9861(20010212)430:3<283::AID-CNE1031>3.0.CO;2-V"
    answers = crossref.fetch(open_(), [sici, "10.5555/with,comma", "10.1007/3-540-49430-8_2"])
    assert len(answers.records) == 3
    assert answers.missing == ()


def test_a_doi_that_moved_answers_to_its_old_name(open_: Open) -> None:
    answers = crossref.fetch(open_(), ["10.26434/old.5406907"])
    record = found(answers, "doi:10.26434/old.5406907")
    assert record.identifier == "doi:10.26434/new.5406907.v5"
    assert record.aliases == ("doi:10.26434/old.5406907",)
    assert found(crossref.fetch(open_(offline=True), ["10.26434/old.5406907"]), "doi:10.26434/old.5406907") == record


def test_an_unknown_doi_is_missing_an_outage_is_not(open_: Open, upstream: Upstream) -> None:
    assert crossref.fetch(open_(), ["10.5555/none"]).missing == ("doi:10.5555/none",)
    upstream.break_("crossref", "429")
    answers = crossref.fetch(open_(), ["10.5555/other"])
    assert answers.missing == ()
    assert answers.unreachable == ("doi:10.5555/other",)
    assert answers.outages == {"crossref": "HTTP 429"}


@pytest.mark.parametrize("kind", ["html", "empty", "text", "truncated", "500", "504", "reset"])
def test_crossrefs_bad_days(open_: Open, upstream: Upstream, kind: str) -> None:
    upstream.break_("crossref", kind)
    answers = crossref.fetch(open_(), ["10.1073/pnas.1820226116"])
    assert answers.unreachable == ("doi:10.1073/pnas.1820226116",)
    upstream.mend()
    assert crossref.fetch(open_(), ["10.1073/pnas.1820226116"]).records


def test_a_list_that_crossref_refuses_is_halved(open_: Open, upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.upstream import server

    answer = server.list_works

    def picky(world: object, query: dict[str, str]) -> tuple[int, bytes]:
        bad = "gen.3," in query.get("filter", "") + ","
        return (400, bodies.crossref("validation-failure", [{"message": "bad"}], "failed")) if bad else answer(world, query)  # type: ignore[arg-type]

    monkeypatch.setattr(server, "list_works", picky)
    upstream.world.generate(60)
    dois = [doi for doi in upstream.world.works if doi.startswith("10.5555/gen.")]
    assert len(crossref.fetch(open_(), dois).records) == 20


def test_a_bibliographic_search_leaves_fakes_out(open_: Open) -> None:
    hits = crossref.search_bibliographic(open_(), "Adam: A Method for Stochastic Optimization Kingma Ba")
    assert hits[0].identifier == "doi:10.5555/near.adam"
    assert not any(record.identifier.startswith("doi:10.65215/") for record in hits)


# DataCite


def test_a_doi_of_datacites(open_: Open) -> None:
    record = found(datacite.fetch(open_(), ["10.5281/zenodo.1196821"]), "doi:10.5281/zenodo.1196821")
    assert (record.source, record.type) == ("datacite", "misc")
    assert record.fields["author"] == "Staib, Matthias"
    assert record.fields["publisher"] == "Zenodo"
    assert record.fields["year"] == "2018"


# everything at once


def test_one_question_for_everything(open_: Open, upstream: Upstream) -> None:
    upstream.world.pages["x"] = '<title>Muon</title><meta name="author" content="Keller Jordan">'
    asked = ["arXiv:1810.10531", "10.1214/aoms/1177729586", "10.5281/zenodo.1196821", "10.26434/old.5406907", "10.5555/none"]
    answers = look_up(open_(), [*asked, f"{upstream.address}/pages/x"])
    assert {record.source for record in answers.records} == {"arxiv", "crossref", "datacite", "web"}
    assert found(answers, "doi:10.1073/pnas.1820226116").source == "crossref"
    assert answers.missing == ("doi:10.5555/none",)
    assert answers.unreachable == ()


def test_a_thousand_papers_take_few_requests(open_: Open, upstream: Upstream) -> None:
    session = open_()
    answers = look_up(session, upstream.world.generate(1000))
    assert len(answers.records) == 1333
    assert upstream.counts["arxiv"] <= 12
    assert upstream.counts["crossref"] <= 12
    assert session.requests == upstream.counts


def test_a_version_of_record_that_cannot_be_found_does_not_count(open_: Open, upstream: Upstream) -> None:
    upstream.world.add("2002.00001", "A paper with a dead DOI", "Ann Other", "2020-02-01", doi="10.5555/dead")
    answers = look_up(open_(), ["2002.00001"])
    assert found(answers, "arXiv:2002.00001").published_doi == "10.5555/dead"
    assert (answers.missing, answers.unreachable) == ((), ())
    upstream.break_("crossref", "503")
    answers = look_up(open_(max_age=0), ["2002.00001"])
    assert (answers.missing, answers.unreachable) == ((), ())
    assert answers.outages == {"crossref": "HTTP 503"}


def test_a_doi_is_not_missing_while_datacite_is_down(open_: Open, upstream: Upstream) -> None:
    upstream.break_("datacite", "503")
    answers = look_up(open_(), ["10.5281/zenodo.1196821"])
    assert answers.missing == ()
    assert answers.unreachable == ("doi:10.5281/zenodo.1196821",)


# pages

PAGE = """<!DOCTYPE html><html><head><title>ignored</title>
<meta name="citation_title" content="Gradient descent on neural networks: the edge of ReLU">
<meta name="citation_author" content="Cohen, Jeremy M."><meta name="citation_author" content="J. Zico Kolter">
<meta name="citation_publication_date" content="2021/5/3">
<meta name="citation_conference_title" content="A Conference &amp; Workshop">
<meta name="citation_firstpage" content="10"><meta name="citation_lastpage" content="19">
<meta name="citation_publisher" content="PMLR"></head><body></body></html>"""


def test_a_page_of_proceedings() -> None:
    identifier = ids.parse("https://proceedings.mlr.press/v97/du19c.html")
    assert identifier is not None
    record = pages.parse(PAGE.encode(), identifier)
    assert record is not None
    assert record.type == "inproceedings"
    assert dict(record.fields) == {
        "title": record.fields["title"],
        "author": "Cohen, Jeremy M. and Kolter, J. Zico",
        "year": "2021",
        "date": "2021-05-03",
        "booktitle": r"A Conference \& Workshop",
        "pages": "10--19",
        "publisher": "PMLR",
        "url": "https://proceedings.mlr.press/v97/du19c.html",
    }
    assert "{ReLU}" in record.fields["title"]


def test_a_page_of_proceedings_without_facts_is_no_work() -> None:
    identifier = ids.parse("https://openreview.net/forum?id=abc")
    assert identifier is not None
    assert pages.parse(b"<title>Just a moment...</title>", identifier) is None


def test_pages_that_are_gone_or_down(open_: Open, upstream: Upstream) -> None:
    assert pages.fetch(open_(), [f"{upstream.address}/pages/none"]).missing
    upstream.break_("web", "503")
    answers = pages.fetch(open_(), [f"{upstream.address}/pages/other"])
    assert answers.unreachable
    assert answers.outages == {"web": "HTTP 503"}


def test_a_robot_check_is_no_page_of_proceedings(open_: Open, upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(identifier.ADDRESSES, "openreview", f"{upstream.address}/pages/{{}}")
    name = ids.Identifier("openreview", "abc")
    upstream.world.pages["abc"] = bodies.CAPTCHA.decode()
    answers = pages.fetch(open_(), [name])
    assert answers.missing == ()
    assert "without the paper's facts" in answers.outages["web"]
    upstream.world.pages["abc"] = PAGE
    assert pages.fetch(open_(), [name]).records[0].fields["year"] == "2021"
    upstream.forget()
    assert pages.fetch(open_(), [name]).records
    assert not upstream.log


# every recorded answer


PARSERS = {"arxiv": arxiv.parse, "arxiv-oai": oai.parse, "crossref": crossref.parse, "datacite": datacite.parse}
ENTRY_TYPES = {*crossref.TYPES.values(), *datacite.TYPES.values(), "misc", "mastersthesis"}
ERRORS = {"arxiv": r"INVALIDID|id_abc", "arxiv-oai": r"a^", "crossref": r"error_|agency_|ldjson", "datacite": r"error_"}


@pytest.mark.parametrize("folder", PARSERS)
def test_every_recorded_answer_is_read_or_reported_as_what_it_is(shared: Path, folder: str) -> None:
    files = sorted((shared / "upstream" / "data" / folder).iterdir())
    assert files
    for path in files:
        content, reason = path.read_bytes(), ""
        try:
            records = PARSERS[folder](content)
        except (arxiv.Refused, crossref.Refused, datacite.Refused, xml.NotXml) as refusal:
            records, reason = (), str(refusal)
        assert bool(reason) == bool(re.search(ERRORS[folder], path.name)), f"{path.name}: {reason or records}"
        for record in records:
            _is_sound(record, path.name)


def _is_sound(record: Record, where: str) -> None:
    assert ids.parse(record.identifier), where
    assert str(ids.parse(record.identifier)) == record.identifier, where
    assert record.type in ENTRY_TYPES, where
    assert record.fields["title"].strip(), where
    for value in record.fields.values():
        assert value == value.strip(), (where, value)
        assert "\n" not in value, (where, value)
        assert value.count("{") == value.count("}"), (where, value)
    assert not re.search(r"</?[a-z]+>|&amp;|&lt;", "".join(record.fields.values())), (where, record.fields)
    for day in (record.published, record.updated, record.fields.get("date", "")):
        assert re.fullmatch(r"(\d{4}(-\d\d(-\d\d)?)?)?", day), (where, day)
    assert record.fields.get("year", "2000").isdigit(), where
    assert record.published_doi == record.published_doi.lower(), where


# free text


def test_a_title_finds_candidates_with_the_whole_title_first(open_: Open) -> None:
    found = candidates.find(open_(), "Adam: a method for stochastic optimization")
    best = found.found[0]
    assert (best.record.identifier, best.exact, best.score) == ("arXiv:1412.6980", True, 1.0)
    assert [one.exact for one in found.found[1:]] == [False] * (len(found.found) - 1)
    assert not any("10.65215" in one.record.identifier for one in found.found)
    assert found.outages == {}


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("Kingma and Ba (2014): Adam: A Method for Stochastic Optimization", True),
        ("Adam: A Method for Stochastic Optimization, Smith 2014", False),
        ("Analysis of Adam: A Method for Stochastic Optimization", False),
        ("Adam method", False),
        ("Stochastic Optimization", False),
    ],
)
def test_when_a_title_is_the_whole_title(text: str, exact: bool) -> None:
    record = Record(
        "arxiv",
        "arXiv:1412.6980",
        "misc",
        {"title": "{Adam}: A Method for Stochastic Optimization", "author": "Kingma, D. P. and Ba, J.", "year": "2014"},
    )
    ranked = candidates.rank(text, [record])
    assert [one.exact for one in ranked] == [exact]
    assert ranked[0].score == 1.0 if exact else ranked[0].score < 1.0


def test_a_short_title_needs_an_author_too() -> None:
    record = Record(
        "crossref", "doi:10.1000/x", "book", {"title": "Convex Optimization", "author": "Boyd, Stephen", "year": "2004"}
    )
    assert not candidates.rank("Convex optimization", [record])[0].exact
    assert candidates.rank("Boyd: Convex optimization", [record])[0].exact
    assert candidates.rank("Something else entirely", [record]) == []
    assert candidates.rank("", [record]) == []


def test_a_search_with_one_service_down_tells_so(open_: Open, upstream: Upstream) -> None:
    upstream.break_("arxiv", "503")
    found = candidates.find(open_(), "A Stochastic Approximation Method")
    assert found.found[0].record.identifier == "doi:10.1214/aoms/1177729586"
    assert found.outages == {"arxiv": "HTTP 503"}
    assert candidates.find(open_(), "  ?! ").found == ()
