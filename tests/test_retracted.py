"""What was said of a claim before its verdict was withdrawn from the public counts for nothing afterwards."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests import story
from tests.older import database_at
from workbench.agreement import ratings
from workbench.claim_filter import REVIEWERS_AGREE
from workbench.claimreview import claimreview_json
from workbench.errors import GateClosed
from workbench.export import claims_csv
from workbench.gate import Gate
from workbench.histories import verdict_history
from workbench.queries import ClaimFilter, claim_detail, claim_page
from workbench.restore import restore_verdicts
from workbench.review import ask_second_review, finalise, hidden_from, missing, retract
from workbench.settings import Settings
from workbench.store import Store
from workbench.unseen import unseen_by
from workbench.verdicts import record_verdict, withdraw_verdict

GATE = Gate(second_review=True)
FORGED = ("https://a.example/1", "https://b.example/2")


@pytest.fixture
def told(tmp_path) -> story.Told:
    """Ida and Zoe said the same of a claim, Ed made it final and withdrew it."""
    told = story.tell(tmp_path / "told")
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida", "so", addresses=FORGED)
    record_verdict(told.store, claim, "refuted", "Zoe", "so, too")
    finalise(told.store, claim, "Ed", GATE)
    retract(told.store, claim, "Ed", "The two sources were forged.")
    return told


def status(store: Store, claim: str) -> str:
    return claim_detail(store, claim).status


def test_a_new_verdict_passes_no_gate_on_what_was_withdrawn(told):
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ben", "so")
    assert status(told.store, claim) == "in_review"
    reviewers, sources = missing(told.store, claim, GATE)
    assert "second reviewer" in reviewers and "there are 0" in sources
    with pytest.raises(GateClosed):
        finalise(told.store, claim, "Ed", GATE)
    assert b"refuted" not in claimreview_json(told.store, Settings()).lower()
    assert claim_page(told.store, ClaimFilter(status=REVIEWERS_AGREE)).total == 0


def test_another_verdict_is_a_first_one_and_its_second_review_is_unseen(told):
    claim = told.ids[0]
    first = record_verdict(told.store, claim, "supported", "Ben", second_review=True)
    assert (first.step, status(told.store, claim)) == ("review", "second_review")
    with told.store.reading() as connection:
        kept = [claim in unseen_by(connection, who) for who in ("Zoe", "Ida", "Ben")]
    detail = claim_detail(told.store, claim)
    assert kept == [True, True, False] == [hidden_from(detail, who) for who in ("Zoe", "Ida", "Ben")]
    second = record_verdict(told.store, claim, "supported", "Zoe")
    assert (second.step, second.unseen) == ("second_review", True)
    assert [row.id for row in claim_page(told.store, ClaimFilter(status=REVIEWERS_AGREE)).rows] == [claim]
    assert [set(one.said) for one in ratings(told.store)] == [{"Ida", "Zoe"}, {"Ben", "Zoe"}]


def test_taking_the_new_verdict_back_leaves_the_claim_withdrawn_and_the_next_is_first_again(told):
    claim = told.ids[0]
    for _ in range(2):
        given = record_verdict(told.store, claim, "refuted", "Ben")
        assert (given.round, status(told.store, claim)) == (1, "in_review")
        withdraw_verdict(told.store, given.id, "Ben")
        assert status(told.store, claim) == "withdrawn"


def test_what_opened_the_claim_again_may_be_taken_back_beside_a_later_verdict(told):
    claim = told.ids[0]
    given = record_verdict(told.store, claim, "refuted", "Ben")
    record_verdict(told.store, claim, "refuted", "Kim")
    withdraw_verdict(told.store, given.id, "Ben")
    assert status(told.store, claim) == "in_review" and "second reviewer" in str(missing(told.store, claim, GATE))


def test_a_file_keeps_the_rounds_apart(told, tmp_path):
    claim, other = told.ids[0], Store(tmp_path / "other")
    given = record_verdict(told.store, claim, "refuted", "Ben", "so")
    restore_verdicts(other, claims_csv(told.store), "Kim")
    assert [row.round for row in verdict_history(other, claim)] == [1, 0, 0]
    assert missing(other, claim, GATE) == missing(told.store, claim, GATE) != ()
    newest = verdict_history(other, claim)[0]
    withdraw_verdict(other, newest.id, given.reviewer)
    assert status(other, claim) == "withdrawn"


def test_a_file_that_knows_of_no_withdrawal_brings_nothing_back_to_life(told, tmp_path):
    claim, other = told.ids[0], Store(tmp_path / "other")
    restore_verdicts(other, claims_csv(told.store), "Kim")
    with closing(sqlite3.connect(other.path)) as elsewhere, elsewhere:
        elsewhere.execute("UPDATE claims SET status = 'second_review', public_note = ''")
    record_verdict(other, claim, "refuted", "Ben", "so")
    assert verdict_history(other, claim)[0].round == 0
    restore_verdicts(told.store, claims_csv(other), "Kim")
    assert verdict_history(told.store, claim)[0].round == 1
    assert "there are 0" in str(missing(told.store, claim, GATE))
    assert restore_verdicts(told.store, claims_csv(other), "Kim").restored == 0


def test_an_older_workspace_learns_what_was_said_before_a_withdrawal(told, tmp_path):
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ben", "so")
    record_verdict(told.store, told.ids[1], "refuted", "Ben", "so")
    database_at(tmp_path / "old", "0020", told.store, ("articles", "claims", "verdicts", "log"))
    store = Store(tmp_path / "old")
    assert [row.round for row in verdict_history(store, claim)] == [1, 0, 0]
    assert verdict_history(store, told.ids[1])[0].round == 0
    with pytest.raises(GateClosed):
        finalise(store, claim, "Ed", GATE)
    with closing(sqlite3.connect(store.path)) as now, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        now.execute("UPDATE verdicts SET round = 0")


@pytest.mark.parametrize(("asker", "unseen"), [("Ben", False), ("Ida", True), ("Ed", True)])
def test_whoever_asks_for_a_second_review_has_seen_the_first_verdict(told, asker, unseen):
    record_verdict(told.store, told.ids[1], "refuted", "Ida")
    ask_second_review(told.store, told.ids[1], asker)
    assert record_verdict(told.store, told.ids[1], "refuted", "Ben").unseen is unseen
