"""A CSV of verdicts, read back into another workspace."""

from __future__ import annotations

import csv

import pytest

from claims.article import Provenance
from tests import story
from tests.desks import changed, desk_line, values
from tests.workbench_fakes import fake_line
from workbench.articles import replace_claims
from workbench.attention import call_again
from workbench.care import examine
from workbench.errors import ImportRefused, ImportUndecided, ReviewerMissing
from workbench.export import claims_csv
from workbench.gate import Gate
from workbench.histories import verdict_history
from workbench.log import log_page
from workbench.milestones import exception_of
from workbench.queries import ClaimFilter, claim_detail, claim_page
from workbench.restore import restore_verdicts
from workbench.review import assign, correct, finalise
from workbench.store import Store
from workbench.verdicts import Opinion, record_verdict, withdraw_verdict

OPEN = Gate(rationale=False, sources=0)


@pytest.fixture
def line(tmp_path):
    line = desk_line(tmp_path)
    text = "=1+1 vetted Couzens twice.\nAnna said it's open, \"so\".\n'=A1 is quoted."
    line.ingest_texts([(text, Provenance("@title"))])
    return line


@pytest.fixture
def judged(line) -> list[str]:
    """Claims with every kind of verdict on them."""
    # In the order of the file, whatever the machine makes of them.
    file = csv.DictReader(claims_csv(line.store).decode("utf-8-sig").splitlines(keepends=True))
    ids = [row["claim_id"] for row in file]
    record_verdict(
        line.store, ids[0], "refuted", "Ida", "=so, it\nsays", ids[1:3], addresses=["https://example.org/a;b"]
    )
    record_verdict(line.store, ids[0], "supported", "Ben", "no")
    taken = record_verdict(line.store, ids[3], "misleading", "Ida", label="Half True")
    withdraw_verdict(line.store, taken.id, "Ida")
    record_verdict(line.store, ids[3], "outdated", "Ida")
    record_verdict(line.store, ids[4], "supported", "Ida")
    finalise(line.store, ids[4], "Ida", OPEN)
    correct(line.store, ids[4], Opinion("refuted", "Ben"), "We had the year wrong.", OPEN)
    return [ids[0], ids[3], ids[4]]


def test_every_verdict_comes_back_into_an_empty_workspace(line, judged, tmp_path):
    other = Store(tmp_path / "other")
    report = restore_verdicts(other, claims_csv(line.store), "Kim")
    assert (report.things, report.restored, report.known) == (3, 6, 0)
    for claim_id in judged:
        there, here = verdict_history(line.store, claim_id), verdict_history(other, claim_id)
        assert list(map(values, here)) == list(map(values, there))
        assert claim_detail(other, claim_id).status == claim_detail(line.store, claim_id).status
        assert claim_detail(other, claim_id).claim.text == claim_detail(line.store, claim_id).claim.text
    assert claim_detail(other, judged[2]).public_note == "We had the year wrong."
    assert log_page(other, what="import").total == 7 and {row.who for row in log_page(other).rows} == {"Kim"}


def test_a_statement_that_vanished_after_it_was_named_as_evidence_comes_back_with_the_verdict(tmp_path):
    """Its line was left out of the file, so that an empty workspace refused the whole file."""
    told = story.tell(tmp_path / "told")
    judged, evidence = told.ids[0], told.ids[4]
    record_verdict(told.store, judged, "refuted", "Ida", "because", [evidence])
    left = [story.claim_at(*one) for one in story.CLAIMS if one[0] is story.COAST]
    replace_claims(told.store, story.COAST.id, [claim for claim in left if claim.id != evidence], "again")
    assert not claim_detail(told.store, evidence).current
    other = Store(tmp_path / "other")
    assert restore_verdicts(other, claims_csv(told.store), "Kim").restored == 1
    assert claim_detail(other, judged).verdict.evidence == (evidence,)
    assert claim_detail(other, evidence).claim.text == story.NOBODY


def test_every_change_of_an_import_stands_in_the_log_with_what_was_before_and_after(line, judged, tmp_path):
    assign(line.store, judged[0], "Ben", "Ida")
    other = Store(tmp_path / "other")
    restore_verdicts(other, claims_csv(line.store), "Kim")

    def told(claim_id: str) -> list[tuple[str, str, str]]:
        return [(row.what, row.before, row.after) for row in reversed(log_page(other, claim_id=claim_id).rows)]

    assert told(judged[0]) == [
        ("import", "", "Refuted"),
        ("import", "Refuted", "Supported"),
        ("status", "unreviewed", "disputed"),
        ("assignment", "", "Ben"),
    ]
    assert told(judged[2]) == [
        ("import", "", "Supported"),
        ("import", "Supported", "Refuted"),
        ("status", "unreviewed", "corrected"),
        ("import", "", "We had the year wrong."),
    ]
    notes = {row.note for row in log_page(other).rows if not row.note.startswith("given by ")}
    assert notes == {"as a file of verdicts says", "the note for readers, as a file of verdicts says"}
    withdraw_verdict(line.store, verdict_history(line.store, judged[0])[0].id, "Ben")
    lines = len(told(judged[0]))
    restore_verdicts(other, claims_csv(line.store), "Kim")
    assert told(judged[0])[lines:] == [("import", "Supported", "Refuted"), ("status", "disputed", "in_review")]


