"""From the first verdict to the final one: statuses, second review, dispute, adjudication, correction, and the log."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from claims.article import Provenance
from tests import story
from tests.older import database_at
from workbench import milestones
from workbench.articles import replace_claims
from workbench.care import examine
from workbench.claim_filter import STATES
from workbench.claim_table import CLAIM_COLUMNS
from workbench.claimreview import claimreview_json
from workbench.errors import (
    BadAddress,
    BadStep,
    ChangedMeanwhile,
    GateClosed,
    NotAllowed,
    ReviewerMissing,
    UnknownClaim,
)
from workbench.export import claims_jsonl
from workbench.figures import verdicts_by
from workbench.gate import Gate
from workbench.histories import verdict_history
from workbench.log import log_page, people
from workbench.milestones import exception_of, to_take_back
from workbench.pair_judgements import record_pair_judgement
from workbench.people import Person
from workbench.provenance import edit_provenance
from workbench.queries import ClaimFilter, articles, claim_detail, claim_page, facets
from workbench.review import (
    adjudicate,
    ask_second_review,
    assign,
    correct,
    finalise,
    hidden_from,
    missing,
    retract,
    seen_again,
    unseen_by,
)
from workbench.schema import VERSION
from workbench.settings import Settings
from workbench.speakers import name_speaker
from workbench.store import Store
from workbench.verdicts import Opinion, record_verdict, withdraw_verdict

OPEN = Gate(rationale=False, sources=0)


@pytest.fixture
def told(tmp_path):
    return story.tell(tmp_path)


def state(told, at: int = 0) -> str:
    return claim_detail(told.store, told.ids[at]).status


def exported(told, at: int = 0) -> dict:
    rows = map(json.loads, claims_jsonl(told.store).splitlines())
    return next(row for row in rows if row["claim_id"] == told.ids[at])


def test_a_claim_goes_its_way_to_final_and_every_step_is_in_the_log(told):
    claim = told.ids[0]
    assert state(told) == "unreviewed"
    assign(told.store, claim, "Ida", "Kim")
    record_verdict(told.store, claim, "refuted", "Ida", "so", [told.ids[3]], addresses=["https://a.example/x"])
    assert state(told) == "in_review"
    ask_second_review(told.store, claim, "Kim")
    assert state(told) == "second_review"
    record_verdict(told.store, claim, "supported", "Ben", "not so")
    assert state(told) == "disputed"
    adjudicate(told.store, claim, Opinion("misleading", "Kim", "both have a point"), Gate())
    assert state(told) == "final"
    correct(told.store, claim, Opinion("refuted", "Ida", "a letter came"), "The letter was not known.", OPEN)
    assert state(told) == "corrected"
    retract(told.store, claim, "Kim", "The letter is forged.")
    assert state(told) == "withdrawn"
    rows = log_page(told.store, claim_id=claim).rows
    assert [(row.who, row.what, row.before, row.after) for row in reversed(rows)] == [
        ("Kim", "assignment", "", "Ida"),
        ("Ida", "verdict", "", "Refuted"),
        ("Ida", "status", "unreviewed", "in_review"),
        ("Kim", "status", "in_review", "second_review"),
        ("Ben", "verdict", "Refuted", "Supported"),
        ("Ben", "status", "second_review", "disputed"),
        ("Kim", "adjudication", "Supported", "Misleading"),
        ("Kim", "status", "disputed", "final"),
        ("Ida", "correction", "Misleading", "Refuted"),
        ("Ida", "status", "final", "corrected"),
        ("Kim", "status", "corrected", "withdrawn"),
    ]
    assert claim_detail(told.store, claim).public_note == rows[0].note == "The letter is forged."
    assert [row.rationale for row in verdict_history(told.store, claim)] == [
        "a letter came",
        "both have a point",
        "not so",
        "so",
    ]
    assert people(told.store) == ("Ben", "Ida", "Kim")
    record_verdict(told.store, claim, "outdated", "Ben")
    assert state(told) == "in_review" and claim_detail(told.store, claim).public_note == "The letter is forged."
    finalise(told.store, claim, "Kim", OPEN)
    assert claim_detail(told.store, claim).public_note == ""


def withdrawn(told) -> str:
    """A claim of Ida's whose verdict Ben corrected and withdrew."""
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida")
    finalise(told.store, claim, "Ida", OPEN)
    correct(told.store, claim, Opinion("supported", "Ben"), "We had the wrong file.", OPEN)
    retract(told.store, claim, "Ben", "A forged letter.")
    return claim


