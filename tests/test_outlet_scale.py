"""On a desk with a scale of its own, claims are found and counted in that scale's words."""

from __future__ import annotations

import pytest

from tests import story
from views.pictures import COLOURS, verdict_colours
from workbench.figures import verdicts_by
from workbench.queries import ClaimFilter, claim_page, facets
from workbench.scales import SCALES, verdict_key
from workbench.verdicts import record_verdict

POLITIFACT = SCALES["politifact"]


@pytest.fixture
def told(tmp_path) -> story.Told:
    """Two verdicts that stand for "refuted" in two words, and one in the standard words."""
    told = story.tell(tmp_path)
    for at, label in enumerate(("False", "Pants on Fire", "")):
        record_verdict(told.store, told.ids[at], "refuted", "Ida", label=label)
    return told


def test_the_filter_offers_the_words_of_the_scale_and_what_was_given_besides(told):
    offered = {one.label: one.count for one in facets(told.store, "Ben", POLITIFACT).verdicts}
    assert offered == {
        "No verdict yet": len(told.ids) - 3, "True": 0, "Mostly True": 0, "Half True": 0, "Mostly False": 0,
        "False": 1, "Pants on Fire": 1, "Refuted": 1,
    }  # fmt: skip


def test_each_option_finds_what_it_counts(told):
    for one in facets(told.store, "Ben", POLITIFACT).verdicts:
        found = claim_page(told.store, ClaimFilter(verdict=one.value, seen_by="Ben"))
        assert found.total == one.count, one.label
    (row,) = claim_page(told.store, ClaimFilter(verdict=verdict_key("refuted", "Pants on Fire"))).rows
    assert row.label == "Pants on Fire"


def test_a_verdict_that_is_kept_back_adds_no_words_to_the_filter(told):
    record_verdict(told.store, told.ids[4], "outdated", "Ida", label="Stale", second_review=True)
    labels = [{one.label for one in facets(told.store, who, POLITIFACT).verdicts} for who in ("Ben", "Ida")]
    assert ["Stale" in found for found in labels] == [False, True]


def test_figures_by_speaker_speak_the_outlets_words_and_name_the_standard_ones(told):
    rows = verdicts_by(told.store, "speaker").rows
    assert {(words, count, standard) for _, words, count, standard in rows} == {
        ("False", 1, "Refuted"),
        ("Pants on Fire", 1, "Refuted"),
        ("Refuted", 1, "Refuted"),
    }


def test_verdicts_that_stand_for_one_standard_verdict_have_colours_of_their_own():
    found = verdict_colours([("Pants on Fire", "Refuted"), ("True", "Supported"), ("False", "Refuted")])
    assert list(found) == ["True", "False", "Pants on Fire"]
    assert (found["True"], found["False"]) == (COLOURS[0], COLOURS[4])
    assert len(set(found.values())) == 3