def test_reading_the_same_file_twice_adds_nothing(line, judged, tmp_path):
    other = Store(tmp_path / "other")
    restore_verdicts(other, claims_csv(line.store), "Kim")
    again = restore_verdicts(other, claims_csv(line.store), "Kim")
    assert (again.things, again.restored, again.known) == (0, 0, 6)
    assert len(verdict_history(other, judged[0])) == 2


def test_restored_claims_find_their_text_when_the_article_is_read(line, judged, tmp_path):
    other = fake_line(tmp_path / "other")
    restore_verdicts(other.store, claims_csv(line.store), "Kim")
    assert claim_detail(other.store, judged[0]).article_text == ""
    other.ingest([tmp_path / "texts"])
    found = [row.id for row in claim_page(other.store, ClaimFilter(verdict="refuted")).rows]
    assert all(claim_detail(other.store, one).current for one in found)
    texts = {claim_detail(other.store, one).article_text for one in judged}
    assert any("The force" in text for text in texts)
    assert len(verdict_history(other.store, judged[0])) == 2


def test_verdicts_of_two_desks_on_one_claim_meet_as_a_dispute(line, judged, tmp_path):
    other = fake_line(tmp_path / "other")
    other.ingest([tmp_path / "texts"])
    mine = claim_page(other.store, ClaimFilter(search="vetted")).rows[0].id
    record_verdict(line.store, mine, "supported", "Ida")
    record_verdict(other.store, mine, "refuted", "Kim")
    with pytest.raises(ImportUndecided, match="different things of 1 claim; choose here or file") as caught:
        restore_verdicts(other.store, claims_csv(line.store), "Kim")
    (question,) = caught.value.questions
    assert question.claim_id == mine and question.here.startswith("Refuted by Kim")
    assert question.file.startswith("Supported by Ida") and "a dispute" in question.outcome
    assert [row.reviewer for row in verdict_history(other.store, mine)] == ["Kim"] and judged[1] != mine
    report = restore_verdicts(other.store, claims_csv(line.store), "Kim", {mine: "file"})
    assert claim_detail(other.store, mine).status == "disputed" and report.left == 0
    assert {row.reviewer for row in verdict_history(other.store, mine)} >= {"Ida", "Kim"}


def two_desks(line, tmp_path) -> tuple[Store, str]:
    """Another workspace that took in all of this one, and a claim that nobody has judged in either."""
    other = fake_line(tmp_path / "other")
    other.ingest([tmp_path / "texts"])
    restore_verdicts(other.store, claims_csv(line.store), "Kim")
    return other.store, claim_page(line.store, ClaimFilter(verdict="none")).rows[0].id


def test_what_was_decided_to_stay_here_stays_and_the_rest_comes(line, judged, tmp_path):
    other, claim = two_desks(line, tmp_path)
    record_verdict(line.store, claim, "supported", "Ida")
    record_verdict(other, claim, "refuted", "Kim")
    record_verdict(line.store, judged[1], "outdated", "Ben")
    report = restore_verdicts(other, claims_csv(line.store), "Kim", {claim: "here"})
    assert (report.things, report.restored, report.left) == (1, 1, 1) and "left as they stand here: 1" in str(report)
    assert [row.reviewer for row in verdict_history(other, claim)] == ["Kim"]
    assert claim_detail(other, claim).status == "in_review"
    restore_verdicts(other, claims_csv(line.store), "Kim", otherwise="file")
    assert claim_detail(other, claim).status == "disputed"


def test_what_was_left_as_it_stands_here_is_not_asked_again_of_the_same_file(line, judged, tmp_path):
    other, claim = two_desks(line, tmp_path)
    record_verdict(line.store, claim, "supported", "Ida", "a letter")
    record_verdict(other, claim, "refuted", "Kim")
    content = claims_csv(line.store)
    restore_verdicts(other, content, "Kim", {claim: "here"})
    row = log_page(other).rows[0]
    assert (row.who, row.claim_id, row.after) == ("Kim", claim, "left as it stands here") and "a letter" in row.note
    lines = log_page(other).total
    assert restore_verdicts(other, content, "Ben").left == 1 and log_page(other).total == lines
    record_verdict(line.store, judged[1], "outdated", "Ben")  # of another claim the file says more by now
    assert restore_verdicts(other, claims_csv(line.store), "Ben").left == 1
    with pytest.raises(ImportUndecided):
        restore_verdicts(other, content, "Ben", ask_again=True)
    record_verdict(line.store, claim, "outdated", "Ida")
    with pytest.raises(ImportUndecided):
        restore_verdicts(other, claims_csv(line.store), "Ben")
    assert restore_verdicts(other, content, "Ben", {claim: "file"}).left == 0
    assert {row.reviewer for row in verdict_history(other, claim)} == {"Ida", "Kim"}


