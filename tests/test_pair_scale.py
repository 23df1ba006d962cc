"""The number that a pair gets: fitted, kept with the model, and read off both directions."""

from __future__ import annotations

import json

import numpy as np
import pytest

from embeddings.entailment import Entailment
from embeddings.pair_scale import FEATURES, PairScale, features_of, fit_weights, save_scale, scale_of

CLASH, CALM = Entailment(0.9, 0.05, 0.05, 0.8), Entailment(0.05, 0.6, 0.35, 0.1)


def drawn(pairs: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Features, and labels that follow contradiction up and entailment down."""
    random = np.random.default_rng(3)
    features = random.normal(size=(pairs, len(FEATURES)))
    chance = 1 / (1 + np.exp(-(1.5 * features[:, 0] - features[:, 2] - 1)))
    return features, (random.random(pairs) < chance).astype(int)


def test_weights_are_found_again():
    weights = fit_weights(*drawn(), rising=("contradiction",))
    assert weights == pytest.approx((1.5, 0, -1, 0, -1), abs=0.15)


def test_a_weight_that_must_rise_is_left_out_where_it_would_fall():
    features, labels = drawn()
    assert fit_weights(features, labels, rising=("entailment",))[FEATURES.index("entailment")] == 0


def test_the_order_of_the_two_claims_does_not_matter():
    assert features_of(CLASH, CALM, 0.4) == pytest.approx(features_of(CALM, CLASH, 0.4))


def test_saved_scales_are_read_and_foreign_ones_refused(tmp_path):
    assert scale_of(tmp_path) is None
    scale = PairScale((1.0, 0.5, 0.0, 2.0, -3.0), (0.0, 0.0, 1.0, 2.0, -1.0))
    save_scale(tmp_path, scale, ["own pairs"])
    assert scale_of(tmp_path) == scale
    conflict, support = scale.probabilities(CLASH, CLASH, 0.5)
    calm = scale.probabilities(CALM, CALM, 0.5)
    assert conflict > calm[0] and support < calm[1]
    path = tmp_path / "calibration.json"
    content = json.loads(path.read_text())
    content["scale"]["features"] = ["mood"]
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match="mood"):
        scale_of(tmp_path)


def test_too_few_weights_are_refused():
    with pytest.raises(ValueError, match="conflict has 2 weights; 5 are needed"):
        PairScale((1.0, 2.0), (0.0,) * 5)
