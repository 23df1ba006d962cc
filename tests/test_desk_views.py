"""The review desk on the screen: steps to a final verdict, what is hidden from whom, scales, keys, desk and log."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import streamlit as st
from streamlit.testing.v1 import AppTest

from tests import story
from tests.test_views import markup_of, opened, press, words
from views import arming
from workbench import agreement, figures
from workbench.export import claims_csv, pairs_csv
from workbench.gate import Gate
from workbench.histories import verdict_history
from workbench.log import log_page
from workbench.pair_judgements import pair_history, record_pair_judgement
from workbench.pairs import conflicts
from workbench.queries import claim_detail
from workbench.review import as_seen_by, ask_second_review, assign, finalise, retract
from workbench.verdicts import record_verdict, withdraw_verdict

ROOT = Path(__file__).parent.parent
TABS = ("Work", "Agreement", "Collection")


def sign(app: AppTest, name: str = "Ines Falk") -> None:
    app.text_input(key="reviewer").set_value(name).run()


def settings(told: story.Told, text: str) -> None:
    (told.store.folder / "settings.toml").write_text(text, encoding="utf-8")
    st.cache_resource.clear()


def on_tab(app: AppTest, name: str) -> AppTest:
    """The desk with this tab open; "" is a page without tabs."""
    if name:
        app.session_state["desk-tab"] = name
    assert not app.run().exception
    return app


def keys(app: AppTest) -> set[str]:
    return {button.key for button in app.button}


def test_a_verdict_goes_to_final_through_the_gate(told: story.Told) -> None:
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    sign(app)
    app.text_area(key=f"rationale-{claim}").set_value("The file says so.").run()
    app.text_area(key=f"addresses-{claim}").set_value("https://a.example/1\nhttps://b.example/2").run()
    press(app, f"verdict-refuted-{claim}-0")
    assert claim_detail(told.store, claim).status == "in_review"
    assert verdict_history(told.store, claim)[0].addresses == ("https://a.example/1", "https://b.example/2")
    press(app, f"final-{claim}-1")
    assert claim_detail(told.store, claim).status == "final"
    assert "Another one is a correction" in words(app)
    press(app, f"verdict-supported-{claim}-2")
    assert "note for the public" in words(app) and claim_detail(told.store, claim).status == "final"
    app.text_area(key=f"public-note-{claim}").set_value("We were wrong.").run()
    press(app, f"verdict-supported-{claim}-2")
    assert "A correction needs a rationale, too" in words(app)
    app.text_area(key=f"rationale-{claim}").set_value("A letter came.").run()
    press(app, f"verdict-supported-{claim}-2")
    assert "Press again to correct" in words(app) and claim_detail(told.store, claim).status == "final"
    press(app, f"verdict-supported-{claim}-2")
    assert claim_detail(told.store, claim).status == "corrected"
    assert "Note for readers: We were wrong." in words(app)
    app.text_area(key=f"public-note-{claim}").set_value("Altogether.").run()
    press(app, f"retract-{claim}-3")
    assert claim_detail(told.store, claim).status == "withdrawn"


def test_the_gate_says_what_is_missing_and_takes_an_exception(told: story.Told) -> None:
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ines Falk", "so")
    app = opened("claim", claim=claim)
    sign(app)
    assert "2 independent sources" in words(app)
    press(app, f"final-{claim}-1")
    assert claim_detail(told.store, claim).status == "in_review" and "Not final yet" in words(app)
    app.text_input(key=f"exception-{claim}").set_value("the court’s own record").run()
    press(app, f"final-{claim}-1")
    assert claim_detail(told.store, claim).status == "final"


def test_the_second_reviewer_does_not_see_the_first_verdict(told: story.Told) -> None:
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida Lund", "secret reasons")
    app = opened("claim", claim=claim)
    sign(app, "Ida Lund")
    press(app, f"second-{claim}-1")
    assert "secret reasons" in words(app)

    app = opened("claim", claim=claim)
    sign(app)
    assert "the first verdict is hidden" in words(app) and "secret reasons" not in words(app)
    assert app.button(key=f"verdict-refuted-{claim}-2").proto.type == "secondary"
    assert "Refuted" not in words(opened())
    press(app, f"verdict-supported-{claim}-2")
    assert "secret reasons" in words(app) and claim_detail(told.store, claim).status == "disputed"


def test_a_third_person_decides_a_dispute(told: story.Told) -> None:
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida", "a", addresses=["https://a.example/1"])
    record_verdict(told.store, claim, "supported", "Ben", "b", addresses=["https://b.example/1"])
    app = opened("desk")
    assert claim_detail(told.store, claim).claim.text in words(app)
    app = opened("claim", claim=claim)
    sign(app)
    assert "Your verdict decides" in words(app)
    app.text_area(key=f"rationale-{claim}").set_value("Ben read the newer file.").run()
    for key in ("outdated", "supported"):
        press(app, f"verdict-{key}-{claim}-2")
        assert "Press again to decide" in words(app) and claim_detail(told.store, claim).status == "disputed"
    press(app, f"verdict-supported-{claim}-2")
    assert claim_detail(told.store, claim).status == "final"
    assert [row.step for row in verdict_history(told.store, claim)] == ["adjudication", "second_review", "review"]
    assert "You can take it back for 10 minutes." in words(app)
    given = verdict_history(told.store, claim)[0]
    assert app.button(key=f"undo-{claim}-{given.id}").label == "Take back your decision"
    press(app, f"undo-{claim}-{given.id}")
    assert claim_detail(told.store, claim).status == "disputed" and "Your verdict decides" in words(app)
    assert app.text_area(key=f"rationale-{claim}").value == "Ben read the newer file."


def test_a_verdict_armed_long_ago_takes_two_presses_again(told: story.Told, monkeypatch) -> None:
    claim = told.ids[0]
    for who, verdict in (("Ida", "refuted"), ("Ben", "supported")):
        record_verdict(told.store, claim, verdict, who, "so", addresses=[f"https://{who}.example/1"])
    app = opened("claim", claim=claim)
    sign(app)
    app.text_area(key=f"rationale-{claim}").set_value("The newer file.").run()
    press(app, f"verdict-supported-{claim}-2")
    monkeypatch.setattr(arming, "SECONDS", 0.0)
    press(app, f"verdict-supported-{claim}-2")
    assert claim_detail(told.store, claim).status == "disputed"
    monkeypatch.setattr(arming, "SECONDS", 600.0)
    press(app, f"verdict-supported-{claim}-2")
    assert claim_detail(told.store, claim).status == "final"


def test_a_withdrawn_verdict_is_not_offered_to_be_taken_back(told: story.Told) -> None:
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ines Falk")
    finalise(told.store, claim, "Ines Falk", Gate(rationale=False, sources=0))
    retract(told.store, claim, "Kim", "A forged letter.")
    app = opened("claim", claim=claim)
    sign(app)
    assert "Another one opens the claim again" in words(app) and "A forged letter." in words(app)
    assert not [key for key in keys(app) if str(key).startswith("undo-")]


def test_a_step_clears_only_the_drafts_that_it_stored(told: story.Told) -> None:
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ines Falk", "so")
    app = opened("claim", claim=claim)
    sign(app)
    app.text_input(key=f"exception-{claim}").set_value("the court’s own record").run()
    app.text_area(key=f"rationale-{claim}").set_value("The file says so.").run()
    press(app, f"verdict-outdated-{claim}-1")
    assert app.text_area(key=f"rationale-{claim}").value == ""
    assert app.text_input(key=f"exception-{claim}").value == "the court’s own record"
    press(app, f"final-{claim}-2")
    assert app.session_state[f"exception-{claim}"] == ""
    assert "Final though it has fewer sources: the court’s own record" in words(app)


def test_of_two_who_put_somebody_in_charge_the_second_is_told(told: story.Told) -> None:
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    sign(app)
    assign(told.store, claim, "Ben", "Kim")
    app.selectbox(key=f"assignee-{claim}-").set_value("Ines Falk").run()
    assert not app.exception and "in the meantime" in words(app)
    assert claim_detail(told.store, claim).assignee == "Ben" and "Ben in charge" in words(app)


def test_somebody_is_put_in_charge(told: story.Told) -> None:
    assign(told.store, told.ids[1], "Ben", "Kim")
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    sign(app)
    app.selectbox(key=f"assignee-{claim}-").set_value("Ben").run()
    assert claim_detail(told.store, claim).assignee == "Ben" and "Ben in charge" in words(app)
    app = opened()
    app.selectbox(key="filter-assignee").set_value("Ben").run()
    assert "2 claims" in words(app) and "In charge: Ben" in words(app)


def test_the_outlets_own_words_are_on_the_buttons_and_in_the_record(told: story.Told) -> None:
    settings(told, '[desk]\nscale = "politifact"\n')
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    sign(app)
    assert f"verdict-outdated-{claim}-0" not in keys(app)
    press(app, f"verdict-refuted2-{claim}-0")
    (given,) = verdict_history(told.store, claim)
    assert (given.verdict, given.label) == ("refuted", "Pants on Fire")
    assert "Pants on Fire" in words(app)
    assert app.button(key=f"verdict-refuted2-{claim}-1").proto.type == "primary"
    assert app.button(key=f"verdict-refuted-{claim}-1").proto.type == "secondary"


def test_a_blind_desk_hides_the_machine_until_one_has_judged(told: story.Told) -> None:
    settings(told, "[desk]\nblind = true\n")
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    sign(app)
    shown = words(app)
    assert "On the same matter" in shown
    for opinion in ("both be true", "In tension", "Says the same", "say the same", "Denies", 'cc-clash">'):
        assert opinion not in shown
    assert "Strong contradiction" not in words(opened())
    press(app, f"choose-J-{claim}")
    other = next(one.key.split("-")[-1] for one in app.button if (one.key or "").startswith(f"tick-{claim}-"))
    press(app, f"say-not_contradiction-{claim}-{other}-0")
    with told.store.reading() as connection:
        assert connection.exec_driver_sql("SELECT blind FROM pair_judgements").scalars().all() == [1]
    press(app, f"verdict-refuted-{claim}-0")
    assert "Denies" in words(app) and "On the same matter" not in words(app)


def test_keys_for_a_pair_choose_the_first_statement_before_they_judge_one(told: story.Told) -> None:
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    sign(app)
    for key in "EDXSQ":
        assert f"first-{key}-{claim}" in keys(app)
    press(app, f"first-X-{claim}")
    first = app.session_state[f"chosen-{claim}"]
    assert "press again to judge it" in words(app) and pair_history(told.store, (claim, first)) == ()
    press(app, f"say-not_contradiction-{claim}-{first}-0")
    assert pair_history(told.store, (claim, first))[0].judgement == "not_contradiction"


def test_a_verdict_is_taken_back_later_though_others_judged_since(told: story.Told) -> None:
    claim = told.ids[0]
    mine = record_verdict(told.store, claim, "refuted", "Ines Falk")
    record_verdict(told.store, claim, "supported", "Ben")
    app = opened("claim", claim=claim)
    sign(app)
    press(app, f"undo-{claim}-{mine.id}")
    assert [(row.reviewer, bool(row.withdrawn_at)) for row in verdict_history(told.store, claim)] == [
        ("Ben", False),
        ("Ines Falk", True),
    ]
    assert claim_detail(told.store, claim).status == "in_review"


def test_the_keys_speak_of_the_chosen_statement(told: story.Told) -> None:
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    sign(app)
    press(app, f"choose-J-{claim}")
    first = app.session_state[f"chosen-{claim}"]
    press(app, f"tick-{claim}-{first}")
    assert app.session_state[f"evidence-{claim}-{first}"]
    press(app, f"say-same_claim-{claim}-{first}-0")
    assert pair_history(told.store, (claim, first))[0].judgement == "same_claim"
    press(app, f"choose-J-{claim}")
    assert app.session_state[f"chosen-{claim}"] != first
    press(app, f"choose-K-{claim}")
    press(app, f"choose-K-{claim}")
    assert app.session_state[f"chosen-{claim}"] == first


def test_a_judgement_of_a_pair_is_taken_back_at_once_and_by_key_before_the_verdict(told: story.Told) -> None:
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    sign(app)
    press(app, f"verdict-refuted-{claim}-0")
    verdict = verdict_history(told.store, claim)[0].id
    press(app, f"choose-J-{claim}")
    other = app.session_state[f"chosen-{claim}"]
    assert app.button(key=f"undo-{claim}-{verdict}").proto.shortcut == "u"
    press(app, f"say-not_contradiction-{claim}-{other}-0")
    given = pair_history(told.store, (claim, other))[0].id
    assert app.button(key=f"unsay-key-{claim}-{other}-{given}").proto.shortcut == "u"
    assert not app.button(key=f"undo-{claim}-{verdict}").proto.shortcut
    press(app, f"unsay-key-{claim}-{other}-{given}")
    assert "Taken back: Not a contradiction." in words(app)
    assert pair_history(told.store, (claim, other))[0].withdrawn_at
    assert app.pills(key=f"judge-{claim}-{other}-0").value is None
    press(app, f"say-same_claim-{claim}-{other}-0")
    assert [row.judgement for row in pair_history(told.store, (claim, other))] == ["same_claim", "not_contradiction"]
    assert verdict_history(told.store, claim)[0].withdrawn_at == ""


def test_a_judgement_of_a_pair_is_taken_back_later_though_others_judged_since(told: story.Told) -> None:
    first = conflicts(told.store).rows[0]
    pair = (first.a.claim_id, first.b.claim_id)
    mine = record_pair_judgement(told.store, pair, "not_contradiction", "Ines Falk")
    record_pair_judgement(told.store, pair, "unclear", "Ben")
    app = opened("conflicts")
    assert not any(str(key).startswith("unsay-") for key in keys(app))
    sign(app)
    assert {key for key in keys(app) if str(key).startswith("unsay-")} == {f"unsay-{pair[0]}-{pair[1]}-{mine.id}"}
    press(app, f"unsay-{pair[0]}-{pair[1]}-{mine.id}")
    assert [bool(row.withdrawn_at) for row in pair_history(told.store, pair)] == [False, True]
    assert "Not a contradiction → Unclear" in words(opened("log"))


def test_the_log_tells_who_did_what_and_can_be_narrowed(told: story.Told) -> None:
    assert "Nothing in the log" in words(opened("log"))
    record_verdict(told.store, told.ids[0], "refuted", "Ida", "because <b>so</b>")
    record_verdict(told.store, told.ids[1], "supported", "Ben")
    ask_second_review(told.store, told.ids[1], "Ben")
    app = opened("log")
    for text in ("Ida", "Unreviewed → In review", "In review → Second review", "because <b>so</b>"):
        assert text in words(app)
    app.selectbox(key="log-who").set_value("Ida").run()
    assert "Second review" not in words(app) and "because" in words(app)


def test_all_that_was_done_to_a_claim_is_read_when_it_is_opened(told: story.Told) -> None:
    ids = sorted(told.ids)
    claim, record = ids[4], f"record-{ids[4]}"

    def opened_record() -> str:
        app = opened("claim", claim=claim)
        app.session_state[record] = True
        app.run()
        assert not app.exception
        return words(app)

    assert "Nobody did anything to it yet." not in words(opened("claim", claim=claim))
    assert "Nobody did anything to it yet." in opened_record()
    given = record_verdict(told.store, claim, "refuted", "Ida", "because <b>so</b>")
    withdraw_verdict(told.store, given.id, "Ida")
    assign(told.store, claim, "Ben", "Kim")
    record_verdict(told.store, ids[1], "outdated", "Somebody Else")
    record_pair_judgement(told.store, (ids[2], ids[3]), "unclear", "Somebody Else")
    for other in (ids[0], ids[8]):  # of one of these pairs the claim is the first, of the other the second
        record_pair_judgement(told.store, (claim, other), "same_claim", f"Judge of {other}")
    shown = opened_record()
    lines = [
        *(f"Judge of {other}" for other in (ids[0], ids[8])),
        "Ben",
        "Kim",
        "In review → Unreviewed",
        "Refuted",
        "Unreviewed → In review",
        "Ida",
        "because <b>so</b>",
    ]
    assert [text for text in lines if text not in shown] == []
    assert shown.rindex("In review → Unreviewed") < shown.rindex("Unreviewed → In review")  # the newest first
    assert "Nobody did anything" not in shown and "Somebody Else" not in shown
    assert "Unreviewed → In review" not in words(opened("claim", claim=claim))


def test_what_was_done_to_a_claim_is_kept_from_the_second_reviewer(told: story.Told) -> None:
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida", "secret reasons", second_review=True)
    for who, sees in (("Ida", True), ("Ben", False)):
        app = opened("claim", claim=claim)
        sign(app, who)
        app.session_state[f"record-{claim}"] = True
        app.run()
        assert not app.exception and ("Unreviewed → Second review" in words(app)) == sees
        assert ("secret reasons" in words(app)) == sees


def test_the_log_keeps_a_first_verdict_from_the_second_reviewer(told: story.Told) -> None:
    claim = told.ids[0]
    record_verdict(told.store, claim, "refuted", "Ida", "secret reasons")
    ask_second_review(told.store, claim, "Ida")
    assert "secret reasons" not in words(opened("log")) and "hidden until the second review" in words(opened("log"))
    rows = log_page(told.store).rows
    assert as_seen_by(told.store, rows, "Ida") == rows
    assert "Refuted" not in {row.after for row in as_seen_by(told.store, rows, "Ben")}
    record_verdict(told.store, claim, "supported", "Ben")
    assert "secret reasons" in words(opened("log"))


def test_what_the_second_reviewer_takes_away_holds_no_first_verdict(told: story.Told, monkeypatch) -> None:
    buttons: dict[str, object] = {}
    monkeypatch.setattr(st, "download_button", lambda *_, key, data, **__: buttons.update({key: data}))
    record_verdict(told.store, told.ids[0], "misattributed", "Ida", "secret reasons", second_review=True)

    def tells(who: str) -> dict[str, bool]:
        for page in ("desk", "log", "claims"):  # each starts on the claims, where nobody has a name yet
            app = opened(page)
            app.session_state["reviewer"] = who
            for tab in TABS if page == "desk" else ("",):
                app = on_tab(app, tab)
        files = {key: data() if callable(data) else data for key, data in buttons.items()}
        zipped = {key: zipfile.ZipFile(io.BytesIO(raw)) for key, raw in files.items() if key.endswith(".xlsx")}
        files |= {key: b"".join(map(book.read, book.namelist())) for key, book in zipped.items()}
        return {key: b"isattributed" in raw for key, raw in files.items()}

    shown = tells("Ida")
    assert {key for key, there in shown.items() if there} == {
        "claims-csv", "export.xlsx", "export.jsonl", "figures-verdicts-by-outlet", "figures-verdicts-by-speaker",
        "log.csv", "log.xlsx", "log.jsonl",
    }  # fmt: skip
    buttons.clear()
    assert not any(tells("Ben").values()) and set(buttons) >= {"claims-csv", "pairs-csv", "export.xlsx", "log.csv"}
    app = opened()
    app.session_state["reviewer"] = "Ben"
    app.run()
    assert "Misattributed (0)" in app.selectbox(key="filter-verdict").options


def test_the_desk_shows_work_agreement_and_the_collection(told: story.Told) -> None:
    app = opened("desk")
    for tab, text in (("Work", "Reviewers disagree on no claim"), ("Agreement", "No claim was judged by two"),
                      ("Collection", "Who contradicts whom")):  # fmt: skip
        assert text in words(on_tab(app, tab))
    for claim, one, other in zip(told.ids[:3], ("refuted", "supported", "refuted"), ("refuted",) * 3, strict=True):
        record_verdict(told.store, claim, one, "Ida")
        record_verdict(told.store, claim, other, "Ben")
    app = on_tab(opened("desk"), "Agreement")
    assert "3 claims judged by two or more people" in words(app) and "these figures say little" in words(app)
    press(on_tab(app, "Work"), f"decide-{told.ids[1]}")
    assert claim_detail(told.store, told.ids[1]).claim.text in words(app)


def test_the_desk_reckons_the_figures_of_the_tab_that_is_open_and_keeps_what_was_begun_elsewhere(
    told: story.Told, monkeypatch
) -> None:
    """All five were reckoned at every click, which took a second and more over 100,000 claims."""
    reckoned: list[str] = []

    def noted(module: object, name: str) -> None:
        whole = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, **named: (reckoned.append(name), whole(*given, **named))[1])

    for module, name in ((figures, "by_status"), (agreement, "agreement"), (figures, "who_contradicts_whom")):
        noted(module, name)
    app = opened("desk")
    assert reckoned == ["by_status"]
    for tab, wanted in (("Agreement", ["agreement"] * 2), ("Collection", ["who_contradicts_whom"]), ("Rules", [])):
        reckoned.clear()
        on_tab(app, tab)
        assert reckoned == wanted
        # A form that is not drawn forgets what was written into it.
        assert app.number_input(key="gate-sources-1-2-0") and app.file_uploader(key="restore-file")


def test_the_desk_tells_how_often_people_overruled_the_machine(told: story.Told) -> None:
    record_pair_judgement(told.store, (told.ids[0], told.ids[4]), "not_contradiction", "Ida")
    record_pair_judgement(told.store, (told.ids[1], told.ids[4]), "contradiction", "Ida")
    app = on_tab(opened("desk"), "Agreement")
    (table,) = (one.value for one in app.dataframe if "overruled" in one.value)
    assert "People and the machine" in words(app) and set(table["model"]) == {"model-of-the-tests"}
    assert (table["judgements"].sum(), table["overruled"].sum()) == (2, 1)


def test_verdicts_are_brought_back_from_a_file(told: story.Told, tmp_path: Path) -> None:
    other = story.tell(tmp_path / "other")
    record_verdict(other.store, other.ids[0], "refuted", "Kim", "as the file says")
    content = io.BytesIO(claims_csv(other.store))
    app = opened("desk")
    sign(app)
    app.file_uploader(key="restore-file").upload("desk.csv", content.getvalue(), "text/csv")
    next(one for one in app.button if one.label == "Bring its verdicts back").click().run()
    assert "Verdicts restored: 1" in words(app)
    assert verdict_history(told.store, told.ids[0])[0].reviewer == "Kim"
    assert log_page(told.store).rows[0].who == "Ines Falk"


def test_a_person_decides_where_a_file_says_something_else(told: story.Told, tmp_path: Path) -> None:
    other = story.tell(tmp_path / "other")
    for claim in told.ids[:2]:
        record_verdict(other.store, claim, "refuted", "Kim", "as the file says")
        record_verdict(told.store, claim, "supported", "Ida", "as it stands here")
    app = opened("desk")
    sign(app)
    app.file_uploader(key="restore-file").upload("desk.csv", claims_csv(other.store), "text/csv")
    next(one for one in app.button if one.label == "Bring its verdicts back").click().run()
    for text in ("Of 2 claims the file says something else", "as the file says", "as it stands here", "a dispute"):
        assert text in words(app)
    assert all(len(verdict_history(told.store, claim)) == 1 for claim in told.ids[:2])
    app.pills(key=f"import-choice-{told.ids[0]}").set_value("file").run()
    press(app, "import-go")
    assert "1 claim still to decide" in words(app)
    app.pills(key=f"import-choice-{told.ids[1]}").set_value("here").run()
    press(app, "import-go")
    assert "Verdicts restored: 1" in words(app) and "left as they stand here: 1" in words(app)
    assert [claim_detail(told.store, claim).status for claim in told.ids[:2]] == ["disputed", "in_review"]


def test_judgements_of_pairs_are_brought_back_and_decided_like_verdicts(told: story.Told, tmp_path: Path) -> None:
    other = story.tell(tmp_path / "other")
    pair = tuple(sorted(told.ids[:2]))
    record_pair_judgement(other.store, pair, "same_claim", "Kim", "as the file says")
    record_pair_judgement(told.store, pair, "unclear", "Ida")
    app = opened("desk")
    sign(app)
    app.file_uploader(key="restore-file").upload("pairs.csv", pairs_csv(other.store), "text/csv")
    next(one for one in app.button if one.label == "Bring its verdicts back").click().run()
    assert "Of 1 pair the file says something else" in words(app) and "as the file says" in words(app)
    press(app, "import-go")
    assert "1 pair still to decide" in words(app)
    app.pills(key=f"import-choice-{'+'.join(pair)}").set_value("file").run()
    press(app, "import-go")
    assert "Judgements restored: 1" in words(app)
    assert [row.judgement for row in pair_history(told.store, pair)] == ["same_claim", "unclear"]


def test_all_claims_of_a_file_are_decided_at_once_or_the_file_is_left(told: story.Told, tmp_path: Path) -> None:
    other = story.tell(tmp_path / "other")
    record_verdict(other.store, told.ids[0], "refuted", "Kim")
    record_verdict(told.store, told.ids[0], "supported", "Ida")
    app = opened("desk")
    sign(app)
    for key in ("import-leave", "import-keep"):
        app.file_uploader(key="restore-file").upload("desk.csv", claims_csv(other.store), "text/csv")
        next(one for one in app.button if one.label == "Bring its verdicts back").click().run()
        press(app, key)
    press(app, "import-go")
    assert "left as they stand here: 1" in words(app) and len(verdict_history(told.store, told.ids[0])) == 1
    for again, asked in ((False, False), (True, True)):
        app.file_uploader(key="restore-file").upload("desk.csv", claims_csv(other.store), "text/csv")
        app.checkbox(key="restore-again").set_value(again)
        next(one for one in app.button if one.label == "Bring its verdicts back").click().run()
        assert ("Of 1 claim the file says something else" in words(app)) == asked


def test_the_downloads_say_which_verdicts_are_for_the_public(told: story.Told) -> None:
    assert "ClaimReview holds only verdicts that are final or corrected." in words(opened())


def test_final_claims_show_their_status_in_the_list(told: story.Told) -> None:
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    finalise(told.store, told.ids[0], "Ida", Gate(rationale=False, sources=0))
    assert "Final" in words(opened())


def test_the_guidelines_stand_beside_the_verdicts_as_plain_text(told: story.Told) -> None:
    assert "Guidelines" not in words(opened("claim", claim=told.ids[0]))
    (told.store.folder / "guidelines.txt").write_text("Ask <b>twice</b>.\n\nThen write.", encoding="utf-8")
    app = opened("claim", claim=told.ids[0])
    assert "Ask <b>twice</b>." in words(app)
    # Long ones scroll, which the keyboard can do only where the box can be reached.
    assert '<div class="cc-region" tabindex="0" role="region" aria-label="Guidelines">' in markup_of(app)


def test_a_timeline_shows_who_said_what_when(told: story.Told) -> None:
    app = opened("claim", claim=told.ids[0])
    assert any(one.label == "Who said what when" for one in app.expander)


def test_a_speaker_who_says_the_opposite_elsewhere_is_marked(told: story.Told) -> None:
    claim = told.ids[0]
    assert "change of position" not in words(opened("claim", claim=claim)).replace("</", "")
    with told.store.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE claims SET speaker = (SELECT speaker FROM claims WHERE id = ?) WHERE id IN "
            "(SELECT claim_a FROM relations WHERE relation = 'contradicts' AND claim_b = ? UNION "
            "SELECT claim_b FROM relations WHERE relation = 'contradicts' AND claim_a = ?)",
            (claim, claim, claim),
        )
    assert "perhaps a change of position" in words(opened("claim", claim=claim))
