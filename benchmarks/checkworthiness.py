"""Which sentences hold a claim worth checking: F1, average precision and accuracy against people's labels.

Rows hold ``text`` and ``label`` (Yes/No or 1/0), perhaps ``split`` and ``speech``. `--split` takes the rows of one
split. With `--folds`, nothing but the reader's vectors is used: a logistic regression on them is fitted to the other
folds' labels (whole speeches held out), and says how well what the reader knows carries over to labels of another kind.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, average_precision_score, f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from claims.checkworthiness import WORTH_CHECKING, check_worthiness
from claims.language import LanguageModel
from claims.reader import FOLDER, Reader
from embeddings.training_data import read_rows

_RULE_THRESHOLD = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--split", help="only the rows of this split")
    parser.add_argument("--reader", type=Path, default=FOLDER, help="another folder with a reader's weights")
    parser.add_argument("--rules", action="store_true", help="by rule, without a reader")
    parser.add_argument("--folds", type=int, help="fit the labels on the reader's vectors, by this many folds")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """The result: n, f1 of the positive class, average_precision, accuracy."""
    rows = [row for row in read_rows(args.file) if args.split in (None, row.get("split"))]
    if not rows:
        splits = sorted({str(row.get("split")) for row in read_rows(args.file)})
        raise ValueError(f"{args.file}: no split {args.split!r}; choose one of {', '.join(splits)}")
    gold = np.array([str(row["label"]).lower() in {"yes", "1"} for row in rows])
    texts = [row["text"].strip().strip('"') for row in rows]
    if args.rules:
        scores = np.array([check_worthiness(doc[:]) for doc in LanguageModel().read(texts)])
        said = scores >= _RULE_THRESHOLD
    else:
        reader = Reader(args.reader)
        pooled = np.stack([read.pooled(0, len(text)) for read, text in zip(reader.read(texts), texts, strict=True)])
        if args.folds:
            speeches = [str(row.get("speech", place)) for place, row in enumerate(rows)]
            scores = held_out(pooled, gold, speeches, args.folds)
            said = scores >= 0.5
        else:
            scores = reader.worths(pooled)
            said = scores >= WORTH_CHECKING
    return [f"{int(gold.sum())} of {len(rows)} are worth checking; {int(said.sum())} were called so"], {
        "n": len(rows),
        "f1": round(float(f1_score(gold, said)), 4),
        "average_precision": round(float(average_precision_score(gold, scores)), 4),
        "accuracy": round(float(accuracy_score(gold, said)), 4),
    }


def held_out(vectors: np.ndarray, gold: np.ndarray, groups: list[str], folds: int) -> np.ndarray:
    """The probability of each row by a regression that saw no row of its group; (rows,)."""
    model = LogisticRegression(C=0.1, max_iter=2000)
    return cross_val_predict(model, vectors, gold, groups=groups, cv=GroupKFold(folds), method="predict_proba")[:, 1]
