"""The plan of a sync, year after year, on a small store: what is noticed, what is taken, what a person keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeman.errors import UsageError
from citeman.lock import Lock
from citeman.merge import Change, Choice, Clock, Plan, adopted, combine, is_withdrawal_suspected, new_fields, plan, same
from citeman.model import Entry, Field, Record, Update

KEY = "ash2020wide"
START = datetime(2026, 1, 1, tzinfo=UTC)
PREPRINT = Record(
    "arxiv",
    "arXiv:2005.00001",
    "misc",
    {
        "title": "Wide nets learn at the edge",
        "author": "Ash, Ada and Birk, Bo",
        "year": "2020",
        "eprint": "2005.00001",
        "eprinttype": "arxiv",
        "eprintclass": "cs.LG",
    },
    version=1,
    published="2020-05-01",
    updated="2020-05-01",
    abstract="We study wide nets.",
    hash="aa",
)
ARTICLE = Record(
    "crossref",
    "doi:10.5555/jw.7",
    "article",
    {
        "title": "Wide nets learn at the edge",
        "author": "Ash, Ada and Birk, Bo",
        "year": "2022",
        "date": "2022-03-04",
        "journal": "Journal of Width",
        "volume": "7",
        "pages": "1--22",
        "doi": "10.5555/jw.7",
        "issn": "1234-5678",
        "url": "https://doi.org/10.5555/jw.7",
    },
    hash="bb",
)


class Shelf:
    """A store in memory: entries, lock and clock, and what the last sync said."""

    def __init__(self, *entries: Entry) -> None:
        self.entries = {one.key: one for one in entries}
        self.lock = Lock.empty()
        self.now = START

    def sync(self, *records: Record, choices: Mapping[tuple[str, str], Choice] | None = None, key: str = KEY) -> Plan:
        answers: dict[str, Sequence[Record]] = {key: records} if records else {}
        self.plan = plan(self.entries, self.lock, answers, Clock(self.now.isoformat()), choices or {})
        for operation in self.plan.operations:
            entry = self.entries[operation.key]
            if operation.action == "type":
                self.entries[operation.key] = entry._replace(type=operation.value)
            else:
                self.edit(operation.key, operation.field, operation.value)
        self.lock = Lock.loads(self.plan.lock.dumps())
        self.now += timedelta(hours=1)
        return self.plan

    def edit(self, key: str, name: str, value: str) -> None:
        """Set a field, or remove it by an empty value."""
        fields = {field.name: field.value for field in self.entries[key].fields} | {name: value}
        self.entries[key] = entry({name: value for name, value in fields.items() if value}, self.entries[key].type, key)

    def get(self, name: str, key: str = KEY) -> str:
        return self.entries[key].get(name)


def entry(fields: Mapping[str, str], type: str = "misc", key: str = KEY) -> Entry:
    return Entry(type, key, tuple(Field(name, value, 1, 0, 0, 0, 0) for name, value in fields.items()))


def said(record: Record = PREPRINT, fields: Mapping[str, str] | None = None, **changes: object) -> Record:
    return record._replace(fields={**record.fields, **(fields or {})}, **changes)  # type: ignore[arg-type]


@pytest.fixture
def shelf() -> Shelf:
    """A store with one preprint, added from arXiv."""
    made = Shelf(entry(PREPRINT.fields))
    made.sync(PREPRINT)
    return made


def listed(plan: Plan, *kinds: str) -> list[tuple[str, str, str, str, str]]:
    return [(one.field, one.base, one.ours, one.theirs, one.action) for one in plan.changes if one.kind in (kinds or {"field"})]


def test_a_second_sync_with_the_same_answers_changes_nothing_not_a_byte(shelf: Shelf) -> None:
    before = (shelf.lock.dumps(), dict(shelf.entries))
    assert shelf.sync(PREPRINT).changes == ()
    assert shelf.plan.operations == ()
    assert (shelf.lock.dumps(), shelf.entries) == before


def test_what_only_upstream_changed_is_taken(shelf: Shelf) -> None:
    shelf.sync(said(fields={"title": "Wide nets live at the edge"}))
    assert listed(shelf.plan) == [
        ("title", "Wide nets learn at the edge", "Wide nets learn at the edge", "Wide nets live at the edge", "taken")
    ]
    assert shelf.get("title") == "Wide nets live at the edge"


def test_what_only_a_person_changed_is_kept_and_told(shelf: Shelf) -> None:
    shelf.edit(KEY, "title", "My title")
    shelf.sync(PREPRINT)
    assert listed(shelf.plan) == [("title", PREPRINT.fields["title"], "My title", PREPRINT.fields["title"], "kept")]
    assert shelf.get("title") == "My title"


def test_a_field_that_a_person_took_out_stays_out(shelf: Shelf) -> None:
    shelf.edit(KEY, "eprintclass", "")
    shelf.sync(PREPRINT)
    assert shelf.plan.operations == ()


def test_what_a_person_adds_is_never_upstreams_business(shelf: Shelf) -> None:
    shelf.edit(KEY, "note", "Read this first")
    assert shelf.sync(PREPRINT).changes == ()


def test_another_form_of_the_same_value_is_no_change(shelf: Shelf) -> None:
    shelf.edit(KEY, "author", "Ada Ash and Bo {B}irk")
    shelf.edit(KEY, "title", "{Wide} nets learn at the edge")
    assert shelf.sync(PREPRINT).changes == ()


def both_changed(shelf: Shelf) -> Record:
    shelf.edit(KEY, "title", "My title of wide nets")
    changed = said(fields={"title": "Wide nets live at the edge"})
    shelf.sync(changed)
    return changed


def test_what_both_changed_is_a_conflict_that_stays_until_it_is_settled(shelf: Shelf) -> None:
    changed = both_changed(shelf)
    conflict = [("title", PREPRINT.fields["title"], "My title of wide nets", "Wide nets live at the edge", "conflict")]
    assert listed(shelf.plan) == conflict
    lock = shelf.lock.dumps()
    assert listed(shelf.sync(changed)) == conflict
    assert shelf.get("title") == "My title of wide nets"
    assert shelf.lock.dumps() == lock


@pytest.mark.parametrize("field", ["title", ""])
def test_accepting_settles_a_conflict_once_without_asking_anybody(shelf: Shelf, field: str) -> None:
    changed = both_changed(shelf)
    shelf.sync(choices={(KEY, field): Choice("accept")})
    assert [one.action for one in shelf.plan.changes] == ["taken"]
    assert shelf.get("title") == "Wide nets live at the edge"
    assert shelf.lock.get(KEY).settled["title"].choice == "accept"
    assert shelf.sync(changed).changes == ()


def test_keeping_settles_a_conflict_and_is_remembered_until_upstream_says_something_else(shelf: Shelf) -> None:
    changed = both_changed(shelf)
    shelf.sync(choices={(KEY, "title"): Choice("keep")})
    assert shelf.lock.get(KEY).settled["title"].choice == "keep"
    assert [one.action for one in shelf.sync(changed).changes] == ["kept"]
    shelf.edit(KEY, "title", "My second title of wide nets")
    assert [one.action for one in shelf.sync(changed).changes] == ["kept"]
    again = said(fields={"title": "Wide nets dance at the edge"})
    assert [one.action for one in shelf.sync(again).changes] == ["conflict"]


def test_a_kept_value_can_still_be_given_up(shelf: Shelf) -> None:
    shelf.edit(KEY, "title", "My title")
    shelf.sync(PREPRINT)
    shelf.sync(choices={(KEY, "title"): Choice("accept")})
    assert shelf.get("title") == PREPRINT.fields["title"]


def test_editing_settles_with_a_third_value(shelf: Shelf) -> None:
    changed = both_changed(shelf)
    shelf.sync(choices={(KEY, "title"): Choice("edit", "A third title")})
    assert shelf.get("title") == "A third title"
    assert [one.action for one in shelf.sync(changed).changes] == ["kept"]


def test_what_is_left_for_later_comes_again(shelf: Shelf) -> None:
    changed = said(fields={"title": "Wide nets live at the edge"})
    shelf.sync(changed, choices={(KEY, "title"): Choice("later")})
    assert shelf.get("title") == PREPRINT.fields["title"]
    assert [one.action for one in shelf.sync(changed).changes] == ["taken"]
    assert shelf.get("title") == "Wide nets live at the edge"


def test_a_whole_paper_is_left_for_later(shelf: Shelf) -> None:
    lock = shelf.lock
    assert shelf.sync(ARTICLE, said(published_doi="10.5555/jw.7"), choices={(KEY, ""): Choice("later")}).operations == ()
    assert shelf.lock == lock


@pytest.mark.parametrize("choice", [(KEY, "title"), (KEY, ""), ("nokey", "title")])
def test_there_must_be_something_to_settle(shelf: Shelf, choice: tuple[str, str]) -> None:
    with pytest.raises(UsageError, match=r"settle|in conflict"):
        shelf.sync(choices={choice: Choice("keep")})


def test_a_key_that_nobody_answered_for_is_not_judged(shelf: Shelf) -> None:
    lock, entries = shelf.lock, dict(shelf.entries)
    assert shelf.sync() == Plan(lock)
    assert shelf.entries == entries


def test_a_field_on_which_upstream_falls_silent_stays(shelf: Shelf) -> None:
    fields = {name: value for name, value in PREPRINT.fields.items() if name != "eprintclass"}
    assert shelf.sync(PREPRINT._replace(fields=fields)).operations == ()


def test_another_source_of_the_same_preprint_takes_nothing_away(shelf: Shelf) -> None:
    datacite = Record("datacite", "arXiv:2005.00001", "misc", {"title": PREPRINT.fields["title"], "year": "2020"}, version=1)
    assert shelf.sync(datacite).changes == ()


def test_an_entry_made_from_the_facts_has_nothing_that_a_sync_would_change() -> None:
    for records in ((said(fields={"date": "2020-05-01"}),), (said(published_doi="10.5555/jw.7"), ARTICLE)):
        combined = combine(records)
        shelf = Shelf(entry(new_fields(combined), combined.type))
        assert shelf.sync(*records).changes == ()
    assert " ".join(new_fields(combined)) == "title author journal volume pages year doi eprint eprinttype eprintclass"


@pytest.mark.parametrize(("type", "name"), [("phdthesis", "school"), ("techreport", "institution")])
def test_who_awards_a_degree_or_prints_a_report(type: str, name: str) -> None:
    thesis = Record("crossref", "doi:10.5555/t", type, {"title": "Wide nets", "author": "Ash, Ada", name: "Width University"})
    assert new_fields(combine([thesis]))[name] == "Width University"
    other = "institution" if name == "school" else "school"
    shelf = Shelf(entry({"title": "Wide nets", "author": "Ash, Ada", "doi": "10.5555/t", other: "Width University"}, type))
    assert shelf.sync(thesis).operations == ()


# New versions


def test_a_new_version_says_what_it_changed(shelf: Shelf) -> None:
    second = said(
        fields={"author": "Ash, Ada and Cole, Cy", "title": "Wide nets live at the edge"},
        version=3,
        updated="2021-02-03T00:00:00Z",
        abstract="We study very wide nets.",
        comment="12 pages",
    )
    (change,) = [one for one in shelf.sync(second).changes if one.kind == "new-version"]
    assert change == Change(KEY, "new-version", "version", "1", "", "3", "taken", change.note)
    assert change.note == "v3 (2021-02-03) changes title, authors, abstract, comment: “12 pages”"
    assert shelf.get("author") == "Ash, Ada and Cole, Cy"
    assert shelf.sync(second).changes == ()


def test_a_new_version_that_changes_nothing_of_the_facts(shelf: Shelf) -> None:
    (change,) = shelf.sync(said(version=2)).changes
    assert change.note == "v2 (2020-05-01) changes none of title, authors, abstract and comment"
    assert shelf.plan.operations == ()


def test_an_entry_that_names_the_version_it_was_read_in_keeps_it() -> None:
    shelf = Shelf(entry({**PREPRINT.fields, "eprint": "2005.00001v1"}))
    assert shelf.sync(PREPRINT).changes == ()
    (change,) = shelf.sync(said(version=2)).changes
    assert change.ours == "1"
    assert "the entry names v1" in change.note
    assert shelf.get("eprint") == "2005.00001v1"


# Publication


def test_an_upgrade_keeps_the_key_and_the_arxiv_link_and_retypes_the_entry(shelf: Shelf) -> None:
    shelf.edit(KEY, "url", "https://arxiv.org/abs/2005.00001")
    shelf.edit(KEY, "note", "Read this first")
    shelf.sync(said(published_doi="10.5555/jw.7"), ARTICLE)
    (change,) = [one for one in shelf.plan.changes if one.kind == "published"]
    assert (change.base, change.ours, change.theirs, change.action) == ("arXiv:2005.00001", "misc", "doi:10.5555/jw.7", "taken")
    assert change.note == "Journal of Width 2022; arxiv names it as the published version of arXiv:2005.00001"
    upgraded = shelf.entries[KEY]
    assert upgraded.type == "article"
    assert {field.name: field.value for field in upgraded.fields} == {
        **PREPRINT.fields,
        "url": "https://arxiv.org/abs/2005.00001",
        "note": "Read this first",
        "year": "2022",
        "journal": "Journal of Width",
        "volume": "7",
        "pages": "1--22",
        "doi": "10.5555/jw.7",
    }
    assert shelf.lock.get(KEY).said["arxiv"].published == "2020-05-01"
    lock = shelf.lock.dumps()
    assert shelf.sync(said(published_doi="10.5555/jw.7"), ARTICLE) == Plan(shelf.lock)
    assert shelf.lock.dumps() == lock


def test_what_only_stood_in_for_a_venue_gives_way() -> None:
    google = {
        "title": "Wide nets learn at the edge",
        "author": "Ash, Ada and Birk, Bo",
        "journal": "arXiv preprint arXiv:2005.00001",
        "year": "2020",
        "month": "may",
    }
    shelf = Shelf(entry(google, "article"))
    paper = ARTICLE._replace(type="inproceedings", fields={**ARTICLE.fields, "booktitle": "Proceedings of Width"})
    paper = paper._replace(fields={name: value for name, value in paper.fields.items() if name != "journal"})
    shelf.sync(said(published_doi="10.5555/jw.7"), paper)
    assert shelf.entries[KEY].type == "inproceedings"
    assert (shelf.get("journal"), shelf.get("month"), shelf.get("year")) == ("", "", "2022")
    assert shelf.get("booktitle") == "Proceedings of Width"
    assert shelf.get("eprint") == "2005.00001"


def test_a_persons_own_value_is_a_conflict_even_in_an_upgrade(shelf: Shelf) -> None:
    shelf.edit(KEY, "year", "2021")
    shelf.sync(said(published_doi="10.5555/jw.7"), ARTICLE)
    assert ("year", "2020", "2021", "2022", "conflict") in listed(shelf.plan)
    assert shelf.get("year") == "2021"
    assert shelf.entries[KEY].type == "article"


def test_crossrefs_own_relation_to_the_preprint_is_enough(shelf: Shelf) -> None:
    shelf.sync(said(ARTICLE, preprint="arXiv:2005.00001"))
    assert "crossref names arXiv:2005.00001 as its preprint" in shelf.plan.changes[0].note


def test_a_version_of_record_that_nobody_names_is_taken_only_beyond_doubt(shelf: Shelf) -> None:
    shelf.sync(ARTICLE)
    (change,) = [one for one in shelf.plan.changes if one.kind == "published"]
    assert "the titles agree, the first authors agree, the years agree" in change.note
    assert shelf.entries[KEY].type == "article"


@pytest.mark.parametrize(
    "doubtful",
    [said(ARTICLE, {"year": "2031", "date": "2031"}), said(ARTICLE, {"title": "Wide nets learn at the edge: A proof"})],
)
def test_a_doubtful_version_of_record_is_a_hint(shelf: Shelf, doubtful: Record) -> None:
    lock = shelf.lock
    (change,) = shelf.sync(doubtful).changes
    assert (change.kind, change.action, change.theirs) == ("published", "kept", "doi:10.5555/jw.7")
    assert "perhaps published as doi:10.5555/jw.7, not beyond doubt" in change.note
    assert (shelf.plan.operations, shelf.lock) == ((), lock)


@pytest.mark.parametrize(
    "other",
    [
        said(ARTICLE, {"title": "Wide book nets learn at the edge"}),
        said(ARTICLE, identifier="doi:10.65215/x.1", fields={"doi": "10.65215/x.1"}),
        said(ARTICLE, {"author": "Cole, Cy"}),
    ],
)
def test_another_paper_that_a_search_found_is_nothing(shelf: Shelf, other: Record) -> None:
    assert shelf.sync(other) == Plan(shelf.lock)


def test_a_version_of_record_that_is_in_the_store_already_is_told_and_not_taken(shelf: Shelf) -> None:
    shelf.entries["ash2022wide"] = entry(ARTICLE.fields, "article", "ash2022wide")
    (change,) = shelf.sync(said(published_doi="10.5555/jw.7"), ARTICLE).changes
    assert (change.kind, change.action, change.theirs) == ("published", "kept", "doi:10.5555/jw.7")
    assert "which is in the store as ash2022wide" in change.note
    assert shelf.plan.operations == ()
    shelf.sync(ARTICLE, key="ash2022wide")
    assert shelf.lock.get("ash2022wide").said.keys() == {"crossref"}


def test_an_asserted_doi_of_another_paper_is_a_finding_and_the_preprint_stays(shelf: Shelf) -> None:
    other = said(ARTICLE, {"title": "On something else", "author": "Cole, Cy"})
    shelf.sync(said(published_doi="10.5555/jw.7"), other)
    (finding,) = shelf.plan.findings
    assert "doi:10.5555/jw.7 is another paper: “On something else” (Cole 2022)" in finding.message
    assert shelf.plan.operations == ()
    assert "crossref" not in shelf.lock.get(KEY).said


@pytest.mark.parametrize("comment", ["Accepted at ICLR 2021", "12 pages, ICML 2021 camera-ready", "To appear in JMLR"])
def test_a_comment_is_a_hint_only_and_given_once(shelf: Shelf, comment: str) -> None:
    (change,) = shelf.sync(said(comment=comment)).changes
    assert (change.kind, change.field, change.theirs, change.action) == ("published", "comment", comment, "kept")
    assert shelf.plan.operations == ()
    assert shelf.sync(said(comment=comment)).changes == ()


@pytest.mark.parametrize("comment", ["Submitted to ICLR 2021", "12 pages, 3 figures", "Under review at JMLR"])
def test_other_comments_are_no_hints(shelf: Shelf, comment: str) -> None:
    assert shelf.sync(said(comment=comment)).changes == ()


def test_a_journal_reference_or_doi_that_could_not_be_read_is_a_hint(shelf: Shelf) -> None:
    shelf.sync(said(journal_ref="J. Width 7 (2022)", published_doi="10.5555/jw.7"))
    assert [(one.field, one.theirs, one.action) for one in shelf.plan.changes] == [
        ("doi", "10.5555/jw.7", "kept"),
        ("journal_ref", "J. Width 7 (2022)", "kept"),
    ]
    assert shelf.plan.operations == ()


# Entries written by hand


def test_an_entry_written_by_hand_gets_a_lock_its_blanks_filled_and_keeps_its_values() -> None:
    shelf = Shelf(entry({"title": "Wide Nets!", "author": "A. Ash and B. Birk", "eprint": "2005.00001"}))
    shelf.sync(PREPRINT)
    assert {one.field: one.action for one in shelf.plan.changes} == {
        "author": "kept",
        "title": "kept",
        "year": "taken",
        "eprinttype": "taken",
        "eprintclass": "taken",
    }
    assert (shelf.get("title"), shelf.get("year")) == ("Wide Nets!", "2020")
    assert shelf.lock.get(KEY).version == 1
    assert shelf.sync(PREPRINT).operations == ()


def test_a_published_entry_written_by_hand_takes_only_the_number_from_its_preprint() -> None:
    mine = {
        "title": "Wide Nets at the Edge of Learning",
        "author": "Ash, Ada and Birk, Bo",
        "booktitle": "Proceedings of Width",
        "year": "2021",
        "eprint": "2005.00001",
    }
    shelf = Shelf(entry(mine, "inproceedings"))
    shelf.sync(PREPRINT)
    assert {operation.field for operation in shelf.plan.operations} == {"eprinttype", "eprintclass"}
    shelf.sync(said(fields={"title": "Wide nets live at the edge", "year": "2019"}, version=2))
    assert not shelf.plan.conflicts
    assert shelf.plan.operations == ()
    assert shelf.entries[KEY].type == "inproceedings"


def test_a_published_entry_written_by_hand_is_measured_by_crossref_without_conflicts() -> None:
    mine = {
        "title": "Wide nets learn at the edge",
        "author": "Ash, A.",
        "journal": "J. Width",
        "doi": "10.5555/JW.7",
        "year": "2021",
    }
    shelf = Shelf(entry(mine, "article"))
    shelf.sync(ARTICLE)
    assert {one.field: one.action for one in shelf.plan.changes} == {
        "author": "kept",
        "journal": "kept",
        "year": "kept",
        "volume": "taken",
        "pages": "taken",
    }
    assert (shelf.get("volume"), shelf.get("issn"), shelf.get("doi")) == ("7", "", "10.5555/JW.7")
    assert {one.action for one in shelf.sync(said(ARTICLE, {"volume": "8"})).changes} == {"kept", "taken"}


def test_upstreams_kind_of_venue_is_not_added_to_an_entry_of_another_type() -> None:
    mine = {"title": "Wide nets learn at the edge", "author": "Ash, Ada", "booktitle": "Tricks of Width", "doi": "10.5555/jw.7"}
    shelf = Shelf(entry(mine, "incollection"))
    shelf.sync(ARTICLE)
    assert (shelf.entries[KEY].type, shelf.get("journal"), shelf.get("volume")) == ("incollection", "", "7")
    shelf.sync(ARTICLE._replace(type="incollection", fields={**ARTICLE.fields, "booktitle": "Tricks of Width"}))
    chapter = ARTICLE._replace(type="inproceedings", fields={**ARTICLE.fields, "booktitle": "Width 2022"})
    shelf.sync(chapter)
    assert (shelf.entries[KEY].type, shelf.get("booktitle")) == ("inproceedings", "Width 2022")


def test_a_lost_lock_is_rebuilt_without_losing_an_edit(shelf: Shelf) -> None:
    shelf.edit(KEY, "title", "My title")
    shelf.lock = Lock.empty()
    shelf.sync(PREPRINT)
    assert (shelf.get("title"), shelf.plan.conflicts, shelf.plan.operations) == ("My title", (), ())
    assert shelf.lock.get(KEY).said["arxiv"].fields == PREPRINT.fields


def test_an_entry_keeps_its_own_names_of_fields_and_its_way_of_giving_the_date() -> None:
    mine = {
        "title": "Wide nets learn at the edge",
        "author": "Ash, Ada and Birk, Bo",
        "date": "2020-05",
        "eprint": "2005.00001",
        "archiveprefix": "arXiv",
    }
    shelf = Shelf(entry(mine))
    shelf.sync(PREPRINT)
    assert [operation.field for operation in shelf.plan.operations] == ["eprintclass"]
    shelf.sync(said(ARTICLE, preprint="arXiv:2005.00001"))
    assert (shelf.get("date"), shelf.get("year"), shelf.get("eprinttype")) == ("2022-03-04", "", "")


def test_a_value_from_a_parent_entry_is_never_edited() -> None:
    own = Field("doi", "10.5555/jw.7", 1, 120, 130, 125, 130)
    parent = Field("year", "2021", 1, 10, 20, 15, 20)
    child = Entry("article", KEY, (own, parent, Field("journal", "Journal of Width", 1, 130, 140, 0, 0)), start=100, end=200)
    shelf = Shelf(child)
    assert "year" not in {operation.field for operation in shelf.sync(ARTICLE).operations}
    assert "year" not in {operation.field for operation in shelf.sync(said(ARTICLE, {"year": "2023", "date": "2023"})).operations}


# Withdrawals, retractions, corrections


def test_a_withdrawal_is_suspected_from_the_comment_and_confirmed_by_the_raw_record(shelf: Shelf) -> None:
    suspect = said(comment="This paper has been withdrawn by the authors due to an error in Lemma 3", version=2)
    assert is_withdrawal_suspected(suspect)
    changes = {one.kind: one for one in shelf.sync(suspect).changes}
    assert changes["withdrawn"].action == "kept"
    raw = said(suspect, source="arxiv-oai", withdrawn="due to an error in Lemma 3")
    (change,) = shelf.sync(suspect, raw).changes
    assert (change.kind, change.action, change.theirs) == ("withdrawn", "taken", "due to an error in Lemma 3")
    assert "“due to an error in Lemma 3”" in change.note
    assert shelf.lock.get(KEY).withdrawn == "due to an error in Lemma 3"
    assert shelf.sync(suspect, raw).changes == ()
    assert shelf.plan.operations == ()


def test_a_confirmed_withdrawal_is_not_also_suspected(shelf: Shelf) -> None:
    suspect = said(comment="Withdrawn.")
    raw = said(source="arxiv-oai", withdrawn="Withdrawn.")
    assert [one.action for one in shelf.sync(suspect, raw).changes] == ["taken"]


def test_a_withdrawal_can_be_taken_back(shelf: Shelf) -> None:
    shelf.sync(said(source="arxiv-oai", withdrawn="An error."))
    (change,) = shelf.sync(said(source="arxiv-oai")).changes
    assert (change.kind, change.base, change.theirs) == ("withdrawn", "An error.", "")
    assert shelf.lock.get(KEY).withdrawn == ""


NOTICES = [
    Update("correction", "10.5555/c.1", "2023-01-01", "publisher"),
    Update("retraction", "10.5555/r.1", "2024-01-01", "retraction-watch"),
    Update("new_version", "10.5555/v.2", "2022-01-01", "publisher"),
    Update("expression of concern", "10.5555/e.1", "2023-06-01", "publisher"),
    Update("new_edition", "10.5555/n.1", "2023-06-01", "publisher"),
]


@given(st.permutations(NOTICES))
def test_notices_are_told_in_any_order_and_a_new_version_is_none(notices: list[Update]) -> None:
    shelf = Shelf(entry({**ARTICLE.fields}, "article"))
    shelf.sync(ARTICLE)
    updated = said(ARTICLE, updates=tuple(notices))
    changes = shelf.sync(updated).changes
    assert {(one.kind, one.field, one.theirs) for one in changes} == {
        ("retracted", "retraction", "10.5555/r.1"),
        ("corrected", "correction", "10.5555/c.1"),
        ("corrected", "expression_of_concern", "10.5555/e.1"),
    }
    assert changes[0].kind == "retracted"
    assert changes[0].note == "retraction of 2024-01-01 doi:10.5555/r.1 (says retraction-watch)"
    assert shelf.sync(updated).changes == ()
    assert shelf.plan.operations == ()


def test_the_same_notice_from_two_observers_is_told_once(shelf: Shelf) -> None:
    twice = (
        Update("retraction", "10.5555/r.1", source="publisher"),
        Update("Retraction", "10.5555/R.1", source="retraction-watch"),
    )
    shelf.sync(said(ARTICLE, preprint="arXiv:2005.00001", updates=twice))
    assert [one.kind for one in shelf.plan.changes].count("retracted") == 1


# Identity


def test_a_doi_that_moved_is_followed() -> None:
    old = said(ARTICLE, {"doi": "10.5555/old.7"}, identifier="doi:10.5555/old.7")
    moved = said(ARTICLE, aliases=("doi:10.5555/old.7",))
    for known in (True, False):
        shelf = Shelf(entry({**old.fields}, "article"))
        if known:
            shelf.sync(old)
        (change,) = shelf.sync(moved).changes
        assert (change.field, change.ours, change.theirs, change.action) == ("doi", "10.5555/old.7", "10.5555/jw.7", "taken")
        lock = shelf.lock.dumps()
        assert shelf.sync(ARTICLE).changes == ()
        assert shelf.lock.dumps() == lock


def test_an_identifier_that_answers_with_another_paper_is_a_finding_and_never_merged(shelf: Shelf) -> None:
    lock, entries = shelf.lock.dumps(), dict(shelf.entries)
    shelf.sync(said(fields={"title": "Deep forests", "author": "Cole, Cy"}, version=2))
    (finding,) = shelf.plan.findings
    assert (finding.rule, finding.severity, finding.key, finding.path) == ("another-paper", "error", KEY, "references.bib")
    assert "arXiv:2005.00001 is another paper: “Deep forests” (Cole 2020)" in finding.message
    assert shelf.plan.changes == ()
    assert (shelf.lock.dumps(), shelf.entries) == (lock, entries)


def test_an_entry_whose_number_was_mended_by_hand_is_measured_anew(shelf: Shelf) -> None:
    shelf.sync(said(published_doi="10.5555/jw.7"), ARTICLE)
    for name, value in {"title": "Deep forests", "author": "Cole, Cy", "eprint": "2101.00002", "doi": ""}.items():
        shelf.edit(KEY, name, value)
    fields = {"title": "Deep forests", "author": "Cole, Cy", "eprint": "2101.00002", "year": "2021"}
    right = said(fields=fields, identifier="arXiv:2101.00002", published="2021-01-01")
    shelf.sync(right)
    assert (shelf.plan.findings, shelf.plan.conflicts) == ((), ())
    assert shelf.get("doi") == ""
    assert list(shelf.lock.get(KEY).said) == ["arxiv"]


def test_a_key_renamed_by_hand_takes_its_lock_along_and_a_gone_one_is_forgotten(shelf: Shelf) -> None:
    shelf.lock = shelf.lock.with_suffix("gone2019", "a")
    entries = {"new2020": shelf.entries[KEY]._replace(key="new2020")}
    moved = adopted(shelf.lock, entries)
    assert moved.get("new2020") == shelf.lock.get(KEY)
    assert list(moved.papers) == ["new2020"]
    assert adopted(shelf.lock, {**entries, **shelf.entries}).get(KEY) == shelf.lock.get(KEY)


# Any history


titles = st.sampled_from(["Wide nets learn at the edge", "{Wide} nets learn at the edge", "Wide nets live", "Nets at the edge"])
steps = st.lists(st.tuples(st.sampled_from(["person", "upstream", "keep", "accept", "sync"]), titles), max_size=8)


@given(steps)
def test_whatever_happens_a_second_sync_changes_nothing_and_a_person_is_never_overruled(history: list[tuple[str, str]]) -> None:
    shelf = Shelf(entry(PREPRINT.fields))
    upstream = PREPRINT
    shelf.sync(upstream)
    for what, title in history:
        if what == "person":
            shelf.edit(KEY, "title", title)
        elif what == "upstream":
            upstream = said(upstream, {"title": title})
        if what in {"keep", "accept"} and shelf.lock.get(KEY).open:
            shelf.sync(choices={(KEY, "title"): Choice(what)})  # type: ignore[arg-type]
        locked, mine = shelf.lock.get(KEY), shelf.get("title")
        base = locked.open.get("title", locked.said["arxiv"].fields["title"])
        shelf.sync(upstream)
        assert same("title", mine, base) or shelf.get("title") == mine
        lock, title_after = shelf.lock.dumps(), shelf.get("title")
        shelf.sync(upstream)
        assert (shelf.lock.dumps(), shelf.get("title")) == (lock, title_after)
