"""Citations rewritten from links to keys and back: only their own bytes change."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeman import ids
from citeman.guide import Guide, rename_key, to_keys, to_links
from citeman.text import apply, decode

COHEN = "https://arxiv.org/abs/2103.00065"
JACOT = "https://arxiv.org/abs/1806.07572"
KEYS = {ids.parse(COHEN): "cohen2021", ids.parse(JACOT): "jacot2018"}
LINKS = {"cohen2021": ("Cohen et al. (2021)", COHEN), "jacot2018": ("Jacot et al. (2018)", "https://doi.org/10.1/a(b)")}


def keyed(source: str, rule: str = "pandoc") -> str:
    return apply(source, to_keys(Guide.parse(source, rule=rule), KEYS))  # type: ignore[arg-type]


def linked(source: str) -> str:
    return apply(source, to_links(Guide.parse(source), LINKS))


@pytest.mark.parametrize(
    ("link", "key"),
    [
        (f"As [Cohen et al. (2021)]({COHEN}) show", "As @cohen2021 show"),
        (f"It is so [[Cohen et al. (2021)]]({COHEN}).", "It is so [@cohen2021]."),
        (f"It is so ([Cohen et al. 2021]({COHEN})).", "It is so ([@cohen2021])."),
        (f"the *edge* ([arXiv]({COHEN})) and <{COHEN}>", "the *edge* ([@cohen2021]) and [@cohen2021]"),
        (f"the [edge of *stability*]({COHEN}v2) holds", "the edge of *stability* [@cohen2021] holds"),
        (f"[Cohen]({COHEN}) [et]({COHEN}) [al.]({COHEN}) [(2021)]({COHEN}) say", "@cohen2021 say"),
        (f"[Cohen et al. (2021)]({COHEN})'s and [Cohen (2021)]({COHEN})s", "@cohen2021's and @{cohen2021}s"),
        (f'<a href="{COHEN}">Cohen et al. (2021)</a> say', "@cohen2021 say"),
        (f"a note^[See [Cohen et al. (2021)]({COHEN}).]", "a note^[See [@cohen2021].]"),
        (f"[Cohen et al. (2021)]({COHEN}) [[Jacot (2018)]]({JACOT})", "[@cohen2021] [@jacot2018]"),
        (f"[by reference][r]\n\n[r]: {COHEN}", f"by reference [@cohen2021]\n\n[r]: {COHEN}"),
        ("[other](https://arxiv.org/abs/1706.03762)", "[other](https://arxiv.org/abs/1706.03762)"),
        (f"`[Cohen (2021)]({COHEN})`", f"`[Cohen (2021)]({COHEN})`"),
    ],
)
def test_links_become_keys(link: str, key: str) -> None:
    assert keyed(f"# A\n\n{link}\n") == f"# A\n\n{key}\n"


@pytest.mark.parametrize(
    ("key", "link"),
    [
        ("As @cohen2021 show", f"As [Cohen et al. (2021)]({COHEN}) show"),
        ("It is so [@cohen2021].", f"It is so [[Cohen et al. (2021)]]({COHEN})."),
        ("[@{cohen2021}; -@jacot2018]", f"[[Cohen et al. (2021)]]({COHEN}) [[Jacot et al. (2018)]](<https://doi.org/10.1/a(b)>)"),
        ("[see @cohen2021, p. 3]", f"(see [Cohen et al. (2021)]({COHEN}), p. 3)"),
        ("@cohen2021 [p. 3] say", f"[Cohen et al. (2021)]({COHEN}) (p. 3) say"),
        ("[@cohen2021; @unknown]", "[@cohen2021; @unknown]"),
    ],
)
def test_keys_become_links(key: str, link: str) -> None:
    assert linked(f"{key}\n") == f"{link}\n"


def test_there_and_back_again() -> None:
    source = f"As [Cohen et al. (2021)]({COHEN}) show, it is so [[Cohen et al. (2021)]]({COHEN}).\r\n"
    assert linked(keyed(source)) == source
    assert keyed(keyed(source)) == keyed(source)


def test_html_stays_where_keys_would_not_be_read() -> None:
    source = f'<div>\n<a href="{COHEN}">Cohen et al. (2021)</a>\n</div>\n'
    assert keyed(source, "github") == source


def test_a_key_is_renamed_in_every_form() -> None:
    source = "[@a2020; @a2020b], @a2020, [see -@a2020, p. 3], {cite}`x,a2020` and `@a2020`, a2020.\n"
    renamed = apply(source, rename_key(Guide.parse(source), "a2020", "new"))
    assert renamed == "[@new; @a2020b], @new, [see -@new, p. 3], {cite}`x,new` and `@a2020`, a2020.\n"


def test_real_guides_change_only_where_they_cite(shared: Path) -> None:
    for path in sorted(shared.glob("corpora/guides/*md"))[::4]:
        source = decode(path.read_bytes()).text
        guide = Guide.parse(source, path.name)
        edits = to_keys(guide, {c.identifier: f"key{n}" for n, c in enumerate(guide.citations) if c.identifier})
        again = Guide.parse(apply(source, edits), path.name)
        assert [section.anchor for section in again.sections] == [section.anchor for section in guide.sections]
        assert {(edit.start, edit.end) for edit in edits} <= {(c.start, c.end) for c in guide.citations}
        assert len(again.citations) == len(guide.citations)
