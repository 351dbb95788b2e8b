from __future__ import annotations

from citeman.lock import Decision, Lock, Locked, Said
from citeman.model import Update
from tests.checking import entry, found

LISTS = """sections:
  one:
    reading:
      - key: first2020
        role: result
        why: Because.
      - key: second2020
        why: Because.
      - url: https://example.org
        title: A talk
        kind: talk
        why: Because.
    cues:
      - text: cite the first
        settled-by: [first2020]
      - text: cite the third
        settled-by: [third2020, nobody2020]
"""
BIB = entry(key="first2020") + entry(key="second2020") + entry(key="third2020")


def test_a_paper_without_a_role_is_a_hint_and_a_talk_needs_none() -> None:
    (finding,) = found("list-missing-role", BIB, "# One\n", LISTS)
    assert (finding.severity, finding.key, finding.line, finding.section) == ("hint", "second2020", 7, "one")


def test_a_cue_settled_by_what_the_section_or_the_bibliography_lacks() -> None:
    (unlisted,) = found("list-unlisted-cue", BIB, "# One\n", LISTS)
    assert (unlisted.key, unlisted.line) == ("third2020", 16)
    assert "`citeman link third2020 --section one`" in unlisted.message
    (unknown,) = found("list-unknown-key", BIB, "# One\n", LISTS)
    assert unknown.key == "nobody2020"


def test_a_key_in_other_capitals_is_a_near_miss() -> None:
    (unknown,) = found("list-unknown-key", entry(key="K1"), "# One\n", "sections:\n  one:\n    reading: [{key: k1}]\n")
    assert unknown.message.endswith("; did you mean 'K1'?")


def test_a_section_does_not_point_to_itself() -> None:
    lists = "sections:\n  one:\n    reading:\n      - see: two\n      - see: one\n  two: {}\n"
    (pointer,) = found("list-unknown-pointer", BIB, "# One\n\n# Two\n", lists)
    assert (pointer.line, pointer.section) == (5, "one")
    assert pointer.message.endswith("correct it or take it out")


def test_a_cue_may_be_settled_by_what_the_section_points_to() -> None:
    more = (
        LISTS.replace("    cues:\n", "      - see: two\n        why: There.\n    cues:\n", 1)
        + "  two:\n    reading:\n      - key: third2020\n"
    )
    assert not found("list-unlisted-cue", BIB, "# One\n\n# Two\n", more)


def test_a_section_is_empty_only_when_its_subsections_are_too() -> None:
    guide = "# Zero\n\n## One\n\n## Two\n\n# Three\n"
    assert [finding.section for finding in found("list-empty-section", BIB, guide, LISTS)] == ["two", "three"]


def test_papers_read_after_each_other_are_a_circle() -> None:
    circle = LISTS.replace("role: result", "after: [second2020]").replace(
        "- key: second2020\n", "- key: second2020\n        after: [first2020]\n"
    )
    assert len(found("list-circle", BIB, "# One\n", circle)) == 1
    assert not found("list-circle", BIB, "# One\n", LISTS)


PREPRINT = entry("misc", "a2020", title="T", author="A, B", year="2020", eprint="2001.00001v1", eprinttype="arxiv")


def locked(**said: object) -> Lock:
    source = said.pop("source", "arxiv")
    return Lock(
        {
            "a2020": Locked({str(source): Said(source, "arXiv:2001.00001", **said)}),
            "gone": Locked({"arxiv": Said("arxiv", withdrawn="x")}),
        }
    )  # type: ignore[arg-type]


def test_a_withdrawn_paper() -> None:
    (finding,) = found("paper-withdrawn", PREPRINT, lock=locked(withdrawn="a gap in Lemma 2"))
    assert (finding.severity, finding.key, finding.line) == ("error", "a2020", 1)
    assert "“a gap in Lemma 2”" in finding.message
    assert not found("paper-withdrawn", PREPRINT, lock=locked())


def test_notices_are_told_apart() -> None:
    updates = (
        Update("Retraction", "10.1/r", "2019-02-03"),
        Update("expression-of-concern", "10.1/e"),
        Update("erratum", "10.1/c"),
        Update("new_edition", "10.1/n"),
    )
    lock = locked(source="crossref", updates=updates)
    assert "retraction of 2019-02-03 doi:10.1/r" in found("paper-retracted", PREPRINT, lock=lock)[0].message
    assert "expression of concern doi:10.1/e" in found("paper-concern", PREPRINT, lock=lock)[0].message
    assert "erratum doi:10.1/c" in found("paper-corrected", PREPRINT, lock=lock)[0].message
    assert len(found("paper-corrected", PREPRINT, lock=lock)) == 1


def test_a_preprint_that_came_out_elsewhere() -> None:
    (finding,) = found("paper-published", PREPRINT, lock=locked(published_doi="10.1000/x"))
    assert "came out as doi:10.1000/x" in finding.message
    published = PREPRINT.replace("@misc", "@article").replace("year =", "journal = {Annals},\n  year =")
    assert not found("paper-published", published, lock=locked(published_doi="10.1000/x"))
    assert not found("paper-published", PREPRINT, lock=locked())
    settled = Lock(
        {"a2020": Locked(locked(published_doi="10.1000/x").papers["a2020"].said, {"doi": Decision("keep", "10.1000/x")})}
    )
    assert not found("paper-published", PREPRINT, lock=settled)


def test_an_older_version_than_the_latest_in_the_entry_and_in_the_guide() -> None:
    guide = "# One\n\n[a](https://arxiv.org/abs/2001.00001v2) [b](https://arxiv.org/abs/2001.00001) [c](https://arxiv.org/abs/2001.00001v3)\n"
    (entry_finding,) = found("paper-revised", PREPRINT, guide, lock=locked(version=3))
    assert (entry_finding.line, entry_finding.severity) == (5, "hint")
    (link,) = found("guide-older-version", PREPRINT, guide, lock=locked(version=3))
    assert (link.path, link.line, link.key) == ("guide.md", 3, "a2020")
    assert "v2 of arXiv:2001.00001, and v3 is out" in link.message
    assert not found("guide-older-version", PREPRINT, guide, lock=locked(version=0))
