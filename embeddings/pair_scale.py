"""One number for a pair: how likely readers would say that two claims conflict, or that one supports the other.

The model speaks of one direction at a time, in classes made for captions; what readers of news say of such pairs is
fitted on top of it: two logistic scales over the model's answers in both directions and the cosine of the two claims.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings.calibration import FILE

if TYPE_CHECKING:
    from embeddings.entailment import Entailment

FEATURES = ("contradiction", "tension", "entailment", "similarity")
_LEAST = 0.002  # keeps a logit within ±6


def both_ways(one: float, other: float) -> float:
    """A symmetric reading of a two-way score: half the mean, half the stronger direction.

    A contradiction holds in both directions, but the model sees many in one only; the maximum alone would double the
    false alarms.
    """
    return 0.5 * max(one, other) + 0.25 * (one + other)


def conflict_of(forward: Entailment, backward: Entailment) -> tuple[float, float]:
    """Contradiction and tension of two statements, each 0 to 1, joined over both directions: the less, the more one of
    them says what the other says."""
    apart = 1 - (forward.entailment + backward.entailment) / 2
    return (
        apart * both_ways(forward.contradiction, backward.contradiction),
        apart * both_ways(forward.tension, backward.tension),
    )


def features_of(forward: Entailment, backward: Entailment, similarity: float) -> np.ndarray:
    """FEATURES of a pair: logits of the joined probabilities, and the cosine as it is."""
    joined = [*conflict_of(forward, backward), both_ways(forward.entailment, backward.entailment)]
    bounded = np.clip(joined, _LEAST, 1 - _LEAST)
    return np.append(np.log(bounded / (1 - bounded)), similarity)


@dataclass(frozen=True, slots=True)
class PairScale:
    """Weights of FEATURES and, last, the constant, for conflict and for support."""

    conflict: tuple[float, ...]
    support: tuple[float, ...]

    def __post_init__(self) -> None:
        for name in ("conflict", "support"):
            if len(getattr(self, name)) != len(FEATURES) + 1:
                raise ValueError(f"{name} has {len(getattr(self, name))} weights; {len(FEATURES) + 1} are needed")

    def probabilities(self, forward: Entailment, backward: Entailment, similarity: float) -> tuple[float, float]:
        """Of conflict and of support, each 0 to 1."""
        known = np.append(features_of(forward, backward, similarity), 1.0)
        return tuple(float(1 / (1 + np.exp(-known @ np.array(weights)))) for weights in (self.conflict, self.support))


def fit_weights(
    features: np.ndarray, labels: np.ndarray, rising: Sequence[str], counts: np.ndarray | None = None
) -> tuple[float, ...]:
    """Weights and constant of a logistic scale from features (pairs, FEATURES) to labels 0 or 1.

    `counts` says how much each pair counts (default: all the same). The features named in `rising` may get no negative
    weight (more contradiction never makes a conflict less likely); one that would is left out.
    """
    from sklearn.linear_model import LogisticRegression

    used = list(range(features.shape[1]))
    while True:
        model = LogisticRegression(C=1.0, max_iter=1000).fit(features[:, used], labels, counts)
        negative = [place for place, weight in zip(used, model.coef_[0], strict=True) if weight < 0]
        negative = [place for place in negative if FEATURES[place] in rising]
        if not negative:
            break
        used = [place for place in used if place not in negative]
    weights = np.zeros(features.shape[1])
    weights[used] = model.coef_[0]
    return tuple(round(float(weight), 4) for weight in (*weights, model.intercept_[0]))


def scale_of(folder: Path) -> PairScale | None:
    """The scales saved with the model in `folder`; None where there are none.

    Raises:
        ValueError: they don't fit this program.
    """
    path = folder / FILE
    content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if "scale" not in content:
        return None
    known = content["scale"]
    if known.get("features") != list(FEATURES):
        raise ValueError(f"{path}: scales over {known.get('features')}; this program knows {list(FEATURES)}")
    return PairScale(tuple(known["conflict"]), tuple(known["support"]))


def save_scale(folder: Path, scale: PairScale, fitted_on: Sequence[str]) -> None:
    """Keep the scales with the model, beside its temperature."""
    path = folder / FILE
    content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    content["scale"] = {
        "features": list(FEATURES),
        "conflict": list(scale.conflict),
        "support": list(scale.support),
        "fitted_on": list(fitted_on),
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
