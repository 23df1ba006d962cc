"""Verdicts and judgements: appended, kept, refused by name; never lost when articles are read again."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError

from tests import story
from tests.workbench_fakes import fake_line, write_texts
from workbench.agreement import overruled
from workbench.care import examine
from workbench.claimreview import claimreview_json
from workbench.errors import (
    BadPair,
    ChangedMeanwhile,
    NotAllowed,
    NotYours,
    ReviewerMissing,
    UnknownClaim,
    UnknownJudgement,
    UnknownVerdict,
)
from workbench.export import claims_jsonl, training_jsonl
from workbench.groups import regroup
from workbench.histories import verdict_history
from workbench.log import log_page
from workbench.pair_judgements import PAIR_JUDGEMENTS, pair_history, record_pair_judgement, withdraw_pair_judgement
from workbench.pairs import all_pairs, conflicts, related
from workbench.people import Person
from workbench.queries import NO_VERDICT, ClaimFilter, claim_detail, claim_page, counts, facets, group_of
from workbench.scales import VERDICTS
from workbench.settings import Settings
from workbench.verdicts import record_verdict, withdraw_verdict


@pytest.fixture
def line(tmp_path):
    line = fake_line(tmp_path / "workspace")
    line.ingest([write_texts(tmp_path / "texts")])
    return line


@pytest.fixture
def ids(line):
    return [row.id for row in claim_page(line.store).rows]


def test_the_verdicts_are_those_of_the_house_and_only_ordered_ones_have_a_rating():
    assert {name: kind.rating_value for name, kind in VERDICTS.items()} == {
        "supported": 5,
        "mostly_supported": 4,
        "misleading": 3,
        "mostly_refuted": 2,
        "refuted": 1,
        "conflicting_evidence": None,
        "not_enough_evidence": None,
        "outdated": None,
        "misattributed": None,
        "not_checkable": None,
    }
    assert list(PAIR_JUDGEMENTS) == ["contradiction", "not_contradiction", "same_claim", "unclear"]


def test_the_newest_verdict_counts_and_all_are_kept(line, ids):
    first = record_verdict(line.store, ids[0], "supported", " Ida ", " so it says ", [ids[1], ids[2], ids[1]])
    second = record_verdict(line.store, ids[0], "refuted", "Ben")
    assert verdict_history(line.store, ids[0]) == (second, first)
    assert claim_detail(line.store, ids[0]).verdict == second
    assert (first.reviewer, first.rationale, first.evidence) == ("Ida", "so it says", (ids[1], ids[2]))
    assert datetime.fromisoformat(first.at).utcoffset() == timedelta(0)
    claim = claim_detail(line.store, ids[0]).claim
    assert (first.claim_text, first.char_start, first.char_end, first.article_id) == (
        claim.text,
        claim.char_start,
        claim.char_end,
        claim.article_id,
    )


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"verdict": "flase"}, UnknownVerdict, "'flase'; choose one of supported, mostly_supported"),
        ({"reviewer": " "}, ReviewerMissing, "reviewer"),
        ({"claim_id": "nowhere"}, UnknownClaim, "'nowhere'"),
        ({"evidence": ["lost"]}, UnknownClaim, "'lost'"),
    ],
)
def test_a_bad_verdict_is_refused_by_name_and_nothing_is_stored(line, ids, changes, error, words):
    with pytest.raises(error, match=words):
        record_verdict(line.store, **{"claim_id": ids[0], "verdict": "refuted", "reviewer": "Ida"} | changes)
    assert verdict_history(line.store, ids[0]) == ()


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"judgement": "maybe"}, UnknownJudgement, "'maybe'; choose one of contradiction, not_contradiction"),
        ({"reviewer": ""}, ReviewerMissing, "reviewer"),
        ({"pair": ("nowhere", "lost")}, UnknownClaim, "'lost', 'nowhere'"),
        ({"pair": ("same", "same")}, BadPair, "'same'"),
    ],
)
def test_a_bad_judgement_is_refused_by_name(line, ids, changes, error, words):
    with pytest.raises(error, match=words):
        record_pair_judgement(
            line.store, **{"pair": (ids[0], ids[1]), "judgement": "unclear", "reviewer": "Ida"} | changes
        )
    assert pair_history(line.store, (ids[0], ids[1])) == ()


def test_a_pair_is_the_same_in_either_order_and_its_judgements_add_up(line, ids):
    first = record_pair_judgement(line.store, (ids[1], ids[0]), "unclear", "Ida", "dates?")
    second = record_pair_judgement(line.store, (ids[0], ids[1]), "contradiction", "Ben")
    assert pair_history(line.store, (ids[1], ids[0])) == (second, first)
    assert first.claim_a < first.claim_b and first.note == "dates?"


def test_two_reviewers_at_once_lose_nothing(line, ids):
    def judge(number: int) -> None:
        for _ in range(200):
            record_verdict(line.store, ids[number], "misleading", f"reviewer {number}")

    with ThreadPoolExecutor(2) as both:
        list(both.map(judge, range(2)))
    assert [len(verdict_history(line.store, claim_id)) for claim_id in ids[:2]] == [200, 200]


def test_a_verdict_survives_a_reading_that_no_longer_finds_its_claim(line, tmp_path):
    judged = claim_page(line.store, ClaimFilter(search="vetted")).rows[0].id
    verdict = record_verdict(line.store, judged, "refuted", "Ida", "the file says so")
    line.extractor.dropping = "vetted"
    line.ingest([tmp_path / "texts"], again=True)
    assert verdict_history(line.store, judged) == (verdict,)
    assert not claim_detail(line.store, judged).current
    assert claim_page(line.store, ClaimFilter(search="vetted")).total == 0
    assert [row.id for row in claim_page(line.store, ClaimFilter(verdict="refuted")).rows] == [judged]
    assert related(line.store, judged).contradicts == ()

    line.extractor.dropping = ""
    line.ingest([tmp_path / "texts"], again=True)
    detail = claim_detail(line.store, judged)
    assert detail.current and detail.verdict == verdict
    assert related(line.store, judged).contradicts


@pytest.mark.parametrize("how", ["pair", "evidence"])
def test_a_claim_that_people_spoke_of_is_kept_when_it_vanishes(line, tmp_path, how):
    spoken_of = claim_page(line.store, ClaimFilter(search="vetted")).rows[0].id
    other = claim_page(line.store, ClaimFilter(search="Ben")).rows[0].id
    if how == "pair":
        record_pair_judgement(line.store, (spoken_of, other), "unclear", "Ida")
    else:
        record_verdict(line.store, other, "refuted", "Ida", evidence=[spoken_of])
    line.extractor.dropping = "vetted"
    line.ingest([tmp_path / "texts"], again=True)
    assert not claim_detail(line.store, spoken_of).current


def test_a_claim_that_nobody_spoke_of_goes_when_it_vanishes_and_takes_its_relations_along(line, tmp_path):
    gone = claim_page(line.store, ClaimFilter(search="vetted")).rows[0].id
    partner = claim_page(line.store, ClaimFilter(search="not vet")).rows[0].id
    assert gone in {row.other.claim_id for row in related(line.store, partner).contradicts}
    line.extractor.dropping = "vetted"
    line.ingest([tmp_path / "texts"], again=True)
    with pytest.raises(UnknownClaim):
        claim_detail(line.store, gone)
    assert gone not in {row.other.claim_id for row in related(line.store, partner).contradicts}


def test_the_database_itself_refuses_to_drop_a_claim_with_a_verdict(line, ids):
    record_verdict(line.store, ids[0], "refuted", "Ida")
    with pytest.raises(IntegrityError), line.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM claims WHERE id = ?", (ids[0],))
    assert claim_detail(line.store, ids[0]).current


def test_groups_follow_what_people_say_of_pairs(tmp_path):
    told = story.tell(tmp_path)
    with told.store.writing() as connection:
        regroup(connection)
    group = group_of(told.store, told.ids[0])
    assert [row.claim_id for row in group.statements] == [told.ids[0], told.ids[7]]
    assert group.sources == 1  # one authority, in two papers
    record_pair_judgement(told.store, (told.ids[0], told.ids[1]), "same_claim", "Kim")
    assert {row.claim_id for row in group_of(told.store, told.ids[7]).statements} == {told.ids[at] for at in (0, 1, 7)}
    assert group_of(told.store, told.ids[7]).sources == 2
    record_pair_judgement(told.store, (told.ids[7], told.ids[1]), "contradiction", "Kim")
    assert told.ids[7] not in {row.claim_id for row in group_of(told.store, told.ids[1]).statements}


def test_a_verdict_taken_back_stands_no_more_and_stays_in_the_record(line, ids):
    first = record_verdict(line.store, ids[0], "supported", "Ida", "so it says")
    second = record_verdict(line.store, ids[0], "refuted", "Ben")
    back = withdraw_verdict(line.store, second.id, "Ben")
    assert back.withdrawn_at and back.verdict == "refuted"
    assert claim_detail(line.store, ids[0]).verdict == first
    assert [row.id for row in verdict_history(line.store, ids[0])] == [second.id, first.id]
    withdraw_verdict(line.store, first.id, "Ida")
    assert claim_detail(line.store, ids[0]).verdict is None
    assert claim_page(line.store, ClaimFilter(verdict="refuted")).total == 0
    assert claim_page(line.store, ClaimFilter(verdict=NO_VERDICT)).total == len(ids)
    assert {one.value: one.count for one in facets(line.store).verdicts}[NO_VERDICT] == len(ids)
    assert counts(line.store).judged == 0
    assert all(not json.loads(one)["verdict"] for one in claims_jsonl(line.store).splitlines())
    assert json.loads(claimreview_json(line.store, Settings()))["@graph"] == []
    third = record_verdict(line.store, ids[0], "misleading", "Ben")
    assert claim_detail(line.store, ids[0]).verdict == third


def test_only_ones_own_standing_verdict_can_be_taken_back(line, ids):
    given = record_verdict(line.store, ids[0], "supported", "Ida")
    with pytest.raises(NotYours, match="Ida gave this verdict"):
        withdraw_verdict(line.store, given.id, "Ben")
    with pytest.raises(ReviewerMissing):
        withdraw_verdict(line.store, given.id, " ")
    withdraw_verdict(line.store, given.id, "Ida")
    with pytest.raises(NotYours, match="taken back already"):
        withdraw_verdict(line.store, given.id, "Ida")
    assert len(verdict_history(line.store, ids[0])) == 1


def everything(told: story.Told) -> tuple:
    """What judgements of pairs bear on."""
    return (
        conflicts(told.store),
        counts(told.store).conflicts,
        [(row.id, row.contradiction) for row in claim_page(told.store).rows],
        [group_of(told.store, claim_id) for claim_id in told.ids],
        overruled(told.store),
        training_jsonl(told.store),
    )


@pytest.mark.parametrize("judgement", ["not_contradiction", "same_claim"])
def test_a_judgement_of_a_pair_taken_back_stands_no_more_and_stays_in_the_record(tmp_path, judgement):
    told = story.tell(tmp_path)
    with told.store.writing() as connection:
        regroup(connection)
    pair = tuple(sorted((told.ids[0], told.ids[4])))
    before = everything(told)
    given = record_pair_judgement(told.store, pair, judgement, "Ida", "other dates")
    assert everything(told) != before
    back = withdraw_pair_judgement(told.store, given.id, "Ida")
    assert everything(told) == before
    assert back.withdrawn_at and (back.judgement, back.note) == (judgement, "other dates")
    assert pair_history(told.store, pair) == (back,) and examine(told.store) == []
    row = log_page(told.store).rows[0]
    assert (row.what, row.who, row.claim_id, row.subject) == ("judgement_taken_back", "Ida", *pair)
    assert (row.before, row.after) == (judgement, "")
    with pytest.raises(DatabaseError, match="append-only"), told.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM judgement_withdrawals")


def test_the_judgement_before_stands_again_when_the_newest_is_taken_back(tmp_path):
    told = story.tell(tmp_path)
    pair = (told.ids[0], told.ids[4])
    record_pair_judgement(told.store, pair, "not_contradiction", "Ida")
    newest = record_pair_judgement(told.store, pair, "contradiction", "Ben")
    withdraw_pair_judgement(told.store, newest.id, "Ben")
    (row,) = [row for row in all_pairs(told.store).rows if {row.a.claim_id, row.b.claim_id} == set(pair)]
    assert (row.judgement.judgement, row.judgement.reviewer) == ("not_contradiction", "Ida")
    assert (log_page(told.store).rows[0].before, log_page(told.store).rows[0].after) == (
        "contradiction",
        "not_contradiction",
    )
    record_pair_judgement(told.store, pair, "unclear", "Kim")
    assert log_page(told.store).rows[0].before == "not_contradiction"


def test_of_two_who_judge_a_pair_at_once_one_is_told(line, ids):
    pair = (ids[0], ids[1])

    def press(name: str) -> bool:
        try:
            record_pair_judgement(line.store, pair, "unclear", name, expected=0)
        except ChangedMeanwhile:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        stored = list(pool.map(press, [f"reviewer {number}" for number in range(4)]))
    assert stored.count(True) == 1 and len(pair_history(line.store, pair)) == 1
    there = pair_history(line.store, pair)[0].id
    record_pair_judgement(line.store, pair, "contradiction", "Ida", expected=there)
    with pytest.raises(ChangedMeanwhile, match="judged this pair"):
        record_pair_judgement(line.store, pair, "unclear", "Ben", expected=there)


def test_only_ones_own_standing_judgement_of_a_pair_can_be_taken_back(line, ids):
    given = record_pair_judgement(line.store, (ids[0], ids[1]), "unclear", "Ida")
    with pytest.raises(NotYours, match="Ida gave this judgement"):
        withdraw_pair_judgement(line.store, given.id, "Ben")
    with pytest.raises(ReviewerMissing):
        withdraw_pair_judgement(line.store, given.id, " ")
    with pytest.raises(NotAllowed, match="needs the role reviewer"):
        withdraw_pair_judgement(line.store.on_behalf_of(Person("Ida", "reader")), given.id, "Ida")
    withdraw_pair_judgement(line.store, given.id, "Ida")
    with pytest.raises(NotYours, match="taken back already"):
        withdraw_pair_judgement(line.store, given.id, "Ida")
    assert len(pair_history(line.store, (ids[0], ids[1]))) == 1
