from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from citeman import ids
from citeman.errors import UsageError
from citeman.ids import Identifier
from citeman.model import Entry, Field, Name

ARXIV = [
    "1806.07572",
    "1806.07572v4",
    " arXiv:1806.07572v2 ",
    "ARXIV: 1806.07572",
    "arxiv 1806.07572 [stat.ML]",
    "arXiv preprint arXiv:1806.07572",
    "abs/1806.07572",
    "<https://arxiv.org/abs/1806.07572>",
    "http://arxiv.org/abs/1806.07572v1",
    "https://arxiv.org/abs/1806.07572?context=stat",
    "https://arxiv.org/abs/1806.07572?",
    "https://arxiv.org/abs/1806.07572/",
    "https://arxiv.org/abs/1806.07572#comments",
    "https://arxiv.org/pdf/1806.07572",
    "https://arxiv.org/pdf/1806.07572.pdf",
    "https://arxiv.org/pdf/1806.07572v3.pdf#page=4",
    "https://arxiv.org/pdf/1806.07572\\",
    "https://arxiv.org/html/1806.07572v2/",
    "https://www.arxiv.org/abs/1806.07572",
    "https://export.arxiv.org/abs/1806.07572",
    "http://xxx.lanl.gov/abs/1806.07572",
    "arxiv.org/abs/1806.07572.",
    "HTTPS://ARXIV.ORG/ABS/1806.07572",
    "https://www.alphaxiv.org/abs/1806.07572",
    "https://alphaxiv.org/overview/1806.07572v2",
    "https://ar5iv.org/abs/1806.07572",
    "https://ar5iv.labs.arxiv.org/html/1806.07572",
    "https://huggingface.co/papers/1806.07572",
    "https://www.semanticscholar.org/arxiv/1806.07572",
    "https://dblp.org/rec/journals/corr/abs-1806-07572",
    "https://ui.adsabs.harvard.edu/abs/2018arXiv180607572J/abstract",
    "10.48550/arXiv.1806.07572",
    "https://doi.org/10.48550/ARXIV.1806.07572",
    "doi:10.48550/arxiv.1806.07572v1",
]

SICI = "10.1002/(sici)1096-9861(20010212)430:3<283::aid-cne1031>3.0.co;2-v"