@pytest.mark.parametrize("who", ["Ida", "Ben"])
def test_a_verdict_that_was_withdrawn_from_the_public_cannot_be_taken_back_to_uncover_an_older_one(told, who):
    claim = withdrawn(told)
    given = next(row for row in verdict_history(told.store, claim) if row.reviewer == who)
    assert to_take_back(told.store, claim_detail(told.store, claim), who) is None
    with pytest.raises(BadStep, match="withdrawn from the public"):
        withdraw_verdict(told.store, given.id, who)
    with pytest.raises(BadStep, match="needs another one first"):
        finalise(told.store, claim, "Kim", OPEN)
    record_verdict(told.store, claim, "outdated", "Kim")
    with pytest.raises(BadStep, match="readers may have seen this verdict"):
        withdraw_verdict(told.store, given.id, who)


def test_a_claim_opened_again_keeps_its_note_and_is_withdrawn_again_when_that_verdict_is_taken_back(told):
    claim = withdrawn(told)
    given = record_verdict(told.store, claim, "outdated", "Ida", second_review=True)
    detail = claim_detail(told.store, claim)
    assert (detail.status, detail.public_note) == ("second_review", "A forged letter.")
    assert to_take_back(told.store, detail, "Ida") == given and published_reviews(told) == []
    withdraw_verdict(told.store, given.id, "Ida")
    detail = claim_detail(told.store, claim)
    assert (detail.status, detail.public_note) == ("withdrawn", "A forged letter.")
    assert log_page(told.store).rows[0].after == "withdrawn"
    record_verdict(told.store, claim, "misleading", "Ida")
    assert state(told) == "in_review"  # the second review was wanted of a verdict that is gone


def disputed(told) -> str:
    """A claim of which Ida and Ben say different things."""
    record_verdict(told.store, told.ids[0], "refuted", "Ida", "a", second_review=True)
    record_verdict(told.store, told.ids[0], "supported", "Ben", "b")
    return told.ids[0]


