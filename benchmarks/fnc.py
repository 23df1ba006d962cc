"""Stance of a headline against an article, from the article's sentences: agree, disagree or discuss (FNC-1's form).

The file holds JSON lines with ``headline``, ``body_id`` and ``label``; bodies (``body_id``, ``text``) lie beside it in
``fnc1_bodies.jsonl.gz`` unless `--bodies` names them. The sentences nearest to the headline are judged against it: the
strongest conflict makes "disagree", the strongest entailment "agree", neither "discuss".
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

import numpy as np

from benchmarks.entailment import macro_f1
from embeddings.encoder import PACKAGED, load_encoder
from embeddings.entailment import SHIPPED, load_entailment
from embeddings.judgement import RelationSettings
from embeddings.training_data import read_rows, rough_sentences

NEAREST = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--bodies", type=Path)
    parser.add_argument("--model", default=SHIPPED, help="'shipped', a folder or a hub name")
    parser.add_argument("--rows", type=int, default=1000, help="how many rows, drawn at random (default: 1000)")


def run(args: argparse.Namespace) -> tuple[list[str], dict]:
    """Lines for people and n, macro_f1, accuracy."""
    bodies_file = args.bodies or args.file.with_name("fnc1_bodies.jsonl.gz")
    bodies = {row["body_id"]: rough_sentences(row["text"]) for row in read_rows(bodies_file)}
    rows = [row for row in read_rows(args.file) if row["label"] in ("agree", "disagree", "discuss")]
    rows = random.Random(1).sample(rows, min(args.rows, len(rows)))
    encoder, model = load_encoder(PACKAGED), load_entailment(args.model)
    sentences = sorted({sentence for row in rows for sentence in bodies[row["body_id"]]})
    place_of = {sentence: place for place, sentence in enumerate(sentences)}
    vectors, headlines = encoder.encode(sentences), encoder.encode([row["headline"] for row in rows])
    pairs, owners = [], []
    for number, (row, headline) in enumerate(zip(rows, headlines, strict=True)):
        body = bodies[row["body_id"]]
        nearness = vectors[[place_of[sentence] for sentence in body]] @ headline if body else np.zeros(0)
        for place in np.argsort(-nearness, kind="stable")[:NEAREST]:
            pairs.append((body[place], row["headline"]))
            owners.append(number)
    conflict, agreement = np.zeros(len(rows)), np.zeros(len(rows))
    for owner, score in zip(owners, model.score(pairs), strict=True):
        conflict[owner] = max(conflict[owner], score.contradiction, score.tension)
        agreement[owner] = max(agreement[owner], score.entailment)
    said = [stance(*both) for both in zip(conflict, agreement, strict=True)]
    gold = [row["label"] for row in rows]
    table = Counter(zip(gold, said, strict=True))
    lines = [f"{right:9} {given:9} {count}" for (right, given), count in sorted(table.items())]
    return lines, {
        "n": len(rows),
        "macro_f1": round(macro_f1(gold, said), 4),
        "accuracy": round(sum(one == other for one, other in zip(gold, said, strict=True)) / len(rows), 4),
    }


def stance(conflict: float, agreement: float) -> str:
    """The stance of an article's strongest sentences."""
    settings = RelationSettings()
    if conflict >= settings.contradiction_threshold and conflict >= agreement:
        return "disagree"
    return "agree" if agreement >= settings.support_threshold else "discuss"
