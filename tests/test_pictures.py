"""The desk's pictures: what they show of the figures, readable in light and dark and everywhere on the globe."""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import story
from views import pictures, session
from workbench.figures import Figures, by_status, over_time, said_when, verdicts_by, who_contradicts_whom
from workbench.verdicts import record_verdict

ROOT = Path(__file__).parent.parent
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


@pytest.mark.parametrize("counts", [(2, 3), (4, 4), (1,), (1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 60, 80, 100)])
def test_the_number_in_every_cell_stands_out_from_its_red(counts):
    columns = ("source", "other_source", "contradictory_pairs", "of_them_strict")
    made = pictures.grid(Figures(columns, tuple((f"A{at}", "B", number, 0) for at, number in enumerate(counts))))
    cells, numbers = (layer["encoding"] for layer in made.to_dict()["layer"])
    assert cells["color"] == {"field": "shade", "type": "nominal", "scale": None}
    assert numbers["color"] == {"field": "ink", "type": "nominal", "scale": None}
    shown = rows(made)
    assert all(pictures.contrast(row["shade"], row["ink"]) >= 4.5 for row in shown)
    assert {row["shade"] for row in shown if row["contradictory_pairs"] == max(counts)} == {pictures.shade(1)}
    assert len({row["shade"] for row in shown}) == len(set(counts))


def test_contrast_is_that_of_wcag():
    assert pictures.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert pictures.contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_names_at_every_picture_have_the_colour_of_words_and_can_be_read(theme, told, monkeypatch):
    look = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"][theme]
    monkeypatch.setattr(type(session.st.context), "theme", SimpleNamespace(type=theme))
    ink = session.ink()
    assert ink == look["textColor"] and pictures.contrast(ink, look["backgroundColor"]) >= 4.5
    for figures, draw in ((who_contradicts_whom(told.store), pictures.grid), (DAYS, pictures.days)):
        made = pictures.described(draw(figures), "Any", figures, ink).to_dict()["config"]
        for part in ("axis", "legend"):
            assert (made[part]["labelColor"], made[part]["titleColor"]) == (ink, ink)


def test_claims_over_time_show_the_busiest_outlets_and_one_row_for_all_others():
    figures = Figures(
        DAYS.columns,
        tuple((day, f"Paper {at:02}", 100 - at, 1) for day in ("2025-05-01", "2025-05-02") for at in range(40)),
    )
    made = pictures.days(figures)
    shown = rows(made)
    busiest = [f"Paper {at:02}" for at in range(12)]
    assert made.to_dict()["encoding"]["y"]["sort"] == [*busiest, "other outlets"]
    assert made.height == pictures.ROW * 13 + 60 and len(shown) == 2 * 13
    others = [row for row in shown if row["outlet"] == "other outlets"]
    assert [(row["claims"], row["contradicted"]) for row in others] == [(sum(100 - at for at in range(12, 40)), 28)] * 2
    assert sum(row["claims"] for row in shown) == sum(row[2] for row in figures.rows)
    assert figures.csv().count(b"\r\n") == 81  # what is downloaded stays whole


def test_a_dozen_outlets_are_all_named():
    figures = Figures(DAYS.columns, tuple(("2025-05-01", f"Paper {at:02}", 1, 0) for at in range(12)))
    assert {row["outlet"] for row in rows(pictures.days(figures))} == {f"Paper {at:02}" for at in range(12)}


def test_a_timeline_tells_what_denies_from_what_asserts_by_form_and_by_colour(told):
    ids = told.ids
    stances = {ids[0]: pictures.THIS, ids[1]: pictures.ASSERTS, ids[4]: pictures.DENIES}
    said = said_when(told.store, tuple(stances), stances)
    assert {row[3]: row[4] for row in said.rows} == stances
    encoding = pictures.timeline(said).to_dict()["encoding"]
    for channel in ("shape", "color"):
        scale = encoding[channel]["scale"]
        assert scale["domain"] == [pictures.THIS, pictures.ASSERTS, pictures.DENIES] and len(set(scale["range"])) == 3
    assert b"denies it" in said.csv()


def test_two_statements_of_one_source_and_day_stand_side_by_side(told):
    ledger = said_when(told.store, (told.ids[1], told.ids[2]))  # both by the same speaker in one article
    assert [row["place"] for row in rows(pictures.timeline(ledger))] == [0, 1]


def test_a_statement_whose_speaker_and_outlet_nobody_knows_stands_under_its_title(told):
    with told.store.writing() as connection:
        connection.exec_driver_sql("UPDATE articles SET date = '2025-04-05' WHERE title = 'Harbour notes'")
    (row,) = said_when(told.store, (told.ids[8],)).rows
    assert row[1] == "Harbour notes"


def test_every_picture_says_its_figures_to_a_screen_reader():
    made = pictures.described(pictures.days(DAYS), "Claims over time", DAYS, "#111").to_dict()
    assert made["description"] == (
        "Claims over time. date, outlet, claims, contradicted: 2025-04-02, A, 4, 3; 2025-04-04, B, 3, 3."
    )
    many = Figures(("day", "claim_id"), tuple((at, "abc") for at in range(45)))
    words = pictures.described(pictures.days(DAYS), "Work", many, "#111").to_dict()["description"]
    assert "29; and 15 more, which the CSV file holds." in words and "abc" not in words
