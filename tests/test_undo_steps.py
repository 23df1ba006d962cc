"""A step taken by a slip of a key can be taken back: that a verdict is final, that a second review is asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests import story
from tests.test_desk_views import sign
from tests.test_views import opened, press, words
from workbench import milestones
from workbench.claimreview import claimreview_json
from workbench.errors import BadStep, ChangedMeanwhile, NotAllowed
from workbench.export import claims_csv
from workbench.gate import Gate
from workbench.log import log_page
from workbench.milestones import exception_of, step_to_take_back, to_take_back
from workbench.pair_judgements import record_pair_judgement
from workbench.people import Person
from workbench.queries import claim_detail
from workbench.restore import restore_verdicts
from workbench.review import (
    adjudicate,
    ask_second_review,
    assign,
    correct,
    finalise,
    hidden_from,
    retract,
    seen_again,
    take_back_step,
)
from workbench.settings import Settings
from workbench.store import Store
from workbench.verdicts import Opinion, record_verdict, withdraw_verdict

OPEN = Gate(rationale=False, sources=0)


@pytest.fixture
def told(tmp_path, monkeypatch) -> story.Told:
    """The story, with a verdict of Ida's on its first claim."""
    told = story.on_desk(tmp_path, monkeypatch)
    record_verdict(told.store, told.ids[0], "refuted", "Ida", "so")
    return told


def state(told) -> str:
    return claim_detail(told.store, told.ids[0]).status


def offered(told, who: str) -> str:
    return step_to_take_back(told.store, claim_detail(told.store, told.ids[0]), who)