def later(monkeypatch, minutes: int) -> None:
    """Lets the clock of the way back be so many minutes ahead."""
    time = (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat(timespec="microseconds")
    monkeypatch.setattr(milestones, "now", lambda: time)


def test_a_decision_is_taken_back_for_some_minutes_and_the_dispute_stands_again(told, monkeypatch):
    claim = disputed(told)
    given = adjudicate(told.store, claim, Opinion("refuted", "Kim", "c"), OPEN)
    record_pair_judgement(told.store, (claim, told.ids[4]), "contradiction", "Ida")
    later(monkeypatch, 9)
    assert to_take_back(told.store, claim_detail(told.store, claim), "Kim") == given
    assert to_take_back(told.store, claim_detail(told.store, claim), "Ida") is None
    later(monkeypatch, 11)
    assert to_take_back(told.store, claim_detail(told.store, claim), "Kim") is None
    with pytest.raises(BadStep, match="more than 10 minutes ago"):
        withdraw_verdict(told.store, given.id, "Kim")
    monkeypatch.undo()
    withdraw_verdict(told.store, given.id, "Kim")
    assert state(told) == "disputed" and published_reviews(told) == []
    assert [(row.what, row.after) for row in log_page(told.store, claim_id=claim).rows[:2]] == [
        ("status", "disputed"),
        ("verdict_taken_back", "Supported"),
    ]
    assert [row.reviewer for row in verdict_history(told.store, claim)] == ["Kim", "Ben", "Ida"]
    slip = verdict_history(told.store, claim)[1]
    withdraw_verdict(told.store, slip.id, "Ben")  # the decision that was taken back keeps nobody from giving way
    assert state(told) == "second_review"


def test_a_decision_after_which_something_happened_is_not_taken_back(told):
    claim = disputed(told)
    given = adjudicate(told.store, claim, Opinion("refuted", "Kim", "c"), OPEN)
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET look_again = 'a letter' WHERE id = ?", (claim,))
    seen_again(told.store, claim, "Ida")
    assert to_take_back(told.store, claim_detail(told.store, claim), "Kim") is None
    with pytest.raises(BadStep, match="correct it, with a note"):
        withdraw_verdict(told.store, given.id, "Kim")
    assert state(told) == "final"


def test_a_correction_taken_back_leaves_what_stood_before_it_with_its_note_and_its_mark(told):
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida")
    finalise(told.store, claim, "Ida", OPEN, "the court’s own record")
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET look_again = 'a letter' WHERE id = ?", (claim,))
    first = correct(told.store, claim, Opinion("supported", "Ben"), "We erred.", OPEN)
    second = correct(told.store, claim, Opinion("outdated", "Kim"), "We erred twice.", OPEN)
    with pytest.raises(BadStep, match="correct it, with a note"):
        withdraw_verdict(told.store, first.id, "Ben")
    withdraw_verdict(told.store, second.id, "Kim")
    detail = claim_detail(told.store, claim)
    assert (detail.status, detail.public_note, detail.verdict, detail.look_again) == (
        "corrected", "We erred.", first, "",
    )  # fmt: skip
    third = correct(told.store, claim, Opinion("outdated", "Kim"), "Once more.", OPEN)
    withdraw_verdict(told.store, third.id, "Kim")
    assert claim_detail(told.store, claim).public_note == "We erred."


def test_the_only_correction_taken_back_leaves_a_final_verdict_that_is_still_to_be_looked_at_again(told):
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida")
    finalise(told.store, claim, "Ida", OPEN, "the court’s own record")
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET look_again = 'a letter' WHERE id = ?", (claim,))
    given = correct(told.store, claim, Opinion("supported", "Ben"), "We erred.", OPEN)
    assert exception_of(told.store, claim_detail(told.store, claim)) == ""
    withdraw_verdict(told.store, given.id, "Ben")
    detail = claim_detail(told.store, claim)
    assert (detail.status, detail.public_note, detail.look_again) == ("final", "", "a letter")
    assert exception_of(told.store, detail) == "the court’s own record"
    (review,) = published_reviews(told)
    assert review["reviewRating"]["alternateName"] == "Refuted" and "correction" not in review


def test_only_who_may_decide_may_take_a_decision_back(told):
    claim = disputed(told)
    given = adjudicate(told.store, claim, Opinion("refuted", "Kim", "c"), OPEN)
    with pytest.raises(NotAllowed, match="needs the role editor"):
        withdraw_verdict(told.store.on_behalf_of(Person("Kim", "reviewer")), given.id, "Kim")
    assert state(told) == "final"


def test_of_two_who_put_somebody_in_charge_at_once_the_second_is_told(told):
    claim = told.ids[0]
    assign(told.store, claim, "Ida", "Kim", expected="")
    with pytest.raises(ChangedMeanwhile, match="Ida is in charge by now, no longer nobody"):
        assign(told.store, claim, "Ben", "Tom", expected="")
    assert claim_detail(told.store, claim).assignee == "Ida"
    assign(told.store, claim, "Ida", "Tom", expected="")  # what was wanted is so already
    assign(told.store, claim, "Ben", "Tom", expected="Ida")
    assert claim_detail(told.store, claim).assignee == "Ben"


def published_reviews(told) -> list[dict]:
    return json.loads(claimreview_json(told.store, Settings()))["@graph"]


def test_two_who_agree_are_no_dispute_and_one_who_gives_way_ends_it(told):
    for who in ("Ida", "Ben"):
        record_verdict(told.store, told.ids[0], "refuted", who, label="Pants on Fire")
    assert state(told) == "second_review"
    record_verdict(told.store, told.ids[1], "refuted", "Ida")
    given = record_verdict(told.store, told.ids[1], "supported", "Ben")
    assert state(told, 1) == "disputed"
    withdraw_verdict(told.store, given.id, "Ben")
    assert state(told, 1) == "in_review"
    record_verdict(told.store, told.ids[1], "supported", "Ben")
    record_verdict(told.store, told.ids[1], "supported", "Ida")
    assert state(told, 1) == "second_review"


def test_taking_back_the_only_verdict_leaves_the_claim_unreviewed(told):
    given = record_verdict(told.store, told.ids[0], "refuted", "Ida")
    withdraw_verdict(told.store, given.id, "Ida")
    assert state(told) == "unreviewed"
    assert log_page(told.store).rows[1].what == "verdict_taken_back"


def test_a_second_review_stays_wanted_when_the_second_verdict_is_taken_back(told):
    asked, always, agreed = told.ids[:3]
    record_verdict(told.store, asked, "refuted", "Ida")
    ask_second_review(told.store, asked, "Ida")
    record_verdict(told.store, always, "refuted", "Ida", second_review=True)
    record_verdict(told.store, agreed, "supported", "Ida")
    for claim in (asked, always, agreed):
        slip = record_verdict(told.store, claim, "supported", "Ben")
        withdraw_verdict(told.store, slip.id, "Ben")
    assert [state(told, at) for at in range(3)] == ["second_review", "second_review", "in_review"]
    for claim in (asked, always):
        assert hidden_from(claim_detail(told.store, claim), "Ben")
        with pytest.raises(BadStep, match="second review of this claim is not done"):
            finalise(told.store, claim, "Ida", OPEN)


def test_a_filter_by_verdict_does_not_give_away_what_a_second_review_hides(told):
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida", second_review=True)

    def found(by: str | None) -> int:
        return claim_page(told.store, ClaimFilter(verdict="refuted", seen_by=by)).total

    assert [found(by) for by in (None, "Ida", "Ben", "")] == [1, 1, 0, 0]
    record_verdict(told.store, claim, "refuted", "Ben")
    assert found("Kim") == 1


def test_a_desk_can_ask_for_two_verdicts_on_everything(told):
    record_verdict(told.store, told.ids[0], "refuted", "Ida", second_review=True)
    assert state(told) == "second_review"


def test_the_first_verdict_is_kept_from_the_second_reviewer_until_they_judged(told):
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    ask_second_review(told.store, told.ids[0], "Ida")
    detail = claim_detail(told.store, told.ids[0])
    assert hidden_from(detail, "Ben") and hidden_from(detail, "") and not hidden_from(detail, "Ida")
    record_verdict(told.store, told.ids[0], "refuted", "Ben")
    assert not hidden_from(claim_detail(told.store, told.ids[0]), "Kim")


def again_after_a_correction(store, claim):
    record_verdict(store, claim, "refuted", "Ida")
    record_verdict(store, claim, "refuted", "Ben")
    finalise(store, claim, "Ida", OPEN)
    correct(store, claim, Opinion("supported", "Ben"), "We were wrong.", OPEN)
    retract(store, claim, "Ben", "Altogether.")
    record_verdict(store, claim, "outdated", "Ida")
    ask_second_review(store, claim, "Ida")


@pytest.mark.parametrize(
    "told_of",
    [
        lambda store, claim: None,
        lambda store, claim: record_verdict(store, claim, "refuted", "Ida"),
        lambda store, claim: record_verdict(store, claim, "refuted", "Ida", second_review=True),
        lambda store, claim: [record_verdict(store, claim, "refuted", by, second_review=True) for by in ("Ida", "Ben")],
        again_after_a_correction,
    ],
)
def test_the_database_keeps_back_the_same_verdicts_as_the_screen(told, told_of):
    claim = told.ids[0]
    told_of(told.store, claim)
    detail = claim_detail(told.store, claim)
    kept_back = [hidden_from(detail, who) for who in ("Ida", "Ben", "Kim", "")]
    with told.store.reading() as connection:
        assert [claim in unseen_by(connection, who) for who in ("Ida", "Ben", "Kim", "")] == kept_back
        assert not unseen_by(connection, None)
    assert published_reviews(told) == []


def test_counts_and_figures_do_not_tell_a_first_verdict(told):
    record_verdict(told.store, told.ids[0], "refuted", "Ida", second_review=True)
    record_verdict(told.store, told.ids[1], "refuted", "Ben")

    def counted(by: str | None) -> list[int]:
        facet = {one.value: one.count for one in facets(told.store, by).verdicts}["refuted"]
        figures = [verdicts_by(told.store, what, by).rows for what in ("outlet", "speaker")]
        return [facet, *(sum(row[2] for row in rows) for rows in figures)]

    assert [counted(by) for by in (None, "Ida", "Ben", "")] == [[2] * 3, [2] * 3, [1] * 3, [1] * 3]
    record_verdict(told.store, told.ids[0], "refuted", "Ben")
    assert counted("Kim") == [2] * 3


@pytest.mark.parametrize(
    ("gate", "rationale", "evidence", "addresses", "exception", "lacks"),
    [
        (Gate(), "", [], [], "", ["a rationale", "2 independent sources as evidence, besides the claim’s own (there"]),
        (Gate(), "so", [3], [], "", ["there are 1"]),
        (Gate(), "so", [], ["https://a.example/1", "http://www.a.example/2"], "", ["there are 1"]),
        (Gate(), "so", [], ["https://a.example/1", "https://b.example/2"], "", []),
        (Gate(), "so", [3], ["https://a.example/1"], "", []),
        (Gate(), "so", [], [], "the court’s own record", []),
        (Gate(rationale=False, sources=0), "", [], [], "", []),
        (Gate(second_review=True), "so", [3], ["https://a.example/1"], "", ["a second reviewer’s verdict"]),
    ],
)
def test_the_gate_says_what_is_missing(told, gate, rationale, evidence, addresses, exception, lacks):
    claim = told.ids[0]
    ticked = [told.ids[at] for at in evidence]
    record_verdict(told.store, claim, "refuted", "Ida", rationale, ticked, addresses=addresses)
    found = missing(told.store, claim, gate, exception)
    assert len(found) == len(lacks) and all(words in one for words, one in zip(lacks, found, strict=True))
    if lacks:
        with pytest.raises(GateClosed, match="not final yet"):
            finalise(told.store, claim, "Ida", gate, exception)
        assert state(told) == "in_review"
    else:
        finalise(told.store, claim, "Ida", gate, exception)
        assert state(told) == "final"
        assert log_page(told.store).rows[0].note == exception


@pytest.mark.parametrize(
    ("evidence", "addresses", "sources"),
    [
        ([], ["https://a.example/1", "https://news.a.example/2"], 1),
        ([], ["https://m.a.example/1", "https://news.b.example/2"], 2),
        ([], ["https://ledger.example/other"], 0),  # the claim's own paper
        ([4], ["https://coast.example/union"], 1),  # where the statement stands
        ([4], ["https://www.coast.example:8080/union", "https://a.example/1"], 2),
        ([4], ["https://mirror.example/copy"], 1),  # another place of the same article
        ([5, 6], [], 2),
        ([7], [], 0),  # the claim's own speaker, in another article
        ([7, 4], [], 1),
        ([7, 5, 6], [], 2),
    ],
)
def test_one_source_counts_once_whether_ticked_or_written_as_an_address(told, evidence, addresses, sources):
    coast = story.COAST.id
    edit_provenance(told.store, coast, Provenance("Union", "Coast Radio", url="https://coast.example/union"), "Kim")
    with told.store.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO appearances (article_id, place, outlet, title, text_hash, archive_hash, kind, at) "
            "VALUES (?, 'https://mirror.example/copy', '', '', '', '', 'page', '')",
            (coast,),
        )
    ticked = [told.ids[at] for at in evidence]
    record_verdict(told.store, told.ids[0], "refuted", "Ida", "so", ticked, addresses=addresses)
    lacking = missing(told.store, told.ids[0], Gate(sources=9))
    assert len(lacking) == 1 and f"(there are {sources})" in lacking[0]


