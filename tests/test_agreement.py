"""How far people agree, with each other and with the machine; and the figures behind the pictures."""

from __future__ import annotations

import pandas
import pytest
from sqlalchemy import insert, select

from embeddings.judgement import RelationSettings
from tests import story
from workbench import thresholds
from workbench.agreement import agreement, overruled, ratings
from workbench.errors import WordsMissing
from workbench.figures import Figures, by_status, over_time, said_when, verdicts_by, who_contradicts_whom, work_by_day
from workbench.gate import Gate
from workbench.pair_judgements import record_pair_judgement
from workbench.pairs import conflicts
from workbench.queries import counts
from workbench.review import adjudicate, correct, finalise, retract
from workbench.schema import PairJudgementRecord
from workbench.verdicts import Opinion, record_verdict, withdraw_verdict

OPEN = Gate(rationale=False, sources=0)
# Two raters, ten items, five categories twice: Ida and Ben agree on six of eight.
IDA = ["refuted", "refuted", "supported", "supported", "refuted", "supported", "refuted", "supported"]
BEN = ["refuted", "refuted", "supported", "supported", "refuted", "supported", "supported", "refuted"]


@pytest.fixture
def told(tmp_path):
    return story.tell(tmp_path)


def judge(told, *, upto: int = 8) -> None:
    for claim, one, other in list(zip(told.ids, IDA, BEN, strict=False))[:upto]:
        record_verdict(told.store, claim, one, "Ida")
        record_verdict(told.store, claim, other, "Ben")


def test_kappa_and_alpha_are_those_of_the_definitions(told):
    judge(told)
    found = agreement(told.store)
    observed, chance = 6 / 8, 0.5
    (pair,) = found.pairs
    assert (pair.one, pair.other, pair.claims, pair.same) == ("Ben", "Ida", 8, observed)
    assert pair.kappa == pytest.approx((observed - chance) / (1 - chance))
    assert found.fleiss == pytest.approx((observed - chance) / (1 - chance)) and found.fleiss_claims == 8
    # Krippendorff's alpha for two raters: expected disagreement without replacement among 16 values, 8 of each.
    expected_disagreement = 2 * 8 * 8 / (16 * 15)
    assert found.alpha == pytest.approx(1 - (1 - observed) / expected_disagreement)


def test_nothing_is_claimed_of_too_little(told):
    assert agreement(told.store).claims == 0 and agreement(told.store).alpha is None
    judge(told, upto=2)
    found = agreement(told.store)
    assert (found.claims, found.fleiss, found.alpha, found.pairs[0].kappa) == (2, None, None, None)
    assert found.pairs[0].same == 1.0


def test_what_counts_is_each_ones_first_verdict_that_stands(told):
    given = record_verdict(told.store, told.ids[0], "outdated", "Ida")
    withdraw_verdict(told.store, given.id, "Ida")
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    record_verdict(told.store, told.ids[0], "supported", "Ben")
    record_verdict(told.store, told.ids[0], "misleading", "Ben")
    adjudicate(told.store, told.ids[0], Opinion("refuted", "Kim"), Gate(rationale=False, sources=0))
    assert said(told) == {"Ida": ("refuted", True), "Ben": ("supported", False)}


def said(told, at: int = 0, seen_by: str | None = None) -> dict[str, tuple[str, bool]]:
    """The ratings of the newest round of a claim."""
    found = [one.said for one in ratings(told.store, seen_by) if one.claim_id == told.ids[at]]
    return {name: (one.verdict, one.independent) for name, one in found[-1].items()} if found else {}


def second_reviews(told, upto: int = 8) -> None:
    for claim, one, other in list(zip(told.ids, IDA, BEN, strict=False))[:upto]:
        record_verdict(told.store, claim, one, "Ida", second_review=True)
        record_verdict(told.store, claim, other, "Ben")


def test_verdicts_given_unseen_are_told_from_those_given_with_the_first_on_the_screen(told):
    second_reviews(told, upto=3)
    record_verdict(told.store, told.ids[4], "refuted", "Ida")
    record_verdict(told.store, told.ids[4], "refuted", "Ben")
    alone = agreement(told.store, independent=True)
    shown = agreement(told.store, independent=False)
    assert (alone.claims, shown.claims, agreement(told.store).claims) == (3, 1, 4)
    record_verdict(told.store, told.ids[0], "supported", "Kim")
    assert [(pair.one, pair.other) for pair in agreement(told.store, independent=True).pairs] == [("Ben", "Ida")]
    assert agreement(told.store, independent=False).claims == 2


