"""Search by meaning, links to a filtered list, and saved views."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from claims.article import Provenance
from embeddings.encoder import PACKAGED, ModelMissing, load_encoder
from tests.test_views import opened, press, sign, words
from tests.workbench_fakes import fake_line, write_texts
from views import session
from workbench import queries
from workbench.errors import BadName, NameTaken, ReviewerMissing
from workbench.log import log_page
from workbench.models import SeparateEncoder
from workbench.queries import ClaimFilter, claim_page
from workbench.saved import LONGEST, forget_view, save_view, saved_views
from workbench.search import MeaningSearch

ROOT = Path(__file__).parent.parent


def test_claims_near_in_meaning_are_found_nearest_first_and_follow_those_with_the_words(tmp_path):
    line = fake_line(tmp_path / "workspace")
    line.ingest([write_texts(tmp_path / "texts")])
    search = MeaningSearch(line.store, line.encoder)
    assert search.near("vetted") == () and search.state == "loading"
    assert search.load() and search.state == "ready"
    near = search.near("The force vetted Couzens twice")
    texts = {row.id: row.text for row in claim_page(line.store).rows}
    assert texts[near[0]] == "The force vetted Couzens twice."
    assert "The force did not vet Couzens twice." in [texts[one] for one in near]
    page = claim_page(line.store, ClaimFilter(search="vetted"), near=near)
    assert page.rows[0].text == "The force vetted Couzens twice." and page.by_words == 1
    assert [row.id for row in page.rows[1:]] == [one for one in near if one != page.rows[0].id]
    assert page.total == len(page.rows) == len({*near, page.rows[0].id})
    pages = [claim_page(line.store, ClaimFilter(search="vetted"), 1, at, near).rows for at in range(page.total)]
    assert sum(pages, ()) == page.rows
    of_ben = claim_page(line.store, ClaimFilter("inquiry", speaker="Ben"), near=near)
    assert [row.speaker for row in of_ben.rows] == ["Ben"]


def test_a_filter_finds_what_is_near_in_meaning_among_its_own(told, tmp_path, monkeypatch):
    """Only the hundred nearest of the whole workspace were filtered: of an outlet's 28 near claims 15 were shown."""
    near = (told.ids[1], told.ids[2], told.ids[4], told.ids[5])
    monkeypatch.setattr(queries, "NEAREST", 2)
    assert [row.id for row in claim_page(told.store, ClaimFilter("jetty"), near=near).rows] == list(near[:2])
    found = claim_page(told.store, ClaimFilter("jetty", outlet="Coast Radio"), near=near)
    assert [row.id for row in found.rows] == list(near[2:]) and (found.total, found.by_words) == (2, 0)
    line = fake_line(tmp_path / "workspace")
    line.ingest_texts([("\n".join(f"The jetty cost {number}." for number in range(105)), Provenance("Jetty"))])
    search = MeaningSearch(line.store, line.encoder)
    assert search.load() and len(search.near("The jetty cost")) == 105


def test_the_index_is_read_again_after_an_ingest_and_done_without_when_damaged(tmp_path):
    line = fake_line(tmp_path / "workspace")
    search = MeaningSearch(line.store, line.encoder)
    assert not search.load() and search.near("harbour") == ()
    line.ingest([write_texts(tmp_path / "texts")])
    assert search.load() and search.near(" ") == ()
    assert search.near("vetted Couzens twice")
    line.ingest([write_texts(tmp_path / "more", {"new.txt": "The harbour master counted ships."})])
    found = search.near("harbour master ships")
    assert claim_page(line.store, ClaimFilter("harbour")).rows[0].id == found[0]
    for path in (line.store.folder / "index").rglob("*"):
        if path.is_file():
            path.write_bytes(b"broken")
    again = MeaningSearch(line.store, line.encoder)
    assert again.load() and again.near("harbour") == ()


def test_nothing_is_loaded_before_there_is_an_index(tmp_path):
    class Refusing:
        model_id = "refusing"

        def encode(self, texts) -> np.ndarray:
            raise AssertionError("loaded")

    line = fake_line(tmp_path)
    search = MeaningSearch(line.store, Refusing())
    assert not search.load() and search.near("harbour") == () and search.state == ""