SAME_DOI = {
    "10.1073/pnas.1820226116": [
        "10.1073/PNAS.1820226116",
        "doi:10.1073/pnas.1820226116",
        "DOI 10.1073/pnas.1820226116.",
        "https://doi.org/10.1073/pnas.1820226116",
        "http://dx.doi.org/10.1073/pnas.1820226116?x=1",
        "https://doi.org/10.1073%2Fpnas.1820226116",
        "https://doi.org/doi:10.1073/pnas.1820226116",
        "doi.org/10.1073/pnas.1820226116",
        "https://www.pnas.org/doi/10.1073/pnas.1820226116",
        "https://www.pnas.org/doi/full/10.1073/pnas.1820226116#sec-1",
        "https://www.pnas.org/doi/pdf/10.1073/pnas.1820226116",
        "(10.1073/pnas.1820226116).",
    ],
    SICI: [
        SICI.upper(),
        "https://doi.org/10.1002/(SICI)1096-9861(20010212)430:3%3C283::AID-CNE1031%3E3.0.CO;2-V",
        "10.1002/(SICI)1096-9861(20010212)430:3&lt;283::AID-CNE1031&gt;3.0.CO;2-V",
        r"10.1002/(SICI)1096-9861(20010212)430:3$<$283::AID-CNE1031$>$3.0.CO;2-V",
        "10.1002%2F%28SICI%291096-9861%2820010212%29430%3A3%3C283%3A%3AAID-CNE1031%3E3.0.CO%3B2-V",
    ],
    "10.1016/0041-5553(64)90137-5": ["https://doi.org/10.1016/0041-5553(64)90137-5", "(10.1016/0041-5553(64)90137-5)"],
    "10.1007/3-540-49430-8_2": [
        r"10.1007/3-540-49430-8\_2",
        r"10.1007/3-540-49430-8{\_}2",
        "https://link.springer.com/chapter/10.1007/3-540-49430-8_2",
        "https://link.springer.com/content/pdf/10.1007%2F3-540-49430-8_2.pdf",
    ],
    "10.1007/s10994-019-05839-6": ["https://link.springer.com/article/10.1007/s10994-019-05839-6/fulltext.html"],
    "10.1103/physrevlett.66.2396": [
        "https://journals.aps.org/prl/abstract/10.1103/PhysRevLett.66.2396",
        "https://link.aps.org/doi/10.1103/PhysRevLett.66.2396",
    ],
    "10.1145/3448016.3452841": [
        "https://dl.acm.org/doi/10.1145/3448016.3452841",
        "https://dl.acm.org/doi/pdf/10.1145/3448016.3452841",
        "http://doi.acm.org/10.1145/3448016.3452841",
    ],
    "10.1002/cpa.22074": [
        "https://onlinelibrary.wiley.com/doi/10.1002/cpa.22074",
        "https://onlinelibrary.wiley.com/doi/abs/10.1002/cpa.22074",
        "https://onlinelibrary.wiley.com/doi/10.1002/cpa.22074/full",
        "https://onlinelibrary.wiley.com/doi/epdf/10.1002/cpa.22074",
    ],
    "10.1088/1742-5468/abc4de": [
        "https://iopscience.iop.org/article/10.1088/1742-5468/abc4de/meta",
        "https://iopscience.iop.org/article/10.1088/1742-5468/abc4de/pdf",
    ],
    "10.1080/14786430701342172": ["http://www.tandfonline.com/doi/pdf/10.1080/14786430701342172?needAccess=true"],
    "10.1038/s41467-021-23103-1": [
        "https://www.nature.com/articles/s41467-021-23103-1",
        "https://www.nature.com/articles/s41467-021-23103-1.pdf",
        "https://www.nature.com/articles/s41467-021-23103-1/figures/2",
    ],
    "10.1038/nature14539": [
        "https://www.nature.com/articles/nature14539",
        "http://www.nature.com/nature/journal/v521/n7553/full/nature14539.html",
    ],
    "10.1126/science.aar6404": ["https://www.science.org/doi/full/10.1126/science.aar6404"],
    "10.1101/2020.12.01.406702": [
        "https://www.biorxiv.org/content/10.1101/2020.12.01.406702v2",
        "https://www.biorxiv.org/content/10.1101/2020.12.01.406702v2.full.pdf+html",
    ],
    "10.1137/16m1080173": ["https://epubs.siam.org/doi/10.1137/16M1080173", "https://epubs.siam.org/doi/abs/10.1137/16M1080173"],
    "10.1214/15-aoas848": ["https://projecteuclid.org/journals/aoas/volume-9/issue-3/A--B/10.1214/15-AOAS848.full"],
    "10.1371/journal.pone.0020476": ["https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0020476"],
    "10.5281/zenodo.1196821": ["https://zenodo.org/record/1196821", "https://zenodo.org/records/1196821/files/a.pdf"],
}

