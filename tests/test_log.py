"""The log says which pair of claims a judgement was of: on its page, in a claim's record and in the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests import story
from tests.test_views import opened, press, words
from views.lines import log_line
from workbench.figures import log_table
from workbench.log import log_page
from workbench.pair_judgements import record_pair_judgement, withdraw_pair_judgement
from workbench.provenance import edit_provenance


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> story.Told:
    """The story, with a judgement of a pair that was taken back."""
    told = story.on_desk(tmp_path, monkeypatch)
    pair = (told.ids[0], told.ids[5])
    given = record_pair_judgement(told.store, pair, "not_contradiction", "Ida")
    withdraw_pair_judgement(told.store, given.id, "Ida")
    return told


TEXTS = {story.CLAIMS[0][1], story.CLAIMS[5][1]}


@pytest.mark.parametrize("of", [0, 5, None])
def test_a_line_on_a_pair_names_both_claims_whichever_is_looked_at(told: story.Told, of: int | None) -> None:
    rows = log_page(told.store, claim_id=told.ids[of] if of is not None else None).rows
    assert [row.what for row in rows] == ["judgement_taken_back", "pair_judgement"]
    for row in rows:
        assert {row.claim_text, row.subject_text} == TEXTS
        assert all(text in log_line(row) for text in TEXTS)


def test_a_line_on_something_else_names_no_second_claim(told: story.Told) -> None:
    edit_provenance(told.store, story.LEDGER.id, replace(story.LEDGER.provenance, author="Kim"), "Kim")
    assert [row.subject_text for row in log_page(told.store, what="article").rows] == [""]


def test_the_file_holds_the_text_of_both_claims(told: story.Told) -> None:
    table = log_table(log_page(told.store).rows)
    for row in table.rows:
        line = dict(zip(table.columns, row, strict=True))
        assert {line["claim_text"], line["subject_text"]} == TEXTS


def test_the_log_page_leads_to_the_pair(told: story.Told) -> None:
    app = opened("log")
    assert all(text in words(app) for text in TEXTS)
    row = log_page(told.store).rows[0]
    assert all(text[:30] in app.button(key=f"log-open-{row.id}").label for text in TEXTS)
    press(app, f"log-open-{row.id}")
    assert (app.query_params["claim"], app.query_params["beside"]) == (row.claim_id, row.subject)
