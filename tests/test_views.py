"""The logic of the screen, without a browser: what each page shows and what its buttons do."""

from __future__ import annotations

import html
import re
import runpy
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from claims.article import Provenance
from claims.claim import Topic
from tests import story
from views import keys, session
from workbench.articles import add_article, replace_claims
from workbench.histories import verdict_history
from workbench.jobs import begin_job, end_job, new_job
from workbench.log import log_page
from workbench.pair_judgements import pair_history, record_pair_judgement
from workbench.pairs import conflicts, related
from workbench.provenance import edit_provenance
from workbench.queries import article, article_claims, articles, claim_detail, claim_page
from workbench.store import Store
from workbench.verdicts import record_verdict
from workbench.waiting import note_waiting

ROOT = Path(__file__).parent.parent


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """The readings that were started, none of which runs."""
    calls: list[tuple] = []
    monkeypatch.setattr(session, "start_ingest", lambda opened, paths, who="": calls.append((opened.folder, paths)))
    return calls


def opened(page: str = "", **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    if page:
        app.switch_page(f"views/{page}.py")
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
    assert not app.exception
    return app


def test_a_process_that_the_app_begins_draws_no_page_and_starts_no_reading(tmp_path, monkeypatch) -> None:
    """Python runs the main file in every process that is spawned: each read the seeds into an empty workspace."""
    folder = tmp_path / "workspace"
    monkeypatch.setenv("COUNTERCLAIM_WORKSPACE", str(folder))
    runpy.run_path(str(ROOT / "app.py"), run_name="__mp_main__")
    assert not folder.exists()


def words(app: AppTest) -> str:
    """Everything that `markup` put on the page, as text."""
    return html.unescape(re.sub(r"<[^>]+>", " ", " ".join(element.proto.body for element in app.get("html"))))


def markup_of(app: AppTest) -> str:
    """Everything that `markup` put on the page, as it is, but for the style sheet."""
    bodies = (element.proto.body for element in app.get("html"))
    return " ".join(body for body in bodies if "<style>" not in body and "@media" not in body)


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def sign(app: AppTest) -> None:
    app.text_input(key="reviewer").set_value("Ines Falk").run()


def test_the_list_shows_every_claim_with_its_source_and_what_speaks_against_it(told: story.Told) -> None:
    shown = words(opened())
    for text in (
        "9 claims",
        "Every bearing was checked on 3 and 17 March",
        "Marit Oduya",
        "The Ellory Ledger",
        "2 April 2025",
        "Strong contradiction",
        "No contradiction found",
        "model-of-the-tests",
    ):
        assert text in shown


def test_search_and_filters_narrow_the_list(told: story.Told) -> None:
    app = opened()
    app.text_input(key="search").set_value("crowns union").run()
    assert "11 million" in words(app) and "4 million" not in words(app)
    app.text_input(key="search").set_value("").run()
    app.selectbox(key="filter-speaker").set_value("").run()
    assert "2 claims" in words(app) and "900 lorries" in words(app)
    app.toggle(key="filter-contradicted").set_value(True).run()
    assert "No claim fits these filters." in words(app)


def test_claims_are_narrowed_to_days_which_the_address_names(told: story.Told) -> None:
    app = opened()
    app.date_input(key="filter-since").set_value(date(2025, 4, 3)).run()
    assert "3 claims" in words(app) and "published on or after 3 April 2025" in words(app)
    assert dict(app.query_params) == {"since": "2025-04-03"}
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["until"], app.query_params["since"] = "2025-04-02", "yesterday"
    app.run()
    assert not app.exception and "4 claims" in words(app) and dict(app.query_params) == {"until": "2025-04-02"}


def test_a_mere_tension_is_called_one_and_stands_behind_contradictions(told: story.Told) -> None:
    shown = words(opened())
    assert "Moderate tension" in shown and shown.count("contradiction") > shown.count("tension")
    rows = claim_page(told.store).rows
    assert [(row.id, row.strict) for row in rows if row.contradiction][-1] == (told.ids[5], False)
    assert rows[0].strict and rows[0].contradiction == 0.88


def test_a_claim_that_was_not_compared_yet_is_not_said_to_stand_unopposed(told: story.Told) -> None:
    assert "Not compared yet" not in words(opened())
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE claims SET related_by = NULL WHERE id = ?", (told.ids[8],))
    shown = words(opened())
    assert shown.count("Not compared yet") == 1 and "No contradiction found" in shown


def test_a_claim_that_was_clicked_opens_though_a_search_took_its_line_away(told: story.Told) -> None:
    app = opened()
    app.text_input(key="search").set_value("crowns union")
    app.button(key=f"open-{told.ids[8]}").click().run()
    assert not app.exception and "Traffic on the bay road" in words(app) and "All claims" in labels(app)


def labels(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


def test_a_claim_stands_in_its_paragraph_beside_the_three_headings(told: story.Told) -> None:
    shown = words(opened("claim", claim=told.ids[0]))
    for text in (
        "runs the authority",
        "Can’t both be true",
        story.NOBODY,
        "Coast Radio",
        "4 April 2025",
        "negation: “inspected” / “No”",
        "Says the same",
        "strong (0.91)",
        "loose (0.48)",
        "Asserts",
        "Denies",
        "Related",
    ):
        assert text in shown


@pytest.mark.parametrize(("query", "text"), [({}, "No claim chosen."), ({"claim": "<b>"}, "not in the workspace")])
def test_an_address_without_a_known_claim_says_what_to_do(told: story.Told, query: dict, text: str) -> None:
    assert text in words(opened("claim", **query))


def test_the_clashing_words_are_marked_in_both_sentences(told: story.Told) -> None:
    shown = markup_of(opened("claim", claim=told.ids[0]))
    for hero, words_ in (("cc-hero", "inspected"), ("cc-card", "No")):
        assert re.search(rf'{hero}.*?<mark class="cc-mark cc-clash">{words_}</mark>', shown, re.DOTALL)


def test_a_statement_shows_its_context_when_it_is_opened(told: story.Told) -> None:
    shown = markup_of(opened("claim", claim=told.ids[4]))
    contexts = re.findall(r"<details[^>]*>.*?</details>", shown, re.DOTALL)
    (context,) = [one for one in contexts if "Every bearing was checked on 3 and 17 March</mark>" in one]
    assert "In context" in context and "runs the authority" in context


def test_what_says_the_same_stands_under_the_claim_with_its_sources(told: story.Told) -> None:
    for other in (1, 3, 8):
        record_pair_judgement(told.store, (told.ids[0], told.ids[other]), "same_claim", "Ida")
    app = opened("claim", claim=told.ids[0])
    assert "4 other statements say the same: 4 independent sources in all." in words(app)
    assert markup_of(app).count("cc-short") == 3
    press(app, f"more-group-{told.ids[0]}")
    assert markup_of(app).count("cc-short") == 4


def test_a_pair_has_an_address_of_its_own(told: story.Told) -> None:
    claim, other = told.ids[0], told.ids[4]
    app = opened("claim", claim=claim, beside=other)
    assert f"tick-{claim}-{other}" in {button.key for button in app.button}
    app = opened("claim", claim=claim)
    press(app, f"go-{claim}-{other}")
    assert dict(app.query_params) == {"claim": other, "beside": claim}
    assert f"tick-{other}-{claim}" in {button.key for button in app.button}
    press(app, f"choose-K-{other}")
    press(app, f"choose-K-{other}")
    first = next(button.key for button in app.button if (button.key or "").startswith(f"link-{other}-"))
    press(app, first)
    assert dict(app.query_params) == {"claim": other, "beside": first.split("-")[-1]}
    assert "leads to this pair" in words(app)


def test_a_lane_is_long_enough_for_the_statement_that_an_address_names(told: story.Told) -> None:
    rows = related(told.store, told.ids[1]).contradicts
    assert len(rows) == 2
    assert [keys.enough(rows, 1, chosen) for chosen in ("", rows[0].other.claim_id, rows[1].other.claim_id)] == [
        1,
        1,
        2,
    ]


def begun(claim: str, other: str, rationale: str) -> AppTest:
    """A claim's page on which somebody wrote a rationale and ticked the `other` claim as evidence."""
    app = opened("claim", claim=claim)
    sign(app)
    app.text_area(key=f"rationale-{claim}").set_value(rationale).run()
    app.checkbox(key=f"evidence-{claim}-{other}").check().run()
    return app


def test_a_verdict_takes_rationale_and_evidence_and_is_shown(told: story.Told) -> None:
    claim, other = told.ids[0], told.ids[4]
    app = begun(claim, other, "The union holds the keys.")
    press(app, f"verdict-mostly_refuted-{claim}-0")
    (verdict,) = verdict_history(told.store, claim)
    assert (verdict.verdict, verdict.reviewer) == ("mostly_refuted", "Ines Falk")
    assert (verdict.rationale, verdict.evidence) == ("The union holds the keys.", (other,))
    assert "Saved: Mostly refuted, Ines Falk." in words(app) and "The union holds the keys." in words(app)
    assert app.text_area(key=f"rationale-{claim}").value == ""
    assert not app.checkbox(key=f"evidence-{claim}-{other}").value


def test_a_verdict_without_a_name_asks_for_it_and_keeps_the_draft(told: story.Told) -> None:
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    app.text_area(key=f"rationale-{claim}").set_value("a draft").run()
    press(app, f"verdict-refuted-{claim}-0")
    assert "needs a name" in words(app)
    assert app.text_area(key=f"rationale-{claim}").value == "a draft"
    assert verdict_history(told.store, claim) == ()


def test_a_verdict_on_a_page_that_is_out_of_date_is_refused(told: story.Told) -> None:
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    sign(app)
    record_verdict(told.store, claim, "supported", "somebody else")
    press(app, f"verdict-refuted-{claim}-0")
    assert [verdict.verdict for verdict in verdict_history(told.store, claim)] == ["supported"]
    assert "in the meantime" in words(app) and "Your key before this one" not in words(app)


def test_a_second_key_before_the_screen_is_drawn_anew_is_told_of_the_first_and_blames_nobody(told: story.Told) -> None:
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    sign(app)
    app.button(key=f"verdict-supported-{claim}-0").click()
    app.button(key=f"verdict-refuted-{claim}-0").click()
    app.run()
    assert [verdict.verdict for verdict in verdict_history(told.store, claim)] == ["supported"]
    assert "Your key before this one was saved: Supported." in words(app) and "in the meantime" not in words(app)
    press(app, f"verdict-refuted-{claim}-{claim_detail(told.store, claim).revision}")
    assert [verdict.verdict for verdict in verdict_history(told.store, claim)] == ["refuted", "supported"]
    assert "Saved: Refuted" in words(app)


def test_pressing_the_same_verdict_again_adds_nothing(told: story.Told) -> None:
    claim = told.ids[0]
    app = opened("claim", claim=claim)
    sign(app)
    press(app, f"verdict-refuted-{claim}-0")
    (verdict,) = verdict_history(told.store, claim)
    press(app, f"verdict-refuted-{claim}-1")
    assert verdict_history(told.store, claim) == (verdict,)
    press(app, f"verdict-outdated-{claim}-1")
    assert [row.verdict for row in verdict_history(told.store, claim)] == ["outdated", "refuted"]


def test_a_pair_set_aside_leaves_the_conflicts_and_can_be_seen_again(told: story.Told) -> None:
    app = opened("conflicts")
    assert "5 pairs in conflict, contradictions proper before mere tensions" in words(app)
    first = conflicts(told.store).rows[0]
    pair = (first.a.claim_id, first.b.claim_id)
    app.text_input(key="reviewer").set_value("Ines Falk").run()
    app.pills(key=f"judge-{pair[0]}-{pair[1]}-0").set_value("not_contradiction").run()
    assert pair_history(told.store, pair)[0].judgement == "not_contradiction"
    assert "4 pairs in conflict" in words(app)
    app.toggle(key="dismissed").set_value(True).run()
    assert "5 pairs in conflict" in words(app) and "Not a contradiction" in words(app)


def test_doubtful_pairs_are_listed_where_asked_for(told: story.Told) -> None:
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE relations SET listed = 0 WHERE score < 0.8")
    app = opened("conflicts")
    assert "3 pairs in conflict, contradictions proper before mere tensions, the likelier first" in words(app)
    assert "; 2 doubtful left out" in words(app)
    app.toggle(key="doubtful").set_value(True).run()
    assert "5 pairs in conflict" in words(app) and "; 2 of them doubtful" in words(app)
    with told.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM relations WHERE listed AND relation = 'contradicts'")
    app = opened("conflicts")
    assert "No pairs in conflict but 2 doubtful ones." in words(app)
    app.toggle(key="doubtful").set_value(True).run()
    assert "2 pairs in conflict" in words(app)


def test_no_conflict_is_said_to_be_none_only_where_all_is_compared(told: story.Told) -> None:
    with told.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM relations WHERE relation = 'contradicts'")
    compared = words(opened("conflicts"))
    assert "No pairs in conflict." in compared and "so far" not in compared
    for left in ("UPDATE claims SET related_by = NULL", "UPDATE articles SET extracted_by = NULL"):
        with told.store.writing() as connection:
            connection.exec_driver_sql("UPDATE claims SET related_by = 'by hand'")
            connection.exec_driver_sql(left)
        says_so_far(words(opened("conflicts")))


@pytest.mark.parametrize("left", ["a file that waits", "a reading that runs"])
def test_what_waits_and_what_is_read_is_not_compared_yet(told: story.Told, left: str) -> None:
    with told.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM relations WHERE relation = 'contradicts'")
        if left == "a file that waits":
            note_waiting(told.store, connection, [told.store.folder / "new.txt"])
    if left == "a reading that runs":
        begin_job(told.store, new_job(told.store, "ingest"))
    says_so_far(words(opened("conflicts")))


def says_so_far(shown: str) -> None:
    assert "No pairs in conflict so far." in shown and "Not all claims are compared yet" in shown
    assert "No pairs in conflict." not in shown


def test_a_second_key_on_a_pair_before_it_is_drawn_anew_is_told_of_the_first(told: story.Told) -> None:
    def page() -> None:
        from views import session
        from views.pair_judging import say_of_pair

        one, other = session.st.session_state["pair"]
        session.st.session_state["reviewer"] = "Ines Falk"
        for judgement in ("contradiction", "unclear"):
            say_of_pair((one, other), 0, judgement)
            session.show_message(f"{one}-{other}")
        session.show_message()

    pair = tuple(sorted((told.ids[0], told.ids[4])))
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["pair"] = pair
    app.run()
    assert [row.judgement for row in pair_history(told.store, pair)] == ["contradiction"]
    assert "Your key before this one was saved: Contradiction." in words(app) and "somebody else" not in words(app)


def test_a_pair_is_not_judged_without_a_name(told: story.Told) -> None:
    app = opened("claim", claim=told.ids[0])
    pair = (told.ids[0], told.ids[4])
    app.pills(key=f"judge-{pair[0]}-{pair[1]}-0").set_value("unclear").run()
    assert not app.exception and "needs a name" in words(app)
    assert pair_history(told.store, pair) == ()


def test_an_articles_details_can_be_corrected(told: story.Told) -> None:
    notes = story.NOTES.id
    app = press(opened("articles"), f"edit-{notes}")
    app.text_input(key=f"edit-outlet-{notes}").set_value("Bay Weekly")
    app.text_input(key=f"edit-date-{notes}").set_value("5 April")
    save_details(app)
    assert "YYYY-MM-DD" in words(app)
    app.text_input(key=f"edit-date-{notes}").set_value("2025-04-05")
    save_details(app)
    assert "needs a name under it; fill in the reviewer" in words(app) and log_page(told.store).total == 0
    sign(app)
    save_details(app)
    assert [row.who for row in log_page(told.store, what="article").rows] == ["Ines Falk"]
    row = next(row for row in articles(told.store) if row.id == notes)
    assert (row.outlet, row.date) == ("Bay Weekly", "2025-04-05")


def save_details(app: AppTest) -> None:
    """Presses the button below an article's open details."""
    next(button for button in app.button if button.label == "Save details").click().run()


def opened_before_ida_saved(told: story.Told) -> AppTest:
    """The details of an article, open for somebody since before Ida gave it a title and an outlet."""
    notes = story.NOTES.id
    app = opened("articles")
    sign(app)
    press(app, f"edit-{notes}")
    known = replace(story.NOTES.provenance, title="Ida’s title", outlet="Bay Weekly")
    edit_provenance(told.store, notes, known, "Ida")
    return app


def test_an_older_form_does_not_undo_what_another_person_saved(told: story.Told) -> None:
    """Ben's form was opened before Ida saved a title; with his author the old title came back."""
    notes, app = story.NOTES.id, opened_before_ida_saved(told)
    app.text_input(key=f"edit-author-{notes}").set_value("Ben Poe")
    save_details(app)
    row = article(told.store, notes)
    assert (row.title, row.outlet, row.author) == ("Ida’s title", "Bay Weekly", "Ben Poe")
    app = press(app, f"edit-{notes}")
    assert app.text_input(key=f"edit-title-{notes}").value == "Ida’s title"


def test_a_field_that_two_people_changed_is_only_replaced_by_who_was_told(told: story.Told) -> None:
    notes, app = story.NOTES.id, opened_before_ida_saved(told)
    app.text_input(key=f"edit-title-{notes}").set_value("Ben’s title")
    save_details(app)
    assert "somebody else changed the title, now 'Ida’s title'; save again" in words(app)
    assert article(told.store, notes).title == "Ida’s title"
    assert app.text_input(key=f"edit-title-{notes}").value == "Ben’s title"
    assert app.text_input(key=f"edit-outlet-{notes}").value == "Bay Weekly"
    save_details(app)
    row = article(told.store, notes)
    assert (row.title, row.outlet) == ("Ben’s title", "Bay Weekly")


def test_a_pasted_text_is_kept_and_read(told: story.Told, started: list[tuple]) -> None:
    app = opened("articles")
    app.text_area(key="paste-text").set_value("Ferries are full\nEvery berth on the ferries is taken until May.")
    app.text_input(key="paste-outlet-").set_value("Bay Weekly")
    next(button for button in app.button if button.label == "Read this text").click().run()
    assert not app.exception and "1 article taken" in words(app)
    ((folder, paths),) = started
    assert folder == told.store.folder and "Every berth" in paths[0].read_text(encoding="utf-8")


def test_an_empty_paste_is_refused_in_a_sentence(told: story.Told, started: list[tuple]) -> None:
    app = opened("articles")
    next(button for button in app.button if button.label == "Read this text").click().run()
    assert "Not added: the pasted text is empty." in words(app) and started == []


def test_the_first_start_reads_the_seeds_once(
    tmp_path: Path, started: list[tuple], monkeypatch: pytest.MonkeyPatch
) -> None:
    story.opens_in(tmp_path, monkeypatch)
    app = opened()
    opened()
    assert started == [(tmp_path.resolve(), [ROOT / "seeds"])]
    assert "No claims yet." in words(app)


def test_a_list_without_claims_says_whether_some_are_on_their_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[tuple]
) -> None:
    story.opens_in(tmp_path, monkeypatch)
    empty = Store(tmp_path)
    assert "No claims yet." in words(opened())
    begin_job(empty, new_job(empty, "ingest"))
    shown = words(opened())
    assert "The first articles are being read." in shown and "No claims yet." not in shown


def test_a_workspace_with_articles_reads_nothing_by_itself(told: story.Told, started: list[tuple]) -> None:
    opened()
    assert started == []


def test_a_running_reading_is_shown_over_the_pages(told: story.Told) -> None:
    job = new_job(told.store, "ingest")
    begin_job(told.store, job)
    app = opened()
    assert "Starting …" in words(app) and "9 claims" in words(app)
    end_job(told.store, job, "done", "1 new article")
    assert "1 new article" in words(opened("articles"))


def test_a_reading_that_was_broken_off_can_go_on(told: story.Told, started: list[tuple]) -> None:
    add_article(told.store, story.Article("One more\nNobody read this.", Provenance("One more")))
    end_job(told.store, new_job(told.store, "ingest"), "failed", "no model")
    app = opened()
    assert "The last reading stopped: no model" in words(app) and "1 article to read" in words(app)
    press(app, "go-on")
    assert started == [(told.store.folder, [])]


def test_a_workspace_that_cannot_be_opened_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "counterclaim.sqlite3").write_bytes(b"this is no database at all, " * 200)
    story.opens_in(tmp_path, monkeypatch)
    assert "can't be read as a Counterclaim database" in words(opened())