PAGES = {
    "https://openreview.net/forum?id=jh-rTtvkGeM": [
        "https://openreview.net/pdf?id=jh-rTtvkGeM",
        "https://openreview.net/forum?id=jh-rTtvkGeM&noteId=b2",
        "https://openreview.net/forum?noteId=b2&id=jh-rTtvkGeM",
        "openreview.net/forum?id=jh-rTtvkGeM",
    ],
    "https://proceedings.mlr.press/v97/allen-zhu19a.html": [
        "http://proceedings.mlr.press/v97/allen-zhu19a",
        "http://proceedings.mlr.press/v97/allen-zhu19a/allen-zhu19a.pdf",
        "https://raw.githubusercontent.com/mlresearch/v97/main/assets/allen-zhu19a/allen-zhu19a.pdf",
        "http://jmlr.org/proceedings/papers/v97/allen-zhu19a.html",
    ],
    "https://jmlr.org/papers/v19/18-188.html": ["https://www.jmlr.org/papers/volume19/18-188/18-188.pdf"],
    "https://proceedings.neurips.cc/paper_files/paper/2018/hash/5a4be1fa34e62bb8a6ec6b91d2462f5a-Abstract.html": [
        "https://proceedings.neurips.cc/paper/2018/hash/5a4be1fa34e62bb8a6ec6b91d2462f5a-Abstract.html",
        "https://papers.nips.cc/paper/2018/file/5a4be1fa34e62bb8a6ec6b91d2462f5a-Paper.pdf",
        "https://papers.neurips.cc/paper/2018/hash/5a4be1fa34e62bb8a6ec6b91d2462f5a-Abstract.html",
    ],
    "https://proceedings.neurips.cc/paper_files/paper/2023/hash/3e592c571de69a43d7a870ea89c7e33a-Abstract-Conference.html": [
        "https://papers.nips.cc/paper_files/paper/2023/file/3e592c571de69a43d7a870ea89c7e33a-Paper-Conference.pdf",
    ],
    "https://papers.nips.cc/paper/7181-attention-is-all-you-need": [
        "http://papers.nips.cc/paper/7181-attention-is-all-you-need.pdf",
        "https://papers.nips.cc/paper/7181-Attention-is-all-you-need",
    ],
    "https://aclanthology.org/2020.emnlp-demos.6/": [
        "https://www.aclweb.org/anthology/2020.emnlp-demos.6",
        "https://aclanthology.org/2020.emnlp-demos.6.pdf",
    ],
    "https://aclanthology.org/W04-1013/": ["https://aclanthology.org/w04-1013.bib"],
    "https://dl.acm.org/doi/10.5555/3295222.3295349": ["https://dl.acm.org/doi/pdf/10.5555/3295222.3295349"],
    "https://dl.acm.org/citation.cfm?id=2969125": [
        "http://portal.acm.org/citation.cfm?CFID=1&id=2969033.2969125",
        "https://dl.acm.org/citation.cfm?doid=2969033.2969125&dl=ACM",
    ],
    "https://openaccess.thecvf.com/content_CVPRW_2019/html/UG2+_Track_2/Doe_Seeing_CVPRW_2019_paper.html": [
        "http://openaccess.thecvf.com/content_CVPRW_2019/papers/UG2+_Track_2/Doe_Seeing_CVPRW_2019_paper.pdf"
    ],
    "https://openaccess.thecvf.com/content/CVPR2021/html/Doe_Seeing_CVPR_2021_paper.html": [
        "https://openaccess.thecvf.com/content/CVPR2021/papers/Doe_Seeing_CVPR_2021_paper.pdf"
    ],
    "https://openaccess.thecvf.com/content/CVPR2021W/LXAI/html/Doe_Seeing_CVPRW_2021_paper.html": [
        "https://openaccess.thecvf.com/content/CVPR2021W/LXAI/papers/Doe_Seeing_CVPRW_2021_paper.pdf"
    ],
    "https://hal.science/hal-01799118": [
        "https://hal.science/hal-01799118v2/document",
        "https://hal.archives-ouvertes.fr/hal-01799118/file/paper.pdf",
        "https://inria.hal.science/hal-01799118",
    ],
    "https://hal.science/inria-00321473": ["https://hal.inria.fr/inria-00321473v1"],
    "https://ieeexplore.ieee.org/document/9464278": ["https://ieeexplore.ieee.org/abstract/document/9464278/"],
}


@pytest.mark.parametrize("text", ARXIV)
def test_every_way_of_writing_an_arxiv_id(text: str) -> None:
    assert ids.parse(text) == Identifier("arxiv", "1806.07572")


def test_the_version_is_kept_apart_from_the_identity() -> None:
    third = ids.parse("https://arxiv.org/pdf/1312.6120v3")
    assert third is not None
    assert third.version == 3
    assert str(third) == "arXiv:1312.6120"
    assert ids.url_of(third) == "https://arxiv.org/abs/1312.6120v3"
    assert len({third, ids.parse("1312.6120"), ids.parse("1312.6120v1")}) == 1


@pytest.mark.parametrize(
    "text",
    ["math/0309136", "math.GT/0309136", "arXiv:math.GT/0309136v1", "https://arxiv.org/abs/math.GT/0309136", "Math/0309136"],
)
def test_old_ids_lose_their_subject_class(text: str) -> None:
    assert ids.parse(text) == Identifier("arxiv", "math/0309136")


