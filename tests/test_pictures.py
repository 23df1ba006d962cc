"""The desk's pictures: what they show of the figures, readable in light and dark and everywhere on the globe."""

from __future__ import annotations

import pytest

from tests import story
from views import pictures
from workbench.figures import Figures, by_status, over_time, said_when, verdicts_by, who_contradicts_whom
from workbench.verdicts import record_verdict

DAYS = Figures(("date", "outlet", "claims", "contradicted"), (("2025-04-02", "A", 4, 3), ("2025-04-04", "B", 3, 3)))


@pytest.fixture
def told(tmp_path) -> story.Told:
    return story.tell(tmp_path)


def rows(chart) -> list[dict]:
    """The rows that a chart was given, as it hands them to the browser."""
    made = chart.to_dict()
    return next(iter(made["datasets"].values()))


def test_every_picture_shows_the_rows_of_its_figures(told):
    record_verdict(told.store, told.ids[0], "refuted", "Ida")
    for figures, draw in (
        (who_contradicts_whom(told.store), pictures.grid),
        (over_time(told.store), pictures.days),
        (verdicts_by(told.store, "outlet"), pictures.stacked),
        (verdicts_by(told.store, "speaker"), pictures.stacked),
        (said_when(told.store, told.ids), pictures.timeline),
        (by_status(told.store), lambda one: pictures.bars(one, "claims", "status", "Claims", "#111")),
    ):
        assert figures.rows
        shown = [tuple(row[name] for name in figures.columns) for row in rows(draw(figures))]
        assert [tuple(map(str, row)) for row in shown] == [tuple(map(str, row)) for row in figures.rows]


def test_a_day_is_the_same_day_west_of_greenwich_and_named_once():
    x = pictures.days(DAYS).to_dict()["encoding"]["x"]
    assert x["scale"]["type"] == "utc"
    assert [(one["date"], one["month"], one["utc"]) for one in x["axis"]["values"]] == [(2, 4, True), (4, 4, True)]
    many = Figures(DAYS.columns, tuple((f"2025-05-{day:02}", "A", 1, 0) for day in range(1, 31)))
    assert "values" not in pictures.days(many).to_dict()["encoding"]["x"]["axis"]


def test_numbers_at_bars_have_the_colour_of_the_words_on_the_page():
    made = pictures.bars(
        Figures(("status", "claims"), (("Final", 3),)), "claims", "status", "Claims", "#e9e7e2"
    ).to_dict()
    assert [layer["mark"].get("color") for layer in made["layer"]] == [None, "#e9e7e2"]
