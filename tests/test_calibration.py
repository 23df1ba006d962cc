"""Probabilities that mean what they say."""

from __future__ import annotations

import numpy as np
import pytest

from embeddings.calibration import (
    expected_calibration_error,
    fit_temperature,
    reliability,
    save_temperature,
    softmax,
    temperature_of,
)


def test_the_temperature_that_made_the_answers_is_found_again():
    random = np.random.default_rng(4)
    logits = random.normal(size=(20_000, 3)) * 2
    gold = np.array([random.choice(3, p=row) for row in softmax(logits)])
    assert fit_temperature(logits * 2.5, gold) == pytest.approx(2.5, rel=0.05)


def test_fitting_lowers_the_error_of_a_boastful_model():
    random = np.random.default_rng(5)
    logits = random.normal(size=(5_000, 3))
    gold = np.array([random.choice(3, p=row) for row in softmax(logits)])
    boastful, mended = softmax(logits * 3), softmax(logits * 3 / fit_temperature(logits * 3, gold))

    def error(table):
        return expected_calibration_error(table.max(axis=1), table.argmax(axis=1) == gold)

    assert error(mended) < 0.03 < error(boastful)


def test_the_reliability_table_covers_every_pair_once():
    rows = reliability(np.array([0.0, 0.1, 0.5, 0.99, 1.0]), np.array([0, 1, 1, 1, 1]), bins=10)
    assert sum(share for _, share, _, _ in rows) == pytest.approx(1)


def test_a_saved_temperature_is_read_and_a_senseless_one_refused(tmp_path):
    assert temperature_of(tmp_path) == 1.0
    save_temperature(tmp_path, 1.37, "dev.jsonl", 10)
    assert temperature_of(tmp_path) == 1.37
    save_temperature(tmp_path, -1, "dev.jsonl", 10)
    with pytest.raises(ValueError, match="no temperature -1"):
        temperature_of(tmp_path)
