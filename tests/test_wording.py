"""The words of the screen: numbers, relations and dates as people read them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from views import wording
from workbench.jobs import Job
from workbench.pair_rows import Link, Why

LINK = Link(
    "contradicts", True, 0.91, 0.6, 0.91, 0.02, 0.03, 0.8, (Why("negation", "one of the two denies"),), "a-model"
)


@pytest.mark.parametrize(("link", "words"), [
    (LINK, "Can’t both be true"),
    (replace(LINK, score=0.55), "May not both be true"),
    (replace(LINK, strict=False), "In tension"),
    (replace(LINK, relation="same_claim"), "Says the same"),
    (replace(LINK, relation="supports", entailment_ab=0.1, entailment_ba=0.8), "Backs this claim"),
    (replace(LINK, relation="supports", entailment_ab=0.8, entailment_ba=0.1), "Follows from this claim"),
    (replace(LINK, relation="related"), "Same subject"),
])  # fmt: skip
def test_a_relation_is_told_in_words(link: Link, words: str) -> None:
    assert wording.relation_words(link) == words


def test_a_pair_has_no_this_claim() -> None:
    assert "this claim" not in wording.pair_words(replace(LINK, relation="supports"))
    assert wording.pair_words(LINK) == wording.relation_words(LINK)


@pytest.mark.parametrize(
    ("score", "words"), [(0.91, "strong (0.91)"), (0.7, "moderate (0.70)"), (0.5, "unclear (0.50)")]
)
def test_a_score_is_a_word_and_a_number(score: float, words: str) -> None:
    assert wording.score_words(replace(LINK, score=score)) == words


@pytest.mark.parametrize(("iso", "words"), [("2022-03-04", "4 March 2022"), ("", ""), ("spring", "spring")])
def test_dates_are_spelled_out_and_others_left_alone(iso: str, words: str) -> None:
    assert wording.date_words(iso) == words


def test_a_time_says_its_zone() -> None:
    assert wording.time_words("2026-11-22T23:40:01.000000+00:00") == "22 November 2026, 23:40 UTC"


@pytest.mark.parametrize(("number", "words"), [(0, "0 claims"), (1, "1 claim"), (1204, "1,204 claims")])
def test_amounts(number: int, words: str) -> None:
    assert wording.amount(number, "claim") == words


def test_a_job_says_what_it_does_and_how_far_it_is() -> None:
    job = Job(1, "ingest", "running", "judging pairs", 300, 1200, "", None, "", None, "", None)
    assert (wording.job_words(job), wording.job_share(job)) == ("Judging pairs: 300 of 1,200", 0.25)
    assert (wording.job_words(replace(job, total=0)), wording.job_share(replace(job, total=0))) == (
        "Judging pairs …",
        0.0,
    )


def test_the_model_that_speaks_is_named() -> None:
    assert wording.model_words(("a", "b"), "shipped") == "Relations judged by a and b"
    assert "shipped" in wording.model_words((), "shipped")
