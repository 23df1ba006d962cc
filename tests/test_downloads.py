"""What the screen gives to take away: figures of the pictures, what was read, files that say what they leave out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import pytest
import streamlit as st

from tests import story
from tests.test_desk_views import on_tab
from tests.test_views import opened, words
from tests.workbench_fakes import fake_line
from workbench.export import claims_csv, kept_back
from workbench.figures import by_status, over_time, who_contradicts_whom
from workbench.histories import verdict_history
from workbench.queries import articles
from workbench.restore import restore_verdicts
from workbench.store import Store
from workbench.verdicts import record_verdict


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, object]:
    """What the page's download buttons would send, by their keys."""
    found: dict[str, object] = {}
    monkeypatch.setattr(st, "download_button", lambda *_, key, data, **__: found.update({key: data}))
    return found


@pytest.mark.parametrize(
    ("tab", "name", "figures"),
    [
        ("Work", "progress", by_status),
        ("Collection", "who-contradicts-whom", who_contradicts_whom),
        ("Collection", "claims-over-time", over_time),
    ],
)
def test_each_picture_of_the_desk_gives_its_figures_away(told, offered, tab, name, figures) -> None:
    on_tab(opened("desk"), tab)
    shown = figures(told.store)
    rows = list(csv.reader(io.StringIO(offered[f"figures-{name}"].decode("utf-8-sig"))))
    assert shown.rows and rows == [list(shown.columns), *([str(cell) for cell in row] for row in shown.rows)]


def test_what_was_read_of_an_article_is_given_away_byte_for_byte(tmp_path, monkeypatch, offered) -> None:
    story.opens_in(tmp_path / "workspace", monkeypatch)
    line = fake_line(tmp_path / "workspace")
    file = tmp_path / "harbour.txt"
    file.write_bytes(b"The harbour wall will be rebuilt.\r\nMary said it will cost nine million pounds.\r\n")
    line.ingest([file])
    (row,) = articles(line.store)
    app = opened("articles")
    assert not [key for key in offered if key.startswith("places-")]
    app.session_state[f"places-{row.id}"] = True
    assert not app.run().exception
    assert offered[f"places-{row.id}-0"]() == file.read_bytes()


def test_what_the_archive_lost_is_said_where_it_would_be_given_away(tmp_path, monkeypatch, offered) -> None:
    """The button stood there, and the browser said that a file could not be made, without why."""
    story.opens_in(tmp_path / "workspace", monkeypatch)
    line = fake_line(tmp_path / "workspace")
    (tmp_path / "harbour.txt").write_text("The harbour wall will be rebuilt.")
    line.ingest([tmp_path / "harbour.txt"])
    (row,) = articles(line.store)
    (archived,) = (tmp_path / "workspace" / "archive").rglob("*.gz")
    archived.write_bytes(b"damaged")
    app = opened("articles")
    app.session_state[f"places-{row.id}"] = True
    assert not app.run().exception
    assert f"places-{row.id}-0" not in offered
    assert "can't be read" in words(app) and "workbench doctor" in words(app)


def test_files_say_beside_their_buttons_what_of_others_they_leave_out_and_restore_all_else(told, tmp_path) -> None:
    waiting, other = told.ids[:2]
    record_verdict(told.store, waiting, "refuted", "Ida", "why", second_review=True)
    record_verdict(told.store, other, "supported", "Ida")
    app = opened()
    for who, restored in (("Ida", [waiting, other]), ("Ben", [other]), ("", [other])):
        app.session_state["reviewer"] = who
        assert not app.run().exception
        missing = 2 - len(restored)
        assert kept_back(told.store, who) == missing
        assert ("1 claim waits for a second review" in words(app)) == bool(missing)
        copy = Store(tmp_path / f"copy for {who}")
        restore_verdicts(copy, claims_csv(told.store, who), "Kim")
        assert [claim for claim in (waiting, other) if verdict_history(copy, claim)] == restored