def test_a_missing_model_leaves_the_search_for_words_alone(tmp_path, caplog):
    line = fake_line(tmp_path / "workspace")
    line.ingest([write_texts(tmp_path / "texts")])

    class Missing:
        model_id = line.encoder.model_id

        def encode(self, texts) -> np.ndarray:
            raise ModelMissing("no encoder here")

    search = MeaningSearch(line.store, Missing())
    search.load_soon()
    deadline = time.monotonic() + 10
    while "no encoder here" not in caplog.text and time.monotonic() < deadline:
        time.sleep(0.01)
    assert "no encoder here" in caplog.text and search.near("harbour") == ()
    while search.state != "failed" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert search.state == "failed"


def test_the_list_says_which_claims_are_only_near_in_meaning(told, monkeypatch):
    asked = []

    def near(wanted: str) -> tuple[str, ...]:
        asked.append(wanted)
        return (told.ids[4], told.ids[0])

    monkeypatch.setattr(session, "near_in_meaning", near)
    app = opened()
    app.text_input(key="search").set_value("bearing").run()
    assert asked == ["bearing"] and "near these words in meaning" in words(app)
    app.toggle(key="by-meaning").set_value(False).run()
    assert "near these words in meaning" not in words(app)


@pytest.mark.parametrize(
    ("state", "said"), [("loading", "still being made ready"), ("failed", "could not be made ready"), ("ready", "")]
)
def test_the_list_says_when_the_search_by_meaning_is_not_there_yet(told, monkeypatch, state, said):
    monkeypatch.setattr(session, "near_in_meaning", lambda wanted: ())
    monkeypatch.setattr(session, "meaning_state", lambda: state)
    app = opened()
    assert "made ready" not in words(app)
    app.text_input(key="search").set_value("bearing").run()
    assert said in words(app) and ("made ready" in words(app)) == bool(said)


def test_a_filtered_list_has_an_address_of_its_own(told):
    app = opened()
    app.selectbox(key="filter-status").set_value("unreviewed").run()
    app.text_input(key="search").set_value("bearing").run()
    address = dict(app.query_params)
    assert address == {"status": "unreviewed", "search": "bearing"}

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in {**address, "colour": "red", "speaker": "nobody at all"}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert app.selectbox(key="filter-status").value == "unreviewed"
    assert app.text_input(key="search").value == "bearing"
    # Nobody of that name speaks here: the list says so and doesn't show everything.
    assert app.selectbox(key="filter-speaker").value == "nobody at all" and "No claim fits these filters" in words(app)


def test_back_and_forward_set_the_filters_that_their_address_names_and_no_other_address_undoes_a_click(
    told, monkeypatch
):
    """Back did nothing: the session's filters were written over the address that it led to."""
    app = opened()
    app.selectbox(key="filter-status").set_value("final").run()
    app.query_params.clear()  # sent with a click before the browser knew the new address
    app.run()
    assert dict(app.query_params) == {"status": "final"}

    monkeypatch.setattr(session, "came_by_history", lambda: True)
    app.query_params.clear()
    app.query_params["search"] = "bearing"
    app.run()
    assert dict(app.query_params) == {"search": "bearing"} and app.text_input(key="search").value == "bearing"
    status = app.selectbox(key="filter-status")
    assert status.value is None and status.proto.set_value  # the browser is told, too, or it would show "Final" on
    app.query_params.clear()
    app.query_params["claim"] = told.ids[0]  # what is left behind on the way to a claim
    app.run()
    assert dict(app.query_params) == {"search": "bearing"}


def test_back_to_an_address_that_lost_its_claim_shows_the_one_looked_at_last(told, monkeypatch):
    app = opened("claim", claim=told.ids[1])
    app.query_params.clear()
    assert "No claim chosen" in words(app.run())
    monkeypatch.setattr(session, "came_by_history", lambda: True)
    assert "Every bearing was checked" in words(app.run()) and dict(app.query_params) == {"claim": told.ids[1]}


def test_views_are_kept_under_names(told):
    app = opened()
    app.selectbox(key="filter-status").set_value("unreviewed").run()
    app.text_input(key="view-name").set_value(" To  do ").run()
    press(app, "save-view")
    assert saved_views(told.store) == {} and "this needs a name under it; fill in the reviewer" in words(app)
    sign(app)
    press(app, "save-view")
    assert saved_views(told.store) == {"To do": {"status": "unreviewed"}}
    app = opened()
    assert app.selectbox(key="filter-status").value is None
    app.selectbox(key="saved-view").set_value("To do").run()
    assert app.selectbox(key="filter-status").value == "unreviewed"
    sign(app)
    assert app.selectbox(key="saved-view").value == "To do"
    press(app, "drop-view")
    assert saved_views(told.store) == {} and {row.who for row in log_page(told.store).rows} == {"Ines Falk"}


