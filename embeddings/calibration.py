"""Making a model's probabilities mean what they say: one temperature, fitted on pairs it was not trained on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

FILE = "calibration.json"


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def fit_temperature(logits: np.ndarray, gold: np.ndarray) -> float:
    """The number by which `logits` (n, classes) are divided so that the gold classes (n,) are likeliest, 0.25 to 4.

    The likelihood has one peak in the temperature's logarithm, so halving the interval by golden sections finds it.
    """
    low, high = np.log(0.25), np.log(4.0)
    ratio = (np.sqrt(5) - 1) / 2

    def loss(log_temperature: float) -> float:
        scaled = softmax(logits / np.exp(log_temperature))
        return float(-np.log(np.maximum(scaled[np.arange(len(gold)), gold], 1e-12)).mean())

    while high - low > 1e-4:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def expected_calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """Mean distance between what was promised and what was right, over bins of equal width, weighted by their size."""
    table = reliability(confidence, right, bins)
    return float(sum(share * abs(promised - kept) for _, share, promised, kept in table))


def reliability(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> list[tuple[float, float, float, float]]:
    """For each bin that holds pairs: its upper edge, its share of them, mean confidence, share that was right."""
    edges = np.linspace(0, 1, bins + 1)
    place = np.clip(np.digitize(confidence, edges[1:-1], right=True), 0, bins - 1)
    rows = []
    for number in range(bins):
        inside = place == number
        if inside.any():
            rows.append(
                (
                    float(edges[number + 1]),
                    float(inside.mean()),
                    float(confidence[inside].mean()),
                    float(right[inside].mean()),
                )
            )
    return rows


def temperature_of(folder: Path) -> float:
    """The temperature saved with the model in `folder`; 1 where none is.

    Raises:
        ValueError: the file holds none that makes sense.
    """
    path = folder / FILE
    if not path.exists():
        return 1.0
    temperature = json.loads(path.read_text(encoding="utf-8"))["temperature"]
    if not 0.1 <= temperature <= 10:
        raise ValueError(f"{path}: no temperature {temperature!r}; a number from 0.1 to 10 is needed")
    return float(temperature)


def save_temperature(folder: Path, temperature: float, fitted_on: str, pairs: int) -> None:
    """Keep `temperature` with the model, and on what it was fitted."""
    content = {"temperature": round(temperature, 4), "fitted_on": fitted_on, "pairs": pairs}
    (folder / FILE).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
