"""Minimal pairs made by rule."""

from __future__ import annotations

import random

import pytest

from embeddings.training_twins import (
    AFFIRMATIONS,
    CONTRADICTION,
    DENIALS,
    ENTAILMENT,
    NEUTRAL,
    necessity_pairs,
    negated,
    twin_of,
    within,
)


@pytest.mark.parametrize(
    ("sentence", "other"),
    [
        ("The bridge is safe.", "The bridge is not safe."),
        ("The bridge is not safe.", "The bridge is safe."),
        ("The bridge isn't safe.", "The bridge is safe."),
        ("The mayor has resigned.", "The mayor has not resigned."),
        ("The mayor could have known.", "The mayor could not have known."),
    ],
)
def test_a_negation_is_put_in_or_taken_out(sentence, other):
    assert negated(sentence) == other


@pytest.mark.parametrize(
    "sentence",
    [
        "Some bridges are safe.",
        "The mayor said that the bridge is safe.",
        "The bridge is never safe.",
        "Is the bridge safe?",
        "The mayor has a ferry.",
        "The bridge fell.",
        "They won't come.",
    ],
)
def test_what_not_would_deny_must_be_clear(sentence):
    assert negated(sentence) is None


def test_a_negated_hypothesis_swaps_the_answer_and_a_denied_denial_keeps_it():
    chance = random.Random(5)
    for allowed, flipped in ((CONTRADICTION, ENTAILMENT), (ENTAILMENT, CONTRADICTION), (NEUTRAL, NEUTRAL)):
        kinds = set()
        for _ in range(60):
            premise, hypothesis, found = twin_of("The pier is open.", "The bridge is safe.", allowed, chance)
            denied = hypothesis == "The bridge is not safe." or any(
                hypothesis == form.format("the bridge is safe") for form in DENIALS
            )
            affirmed = any(hypothesis == form.format("the bridge is safe") for form in AFFIRMATIONS) or any(
                premise == form.format("the pier is open") for form in AFFIRMATIONS
            )
            assert denied != affirmed
            assert found == (flipped if denied else allowed)
            kinds.add(denied)
        assert kinds == {True, False}


def test_two_classes_at_once_have_no_twin():
    assert twin_of("A.", "B is safe.", CONTRADICTION | NEUTRAL, random.Random(1)) is None


def test_a_name_keeps_its_capital_inside_a_sentence():
    assert within("The bridge is safe.") == "the bridge is safe"
    assert within("Mary Holt is safe!") == "Mary Holt is safe"


def test_what_needs_what_comes_with_every_answer_and_denial_on_each_side():
    pairs = list(necessity_pairs(400, random.Random(2)))
    assert {allowed for *_, allowed in pairs} == {CONTRADICTION, ENTAILMENT, NEUTRAL}
    for wanted in (CONTRADICTION, ENTAILMENT):
        denying = [" not " in pair[1] or "without" in pair[1].lower() for pair in pairs if pair[2] == wanted]
        assert 0.2 < sum(denying) / len(denying) < 0.9
