"""What each thing that is known of a conflict counts, fitted to conflicts that readers went through.

A file has a JSON line for each conflict that the program found in a whole collection: both places (``a``, ``b``) and
what was ``read``, as in `embeddings.training_written`, ``strict`` and ``score`` as the program had them, and FEATURES
as `embeddings.standing.features_of` takes them. The project's own files stand in `embeddings/written/conflicts`; AI
assistants read them, one each, without knowing what the program had made of a pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from embeddings.standing import FEATURES, features_of
from embeddings.training_data import read_rows
from embeddings.training_written import CONFLICTS, READINGS


def conflicts_read(files: Iterable[Path]) -> list[dict]:
    """The rows of all files.

    Raises:
        ValueError: a row was read as something that is no reading, or lacks what a conflict needs.
    """
    rows = [row for file in files for row in read_rows(file)]
    for row in rows:
        if row.get("read") not in READINGS:
            raise ValueError(f"a conflict was read as {row.get('read')!r}; choose one of {', '.join(READINGS)}")
        missing = [name for name in ("a", "b", "strict", "score", *FEATURES) if name not in row]
        if missing:
            raise ValueError(f"the conflict {row} lacks {', '.join(missing)}")
    return rows


def features_and_truth(rows: Sequence[dict]) -> tuple[np.ndarray, np.ndarray]:
    """(rows, FEATURES), and whether a reader found each conflict real."""
    features = np.array([features_of(*(row[name] for name in FEATURES)) for row in rows], float)
    return features.reshape(-1, len(FEATURES)), np.array([row["read"] in CONFLICTS for row in rows], bool)


def fit_standing(rows: Sequence[dict]) -> dict[str, float]:
    """The weight of each feature and the bias, by logistic regression."""
    features, real = features_and_truth(rows)
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(features, real)
    weights = dict(zip(FEATURES, fitted.coef_[0], strict=True)) | {"bias": fitted.intercept_[0]}
    return {name: round(float(weight), 4) for name, weight in weights.items()}
