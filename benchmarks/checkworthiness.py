"""Which sentences hold a claim worth checking: F1, average precision and accuracy against people's labels.

Rows hold ``text`` and ``label`` (Yes/No or 1/0), perhaps ``split``. `--split` takes the rows of one split.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from sklearn.metrics import accuracy_score, average_precision_score, f1_score

from claims.checkworthiness import check_worthiness
from claims.language import LanguageModel
from embeddings.training_data import read_rows

THRESHOLD = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--split", help="only the rows of this split")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """The result: n, f1 of the positive class, average_precision, accuracy."""
    rows = [row for row in read_rows(args.file) if args.split in (None, row.get("split"))]
    if not rows:
        splits = sorted({str(row.get("split")) for row in read_rows(args.file)})
        raise ValueError(f"{args.file}: no split {args.split!r}; choose one of {', '.join(splits)}")
    gold = np.array([str(row["label"]).lower() in {"yes", "1"} for row in rows])
    docs = LanguageModel().read([row["text"] for row in rows])
    scores = np.array([check_worthiness(doc[:]) for doc in docs])
    said = scores >= THRESHOLD
    return [f"{int(gold.sum())} of {len(rows)} are worth checking; {int(said.sum())} were called so"], {
        "n": len(rows),
        "f1": round(float(f1_score(gold, said)), 4),
        "average_precision": round(float(average_precision_score(gold, scores)), 4),
        "accuracy": round(float(accuracy_score(gold, said)), 4),
    }