def test_evidence_of_a_verdict_that_was_replaced_opens_no_gate(told):
    claim, both = told.ids[0], ["https://a.example/1", "https://b.example/2"]
    record_verdict(told.store, claim, "supported", "Ida", "so", addresses=both)
    record_verdict(told.store, claim, "refuted", "Ida", "not so")
    with pytest.raises(GateClosed, match="there are 0"):
        finalise(told.store, claim, "Ida", Gate())
    record_verdict(told.store, claim, "refuted", "Ben", "not so", addresses=both)
    finalise(told.store, claim, "Ida", Gate())


def test_evidence_from_before_a_correction_opens_no_gate_for_a_new_verdict(told):
    claim, both = told.ids[0], ["https://a.example/1", "https://b.example/2"]
    record_verdict(told.store, claim, "supported", "Ida", "so", addresses=both)
    finalise(told.store, claim, "Ida", Gate())
    correct(told.store, claim, Opinion("refuted", "Ida", "a", addresses=tuple(both)), "We erred.", OPEN)
    retract(told.store, claim, "Ida", "Altogether.")
    record_verdict(told.store, claim, "outdated", "Ida", "so it was")
    assert "there are 0" in missing(told.store, claim, Gate())[0]


def test_no_verdict_no_final_one(told):
    with pytest.raises(GateClosed, match="a verdict"):
        finalise(told.store, told.ids[0], "Ida", OPEN)


