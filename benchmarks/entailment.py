"""Accuracy of an entailment model on a file of labelled pairs.

The file holds JSON lines (gzipped or not) with ``premise``, ``hypothesis`` and ``label``. Two-way files are scored
two-way: where gold knows ``not_entailment``, neutral and contradiction count as that; where no row is neutral, the
likelier of the other two is the answer.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

from embeddings.entailment import CLASSES, SHIPPED, Entailment, load_entailment
from embeddings.training_data import read_rows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", default=SHIPPED, help="'shipped', a folder or a hub name")
    parser.add_argument("--rows", type=int, help="only the first rows")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people and the result: n, accuracy, macro_f1, seconds, pairs_per_second."""
    rows = list(read_rows(args.file))[: args.rows]
    model = load_entailment(args.model)
    started = time.monotonic()
    scores = model.score([(row["premise"], row["hypothesis"]) for row in rows])
    seconds = time.monotonic() - started
    gold = [row["label"] for row in rows]
    said = [answer(score, set(gold)) for score in scores]
    result = {
        "n": len(rows),
        "accuracy": round(sum(one == other for one, other in zip(gold, said, strict=True)) / len(rows), 4),
        "macro_f1": round(macro_f1(gold, said), 4),
        "seconds": round(seconds, 1),
        "pairs_per_second": round(len(rows) / seconds, 1),
        "model": model.model_id,
    }
    table = Counter(zip(gold, said, strict=True))
    lines = [f"{args.file.name}: gold → said"]
    lines += [f"  {right:15} {given:15} {count}" for (right, given), count in sorted(table.items())]
    return lines, result


def answer(score: Entailment, labels: set[str]) -> str:
    """The label that `score` gives among `labels`, the labels that stand in the file."""
    if "not_entailment" in labels:
        return "entailment" if score.entailment > max(score.contradiction, score.neutral) else "not_entailment"
    choices = [name for name in CLASSES if name in labels]
    return max(choices, key=lambda name: getattr(score, name))


def macro_f1(gold: list[str], said: list[str]) -> float:
    """Mean over the gold labels of each one's F1."""
    scores = []
    for label in sorted(set(gold)):
        hits = sum(one == other == label for one, other in zip(gold, said, strict=True))
        scores.append(2 * hits / (gold.count(label) + said.count(label)))
    return sum(scores) / len(scores)
