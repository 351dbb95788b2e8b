"""What stands on the pages, read as a browser reads them, but without one."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests import reading
from tests.conftest import ROOT, Run
from tests.reading import Page

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "--></style><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "\u2028]]>&lt;b&gt;",
    r"\href{javascript:alert(1)}{click} $\href{javascript:alert(1)}{x}$ \url{javascript:alert(1)}",
    "\x01\x7f\ufffe",
)
URLS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example/x",
    "vbscript:x",
    "https://good.example/\"onmouseover=alert(1) x='",
    "https://good.example/<script>",
    " \tjavascript:alert(1)",
    "https://[bad",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = reading.write(tmp_path_factory.mktemp("pages") / "project")
    return build(root)


def build(root: Path) -> Path:
    from citeman.commands.build import build
    from citeman.project import Project

    build(Project.open(root))
    return root / "site"


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(reading.write(tmp_path_factory.mktemp("hostile") / "project", *hostile()))


def hostile() -> tuple[str, str, str, str]:
    bib = ""
    keys = []
    for number, text in enumerate(HOSTILE):
        safe = text.replace("{{ 7*7 }}{% raw %}", "7*7")
        fields = (
            "title",
            "author",
            "journal",
            "note",
            "volume",
            "pages",
            "year",
            "publisher",
            "abstract",
            "editor",
            "ids",
            "keywords",
            "doi",
            "eprint",
        )
        bib += (
            f"@article{{h{number},\n" + "".join(f"  {name} = {{{safe}}},\n" for name in fields) + "  eprinttype = {arxiv},\n}\n"
        )
        keys.append(f"h{number}")
    for number, url in enumerate(URLS):
        bib += (
            f"@misc{{u{number},\n  title = {{Address {number}}},\n  url = {{{url}}},\n  howpublished = {{\\url{{{url}}}}},\n}}\n"
        )
        keys.append(f"u{number}")
    quoted = [text.encode("unicode_escape").decode().replace('"', '\\"') for text in HOSTILE[:6]]
    items = "".join(
        f'      - key: {key}\n        why: "{quoted[place % 6]}"\n        level: intro\n' for place, key in enumerate(keys)
    )
    items += "".join(f"      - url: {url!r}\n        title: Resource\n        kind: widget\n" for url in URLS if "'" not in url)
    lists = (
        f'guide:\n  title: "{quoted[2]}"\n  url: "javascript:alert(1)"\nsections:\n  "{quoted[2]}":\n    title: "{quoted[1]}"\n'
    )
    lists += f'    aliases: ["{quoted[0]}"]\n    reading:\n{items}  second:\n    title: "{quoted[3]}"\n    reading:\n{items}'
    settings = 'title = "<script>alert(1)</script>"\nurl = "https://pages.example/a\\"b"\n'
    return bib, lists, "", settings


def test_nothing_from_outside_becomes_markup_script_or_a_dangerous_link(hostile_site: Path) -> None:
    for path, page in reading.pages(hostile_site).items():
        for one in page.elements:
            assert one.name not in {"img", "iframe", "object", "embed", "style", "base", "applet", "b"}, path
            assert not [name for name in one.attributes if name.lower().startswith("on") or name == "style"], (path, one)
            if one.name == "script" and one.attributes.get("type") != "application/ld+json":
                assert re.fullmatch(r"(\.\./)?static/\w+\.js\?v=[0-9a-f]{8}", one.attributes["src"]), path
                assert one.text == ""
            for name in ("href", "src", "action", "formaction"):
                target = one.attributes.get(name, "")
                scheme = (re.match(r"\s*([a-zA-Z][\w+.-]*):", target) or ["", ""])[1].lower()
                assert scheme in {"", "http", "https"} or (scheme == "data" and "download" in one.attributes), (path, target)
                assert not target.startswith(("//", "\\")), (path, target)
    assert reading.broken_links(hostile_site) == []


def test_templates_take_for_html_only_what_is_called_html() -> None:
    for path in (ROOT / "citeman" / "render" / "templates").glob("*.j2"):
        safe = re.findall(r"(\w+)\s*\|\s*safe", path.read_text())
        assert all(name.endswith("_html") for name in safe), path


def test_hostile_text_is_shown_as_it_is(hostile_site: Path) -> None:
    page = Page((hostile_site / "papers" / "h0.html").read_bytes())
    assert page.one("h1").text == "<script>alert(1)</script>"
    assert page.json_ld()["name"] == "<script>alert(1)</script>"
    page = Page((hostile_site / "dynamics" / "second.html").read_bytes())
    assert page.one("h1").text == "--></style><svg onload=alert(1)>"
    whys = {one.text for one in page.all("p", class_="why")}
    assert {"</script><script>alert(1)</script>", "{{ 7*7 }}{% raw %}"} <= whys


def test_hostile_text_leaves_no_export(hostile_site: Path) -> None:
    import json
    from xml.etree import ElementTree

    for path, data in reading.files(hostile_site).items():
        if path.endswith((".xml", ".svg")):
            ElementTree.fromstring(data)
        if path.endswith(".json"):
            json.loads(data)
    script = (hostile_site / "static" / "papers.js").read_text()
    assert "<" not in script
    assert "\u2028" not in script


def test_every_page_is_valid_has_a_policy_and_asks_no_host_for_anything(site: Path) -> None:
    for path, page in reading.pages(site).items():
        policy = next(
            one.attributes["content"] for one in page.all("meta") if one.attributes.get("http-equiv") == "Content-Security-Policy"
        )
        assert "default-src 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert len(page.ids) == len(set(page.ids)), path
        fetched = [
            one.attributes.get("src") or one.attributes.get("href", "")
            for one in page.elements
            if one.name in {"script", "link", "img"}
        ]
        assert all(not urlsplit(address or "").netloc for address in fetched), path
        assert page.tree.attrib["lang"] == "en"
        assert page.all("title")[0].text.strip()


def test_headings_go_down_one_step_at_a_time(site: Path) -> None:
    for path, page in reading.pages(site).items():
        levels = [int(one.name[1]) for one in page.elements if re.fullmatch("h[1-6]", one.name)]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(after - before <= 1 for before, after in pairwise(levels)), path


@pytest.fixture(scope="module")
def classical(site: Path) -> Page:
    return Page((site / "dynamics" / "classical.html").read_bytes())


def texts(page: Page, name: str, class_: str) -> list[str]:
    return [" ".join(one.text.split()) for one in page.all(name, class_=class_)]


def test_a_section_says_what_to_read_and_why_in_reading_order(classical: Page) -> None:
    titles = [" ".join(one.text.split()) for one in classical.all("h3")]
    assert titles[1:] == [
        "Some methods of speeding up the convergence of iteration methods",
        "Tricks of the TRADE",
        "Momentum, to play with",
        "The edge of stability",
        "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability",
    ]
    assert [one.text for one in classical.all("h2")] == ["What to read", "Going further"]
    assert texts(classical, "p", "sum") == ["4 papers from 1964 to 2021, 3 to read, 1 to go further."]
    assert texts(classical, "p", "after") == ["Read first: Nesterov (1983)"]
    assert "Costs between $5 and $6." in texts(classical, "p", "why")


def test_math_in_titles_and_whys_is_mathml(classical: Page) -> None:
    assert len(classical.all("math")) >= 2
    assert "$" not in classical.all("h3")[0].text
    why = classical.all("p", class_="why")[0]
    assert "momentum" in why.text
    assert {"em", "code"} <= {one.name for one in classical.elements}


def test_a_section_leads_to_the_guide_the_other_sections_and_the_papers_other_places(classical: Page) -> None:
    links = {one.attributes["href"] for one in classical.all("a")}
    assert "https://guide.example/dynamics#classical" in links
    assert {"../dynamics/edge.html", "../index.html", "../papers.html", "https://widget.example/momentum"} <= links
    assert texts(classical, "p", "also") == ["Also read in The edge of stability"]
    assert "../dynamics/edge.html#ref-cohen2021gradient" in links


def test_the_first_core_papers_of_a_longer_list_lead(citeman: Run, tmp_path: Path) -> None:
    lists = reading.LISTS.replace("tier: further", "tier: core")
    page = Page((build(reading.write(tmp_path / "project", lists=lists)) / "dynamics" / "classical.html").read_bytes())
    assert [one.text for one in page.all("h2")] == ["Start here", "Then read"]
    assert len(page.all("li", class_="item")) == 6


def test_an_open_question_stands_on_its_sections_page(site: Path) -> None:
    page = Page((site / "dynamics" / "edge.html").read_bytes())
    question = page.one("h2", id="does-it-last")
    assert " ".join(question.text.split()) == "Open question Does it last?"
    assert texts(page, "p", "also") == [
        "Also read in The classical picture",
        "Also read in the open question Does it last?",
        "Also read in The edge of stability",
    ]
    assert page.ids.count("ref-nakkiran2019deep") == 1


def test_long_lists_of_authors_are_folded(site: Path) -> None:
    page = Page((site / "dynamics" / "edge.html").read_bytes())
    names = texts(page, "div", "by")[1]
    assert names.startswith("Preetum Nakkiran, Gal Kaplun, Yamini Bansal, ")
    assert "and 3 others" in names
    assert names.endswith("E. Five and others")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("howpublished = {Workshop {ONE}}", "Preprint, Workshop ONE, 2019"),
        ("howpublished = {arXiv:1912.02292}", "Preprint, 2019"),
    ],
)
def test_a_preprint_says_where_it_was_shown(tmp_path: Path, field: str, said: str) -> None:
    bib = reading.BIB.replace("  eprint = {1912.02292},\n", f"  eprint = {{1912.02292}},\n  {field},\n")
    site = build(reading.write(tmp_path, bib=bib))
    page = Page((site / "dynamics" / "edge.html").read_bytes())
    assert said in [" ".join(one.split()) for one in texts(page, "p", "venue")]
    assert ("Workshop ONE" in (site / "papers.html").read_text()) == ("ONE" in field)


def test_badges_say_where_a_paper_is_and_what_it_is(site: Path) -> None:
    page = Page((site / "dynamics" / "edge.html").read_bytes())
    badges = {one.text: one.attributes.get("href") for one in page.elements if one.name in {"a", "span"} and one.text in BADGES}
    assert badges == {
        "arXiv:2103.00065": "https://arxiv.org/abs/2103.00065",
        "OpenReview": "https://openreview.net/forum?id=jh-rTtvkGeM",
        "PDF": "https://arxiv.org/pdf/1912.02292",
        "Preprint": None,
        "Published": None,
        "arXiv:1912.02292": "https://arxiv.org/abs/1912.02292",
    }


BADGES = ("Published", "arXiv:2103.00065", "arXiv:1912.02292", "OpenReview", "PDF", "Preprint")


def test_the_lock_marks_withdrawn_and_retracted_papers_and_their_versions(tmp_path: Path) -> None:
    from citeman.lock import Lock
    from citeman.model import Record, Update

    arxiv = Record(
        "arxiv",
        "arXiv:1912.02292",
        "misc",
        {},
        version=3,
        published="2019-12-04",
        updated="2020-01-05",
        withdrawn="An error in <Lemma 2>",
    )
    crossref = Record(
        "crossref", "doi:10.1016/x", "article", {}, updates=(Update("retraction", "10.1016/retraction.1", "2022-05-06"),)
    )
    lock = Lock.empty().with_record("nakkiran2019deep", arxiv, "2026-01-01").with_record("polyak1964some", crossref, "2026-01-01")
    root = reading.write(tmp_path / "project")
    (root / "refs" / "citeman.lock").write_text(lock.dumps())
    site = build(root)
    for path in ("papers/nakkiran2019deep.html", "dynamics/edge.html", "papers.html"):
        page = Page((site / path).read_bytes())
        assert "Withdrawn: An error in <Lemma 2>" in texts(page, "p", "notice"), path
    for path in ("papers/polyak1964some.html", "dynamics/classical.html", "papers.html"):
        page = Page((site / path).read_bytes())
        assert "Retracted (2022-05-06)" in texts(page, "p", "notice"), path
        assert "https://doi.org/10.1016/retraction.1" in {one.attributes["href"] for one in page.all("a")}
    page = Page((site / "papers" / "nakkiran2019deep.html").read_bytes())
    assert "arXiv:1912.02292v3" in {one.text for one in page.all("a")}
    facts = dict(zip((one.text for one in page.all("dt")), (one.text for one in page.all("dd")), strict=True))
    assert facts["First posted"] == "2019-12-04"
    assert facts["Latest version"] == "v3 2020-01-05"


def test_a_paper_that_the_bibliography_lacks_is_shown_as_such(tmp_path: Path) -> None:
    lists = reading.LISTS.replace("key: polyak1964some", "key: polyak1964same")
    page = Page((build(reading.write(tmp_path / "project", lists=lists)) / "dynamics" / "classical.html").read_bytes())
    assert "This paper is not in the bibliography." in texts(page, "p", "venue")


def test_the_index_shows_the_sections_at_a_glance(site: Path) -> None:
    page = Page((site / "index.html").read_bytes())
    rows = [[" ".join(cell.text.split()) for cell in row] for row in table(page)]
    assert [(row[0], row[1], row[2], row[4]) for row in rows] == [
        ("The classical picture", "4 (3 core)", "0", "only 4 papers"),
        ("The edge of stability Open question Does it last?", "2", "1", "only 2 papers, no survey or textbook"),
        ("Still to be filled", "0", "0", "no papers yet"),
    ]
    ties = [" ".join(one.text.split()) for one in page.all("li") if "class" not in one.attributes]
    assert "The classical picture and The edge of stability: Cohen et al. (2021)" in ties
    assert "The classical picture → The edge of stability" in ties


def table(page: Page) -> list[list[reading.Element]]:
    body = page.tree.find(".//tbody")
    return [[reading.Element(cell.tag, dict(cell.attrib), "".join(cell.itertext())) for cell in row] for row in body]


def test_pictures_say_in_words_what_they_show(site: Path) -> None:
    page = Page((site / "dynamics" / "classical.html").read_bytes())
    for picture in page.all("svg", role="img"):
        assert picture.attributes["aria-label"]
        words = page.one("span", id=picture.attributes["aria-describedby"])
        assert words.text.strip()
    assert page.one("span", id="timeline-words").text == (
        "4 papers from 1964 to 2021: 2 papers as foundations (1964 to 1983), 1 paper as results (2021) and 1 paper as textbooks (1998)."
    )
    assert page.one("span", id="order-words").text == "Polyak (1964) after Nesterov (1983)."
    assert len([one for one in page.elements if one.name == "circle" and "data-ref" in one.attributes]) == 4


def test_pages_of_old_anchors_and_keys_lead_on(site: Path) -> None:
    for path, target in (("dynamics/eos.html", "edge.html"), ("papers/muller1998old.html", "muller1998tricks.html")):
        page = Page((site / path).read_bytes())
        refresh = next(one for one in page.all("meta") if one.attributes.get("http-equiv") == "refresh")
        assert refresh.attributes["content"] == f"0; url={target}"
        assert page.one("a").attributes["href"] == target


def test_a_papers_page_has_its_facts_its_places_and_its_data(site: Path) -> None:
    page = Page((site / "papers" / "cohen2021gradient.html").read_bytes())
    places = [" ".join(one.text.split()) for one in page.all("p", class_="place")]
    assert places[0].startswith("The classical picture Dynamics & training Result further reading")
    assert places[1].startswith("The edge of stability Dynamics & training Foundation core")
    assert "@inproceedings{cohen2021gradient," in page.one("pre").text
    downloads = {one.attributes["download"]: one.attributes["href"] for one in page.all("a") if "download" in one.attributes}
    assert set(downloads) == {f"cohen2021gradient.{ending}" for ending in ("bib", "json", "ris")}
    head, _, data = downloads["cohen2021gradient.bib"].partition(",")
    assert head == "data:application/x-bibtex;charset=utf-8"
    assert unquote(data).strip() == page.one("pre").text.strip()


def test_the_page_of_all_papers_lists_every_paper_with_its_places(site: Path) -> None:
    page = Page((site / "papers.html").read_bytes())
    years = [one.text for one in page.all("span", class_="year")]
    assert years == ["2021", "2020", "2019", "1998", "1983", "1964"]
    assert texts(page, "p", "also")[0] == "Read in The classical picture, The edge of stability"
    assert len(texts(page, "p", "also")) == 5


def test_more_papers_than_fit_stand_on_several_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citeman.render.pages.PER_PAGE", 2)
    site = build(reading.write(tmp_path / "project"))
    names = [f"papers{part}.html" for part in ("", "-2", "-3")]
    listed = [one for name in names for one in Page((site / name).read_bytes()).ids if one.startswith("ref-")]
    assert len(listed) == len(set(listed)) == 6
    assert {one.attributes["href"] for one in Page((site / "papers-2.html").read_bytes()).all("a")} >= set(names)
    assert reading.broken_links(site) == []


def test_what_is_left_to_cite_is_a_page_where_the_settings_ask_for_it(site: Path, tmp_path: Path) -> None:
    assert not (site / "todo.html").exists()
    guide = reading.GUIDE.replace("Convex.", "Convex. TODO: cite something here.")
    root = reading.write(tmp_path / "project", guide=guide, settings="todo-page = true\n")
    folder = build(root)
    page = Page((folder / "todo.html").read_bytes())
    assert [one.text for one in page.all("blockquote")] == ["TODO: cite something here."]
    assert "guide.md:5, in The classical picture" in texts(page, "p", "also")
    assert texts(page, "p", "sum") == ["1 place to cite something, 1 paper in no section."]
    assert "A page that nobody lists" in page.one("main").text
    assert [one.text for one in page.all("td") if one.attributes.get("data-label") == "Years"] == ["1964–2021", "2019–2021", "–"]
    assert reading.broken_links(folder) == []


def test_absolute_addresses_where_the_site_knows_its_own(tmp_path: Path) -> None:
    root = reading.write(tmp_path / "project", settings='url = "https://pages.example/lists/"\n')
    site = build(root)
    page = Page((site / "dynamics" / "edge.html").read_bytes())
    assert page.one("link", rel="canonical").attributes["href"] == "https://pages.example/lists/dynamics/edge.html"
    assert page.one("meta", property="og:url").attributes["content"] == "https://pages.example/lists/dynamics/edge.html"
    sitemap = (site / "sitemap.xml").read_text()
    assert "<loc>https://pages.example/lists/papers/cohen2021gradient.html</loc>" in sitemap


def test_zotero_scholar_and_search_engines_find_their_marks(site: Path) -> None:
    page = Page((site / "papers" / "polyak1964some.html").read_bytes())
    tags = {
        (one.attributes["name"], one.attributes["content"])
        for one in page.all("meta")
        if one.attributes.get("name", "").startswith("citation_")
    }
    assert tags >= {
        ("citation_title", "Some methods of speeding up the convergence of iteration methods"),
        ("citation_author", "Polyak, Boris T."),
        ("citation_publication_date", "1964"),
        ("citation_journal_title", "USSR Computational Mathematics and Mathematical Physics"),
        ("citation_volume", "4"),
        ("citation_firstpage", "1"),
        ("citation_lastpage", "17"),
        ("citation_doi", "10.1016/0041-5553(64)90137-5"),
    }
    described = page.json_ld()
    assert described["@type"] == "ScholarlyArticle"
    assert described["author"] == [{"@type": "Person", "name": "Boris T. Polyak"}]
    spans = Page((site / "dynamics" / "classical.html").read_bytes()).all("span", class_="Z3988")
    coins = [parse_qs(one.attributes["title"]) for one in spans]
    assert [one.get("rft.atitle", one.get("rft.btitle")) for one in coins][1] == [
        "Some methods of speeding up the convergence of iteration methods"
    ]
    assert coins[1]["rft_id"] == ["info:doi/10.1016/0041-5553(64)90137-5"]
    assert coins[2]["rft.genre"] == ["book"]
    assert coins[2]["rft.aulast"] == ["Müller"]