def final(told) -> str:
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    finalise(told.store, told.ids[0], "Ida", OPEN)
    return told.ids[0]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda s, c: record_verdict(s, c, "supported", "Ben"), "correct it, with a note"),
        (lambda s, c: withdraw_verdict(s, verdict_history(s, c)[0].id, "Ida"), "correct it, with a note"),
        (lambda s, c: finalise(s, c, "Ida", OPEN), "final already"),
        (lambda s, c: ask_second_review(s, c, "Ida"), "follows one first verdict"),
        (lambda s, c: adjudicate(s, c, Opinion("supported", "Kim"), OPEN), "only a dispute is decided"),
        (lambda s, c: correct(s, c, Opinion("supported", "Ben"), " ", OPEN), "note for the public"),
        (lambda s, c: retract(s, c, "Ben", ""), "note for the public"),
    ],
)
def test_a_final_verdict_changes_only_by_a_correction(told, step, words):
    claim = final(told)
    with pytest.raises(BadStep, match=words):
        step(told.store, claim)
    assert state(told) == "final" and len(verdict_history(told.store, claim)) == 1


def test_a_correction_needs_the_gates_rationale(told):
    claim = final(told)
    for rationale in ("", "  "):
        with pytest.raises(GateClosed, match="needs a rationale"):
            correct(told.store, claim, Opinion("supported", "Ben", rationale), "We erred.", Gate())
    assert state(told) == "final" and len(verdict_history(told.store, claim)) == 1
    correct(told.store, claim, Opinion("supported", "Ben", "a letter came"), "We erred.", Gate())
    assert state(told) == "corrected"


