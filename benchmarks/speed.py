"""Pairs a second of the entailment model as the product runs it, beside plain `CrossEncoder.predict` in float32.

The file holds JSON lines with ``premise`` and ``hypothesis``, or with ``claim_a`` and ``claim_b``. Both ways run in
turns in one process, three times each; the medians are compared. With labels, the accuracy of both is printed.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import numpy as np

from embeddings.entailment import CLASSES, SHIPPED, load_entailment
from embeddings.training_data import read_rows

TURNS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", default=SHIPPED, help="'shipped', a folder or a hub name")
    parser.add_argument("--rows", type=int, default=1000, help="how many pairs (default: 1000)")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people and the result: n, both speeds in pairs a second, their ratio, how often the answers agree."""
    rows = list(read_rows(args.file))[: args.rows]
    pairs = [(row.get("premise") or row["claim_a"], row.get("hypothesis") or row["claim_b"]) for row in rows]
    models = {"plain": load_entailment(args.model, fast=False), "ours": load_entailment(args.model)}
    seconds: dict[str, list[float]] = {name: [] for name in models}
    answers: dict[str, np.ndarray] = {}
    for model in models.values():
        model.score(pairs[:64])
    for _ in range(TURNS):
        for name, model in models.items():
            started = time.perf_counter()
            scores = model.score(pairs)
            seconds[name].append(time.perf_counter() - started)
            answers[name] = np.array([[getattr(score, kind) for kind in CLASSES] for score in scores])
    speed = {name: len(pairs) / statistics.median(taken) for name, taken in seconds.items()}
    agree = float((answers["plain"].argmax(axis=1) == answers["ours"].argmax(axis=1)).mean())
    result = {
        "n": len(pairs),
        "plain_pairs_per_second": round(speed["plain"], 1),
        "pairs_per_second": round(speed["ours"], 1),
        "ratio": round(speed["ours"] / speed["plain"], 2),
        "same_answer": round(agree, 4),
    }
    if all(row.get("label") in CLASSES for row in rows):
        gold = np.array([CLASSES.index(row["label"]) for row in rows])
        for name, key in (("plain", "plain_accuracy"), ("ours", "accuracy")):
            result[key] = round(float((answers[name].argmax(axis=1) == gold).mean()), 4)
    lines = [f"{name}: {', '.join(f'{taken:.2f} s' for taken in taken_all)}" for name, taken_all in seconds.items()]
    return lines, result