def test_speakers_are_merged_on_their_page(told: story.Told, started: list[tuple]) -> None:
    app = opened("speakers")
    names = re.findall(r"name-(.+?)(?:$|\n)", "\n".join(button.key for button in app.button if button.key))
    first, second = names[:2]
    sign(app)
    press(app, f"name-{second}")
    app.selectbox(key=f"new-name-{second}").set_value(first)
    next(button for button in app.button if button.label == "Save").click().run()
    assert not app.exception
    shown = words(app)
    assert f"of {second} now go by {first}" in shown and f"also read as “{second}”" in shown
    assert len(started) == 1


def test_a_merge_without_a_name_under_it_is_refused(told: story.Told, started: list[tuple]) -> None:
    app = opened("speakers")
    names = re.findall(r"name-(.+?)(?:$|\n)", "\n".join(button.key for button in app.button if button.key))
    press(app, f"name-{names[0]}")
    app.selectbox(key=f"new-name-{names[0]}").set_value(names[1])
    next(button for button in app.button if button.label == "Save").click().run()
    assert "fill in the reviewer" in words(app) and not started


def test_a_merged_name_is_parted_again(told: story.Told, started: list[tuple]) -> None:
    from workbench.speakers import name_speaker, speakers

    store = session.store()
    first, second = (row.name for row in speakers(store)[:2])
    name_speaker(store, second, first, "Ida")
    app = opened("speakers")
    sign(app)
    press(app, f"name-{first}")
    press(app, f"part-{first}-{second}")
    assert {first, second} <= {row.name for row in speakers(store)} and len(started) == 1


