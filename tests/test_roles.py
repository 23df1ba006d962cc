"""What the screen offers to whom on a desk with sign-in, and that what is refused is said in a sentence."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests import story
from tests.test_views import opened, press, words
from views import session
from workbench.errors import NotAllowed, SignInMissing, StoreLocked
from workbench.gate import Gate
from workbench.histories import verdict_history
from workbench.people import Person
from workbench.queries import claim_detail
from workbench.review import assign, finalise
from workbench.saved import save_view, saved_views
from workbench.verdicts import record_verdict

ME = "Ines Falk"


def come_in(monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    """Whoever looks is signed in with this role."""
    monkeypatch.setattr(session, "person", lambda: Person(ME, role))


def named(app: AppTest, beginning: str) -> list[str]:
    """The buttons and boxes whose keys begin so."""
    every = [*app.button, *app.checkbox, *app.selectbox]
    return [one.key for one in every if one.key and one.key.startswith(beginning)]


def disputed(told: story.Told) -> str:
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida", "a", addresses=["https://a.example/1"])
    record_verdict(told.store, claim, "supported", "Ben", "b", addresses=["https://b.example/1"])
    return claim


class Somebody(dict):
    """What the identity provider says of whoever looks."""

    is_logged_in = True


def test_the_settings_say_whether_an_address_counts_of_which_nobody_says_that_it_was_checked(told, monkeypatch) -> None:
    monkeypatch.setattr(st, "user", Somebody(email="ines@desk.example", name="Ines"))
    own = told.store.folder / "settings.toml"
    own.write_text("[people]\nsign_in = true\n")
    with pytest.raises(SignInMissing, match="trust_addresses = true"):
        session.person()
    st.cache_resource.clear()
    own.write_text('[people]\nsign_in = true\ntrust_addresses = true\n[people.roles]\n"Ines@desk.example" = "editor"\n')
    assert session.person() == Person("Ines (ines@desk.example)", "editor")


def test_whoever_a_desk_does_not_let_in_sees_a_sentence_and_the_way_out_alone(told, monkeypatch) -> None:
    known = Somebody(email="mallory@evil.example", email_verified=True, name="Mallory")
    gone: list[dict] = []
    monkeypatch.setattr(st, "user", known)
    monkeypatch.setattr(st, "logout", lambda: gone.append(known))
    roles = 'default_role = "none"\n[people.roles]\n"ines@desk.example" = "reader"\n'
    (told.store.folder / "settings.toml").write_text(f"[people]\nsign_in = true\n{roles}")
    for app in (opened(), opened("claim", claim=told.ids[0])):
        said = "mallory@evil.example is not among those whom this desk lets in; ask your administrator."
        assert words(app).strip().startswith(f"You can’t come in: {said}") and "bridge" not in words(app)
        assert [one.label for one in app.button] == ["Sign out"]
    press(app, "sign-out")
    assert gone == [known]
    with pytest.raises(SignInMissing):
        session.store()
    known["email"] = "Ines@desk.example"
    assert session.person() == Person("Mallory (Ines@desk.example)", "reader")
    assert "bridge" in words(opened())


def test_a_reader_is_offered_nothing_that_the_store_would_refuse(told: story.Told, monkeypatch) -> None:
    come_in(monkeypatch, "reader")
    claim = disputed(told)
    app = opened("claim", claim=claim)
    shown = words(app)
    assert "You are signed in as reader: to judge claims needs the role reviewer." in shown
    assert "Your verdict decides" not in shown and "The reviewers disagree" in shown
    assert named(app, "first-") == [f"first-O-{claim}"]
    press(app, f"choose-J-{claim}")
    for beginning in ("verdict-", "evidence-", "assignee-", "take-", "final-", "say-", "tick-", "judge-"):
        assert named(app, beginning) == [], beginning
    assert named(app, "go-key-")  # looking is free
    assert "needs the role reviewer" in words(opened("articles")) and not named(opened("articles"), "edit-")
    assert not named(opened("speakers"), "name-")
    assert "needs the role admin" in words(opened("desk"))


def test_a_reviewer_adds_an_opinion_to_a_dispute_that_an_editor_decides(told: story.Told, monkeypatch) -> None:
    claim = disputed(told)
    come_in(monkeypatch, "reviewer")
    app = opened("claim", claim=claim)
    assert "Your verdict decides" not in words(app)
    press(app, f"verdict-supported-{claim}-2")
    assert verdict_history(told.store, claim)[0].reviewer == ME
    assert claim_detail(told.store, claim).status == "disputed"


def test_an_editor_is_told_that_their_verdict_decides(told: story.Told, monkeypatch) -> None:
    claim = disputed(told)
    come_in(monkeypatch, "editor")
    assert "Your verdict decides" in words(opened("claim", claim=claim))


def test_a_reviewer_is_not_offered_to_correct_or_finish(told: story.Told, monkeypatch) -> None:
    final, open_claim = told.ids[0], told.ids[1]
    record_verdict(told.store, final, "refuted", "Ida")
    finalise(told.store, final, "Kim", Gate(False, 0))
    record_verdict(told.store, open_claim, "refuted", "Ida")
    come_in(monkeypatch, "reviewer")
    app = opened("claim", claim=final)
    assert "an editor can correct it" in words(app)
    assert named(app, "verdict-") == named(app, "retract-") == []
    app = opened("claim", claim=open_claim)
    assert app.button(key=f"final-{open_claim}-1").disabled and named(app, "verdict-")


def test_a_reviewer_takes_a_claim_that_is_nobodys_and_leaves_it_again(told: story.Told, monkeypatch) -> None:
    claim, kims = told.ids[0], told.ids[1]
    assign(told.store, kims, "Kim", "Kim")
    come_in(monkeypatch, "reviewer")
    app = opened("claim", claim=claim)
    press(app, f"take-{claim}-")
    assert claim_detail(told.store, claim).assignee == ME
    press(app, f"leave-{claim}")
    assert claim_detail(told.store, claim).assignee == ""
    assert named(opened("claim", claim=kims), "take-") == []


@pytest.mark.parametrize("role", ["reviewer", "editor", "admin"])
def test_whoever_may_judge_has_all_keys_of_the_claim_page(told: story.Told, monkeypatch, role: str) -> None:
    come_in(monkeypatch, role)
    app = opened("claim", claim=told.ids[0])
    assert len(named(app, "verdict-")) == 10 and named(app, "evidence-")


def refuse(*_: object, **__: object) -> None:
    raise NotAllowed("Ines Falk is signed in as reader and may not do this")


def test_a_view_that_may_not_be_dropped_says_so(told: story.Told, monkeypatch) -> None:
    save_view(told.store, "mine", {}, "Ida")
    come_in(monkeypatch, "reader")
    app = opened()
    app.selectbox(key="saved-view").set_value("mine").run()
    press(app, "drop-view")
    assert "may not judge claims" in words(app) and "mine" in saved_views(told.store)


def test_addresses_that_are_refused_stay_in_their_field(told: story.Told, monkeypatch) -> None:
    monkeypatch.setattr(session, "start_ingest", refuse)
    app = opened("articles")
    app.text_area(key="web-addresses").set_value("https://a.example/1")
    next(one for one in app.button if one.label == "Read these pages").click().run()
    assert not app.exception and "may not do this" in words(app)
    assert app.text_area(key="web-addresses").value == "https://a.example/1"


def test_a_reading_that_may_not_go_on_says_so(told: story.Told, monkeypatch) -> None:
    monkeypatch.setattr(session, "start_ingest", refuse)
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET related_by = NULL")
    app = opened()
    press(app, "go-on")
    assert "may not do this" in words(app)


def test_a_claim_that_goes_away_while_it_is_judged_is_said_in_a_sentence(told: story.Told) -> None:
    claim = told.ids[8]
    app = opened("claim", claim=claim)
    app.text_input(key="reviewer").set_value(ME).run()
    with told.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM relations")
        connection.exec_driver_sql("DELETE FROM claims WHERE id = ?", (claim,))
    press(app, f"verdict-refuted-{claim}-0")
    assert "not in the workspace" in words(app)


def test_a_part_of_a_page_says_what_goes_wrong_when_it_is_drawn_alone(monkeypatch) -> None:
    said = []
    monkeypatch.setattr(session.markup, "notice", lambda kind, text: said.append((kind, text)))

    def draw() -> None:
        raise StoreLocked("the file is held by another program")

    session.plainly(draw)()
    assert said == [("bad", "The file is held by another program.")]