@pytest.mark.parametrize(
    "text",
    [
        "2113.00065",
        "2100.00001",
        "1501.1234",
        "1412.12345",
        "0703.1234",
        "0000.0000",
        "2103.00000",
        "math/0313001",
        "math/0309000",
        "maths/0309136",
        "math/0805123",
        "abc",
        "1706.0376x",
        "2103.000655",
        "https://arxiv.org/abs/2113.00065",
        "arXiv:",
        "9912.1234",
    ],
)
def test_impossible_arxiv_ids_are_refused(text: str) -> None:
    assert ids.parse(text) is None


def test_a_listing_is_a_page() -> None:
    assert ids.parse("https://arxiv.org/list/cs.LG/recent") == Identifier("url", "https://arxiv.org/list/cs.LG/recent")


@pytest.mark.parametrize(("doi", "text"), [(doi, text) for doi, texts in SAME_DOI.items() for text in texts])
def test_every_way_of_writing_a_doi(doi: str, text: str) -> None:
    assert ids.parse(text) == Identifier("doi", doi)


@pytest.mark.parametrize(("address", "text"), [(address, text) for address, texts in PAGES.items() for text in [address, *texts]])
def test_every_address_of_a_page_of_proceedings(address: str, text: str) -> None:
    found = ids.parse(text)
    assert str(found) == address
    assert found is not None
    assert found.scholarly


def test_openreview_ids_differ_by_case() -> None:
    assert ids.parse("https://openreview.net/forum?id=abCD") != ids.parse("https://openreview.net/forum?id=ABcd")


def test_plain_pages_lose_what_does_not_change_them() -> None:
    page = ids.parse("https://transformer-circuits.pub/2022/toy_model/index.html#motivation")
    assert page == ids.parse("https://Transformer-Circuits.pub:443/2022/toy_model/?utm_source=x")
    assert page is not None
    assert not page.scholarly
    assert ids.parse("https://a.org/x?b=1&c=%20") == Identifier("url", "https://a.org/x?b=1&c=%20")


@pytest.mark.parametrize(
    "text",
    ["", "jacot2018neural", "Attention is all you need", "10.1/x", "10.1000/", "http://[::1", "https://", "10.1000/a is good"],
)
def test_other_text_names_nothing(text: str) -> None:
    assert ids.parse(text) is None


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    for candidate in (text, "https://" + text, "https://doi.org/10.1000/" + text, "https://arxiv.org/abs/" + text):
        found = ids.parse(candidate)
        if found:
            ids.url_of(found)


@given(st.integers(7, 40), st.integers(1, 12), st.integers(1, 9999), st.integers(0, 12))
def test_an_identifier_reads_its_own_writing(year: int, month: int, number: int, version: int) -> None:
    value = f"{year:02}{month:02}.{number:04}" if year < 15 else f"{year:02}{month:02}.{number:05}"
    found = ids.parse(value + (f"v{version}" if version else ""))
    if (year, month) < (7, 4):
        assert found is None
        return
    assert found is not None
    assert found.version == version
    for text in (str(found), ids.url_of(found), f"10.48550/arXiv.{value}"):
        assert ids.parse(text) == found


@given(st.text("abc.-_()<>;:/[]19", min_size=1, max_size=20))
def test_a_doi_reads_its_own_writing(suffix: str) -> None:
    found = ids.parse(f"10.1000/{suffix}")
    if found:
        assert ids.parse(str(found)) == found == ids.parse(ids.url_of(found))


def test_identifiers_in_running_text() -> None:
    text = "arXiv:1412.6980v9 [cs.LG] 30 Jan 2017. See 10.1038/nature14539, and (doi:10.1016/0041-5553(64)90137-5). Or 2103.0006."
    text += " At https://doi.org/10.1126/science.aar6404; not https://a.org/10.1000/x."
    assert [str(found) for found in ids.find(text)] == [
        "arXiv:1412.6980",
        "doi:10.1038/nature14539",
        "doi:10.1016/0041-5553(64)90137-5",
        "doi:10.1126/science.aar6404",
    ]


