"""On a desk with a scale of its own, claims are found, counted and compared in that scale's words."""

from __future__ import annotations

import pytest

from tests import story
from tests.older import database_at
from tests.test_export import frame
from views.pictures import COLOURS, verdict_colours
from views.verdict_cards import dispute_words, state_line
from workbench.agreement import agreement
from workbench.errors import BadStep, ImportUndecided
from workbench.export import claims_csv
from workbench.figures import by_status, verdicts_by
from workbench.gate import Gate
from workbench.log import log_page
from workbench.queries import ClaimFilter, claim_detail, claim_page, facets
from workbench.restore import restore_verdicts
from workbench.review import adjudicate, finalise
from workbench.scales import SCALES, verdict_key
from workbench.store import Store
from workbench.verdicts import Opinion, record_verdict, withdraw_verdict

POLITIFACT = SCALES["politifact"]


@pytest.fixture
def told(tmp_path) -> story.Told:
    """Two verdicts that stand for "refuted" in two words, and one in the standard words."""
    told = story.tell(tmp_path)
    for at, label in enumerate(("False", "Pants on Fire", "")):
        record_verdict(told.store, told.ids[at], "refuted", "Ida", label=label)
    return told


def test_the_filter_offers_the_words_of_the_scale_and_what_was_given_besides(told):
    offered = {one.label: one.count for one in facets(told.store, "Ben", POLITIFACT).verdicts}
    assert offered == {
        "No verdict yet": len(told.ids) - 3, "True": 0, "Mostly True": 0, "Half True": 0, "Mostly False": 0,
        "False": 1, "Pants on Fire": 1, "Refuted": 1,
    }  # fmt: skip


def test_each_option_finds_what_it_counts(told):
    for one in facets(told.store, "Ben", POLITIFACT).verdicts:
        found = claim_page(told.store, ClaimFilter(verdict=one.value, seen_by="Ben"))
        assert found.total == one.count, one.label
    (row,) = claim_page(told.store, ClaimFilter(verdict=verdict_key("refuted", "Pants on Fire"))).rows
    assert row.label == "Pants on Fire"


def test_a_verdict_that_is_kept_back_adds_no_words_to_the_filter(told):
    record_verdict(told.store, told.ids[4], "outdated", "Ida", label="Stale", second_review=True)
    labels = [{one.label for one in facets(told.store, who, POLITIFACT).verdicts} for who in ("Ben", "Ida")]
    assert ["Stale" in found for found in labels] == [False, True]


def test_figures_by_speaker_speak_the_outlets_words_and_name_the_standard_ones(told):
    rows = verdicts_by(told.store, "speaker").rows
    assert {(words, count, standard) for _, words, count, standard in rows} == {
        ("False", 1, "Refuted"),
        ("Pants on Fire", 1, "Refuted"),
        ("Refuted", 1, "Refuted"),
    }


def test_verdicts_that_stand_for_one_standard_verdict_have_colours_of_their_own():
    found = verdict_colours([("Pants on Fire", "Refuted"), ("True", "Supported"), ("False", "Refuted")])
    assert list(found) == ["True", "False", "Pants on Fire"]
    assert (found["True"], found["False"]) == (COLOURS[0], COLOURS[4])
    assert len(set(found.values())) == 3


def say(told, *given: tuple[str, str, str], at: int = 4) -> str:
    """Lets Ida, Ben and so on say a verdict, in words, for a reason; returns the claim's id."""
    for who, (verdict, label, rationale) in zip(("Ida", "Ben", "Kim"), given, strict=False):
        record_verdict(told.store, told.ids[at], verdict, who, rationale, label=label)
    return told.ids[at]


def standing_of(store: Store, claim: str) -> tuple[str, str, bool]:
    """Status and column `agreement` of a claim, and whether the list says that its reviewers agree."""
    row = frame(claims_csv(store)).set_index("claim_id").loc[claim]
    agreed = claim_page(store, ClaimFilter(status="agreed")).rows
    return row["status"], row["agreement"], claim in {one.id for one in agreed}


