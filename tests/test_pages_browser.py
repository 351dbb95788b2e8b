"""The pages in a real browser: clicked, typed into, copied from, printed, heard, and without scripts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import reading
from tests.browser import validate, violations
from tests.test_render_pages import build, hostile

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


KINDS = ("index.html", "dynamics/classical.html", "dynamics/edge.html", "papers/cohen2021gradient.html", "papers.html")
Open = Callable[..., "Page"]

LISTS = reading.LISTS.replace("tier: further", "tier: core").replace(
    "      - see: edge",
    "      - key: nakkiran2019deep\n        role: critique\n        tier: further\n      - see: edge",
)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(reading.write(tmp_path_factory.mktemp("browser") / "project", lists=LISTS))


@pytest.fixture
def open_page(browser: Browser, site: Path) -> Iterator[Open]:
    """Open a page from disk; whatever the page complains of or asks another host for fails the test."""
    opened: dict[str, Page] = {}
    complaints: list[str] = []

    def tab(settings: dict[str, object]) -> Page:
        clipboard = ["clipboard-read", "clipboard-write"]
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "permissions": clipboard, **settings})  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
        page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else complaints.append(request.url))
        return page

    def show(path: str, folder: Path = site, **settings: object) -> Page:
        page = opened.get(repr(settings)) or opened.setdefault(repr(settings), tab(settings))
        name, mark, query = path.partition("?")
        page.goto((folder / name).as_uri() + mark + query)
        return page

    yield show
    for page in opened.values():
        page.context.close()
    assert complaints == []


def titles(page: Page, where: str = "main") -> list[str]:
    return page.locator(f"{where} .item :is(h2, h3)").all_inner_texts()


def test_axe_finds_nothing_on_any_kind_of_page_in_either_theme(open_page: Open, axe: str) -> None:
    for path in (*KINDS, "papers.html?q=descent", "papers.html?q=nothing+fits", "dynamics/classical.html?order=role"):
        page = open_page(path, color_scheme="light", reduced_motion="reduce")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert violations(page, axe) == [], path
        page.emulate_media(color_scheme="dark")
        assert violations(page, axe, "color-contrast") == [], path
        page.emulate_media(color_scheme="light")


def test_the_html_checker_finds_no_error(site: Path, vnu: Path, tmp_path: Path) -> None:
    bad = build(reading.write(tmp_path / "hostile", *hostile()))
    assert validate(vnu, [path for folder in (site, bad) for path in sorted(folder.rglob("*.html"))]) == []


def test_hostile_text_runs_nothing(open_page: Open, tmp_path: Path) -> None:
    folder = build(reading.write(tmp_path / "hostile", *hostile()))
    for path in ("index.html", "dynamics/second.html", "papers/h2.html", "papers/u0.html", "papers.html?q=alert"):
        page = open_page(path, folder)
        page.locator("h1").wait_for()
    assert len(titles(page)) > 3


def test_the_theme_is_the_systems_until_the_reader_switches_it(open_page: Open) -> None:
    page = open_page("index.html", color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(background)
    page.get_by_role("button", name="Switch to the light theme").click()
    light = page.evaluate(background)
    assert light == "rgb(255, 255, 255)" != dark
    assert page.get_by_role("status").inner_text() in {"", "Light theme"}
    page.get_by_role("link", name="All papers").click()
    page.get_by_role("heading", name="All papers").wait_for()
    assert page.evaluate(background) == light
    page.get_by_role("button", name="Switch to the dark theme").click()
    page.reload()
    assert page.evaluate(background) == dark
    assert page.evaluate("localStorage.length") == 0


def test_bibtex_and_citation_are_copied(open_page: Open) -> None:
    page = open_page("dynamics/classical.html")
    item = page.locator("#ref-polyak1964some")
    item.get_by_role("button", name="Copy BibTeX of Polyak (1964)").click()
    page.get_by_text("BibTeX copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@article{polyak1964some,")
    assert copied.endswith("}")
    item.get_by_role("button", name="Copy citation of Polyak (1964)").click()
    page.get_by_text("Citation copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("Boris T. Polyak (1964). Some methods of speeding up")


def test_a_long_line_of_names_is_folded_until_it_is_asked_for(open_page: Open) -> None:
    page = open_page("dynamics/classical.html")
    line, button = page.locator("details.more").first, page.locator("details.more summary").first
    folded = "([line, button]) => line.getBoundingClientRect().width <= button.getBoundingClientRect().width + 1"
    handles = [line.element_handle(), button.element_handle()]
    assert page.evaluate(folded, handles)
    button.click()
    assert not page.evaluate(folded, handles)


def test_the_order_is_switched_kept_in_the_address_and_switched_back(open_page: Open) -> None:
    page = open_page("dynamics/classical.html")
    listed = titles(page, "#lists")
    headings = page.locator("#lists h2")
    page.get_by_role("button", name="By role").click()
    assert headings.all_inner_texts() == ["Results", "Critiques", "Other resources"]
    assert page.url.endswith("?order=role")
    assert sorted(titles(page, "#lists")) == sorted(listed)
    page.reload()
    assert headings.all_inner_texts() == ["Results", "Critiques", "Other resources"]
    assert page.get_by_role("button", name="By role").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="In reading order").click()
    assert titles(page, "#lists") == listed
    assert headings.all_inner_texts() == ["Then read", "Going further"]
    assert "order" not in page.url


def test_a_mark_of_the_timeline_leads_to_its_paper(open_page: Open) -> None:
    page = open_page("dynamics/classical.html")
    page.locator('[data-ref="ref-muller1998tricks"]').first.click()
    assert page.url.endswith("#ref-muller1998tricks")
    assert page.evaluate("document.activeElement.textContent") == "Tricks of the TRADE"
    page.locator("#ref-polyak1964some").hover()
    assert "lit" in (page.locator('circle[data-ref="ref-polyak1964some"]').get_attribute("class") or "")


def search(page: Page, **values: str) -> None:
    for label, value in values.items():
        field = page.get_by_label(label.replace("_", " "), exact=True)
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)


def count(page: Page, text: str) -> list[str]:
    page.locator("#count", has_text=re.compile(f"^{text}$")).wait_for()
    return titles(page)


@pytest.mark.parametrize(
    ("values", "address", "found"),
    [
        ({"Search": "müller tricks"}, "?q=m%C3%BCller+tricks", ["Tricks of the TRADE"]),
        ({"Search": "MULLER"}, "?q=MULLER", ["Tricks of the TRADE"]),
        (
            {"Section": "The edge of stability", "Status": "Preprint"},
            "?section=dynamics%2Fedge&status=preprint",
            ["Deep Double Descent & other <stories>"],
        ),
        (
            {"Author": "kolter"},
            "?author=kolter",
            ["Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability"],
        ),
        ({"Venue": "ussr"}, "?venue=ussr", ["Some methods of speeding up the convergence of iteration methods"]),
        ({"Role": "Textbooks"}, "?role=textbook", ["Tricks of the TRADE"]),
        ({"From_year": "1990", "To_year": "2000"}, "?from=1990&to=2000", ["Tricks of the TRADE"]),
    ],
)
def test_search_and_filters_narrow_the_list_and_keep_their_state_in_the_address(
    open_page: Open, values: dict[str, str], address: str, found: list[str]
) -> None:
    page = open_page("papers.html")
    assert len(titles(page)) == 6
    search(page, **values)
    assert count(page, "1 of 6 papers") == found
    assert page.url.endswith(address)
    page.reload()
    assert count(page, "1 of 6 papers") == found
    page.get_by_role("button", name="Clear").click()
    assert len(count(page, "6 papers")) == 6
    assert page.url.endswith("papers.html")


def test_results_lead_on_and_none_is_said(open_page: Open) -> None:
    page = open_page("papers.html?q=convergence")
    found = count(page, "2 of 6 papers")
    assert found[0].startswith("A method for solving the convex programming problem with convergence rate")
    assert found[1] == "Some methods of speeding up the convergence of iteration methods"
    assert page.locator("#results math").count() == 1
    page.get_by_label("Search").fill("gradient zzz")
    page.get_by_text("No paper of 6 fits").wait_for()
    page.get_by_label("Search").fill("edge")
    count(page, "1 of 6 papers")
    page.locator("#results").get_by_role("link", name="The classical picture").click()
    assert page.url.endswith("dynamics/classical.html#ref-cohen2021gradient")


def test_a_long_list_of_results_grows_on_demand(open_page: Open, tmp_path: Path) -> None:
    bib = "".join(f"@misc{{p{number:04},\n  title = {{Paper {number}}},\n  year = {{2020}},\n}}\n" for number in range(700))
    folder = build(reading.write(tmp_path / "project", bib, "sections: {}\n", ""))
    page = open_page("papers.html?q=paper", folder)
    assert len(count(page, "700 papers")) == 60
    page.get_by_role("button", name="Show more").click()
    assert len(titles(page)) == 120
    assert page.evaluate("document.activeElement.textContent") == titles(page)[60]


def test_everything_is_reached_by_keyboard_with_a_visible_focus(open_page: Open) -> None:
    page = open_page("dynamics/classical.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    seen = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            "(() => { const one = document.activeElement, style = getComputedStyle(one);"
            " return [one.tagName + ':' + one.textContent.trim().slice(0, 20), style.outlineStyle + ' ' + style.outlineWidth]; })()"
        )
        if name.startswith("BODY"):
            break
        seen.add(name)
        assert outline == "solid 2px", name
    wanted = {
        "A:Read this section in",
        "BUTTON:Copy BibTeX",
        "BUTTON:Copy citation",
        "SUMMARY:Cite Nesterov (1983)",
        "BUTTON:By role",
        "A:arXiv:2103.00065",
    }
    assert {name.strip() for name in seen} >= wanted


def test_nothing_is_wider_than_the_window_and_nothing_jumps(open_page: Open) -> None:
    for path in KINDS:
        page = open_page(path)
        moved = page.evaluate(
            "new Promise(done => { let sum = 0; new PerformanceObserver(list => list.getEntries().forEach(one => sum += one.value))"
            ".observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 50); })"
        )
        assert moved == 0, path
        for width in (320, 768, 2560):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width, (path, width)


def test_without_scripts_everything_is_there(open_page: Open) -> None:
    page = open_page("dynamics/classical.html", java_script_enabled=False)
    assert page.get_by_role("button").count() == 0
    item = page.locator("#ref-polyak1964some")
    assert not item.locator(".bibtex").is_visible()
    item.locator("summary").click()
    assert item.locator(".bibtex").inner_text().startswith("@article{polyak1964some,")
    page = open_page("papers.html", java_script_enabled=False)
    assert len(titles(page)) == 6
    assert not page.locator("#search").is_visible()
    page = open_page("dynamics/eos.html", java_script_enabled=False)
    page.wait_for_url("**/edge.html")


def test_the_printed_page_is_a_syllabus(open_page: Open) -> None:
    import pypdf

    page = open_page("dynamics/classical.html", color_scheme="dark")
    document = pypdf.PdfReader(io.BytesIO(page.pdf()))
    text = " ".join(one.extract_text() for one in document.pages)
    flat = text.replace("\n", "")
    assert "https://arxiv.org/abs/2103.00065" in flat
    assert "https://guide.example/dynamics#classical" in flat
    assert "Where the classical picture ends." in " ".join(text.split())
    for gone in ("Copy BibTeX", "By role", "All papers", "Cite", "@article"):
        assert gone not in text, gone


def test_the_colours_of_a_printed_overview_are_explained(open_page: Open) -> None:
    page = open_page("index.html")
    page.emulate_media(media="print")
    style = "one => { const dot = getComputedStyle(one, '::before'); return [dot.display, dot.printColorAdjust]; }"
    assert page.locator(".legend .role").first.evaluate(style) == ["inline-block", "exact"]


def test_motion_is_reduced_where_the_reader_asks(open_page: Open) -> None:
    moving = "getComputedStyle(document.documentElement).scrollBehavior"
    assert open_page("index.html", reduced_motion="no-preference").evaluate(moving) == "smooth"
    assert open_page("index.html", reduced_motion="reduce").evaluate(moving) == "auto"
