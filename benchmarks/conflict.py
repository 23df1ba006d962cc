"""Does claim B weaken claim A? Average precision on pairs of news claims of one event (ClaimDiff's form).

Rows hold ``claim_a``, ``claim_b``, ``topic`` and ``label`` (1 where B weakens A). A pair's score is the strength with
which the product would show the two under Denies: the stronger of contradiction and tension, joined over both
directions, as the second model says it where the pair is near a conflict. `--folds` names one model for each fold of
the topics, trained without them (`embeddings.train run --stage finish --held-out K`): every row is then scored by the
model that has not seen its topic.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score, f1_score, precision_recall_curve

from embeddings.entailment import SHIPPED, load_entailment
from embeddings.judgement import RelationSettings
from embeddings.pair_scale import conflict_of
from embeddings.second_model import second_named
from embeddings.second_opinion import near_conflict, opinions
from embeddings.training_data import FOLDS, fold_of, read_rows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", default=SHIPPED, help="'shipped', a folder or a hub name")
    parser.add_argument("--second", default=SHIPPED, help="the same for the second opinion; '' for none")
    parser.add_argument("--folds", nargs=FOLDS, metavar="MODEL", help="models that each left out one fold's topics")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people and n, average_precision, f1 (at the shipped thresholds), best_f1, base_rate."""
    rows = list(read_rows(args.file))
    gold = np.array([int(row["label"]) for row in rows])
    folds = fold_of(row["topic"] for row in rows)
    scores: dict[str, np.ndarray] = {}
    second = second_named(args.second)
    for fold, name in enumerate(args.folds or [args.model]):
        chosen = [place for place, row in enumerate(rows) if not args.folds or folds[row["topic"]] == fold]
        for kind, values in strengths(load_entailment(name), [rows[place] for place in chosen], second).items():
            scores.setdefault(kind, np.zeros(len(rows)))[chosen] = values
    base = float(gold.mean())
    lines = [
        f"{kind}: average precision {average_precision_score(gold, values):.4f} "
        f"({average_precision_score(gold, values) / base:.1f} times the base rate)"
        for kind, values in scores.items()
    ]
    settings = RelationSettings()
    shown = (scores["contradiction"] >= settings.contradiction_threshold) | (
        scores["tension"] >= settings.tension_threshold
    )
    precision, recall, _ = precision_recall_curve(gold, scores["conflict"])
    best = np.max(2 * precision * recall / np.maximum(precision + recall, 1e-9))
    return lines, {
        "n": len(rows),
        "average_precision": round(float(average_precision_score(gold, scores["conflict"])), 4),
        "f1": round(float(f1_score(gold, shown)), 4),
        "best_f1": round(float(best), 4),
        "base_rate": round(base, 4),
    }


def strengths(model, rows: list[dict], second=None) -> dict[str, np.ndarray]:
    """Contradiction, tension and the stronger of the two, joined over both directions, one value a row."""
    pairs = [(row["claim_a"], row["claim_b"]) for row in rows]
    both = np.array([conflict_of(*opinion.scores) for opinion in opinions(pairs, model, second, near_conflict)])
    found = {"contradiction": both[:, 0], "tension": both[:, 1]}
    return {**found, "conflict": np.maximum(found["contradiction"], found["tension"])}