def test_a_verdict_can_be_taken_back_with_its_rationale_and_evidence_as_drafts(told: story.Told) -> None:
    claim, other = told.ids[0], told.ids[4]
    app = opened("claim", claim=claim)
    sign(app)
    app.text_area(key=f"rationale-{claim}").set_value("The union holds the keys.").run()
    app.checkbox(key=f"evidence-{claim}-{other}").check().run()
    press(app, f"verdict-refuted-{claim}-0")
    (given,) = verdict_history(told.store, claim)
    press(app, f"undo-{claim}-{given.id}")
    assert claim_detail(told.store, claim).verdict is None
    assert "Taken back: Refuted." in words(app) and "taken back" in words(app)
    assert app.text_area(key=f"rationale-{claim}").value == "The union holds the keys."
    assert app.checkbox(key=f"evidence-{claim}-{other}").value
    assert not [button for button in app.button if str(button.key).startswith("undo-")]


def test_nobody_is_offered_to_take_back_anothers_verdict(told: story.Told) -> None:
    record_verdict(told.store, told.ids[0], "supported", "somebody else")
    app = opened("claim", claim=told.ids[0])
    sign(app)
    assert not [button for button in app.button if str(button.key).startswith("undo-")]


def test_claims_are_filtered_by_what_they_are_about(told: story.Told) -> None:
    first, second = (claim_detail(told.store, one).claim for one in told.ids[:2])
    about = replace(first, topics=(Topic("place", "Ellory Bridge"),))
    rest = [claim_detail(told.store, row.id).claim for row in article_claims(told.store, first.article_id)]
    claims = [about if claim.id == first.id else claim for claim in rest]
    replace_claims(told.store, first.article_id, claims, "by hand")
    app = opened()
    app.selectbox(key="filter-topic").set_value("place:Ellory Bridge").run()
    assert "1 claim" in words(app) and first.text in words(app) and second.text not in words(app)
    assert "Ellory Bridge" in words(opened("claim", claim=first.id))


@pytest.mark.parametrize("page", ["claims", "conflicts", "speakers", "articles", "desk", "claim"])
def test_no_two_buttons_of_a_page_sound_alike(told: story.Told, page: str) -> None:
    for claim_id in told.ids[:2]:
        record_verdict(told.store, claim_id, "refuted", "Ida")
        record_verdict(told.store, claim_id, "supported", "Ben")
    app = opened() if page == "claims" else opened(page, **({"claim": told.ids[0]} if page == "claim" else {}))
    every = [one.label for one in (*app.button, *app.checkbox)]
    assert len(every) == len(set(every)) > 0
    assert {one.label for one in opened("log").button} & {"Open"} == set()  # each names its claim


def test_statements_of_one_day_have_a_timeline_too_whose_figures_can_be_taken_away(told: story.Told) -> None:
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE articles SET date = '2025-04-02' WHERE date <> ''")
    app = opened("claim", claim=told.ids[0])
    assert "Who said what when" in {one.label for one in app.expander}
    assert not app.get("vega_lite_chart"), "drawn when opened"
    app.session_state[f"timeline-{told.ids[0]}"] = True
    app.run()
    assert app.get("vega_lite_chart")
    assert "These figures as CSV" in {one.proto.label for one in app.get("download_button")}
