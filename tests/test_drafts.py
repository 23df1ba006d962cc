"""What a person wrote stays: the name in the browser, and a rationale and ticks through a press that is refused."""

from __future__ import annotations

import pytest
import streamlit as st

from tests import story
from tests.test_views import begun, opened, press, words
from views import scripts
from workbench.histories import verdict_history
from workbench.verdicts import record_verdict


def test_a_name_is_chosen_once_and_kept_by_the_browser(told: story.Told, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[tuple[str, str]] = []
    monkeypatch.setattr(scripts, "_remember", lambda data, **_: kept.append((data["name"], data["value"])))
    app = opened("claim", claim=told.ids[0])
    app.text_input(key="reviewer").set_value(" Inès  Falk ").run()
    name, value = kept[-1]
    # The cookie as the browser sends it back, in another session that nobody typed a name into.
    monkeypatch.setattr(type(st.context), "cookies", {name: value})
    app = press(opened("claim", claim=told.ids[0]), f"verdict-refuted-{told.ids[0]}-0")
    assert app.text_input(key="reviewer").value == "Inès Falk"
    assert [row.reviewer for row in verdict_history(told.store, told.ids[0])] == ["Inès Falk"]


def test_rationale_and_ticks_outlive_a_press_that_came_too_late(told: story.Told) -> None:
    claim, other = told.ids[0], told.ids[4]
    app = begun(claim, other, "The union was there.")
    record_verdict(told.store, claim, "supported", "somebody else")
    press(app, f"verdict-refuted-{claim}-0")
    assert "Your words are kept." in words(app)
    press(app, f"verdict-refuted-{claim}-1")
    newest = verdict_history(told.store, claim)[0]
    assert (newest.verdict, newest.rationale, newest.evidence) == ("refuted", "The union was there.", (other,))