@pytest.mark.parametrize("gives", [["refuted"], []])
def test_who_gives_way_after_seeing_the_other_verdict_has_not_agreed(told, gives):
    record_verdict(told.store, told.ids[0], "refuted", "Ida", second_review=True)
    given = record_verdict(told.store, told.ids[0], "supported", "Ben")
    withdraw_verdict(told.store, given.id, "Ben")
    for verdict in gives:
        record_verdict(told.store, told.ids[0], verdict, "Ben")
    assert said(told) == {"Ida": ("refuted", True), "Ben": ("supported", True)}


def test_a_claim_that_is_judged_anew_after_a_correction_is_another_round(told):
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida")
    record_verdict(told.store, claim, "refuted", "Ben")
    finalise(told.store, claim, "Kim", OPEN)
    correct(told.store, claim, Opinion("supported", "Kim"), "We erred.", OPEN)
    retract(told.store, claim, "Kim", "All of it.")
    record_verdict(told.store, claim, "supported", "Ben")
    assert agreement(told.store).pairs[0].same == 1.0 and agreement(told.store).claims == 1
    record_verdict(told.store, claim, "outdated", "Ida")
    assert said(told) == {"Ben": ("supported", True), "Ida": ("outdated", False)}
    assert agreement(told.store).claims == 2


def test_figures_of_agreement_do_not_tell_a_verdict_that_is_kept_back(told):
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida")
    record_verdict(told.store, claim, "refuted", "Ben")
    finalise(told.store, claim, "Kim", OPEN)
    retract(told.store, claim, "Kim", "All of it.")
    assert said(told, seen_by="Ben")
    correction_and_second_review(told.store, told.ids[1])
    assert agreement(told.store, None).claims == agreement(told.store, "Ben").claims == 2
    assert agreement(told.store, "Ida").claims == 1


def correction_and_second_review(store, claim: str) -> None:
    """Two agree, the verdict is corrected and withdrawn, and Ben judges first in the next round."""
    record_verdict(store, claim, "refuted", "Ida")
    record_verdict(store, claim, "refuted", "Ben")
    finalise(store, claim, "Kim", OPEN)
    correct(store, claim, Opinion("supported", "Kim"), "We erred.", OPEN)
    retract(store, claim, "Kim", "All of it.")
    record_verdict(store, claim, "outdated", "Ben", second_review=True)


def test_verdicts_on_an_edited_text_are_not_compared_with_those_before(told):
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET text = text || ' Or so.' WHERE id = ?", (told.ids[0],))
    record_verdict(told.store, told.ids[0], "supported", "Ben")
    assert not ratings(told.store)


def test_conclusions_in_words_need_words_and_are_no_ratings(told):
    with pytest.raises(WordsMissing, match="write it under Rationale"):
        record_verdict(told.store, told.ids[0], "conclusion", "Ida", " ")
    record_verdict(told.store, told.ids[0], "conclusion", "Ida", "It is true.")
    record_verdict(told.store, told.ids[0], "conclusion", "Ben", "It is false.")
    assert not ratings(told.store) and agreement(told.store).claims == 0


def test_a_machine_that_is_overruled_is_counted_by_strength(told):
    pairs = conflicts(told.store).rows
    for row, said in zip(pairs, ["not_contradiction", "contradiction", "same_claim"], strict=False):
        record_pair_judgement(told.store, (row.a.claim_id, row.b.claim_id), said, "Ida")
    record_pair_judgement(told.store, (pairs[3].a.claim_id, pairs[3].b.claim_id), "unclear", "Ida")
    found = overruled(told.store)
    assert all(one.relation == "contradicts" and one.model == "model-of-the-tests" for one in found)
    assert {(one.settings, one.blind) for one in found} == {("by hand", False)}
    assert sum(one.judged for one in found) == 3 and sum(one.overruled for one in found) == 2
    # A later judgement of the same person takes the place of the first; another person's stands beside it.
    record_pair_judgement(told.store, (pairs[0].a.claim_id, pairs[0].b.claim_id), "contradiction", "Ben")
    assert counted(told) == (4, 2)
    record_pair_judgement(told.store, (pairs[0].a.claim_id, pairs[0].b.claim_id), "contradiction", "Ida")
    assert counted(told) == (4, 1)


@pytest.mark.parametrize("score", [None, 1.5, -0.1])
def test_a_judgement_with_a_strength_that_is_none_leaves_the_desk_standing(told, score):
    pair = conflicts(told.store).rows[0]
    record_pair_judgement(told.store, (pair.a.claim_id, pair.b.claim_id), "not_contradiction", "Ida")
    with told.store.writing() as connection:
        row = connection.execute(select(PairJudgementRecord)).mappings().one()
        planted = dict(row, id=row["id"] + 1, reviewer="Ben", machine_score=score)
        connection.execute(insert(PairJudgementRecord).values(**planted))
    assert counted(told) == (1, 1)