def test_a_disputed_claim_is_decided_by_a_third_person_with_all_that_both_brought(told):
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida", "a", [told.ids[3]])
    record_verdict(told.store, claim, "supported", "Ben", "b", addresses=["https://a.example/1"])
    with pytest.raises(BadStep, match="disagree"):
        finalise(told.store, claim, "Kim", OPEN)
    with pytest.raises(BadStep, match="Ben is one of those"):
        adjudicate(told.store, claim, Opinion("supported", "Ben", "b"), Gate())
    with pytest.raises(GateClosed, match="a rationale"):
        adjudicate(told.store, claim, Opinion("supported", "Kim"), Gate())
    assert len(verdict_history(told.store, claim)) == 2
    adjudicate(told.store, claim, Opinion("supported", "Kim", "c"), Gate())
    row = exported(told)
    assert (row["verdict"], row["reviewer"], row["adjudicator"], row["status"]) == ("supported", "Kim", "Kim", "final")
    assert (row["second_reviewer"], row["second_verdict"], row["second_rationale"]) == ("Ben", "supported", "b")
    assert row["agreement"] == "no"


def test_only_final_verdicts_are_for_the_public(told):
    def published() -> int:
        return len(published_reviews(told))

    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida", addresses=["https://a.example/1"])
    assert published() == 0
    ask_second_review(told.store, claim, "Ida")
    record_verdict(told.store, claim, "refuted", "Ben")
    assert published() == 0
    record_verdict(told.store, claim, "supported", "Ben")
    assert published() == 0
    adjudicate(told.store, claim, Opinion("refuted", "Kim", label="Pants on Fire"), OPEN)
    assert published() == 1
    correct(told.store, claim, Opinion("supported", "Kim", addresses=("https://a.example/1",)), "We erred.", OPEN)
    (review,) = published_reviews(told)
    assert (review["correction"], review["citation"]) == ("We erred.", ["https://a.example/1"])
    retract(told.store, claim, "Kim", "All of it.")
    assert published() == 0


def test_somebody_elses_change_is_seen_before_one_is_stored(told):
    claim = told.ids[0]
    seen = claim_detail(told.store, claim).revision
    record_verdict(told.store, claim, "refuted", "Ida", expected=seen)
    for step in (
        lambda: record_verdict(told.store, claim, "supported", "Ben", expected=seen),
        lambda: ask_second_review(told.store, claim, "Ben", expected=seen),
        lambda: finalise(told.store, claim, "Ben", OPEN, expected=seen),
    ):
        with pytest.raises(ChangedMeanwhile, match="press again"):
            step()
    assert [row.reviewer for row in verdict_history(told.store, claim)] == ["Ida"]
    assert state(told) == "in_review"


def test_of_two_who_press_at_once_one_is_told(told):
    seen = claim_detail(told.store, told.ids[0]).revision

    def press(name: str) -> bool:
        try:
            record_verdict(told.store, told.ids[0], "refuted", name, expected=seen)
        except ChangedMeanwhile:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(press, [f"reviewer {number}" for number in range(8)]))
    assert stored.count(True) == 1 and len(verdict_history(told.store, told.ids[0])) == 1


def read_again(told, *claims):
    """The article with the costs is read anew, and holds these claims."""
    replace_claims(told.store, story.LEDGER.id, claims, "again")


def test_no_verdict_is_taken_for_words_that_were_not_on_the_screen(told):
    """An edited article kept its claims' revisions: a press on 4 million was recorded as one on 40 million."""
    claims = [story.claim_at(*one) for one in story.CLAIMS if one[0] is story.LEDGER]
    cost = claims.pop(2)
    record_verdict(told.store, cost.id, "supported", "Ben")
    edited = replace(cost, **dict.fromkeys(("text", "standalone"), cost.text.replace("4 million", "40 million")))
    corrected = replace(edited, attribution=replace(edited.attribution, speaker="Jon Pask"))
    for now_there in ([edited], [corrected], [], [corrected]):
        seen = claim_detail(told.store, cost.id).revision
        read_again(told, *claims, *now_there)
        with pytest.raises(ChangedMeanwhile, match="its article was read again"):
            record_verdict(told.store, cost.id, "supported", "Ida", expected=seen)
    assert len(verdict_history(told.store, cost.id)) == 1


