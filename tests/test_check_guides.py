from __future__ import annotations

import pytest

from citeman.text import apply
from tests.checking import entry, found

GUIDE = """# One

<ol><li><a href="#section-two">Two</a></li><li><a href="#secton-two">Tow</a></li></ol>

See [above](#one), [there](#elsewhere), [case](#Section-two), [note](#fn1) and [top](#top).

## Two {#section-two}

<span id="elsewhere"></span>
"""


def test_links_to_no_anchor_are_found_in_the_table_of_contents_too() -> None:
    first, second = found("guide-broken-link", "", GUIDE)
    assert (first.line, first.message) == (3, "no place #secton-two in this page; did you mean 'section-two'?")
    assert (second.line, second.section) == (5, "one")
    assert second.fix
    assert "[case](#section-two)" in apply(GUIDE, second.fix.edits)


def test_an_anchor_of_another_guide_is_named_and_counts_in_books_that_are_joined() -> None:
    (finding,) = found("guide-broken-link", "", "# One\n\n[x](#far)\n", second="# Far\n")
    assert finding.message.startswith("no place #far in this page; second.md has it")


def test_unknown_keys_are_found_with_a_near_miss() -> None:
    bib = entry(key="jacot2018neural", ids="jacot2018")
    guide = "# One\n\nAs [@jacot2018nueral; @jacot2018neural, p. 3] and @jacot2018 say, not me@example.org or `[@code]`.\n\n[@nobody]\n"
    first, second = found("guide-unknown-key", bib, guide)
    assert (first.line, first.key, first.section) == (3, "jacot2018nueral", "one")
    assert "did you mean 'jacot2018neural'?" in first.message
    assert second.key == "nobody"


@pytest.mark.parametrize(
    "text",
    [
        "Thanks to @someone!",
        "[@doi:10.1000/xyz]",
        "[@url:https://example.org]",
        "[@pmid:123]",
        "[@fig:one]",
        "[@alias]\n\n[@alias]: https://arxiv.org/abs/1806.07572",
    ],
)
def test_what_is_no_key_of_the_bibliography_is_not_unknown(text: str) -> None:
    assert not found("guide-unknown-key", entry(), f"# One\n\n{text}\n")


def test_a_paper_that_the_store_lacks_is_found_once_a_guide() -> None:
    bib = entry(key="known", eprint="1806.07572", eprinttype="arxiv")
    text = "# One\n\n[a](https://arxiv.org/abs/1806.07572v3) [b](https://arxiv.org/abs/2103.00065)\n\n[c](https://arxiv.org/pdf/2103.00065) [@doi:10.1000/x]\n\n[d](https://example.org)\n"
    first, second = found("guide-unstored-paper", bib, text)
    assert first.message.startswith("the store lacks arXiv:2103.00065, cited here and once more; `citeman add arXiv:2103.00065`")
    assert first.line == 3
    assert "doi:10.1000/x" in second.message


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("http://arxiv.org/abs/1806.07572", "https://arxiv.org/abs/1806.07572"),
        ("https://www.arxiv.org/abs/1806.07572v2", "https://arxiv.org/abs/1806.07572v2"),
        ("https://arxiv.org/abs/1806.07572?", "https://arxiv.org/abs/1806.07572"),
        ("https://arxiv.org/abs/1806.07572?utm_source=x#S2", "https://arxiv.org/abs/1806.07572#S2"),
        ("http://dx.doi.org/10.1000/XyZ", "https://doi.org/10.1000/XyZ"),
        ("https://openreview.net/forum?id=ryxB0Rtxx&utm_source=y", "https://openreview.net/forum?id=ryxB0Rtxx"),
    ],
)
def test_an_odd_address_is_made_plain(url: str, wanted: str) -> None:
    guide = f"# One\n\nSee [x]({url}).\n"
    (finding,) = found("guide-odd-address", "", guide)
    assert finding.fix
    assert apply(guide, finding.fix.edits) == f"# One\n\nSee [x]({wanted}).\n"


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/pdf/1806.07572",
        "https://arxiv.org/abs/1806.07572v2",
        "https://openreview.net/forum?id=ryxB0Rtxx",
        "https://doi.org/10.1002/(SICI)1097?x=1",
    ],
)
def test_plain_addresses_are_fine(url: str) -> None:
    assert not found("guide-odd-address", "", f"# One\n\nSee <{url}>.\n")


def test_two_headings_with_one_anchor_are_found() -> None:
    assert len(found("guide-duplicate-anchor", "", "# One {#x}\n\n# Two {#x}\n")) == 1
    assert not found("guide-duplicate-anchor", "", "# Same\n\n# Same\n")