def test_a_file_that_goes_on_from_here_is_followed_to_its_correction(line, judged, tmp_path):
    other, claim = two_desks(line, tmp_path)
    first = record_verdict(line.store, claim, "refuted", "Ida")
    restore_verdicts(other, claims_csv(line.store), "Kim")
    withdraw_verdict(line.store, first.id, "Ida")
    record_verdict(line.store, claim, "supported", "Ida")
    finalise(line.store, claim, "Ida", OPEN)
    correct(line.store, claim, Opinion("outdated", "Ben"), "It was so in May.", OPEN)
    assert restore_verdicts(other, claims_csv(line.store), "Kim").left == 0
    detail, there = claim_detail(other, claim), claim_detail(line.store, claim)
    assert (detail.status, detail.public_note) == ("corrected", "It was so in May.")
    assert [(row.verdict, row.withdrawn_at) for row in detail.verdicts] == [
        (row.verdict, row.withdrawn_at) for row in there.verdicts
    ]


def test_a_workspace_that_is_ahead_of_the_file_stays_as_it_is_without_a_question(line, judged, tmp_path):
    other, claim = two_desks(line, tmp_path)
    content = claims_csv(line.store)
    given = record_verdict(other, claim, "refuted", "Kim")
    withdraw_verdict(other, given.id, "Kim")
    record_verdict(other, judged[0], "refuted", "Ben")
    assert restore_verdicts(other, content, "Kim").restored == 0
    assert verdict_history(other, judged[0])[0].verdict == "refuted"


def test_a_final_verdict_stays_and_is_marked_when_a_file_says_otherwise(line, judged, tmp_path):
    other, claim = two_desks(line, tmp_path)
    record_verdict(line.store, claim, "supported", "Ida", "a letter")
    record_verdict(other, claim, "refuted", "Kim")
    finalise(other, claim, "Kim", OPEN)
    with pytest.raises(ImportUndecided) as caught:
        restore_verdicts(other, claims_csv(line.store), "Kim")
    assert "the verdict here stays" in caught.value.questions[0].outcome
    restore_verdicts(other, claims_csv(line.store), "Kim", otherwise="file")
    detail = claim_detail(other, claim)
    assert (detail.status, detail.verdict.reviewer) == ("final", "Kim") and len(detail.verdicts) == 1
    assert "Ida says Supported: a letter" in detail.look_again
    assert "a letter" in log_page(other, claim_id=claim).rows[0].note


def test_what_a_file_says_against_a_final_verdict_stands_beside_what_came_up_before(line, judged, tmp_path):
    other, claim = two_desks(line, tmp_path)
    record_verdict(line.store, claim, "supported", "Ida", "a letter")
    record_verdict(other, claim, "refuted", "Kim")
    finalise(other, claim, "Kim", OPEN)
    with other.writing() as connection:
        call_again(connection, claim, "Coast Radio: nobody did")
    seen = claim_detail(other, claim).revision
    restore_verdicts(other, claims_csv(line.store), "Kim", otherwise="file")
    detail = claim_detail(other, claim)
    before, since = detail.look_again.splitlines()
    assert before == "Coast Radio: nobody did" and "a letter" in since and detail.revision == seen + 1


def test_a_claim_that_came_as_evidence_has_its_place_in_a_blind_queue(line, judged, tmp_path):
    other = Store(tmp_path / "other")
    restore_verdicts(other, claims_csv(line.store), "Kim")
    assert claim_page(other, ClaimFilter(status="unreviewed")).total == 2
    assert examine(other, mend=False) == []


def test_a_status_alone_that_differs_is_asked_and_taken_when_chosen(line, judged, tmp_path):
    other, claim = two_desks(line, tmp_path)
    record_verdict(line.store, claim, "supported", "Ida")
    restore_verdicts(other, claims_csv(line.store), "Kim")
    finalise(line.store, claim, "Ida", OPEN)
    with pytest.raises(ImportUndecided) as caught:
        restore_verdicts(other, claims_csv(line.store), "Kim")
    assert "the same verdicts stand otherwise" in str(caught.value.questions[0])
    restore_verdicts(other, claims_csv(line.store), "Kim", {claim: "file"})
    assert claim_detail(other, claim).status == "final"


