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

from embeddings.pair_scale import fit_weights
from embeddings.standing import FEATURES, features_of, standing, worth_of
from embeddings.training_data import read_rows
from embeddings.training_written import CONFLICTS, check_reading


def conflicts_read(files: Iterable[Path]) -> list[dict]:
    """The rows of all files.

    Raises:
        ValueError: a row was read as something that is no reading, or lacks what a conflict needs.
    """
    rows = [row for file in files for row in read_rows(file)]
    for row in rows:
        check_reading(row.get("read"))
        missing = [name for name in ("a", "b", "strict", "score", *FEATURES) if name not in row]
        if missing:
            raise ValueError(f"the conflict {row} lacks {', '.join(missing)}")
    return rows


def are_real(rows: Sequence[dict]) -> np.ndarray:
    """Whether a reader found each conflict real."""
    return np.array([row["read"] in CONFLICTS for row in rows], bool)


def standing_of(row: dict) -> float:
    """What a row's conflict stands at."""
    return standing(worth_of(*(row[name] for name in FEATURES[:-1])), row["others"])


def fit_standing(rows: Sequence[dict]) -> dict[str, float]:
    """The weight of each feature and the bias, by logistic regression."""
    features = np.array([features_of(*(row[name] for name in FEATURES)) for row in rows], float)
    return dict(zip((*FEATURES, "bias"), fit_weights(features, are_real(rows), ()), strict=True))
