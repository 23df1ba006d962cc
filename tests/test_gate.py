"""What a verdict needs before it is final: set by an editor on the desk, kept in the log, asked for by the store."""

from __future__ import annotations

import pytest

from tests import story
from tests.test_views import opened, press, sign, words
from views import session
from workbench.errors import BadGate, BadStep, GateClosed, NotAllowed, ReviewerMissing
from workbench.gate import MOST_SOURCES, Gate, gate_of, set_gate
from workbench.log import log_page
from workbench.people import Person
from workbench.queries import claim_detail
from workbench.review import correct, finalise, missing
from workbench.verdicts import Opinion, record_verdict

SETTINGS = Gate(rationale=True, sources=2)
OPEN = Gate(rationale=False, sources=0)


def test_what_an_editor_set_goes_before_the_settings(told: story.Told) -> None:
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida")
    assert gate_of(told.store, SETTINGS) == SETTINGS
    assert [lack.split(" as ")[0] for lack in missing(told.store, claim, SETTINGS)] == [
        "a rationale",
        "2 independent sources",
    ]
    set_gate(told.store, Gate(rationale=False, sources=1), SETTINGS, "Kim")
    assert [lack.split(" as ")[0] for lack in missing(told.store, claim, SETTINGS)] == ["1 independent sources"]
    with pytest.raises(GateClosed, match="1 independent sources"):
        finalise(told.store, claim, "Ida", OPEN)  # whatever a screen of before holds
    set_gate(told.store, OPEN, SETTINGS, "Kim")
    finalise(told.store, claim, "Ida", SETTINGS)
    assert claim_detail(told.store, claim).status == "final"


def test_the_rationale_of_a_correction_is_the_gates_too(told: story.Told) -> None:
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida")
    finalise(told.store, claim, "Ida", OPEN)
    set_gate(told.store, SETTINGS, OPEN, "Kim")
    with pytest.raises(GateClosed, match="needs a rationale"):
        correct(told.store, claim, Opinion("supported", "Ida"), "We erred.", OPEN)
    set_gate(told.store, OPEN, SETTINGS, "Kim")
    assert correct(told.store, claim, Opinion("supported", "Ida"), "We erred.", SETTINGS).verdict == "supported"


def test_the_log_tells_who_set_it_from_what_to_what(told: story.Told) -> None:
    set_gate(told.store, Gate(rationale=False, sources=1, second_review=True), SETTINGS, " Kim ")
    set_gate(told.store, Gate(rationale=False, sources=1, second_review=True), SETTINGS, "Ben")  # changes nothing
    set_gate(told.store, OPEN, SETTINGS, "Kim")
    assert [(row.who, row.before, row.after) for row in log_page(told.store, what="gate").rows] == [
        ("Kim", "1 independent source, a second reviewer’s verdict", "nothing"),
        ("Kim", "a rationale, 2 independent sources", "1 independent source, a second reviewer’s verdict"),
    ]


def test_one_like_that_of_the_settings_follows_them_again(told: story.Told) -> None:
    set_gate(told.store, OPEN, SETTINGS, "Kim")
    set_gate(told.store, SETTINGS, SETTINGS, "Kim")
    other = Gate(sources=5)
    assert gate_of(told.store, other) == other


@pytest.mark.parametrize("sources", [-1, MOST_SOURCES + 1])
def test_a_gate_that_can_not_be_is_refused_by_number(told: story.Told, sources: int) -> None:
    with pytest.raises(BadGate, match=f"{sources} independent sources; choose a whole number from 0 to"):
        set_gate(told.store, Gate(sources=sources), SETTINGS, "Kim")
    assert gate_of(told.store, SETTINGS) == SETTINGS


def test_only_an_editor_sets_it(told: story.Told) -> None:
    with pytest.raises(ReviewerMissing):
        set_gate(told.store, OPEN, SETTINGS, " ")
    with pytest.raises(NotAllowed):
        set_gate(told.store.on_behalf_of(Person("Ben", "reviewer")), OPEN, SETTINGS, "Ben")
    set_gate(told.store.on_behalf_of(Person("Kim", "editor")), OPEN, SETTINGS, "Kim")
    assert gate_of(told.store, SETTINGS) == OPEN


def test_it_is_set_on_the_desk_and_asked_for_on_the_claim(told: story.Told) -> None:
    claim = told.ids[0]
    app = opened("desk")
    press(app, "gate-set-1-2-0")
    assert "Write yours in the Reviewer field" in words(app)
    assert not [one for tab in app.tabs for one in tab.text_input if one.key == "reviewer"]  # of one, only that tab's
    sign(app)
    assert app.number_input(key="gate-sources-1-2-0").value == 2
    app.checkbox(key="gate-rationale-1-2-0").uncheck()
    app.number_input(key="gate-sources-1-2-0").set_value(0)
    press(app, "gate-set-1-2-0")
    assert gate_of(told.store, SETTINGS) == OPEN
    assert "A final verdict needs: nothing." in words(app)
    assert app.number_input(key="gate-sources-0-0-0").value == 0
    record_verdict(told.store, claim, "refuted", "Ines Falk")
    app = opened("claim", claim=claim)
    sign(app)
    press(app, f"final-{claim}-1")
    assert claim_detail(told.store, claim).status == "final"
    assert "Another one is a correction, with a note for readers" in words(app)


def test_whoever_may_not_set_it_sees_it_and_why(told: story.Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "person", lambda: Person("Ben", "reviewer"))
    app = opened("desk")
    assert app.number_input(key="gate-sources-1-2-0").disabled
    assert app.button(key="gate-set-1-2-0").disabled
    assert "needs the role editor" in words(app)


def test_a_final_verdict_stays_final_under_a_stricter_gate(told: story.Told) -> None:
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida")
    finalise(told.store, claim, "Ida", OPEN)
    set_gate(told.store, Gate(second_review=True), OPEN, "Kim")
    assert claim_detail(told.store, claim).status == "final"
    with pytest.raises(BadStep):
        finalise(told.store, claim, "Ida", OPEN)