def test_a_verdict_that_was_changed_in_the_file_is_asked(line, judged, tmp_path):
    other, _ = two_desks(line, tmp_path)
    content = changed(claims_csv(line.store), "verdict_history", {"rationale": "something else"})
    with pytest.raises(ImportUndecided) as caught:
        restore_verdicts(other, content, "Kim")
    assert "one person and time was changed" in caught.value.questions[0].why
    assert "something else" in caught.value.questions[0].file


def test_why_fewer_sources_did_comes_back_with_the_final_verdict(line, judged, tmp_path):
    other, claim = two_desks(line, tmp_path)
    record_verdict(line.store, claim, "supported", "Ida")
    finalise(line.store, claim, "Ida", OPEN, "the court’s own record")
    restore_verdicts(other, claims_csv(line.store), "Kim")
    assert exception_of(other, claim_detail(other, claim)) == "the court’s own record"
    rows = csv.DictReader(claims_csv(other).decode("utf-8-sig").splitlines(keepends=True))
    row = next(row for row in rows if row["claim_id"] == claim)
    assert row["exception"] == "the court’s own record"
    correct(other, claim, Opinion("outdated", "Ben"), "It was so in May.", OPEN)
    assert exception_of(other, claim_detail(other, claim)) == ""


def test_a_second_review_that_was_wanted_stays_so_when_a_file_takes_the_second_verdict_back(line, judged, tmp_path):
    other, claim = two_desks(line, tmp_path)
    record_verdict(other, claim, "refuted", "Kim", second_review=True)
    record_verdict(line.store, claim, "supported", "Ida")
    content = claims_csv(line.store)
    restore_verdicts(other, content, "Kim", otherwise="file")
    assert claim_detail(other, claim).status == "disputed"
    withdraw_verdict(line.store, verdict_history(line.store, claim)[0].id, "Ida")
    restore_verdicts(other, claims_csv(line.store), "Kim", otherwise="file")
    assert claim_detail(other, claim).status == "second_review"


def test_two_who_agree_are_no_question(line, judged, tmp_path):
    other, claim = two_desks(line, tmp_path)
    record_verdict(line.store, claim, "supported", "Ida")
    record_verdict(other, claim, "supported", "Kim")
    assert restore_verdicts(other, claims_csv(line.store), "Kim").restored == 1
    assert claim_detail(other, claim).status == "second_review"


def test_a_choice_that_is_none_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(ImportRefused, match="no choice 'mine'; choose one of here, file"):
        restore_verdicts(Store(tmp_path), b"", "Kim", otherwise="mine")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"verdict_history": "[{]"}, "line .*verdict_history"),
        ({"verdict_history": "[]x"}, "line .*verdict_history"),
        ({"verdict_history": '[{"claim_id": "ID"}]'}, "line .*verdict_history"),
        ({"char_start": "ten"}, "line .*ten"),
        ({"article_date": "02/04/2025"}, "line .*02/04/2025.*YYYY-MM-DD"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_taken_in(line, judged, tmp_path, cells, words):
    other = Store(tmp_path / "other")
    with pytest.raises(ImportRefused, match=words):
        restore_verdicts(other, changed(claims_csv(line.store), "verdict_history", cells=cells), "Kim")
    assert claim_page(other).total == 0 and log_page(other).total == 0


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("verdict", "false", "no verdict 'false'"),
        ("step", "guess", "no step 'guess'"),
        ("addresses", ["javascript:alert(1)"], "no web address"),
        ("reviewer", " ", "needs a name"),
        ("claim_text", 7, "claim_text = 7"),
        ("claim_id", "another", "another claim"),
        ("evidence", ["lost"], "'lost'"),
    ],
)
def test_a_verdict_that_could_not_have_been_given_here_is_refused(line, judged, tmp_path, name, value, words):
    other = Store(tmp_path / "other")
    content = changed(claims_csv(line.store), "verdict_history", {name: value})
    with pytest.raises(ImportRefused, match=words):
        restore_verdicts(other, content, "Kim")
    assert claim_page(other).total == 0


def test_an_export_past_the_limit_is_refused_by_its_size(line, judged, tmp_path, monkeypatch):
    content = claims_csv(line.store)
    monkeypatch.setattr("workbench.incoming.MOST_BYTES", 1000)
    with pytest.raises(ImportRefused, match=f"the file has {len(content):,} bytes; at most 1,000 are read"):
        restore_verdicts(Store(tmp_path / "other"), content, "Kim")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a,b\n1,2\n", b'claim_id\n"open'])
def test_a_file_that_is_no_export_is_refused(tmp_path, content):
    with pytest.raises(ImportRefused):
        restore_verdicts(Store(tmp_path), content, "Kim")


def test_an_import_needs_a_name(tmp_path):
    with pytest.raises(ReviewerMissing):
        restore_verdicts(Store(tmp_path), b"", " ")