MIXTURE, MISCAPTIONED = ("misleading", "Mixture", ""), ("misleading", "Miscaptioned", "")
RAISED, NEVER = ("conclusion", "", "The toll was raised."), ("conclusion", "", "The toll was never raised.")


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (MIXTURE, MISCAPTIONED, ("disputed", "no", False)),
        (MIXTURE, MIXTURE, ("second_review", "yes", True)),
        (("refuted", "Refuted", ""), ("refuted", "", ""), ("second_review", "yes", True)),
        (RAISED, NEVER, ("disputed", "not comparable", False)),
        (RAISED, ("refuted", "", ""), ("disputed", "not comparable", False)),
        (RAISED, ("conclusion", "", "The toll  was raised.\n"), ("second_review", "yes", True)),
    ],
)
def test_reviewers_agree_only_in_the_same_words_on_the_screen_and_in_the_file(told, one, other, found):
    claim = say(told, one, other)
    assert standing_of(told.store, claim) == found
    assert ("Reviewers agree" in str(state_line(claim_detail(told.store, claim)))) is found[2]
    assert dict(by_status(told.store).rows)["Disputed"] == (not found[2])
    if not found[2]:
        with pytest.raises(BadStep, match="somebody else must decide first"):
            finalise(told.store, claim, "Kim", Gate(rationale=False, sources=0))


def test_coefficients_compare_the_words_of_the_outlet(told):
    for at, other in ((4, MISCAPTIONED), (5, MIXTURE), (6, MISCAPTIONED)):
        say(told, MISCAPTIONED if at == 6 else MIXTURE, other, at=at)
    found = agreement(told.store)
    (pair,) = found.pairs
    assert (found.claims, pair.same) == (3, pytest.approx(2 / 3))
    assert all(figure is not None and figure < 0.5 for figure in (pair.kappa, found.alpha, found.fleiss))


def test_a_dispute_of_conclusions_is_decided_or_one_takes_theirs_back_or_takes_over_the_others_words(told):
    decided, taken, given_way = (say(told, RAISED, NEVER, at=at) for at in (4, 5, 6))
    words = dispute_words(claim_detail(told.store, decided), decides=False)
    assert "disagree" not in words and "gives way with the words of the other" in words
    adjudicate(told.store, decided, Opinion("conclusion", "Kim", "It rose by a tenth."), Gate(sources=0))
    assert standing_of(told.store, decided) == ("final", "not comparable", False)
    withdraw_verdict(told.store, claim_detail(told.store, taken).verdict.id, "Ben")
    assert standing_of(told.store, taken)[0] == "in_review"
    record_verdict(told.store, given_way, "conclusion", "Ben", RAISED[2])
    assert standing_of(told.store, given_way) == ("second_review", "yes", True)


@pytest.mark.parametrize("given", [(MIXTURE, MISCAPTIONED), (RAISED, NEVER)])
def test_an_older_workspace_and_an_older_file_learn_that_the_reviewers_words_differ(told, tmp_path, given):
    claim, same = say(told, *given), say(told, MIXTURE, MIXTURE, at=5)
    with told.store.writing() as connection:  # as earlier versions left it
        connection.exec_driver_sql("UPDATE claims SET status = 'second_review' WHERE id = ?", (claim,))
    database_at(tmp_path / "old", "0024", told.store, ("articles", "claims", "verdicts", "log"))
    older = Store(tmp_path / "old")
    assert [claim_detail(older, one).status for one in (claim, same)] == ["disputed", "second_review"]
    assert log_page(older, claim_id=claim).rows[0].after == "disputed"
    fresh = Store(tmp_path / "fresh")
    restore_verdicts(fresh, claims_csv(told.store), "Kim")
    assert standing_of(fresh, claim) == standing_of(older, claim)
    assert standing_of(fresh, claim)[0] == "disputed"
    assert restore_verdicts(older, claims_csv(told.store), "Kim").restored == 0  # and asks nothing


def test_two_desks_with_different_conclusions_are_a_question(told, tmp_path):
    other, claim = Store(tmp_path / "other"), say(told, RAISED)
    restore_verdicts(other, claims_csv(told.store), "Kim")
    record_verdict(told.store, claim, "conclusion", "Ben", NEVER[2])
    record_verdict(other, claim, "conclusion", "Zoe", "It is not known.")
    with pytest.raises(ImportUndecided) as raised:
        restore_verdicts(other, claims_csv(told.store), "Kim")
    (question,) = raised.value.questions
    assert "as a dispute, which a third person decides" in question.outcome