def test_a_reading_that_changes_nothing_of_what_a_claim_says_gets_in_nobodys_way(told):
    claims = [story.claim_at(*one) for one in story.CLAIMS if one[0] is story.LEDGER]
    seen = claim_detail(told.store, claims[2].id).revision
    read_again(told, *(replace(claim, check_worthiness=0.3) for claim in claims))
    record_verdict(told.store, claims[2].id, "supported", "Ida", expected=seen)


@pytest.mark.parametrize(
    "address", ["", "example.org", "javascript:alert(1)", "ftp://example.org/x", "https://", "https://a b", "http://[x"]
)
def test_what_is_no_web_address_is_refused_by_name(told, address):
    with pytest.raises(BadAddress, match="write it as https"):
        record_verdict(told.store, told.ids[0], "refuted", "Ida", addresses=[address])
    assert verdict_history(told.store, told.ids[0]) == () and state(told) == "unreviewed"


def test_steps_need_a_name_and_a_claim(told):
    for step in (
        lambda: assign(told.store, told.ids[0], "Ida", " "),
        lambda: ask_second_review(told.store, told.ids[0], ""),
        lambda: finalise(told.store, told.ids[0], "", OPEN),
        lambda: retract(told.store, told.ids[0], "", "note"),
    ):
        with pytest.raises(ReviewerMissing):
            step()
    for step in (
        lambda: assign(told.store, "nowhere", "Ida", "Ida"),
        lambda: missing(told.store, "nowhere", OPEN),
    ):
        with pytest.raises(UnknownClaim):
            step()
    assert log_page(told.store).total == 0


def test_the_list_is_filtered_by_status_person_and_outlet(told):
    assign(told.store, told.ids[2], " Ben ", "Kim")
    assign(told.store, told.ids[2], "Ben", "Kim")
    record_verdict(told.store, told.ids[0], "refuted", "Ida")

    def ids(**wanted) -> list[str]:
        return [row.id for row in claim_page(told.store, ClaimFilter(**wanted)).rows]

    assert ids(status="in_review") == ids(reviewer="Ida") == [told.ids[0]]
    assert ids(assignee="Ben") == [told.ids[2]]
    assert told.ids[2] not in ids(assignee="")
    assert len(ids(status="unreviewed")) == len(told.ids) - 1
    known = facets(told.store)
    assert {one.value: one.count for one in known.statuses} == dict.fromkeys(STATES, 0) | {
        "in_review": 1,
        "unreviewed": len(told.ids) - 1,
    }
    assert [(one.value, one.count) for one in known.assignees] == [("", 8), ("Ben", 1)]
    assert [(one.value, one.count) for one in known.reviewers] == [("Ida", 1)]
    assert sum(one.count for one in known.outlets) == len(
        [row for outlet in known.outlets for row in ids(outlet=outlet.value)]
    )
    assert log_page(told.store, what="assignment").total == 1


def test_the_log_keeps_what_was_done_to_pairs_speakers_and_articles(told):
    record_pair_judgement(told.store, (told.ids[0], told.ids[1]), "unclear", "Ida", "dates?")
    record_pair_judgement(told.store, (told.ids[0], told.ids[1]), "contradiction", "Ben")
    speaker = next(row.speaker for row in claim_page(told.store).rows if row.speaker)
    name_speaker(told.store, speaker, "Somebody Else", "Kim")
    article = articles(told.store)[0]
    edit_provenance(told.store, article.id, Provenance("New", article.outlet, article.author, article.date), "Ida")
    edit_provenance(told.store, article.id, Provenance("New", article.outlet, article.author, article.date), "Ida")
    rows = log_page(told.store).rows
    assert [(row.who, row.what) for row in rows] == [
        ("Ida", "article"),
        ("Kim", "speaker"),
        ("Ben", "pair_judgement"),
        ("Ida", "pair_judgement"),
    ]
    assert rows[0].before.startswith(f"title: {article.title}") and rows[0].after.startswith("title: New")
    assert (rows[1].before, rows[1].after) == (speaker, "Somebody Else")
    assert (rows[2].before, rows[2].after) == ("unclear", "contradiction")


def test_what_the_machine_had_said_is_kept_with_a_judgement(told):
    record_pair_judgement(told.store, (told.ids[0], told.ids[1]), "not_contradiction", "Ida", blind=True)
    with told.store.reading() as connection:
        row = connection.exec_driver_sql("SELECT * FROM pair_judgements").mappings().one()
        relation = connection.exec_driver_sql(
            "SELECT * FROM relations WHERE claim_a = ? AND claim_b = ?", tuple(sorted(told.ids[:2]))
        ).mappings().first()  # fmt: skip
    expected = (relation["relation"], relation["score"], relation["model_id"]) if relation else ("", None, "")
    assert (row["machine_relation"], row["machine_score"], row["machine_model"]) == expected
    assert row["blind"] == 1