def counted(told) -> tuple[int, int]:
    found = overruled(told.store)
    return sum(one.judged for one in found), sum(one.overruled for one in found)


def test_overruling_is_told_apart_by_thresholds_and_by_whether_the_machine_was_on_the_screen(told):
    usual, strict = RelationSettings(), RelationSettings(contradiction_threshold=0.8)
    with told.store.writing() as connection:
        thresholds.keep(connection, strict)
        thresholds.keep(connection, strict)
    pair, other = [(row.a.claim_id, row.b.claim_id) for row in conflicts(told.store).rows[:2]]
    for ids, settings in ((pair, usual), (other, strict)):
        with told.store.writing() as connection:
            connection.exec_driver_sql(
                "UPDATE relations SET judged_by = ? WHERE claim_a = ? AND claim_b = ?",
                (thresholds.judged_by(["nli"], "encoder", settings), *ids),
            )
        record_pair_judgement(told.store, ids, "not_contradiction", "Ida")
    record_pair_judgement(told.store, pair, "contradiction", "Ben", blind=True)
    found = {(one.settings[:23], one.blind): one.overruled for one in overruled(told.store)}
    assert found == {
        (f"contradiction from {usual.contradiction_threshold:.2f}", False): 1,
        (f"contradiction from {usual.contradiction_threshold:.2f}", True): 0,
        ("contradiction from 0.80", False): 1,
    }


@pytest.mark.parametrize(
    ("at", "said", "is_overruled"),
    [
        ((0, 7), "same_claim", 0),
        ((0, 7), "contradiction", 1),
        ((1, 7), "not_contradiction", 0),
        ((3, 8), "same_claim", 1),
        ((3, 8), "not_contradiction", 0),
    ],
)
def test_what_the_machine_called_no_contradiction_can_be_overruled_too(told, at, said, is_overruled):
    record_pair_judgement(told.store, (told.ids[at[0]], told.ids[at[1]]), said, "Ida")
    (one,) = overruled(told.store)
    assert (one.relation, one.overruled) == (next(row[2] for row in story.RELATIONS if row[:2] == at), is_overruled)


def test_the_figures_add_up_to_what_the_store_holds(told):
    both = who_contradicts_whom(told.store).rows
    assert sum(row[2] for row in both) == 2 * counts(told.store).conflicts  # nobody contradicts themselves
    assert {(one, other) for one, other, *_ in both} == {(other, one) for one, other, *_ in both}
    assert sum(row[1] for row in by_status(told.store).rows) == counts(told.store).claims
    assert 0 < sum(row[2] for row in over_time(told.store).rows) <= counts(told.store).claims
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    record_verdict(told.store, told.ids[1], "refuted", "Ida")
    for what in ("outlet", "speaker"):
        rows = verdicts_by(told.store, what).rows
        assert sum(row[2] for row in rows) == 2 and {row[1] for row in rows} == {"Refuted"}
    assert [row[1:] for row in work_by_day(told.store).rows] == [("Ida", 2)]
    said = said_when(told.store, told.ids)
    assert [row[0] for row in said.rows] == sorted(row[0] for row in said.rows) and said.rows
    with pytest.raises(ValueError, match="'colour'; choose one of outlet, speaker"):
        verdicts_by(told.store, "colour")


def test_a_speaker_who_contradicts_themselves_is_counted_once_a_pair(told):
    before = who_contradicts_whom(told.store).rows
    record_pair_judgement(told.store, (told.ids[1], told.ids[2]), "contradiction", "Ida")  # both Marit Oduya's
    (new,) = set(who_contradicts_whom(told.store).rows) - set(before)
    assert new == ("Marit Oduya", "Marit Oduya", 1, 1)


def test_unnamed_sources_of_two_outlets_are_two_in_the_figures(told):
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET speaker = 'officials'")
    names = {one[0] for one in who_contradicts_whom(told.store).rows}
    assert names and "officials" not in names and all(name.startswith("officials, ") for name in names)


def test_a_pair_that_was_set_aside_is_no_conflict_in_the_figures(told):
    row = conflicts(told.store).rows[0]
    record_pair_judgement(told.store, (row.a.claim_id, row.b.claim_id), "not_contradiction", "Ida")
    assert sum(one[2] for one in who_contradicts_whom(told.store).rows) == 2 * counts(told.store).conflicts


def test_no_figure_runs_as_a_formula(tmp_path):
    content = Figures(("name", "count"), (("=1+1", 3), ("plain", -2))).csv()
    (tmp_path / "figures.csv").write_bytes(content)
    table = pandas.read_csv(tmp_path / "figures.csv", encoding="utf-8-sig")
    assert list(table["name"]) == ["'=1+1", "plain"] and list(table["count"]) == [3, -2]
