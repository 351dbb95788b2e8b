"""Searching the text of a bibliography finds what reading all of its entries finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.generator import Generator
from citeman import haystack, ids, labels, tex
from citeman.bib import Bibliography
from citeman.config import Config
from citeman.haystack import Haystack
from citeman.library import Library

ODD = r"""
@article{a, title = {{B}ayesian {MLP}s and Schr{\"o}dinger's cat}, author = {{\'E}cole, Ren{\'e}e}, year = 2019,
  doi = {10.1000/With\_Under\_score(2019)1-2}}
@misc{b, title = {ÅNGSTRÖM İstanbul}, author = {Jastrz{\k{e}}bski, S.}, date = {2020-03}, eprint = {0309136}, eprintclass = {math.DG}}
@misc{c, title = {On X}, author = {Li, Yi}, year = {2020}, url = {https://dblp.org/rec/journals/corr/abs-2103-00065.html}}
@article{d, title = {$\mu$P}, author = {Lee, B.}, year = {to appear}, url = {https://elifesciences.org/articles/12345}}
@misc{e, title = {Data}, author = {Staib, M.}, year = 2018, url = {https://zenodo.org/record/1196821}}
@inproceedings{f, title = {Talk}, url = {https://openreview.net/pdf?id=B1g5sA4twr}, year = 2020}
@inproceedings{g, title = {BERT}, doi = {10.18653/v1/N19-1423}, year = 2019}
@misc{h, title = {A page}, url = {https://example.org/a/page.html?x=1}}
@misc{i, title = {}, note = {no title}}
@misc{j, title = {On frogs}, howpublished = {\url{https://arxiv.org/abs/1806.07572v2}}}
@misc{k, title = {深層学習}, author = {王, 明}, year = 2021, eprint = {arXiv:2104.00001v1 [cs.LG]}}
@article{L, title = {On frogs}, doi = {https://doi.org/10.1002/(SICI)1096-9861(20010212)430:3%3C283::AID-CNE1031%3E3.0.CO;2-V}}
@misc{m, title = {N}, adsurl = {https://ui.adsabs.harvard.edu/abs/2021arXiv210300066C}}
@article{o, title = {Nature}, url = {https://www.nature.com/articles/s41467-021-23103-1.pdf}}
"""


def searching(bibliography: Bibliography) -> Haystack:
    """A haystack that searches, however small it is."""
    found = Haystack(bibliography)
    found.is_read = False
    return found


def agree(source: str) -> None:
    """Hold the haystack against a walk over all entries."""
    bibliography = Bibliography.parse(source)
    whole, hay = Haystack(bibliography), searching(bibliography)
    for name, key in whole.identifiers.items():
        assert (name, hay.by_identifier(name)) == (name, key)
    for entry in bibliography.entries:
        title = entry.get("title")
        if not all(value in source for value in (title, entry.get("author"), entry.get("editor"), entry.get("year"))):
            continue  # put together of macros: no text of the file
        found = hay.by_title(title)
        assert entry.key in found, (title, found)
        assert set(found) <= set(whole.titles[tex.fold(title)])
        who, year = labels.who(entry), labels.year(entry)
        same = [other.key for other in bibliography.entries if (labels.who(other), labels.year(other)) == (who, year)]
        named = [other.key for other in hay.about([(who, year)]) if (labels.who(other), labels.year(other)) == (who, year)]
        assert (entry.key, named) == (entry.key, same)


def test_odd_ways_of_writing_are_found() -> None:
    agree(ODD)
    assert len({name for entry in Bibliography.parse(ODD).entries for name in map(str, ids.of_entry(entry))}) == 14


def test_a_generated_library() -> None:
    agree(Generator(300).bibliography())


def test_what_is_not_there_is_not_found() -> None:
    hay = searching(Bibliography.parse(ODD + "% 2501.00001 stands between the entries\n"))
    assert hay.by_identifier("arXiv:2501.00001") == hay.by_identifier("doi:10.5555/none") == hay.by_identifier("") == ""
    assert hay.by_title("On toads") == []
    assert searching(Bibliography.parse("")).by_title("x") == []


def test_many_lookups_read_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(haystack, "FEW_ENTRIES", 0)
    library = Library(Config(), Bibliography.parse(ODD))
    assert not library.finder.is_read
    before = library.finder.by_identifier("arXiv:math/0309136"), library.finder.by_title("On {Frogs}")
    library.finder.prepare(1_000)
    assert library.finder.is_read
    assert before == ("b", ["j", "L"])
    assert before == (library.finder.by_identifier("arXiv:math/0309136"), library.finder.by_title("On {Frogs}"))


def test_real_bibliographies(shared: Path) -> None:
    found = sorted(shared.glob("corpora/**/*.bib"))
    for path in [path for path in found if path.stat().st_size < 40_000][::12]:
        agree(path.read_text(encoding="utf-8", errors="surrogateescape"))
