"""The scale of pairs fitted to what readers found between claims of real news."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from embeddings.entailment import EntailmentModel
from embeddings.pair_scale import PairScale, features_of, fit_weights
from embeddings.second_opinion import near_conflict, opinions
from embeddings.training_written import CONFLICTS, SUPPORTS, Reading

# What a pair counts that was not drawn by chance: conflicts so much that together they do not outnumber what chance
# draws, and pairs picked because they look like conflicts less than their number, which is none of nature's.
_PICKED_HARMLESS = 0.2

Encode = Callable[[list[str]], np.ndarray]


def features_of_readings(
    found: Sequence[Reading], model: EntailmentModel, encode: Encode, second: EntailmentModel | None = None
) -> np.ndarray:
    """`embeddings.pair_scale.features_of` each pair, (pairs, FEATURES). `encode` gives unit vectors for texts; `second`
    is asked of those that are doubtful by `embeddings.second_opinion.near_conflict`."""
    pairs = [(reading.a, reading.b) for reading in found]
    scores = [opinion.scores for opinion in opinions(pairs, model, second, near_conflict)]
    cosines = (encode([a for a, _ in pairs]) * encode([b for _, b in pairs])).sum(axis=1)
    return np.array([features_of(*both, float(cosine)) for both, cosine in zip(scores, cosines, strict=True)])


def counts_of(found: Sequence[Reading], kinds: Sequence[str]) -> np.ndarray:
    """How much each pair counts, so that the share of `kinds` is what it is among pairs drawn by chance."""
    drawn = np.array([reading.drawn for reading in found])
    hits = np.array([reading.found in kinds for reading in found])
    counts = np.where(drawn, 1.0, _PICKED_HARMLESS)
    share = float(hits[drawn].mean()) if drawn.any() else float(hits.mean())
    if 0 < share < 1 and hits.any():
        counts[hits] = share / (1 - share) * counts[~hits].sum() / hits.sum()
    return counts


def fit_scale(found: Sequence[Reading], features: np.ndarray) -> PairScale:
    """The scale for pairs such as the product judges."""
    fitted = []
    for kinds, rising in ((CONFLICTS, ("contradiction", "tension")), (SUPPORTS, ("entailment",))):
        labels = np.array([int(reading.found in kinds) for reading in found])
        fitted.append(fit_weights(features, labels, rising, counts_of(found, kinds)))
    return PairScale(*fitted)