def later(monkeypatch, minutes: int) -> None:
    time = (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat(timespec="microseconds")
    monkeypatch.setattr(milestones, "now", lambda: time)


@pytest.mark.parametrize("second", [False, True])
def test_a_verdict_just_made_final_is_where_it_was_and_nothing_is_gone_from_the_record(told, monkeypatch, second):
    claim = told.ids[0]
    if second:
        record_verdict(told.store, claim, "refuted", "Ben", "so, too")
    before = state(told)
    finalise(told.store, claim, "Kim", OPEN, "the court’s own record")
    record_pair_judgement(told.store, (claim, told.ids[4]), "contradiction", "Ida")
    assign(told.store, claim, "Ida", "Kim")
    assert [offered(told, who) for who in ("Kim", "Ida", "")] == ["final", "", ""]
    with pytest.raises(BadStep, match="Kim made the verdict final, and only they"):
        take_back_step(told.store, claim, "Ida")
    later(monkeypatch, 11)
    assert offered(told, "Kim") == ""
    with pytest.raises(BadStep, match="more than 10 minutes ago"):
        take_back_step(told.store, claim, "Kim")
    later(monkeypatch, 9)
    take_back_step(told.store, claim, "Kim")
    detail = claim_detail(told.store, claim)
    assert detail.status == before == ("second_review" if second else "in_review")
    assert b'ClaimReview"' not in claimreview_json(told.store, Settings()) and exception_of(told.store, detail) == ""
    back, out, *_ = log_page(told.store, claim_id=claim, what="status").rows
    assert (back.who, back.before, back.after) == ("Kim", "final", before)
    assert (out.who, out.before, out.after) == ("Kim", before, "final")
    assert log_page(told.store, claim_id=claim).rows[0].note == "not final after all"
    assert to_take_back(told.store, detail, "Ida") is not None  # it has never been out
    with pytest.raises(BadStep):
        take_back_step(told.store, claim, "Kim")
    finalise(told.store, claim, "Kim", OPEN)
    assert offered(told, "Kim") == "final"


def seen(told, claim: str) -> None:
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET look_again = 'a letter' WHERE id = ?", (claim,))
    seen_again(told.store, claim, "Ida")


def corrected_and_taken_back(told, claim: str) -> None:
    given = correct(told.store, claim, Opinion("supported", "Kim", "a letter"), "We erred.", OPEN)
    withdraw_verdict(told.store, given.id, "Kim")


@pytest.mark.parametrize("happens", [seen, corrected_and_taken_back])
def test_a_final_verdict_stays_where_something_happened_since(told, happens):
    finalise(told.store, told.ids[0], "Kim", OPEN)
    happens(told, told.ids[0])
    assert (state(told), offered(told, "Kim")) == ("final", "")
    with pytest.raises(BadStep, match="something else happened to the claim since"):
        take_back_step(told.store, told.ids[0], "Kim")


def test_a_decision_is_taken_back_itself_and_not_as_a_step(told):
    record_verdict(told.store, told.ids[0], "supported", "Ben")
    adjudicate(told.store, told.ids[0], Opinion("refuted", "Kim", "so"), OPEN)
    assert (state(told), offered(told, "Kim")) == ("final", "")


def test_a_note_for_readers_that_was_lifted_stands_again(told):
    claim = told.ids[0]
    finalise(told.store, claim, "Kim", OPEN)
    retract(told.store, claim, "Kim", "The letter is forged.")
    record_verdict(told.store, claim, "outdated", "Ida", "so")
    finalise(told.store, claim, "Kim", OPEN)
    assert claim_detail(told.store, claim).public_note == ""
    take_back_step(told.store, claim, "Kim")
    assert claim_detail(told.store, claim).public_note == "The letter is forged."
    assert log_page(told.store, claim_id=claim).rows[0].note == "not final after all"


def test_whoever_may_not_make_it_final_may_not_take_that_back(told):
    claim = told.ids[0]
    finalise(told.store, claim, "Kim", OPEN)
    with pytest.raises(NotAllowed):
        take_back_step(told.store.on_behalf_of(Person("Kim", "reviewer")), claim, "Kim")
    assert state(told) == "final"


def test_a_second_review_is_called_off_by_who_asked_while_nobody_gave_one(told):
    claim = told.ids[0]
    ask_second_review(told.store, claim, "Kim")
    assert [offered(told, who) for who in ("Kim", "Ida", "Ben")] == ["second_review", "", ""]
    with pytest.raises(BadStep, match="only who asked"):
        take_back_step(told.store, claim, "Ida")
    with pytest.raises(ChangedMeanwhile):
        take_back_step(told.store, claim, "Kim", expected=1)
    take_back_step(told.store, claim, "Kim", expected=2)
    assert state(told) == "in_review" and not hidden_from(claim_detail(told.store, claim), "Ben")
    assert log_page(told.store, claim_id=claim).rows[0].note == "no second review after all"
    finalise(told.store, claim, "Kim", OPEN)


def test_a_lone_reviewer_gets_out_of_a_second_review_asked_by_a_slip(told):
    """The same verdict, given anew, waited for its second review again, and could never be final."""
    claim = told.ids[0]
    ask_second_review(told.store, claim, "Ida")
    for _ in range(2):
        withdraw_verdict(told.store, claim_detail(told.store, claim).verdict.id, "Ida")
        record_verdict(told.store, claim, "refuted", "Ida")
        if state(told) == "second_review":
            take_back_step(told.store, claim, "Ida")
    assert state(told) == "in_review"
    finalise(told.store, claim, "Ida", OPEN)
    assert state(told) == "final"


def test_a_second_review_that_was_given_or_that_the_desk_wants_of_every_claim_stays(told):
    given, always = told.ids[0], told.ids[1]
    ask_second_review(told.store, given, "Ida")
    record_verdict(told.store, given, "refuted", "Ben")
    record_verdict(told.store, always, "refuted", "Ida", second_review=True)
    with pytest.raises(BadStep, match="was given by now"):
        take_back_step(told.store, given, "Ida")
    with pytest.raises(BadStep, match="only who asked"):
        take_back_step(told.store, always, "Ida")


def test_a_file_takes_along_that_a_second_review_is_not_wanted(told, tmp_path):
    claim, other = told.ids[0], Store(tmp_path / "other")
    ask_second_review(told.store, claim, "Ida")
    restore_verdicts(other, claims_csv(told.store), "Kim")
    assert step_to_take_back(other, claim_detail(other, claim), "Kim") == "second_review"
    take_back_step(told.store, claim, "Ida")
    restore_verdicts(other, claims_csv(told.store), "Kim", otherwise="file")
    assert claim_detail(other, claim).status == "in_review"
    record_verdict(other, claim, "supported", "Ida")
    assert claim_detail(other, claim).status == "in_review"


def test_the_key_for_undo_takes_back_the_step_before_the_verdict(told):
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    sign(app, "Ida")
    assert app.button(key=f"undo-{claim}-1").proto.shortcut == "u"
    press(app, f"second-{claim}-1")
    assert (app.button(key=f"unstep-{claim}-2").label, app.button(key=f"unstep-{claim}-2").proto.shortcut) == (
        "No second review after all", "u"
    )  # fmt: skip
    assert not app.button(key=f"undo-{claim}-1").proto.shortcut
    press(app, f"unstep-{claim}-2")
    assert state(told) == "in_review" and "No second review after all. Both steps stay" in words(app)
    app.text_input(key=f"exception-{claim}").set_value("the court’s own record").run()
    press(app, f"final-{claim}-3")
    assert "You can take that back for 10 minutes." in words(app)
    assert app.button(key=f"unstep-{claim}-4").label == "Not final after all"
    press(app, f"unstep-{claim}-4")
    assert state(told) == "in_review"
    assert app.text_input(key=f"exception-{claim}").value == "the court’s own record"


def test_a_verdict_given_after_the_question_is_what_the_key_takes_back(told):
    """A slip while the second review waits: the key called that off instead, and showed the first verdict to all."""
    claim = told.ids[0]
    ask_second_review(told.store, claim, "Ida")
    record_verdict(told.store, claim, "supported", "Ida")
    app = opened("claim", claim=claim)
    sign(app, "Ida")
    newest = claim_detail(told.store, claim).verdict.id
    assert app.button(key=f"undo-{claim}-{newest}").proto.shortcut == "u"
    assert not app.button(key=f"unstep-{claim}-3").proto.shortcut
    press(app, f"undo-{claim}-{newest}")
    assert state(told) == "second_review" and claim_detail(told.store, claim).verdict.verdict == "refuted"


def test_a_rule_of_the_desk_that_came_later_is_nobodys_step(told):
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida", second_review=True)
    assert state(told) == "second_review" and offered(told, "Ida") == ""
    with pytest.raises(BadStep, match="only who asked"):
        take_back_step(told.store, claim, "Ida")


def test_whoever_had_the_first_verdict_on_the_screen_judges_nothing_unseen(told):
    claim = told.ids[0]
    ask_second_review(told.store, claim, "Kim")
    take_back_step(told.store, claim, "Kim")
    ask_second_review(told.store, claim, "Ida")
    assert not record_verdict(told.store, claim, "refuted", "Kim").unseen