@pytest.mark.parametrize("table", ["verdicts", "verdict_withdrawals", "pair_judgements", "speaker_names", "log"])
def test_the_database_itself_refuses_to_change_the_record(told, table):
    given = record_verdict(told.store, told.ids[0], "refuted", "Ida")
    withdraw_verdict(told.store, given.id, "Ida")
    record_pair_judgement(told.store, (told.ids[0], told.ids[1]), "unclear", "Ida")
    speaker = next(row.speaker for row in claim_page(told.store).rows if row.speaker)
    name_speaker(told.store, speaker, "Somebody Else", "Kim")
    for change in (f"DELETE FROM {table}", f"UPDATE {table} SET at = ''"):
        with pytest.raises(DatabaseError, match="append-only"), told.store.writing() as connection:
            connection.exec_driver_sql(change)


def test_an_older_workspace_gets_its_statuses_and_its_log(tmp_path):
    told = story.tell(tmp_path / "new")
    path = database_at(tmp_path / "old", "0007", told.store, ("articles", "claims"))
    with closing(sqlite3.connect(path)) as old, old:
        for number, (claim, verdict, who) in enumerate(
            [(0, "refuted", "Ida"), (0, "supported", "Ben"), (1, "refuted", "Ida"), (2, "outdated", "Ida")], start=1
        ):
            old.execute(
                "INSERT INTO verdicts VALUES (?, ?, ?, 'why', ?, ?, '[]', 'a', 'words', 0, 5)",
                (number, told.ids[claim], verdict, who, f"2026-01-0{number}T00:00:00+00:00"),
            )
        old.execute("INSERT INTO verdict_withdrawals VALUES (1, 4, 'Ida', '2026-01-05T00:00:00+00:00')")
        old.execute(
            "INSERT INTO pair_judgements VALUES (1, ?, ?, 'unclear', 'n', 'Ben', '2026-01-06T00:00:00+00:00')",
            tuple(sorted(told.ids[:2])),
        )
    store = Store(path.parent)
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == VERSION
    found = [(claim_detail(store, one).status, claim_detail(store, one).revision) for one in told.ids[:4]]
    assert found == [("disputed", 2), ("in_review", 1), ("unreviewed", 2), ("unreviewed", 0)]
    assert [(row.who, row.what) for row in reversed(log_page(store).rows)] == [
        ("Ida", "verdict"),
        ("Ben", "verdict"),
        ("Ida", "verdict"),
        ("Ida", "verdict"),
        ("Ida", "verdict_taken_back"),
        ("Ben", "pair_judgement"),
    ]


def test_an_older_workspace_learns_which_conflicts_are_mere_tensions_and_what_was_judged(tmp_path):
    told = story.tell(tmp_path / "new")
    record_pair_judgement(told.store, (told.ids[2], told.ids[6]), "not_contradiction", "Ida")
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    wanted = [(row.id, row.contradiction, row.strict) for row in claim_page(told.store).rows]
    tables = ("articles", "claims", "relations", "verdicts", "pair_judgements")
    path = database_at(tmp_path / "old", "0013", told.store, tables)
    with closing(sqlite3.connect(path)) as old, old:
        # As the earlier version kept them: the strongest conflict of either kind, whatever was judged.
        old.execute("UPDATE claims SET attention = coalesce(contradiction, 0.0) * check_worthiness")
    store = Store(path.parent)
    assert [(row.id, row.contradiction, row.strict) for row in claim_page(store).rows] == wanted
    assert wanted[-1][0] == told.ids[0] and examine(store, mend=False) == []


def test_the_table_names_second_reviewer_status_and_hash(told):
    for who, addresses in (("Ida", ["https://a.example/1", "https://b.example"]), ("Ben", ())):
        record_verdict(told.store, told.ids[0], "refuted", who, addresses=addresses, label="Pants on Fire")
    row = exported(told)
    assert set(row) == set(CLAIM_COLUMNS)
    assert (row["reviewer"], row["verdict_label"], row["second_reviewer"], row["agreement"]) == (
        "Ben",
        "Pants on Fire",
        "Ben",
        "yes",
    )
    assert (row["status"], row["revision"]) == ("second_review", 2)
    assert (row["archive_hash"], len(row["text_hash"])) == ("", 64) and row["thresholds"] == "by hand"
    assert [one["reviewer"] for one in json.loads(row["verdict_history"])] == ["Ben", "Ida"]
