"""On a desk without sign-in one person stays one, whatever capitals and blanks they write their name with."""

from __future__ import annotations

import pytest

from claims.article import Provenance
from tests import story
from tests.test_views import opened, press, words
from workbench.errors import BadStep, ReviewerMissing, WorkbenchError
from workbench.export import claims_csv
from workbench.gate import Gate, set_gate
from workbench.histories import verdict_history
from workbench.log import log_page, name_here, people
from workbench.pair_judgements import record_pair_judgement, withdraw_pair_judgement
from workbench.people import Person
from workbench.provenance import edit_provenance
from workbench.queries import claim_detail
from workbench.restore import restore_verdicts
from workbench.review import adjudicate, ask_second_review, assign, correct, finalise, retract, seen_again
from workbench.saved import forget_view, save_view
from workbench.speakers import name_speaker
from workbench.verdicts import Opinion, record_verdict, withdraw_verdict

OPEN = Gate(rationale=False, sources=0)
WRITTEN = " ida  BYRON"


@pytest.fixture
def told(tmp_path, monkeypatch) -> story.Told:
    """Ida Byron gave a first verdict."""
    told = story.on_desk(tmp_path, monkeypatch)
    record_verdict(told.store, told.ids[0], "refuted", "Ida Byron")
    return told


def test_nobody_is_their_own_second_reviewer_with_other_capitals(told: story.Told) -> None:
    ask_second_review(told.store, told.ids[0], "Ida Byron")
    record_verdict(told.store, told.ids[0], "refuted", WRITTEN)
    assert {row.reviewer for row in verdict_history(told.store, told.ids[0])} == {"Ida Byron"}
    with pytest.raises(BadStep, match="not done yet"):
        finalise(told.store, told.ids[0], "IDA BYRON", OPEN)
    record_verdict(told.store, told.ids[0], "supported", "Ben")
    with pytest.raises(BadStep, match="one of those who disagree"):
        adjudicate(told.store, told.ids[0], Opinion("refuted", WRITTEN), OPEN)


def test_everything_that_somebody_does_stands_under_the_name_they_have(told: story.Told) -> None:
    store, (claim, other, third, *_) = told.store, told.ids
    withdraw_verdict(store, verdict_history(store, claim)[0].id, WRITTEN)
    withdraw_pair_judgement(store, record_pair_judgement(store, (claim, other), "unclear", WRITTEN).id, WRITTEN)
    assign(store, claim, WRITTEN, WRITTEN)
    record_verdict(store, claim, "refuted", WRITTEN)
    finalise(store, claim, WRITTEN, OPEN)
    record_pair_judgement(store, (claim, told.ids[6]), "contradiction", WRITTEN)
    seen_again(store, claim, WRITTEN)
    record_pair_judgement(store, (claim, told.ids[8]), "contradiction", WRITTEN)
    correct(store, claim, Opinion("supported", WRITTEN), "We erred.", OPEN)
    retract(store, claim, WRITTEN, "We erred again.")
    for place, verdict in (("Kim", "refuted"), ("Ben", "supported")):
        record_verdict(store, third, verdict, place)
    adjudicate(store, third, Opinion("refuted", WRITTEN), OPEN)
    set_gate(store, Gate(sources=1), Gate(), WRITTEN)
    save_view(store, "mine", {}, WRITTEN)
    forget_view(store, "mine", WRITTEN)
    edit_provenance(store, story.NOTES.id, Provenance("Notes"), WRITTEN)
    name_speaker(store, "Marit Oduya", "M. Oduya", WRITTEN)
    assert people(store) == ("Ben", "Ida Byron", "Kim") and claim_detail(store, claim).assignee == "Ida Byron"
    done = {row.what for row in log_page(store, -1, who="Ida Byron").rows}
    assert done >= {
        "verdict", "verdict_taken_back", "judgement_taken_back", "pair_judgement", "assignment", "status", "seen_again",
        "correction", "adjudication", "gate", "view", "article", "speaker",
    }  # fmt: skip


def test_of_two_spellings_that_stand_each_goes_on_and_a_third_is_the_one_used_last(told: story.Told) -> None:
    as_signed_in = told.store.on_behalf_of(Person("ida byron", "editor"))
    record_verdict(as_signed_in, told.ids[1], "refuted", "ida byron")
    assert name_here(as_signed_in, "Ida Byron") == "Ida Byron"  # who is signed in has the name of the provider
    assert name_here(told.store, "IDA Byron") == "ida byron"
    record_verdict(told.store.on_behalf_of(Person("Ida Byron", "editor")), told.ids[2], "refuted", "Ida Byron")
    assert name_here(told.store, "IDA Byron") == "Ida Byron"
    # Two people may have such names: neither writes under the other's, nor is kept from what they said.
    assert name_here(told.store, "ida byron") == "ida byron"
    assert people(told.store) == ("Ida Byron", "ida byron")


def test_a_file_makes_nobody_the_second_reviewer_of_their_own_claim(told: story.Told, tmp_path) -> None:
    claim = told.ids[0]
    (tmp_path / "other").mkdir()
    other = story.tell(tmp_path / "other")
    record_verdict(other.store, claim, "refuted", "ida byron", "so it is")
    record_verdict(told.store, claim, "refuted", "Ida Byron", "for sure")
    ask_second_review(told.store, claim, "Ida Byron")
    restore_verdicts(told.store, claims_csv(other.store), "Kim", otherwise="file")
    assert {row.reviewer for row in claim_detail(told.store, claim).verdicts} == {"Ida Byron"}
    with pytest.raises(WorkbenchError):
        finalise(told.store, claim, "Kim", Gate(rationale=False, sources=0, second_review=True))


@pytest.mark.parametrize("name", ["Ida", "Ida Byrón", "IdaByron", "Ada Byron"])
def test_another_name_is_another_person(told: story.Told, name: str) -> None:
    assert name_here(told.store, f" {name} ") == name
    with pytest.raises(ReviewerMissing):
        name_here(told.store, " ")


def test_whoever_is_only_in_charge_of_a_claim_is_known_too(told: story.Told) -> None:
    assign(told.store, told.ids[1], "Kim  Roe", "Ida Byron")
    assert name_here(told.store, "kim roe") == "Kim Roe"


def test_the_screen_goes_on_under_the_name_that_the_desk_knows(told: story.Told) -> None:
    ask_second_review(told.store, told.ids[0], "Ida Byron")
    app = opened("claim", claim=told.ids[0])
    app.text_input(key="reviewer").set_value("ida byron").run()
    assert "Known here as Ida Byron" in " ".join(words(app).split())
    assert [one for one in app.button if one.label == "Take back your verdict"]
    app = opened("claim", claim=told.ids[1])
    app.text_input(key="reviewer").set_value("Kim").run()
    assert "Known here as" not in words(app)
    app.text_input(key="reviewer").set_value("IDA byron").run()
    press(app, f"verdict-refuted-{told.ids[1]}-0")
    assert verdict_history(told.store, told.ids[1])[0].reviewer == "Ida Byron"
