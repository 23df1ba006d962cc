"""Groups of statements that say the same, and the sources behind them."""

from __future__ import annotations

import pytest

from embeddings.groups import Said, group_claims, independent_sources


def test_the_same_of_the_same_is_one_group():
    assert group_claims([("b", "a", 0.9), ("c", "b", 0.8), ("x", "y", 0.9)], []) == {
        "a": "a", "b": "a", "c": "a", "x": "x", "y": "x",
    }  # fmt: skip


def test_a_claim_joins_no_group_that_holds_its_opposite():
    found = group_claims([("a", "b", 0.9), ("b", "c", 0.95), ("c", "d", 0.7)], [("a", "c")])
    assert found["b"] == found["c"] == found["d"]
    assert "a" not in found


def test_opposites_are_kept_apart_through_any_chain():
    found = group_claims([("a", "b", 0.9), ("c", "d", 0.9), ("b", "c", 0.8)], [("a", "d")])
    assert found["a"] == found["b"] != found["c"] == found["d"]


def test_one_speaker_in_two_papers_is_one_source():
    said = [
        Said("The bridge was checked twice.", "Mary Holt", "Ledger", "1"),
        Said("We looked at it two times in March.", "Mary Holt", "Coast", "2"),
        Said("It was checked twice, records show.", "", "Coast", "2"),
    ]
    assert independent_sources(said) == 2


def test_a_wire_copy_is_no_second_source():
    text = "The bridge was checked twice in the month before it jammed, records of the harbour show."
    said = [Said(text, "", "Ledger", "1"), Said(text.replace("records", "the records"), "", "Coast", "2")]
    assert independent_sources(said) == 1
    assert independent_sources([*said, Said("Inspectors came on two days.", "", "Post", "3")]) == 2


def test_articles_of_no_known_outlet_are_told_apart():
    said = [Said("It rained all day.", "", "", "1"), Said("No dry hour on Monday.", "", "", "2")]
    assert independent_sources(said) == 2


@pytest.mark.parametrize("speaker", ["officials", "police source", "Experts", "sources close to John Reed"])
def test_sources_without_a_name_are_those_of_their_own_article(speaker):
    said = [
        Said("The bridge was checked twice.", speaker, "Ledger", "1"),
        Said("We looked at it two times in March.", speaker, "Coast", "2"),
        Said("Nobody had seen rust in the cables.", speaker, "Coast", "2"),
    ]
    assert independent_sources(said) == 2
