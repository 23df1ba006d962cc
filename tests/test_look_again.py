"""A new contradiction against a final verdict calls for another look."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import story
from tests.test_views import opened, press, words
from tests.workbench_fakes import fake_line, write_texts
from workbench.attention import call_again
from workbench.errors import BadStep, ChangedMeanwhile
from workbench.gate import Gate
from workbench.log import log_page
from workbench.pair_judgements import record_pair_judgement
from workbench.pairs import call_back
from workbench.queries import ClaimFilter, claim_detail, claim_page
from workbench.review import correct, finalise, seen_again
from workbench.verdicts import Opinion, record_verdict, withdraw_verdict

OPEN = Gate(rationale=False, sources=0)


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    story.opens_in(tmp_path / "workspace", monkeypatch)
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


def test_what_came_up_after_the_screen_was_drawn_is_not_dismissed_with_it(line):
    claim = final(line)
    came_up(line, claim, "first")
    shown = claim_detail(line.store, claim)
    came_up(line, claim, "second")
    for step in (
        lambda: seen_again(line.store, claim, "Ida", shown.revision),
        lambda: correct(line.store, claim, Opinion("supported", "Ida"), "We erred.", OPEN, shown.revision),
    ):
        with pytest.raises(ChangedMeanwhile):
            step()
    assert claim_detail(line.store, claim).look_again == "first\nsecond"
    came_up(line, claim, "second")
    seen_again(line.store, claim, "Ida", shown.revision + 1)


def came_up(line, claim: str, *reasons: str) -> None:
    with line.store.writing() as connection:
        for why in reasons:
            call_again(connection, claim, why)


def test_a_reason_that_another_begins_with_is_noted_and_none_twice(line):
    claim = final(line)
    came_up(line, claim, "a letter came", "a letter", "a  letter", "letter came")
    assert claim_detail(line.store, claim).look_again.splitlines() == ["a letter came", "a letter", "letter came"]


def test_a_correction_taken_back_brings_what_it_answered_beside_what_came_up_since(line):
    claim = final(line)
    came_up(line, claim, "first")
    given = correct(line.store, claim, Opinion("supported", "Ida"), "We erred.", OPEN)
    came_up(line, claim, "second")
    withdraw_verdict(line.store, given.id, "Ida")
    assert claim_detail(line.store, claim).look_again == "first\nsecond"
    assert [row.id for row in claim_page(line.store, ClaimFilter(look_again=True)).rows] == [claim]


def test_a_contradiction_that_a_person_finds_calls_final_verdicts_back(tmp_path):
    told = story.tell(tmp_path)
    for claim in (told.ids[3], told.ids[5]):
        record_verdict(told.store, claim, "refuted", "Ida")
        finalise(told.store, claim, "Ida", OPEN)
    record_pair_judgement(told.store, (told.ids[3], told.ids[6]), "unclear", "Ben")
    assert claim_detail(told.store, told.ids[3]).look_again == ""
    record_pair_judgement(told.store, (told.ids[3], told.ids[6]), "contradiction", "Ben")
    assert claim_detail(told.store, told.ids[3]).look_again.startswith("Dockers’ union: The union puts")
    assert claim_page(told.store, ClaimFilter(look_again=True)).total == 1
    seen_again(told.store, told.ids[3], "Ida")
    for pair in ((told.ids[3], told.ids[6]), (told.ids[1], told.ids[5])):  # said before, and found by the machine
        record_pair_judgement(told.store, pair, "contradiction", "Kim")
    assert claim_page(told.store, ClaimFilter(look_again=True)).total == 0
    record_pair_judgement(told.store, (told.ids[1], told.ids[5]), "not_contradiction", "Kim")
    record_pair_judgement(told.store, (told.ids[1], told.ids[5]), "contradiction", "Kim")
    assert "Marit Oduya" in claim_detail(told.store, told.ids[5]).look_again


@pytest.mark.parametrize(
    ("judgement", "called"), [("unclear", 1), ("contradiction", 0), ("not_contradiction", 0), ("same_claim", 0)]
)
def test_the_machine_is_silent_only_of_pairs_that_people_decided(tmp_path, judgement, called):
    told = story.tell(tmp_path)
    record_pair_judgement(told.store, (told.ids[3], told.ids[6]), judgement, "Ben")
    record_verdict(told.store, told.ids[3], "refuted", "Ida")
    finalise(told.store, told.ids[3], "Ida", OPEN)
    pair = sorted((told.ids[3], told.ids[6]))
    found = SimpleNamespace(claim_a=pair[0], claim_b=pair[1], relation="contradicts")
    with told.store.writing() as connection:
        assert call_back(connection, [found]) == called


def test_the_screen_says_so_until_somebody_has_looked(line, tmp_path):
    claim = final(line)
    more(line, tmp_path)
    assert "Look again" in words(opened())
    app = opened("claim", claim=claim)
    app.text_input(key="reviewer").set_value("Kim").run()
    assert "Look again, this came up since the verdict was final" in words(app)
    press(app, f"seen-{claim}-3")
    assert "the verdict stands" in words(app) and "this came up" not in words(app)
    assert "Look again" not in words(opened())
