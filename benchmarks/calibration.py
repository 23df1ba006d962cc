"""How far an entailment model's probabilities can be believed: reliability table and expected calibration error.

The file holds JSON lines with ``premise``, ``hypothesis`` and a three-way ``label``. `--skip` leaves out the first
rows, those that a temperature was fitted on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from embeddings.calibration import expected_calibration_error, reliability
from embeddings.entailment import CLASSES, SHIPPED, load_entailment
from embeddings.training_data import read_rows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", default=SHIPPED, help="'shipped', a folder or a hub name")
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--rows", type=int, help="no more than these many rows")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people and the result: n, ece over the likeliest class, contradiction_ece."""
    rows = [row for row in read_rows(args.file) if row["label"] in CLASSES][args.skip :][: args.rows]
    scores = load_entailment(args.model).score([(row["premise"], row["hypothesis"]) for row in rows])
    table = np.array([[getattr(score, name) for name in CLASSES] for score in scores])
    gold = np.array([CLASSES.index(row["label"]) for row in rows])
    confidence, right = table.max(axis=1), table.argmax(axis=1) == gold
    lines = ["up to   share   promised   right"]
    lines += ["{:.2f}    {:.3f}   {:.3f}      {:.3f}".format(*row) for row in reliability(confidence, right)]
    return lines, {
        "n": len(rows),
        "ece": round(expected_calibration_error(confidence, right), 4),
        "contradiction_ece": round(expected_calibration_error(table[:, 0], gold == 0), 4),
        "accuracy": round(float(right.mean()), 4),
    }
