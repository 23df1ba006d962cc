"""A note on what one says of a pair: written before the judgement or after it, kept with it, shown and exported."""

from __future__ import annotations

from tests import story
from tests.test_views import opened, press, sign, words
from views import key_help
from views.drafts import note_key
from workbench.export import pairs_csv
from workbench.log import log_page
from workbench.pair_judgements import pair_history, record_pair_judgement


def test_a_note_on_the_chosen_statement_is_kept_with_the_judgement(told: story.Told) -> None:
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    sign(app)
    press(app, f"choose-J-{claim}")
    other = app.session_state[f"chosen-{claim}"]
    app.text_input(key=note_key((claim, other))).set_value("=dates differ").run()
    press(app, f"say-not_contradiction-{claim}-{other}-0")
    (given,) = pair_history(told.store, (claim, other))
    assert (given.judgement, given.note) == ("not_contradiction", "=dates differ")
    assert "=dates differ" in words(app) and app.text_input(key=note_key((claim, other))).value == ""
    assert b"'=dates differ" in pairs_csv(told.store) and log_page(told.store).rows[0].note == "=dates differ"


def test_a_note_is_added_to_a_judgement_that_stands(told: story.Told) -> None:
    claim, other = told.ids[0], told.ids[4]
    first = record_pair_judgement(told.store, (claim, other), "contradiction", "Ines Falk")
    app = opened("claim", claim=claim)
    sign(app)
    press(app, f"add-note-{claim}-{other}-{first.id}")
    assert "There is no note yet" in words(app) and len(pair_history(told.store, (claim, other))) == 1
    app.text_input(key=note_key((other, claim))).set_value("both speak of March").run()
    press(app, f"add-note-{claim}-{other}-{first.id}")
    assert [(row.judgement, row.note) for row in pair_history(told.store, (claim, other))] == [
        ("contradiction", "both speak of March"),
        ("contradiction", ""),
    ]


def test_only_pairs_that_one_judged_or_chose_ask_for_a_note(told: story.Told) -> None:
    record_pair_judgement(told.store, (told.ids[0], told.ids[4]), "contradiction", "Ben")
    app = opened("claim", claim=told.ids[0])
    sign(app)
    assert not [one for one in app.text_input if str(one.key).startswith(note_key(("", ""))[:-1])]
    assert key_help.FIELDS["t"] == ("note-of-chosen-",)