def test_a_view_is_opened_again_after_other_filters_were_set(told):
    """The box kept its name, so that to choose it once more changed nothing."""
    save_view(told.store, "To do", {"status": "unreviewed", "since": "2025-04-01"}, "Ida")
    app = opened()
    app.selectbox(key="saved-view").set_value("To do").run()
    assert "7 claims " in words(app) and app.selectbox(key="saved-view").value == "To do"
    app.selectbox(key="filter-status").set_value("final").run()
    assert "0 claims " in words(app) and app.selectbox(key="saved-view").value is None
    app.selectbox(key="saved-view").set_value("To do").run()
    assert "7 claims " in words(app) and app.selectbox(key="filter-status").value == "unreviewed"


def test_the_page_asks_for_the_name_under_a_view_in_one_place_whatever_is_filtered(told):
    app = opened()
    app.toggle(key="filter-changed").set_value(True).run()
    assert not app.exception and "Write your name" in words(app)
    sign(app)
    assert not app.exception and "Write your name" not in words(app)
    assert app.text_input(key="reviewer").value == "Ines Falk"


def test_a_view_needs_a_name_and_the_newest_of_that_name_counts(told):
    for name in ("", " ", "x" * (LONGEST + 1)):
        with pytest.raises(BadName, match=f"1 to {LONGEST}"):
            save_view(told.store, name, {}, "Ida")
    for step in (lambda: save_view(told.store, "b", {}, " "), lambda: forget_view(told.store, "b", "")):
        with pytest.raises(ReviewerMissing):
            step()
    save_view(told.store, "b", {"status": "final"}, "Ida")
    save_view(told.store, "a%", {"search": "=1"}, "Ida")
    save_view(told.store, "b", {"status": "disputed"}, "Ida")
    assert list(saved_views(told.store).items()) == [("a%", {"search": "=1"}), ("b", {"status": "disputed"})]
    forget_view(told.store, "nothing", "Ida")
    forget_view(told.store, "b", "Ida")
    assert list(saved_views(told.store)) == ["a%"]


def test_another_persons_view_is_only_replaced_by_who_was_told_of_it(told):
    """Ben's view took the place of Ida's of the same name, and nobody was told."""
    save_view(told.store, "b", {"status": "final"}, "Ida")
    save_view(told.store, "b", {"status": "disputed"}, "Ida")
    save_view(told.store, "b", {"status": "disputed"}, "Ben")
    save_view(told.store, "b", {"status": "disputed"}, "Ida")
    for kept in (None, {"status": "final"}):
        with pytest.raises(NameTaken, match="Ida keeps other filters as 'b'; choose another name, or save once more"):
            save_view(told.store, "b", {}, "Ben", kept)
    assert saved_views(told.store) == {"b": {"status": "disputed"}}
    save_view(told.store, "b", {}, "Ben", {"status": "disputed"})
    assert saved_views(told.store) == {"b": {}}


def test_the_page_replaces_another_persons_view_at_the_second_press(told):
    save_view(told.store, "To do", {"status": "final"}, "Ida")
    app = opened()
    sign(app)
    app.text_input(key="view-name").set_value("To do").run()
    press(app, "save-view")
    assert "Ida keeps other filters as 'To do'" in words(app)
    assert saved_views(told.store) == {"To do": {"status": "final"}}
    press(app, "save-view")
    assert "The view is saved" in words(app) and saved_views(told.store) == {"To do": {}}


def test_an_encoder_in_its_own_process_says_the_same_and_is_begun_again_when_it_died():
    separate = SeparateEncoder(PACKAGED)
    try:
        texts = ["The harbour master counted ships.", "Vetting found nothing."]
        wanted = load_encoder(PACKAGED).encode(texts)
        assert np.allclose(separate.encode(texts), wanted, atol=1e-5)
        (process,) = separate._pool._processes.values()
        process.kill()
        process.join()
        assert np.allclose(separate.encode(texts), wanted, atol=1e-5)
    finally:
        separate.close()


def test_an_encoder_that_is_missing_is_named_across_the_process():
    separate = SeparateEncoder("no such model")
    try:
        with pytest.raises(ModelMissing, match="no such model"):
            separate.encode(["words"])
    finally:
        separate.close()
