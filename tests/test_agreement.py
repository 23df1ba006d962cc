"""How far people agree, with each other and with the machine; and the figures behind the pictures."""

from __future__ import annotations

import pandas
import pytest

from tests import story
from workbench.agreement import agreement, overruled, ratings
from workbench.figures import Figures, by_status, over_time, said_when, verdicts_by, who_contradicts_whom, work_by_day
from workbench.pairs import conflicts
from workbench.queries import counts
from workbench.review import Gate, adjudicate
from workbench.verdicts import Opinion, record_pair_judgement, record_verdict, withdraw_verdict

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
    assert ratings(told.store) == {told.ids[0]: {"Ida": "refuted", "Ben": "supported"}}


def test_a_machine_that_is_overruled_is_counted_by_strength(told):
    pairs = conflicts(told.store).rows
    for row, said in zip(pairs, ["not_contradiction", "contradiction", "same_claim"], strict=False):
        record_pair_judgement(told.store, (row.a.claim_id, row.b.claim_id), said, "Ida")
    record_pair_judgement(told.store, (pairs[3].a.claim_id, pairs[3].b.claim_id), "unclear", "Ida")
    found = overruled(told.store)
    assert all(one.called and one.model == "model-of-the-tests" and one.settings == "by hand" for one in found)
    assert sum(one.judged for one in found) == 3 and sum(one.overruled for one in found) == 2
    assert all(one.low <= one.share * 0 + one.low < one.high for one in found)
    # A later judgement of the same pair takes the place of the first.
    record_pair_judgement(told.store, (pairs[0].a.claim_id, pairs[0].b.claim_id), "contradiction", "Ben")
    assert sum(one.overruled for one in overruled(told.store)) == 1


def test_the_figures_add_up_to_what_the_store_holds(told):
    both = who_contradicts_whom(told.store).rows
    assert sum(row[2] for row in both) == 2 * counts(told.store).conflicts
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


def test_a_pair_that_was_set_aside_is_no_conflict_in_the_figures(told):
    row = conflicts(told.store).rows[0]
    record_pair_judgement(told.store, (row.a.claim_id, row.b.claim_id), "not_contradiction", "Ida")
    assert sum(one[2] for one in who_contradicts_whom(told.store).rows) == 2 * counts(told.store).conflicts


def test_no_figure_runs_as_a_formula(tmp_path):
    content = Figures(("name", "count"), (("=1+1", 3), ("plain", -2))).csv()
    (tmp_path / "figures.csv").write_bytes(content)
    table = pandas.read_csv(tmp_path / "figures.csv", encoding="utf-8-sig")
    assert list(table["name"]) == ["'=1+1", "plain"] and list(table["count"]) == [3, -2]
