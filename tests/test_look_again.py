"""A new contradiction against a final verdict calls for another look."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st

from tests.test_views import opened, press, words
from tests.workbench_fakes import fake_line, write_texts
from workbench.errors import BadStep
from workbench.log import log_page
from workbench.pair_judgements import record_pair_judgement
from workbench.queries import ClaimFilter, claim_detail, claim_page
from workbench.review import Gate, finalise, seen_again
from workbench.verdicts import record_verdict

OPEN = Gate(rationale=False, sources=0)


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COUNTERCLAIM_WORKSPACE", str(tmp_path / "workspace"))
    st.cache_resource.clear()
    line = fake_line(tmp_path / "workspace")
    line.ingest([write_texts(tmp_path / "texts")])
    return line


def final(line) -> str:
    claim = claim_page(line.store, ClaimFilter(search="vetted")).rows[0].id
    record_verdict(line.store, claim, "refuted", "Ida")
    finalise(line.store, claim, "Ida", OPEN)
    return claim


def more(line, tmp_path: Path, text: str = "The force did not vet Couzens at all.") -> None:
    line.ingest([write_texts(tmp_path / "more", {"new.txt": text})])


def test_a_new_contradiction_is_noted_on_a_final_claim_and_on_no_other(line, tmp_path):
    claim = final(line)
    assert claim_detail(line.store, claim).look_again == ""
    line.ingest([tmp_path / "texts"], again=True)
    assert claim_detail(line.store, claim).look_again == ""
    more(line, tmp_path)
    assert "did not vet Couzens at all" in claim_detail(line.store, claim).look_again
    assert [row.id for row in claim_page(line.store, ClaimFilter(look_again=True)).rows] == [claim]
    assert claim_detail(line.store, claim).verdict.verdict == "refuted"


def test_one_that_was_seen_is_not_called_back_for_the_same_pair(line, tmp_path):
    claim = final(line)
    more(line, tmp_path)
    seen_again(line.store, claim, "Kim")
    assert claim_detail(line.store, claim).look_again == "" and claim_detail(line.store, claim).status == "final"
    assert (log_page(line.store).rows[0].what, log_page(line.store).rows[0].who) == ("seen_again", "Kim")
    with pytest.raises(BadStep, match="nothing came up"):
        seen_again(line.store, claim, "Kim")
    line.ingest([tmp_path / "more"], again=True)
    assert claim_detail(line.store, claim).look_again == ""


def test_a_pair_that_people_judged_calls_nobody_back(line, tmp_path):
    claim = final(line)
    more(line, tmp_path)
    other = claim_page(line.store, ClaimFilter(search="at all")).rows[0].id
    seen_again(line.store, claim, "Kim")
    record_pair_judgement(line.store, (claim, other), "contradiction", "Kim")
    line.extractor.dropping = "at all"
    line.ingest([tmp_path / "more"], again=True)
    line.extractor.dropping = ""
    line.ingest([tmp_path / "more"], again=True)
    assert claim_detail(line.store, claim).look_again == ""


def test_the_screen_says_so_until_somebody_has_looked(line, tmp_path):
    claim = final(line)
    more(line, tmp_path)
    assert "Look again" in words(opened())
    app = opened("claim", claim=claim)
    app.text_input(key="reviewer").set_value("Kim").run()
    assert "Look again, this came up since the verdict was final" in words(app)
    press(app, f"seen-{claim}-2")
    assert "the verdict stands" in words(app) and "this came up" not in words(app)
    assert "Look again" not in words(opened())