def entry(**fields: str) -> Entry:
    return Entry("article", "key", tuple(Field(name, value, 0, 0, 0, 0, 0) for name, value in fields.items()))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"doi": r"10.1007/3-540-49430-8\_2"}, ["doi:10.1007/3-540-49430-8_2"]),
        (
            {"doi": "https://doi.org/10.1073/PNAS.1820226116", "eprint": "1810.10531"},
            ["doi:10.1073/pnas.1820226116", "arXiv:1810.10531"],
        ),
        ({"eprint": "arXiv:1204.0136v1"}, ["arXiv:1204.0136"]),
        ({"eprint": "0309136", "archiveprefix": "arXiv", "primaryclass": "math.GT"}, ["arXiv:math/0309136"]),
        ({"eprint": "2103.00065", "eprinttype": "jstor"}, []),
        ({"journal": "arXiv preprint arXiv:1910.12840"}, ["arXiv:1910.12840"]),
        ({"journal": "Ar{X}iv:2210.01738"}, ["arXiv:2210.01738"]),
        ({"journal": "CoRR", "volume": "abs/1412.6980"}, ["arXiv:1412.6980"]),
        ({"journal": "Neural Computation", "volume": "9"}, []),
        ({"url": "https://arxiv.org/pdf/1412.6980.pdf", "note": "arXiv:1412.6980 [cs.LG]"}, ["arXiv:1412.6980"]),
        ({"note": "A comment on arXiv:1412.6980"}, []),
        ({"howpublished": r"\url{https://openreview.net/forum?id=Bkg6RiCqY7}"}, ["https://openreview.net/forum?id=Bkg6RiCqY7"]),
        ({"url": "https://kellerjordan.github.io/posts/muon/"}, ["https://kellerjordan.github.io/posts/muon"]),
        ({"url": "https://github.com/a/b", "eprint": "1412.6980"}, ["arXiv:1412.6980"]),
        ({"ids": "kingma2014adam, 1412.6980"}, ["arXiv:1412.6980"]),
        (
            {"doi": "10.18653/v1/2020.emnlp-demos.6"},
            ["doi:10.18653/v1/2020.emnlp-demos.6", "https://aclanthology.org/2020.emnlp-demos.6/"],
        ),
        ({"doi": "10.48550/arXiv.1412.6980"}, ["arXiv:1412.6980"]),
        ({"doi": "n/a", "url": ""}, []),
    ],
)
def test_identifiers_of_an_entry(fields: dict[str, str], expected: list[str]) -> None:
    assert [str(found) for found in ids.of_entry(entry(**fields))] == expected


NTK = "Neural Tangent Kernel: Convergence and Generalization in Neural Networks"


def key(
    *names: Name, year: str = "2018", title: str = NTK, taken: tuple[str, ...] = (), pattern: str = ids.DEFAULT_PATTERN
) -> str:
    return ids.citation_key(pattern, names, year, title, taken)


def test_keys_are_author_year_word() -> None:
    assert key(Name("Jacot", "Arthur")) == "jacot2018neural"
    assert key(Name("Laarhoven", "Twan", "van"), title="L2 Regularization") == "vanlaarhoven2018l2"
    assert key(Name("Allen-Zhu"), title="On the Convergence") == "allenzhu2018convergence"


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        ("Großmann", "grossmann"),
        ("Østergård", "ostergard"),
        ("Łojasiewicz", "lojasiewicz"),
        (r"{\L}ojasiewicz", "lojasiewicz"),
        (r"G{\"o}del", "godel"),
        (r"Jastrz{\k{e}}bski", "jastrzebski"),
        (r"{\'E}mile", "emile"),
        ("O’Neil", "oneil"),
        ("Иванов", "ivanov"),
        (r"Wei{\ss}", "weiss"),
        (r"{\AA}str{\"o}m", "astrom"),
        ("Đặng", "dang"),
        (r"Erd\H{o}s", "erdos"),
        (r"\v Cech", "cech"),
    ],
)
def test_keys_are_ascii(family: str, expected: str) -> None:
    assert key(Name(family)) == f"{expected}2018neural"


def test_keys_of_collectives_and_of_nobody() -> None:
    assert key(Name(literal="The DeepSeek-AI Team")) == "deepseekai2018neural"
    assert key(Name(given="Robin")) == "robin2018neural"
    assert key() == "neural2018tangent"
    assert key(year="") == "neuraltangent"
    assert key(title="") == "2018"
    assert key(title="", year="") == "entry"
    assert key(Name("Wei"), title="深度学习") == "wei2018shenduxuexi"
    assert key(Name("Nesterov"), title="$O(1/k^2)$") == "nesterov2018o"


def test_keys_are_unique_and_what_is_taken_stays() -> None:
    taken = ["jacot2018neural"]
    assert key(Name("Jacot"), taken=tuple(taken)) == "jacot2018neurala"
    assert key(Name("Jacot"), taken=("Jacot2018Neural", "jacot2018neurala")) == "jacot2018neuralb"
    many = {key(Name("Jacot"))}
    for _ in range(60):
        many.add(key(Name("Jacot"), taken=tuple(many)))
    assert len(many) == 61
    assert "jacot2018neuralaa" in many


def test_key_patterns() -> None:
    names = (Name("Jacot"), Name("Gabriel"), Name("Hongler"))
    assert key(*names, pattern="{Authors}{yy}") == "JacotGabrielHongler18"
    assert key(*names, pattern="{author}:{year}-{words}") == "jacot:2018-neuraltangentkernel"
    with pytest.raises(UsageError, match=r"unknown place \{wrod\}"):
        key(pattern="{author}{wrod}")
    with pytest.raises(UsageError, match="no valid citation key"):
        key(pattern="{author} {year}")


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=6))
def test_every_made_key_is_one(family: str, title: str, year: str) -> None:
    assert ids.is_citation_key(key(Name(family), title=title, year=year))


def test_which_texts_are_keys() -> None:
    assert all(map(ids.is_citation_key, ["jacot2018neural", "DBLP:conf/nips/JacotHG18", "a", "2018", "a_b.c+d-e"]))
    assert not any(map(ids.is_citation_key, ["", "a b", "a,b", "a{b", "é2018", "a.", "-a", "a..b", "a\n", "#a", "a" * 201]))


def test_keys_agree_with_those_of_the_guides_papers(shared: Path) -> None:
    papers = yaml.load((shared / "papers.yaml").read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    agreed = 0
    for paper in papers:
        family, _, given_name = paper["authors"][0].partition(", ")
        particle, _, family = family.rpartition(" ") if family[0].islower() else ("", "", family)
        made = key(Name(family, given_name, particle), year=paper["year"], title=paper["title"])
        agreed += made == paper["key"]
    assert agreed >= 0.88 * len(papers)


def test_the_guides_papers_have_scholarly_addresses(shared: Path) -> None:
    papers = yaml.load((shared / "papers.yaml").read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    for paper in papers:
        if "arxiv" in paper:
            assert str(ids.parse(paper["arxiv"])) == f"arXiv:{paper['arxiv']}"
        if "doi" in paper:
            assert str(ids.parse(paper["doi"])) == f"doi:{paper['doi'].lower()}"
    plain = [paper["url"] for paper in papers if "url" in paper and not getattr(ids.parse(paper["url"]), "scholarly", True)]
    assert len(plain) <= 4


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://web.archive.org/web/2020/https://arxiv.org/abs/1806.07572v2", "arXiv:1806.07572"),
        ("https://web.archive.org/web/2020id_/http:/arxiv.org/pdf/1806.07572.pdf", "arXiv:1806.07572"),
        ("https://proxy.example.org/https://doi.org/10.1073/pnas.1820226116", "doi:10.1073/pnas.1820226116"),
    ],
)
def test_an_archived_address_names_what_it_holds(address: str, name: str) -> None:
    assert str(ids.parse(address)) == name


def test_an_archived_page_that_is_no_work_stays_a_page() -> None:
    address = "https://web.archive.org/web/2020/https://example.org/about"
    assert str(ids.parse(address)) == address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pmid:31452104", "https://pubmed.ncbi.nlm.nih.gov/31452104/"),
        ("PMID 31452104", "https://pubmed.ncbi.nlm.nih.gov/31452104/"),
        ("pmcid:PMC6103790", "https://pmc.ncbi.nlm.nih.gov/articles/PMC6103790/"),
        ("pmc6103790", "https://pmc.ncbi.nlm.nih.gov/articles/PMC6103790/"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC6103790/", "https://pmc.ncbi.nlm.nih.gov/articles/PMC6103790/"),
        ("pmid:", None),
        ("pmid:0", None),
        ("pmcid:6103790", None),
    ],
)
def test_pubmeds_numbers_are_read(text: str, expected: str | None) -> None:
    found = ids.parse(text)
    assert (str(found) if found else None) == expected
